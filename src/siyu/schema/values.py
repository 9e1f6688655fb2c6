"""What people and machines write, as the values that are held while deciding.

`held(kind, raw)` is the one definition: schema defaults and ranges, records, given metrics and
calibrations all go through it. `raw` is what JSON or YAML gives: None never comes here, numbers
are int or Decimal, everything else is text, a list or an object. Nothing here raises, whatever
`raw` is, and nothing expands a huge exponent.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import assert_never

from siyu.schema.mistakes import Mistake, shown
from siyu.schema.numbers import UNITS, decimal_text, held_number, in_range, range_wanted, scaled
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
)
from siyu.words import Words, say

__all__ = [
    "DAY",
    "EPOCH",
    "UNITS",
    "Mistake",
    "clock_of",
    "decimal_text",
    "held",
    "held_number",
    "range_wanted",
    "scaled",
    "shown",
]

MAX_ITEMS = 10**6
MOST_NAMED = 12  # members of an enum in a message

TRUE_OR_FALSE, TEXT_WANTED = say("must be true or false"), say("must be text")
A_DATE = say("must be a date like 2026-11-21")
A_TIME = say("must be a time of day like 20:00")
AN_INSTANT = say("must be an instant with its zone like 2026-11-21T10:00:00+08:00")
A_PLACE = say("must be a place like [31.23, 121.47], latitude first")
ON_EARTH = say("must lie from -90 to 90 degrees north and -180 to 180 degrees east")


def held(kind: Type, raw: object) -> object | Mistake:
    """The held value of what was written, or why it is none.

    >>> from siyu.types import MoneyType
    >>> held(MoneyType("CNY", 2), "19.90"), str(held(MoneyType("CNY", 2), "19.905").text())
    (1990, 'must have at most 2 digits after the point, not `19.905`')
    """
    match kind:
        case BoolType():
            return raw if isinstance(raw, bool) else Mistake(TRUE_OR_FALSE, shown(raw))
        case IntType() | DecimalType() | MoneyType() | DurationType():
            return in_range(kind, held_number(kind, raw))
        case DateType():
            return _from_text(_date, A_DATE, _written(raw))
        case TimeType():
            return _from_text(_time, A_TIME, _written(raw))
        case DateTimeType():
            return _datetime(_written(raw))
        case TextType() | LevelType() | ErrorType():
            return _text(raw)
        case EnumType():
            return _member(kind, raw)
        case SetType():
            return _set(kind, raw)
        case GeoType():
            return _geo(raw)
        case _:
            assert_never(kind)


# ---------------------------------------------------------------- calendar

DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)
CLOCK = re.compile(
    r"[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"(Z|z|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?",
    re.ASCII,
)
DAY = 86_400_000_000  # microseconds
EPOCH = dt.date(1970, 1, 1).toordinal()


def _written(raw: object) -> object:
    """Python's own dates and times as text; their subclasses are somebody else's."""
    if type(raw) in (dt.date, dt.time, dt.datetime):
        assert isinstance(raw, dt.date | dt.time)
        try:
            return raw.isoformat()
        except Exception:  # a zone that is somebody's own class may do anything
            return raw
    return raw


def _from_text(read: Callable[[str], int | None], wanted: Words, raw: object) -> int | Mistake:
    value = read(raw) if isinstance(raw, str) else None
    return Mistake(wanted, shown(raw)) if value is None else value


def _date(raw: str) -> int | None:
    found = DATE.fullmatch(raw)
    if found is None:
        return None
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])).toordinal()
    except ValueError:
        return None


def _time(raw: str) -> int | None:
    found = TIME.fullmatch(raw)
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    return hour * 3600 + minute * 60 + second if hour < 24 and minute < 60 > second else None


def _datetime(raw: object) -> int | Mistake:
    if not isinstance(raw, str):
        return Mistake(AN_INSTANT, shown(raw))
    day, clock = _date(raw[:10]), clock_of(raw[10:])
    if day is None or isinstance(clock, Mistake):
        return Mistake(clock.wanted if isinstance(clock, Mistake) else AN_INSTANT, shown(raw))
    return (day - EPOCH) * DAY + clock


def clock_of(raw: str) -> int | Mistake:
    """Microseconds between midnight UTC of the written date and the written time with its zone.

    >>> clock_of("T10:00:00+08:00") // 1_000_000
    7200
    """
    found = CLOCK.fullmatch(raw)
    if found is None:
        return Mistake(AN_INSTANT)
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    fraction = found[4] or ""
    if hour > 23 or minute > 59 or second > 59:
        return Mistake(say("must be a time that exists"))
    if found[5] is None:
        return Mistake(say("must say its zone, as in 2026-11-21T10:00:00+08:00"))
    offset = _offset(found[5])
    if offset is None:
        return Mistake(say("must have a zone that exists, as in 2026-11-21T10:00:00+08:00"))
    if fraction[6:].strip("0"):
        return Mistake(say("must have at most 6 digits after the seconds"))
    seconds = hour * 3600 + minute * 60 + second - offset
    return seconds * 1_000_000 + int(fraction[:6].ljust(6, "0"))


def _offset(zone: str) -> int | None:
    """Seconds east of UTC; zones lie within 18 hours of it."""
    if zone in ("Z", "z"):
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    if int(digits[2:]) > 59 or seconds > 18 * 3600:
        return None
    return -seconds if zone[0] == "-" else seconds


# ---------------------------------------------------------------- words and places


def _text(raw: object) -> str | Mistake:
    if not isinstance(raw, str):
        return Mistake(TEXT_WANTED, shown(raw))
    if raw.isprintable():  # the common case; neither NUL nor a lone surrogate is printable
        return str(raw)
    if "\0" in raw:
        return Mistake(say("must not hold the character NUL"))
    if any("\ud800" <= c <= "\udfff" for c in raw):
        return Mistake(say("must be Unicode text without half of a pair"))
    return str(raw)


def _member(kind: EnumType, raw: object) -> str | Mistake:
    if isinstance(raw, str) and raw in kind.members:
        return str(raw)
    return Mistake(_one_of(kind.members), shown(raw))


def _one_of(members: tuple[str, ...]) -> Words:
    if len(members) <= MOST_NAMED:
        return say("must be one of {members}", members=members)
    first, more = members[:MOST_NAMED], len(members) - MOST_NAMED
    return say("must be one of {members} and {more} more", members=first, more=more)


def _set(kind: SetType, raw: object) -> frozenset[str] | Mistake:
    if not isinstance(raw, list | tuple | set | frozenset):
        return Mistake(say("must be a list"), shown(raw))
    if len(raw) > MAX_ITEMS:
        return Mistake(say("must have at most {limit} items", limit=MAX_ITEMS))
    items = []
    for each in raw:
        item = held(kind.item, each)
        if isinstance(item, Mistake):
            return Mistake(say("each item {wanted}", wanted=item.wanted), item.found)
        items.append(str(item))
    return frozenset(items)


def _geo(raw: object) -> tuple[float, float] | Mistake:
    match raw:
        case [latitude, longitude]:
            pass
        case {"lat": latitude, "lon": longitude, **rest} if not rest:
            pass
        case _:
            return Mistake(A_PLACE, shown(raw))
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    if north is None or east is None:
        return Mistake(ON_EARTH)
    return north, east


def _degrees(raw: object, limit: int) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    try:
        return float(raw) if -limit <= raw <= limit else None
    except ArithmeticError:  # a signalling NaN compares with nothing
        return None
