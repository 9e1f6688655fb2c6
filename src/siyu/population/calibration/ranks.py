"""Values of everyone by rank: cuts of the top, percentiles, medians.

Ranks are exact: of N customers the share p ends at rank ceil(p x N), whatever p and N are. A column
is grouped by value first, so that ties are one row and nothing has to be fetched but the answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from siyu.population.engines import Engine

Side = Literal["top", "percentile"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A cut: of the top, or from below, the share as it is written ("2.5")."""

    side: Side
    percent: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """The held value found (None: there is none), of how many customers with a known value, and
    how many of them reach it: the top share with its ties."""

    value: int | None
    population: int
    reached: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A column grouped by value, as a relation of the engine: `v` and how often, `c`."""

    relation: str
    population: int
    lowest: int | None


def rank_of(percent: str, population: int) -> int:
    """The rank at which a share of a population ends.

    >>> rank_of("5", 20), rank_of("5", 21), rank_of("2.5", 40), rank_of("2.5", 41), rank_of("5", 0)
    (1, 2, 1, 2, 0)
    """
    share = Fraction(Decimal(percent)) / 100
    return -(-share.numerator * population // share.denominator)


def group_query(relation: str, column: str, among: str | None = None) -> str:
    """A column's known values, each with how many customers have it; of those for whom the column
    `among` is true. Names are SQL already."""
    where = f"{column} IS NOT NULL" + ("" if among is None else f" AND {among}")
    return f"SELECT {column} AS v, count(*) AS c FROM {relation} WHERE {where} GROUP BY {column}"


def spread_of(
    engine: Engine, name: str, relation: str, column: str, among: str | None = None
) -> Spread:
    """The grouped column, kept in the engine as the table `name`."""
    engine.table(name, group_query(relation, column, among))
    ((population, lowest),) = engine.rows(f"SELECT sum(c), min(v) FROM {name}")
    return Spread(name, int(population or 0), None if lowest is None else int(lowest))


def forget(engine: Engine, *names: str) -> None:
    """Makes room: DuckDB holds tables in memory, or in what stands for it; Spark writes them."""
    if engine.name == "duckdb":
        for name in names:
            engine.table(name, "SELECT 0 AS nothing")


def rank_query(spread: Spread, asked: Sequence[Asked]) -> str:
    """A SELECT of one row: for each that is asked, the value at its rank and how many customers
    reach it; then the least value but one, and how many reach that.

    From the top a value is reached by all who have it or more; from below the same count tells how
    many have it or less.
    """
    columns = []
    for number, each in enumerate(asked):
        place = rank_of(each.percent, spread.population)
        total, pick = ("above", "max") if each.side == "top" else ("below", "min")
        there = f"CASE WHEN {total} >= {place} THEN"
        columns.append(f"{pick}({there} v END) AS v{number}")
        columns.append(f"min({there} {total} END) AS n{number}")
    columns.append("min(CASE WHEN below > c THEN v END) AS next")
    columns.append("max(CASE WHEN below > c THEN above END) AS reached")
    rows = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
    inner = f"SELECT v, c, sum(c) OVER (ORDER BY v {rows}) AS below FROM {spread.relation}"
    above = f"SELECT v, c, below, {spread.population} - below + c AS above FROM ({inner}) AS up"
    return f"SELECT {', '.join(columns)} FROM ({above}) AS ranked"


def between(engine: Engine, spread: Spread, old: object, new: object, side: Side) -> int:
    """How many customers one value of a cut reaches and the other does not; one that is not there
    reaches nobody from the top, and everybody from below."""

    def reached(value: object) -> str:
        if value is None:
            return "FALSE" if side == "top" else "TRUE"
        assert isinstance(value, int)
        return f"v >= {value}" if side == "top" else f"v <= {value}"

    one, other = reached(old), reached(new)
    ((count,),) = engine.rows(
        f"SELECT sum(CASE WHEN ({one}) <> ({other}) THEN c ELSE 0 END) FROM {spread.relation}"
    )
    return int(count or 0)


def ranked(engine: Engine, spread: Spread, asked: Sequence[Asked]) -> tuple[Ranked, ...]:
    """The values that are asked for. A top that would take everybody begins at the next larger
    value instead; where there is none, there is no cut."""
    population = spread.population
    if population == 0:
        return tuple(Ranked(None, 0, 0) for _ in asked)
    (row,) = engine.rows(rank_query(spread, asked))
    *found, following, followed = [None if cell is None else int(cell) for cell in row]
    answers = []
    for number, each in enumerate(asked):
        value, reached = found[2 * number], found[2 * number + 1] or 0
        if each.side == "top" and value == spread.lowest:
            value, reached = following, followed or 0
        answers.append(Ranked(value, population, reached))
    return tuple(answers)
