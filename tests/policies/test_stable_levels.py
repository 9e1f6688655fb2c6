"""Levels by share of the population do not flap: the recipe of `docs/guide/stable_levels.md`.

Everything here goes through `siyu run` with tables, the state of one run being the input of the
next, as a schedule would have it.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import pytest

import siyu

SHARED = Path(__file__).resolve().parents[2] / "policies" / "shared"
POLICY = """policy levels "等级"
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "schema.yaml"

use "shared/levels.siyu"
"""
SCHEMA = """schema: levels
version: 1
enums:
  order_status: {placed: 已下单, paid: 已支付, completed: 已完成}
customer:
  key: member_id
  fields:
    member_id: {type: text}
    member_level_held:  {type: level of member_level, optional: true,
                         role: held level of member_level}
    member_level_until: {type: date, optional: true, role: kept until of member_level}
collections:
  orders:
    key: order_id
    time: paid_at
    fields:
      order_id: {type: text}
      paid_at:  {type: datetime}
      amount:   {type: money, min: 0, max: 1_000_000}
      status:   {type: enum order_status}
"""
SOURCES = """sources: 1
timezone: Asia/Shanghai
currency: CNY
customer:
  from: members.csv
  also:
    - from: last/state.parquet
      customer: customer
      columns: {member_level_held: member_level_held, member_level_until: member_level_until}
      missing: allowed
collections:
  orders: {from: orders.csv, customer: member_id}
