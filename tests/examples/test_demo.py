"""The demo, from receipts to a printed summary; and the figures of the whole year as recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from math import floor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from demo import EXCERPT, POLICY, Run, decide, excerpt, main
from households import Row, households, last_basket, read_tables
from syrupy.assertion import SnapshotAssertion

import siyu

from .receipts import TRANSACTIONS, write_tables

ROOT = Path(__file__).resolve().parents[2]
CALIBRATION = ROOT / "examples/complete_journey/calibration.yaml"

WIN_BACK = "".join(
    f"8 330 {600 + day} 11 1 400.00 0 0 0 2017-06-{day:02}T15:00:00\n" for day in range(1, 9)
)
"""Household 8 came daily for a week, spent 3,200 dollars and has not been seen since."""


@pytest.fixture(scope="module")
def policy() -> siyu.Policy:
    return siyu.load(POLICY, calibration=CALIBRATION, cache=False)


def run_demo(folder: Path, transactions: str = TRANSACTIONS) -> Result:
    tables = write_tables(folder / "tables", transactions)
    where = ["--source", str(tables), "--cache", str(folder / "cache"), "-o", str(folder / "out")]
    return CliRunner().invoke(main, where)


def lines_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_demo_decides_prints_and_writes(tmp_path: Path) -> None:
    result = run_demo(tmp_path)

    assert result.exit_code == 0, result.output
    for words in ("incentive win_back", "2 households at the end of 2017", "Points on groceries"):
        assert words in result.output
    assert names(tmp_path / "out") == ["last_baskets.jsonl", "year_end.jsonl"]
    for name in names(tmp_path / "out"):
        assert [line["customer"] for line in lines_of(tmp_path / "out" / name)] == ["2", "7"]


def test_the_demo_explains_the_first_who_is_offered_something(tmp_path: Path) -> None:
    mailed = {"campaigns": [{"campaign_id": 8, "household_id": 8}]}
    folder = write_tables(tmp_path / "tables", TRANSACTIONS + WIN_BACK, **tables_of(mailed))
    where = ["--source", str(folder), "--cache", str(tmp_path), "-o", str(tmp_path / "out")]

    output = CliRunner().invoke(main, where).output

    _, _, why = output.partition("Why household 8 is offered something")
    assert "✓ churn is severe and ltv >= worth_saving" in why
    assert "“You have not visited us for 207 days”" in why
    assert "bucket" in why, "the hold-out is told"
    page = (tmp_path / "out" / "household_8.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "household_8.html" in why


ALMOST_GOLD = "".join(
    f"9 330 {700 + day} 11 1 350.00 0 0 0 2017-12-{day:02}T15:00:00\n" for day in range(20, 28)
)
"""Household 9 spent 2,800 dollars in a week at the end of the year, and uses coupons."""


def test_the_demo_tells_why_not_and_what_would_change(tmp_path: Path) -> None:
    rows = {
        "campaigns": [{"campaign_id": 8, "household_id": 9}],
        "coupon_redemptions": [
            {"household_id": 9, "coupon_upc": day, "campaign_id": 8,
             "redemption_date": datetime(2017, 12, day)}
            for day in (20, 21, 22)
        ],
    }  # fmt: skip
    folder = write_tables(tmp_path / "tables", TRANSACTIONS + ALMOST_GOLD, **tables_of(rows))
    where = ["--source", str(folder), "--cache", str(tmp_path), "-o", str(tmp_path / "out")]

    output = CliRunner().invoke(main, where).output

    _, _, told = output.partition("Why household 9 is not sent the coupon book")
    why_not, _, change = told.partition("What would change the card of household 9")
    assert "■ another contact is preferred" in why_not
    assert "One step from gold (one_step) is chosen" in why_not
    assert "$200.00 more" in change
    assert "the level becomes Gold (gold)" in change


def tables_of(rows: dict[str, list[Row]]) -> dict[str, Any]:
    import pyarrow as pa

    return {name: pa.Table.from_pylist(each) for name, each in rows.items()}


def test_a_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    run_demo(tmp_path)
    first = [(tmp_path / "out" / name).read_bytes() for name in names(tmp_path / "out")]
    run_demo(tmp_path)

    assert [(tmp_path / "out" / name).read_bytes() for name in names(tmp_path / "out")] == first


def test_a_bad_request_is_set_aside_with_its_reasons(tmp_path: Path, policy: siyu.Policy) -> None:
    good, bad = households(read_tables(write_tables(tmp_path)))
    bad["customer"]["baskets"][0]["amount"] = "8.655"

    run = decide(policy, [bad, good], tmp_path / "out.jsonl")

    assert run.tally.decisions == 1
    (rejected,) = lines_of(tmp_path / "out.rejects.jsonl")
    assert rejected["line"] == 1
    assert "amount" in rejected["reasons"][0]

    decide(policy, [good], tmp_path / "out.jsonl")
    assert not (tmp_path / "out.rejects.jsonl").exists()


def test_an_interrupted_run_leaves_no_decisions(tmp_path: Path, policy: siyu.Policy) -> None:
    def interrupted() -> Iterator[Row]:
        yield from households(read_tables(write_tables(tmp_path / "tables")))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decide(policy, interrupted(), tmp_path / "out" / "year_end.jsonl")
    assert names(tmp_path / "out") == []


def test_the_excerpt_shows_declarations_that_are_there() -> None:
    shown = excerpt(POLICY.read_text(encoding="utf-8"), EXCERPT)

    parts = shown.split("\n\n")
    assert all(part.startswith(start) for part, start in zip(parts, EXCERPT, strict=True))


def test_the_figures_of_the_whole_year_are_as_recorded(
    tmp_path: Path, policy: siyu.Policy, snapshot: SnapshotAssertion, year: list[Row]
) -> None:
    run = decide(policy, year, tmp_path / "year.jsonl")
    baskets = decide(policy, map(last_basket, year), tmp_path / "baskets.jsonl")

    assert (run.rejects, baskets.rejects) == ([], [])
    assert figures(run) == snapshot(name="year end")
    assert figures(baskets) == snapshot(name="last baskets")

    spent = [Decimal(each["metrics"]["spend_12m"]) for each in lines_of(tmp_path / "year.jsonl")]
    assert sum(spent) == Decimal("4596039.58"), "what all receipts add up to"
    for request, posted in zip(year, lines_of(tmp_path / "baskets.jsonl"), strict=True):
        assert points_of(posted) == points_by_hand(last_basket(request)["event"], posted)


def points_of(document: Row) -> int:
    postings = (each for each in document["points"] if each["rule"] == "basket_points")
    return sum(each["points"] for each in postings)


def points_by_hand(event: Row, document: Row) -> int:
    """One for each full dollar but those for fuel, times the card; 500 at most, 5 at least."""
    dollars = floor(Decimal(event["amount"]) - Decimal(event["fuel"]))
    factor = {"gold": 2, "silver": Decimal("1.5"), "basic": 1}
    points = min(floor(dollars * factor[document["tiers"]["card"]["level"]]), 500)
    return points if points >= 5 else 0


def figures(run: Run) -> str:
    """One figure a line."""
    counts = {field.name: getattr(run.tally, field.name) for field in fields(run.tally)}
    return "\n".join(sorted(_figures("", counts)))


def _figures(path: str, value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: {value}"
        return
    for key, below in value.items():
        name = " / ".join(key) if isinstance(key, tuple) else str(key)
        yield from _figures(f"{path} / {name}" if path else name, below)
