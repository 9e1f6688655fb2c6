"""The demo, from receipts to a page, in a copy of the example with a handful of households."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from demo import EXCERPT, POLICY, excerpt
from prepare import HERE

from .receipts import TRANSACTIONS, write_tables

Row = dict[str, Any]


def visits(household: int, month: str, days: range, amount: str) -> str:
    basket = f"{household}{month[-2:]}"
    return "".join(
        f"{household} 330 {basket}{day} 11 1 {amount} 0 0 0 {month}-{day:02}T15:00:00\n"
        for day in days
    )


RECEIPTS = (
    TRANSACTIONS
    + visits(8, "2017-06", range(1, 9), "400.00")  # spent 3,200 dollars and was not seen since
    + visits(9, "2017-12", range(20, 28), "350.00")  # spent 2,800 dollars in a week
    + "".join(
        visits(each, month, range(20, 29), f"{each}.00")  # come regularly
        for each in range(10, 20)
        for month in ("2017-09", "2017-12")
    )
)
MAILED = {"campaigns": [{"campaign_id": 8, "household_id": 9}]}
COUPONS = {
    "coupon_redemptions": [
        {"household_id": 9, "coupon_upc": day, "campaign_id": 8,
         "redemption_date": datetime(2017, 12, day)}
        for day in (20, 21, 22)
    ]
}  # fmt: skip


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example beside a few receipts; its tables need not be as large."""
    folder = tmp_path_factory.mktemp("demo")
    example = folder / "complete_journey"
    shutil.copytree(HERE, example, ignore=shutil.ignore_patterns(".cache", "__pycache__"))
    sources = example / "sources.yaml"
    text = sources.read_text(encoding="utf-8")
    for number in ("2000", "100_000"):
        assert f"min: {number}" in text
        text = text.replace(f"min: {number}", "min: 1")
    sources.write_text(text, encoding="utf-8")
    rows = {name: pa.Table.from_pylist(each) for name, each in (MAILED | COUPONS).items()}
    write_tables(folder / "tables", RECEIPTS, **rows)
    return folder


def run_demo(here: Path) -> str:
    """What the demo prints, as one who types it sees it."""
    done = subprocess.run(
        [sys.executable, "complete_journey/demo.py", "--source", "tables", "-o", "out"],
        cwd=here,
        env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def printed(here: Path) -> str:
    return run_demo(here)


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything in a folder but how long it took."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "timings.json"
    }


def test_the_demo_decides_prints_and_writes(here: Path, printed: str) -> None:
    for words in (
        "incentive win_back",
        "14 customers, 0 of them would be set aside",
        "$ siyu run complete_journey/journey.siyu --as-of 2017-10-01T00:00:00-04:00",
        "The Complete Journey: decided about 14 customers",
        "The Complete Journey: decided about 44 events",
        "Points on groceries",
        "pyramid.summit",
    ):
        assert words in printed
    runs = {"2017-10-01", "2018-01-01", "baskets"}
    assert {path.name for path in (here / "out").iterdir()} == runs | {"report.html"}


def test_the_page_lies_where_the_demo_says(here: Path, printed: str) -> None:
    page = here / "out" / "report.html"

    assert printed.rstrip().endswith(page.as_uri())
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_demo_explains_who_is_offered_something(printed: str) -> None:
    _, _, why = printed.partition("Why household 8 is offered something")

    assert "✓ churn is severe and ltv >= worth_saving" in why
    assert "“You have not visited us for 207 days”" in why
    assert "bucket" in why, "the hold-out is told"
    assert "within the allocation" in why, "and so is the budget"


def test_the_demo_tells_what_would_change(printed: str) -> None:
    _, _, change = printed.partition("What would change the card of household 9")

    assert "$200.00 more" in change
    assert "the level becomes Gold (gold)" in change


def test_a_second_demo_writes_the_same_bytes(here: Path, printed: str) -> None:
    first = files_of(here / "out")
    assert len(first) > 20
    run_demo(here)

    assert files_of(here / "out") == first


def test_a_command_that_fails_ends_the_demo(here: Path, printed: str, tmp_path: Path) -> None:
    shutil.copytree(here, tmp_path / "demo")
    policy = tmp_path / "demo" / "complete_journey" / "journey.siyu"
    policy.write_text(policy.read_text(encoding="utf-8") + "\nsegment\n", encoding="utf-8")

    with pytest.raises(AssertionError, match="E0"):
        run_demo(tmp_path / "demo")


def test_the_excerpt_shows_declarations_that_are_there() -> None:
    shown = excerpt(POLICY.read_text(encoding="utf-8"), EXCERPT)

    parts = shown.split("\n\n")
    assert all(part.startswith(start) for part, start in zip(parts, EXCERPT, strict=True))
