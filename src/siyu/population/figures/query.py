"""The SELECTs of stats: over everyone, or for each value of a column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from siyu.core.program import Stat

Name = Callable[[str], str]  # the SQL of a binding's column
Engine = Literal["duckdb", "spark"]
RANKED = ("median", "percentile")


def stats_query(
    stats: Sequence[Stat], name: Name, relation: str, engine: Engine, by: str | None = None
) -> str:
    """A SELECT of the stats that need no order, in their order; with `by` a row for each value of
    that column, which comes first. Without it there is one row, over nobody too."""
    columns = ", ".join(f"{_of(stat, name, engine)} AS s{n}" for n, stat in enumerate(stats))
    if by is None:
        return f"SELECT {columns or 'count(*)'} FROM {relation}"
    return f"SELECT {by}{', ' if columns else ''}{columns} FROM {relation} GROUP BY {by}"


def ranked_query(stat: Stat, name: Name, relation: str, by: str | None = None) -> str:
    """A SELECT of the value of rank ceil(p x N) from below, among known values; with `by` for each
    value of that column, which comes first. A group without known values has no row."""
    assert stat.value is not None
    value = name(stat.value)
    tests = [f"{value} IS NOT NULL", *([] if stat.where is None else [name(stat.where)])]
    share = Fraction(Decimal(stat.percent or "50")) / 100
    group = "" if by is None else f"{by} AS g, "
    keys = value if by is None else f"{by}, {value}"
    part = "" if by is None else "PARTITION BY g "
    counted = (
        f"SELECT {group}{value} AS v, count(*) AS c FROM {relation} "
        f"WHERE {' AND '.join(tests)} GROUP BY {keys}"
    )
    first = "" if by is None else "g, "
    rows = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW"
    summed = (
        f"SELECT {first}v, sum(c) OVER ({part}ORDER BY v {rows}) AS below, "
        f"sum(c) OVER ({part.rstrip()}) AS n FROM ({counted}) AS counted"
    )
    # Counts are whole: below >= ceil(p x n) is below >= p x n.
    reached = f"{_times('below', share.denominator)} >= {_times('n', share.numerator)}"
    last = "" if by is None else " GROUP BY g"
    return f"SELECT {first}min(v) AS v FROM ({summed}) AS summed WHERE {reached}{last}"


def spread_out(relation: str, column: str, engine: Engine) -> str:
    """The relation with a row for each item of a column of sets, which is then called `item`."""
    spread = "unnest" if engine == "duckdb" else "explode"
    return f"(SELECT *, {spread}({column}) AS item FROM {relation}) AS spread_out"


def _times(count: str, factor: int) -> str:
    """Exact whatever the sizes: 15 digits of customers by 22 of a share as it is written."""
    return f"CAST({count} AS DECIMAL(15, 0)) * CAST({factor} AS DECIMAL(22, 0))"


def _of(stat: Stat, name: Name, engine: Engine) -> str:
    where = "" if stat.where is None else f" FILTER (WHERE {name(stat.where)})"
    value = "" if stat.value is None else name(stat.value)
    match stat.op:
        case "count":
            return f"count({value or '*'}){where}"
        case "distinct":
            return f"count(DISTINCT {value}){where}"
        case "sum":
            # DuckDB widens what it sums by itself; Spark would overflow.
            wide = value if engine == "duckdb" else f"CAST({value} AS DECIMAL(38, 0))"
            return f"COALESCE(sum({wide}){where}, 0)"
        case "min" | "max":
            return f"{stat.op}({value}){where}"
        case _:
            raise AssertionError("what needs an order has a query of its own")


def plain(stats: Iterable[Stat]) -> list[Stat]:
    """Those that need no order."""
    return [stat for stat in stats if stat.op not in RANKED]
