"""`siyu test`: choosing tests, keeping decisions, reports for CI servers, and drawn values."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.faces.valued import ROOM, valued_lines
from siyu.testing import Failure, Value
from siyu.testing.junit import Suite, junit
from siyu.text import Source, Span, width
from siyu.words import ENGLISH
from tests.faces.shell import POLICY, pack, process, siyu

TESTS = POLICY + """
test "老客 is rich" at 2026-11-21 10:00
  given customer
    id = "M1", spend = 100 yuan
  expect rich

test "a new one is not" at 2026-11-21 10:00
  given customer like "老客 is rich"
    spend = 99 yuan
  expect no rich
"""  # fmt: skip
KEPT = TESTS + '  expect decision like "decisions/new.json"\n'
WRITTEN = Path("decisions", "new.json")


# ---------------------------------------------------------------- choosing


@pytest.mark.parametrize(
    ("names", "count"), [(["老客"], 1), (["NEW"], 1), (["is"], 2), (["老客", "new one"], 2)]
)
def test_tests_are_chosen_by_their_titles(here: Path, names: list[str], count: int) -> None:
    pack(here, policy=TESTS)
    ran = siyu("test", *(part for name in names for part in ("-k", name)))
    told = "1 test" if count == 1 else f"{count} tests"
    assert ran.out == f"{told} in 1 policy on python and reference: all passed\n"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("a new one is nt", "perhaps one of these is meant: `a new one is not`"),
        ("老板", "perhaps one of these is meant: `老客 is rich`"),
        ("zzzzz", "there are `老客 is rich`, `a new one is not`"),
        ("rihc", "perhaps one of these is meant: `老客 is rich`"),
    ],
)
def test_a_text_in_no_title_is_an_error(here: Path, name: str, hint: str) -> None:
    pack(here, policy=TESTS)
    ran = siyu("test", ".", "-k", name, "-k", "new")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: no test has `{name}` in its title\nhelp: {hint}\n"


# ---------------------------------------------------------------- decisions in files


def test_update_writes_what_is_new_or_different_and_says_so(here: Path) -> None:
    pack(here, policy=KEPT)
    before = siyu("test", ".")
    assert before.code == 1
    assert "is not there yet" in before.out
    ran = siyu("test", ".", "--update")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == f"wrote {WRITTEN}"
    first = WRITTEN.read_bytes()
    again = siyu("test", ".", "--update")
    assert again.out.startswith("no decision is new or different: nothing was written\n")
    pack(here, policy=KEPT.replace("spend = 99 yuan", "spend = 98 yuan"))
    assert siyu("test", ".").code == 0, "what is spent stands in no decision"
    pack(here, policy=KEPT + "\nmetric m = 1\n")
    other = siyu("test", ".", "--format", "json")
    (failure,) = json.loads(other.out)["policies"][0]["tests"][-1]["failures"]
    assert failure["differences"] == [{"path": "metrics.m", "expected": None, "found": "1"}]
    assert json.loads(siyu("test", "--update", "--format", "json").out)["wrote"] == [str(WRITTEN)]
    assert WRITTEN.read_bytes() != first


def test_update_writes_nothing_over_what_is_no_decision(here: Path) -> None:
    pack(here, policy=KEPT)
    WRITTEN.parent.mkdir()
    WRITTEN.write_text('{"id": "M1"}', encoding="utf-8")
    ran = siyu("test", ".", "--update")
    assert ran.code == 1
    assert "holds something else than a decision" in ran.out
    assert "nothing was written" not in ran.out
    assert WRITTEN.read_text(encoding="utf-8") == '{"id": "M1"}'


def test_two_tests_that_disagree_about_a_file_write_nothing(here: Path) -> None:
    other = '\ntest "another" at 2027-01-01\n  given customer like "a new one is not"\n'
    pack(here, policy=KEPT + other + '  expect decision like "decisions/new.json"\n')
    ran = siyu("test", ".", "--update")
    assert (ran.code, ran.out) == (1, "")
    assert f"two tests expect different decisions in `{WRITTEN}`" in ran.err
    assert not WRITTEN.exists()


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(here: Path) -> None:
    more = '  expect decision like "decisions.json/other.json"\n'
    pack(here, policy=KEPT + more)
    Path("decisions.json").write_text("", encoding="utf-8")
    ran = siyu("test", ".", "--update")
    assert ran.code == 2
    assert ran.err.startswith("error: the decisions cannot be written: ")
    assert not WRITTEN.exists()


def test_two_runs_at_once_do_not_disturb_each_other(here: Path) -> None:
    pack(here, policy=KEPT)
    args = ("test", ".", "--update", "--junit", "out.xml")
    with ThreadPoolExecutor(4) as pool:
        ran = list(pool.map(lambda _: process(*args), range(4)))
    assert [each.returncode for each in ran] == [0] * 4, [each.stderr for each in ran]
    assert Xml.parse("out.xml").getroot().get("failures") == "0"
    assert json.loads(WRITTEN.read_bytes())["customer"] == "M1"
    left = {path.name for path in here.rglob("*") if path.name.endswith(".part")}
    assert left == set()


# ---------------------------------------------------------------- JUnit


def test_junit(here: Path) -> None:
    pack(here / "one", policy=TESTS.replace("99 yuan", "101 yuan"))
    pack(here / "two", policy=TESTS.replace("rich\n\n", "rihc\n\n"))
    ran = siyu("test", ".", "--junit", "build/tests.xml")
    assert ran.code == 1
    root = Xml.parse("build/tests.xml").getroot()
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == (
        "testsuites", "3", "1", "1",
    )  # fmt: skip
    one, two = root
    assert [each.tag for each in one] == ["testcase"] * 2
    good, bad = one
    assert (good.get("name"), good.get("classname")) == ("老客 is rich", "one/policy.siyu")
    assert (bad.get("file"), bad.get("line")) == ("one/policy.siyu", "15")
    (failure,) = bad
    assert failure.get("message") == "one/policy.siyu:18: `expect no rich`: it is false"
    assert failure.text is not None
    assert "    rich = true" in failure.text.splitlines()
    ((error,),) = two
    assert (error.tag, error.get("type")) == ("error", "policy")
    assert "E0303" in (error.text or "")


def test_junit_that_cannot_be_written(here: Path) -> None:
    pack(here, policy=TESTS)
    ran = siyu("test", ".", "--junit", ".")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: `.` cannot be written: ")


def test_junit_tells_what_xml_cannot_hold() -> None:
    suite = Suite("a\x00b", (), {}, ("wrong\x1b[31m & <bad> \ud800",))
    found = Xml.fromstring(junit([suite], ENGLISH))
    assert found[0].get("name") == "a\N{REPLACEMENT CHARACTER}b"
    (error,) = found[0][0]
    assert error.text == "wrong\ufffd[31m & <bad> \ufffd"


def test_a_whole_process_says_it_in_chinese(here: Path) -> None:
    pack(here, policy=TESTS.replace("99 yuan", "101 yuan"))
    ran = subprocess.run(
        [sys.executable, "-m", "siyu", "test", "--lang", "zh"],
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "未通过" in ran.stdout


# ---------------------------------------------------------------- drawing


def draw(text: str, *values: tuple[int, str]) -> str:
    """The lines below a line of text, with values at these places."""
    source = Source.of("p", text)
    found = tuple(Value(Span("p", at, at + 1), at, said) for at, said in values)
    failure = Failure(Span("p", 0, len(text)), "it is false", found)
    return "\n".join(valued_lines(failure, {"p": source}))


def test_values_stand_below_what_they_belong_to() -> None:
    drawn = draw("expect total * 2 = 15", (7, "7.00"), (13, "14.00"), (17, "false"))
    assert (
        drawn
        == """\
 --> p:1:1
  |
