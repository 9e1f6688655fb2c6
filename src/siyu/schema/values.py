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
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

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
    NumberType,
    SetType,
    TextType,
    TimeType,
    Type,
)

MAX_SHOWN = 40  # characters of somebody's value in a message
MAX_ITEMS = 10**6
HUGE = 60  # digits before the point that no number of ours has


@dataclass(frozen=True, slots=True)
class Mistake:
    """`wanted` reads after the value's name ("must be a date like 2026-11-21"), `found` is what
    stood there instead, already fit to be shown; empty where the sentence needs none."""

    wanted: str
    found: str = ""

    def text(self, private: bool = False) -> str:
        """The sentence; of a private value it does not say what stood there."""
        return f"{self.wanted}, not {self.found}" if self.found and not private else self.wanted


def held(kind: Type, raw: object) -> object | Mistake:
    """The held value of what was written, or why it is none.

    >>> from siyu.types import MoneyType
    >>> held(MoneyType("CNY", 2), "19.90"), held(MoneyType("CNY", 2), "19.905").text()
    (1990, 'must have at most 2 digits after the point, not `19.905`')
    """
    match kind:
        case BoolType():
            return raw if isinstance(raw, bool) else Mistake("must be true or false", shown(raw))
        case IntType() | DecimalType() | MoneyType() | DurationType():
            return _in_range(kind, held_number(kind, raw))
        case DateType():
            return _from_text(_date, "a date like 2026-11-21", _written(raw))
        case TimeType():
            return _from_text(_time, "a time of day like 20:00", _written(raw))
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


def shown(raw: object) -> str:
    """A value in a message: short, on one line, and cheap however large the value is."""
    match raw:
        case None:
            return "nothing"
        case bool():
            return f"`{str(raw).lower()}`"
        case int():
            return f"`{raw}`" if raw.bit_length() < 128 else "a number of very many digits"
        case float():
            return "a binary fraction"
        case Decimal():
            return _shown_decimal(raw)
        case str():
            return _shown_text(raw)
        case dict():
            return "an object"
        case list() | tuple() | set() | frozenset():
            return "a list"
        case _:
            return "something else"


def _shown_decimal(raw: Decimal) -> str:
    if not raw.is_finite():
        return "`NaN`" if raw.is_nan() else "`Infinity`"
    text = str(raw)
    return f"`{text}`" if len(text) <= MAX_SHOWN else "a number of very many digits"


def _shown_text(raw: str) -> str:
    short = raw if len(raw) <= MAX_SHOWN else raw[: MAX_SHOWN - 1] + "…"
    return "`" + "".join(c if c.isprintable() else "�" for c in short) + "`"


# ---------------------------------------------------------------- numbers

NUMBER = re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,60})?", re.ASCII)


def _number(kind: NumberType, raw: object) -> int | Mistake:
    wanted = "must be a whole number" if isinstance(kind, IntType) else "must be a number"
    scale = 0 if isinstance(kind, IntType) else kind.scale
    if isinstance(raw, bool):
        return Mistake(wanted, shown(raw))
    if isinstance(raw, int):
        return raw * int(10**scale)
    if isinstance(raw, float):
        return Mistake("must be sent digit by digit, as a decimal or as text", shown(raw))
    if isinstance(raw, Decimal):
        return scaled(raw, scale, wanted)
    if isinstance(raw, str) and not isinstance(kind, IntType) and NUMBER.fullmatch(raw):
        return scaled(Decimal(raw), scale, wanted)
    return Mistake(wanted, shown(raw))


def scaled(number: Decimal, scale: int, wanted: str = "must be a number") -> int | Mistake:
    """The number in units of 10^-scale, exactly; never by rounding, never by computing 10^huge.

    >>> scaled(Decimal("19.900"), 2), scaled(Decimal("1E+999999999"), 2).wanted
    (1990, 'must be a smaller number')
    """
    if not number.is_finite():
        return Mistake(wanted, shown(number))
    if number.is_zero():
        return 0
    if number.adjusted() > HUGE:
        return Mistake("must be a smaller number", shown(number))
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # the number is finite
    surplus = -exponent - scale
    if surplus > 0 and (surplus >= len(digits) or any(digits[-surplus:])):
        return Mistake(_digits_wanted(scale, wanted), shown(number))
    kept = digits[:-surplus] if surplus > 0 else digits
    value = int("".join(map(str, kept))) * int(10 ** max(-surplus, 0))
    return -value if sign else value


def _digits_wanted(scale: int, wanted: str) -> str:
    if scale == 0:
        return "must be a whole number"
    return f"must have at most {scale} digit{'s' * (scale != 1)} after the point"


def held_number(kind: NumberType, raw: object) -> int | Mistake:
    """The held number of what was written, whatever the type's range."""
    return _duration(kind, raw) if isinstance(kind, DurationType) else _number(kind, raw)


def _in_range(kind: NumberType, value: int | Mistake) -> int | Mistake:
    if isinstance(value, Mistake) or kind.low <= value <= kind.high:
        return value
    if value.bit_length() > 200:  # too long to be shown, or even turned into text
        return Mistake(range_wanted(kind), "a number of very many digits")
    return Mistake(range_wanted(kind), f"`{decimal_text(value, _scale(kind))}`")


def range_wanted(kind: NumberType) -> str:
    """The sentence that says a number type's range.

    >>> range_wanted(IntType(0, 120))
    'must be from 0 to 120'
    """
    scale = _scale(kind)
    low, high = (decimal_text(bound, scale, short=True) for bound in (kind.low, kind.high))
    return f"must be from {low} to {high}"


