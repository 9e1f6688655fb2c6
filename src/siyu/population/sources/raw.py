"""One cell of a source as a request would bring it: the plain way, by Python, value by value.

Shares nothing with the SQL of `convert`, so that comparing what comes of the two proves something.
What is no value of its type stays as it is, and is rejected by whoever reads the request.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from siyu.population.sources.convert.times import format_pattern
from siyu.population.sources.model import Column
from siyu.population.sources.physical import TEXT, Physical
from siyu.schema import Field
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    GeoType,
    IntType,
    LevelType,
    MoneyType,
    SetType,
    TextType,
)

NUMBER = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?", re.ASCII)
NO_ZONE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"
                     r"(?:[.,]([0-9]{1,9}))?", re.ASCII)  # fmt: skip


def cell(
    field: Field, values: Sequence[Any], kinds: Sequence[Physical], column: Column, zone: str | None
) -> Any:
    """What a request has for a field: None where nothing stands."""
    if len(values) == 2:
        if all(each is None for each in values):
            return None
        return [_degrees(each, kind) for each, kind in zip(values, kinds, strict=True)]
    value, kind = values[0], kinds[0]
    if value is None:
        return None
    if column.values:
        text = _json_text(value) if kind.kind == "json" else str(value)
        if kind.kind == "bool":
            text = text.lower()
        value = column.values.get(text, text)
        if value is None:
            return None
        value = str(value).lower() if isinstance(value, bool) else str(value)
        kind = TEXT
    made = (
        _of_json(field, value, column) if kind.kind == "json" else _of(field, value, kind, column)
    )
    if isinstance(field.type, DateTimeType) and isinstance(made, str):
        return _with_zone(made, kind, column.timezone or zone)
    return made


def _json_text(value: str) -> str:
    found = _loaded(value)
    return found if isinstance(found, str) else value


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError:
        return object()  # nothing that JSON has, so nothing that a field takes


def _degrees(value: Any, kind: Physical) -> Any:
    if isinstance(value, str):
        return Decimal(value) if NUMBER.fullmatch(value) else value
    return value


def _of_json(field: Field, value: str, column: Column) -> Any:
    found = _loaded(value)
    if isinstance(found, str) and column.format is not None:
        return _formatted(field, found, column.format)
    if isinstance(found, str) and column.separator is not None:
        return [each for each in found.split(column.separator) if each]
    return found


def _of(field: Field, value: Any, kind: Physical, column: Column) -> Any:
    match kind.kind:
        case "text":
            return _of_text(field, str(value), column)
        case "int":
            return str(value) if isinstance(field.type, TextType | LevelType) else int(value)
        case "decimal":
            return Decimal(value)
        case "float":
            return Decimal(value) if isinstance(value, str) else value
        case "naive" if isinstance(field.type, DateType):
            day, _, clock = str(value).partition(" ")
            return day if clock.strip("0:.") == "" else value
        case "time":
            return re.sub(r"\.0*$", "", str(value))
        case "struct":
            return dict(value)
        case "list":
            return list(value)
        case _:
            return value


def _of_text(field: Field, text: str, column: Column) -> Any:
    """What JSON would have where a table has text."""
    match field.type:
        case IntType() | DecimalType() | MoneyType() | DurationType() if NUMBER.fullmatch(text):
            return Decimal(text)
        case BoolType() if text.lower() in ("true", "false"):
            return text.lower() == "true"
        case SetType() if column.separator is not None:
            return [each for each in text.split(column.separator) if each]
        case SetType() | GeoType():
            found = _loaded(text)
            return text if found is None else found
        case DateType() | DateTimeType() if column.format is not None:
            return _formatted(field, text, column.format)
        case EnumType() | TextType() | LevelType():
            return text
        case IntType():
            return [text]  # a text in quotes would be one, too, and is none
        case _:
            return text


def _formatted(field: Field, text: str, form: str) -> Any:
    """A date or time in ISO form; the text itself where it is not in the format."""
    pattern = format_pattern(form)
    if pattern is None or not re.fullmatch(pattern, text, re.ASCII):
        return object()
    try:
        found = dt.datetime.strptime(text, form)
    except ValueError:
        return object()
    if isinstance(field.type, DateType):
        return found.date().isoformat() if found.time() == dt.time() else object()
    return found.isoformat()


def _with_zone(text: str, kind: Physical, zone: str | None) -> str:
    """A time without a zone, in UTC; the moment that a zone's clock showed it first."""
    if kind.kind == "instant" and NO_ZONE.fullmatch(text):
        return text + "+00:00"  # as Spark writes one
    found = NO_ZONE.fullmatch(text)
    if found is None or zone is None:
        return text
    fraction = found[3] or ""
    try:
        wall = dt.datetime.fromisoformat(f"{found[1]}T{found[2]}")
        instant = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return text
    return (
        f"{instant:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + (f".{fraction}" if fraction else "") + "Z"
    )
