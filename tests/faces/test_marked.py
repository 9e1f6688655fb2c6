"""What commands print, in the language that marks what it translates: nothing is left but marked
words, what stands in backticks, codes, commands, and what the policies themselves say.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from babel.dates import get_month_names

from siyu import api
from siyu.explain.document import document_of
from siyu.explain.html import html_of
from siyu.faces.cli import COMMANDS
from siyu.faces.concepts import CONCEPTS
from siyu.faces.help import functions, topics
from siyu.kinds import KINDS
from siyu.syntax.keywords import keywords
from tests.faces.marking import MARKS, unsaid
from tests.faces.shell import siyu

FAILING = """

测试 "一项不会通过的测试" 于 2026-11-21
  给定 客户
    member_id = "M9"
  期望 lifecycle 是 mature 且 非 at_risk
  期望 wakeup
"""


MONTHS = set(get_month_names("abbreviated", locale="en").values())
# What is called the same in every language: evaluators, a file, commands of the shell.
NAMES = {"python", "reference", "siyu", "README", "md", "cd"}
NO_SENTENCES = (
    r"^ *\d* [|│╷╵·].*$",  # a policy's own line
    r"\b\w+(\.\w+)+\b",  # the code of a part: coupon.limit.1
    r"^W\d{4} +[\w-]+ +(off|warning|error)",  # a lint as siyu.yaml names it
    r'= "M\d"',  # the key of a member that was made up
    # what click says: it looks its texts up by itself, in the language of the process
    r"^Usage: .*$", r"^Try '.*$", r"^Error: (Invalid value for '?[-\w]+'?: )?",
)  # fmt: skip


@pytest.fixture(autouse=True)
def marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("siyu.locale.speech", lambda tongue: MARKS)


@pytest.fixture
def here(retail: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pack"
    shutil.copytree(retail, folder)
    monkeypatch.chdir(folder)
    return folder


def own_words(folder: Path) -> set[str]:
    """Every word of the files of a pack."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {word for path in files for word in re.findall(r"\w+", path.read_text("utf-8"))}


def left(text: str, folder: Path) -> set[str]:
    """The words of a text that are neither marked nor the pack's own; source lines left out."""
    for each in NO_SENTENCES:
        text = re.sub(each, "", text, flags=re.MULTILINE)
    text = re.sub(r"\n[ │├└─]*", " ", text)
    words = (word for each in unsaid(text) for word in re.findall(r"\w*[A-Za-z]\w*", each))
    return set(words) - own_words(folder)


def printed(*args: str | Path, stdin: str | None = None) -> str:
    """All that a command prints."""
    ran = siyu(*args, stdin=stdin)
    return ran.out + "\n" + ran.err


REQUESTS = """\
{"member_id": "M1"}
{"member_id": "M1", "age": "old", "wecom_friend": 3, "wrong_key": 1}
[1, 2]
{"customer": {"age": 5}, "as_of": "2026-11-21"}
not json
{"customer": {"member_id": "M1", "orders": [{}]}, "event": {"type": "nonsense"}, "as_of": "soon"}
{"customer": {"member_id": "M1", "age": 500, "home": [900, 0], "joined_on": "2026-02-31"},
"""
ASKED = (
    ("check", "tour.siyu"),
    ("check", "retail.yaml"),
    ("check", "nothing_there"),
    ("lint",),
    ("lint", "--set", "unused-metric=off", "."),
    ("lint", "--set", "nonsense=off", "."),
    ("fmt", "tour.siyu"),
    ("fmt", "--check", "."),
    ("fmt", "-", "tour.siyu"),
    ("test", "."),
    ("test", ".", "-k", "nothing like it"),
    ("test", ".", "--coverage"),
    ("test", ".", "--coverage", "--fail-under", "100"),
    ("test", ".", "--suggest", "--rule", "wakeup"),
    ("decide", "tour.siyu", "--customers", "requests.jsonl", "--calibration", "calibration.yaml"),
    ("decide", "tour.siyu", "--customers", "requests.jsonl"),
    ("decide", "tour.siyu", "--customers", "nobody.jsonl"),
    ("decide", "tour.siyu", "--customers", ".", "-o", "no/folder.jsonl"),
    ("decide", "tour.siyu", "--customers", "requests.jsonl", "--as-of", "soon"),
    ("explain", "tour.siyu"),
    ("explain", "tour.siyu", "--customers", "customers.jsonl", "--customer", "nobody"),
    ("explain", "tour.siyu", "nonsense", "--customers", "customers.jsonl", "--customer", "M02"),
    ("show", "tour.siyu", "--stage", "core", "--event", "order_paid"),
    ("show", "tour.siyu", "--stage", "python", "--event", "nonsense"),
    ("schema", "check", "retail.yaml"),
    ("schema", "check", "tour.siyu"),
    ("schema", "check", "nothing.yaml"),
    ("init", "."),
    ("init", "neu"),
    ("help", "nonsense"),
    ("nonsense",),
)  # fmt: skip


