"""The `sources.yaml` beside a sample, so that a run can begin at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from siyu.population.sample.columns import owner_column, parent_column
from siyu.population.sample.model import Wish
from siyu.population.sample.tables import Plan
from siyu.schema.model import MISSING, Field
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    EnumType,
    GeoType,
    NumberType,
    SetType,
    TimeType,
)

PLAIN = re.compile(r"[A-Za-z_一-鿿][\w./*-]*")
WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def sources_text(wish: Wish, plan: Plan, patterns: Mapping[str, str]) -> str:
    """The file: `patterns` say where the rows of each table are."""
    return "\n".join(_lines(wish, plan, patterns)) + "\n"


def _lines(wish: Wish, plan: Plan, patterns: Mapping[str, str]) -> Iterator[str]:
    schema = wish.schema
    yield f"# Made-up data: {wish.customers} customers, seed {wish.seed}. Nobody in them exists."
    yield "sources: 1"
    yield f"timezone: {word(wish.timezone)}"
    yield f"currency: {word(wish.currency)}"
    yield "customer:"
    yield f"  from: {word(patterns['customer'])}"
    yield from _columns(schema.fields, wish)
    collections = [t for t in plan.tables if t.path != "customer" and "/" not in t.path]
    if collections:
        yield "collections:"
    for table in collections:
        rows = schema.collection(table.path)
        assert rows is not None
        yield f"  {word(table.path)}:"
        yield f"    from: {word(patterns[table.path])}"
        yield f"    customer: {word(owner_column(wish, rows.fields))}"
        around = schema.collection(table.path.rpartition(".")[0]) if "." in table.path else None
        if around is not None:
            yield f"    parent: {word(parent_column(wish, around, rows))}"
        yield from _columns(rows.fields, wish, "    ")
    events = [table for table in plan.tables if "/" in table.path]
    if events:
        yield "events:"
    for table in events:
        event = schema.events[table.path.partition("/")[2]]
        yield f"  {word(event.name)}:"
        yield f"    from: {word(patterns[table.path])}"
        yield f"    customer: {word(owner_column(wish, event.fields))}"
        yield from _columns(event.fields, wish, "    ")
    yield from _context(schema.context)


def _columns(fields: Mapping[str, Field], wish: Wish, indent: str = "  ") -> Iterator[str]:
    """Only what stands under another name than its own."""
    found = []
    for field in fields.values():
        if isinstance(field.type, GeoType):
            lat, lon = word(f"{field.name}_lat"), word(f"{field.name}_lon")
            found.append(f"{word(field.name)}: [{lat}, {lon}]")
        elif isinstance(field.type, SetType) and wish.form == "csv":
            found.append(f'{word(field.name)}: {{from: {word(field.name)}, separator: ";"}}')
    if found:
        yield f"{indent}columns: {{{', '.join(found)}}}"


def _context(fields: Mapping[str, Field]) -> Iterator[str]:
    """Only what every request must bring."""
    needed = [f for f in fields.values() if not f.optional and f.default is MISSING]
    if needed:
        yield "context:"
    for field in needed:
        yield f"  {word(field.name)}: {_some(field)}"


def _some(field: Field) -> str:
    """A value that a field may have."""
    match field.type:
        case BoolType():
            return "false"
        case EnumType():
            return word(field.type.members[0])
        case DateType():
            return "2026-01-01"
        case DateTimeType():
            return "2026-01-01T00:00:00Z"
        case TimeType():
            return '"12:00"'
        case SetType():
            return "[]"
        case GeoType():
            return "[31.23, 121.47]"
        case _ if isinstance(field.type, NumberType):
            return str(min(max(0, field.type.low), field.type.high))
        case _:
            return word("general")


def word(text: str) -> str:
    """A word in YAML, in quotes where it would be something else.

    >>> word("orders.parquet"), word("no"), word("a: b")
    ('orders.parquet', '"no"', '"a: b"')
    """
    if PLAIN.fullmatch(text) and text.casefold() not in WORDS and not text.endswith(("*", "/")):
        return text
    return json.dumps(text, ensure_ascii=False)
