"""What data say today against what a schema file says of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from siyu.population.infer.columns import is_flag, plain
from siyu.population.infer.model import FieldGuess, Guess, Seen, TableGuess
from siyu.schema.model import MISSING, Collection, Event, Field, Schema
from siyu.schema.numbers import decimal_text
from siyu.schema.shape import type_name
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    EnumType,
    ErrorType,
    GeoType,
    LevelType,
    NumberType,
    SetType,
    TextType,
    TimeType,
    scale_of,
)
from siyu.words import Words, say, say_n

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Change:
    """What was seen at a place of the schema ("orders.amount"); `fits` where the data may still be
    decided with."""

    place: str
    said: Words
    fits: bool = False


Owner = Schema | Collection | Event


def owner_of(schema: Schema, table: TableGuess) -> Owner | None:
    """The part of a schema that a table is meant for."""
    if table.path == "customer":
        return schema
    if table.path.startswith("events."):
        return schema.events.get(table.path.partition(".")[2])
    return schema.collection(table.path)


def field_for(owner: Owner, guess: FieldGuess) -> Field | None:
    """The field that a column is meant for: of its name, else of its label."""
    found = owner.fields.get(guess.name) or owner.fields.get(guess.seen.name)
    if found is not None:
        return found
    return next((f for f in owner.fields.values() if guess.seen.name in (f.label.zh, f.label.en)),
                None)  # fmt: skip


def changes(schema: Schema, guess: Guess) -> Iterator[Change]:
    """Everything in the data that the schema does not say, and what it says that is not there."""
    for table in guess.tables:
        owner = owner_of(schema, table)
        if owner is None:
            yield Change(table.path, say("is new in the data"), fits=True)
            continue
        known = set()
        prefix = table.path
        for each in table.fields:
            field = field_for(owner, each)
            if field is None:
                yield Change(f"{prefix}.{each.name}", say("is new in the data"), fits=True)
                continue
            known.add(field.name)
            for said in differences(field, each.seen):
                yield Change(f"{prefix}.{field.name}", said)
        yield from _gone(prefix, owner, table, known)
    yield from _tables_gone(schema, guess)


def _gone(prefix: str, owner: Owner, table: TableGuess, known: set[str]) -> Iterator[Change]:
    joins = {table.owner, table.parent}
    for field in owner.fields.values():
        if field.name in known or field.name in joins:
            continue
        fits = field.optional or field.default is not MISSING
        yield Change(f"{prefix}.{field.name}", say("has no column in the data"), fits)
    key = owner.key
    if key is None or not table.seen.rows or table.parent is not None:
        return
    column = next((f.seen for f in table.fields if f.name == key or f.seen.name == key), None)
    if column is not None and column.kind in ("int", "text") and not column.unique:
        yield Change(f"{prefix}.{key}", say("is the key, and occurs more than once or not at all"))


def _tables_gone(schema: Schema, guess: Guess) -> Iterator[Change]:
    paths = {table.path for table in guess.tables}
    for path, rows in schema.walk():
        if path not in paths:
            fits = rows.default_empty or rows.optional
            yield Change(path, say("has no table in the data"), fits)


def differences(field: Field, seen: Seen) -> Iterator[Words]:
    """Why values of a column are no values of a field."""
    if seen.missing and not field.optional and field.default is MISSING:
        yield say_n("is required, and 1 of {rows} rows is empty",
                    "is required, and {count} of {rows} rows are empty", seen.missing,
                    rows=seen.rows)  # fmt: skip
    if not seen.known:
        return
    match field.type:
        case EnumType():
            yield from _members(field.type, seen)
        case TextType() | LevelType() | ErrorType():
            pass
        case DateType():
            yield from _dates(field, seen)
        case _ if isinstance(field.type, NumberType):
            yield from _number(field, field.type, seen)
        case _:
            if not _same_kind(field, seen):
                yield _other(field, seen)


def _other(field: Field, seen: Seen) -> Words:
    return say("is {wanted}, and the data look like {found}", wanted=type_name(field.type),
               found=seen.kind)  # fmt: skip


def _same_kind(field: Field, seen: Seen) -> bool:
    match field.type:
        case BoolType():
            return seen.kind == "bool" or is_flag(seen)
        case TimeType():
            return seen.kind == "time"
        case DateTimeType():
            return seen.kind == "datetime"
        case SetType():
            return seen.kind in ("set", "text")
        case GeoType():
            return seen.kind == "geo"
        case _:
            return True


def _members(kind: EnumType, seen: Seen) -> Iterator[Words]:
    new = [word for word, _ in seen.members if word not in kind.members]
    if not seen.members and seen.kind == "text":
        yield say("has far more words in the data than the enum")
    elif new:
        yield say_n("has a new word: {words}", "has {count} new words: {words}", len(new),
                    words=tuple(new[:SHOWN]))  # fmt: skip


def _dates(field: Field, seen: Seen) -> Iterator[Words]:
    if seen.kind != "date":
        yield _other(field, seen)
        return
    if not isinstance(seen.low, str) or not isinstance(seen.high, str):
        return
    for bound, written, early in ((field.low, seen.low, True), (field.high, seen.high, False)):
        if bound is None:
            continue
        limit = dt.date.fromordinal(bound).isoformat()
        if early and written < limit:
            yield say("is not before {limit}, and {found} was seen", limit=limit, found=written)
        if not early and written > limit:
            yield say("is not after {limit}, and {found} was seen", limit=limit, found=written)


def _number(field: Field, kind: NumberType, seen: Seen) -> Iterator[Words]:
    if seen.kind not in ("int", "decimal"):
        yield _other(field, seen)
        return
    scale = scale_of(kind)
    if seen.kind == "decimal" and seen.scale > scale and not _whole(seen):
        yield say_n("has 1 digit behind the point, and {found} were seen",
                    "has {count} digits behind the point, and {found} were seen", scale,
                    found=seen.scale)  # fmt: skip
    if not isinstance(seen.low, Decimal) or not isinstance(seen.high, Decimal):
        return
    low, high = (Decimal(decimal_text(bound, scale)) for bound in (kind.low, kind.high))
    if seen.low < low:
        yield say("is at least {limit}, and {found} was seen", limit=plain(low),
                  found=plain(seen.low))  # fmt: skip
    if seen.high > high:
        yield say("is at most {limit}, and {found} was seen", limit=plain(high),
                  found=plain(seen.high))  # fmt: skip


def _whole(seen: Seen) -> bool:
    """A decimal column that holds one whole number only."""
    return seen.low == seen.high and isinstance(seen.low, Decimal) and seen.low % 1 == 0