@pytest.mark.parametrize("args", ASKED, ids=" ".join)
def test_every_command_speaks(args: tuple[str, ...], here: Path) -> None:
    (here / "requests.jsonl").write_text(REQUESTS)
    policy = here / "tour.siyu"
    policy.write_text(policy.read_text("utf-8") + FAILING, "utf-8")
    asked = set(re.findall(r"\w+", " ".join(args)))
    assert left(printed(*args), here) - asked - NAMES == set()


# ---------------------------------------------------------------- help


def of_the_language() -> set[str]:
    """The words that people write: keywords, names of functions, examples and topics."""
    spelt = [word for each in keywords().by_position.values() for word in each.spellings]
    code = [block for kind in KINDS for block in re.findall(r"```.*?```", kind.page, re.DOTALL)]
    code += [each.example for each in CONCEPTS]
    code += [text for each in functions() for text in (each.shape, *each.examples)]
    return {word for text in (*spelt, *code, *topics()) for word in re.findall(r"\w+", text)}


@pytest.mark.parametrize("topic", sorted(set(topics()) - set(COMMANDS)))
def test_every_page_of_help_is_said(topic: str, here: Path) -> None:
    told = re.sub(r"\b[EW]\d{4}\b", "", printed("help", *topic.split()))
    assert left(told, here) - of_the_language() == set()


def test_the_list_of_topics_is_said(here: Path) -> None:
    assert left(printed("help"), here) - of_the_language() == set()


# ---------------------------------------------------------------- explanations


@pytest.mark.parametrize("asked", [{}, {"why_not": "wakeup_push"}, {"what_if": True}], ids=str)
def test_every_page_of_an_explanation_is_said(asked: dict[str, Any], here: Path) -> None:
    policy = api.load(here / "tour.siyu", calibration=here / "calibration.yaml", cache=False)
    for line in (here / "customers.jsonl").read_text("utf-8").splitlines():
        page = html_of(policy.explain(json.loads(line), **asked), MARKS)
        assert left(text_of(page), here) - MONTHS == set()


def text_of(page: str) -> str:
    """What a page of HTML shows."""
    return html.unescape(
        re.sub(r"<style>.*?</style>|<code>.*?</code>|<[^>]*>", " ", page, flags=re.DOTALL)
    )


def test_the_page_of_coverage_is_said(here: Path) -> None:
    siyu("test", "tour.siyu", "--coverage-html", "coverage.html")
    shown = text_of((here / "coverage.html").read_text("utf-8"))
    (here / "coverage.html").unlink()
    assert left(shown, here) == set()


WORDS = {"headline", "label", "text", "remark", "because", "result", "within"}


def texts(document: object, key: str = "") -> Iterator[str]:
    """The texts of a document that people read; its other values are names and figures."""
    match document:
        case dict():
            for name, value in document.items():
                yield from texts(value, name)
        case list():
            for each in document:
                yield from texts(each, key)
        case str() if key in WORDS:
            yield document
        case _:
            pass


