"""What the benchmarks of whole bases compare writes the same: column by column, row by row.

polars and numpy come with the extra `bench`; where one is missing its test is skipped.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from benchmarks.everyone import turn
from benchmarks.everyone.data import customer_base
from benchmarks.everyone.orders import order_base
from benchmarks.everyone.rivals import handgrown

MEMBERS = 20_000
FEW, COPIES = 5_000, 3  # where rules are grown
# What nobody writes by hand: why, what could not be told, what was stopped and by what.
OURS = {
    "churn_risk.reasons", "churn_risk.unknown", "intent.reasons", "intent.unknown", "points",
    "stopped",
}  # fmt: skip
DECIDED = "SELECT * FROM '{}/decisions.parquet'"
OUTCOMES = "SELECT * FROM '{}/outcomes.parquet' WHERE kind <> 'stopped'"
STATE = "SELECT * FROM '{}/state.parquet'"
# By hand amounts are counted in fen; a mean over no orders and a figure over them are unknown.
FIGURES = """SELECT * REPLACE (spend_12m / 100 AS spend_12m, spend_90d / 100 AS spend_90d,
  best / 100 AS best, mean / 100 AS mean, beauty_spend / 100 AS beauty_spend)
FROM '{}/decisions.parquet'"""


def columns(select: str) -> set[str]:
    return {row[0] for row in duckdb.execute(f"DESCRIBE {select}").fetchall()}


def differing(one: str, other: str, key: str = "customer") -> dict[str, int]:
    """The columns of the first that stand otherwise in the second, and in how many rows."""
    names = [f'"{name}"' for name in sorted(columns(one))]
    if not rows_apart(one, other, ", ".join(names)):
        return {}
    each = {name: rows_apart(one, other, f"{key}, {name}") for name in names}
    return {name.strip('"'): number for name, number in each.items() if number}


def rows_apart(one: str, other: str, names: str) -> int:
    """The number of rows that stand in one of the two only."""
    of_one, of_other = (f"SELECT {names} FROM ({each})" for each in (one, other))
    ((number,),) = duckdb.execute(
        f"SELECT count(*) FROM (({of_one} EXCEPT ALL {of_other})"
        f" UNION ALL ({of_other} EXCEPT ALL {of_one}))"
    ).fetchall()
    return int(number)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the base, and what `siyu run` writes about it."""
    made = tmp_path_factory.mktemp("everyone")
    turn.by_siyu(customer_base(made, MEMBERS), made / "siyu")
    return made


def test_the_sql_by_hand_writes_the_same(folder: Path) -> None:
    turn.by_hand(customer_base(folder, MEMBERS), folder / "hand")
    hand, ours = folder / "hand", folder / "siyu"
    assert columns(DECIDED.format(ours)) - columns(DECIDED.format(hand)) == OURS
    assert differing(DECIDED.format(hand), DECIDED.format(ours)) == {}
    assert columns(OUTCOMES.format(ours)) == columns(OUTCOMES.format(hand))
    key = "customer, kind, rule"
    assert differing(OUTCOMES.format(hand), OUTCOMES.format(ours), key) == {}
    assert columns(STATE.format(ours)) == columns(STATE.format(hand))
    assert differing(STATE.format(hand), STATE.format(ours)) == {}


@pytest.mark.parametrize("rival", ["polars", "numpy"])
def test_a_rival_decides_the_same(folder: Path, rival: str) -> None:
    pytest.importorskip(rival)
    turn.OF_MEMBERS[rival](customer_base(folder, MEMBERS), folder / rival)
    theirs, ours = DECIDED.format(folder / rival), DECIDED.format(folder / "siyu")
    assert columns(ours) - columns(theirs) == OURS
    assert differing(theirs, ours) == {}


def test_the_base_reaches_what_is_decided(folder: Path) -> None:
    ours = DECIDED.format(folder / "siyu")
    told = columns(ours) - {"customer", "points", "no_minors", "no_staff"}
    counted = ", ".join(f'count(DISTINCT "{name}")' for name in sorted(told))
    (values,) = duckdb.execute(f"SELECT {counted} FROM ({ours})").fetchall()
    assert {name for name, number in zip(sorted(told), values, strict=True) if number < 2} == set()
    kinds = f"SELECT DISTINCT kind FROM '{folder / 'siyu' / 'outcomes.parquet'}' ORDER BY kind"
    assert duckdb.execute(kinds).fetchall() == [
        ("contact",), ("incentive",), ("stopped",), ("tier",)
    ]  # fmt: skip


def test_one_group_by_finds_the_same_figures(folder: Path) -> None:
    base = order_base(folder / "orders", 2_000, 20_000)
    turn.group_by(base, folder / "grouped")
    turn.checked_figures(base, folder / "figures")
    theirs, ours = FIGURES.format(folder / "grouped"), DECIDED.format(folder / "figures")
    assert len(columns(theirs)) == 11
    assert differing(theirs, ours) == {}


def test_a_difference_is_seen(folder: Path) -> None:
    ours = DECIDED.format(folder / "siyu")
    wrong = (
        f"SELECT * REPLACE (CASE WHEN customer <> 'M00000007' THEN aov END AS aov) FROM ({ours})"
    )
    assert differing(wrong, ours) == {"aov": 2}


@pytest.mark.parametrize("way", ["rules", "programmes", "one"])
def test_ten_times_the_rules_by_hand_write_the_same(grown: Path, way: str) -> None:
    hand, ours = grown / way, grown / "siyu"
    handgrown.run(customer_base(grown, FEW), hand, turn.TODAY, way, COPIES)
    missing = columns(DECIDED.format(ours)) - columns(DECIDED.format(hand))
    assert {re.sub(r"_\d+", "", name) for name in missing} == OURS
    assert differing(DECIDED.format(hand), DECIDED.format(ours)) == {}
    key = "customer, kind, rule"
    assert differing(OUTCOMES.format(hand), OUTCOMES.format(ours), key) == {}
    assert differing(STATE.format(hand), STATE.format(ours)) == {}


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a base, and what `siyu run` writes about it with several times the rules."""
    made = tmp_path_factory.mktemp("grown")
    turn.many_times(customer_base(made, FEW), made / "siyu", COPIES)
    return made


def test_a_batch_of_zen_decides_about_everyone(tmp_path: Path) -> None:
    pytest.importorskip("zen")
    base = customer_base(tmp_path, 300)
    turn.by_siyu(base, tmp_path / "siyu")
    turn.by_zen(base, tmp_path / "zen")
    theirs = f"""SELECT customer, (decision->>'$.churn_risk')::DOUBLE::BIGINT AS churn_risk,
      decision->>'$.lifecycle' AS lifecycle, decision->>'$.band' AS band,
      (decision->>'$.loyal')::BOOLEAN AS loyal FROM '{tmp_path}/zen/decisions.parquet'"""
    assert differing(theirs, DECIDED.format(tmp_path / "siyu")) == {}
