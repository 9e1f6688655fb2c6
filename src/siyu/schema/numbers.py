"""Numbers as they are written, as integers in units of 10^-scale, and back."""

from __future__ import annotations

import re
from decimal import Decimal

from siyu.schema.mistakes import MANY_DIGITS, Mistake, shown
from siyu.types import DurationType, IntType, NumberType
from siyu.words import Said, Words, say, say_n

HUGE = 60  # digits before the point that no number of ours has
A_NUMBER, A_WHOLE_NUMBER = say("must be a number"), say("must be a whole number")
DIGIT_BY_DIGIT = say("must be sent digit by digit, as a decimal or as text")
SMALLER = say("must be a smaller number")
NUMBER = re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,60})?", re.ASCII)


def _number(kind: NumberType, raw: object) -> int | Mistake:
    wanted = A_WHOLE_NUMBER if isinstance(kind, IntType) else A_NUMBER
    scale = 0 if isinstance(kind, IntType) else kind.scale
    if isinstance(raw, bool):
        return Mistake(wanted, shown(raw))
    if isinstance(raw, int):
        return raw * int(10**scale)
    if isinstance(raw, float):
        return Mistake(DIGIT_BY_DIGIT, shown(raw))
    if isinstance(raw, Decimal):
        return scaled(raw, scale, wanted)
    if isinstance(raw, str) and not isinstance(kind, IntType) and NUMBER.fullmatch(raw):
        return scaled(Decimal(raw), scale, wanted)
    return Mistake(wanted, shown(raw))


def scaled(number: Decimal, scale: int, wanted: Words = A_NUMBER) -> int | Mistake:
    """The number in units of 10^-scale, exactly; never by rounding, never by computing 10^huge.

    >>> scaled(Decimal("19.900"), 2), str(scaled(Decimal("1E+999999999"), 2).wanted)
    (1990, 'must be a smaller number')
    """
    if not number.is_finite():
        return Mistake(wanted, shown(number))
    if number.is_zero():
        return 0
    if number.adjusted() > HUGE:
        return Mistake(SMALLER, shown(number))
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # the number is finite
    surplus = -exponent - scale
    if surplus > 0 and (surplus >= len(digits) or any(digits[-surplus:])):
        return Mistake(_digits_wanted(scale), shown(number))
    kept = digits[:-surplus] if surplus > 0 else digits
    value = int("".join(map(str, kept))) * int(10 ** max(-surplus, 0))
    return -value if sign else value


def _digits_wanted(scale: int) -> Words:
    if scale == 0:
        return A_WHOLE_NUMBER
    return say_n(
        "must have at most 1 digit after the point",
        "must have at most {count} digits after the point",
        scale,
    )


def held_number(kind: NumberType, raw: object) -> int | Mistake:
    """The held number of what was written, whatever the type's range."""
    return _duration(kind, raw) if isinstance(kind, DurationType) else _number(kind, raw)


def in_range(kind: NumberType, value: int | Mistake) -> int | Mistake:
    if isinstance(value, Mistake) or kind.low <= value <= kind.high:
        return value
    if value.bit_length() > 200:  # too long to be shown, or even turned into text
        return Mistake(range_wanted(kind), MANY_DIGITS)
    return Mistake(range_wanted(kind), f"`{decimal_text(value, _scale(kind))}`")


def range_wanted(kind: NumberType) -> Said:
    """The sentence that says a number type's range.

    >>> str(range_wanted(IntType(0, 120)))
    'must be from 0 to 120'
    """
    scale = _scale(kind)
    low, high = (decimal_text(bound, scale, short=True) for bound in (kind.low, kind.high))
    return say("must be from {low} to {high}", low=low, high=high)


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


UNITS_WANTED = {
    "day": say("must be a number of days like `30 days`"),
    "hour": say("must be a number of hours like `30 hours`"),
    "minute": say("must be a number of minutes like `30 minutes`"),
    "second": say("must be a number of seconds like `30 seconds`"),
    "month": say("must be a number of months like `30 months`"),
}


def _duration(kind: DurationType, raw: object) -> int | Mistake:
    """A number in the type's own unit, or text like "30 days"."""
    if not isinstance(raw, str):
        return _number(kind, raw)
    wanted = UNITS_WANTED[kind.unit]
    digits, _, word = raw.partition(" ")
    unit, factor = UNITS.get(word, ("", 1))
    if unit != kind.unit or not NUMBER.fullmatch(digits):
        return Mistake(wanted, shown(raw))
    value = scaled(Decimal(digits), kind.scale, wanted)
    return value if isinstance(value, Mistake) else value * factor