def _scale(kind: NumberType) -> int:
    return 0 if isinstance(kind, IntType) else kind.scale


def decimal_text(value: int, scale: int, short: bool = False) -> str:
    """The digits of a held number; `short` leaves out zeros after the point.

    >>> decimal_text(-1990, 2), decimal_text(-1990, 2, short=True)
    ('-19.90', '-19.9')
    """
    if scale == 0:
        return str(value)
    digits = str(abs(value)).rjust(scale + 1, "0")
    text = f"{'-' if value < 0 else ''}{digits[:-scale]}.{digits[-scale:]}"
    return text.rstrip("0").rstrip(".") if short else text


UNITS = {
    "day": ("day", 1), "days": ("day", 1), "week": ("day", 7), "weeks": ("day", 7),
    "hour": ("hour", 1), "hours": ("hour", 1), "minute": ("minute", 1), "minutes": ("minute", 1),
    "second": ("second", 1), "seconds": ("second", 1), "month": ("month", 1),
    "months": ("month", 1), "year": ("month", 12), "years": ("month", 12),
}  # fmt: skip


def _duration(kind: DurationType, raw: object) -> int | Mistake:
    """A number in the type's own unit, or text like "30 days"."""
    if not isinstance(raw, str):
        return _number(kind, raw)
    wanted = f"must be a number of {kind.unit}s like `30 {kind.unit}s`"
    digits, _, word = raw.partition(" ")
    unit, factor = UNITS.get(word, ("", 1))
    if unit != kind.unit or not NUMBER.fullmatch(digits):
        return Mistake(wanted, shown(raw))
    value = scaled(Decimal(digits), kind.scale, wanted)
    return value if isinstance(value, Mistake) else value * factor


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


def _from_text(read: Callable[[str], int | None], wanted: str, raw: object) -> int | Mistake:
    value = read(raw) if isinstance(raw, str) else None
    return Mistake(f"must be {wanted}", shown(raw)) if value is None else value


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
    wanted = "must be an instant with its zone like 2026-11-21T10:00:00+08:00"
    if not isinstance(raw, str):
        return Mistake(wanted, shown(raw))
    day, clock = _date(raw[:10]), clock_of(raw[10:])
    if day is None or isinstance(clock, Mistake):
        return Mistake(clock.wanted if isinstance(clock, Mistake) else wanted, shown(raw))
    return (day - EPOCH) * DAY + clock


def clock_of(raw: str) -> int | Mistake:
    """Microseconds between midnight UTC of the written date and the written time with its zone.

    >>> clock_of("T10:00:00+08:00") // 1_000_000
    7200
    """
    found = CLOCK.fullmatch(raw)
    if found is None:
        return Mistake("must be an instant with its zone like 2026-11-21T10:00:00+08:00")
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    fraction = found[4] or ""
    if hour > 23 or minute > 59 or second > 59:
        return Mistake("must be a time that exists")
    if found[5] is None:
        return Mistake("must say its zone, as in 2026-11-21T10:00:00+08:00")
    offset = _offset(found[5])
    if offset is None:
        return Mistake("must have a zone that exists, as in 2026-11-21T10:00:00+08:00")
    if fraction[6:].strip("0"):
        return Mistake("must have at most 6 digits after the seconds")
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
        return Mistake("must be text", shown(raw))
    if raw.isprintable():  # the common case; neither NUL nor a lone surrogate is printable
        return str(raw)
    if "\0" in raw:
        return Mistake("must not hold the character NUL")
    if any("\ud800" <= c <= "\udfff" for c in raw):
        return Mistake("must be Unicode text without half of a pair")
    return str(raw)


def _member(kind: EnumType, raw: object) -> str | Mistake:
    if isinstance(raw, str) and raw in kind.members:
        return str(raw)
    return Mistake(f"must be one of {_listed(kind.members)}", shown(raw))


def _listed(members: tuple[str, ...]) -> str:
    named = ", ".join(f"`{member}`" for member in members[:12])
    return named if len(members) <= 12 else f"{named} and {len(members) - 12} more"


def _set(kind: SetType, raw: object) -> frozenset[str] | Mistake:
    if not isinstance(raw, list | tuple | set | frozenset):
        return Mistake("must be a list", shown(raw))
    if len(raw) > MAX_ITEMS:
        return Mistake(f"must have at most {MAX_ITEMS} items")
    items = []
    for each in raw:
        item = held(kind.item, each)
        if isinstance(item, Mistake):
            return Mistake(f"each item {item.wanted}", item.found)
        items.append(str(item))
    return frozenset(items)


def _geo(raw: object) -> tuple[float, float] | Mistake:
    wanted = "must be a place like [31.23, 121.47], latitude first"
    match raw:
        case [latitude, longitude]:
            pass
        case {"lat": latitude, "lon": longitude, **rest} if not rest:
            pass
        case _:
            return Mistake(wanted, shown(raw))
    north, east = _degrees(latitude, 90), _degrees(longitude, 180)
    if north is None or east is None:
        return Mistake("must lie from -90 to 90 degrees north and -180 to 180 degrees east")
    return north, east


def _degrees(raw: object, limit: int) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    try:
        return float(raw) if -limit <= raw <= limit else None
    except ArithmeticError:  # a signalling NaN compares with nothing
        return None
