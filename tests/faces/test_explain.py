"""`siyu explain`: of a customer's decision, and of an error code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from siyu.faces.catalogue import catalogue
from siyu.text import width
from tests.faces.shell import POLICY, RETAIL, pack, siyu

TIME = "2026-11-21 10:00"
LINES = """\
{"id": "M1", "spend": 50}
{bad
{"customer": {"id": "M2", "spend": 100}, "as_of": "2026-01-01T00:00:00+08:00"}
{"id": "M1", "spend": 100}
{"id": "M3", "spend": "many"}
{"id": "\\u001b[31m"}
"""


@pytest.fixture
def asked(here: Path) -> tuple[str, ...]:
    """The command as far as all of these tests write it."""
    pack(here, policy=POLICY)
    Path("in.jsonl").write_text(LINES)
    return ("explain", "policy.siyu", "--customers", "in.jsonl", "--as-of", TIME)


def test_a_member_of_the_retail_policy() -> None:
    args = ("explain", RETAIL / "tour.siyu", "--customers", RETAIL / "customers.jsonl")
    args += ("--calibration", RETAIL / "calibration.yaml", "--customer", "M02")
    everything = siyu(*args)
    one = siyu(*args, "wakeup")
    assert (everything.code, one.code) == (0, 0)
    assert "wakeup_push" in everything.out
    assert "wakeup" in one.out and "wakeup_push" not in one.out
    assert "wakeup.for.1" in one.out, "one outcome is explained in full"
    assert "wakeup.for.1" not in everything.out, "all of them shortly"
    assert json.loads(siyu(*args, "wakeup", "--format", "json").out)["customer"] == "M02"


def test_the_customer_that_is_meant(asked: tuple[str, ...]) -> None:
    first = siyu(*asked, "--customer", "M1")
    assert (first.code, "customer M1" in first.out) == (0, True)
    assert first.err == "note: this is line 1; the customer stands in 4 too (see --line)\n"
    fourth = siyu(*asked, "--customer", "M1", "--line", "4")
    assert (fourth.code, fourth.err) == (0, "")
    assert fourth.out != first.out
    assert siyu(*asked, "--line", "4") == fourth
    other = siyu(*asked, "--customer", "M2")
    assert "1 Jan 2026 00:00" in other.out, "what a request says counts"


def test_what_a_terminal_would_obey_is_not_printed(asked: tuple[str, ...]) -> None:
    ran = siyu(*asked, "--line", "6")
    assert ran.code == 0
    assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--customer", "M9"), 2),
        (("--customer", "M1", "--line", "2"), 2),
        (("--line", "99"), 2),
        (("--customer", "M3"), 1),
        (("--customer", "M1", "--line", "1", "ritch"), 2),
        (("--customer", "M1", "--line", "1", "x"), 2),
        (("--customer", "M1", "--line", "1", "--why-not", "ritch"), 2),
        (("--customer", "M1", "--line", "1", "rich", "--why-not", "rich"), 2),
        (("--customer", "M1", "--line", "1", "-o", "policy.siyu"), 2),
        (("--customer", "M1", "--line", "1", "-o", "nowhere/page.html"), 2),
        ((), 2),
    ],
)
def test_what_cannot_be_explained(
    args: tuple[str, ...], code: int, asked: tuple[str, ...], snapshot: SnapshotAssertion
) -> None:
    ran = siyu(*asked, *args)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err == snapshot


# ---------------------------------------------------------------- what is asked

RETAIL_ARGS = (
    "explain", RETAIL / "tour.siyu", "--calibration", RETAIL / "calibration.yaml",
    "--customers", RETAIL / "customers.jsonl", "--customer",
)  # fmt: skip


@pytest.mark.parametrize("tongue", ["en", "zh"])
@pytest.mark.parametrize(
    "asked",
    [
        ("M02", "wakeup"),
        ("M02", "--level", "line"),
        ("M01", "--why-not", "wakeup"),
        ("M06", "member_level", "--what-if", "--level", "short"),
    ],
)
def test_what_people_ask(asked: tuple[str, ...], tongue: str, snapshot: SnapshotAssertion) -> None:
    ran = siyu(*RETAIL_ARGS, *asked, "--lang", tongue)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == snapshot


def test_a_label_is_as_good_as_a_name() -> None:
    assert siyu(*RETAIL_ARGS, "M02", "唤醒大额券") == siyu(*RETAIL_ARGS, "M02", "wakeup")


def test_near_names_across_languages() -> None:
    assert siyu(*RETAIL_ARGS, "M02", "唤醒大额卷").err.endswith("did you mean `唤醒大额券`?\n")
    told = siyu(*RETAIL_ARGS, "M02", "--why-not", "wakeupp", "--lang", "zh").err
    assert "`wakeup`" in told and "did you mean" not in told


def test_levels_say_more_and_more() -> None:
    said = [siyu(*RETAIL_ARGS, "M02", "--level", each).out for each in ("line", "short", "full")]
    assert [len(each) for each in said] == sorted(len(each) for each in said)
    assert siyu(*RETAIL_ARGS, "M02").out == said[1]


# ---------------------------------------------------------------- where it goes


def test_a_file_says_by_its_name_what_it_holds(here: Path) -> None:
    for name, begins in (("a.html", "<!doctype html>"), ("a.json", "{"), ("a.txt", "零售会员增长")):
        ran = siyu(*RETAIL_ARGS, "M02", "-o", name)
        assert (ran.code, ran.out, ran.err) == (0, "", f"written: {name}\n")
        assert Path(name).read_text(encoding="utf-8").startswith(begins)
    assert siyu(*RETAIL_ARGS, "M02", "--format", "html").out == Path("a.html").read_text("utf-8")
    assert siyu(*RETAIL_ARGS, "M02", "-o", "b.html", "--format", "json").code == 0
    assert json.loads(Path("b.html").read_text("utf-8"))["customer"] == "M02"
    assert not [each for each in here.iterdir() if each.name.startswith(".a")]


def test_the_page_of_a_code_goes_where_it_is_sent(here: Path) -> None:
    assert siyu("explain", "E0303", "-o", "e.txt").out == ""
    assert Path("e.txt").read_text("utf-8") == siyu("explain", "E0303").out
    assert siyu("explain", "E0303", "-o", "e.html").code == 2
    assert not Path("e.html").exists()


def test_what_cannot_be_written_leaves_what_was_there(here: Path) -> None:
    Path("page.html").write_text("before")
    assert siyu(*RETAIL_ARGS, "M02", "walkup", "-o", "page.html").code == 2
    assert Path("page.html").read_text() == "before"
    assert siyu(*RETAIL_ARGS, "M02", "-o", str(here)).code == 2


def test_colours_are_for_terminals(here: Path) -> None:
    assert "\x1b" not in siyu(*RETAIL_ARGS, "M02").out
    from rich.console import Console

    from siyu.explain.text_lines import Line
    from siyu.faces.painted import painted

    line: Line = (("guide", "└─ "), ("yes", "✓ "), ("decisive", "recency > 90 days"))
    console = Console(force_terminal=True, color_system="standard", record=True, width=80)
    with console.capture() as caught:
        console.print(painted(line))
    assert "\x1b[32m✓" in caught.get()
    assert painted(line).plain == "└─ ✓ recency > 90 days"


# ---------------------------------------------------------------- codes


def test_a_code_is_explained_by_its_page(snapshot: SnapshotAssertion) -> None:
    ran = siyu("explain", "E0501")
    assert ran.code == 0
    assert ran.out == snapshot
    assert siyu("explain", "e0501") == ran


def test_a_code_is_explained_in_chinese(snapshot: SnapshotAssertion) -> None:
    ran = siyu("explain", "E0303", "--lang", "zh")
    assert (ran.code, ran.out) == (0, snapshot)
    page = json.loads(siyu("explain", "E0303", "--format", "json", "--lang", "zh").out)
    assert page["message"] in ran.out


def test_a_schema_code_shows_schema_files(snapshot: SnapshotAssertion) -> None:
    assert siyu("explain", "E0220").out == snapshot


def test_a_code_for_machines() -> None:
    page = json.loads(siyu("explain", "E0303", "--format", "json").out)
    assert list(page) == ["code", "severity", "message", "page", "wrong", "says", "right"]
    assert page["message"] == "nothing is called `…`"


def test_a_code_that_is_not_there() -> None:
    ran = siyu("explain", "E0339")
    assert ran.code == 2
    assert ran.err.startswith("error: no message has the code `E0339`\nhelp: did you mean `E03")


def test_every_code_is_explained_in_lines_that_a_terminal_has() -> None:
    for code in catalogue():
        ran = siyu("explain", code)
        assert ran.code == 0
        prose = [line for line in ran.out.splitlines()[1:] if not line.startswith("    ")]
        assert max(map(len, prose)) <= 100, code
        chinese = siyu("explain", code, "--lang", "zh")
        assert chinese.code == 0
        prose = [line for line in chinese.out.splitlines()[1:] if not line.startswith("    ")]
        assert max(map(width, prose)) <= 100, code


def test_personal_values_are_shown_only_where_they_are_asked_for() -> None:
    args = ("explain", RETAIL / "tour.siyu", "--customers", RETAIL / "events.jsonl", "--line", "2")
    args += ("--calibration", RETAIL / "calibration.yaml", "purchase")
    masked, shown = siyu(*args), siyu(*args, "--show-pii")
    assert "birthday  •••" in masked.out
    assert "1988" not in masked.out
    assert "birthday  30 Nov 1988" in shown.out
