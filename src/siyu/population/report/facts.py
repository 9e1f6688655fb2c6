"""Scores with their distributions, decision tables, and what was set aside."""

from __future__ import annotations

from decimal import Decimal

from siyu.population.engines.duck import quoted
from siyu.population.report.base import Base
from siyu.population.report.exact import ratio
from siyu.population.report.model import (
    Bin,
    Reject,
    Score,
    Table,
    TableRow,
)

MOST_BINS = 20
STEPS = (1, 2, 5)
AVERAGE_DIGITS = 6
MOST_REJECTS = 60


def scores(base: Base) -> tuple[Score, ...]:
    """Each score's customers in bins of a round width, and how often each line counted."""
    found = []
    for name in base.folder.named("score"):
        column = base.column("scores", name)
        if column is not None and base.is_number(column):
            found.append(_score(base, name, column))
    return tuple(found)


def _score(base: Base, name: str, column: str) -> Score:
    c, digits = quoted(column), base.digits(column)
    low, high, total, known, all_heads = base.rows(
        f"SELECT min({c}), max({c}), sum({c}), count({c}), count(*) FROM decisions"
    )[0]
    reasons = _reasons(base, name)
    if not known:
        return Score(name, 0, all_heads, None, None, None, (), reasons)
    low, high, one = Decimal(low), Decimal(high), Decimal(1).scaleb(-digits)
    width = _width(high - low, one)
    start = low // width * width
    if start > low:
        start -= width
    unit = 10**digits
    held = f"(({c}) * {unit})::HUGEINT" if digits else f"({c})::HUGEINT"
    places = base.rows(
        f"SELECT ({held} - {int(start * unit)}) // {int(width * unit)} AS place, count(*)"
        f" FROM decisions WHERE {c} IS NOT NULL GROUP BY place ORDER BY place"
    )
    heads = dict(places)
    bins = tuple(
        Bin(start + width * place, start + width * (place + 1), heads.get(place, 0))
        for place in range(max(heads) + 1)
    )
    average = ratio(total, known, AVERAGE_DIGITS)
    return Score(name, known, all_heads - known, low, average, high, bins, reasons)


def _width(span: Decimal, one: Decimal) -> Decimal:
    """The least width of 1, 2 or 5 with zeros, in steps of a score, that makes few bins.

    >>> _width(Decimal(100), Decimal(1)), _width(Decimal("0.9"), Decimal("0.1"))
    (Decimal('5'), Decimal('0.1'))
    """
    power = one
    while True:
        for step in STEPS:
            if span / (power * step) <= MOST_BINS:
                return power * step
        power *= 10


def _reasons(base: Base, name: str) -> tuple[tuple[str, int], ...]:
    column = base.column("scores", f"{name}.reasons")
    if column is None:
        return ()
    found = base.rows(
        f"SELECT code, count(*) AS heads FROM (SELECT unnest({quoted(column)}) AS code"
        " FROM decisions) GROUP BY code ORDER BY heads DESC, code"
    )
    return tuple(found)


# ---------------------------------------------------------------- tables


def tables(base: Base) -> tuple[Table, ...]:
    """The rows of decision tables with how many customers they decided about."""
    found = []
    for name in base.folder.named("table"):
        column = base.column("tables", name)
        if column is None:
            continue
        if "[]" in base.columns[column] or not base.is_number(column):
            counts = base.folder.part("counts", "tables", name)
            rows = tuple(TableRow(str(row), int(n), ()) for row, n in counts.items())
        else:
            rows = _rows_hit(base, name, column)
        found.append(Table(name, rows))
    return tuple(found)


def _rows_hit(base: Base, name: str, column: str) -> tuple[TableRow, ...]:
    outputs = [each for each in base.columns if each.startswith(f"{column}.")]
    asked = "".join(
        f", min({quoted(each)})::VARCHAR, max({quoted(each)})::VARCHAR" for each in outputs
    )
    found = base.rows(
        f"SELECT {quoted(column)} AS row, count(*){asked} FROM decisions"
        " GROUP BY row ORDER BY row NULLS LAST"
    )
    names = [each.removeprefix(f"{column}.") for each in outputs]
    return tuple(
        TableRow(
            None if row is None else str(row),
            heads,
            tuple(
                (out, rest[place * 2] if rest[place * 2] == rest[place * 2 + 1] else None)
                for place, out in enumerate(names)
            ),
        )
        for row, heads, *rest in found
    )


# ---------------------------------------------------------------- what was set aside


def rejects(base: Base) -> tuple[Reject, ...]:
    """What was set aside, by table and reason; the reasons' texts may show values, and stay out."""
    found = base.rows(
        "SELECT source, kind, field, code, count(*) AS rows, count(DISTINCT customer) AS heads"
        " FROM rejects GROUP BY source, kind, field, code"
        f" ORDER BY rows DESC, source, kind, field, code LIMIT {MOST_REJECTS}"
    )
    return tuple(
        Reject(source or "", kind or "", field, code or "", rows, heads)
        for source, kind, field, code, rows, heads in found
    )