@pytest.mark.parametrize("asked", [{}, {"why_not": "wakeup_push"}, {"what_if": True}], ids=str)
def test_every_document_of_an_explanation_is_said(asked: dict[str, Any], here: Path) -> None:
    policy = api.load(here / "tour.siyu", calibration=here / "calibration.yaml", cache=False)
    for line in (here / "customers.jsonl").read_text("utf-8").splitlines():
        found = list(texts(document_of(policy.explain(json.loads(line), **asked), MARKS)))
        assert any("⟦" in each for each in found)
        assert left("\n".join(found), here) - MONTHS == set()


def test_what_a_server_is_told_of_tests_is_said(here: Path) -> None:
    policy = here / "tour.siyu"
    policy.write_text(policy.read_text("utf-8") + FAILING, "utf-8")
    siyu("test", ".", "--junit", "tests.xml")
    root = ElementTree.parse(here / "tests.xml").getroot()
    failures = list(root.iter("failure"))
    assert failures
    for each in failures:
        assert left(f"{each.get('message')}\n{each.text}", here) - NAMES == set()


# ---------------------------------------------------------------- what the API says


WRONG_RECORDS: tuple[dict[str, Any], ...] = (
    {}, {"customer": 1}, {"customer": {}}, {"customer": {"member_id": ""}}, {"nonsense": 1},
    {"customer": {"member_id": "M1", "age": "old", "nps_score": 99, "tags": ["a", 1], "home": [1]}},
    {"customer": {"member_id": "M1", "joined_on": "soon", "lifetime_years": "1.234", "x": 1}},
    {"customer": {"member_id": "M1", "orders": {}, "contacts": [1], "grants": [{"at": 1}]}},
    {"customer": {"member_id": "M1", "orders": [{"order_id": "o", "status": "payed"}] * 2}},
    {"customer": {"member_id": "M1"}, "event": {"type": "order_payed"}},
    {"customer": {"member_id": "M1"}, "event": {"type": "order_paid"}, "as_of": "soon"},
    {"customer": {"member_id": "M1"}, "event": 5, "metrics": {"ltv": "much", "no": 1}},
    {"customer": {"member_id": "M1"}, "context": {"x": 1}, "metrics": 5},
)  # fmt: skip


@pytest.mark.parametrize("record", WRONG_RECORDS, ids=lambda each: json.dumps(each)[:60])
def test_every_rejection_is_said(record: dict[str, Any], here: Path) -> None:
    policy = api.load(here / "tour.siyu", calibration=here / "calibration.yaml", cache=False)
    with pytest.raises(api.Rejected) as raised:
        policy.decide(record)
    words = set(re.findall(r"\w+", json.dumps(record)))
    for each in raised.value.reasons:
        assert left(MARKS.of(each.said), here) - words == set()


def test_every_error_of_the_api_is_said(here: Path) -> None:
    (here / "latin").write_bytes(b"policy p\xe9\n")
    (here / "broken.yaml").write_text("cuts: [", "utf-8")
    (here / "other.yaml").write_text("policy: other\ncuts: {}\n", "utf-8")
    tour = here / "tour.siyu"
    calls = (
        lambda: api.load(here / "none.siyu"),
        lambda: api.load(here),
        lambda: api.load(here / "latin"),
        lambda: api.load(tour, cache=False).ready,
        lambda: api.load(tour, calibration=here / "none.yaml", cache=False).ready,
        lambda: api.load(tour, calibration=here / "broken.yaml", cache=False).ready,
        lambda: api.load(tour, calibration=here / "other.yaml", cache=False).ready,
        lambda: api.load(tour, calibration=here, cache=False).ready,
        lambda: api.load(tour, allocation=here / "broken.yaml", cache=False).ready,
    )
    for call in calls:
        with pytest.raises(api.SiyuError) as raised:
            call()
        told = f"{MARKS.of(raised.value.said)}\n{MARKS.of(raised.value.advice)}"
        assert unsaid(told) == [], told
