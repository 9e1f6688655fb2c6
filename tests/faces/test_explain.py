"""`siyu explain`: of a customer's decision, and of an error code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from siyu.faces.catalogue import catalogue
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
    assert len(one.out) < len(everything.out)
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
    assert "2026-01-01T00:00:00+08:00" in other.out, "what a request says counts"


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
        ((), 2),
    ],
)
def test_what_cannot_be_explained(
    args: tuple[str, ...], code: int, asked: tuple[str, ...], snapshot: SnapshotAssertion
) -> None:
    ran = siyu(*asked, *args)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err == snapshot


# ---------------------------------------------------------------- codes


def test_a_code_is_explained_by_its_page(snapshot: SnapshotAssertion) -> None:
    ran = siyu("explain", "E0501")
    assert ran.code == 0
    assert ran.out == snapshot
    assert siyu("explain", "e0501") == ran


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


def test_personal_values_are_shown_only_where_they_are_asked_for() -> None:
    args = ("explain", RETAIL / "tour.siyu", "--customers", RETAIL / "events.jsonl", "--line", "2")
    args += ("--calibration", RETAIL / "calibration.yaml", "purchase")
    masked, shown = siyu(*args), siyu(*args, "--show-pii")
    assert "birthday = •••" in masked.out
    assert "1988-11-30" not in masked.out
    assert "birthday = 1988-11-30" in shown.out