1 | expect total * 2 = 15
  |        |     |   |
  |        |     |   false
  |        7.00  14.00
  = it is false"""
    )


def test_chinese_words_take_two_columns() -> None:
    assert draw("expect 沉睡 and 会员", (7, "真"), (14, "假")) == """\
 --> p:1:1
  |
1 | expect 沉睡 and 会员
  |        |        |
  |        真       假
  = it is false"""  # fmt: skip


def test_a_line_that_is_too_wide_lists_its_values() -> None:
    text = "expect " + "a" * 50 + " and " + "沉" * 30
    drawn = draw(text, (7, "1"), (62, "2")).splitlines()
    assert drawn[-3:] == ["  = it is false", "    a   = 1", "    沉  = 2"]


PLACES = st.dictionaries(st.integers(0, 60), st.text("ab会员", min_size=1, max_size=12), max_size=8)


@given(st.text("ab 会员", min_size=61, max_size=61), PLACES)
def test_every_value_is_drawn_once_below_its_place(text: str, places: dict[int, str]) -> None:
    drawn = draw(f"x{text[1:-1]}x", *sorted(places.items()))
    lines = [line[4:] for line in drawn.splitlines()[3:-1]] if places else []
    if width(text) > ROOM or any(line.startswith("    ") for line in drawn.splitlines()[-1:]):
        return
    for at, said in places.items():
        column = width(f"x{text[1:-1]}x"[:at])
        assert any(_at(line, column).startswith(said) for line in lines), (said, column, drawn)


def _at(line: str, column: int) -> str:
    """What stands from a column of the terminal on."""
    return next((line[n:] for n in range(len(line) + 1) if width(line[:n]) == column), "")
