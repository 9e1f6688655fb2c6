"""Numbers as they are written, as integers in units of 10^-scale, and back."""

from __future__ import annotations

import re
from decimal import Decimal

from siyu.schema.mistakes import Mistake, shown
from siyu.types import DurationType, IntType, NumberType

HUGE = 60  # digits before the point that no number of ours has
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


def in_range(kind: NumberType, value: int | Mistake) -> int | Mistake:
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