"""


class Programme:
    """A pack with its tables, over which months go by."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(SHARED, folder / "shared")
        (folder / "policy.siyu").write_text(POLICY, encoding="utf-8")
        (folder / "schema.yaml").write_text(SCHEMA, encoding="utf-8")
        (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")

    def decide(self, day: dt.date, spend: Mapping[str, int]) -> dict[str, dict[str, object]]:
        """Each member's decision on a day on which so much (yuan) was spent in the year before;
        the levels held are those of the run before."""
        members = "".join(f"{name}\n" for name in spend)
        (self.folder / "members.csv").write_text("member_id\n" + members, encoding="utf-8")
        before = day - dt.timedelta(days=1)
        rows = (
            f"{name},o-{name},{before}T12:00:00,{amount},paid\n"
            for name, amount in spend.items()
            if amount
        )
        head = "member_id,order_id,paid_at,amount,status\n"
        (self.folder / "orders.csv").write_text(head + "".join(rows), encoding="utf-8")
        out = self.folder / f"out-{day}"
        siyu.run(
            self.folder / "policy.siyu", f"{day}T10:00:00+08:00", out, calibrate=True, threads=2
        )
        last = self.folder / "last"
        last.unlink(missing_ok=True)
        last.symlink_to(out.name)
        found = duckdb.read_parquet(str(out / "decisions.parquet"))
        return {str(row[0]): dict(zip(found.columns, row, strict=True)) for row in found.fetchall()}


@pytest.fixture
def programme(tmp_path: Path) -> Programme:
    return Programme(tmp_path / "pack")


def months(first: dt.date, count: int) -> Iterator[dt.date]:
    for number in range(count):
        year, month = divmod(first.month - 1 + number, 12)
        yield dt.date(first.year + year, month + 1, first.day)


def others(count: int = 20) -> dict[str, int]:
    """1000, 2000, … yuan: nobody beside the one we look at moves."""
    return {f"M{number:02d}": 1000 * number for number in range(1, count + 1)}


def test_who_is_near_the_cut_does_not_flap(programme: Programme) -> None:
    # 21 spend, so the first 20 % are ranks 1 to ceil(4.2) = 5. The others at the top have 20,000,
    # 19,000, 18,000 and 17,000 yuan, the next has 16,000: with 16,500 `near` is fifth and in, with
    # 15,500 she is sixth and out. She goes up and down every month, for 14 months.
    seen = []
    for number, day in enumerate(months(dt.date(2025, 1, 15), 14)):
        spend = {**others(), "near": 16_500 if number % 2 == 0 else 15_500}
        seen.append(programme.decide(day, spend)["near"])
    earned = [each["member_level.keep.missing.level_spend"] is None for each in seen]
    assert earned == [True, False] * 7  # by rank alone she would change her card thirteen times
    assert [each["member_level"] for each in seen] == ["gold"] * 14
    assert [each["member_level.change"] for each in seen] == ["entered"] + ["kept"] * 13
    # Kept until 15 January 2026, when she is fifth again: a new year begins.
    assert {each["member_level.keep_until"] for each in seen[:12]} == {dt.date(2026, 1, 15)}
    assert {each["member_level.keep_until"] for each in seen[12:]} == {dt.date(2027, 1, 15)}


def test_who_stops_buying_falls_late_and_by_one_level(programme: Programme) -> None:
    days = (
        dt.date(2025, 1, 15),  # first of 21: ceil(1.05) = 2 are platinum
        dt.date(2025, 7, 15),  # spends nothing any more; platinum is kept until 2026-01-15
        dt.date(2026, 1, 15),  # that day is included
        dt.date(2026, 1, 16),  # 60 days of grace, until 2026-03-16
        dt.date(2026, 3, 16),
        dt.date(2026, 3, 17),  # falls by one level: gold until 2027-03-17
        dt.date(2027, 5, 16),  # its grace ends
        dt.date(2027, 5, 17),  # and by one more
    )
    seen = [
        programme.decide(day, {**others(), "star": 30_000 if day == days[0] else 0})["star"]
        for day in days
    ]
    assert [(each["member_level"], each["member_level.change"]) for each in seen] == [
        ("platinum", "entered"),
        ("platinum", "kept"),
        ("platinum", "kept"),
        ("platinum", "in_grace"),
        ("platinum", "in_grace"),
        ("gold", "downgraded"),
        ("gold", "in_grace"),
        ("ordinary", "downgraded"),
    ]


def test_who_rises_rises_at_once(programme: Programme) -> None:
    first = programme.decide(dt.date(2025, 1, 15), others())
    second = programme.decide(dt.date(2025, 2, 15), {**others(), "M01": 50_000})
    assert first["M01"]["member_level"] == "ordinary"
    assert (second["M01"]["member_level"], second["M01"]["member_level.change"]) == (
        "platinum",
        "upgraded",
    )
    # Her rise pushes M20 to the second rank and M17 to the fifth: they keep what they have.
    assert second["M20"]["member_level"] == first["M20"]["member_level"] == "platinum"
    assert second["M17"]["member_level"] == first["M17"]["member_level"] == "gold"


# 5 % of N is rank ceil(N / 20), 20 % is rank ceil(N / 5); where that rank holds the least value of
# all, the next larger one is asked for, and where there is none nobody is in.
SMALL = {
    "one spender: nobody can be above anybody": ([500], "O"),
    "two: rank 1 both times, so platinum takes the first": ([500, 400], "PO"),
    "three: ceil(0.6) = 1, nobody is gold": ([500, 400, 300], "POO"),
    "six: ceil(1.2) = 2, the second is gold": ([600, 500, 400, 300, 200, 100], "PGOOOO"),
    "all equal: the cut is the least value, and nothing is larger": ([300] * 12, "O" * 12),
    "all equal but one": ([301] + [300] * 11, "P" + "O" * 11),
    "ties at the top are in together": ([900, 900, 900, *range(100, 117)], "PPPG" + "O" * 16),
    "who spends nothing is not counted": ([600, 500, 400, 300, 200, 100] + [0] * 50, "PGOOOO"),
    "nobody spends": ([0, 0, 0], "OOO"),
}


@pytest.mark.parametrize("case", SMALL)
def test_small_and_even_populations(programme: Programme, case: str) -> None:
    amounts, expected = SMALL[case]
    spend = {f"M{number:02d}": amount for number, amount in enumerate(amounts)}
    if case.startswith("ties"):
        # 20 spend: rank 4 of the 20 % is the fourth, the largest of 100 … 116.
        spend = dict(sorted(spend.items(), key=lambda pair: -pair[1]))
    decided = programme.decide(dt.date(2025, 1, 15), spend)
    letters = {"platinum": "P", "gold": "G", "ordinary": "O"}
    levels = "".join(letters[str(decided[name]["member_level"])] for name in spend)
    assert levels == expected.ljust(len(spend), "O")
