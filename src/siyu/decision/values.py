"""How a held value is written in a document, type by type.

| type | in JSON |
|---|---|
| bool, int | `true`, `5` |
| decimal | text with its static digits, `"0.250"` |
| money | text with the currency's digits, rounded half up (away from zero), `"17.50"` |
| duration | text with the unit in the plural, `"265 days"`, `"1 days"`, `"17.333333 days"` |
| date, time | `"2026-11-21"`, `"20:00:00"` |
| datetime | `"2026-11-21T10:00:00+08:00"` in the policy's zone, a fraction only if it is not zero |
| text, enum | text |
| set | a list of texts, sorted by code point |
| geo | `[31.23, 121.47]`, latitude first |
| unknown | `null` |
"""

from __future__ import annotations

import datetime as dt
from typing import Any, assert_never

from siyu.functions.zones import FIRST_DAY, LAST_DAY
from siyu.schema.values import decimal_text
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    ErrorType,
    GeoType,
    IntType,
    LevelType,
    MoneyType,
    SetType,
    TextType,
    TimeType,
    Type,
    minor_digits,
)

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def plain_value(kind: Type, value: Any, zone: dt.tzinfo) -> Any:
    """A held value as JSON's objects have it.

    >>> plain_value(MoneyType("CNY", 6), 17_505_000, dt.UTC)
    '17.51'
    """
    if value is None:
        return None
    match kind:
        case BoolType() | IntType() | TextType() | EnumType() | LevelType() | ErrorType():
            return value
        case DecimalType():
            return decimal_text(value, kind.scale)
        case MoneyType():
            return money_text(value, kind)
        case DurationType():
            return f"{decimal_text(value, kind.scale)} {kind.unit}s"
        case DateType():
            return date_text(value) if on_calendar(value) else None
        case TimeType():
            return time_text(value)
        case DateTimeType():
            return datetime_text(value, zone)
        case SetType():
            return sorted(value)
        case GeoType():
            return list(value)
        case _:
            assert_never(kind)


def money_text(value: int, kind: MoneyType) -> str:
    """An amount in its currency's digits, half up away from zero.

    >>> money_text(-17_505_000, MoneyType("CNY", 6)), money_text(5, MoneyType("CNY", 0))
    ('-17.51', '5.00')
    """
    digits = minor_digits(kind.currency)
    if kind.scale <= digits:
        return decimal_text(value * int(10 ** (digits - kind.scale)), digits)
    unit = int(10 ** (kind.scale - digits))
    rounded = (abs(value) + unit // 2) // unit
    return decimal_text(-rounded if value < 0 else rounded, digits)


def on_calendar(ordinal: int) -> bool:
    """Whether a day has a date: years have four digits. What lies beyond is written as unknown."""
    return FIRST_DAY <= ordinal <= LAST_DAY


def date_text(ordinal: int) -> str:
    """A date, from its ordinal."""
    return dt.date.fromordinal(ordinal).isoformat()


def time_text(seconds: int) -> str:
    """A time of day, from the seconds since midnight.

    >>> time_text(72_000)
    '20:00:00'
    """
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def datetime_text(instant: int, zone: dt.tzinfo) -> str:
    """An instant in a zone.

    >>> datetime_text(1_500_000, dt.UTC)
    '1970-01-01T00:00:01.500000+00:00'
    """
    return (EPOCH + dt.timedelta(microseconds=instant)).astimezone(zone).isoformat()
