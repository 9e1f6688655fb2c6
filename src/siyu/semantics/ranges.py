"""How far numbers can reach: inclusive bounds of held values, found before any record is seen."""

from __future__ import annotations

from dataclasses import replace

from siyu.functions.numbers import half_up
from siyu.types import (
    MAX_DIGITS,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    IntType,
    MoneyType,
    NumberType,
    TimeType,
    Type,
)  # fmt: skip

Range = tuple[int, int]

LIMIT = 10**MAX_DIGITS


def number(kind: Type) -> NumberType | None:
    """The type, if it is one of numbers."""
    return kind if isinstance(kind, (IntType, DecimalType, MoneyType, DurationType)) else None


def bounds(kind: Type) -> Range:
    """What a value of the type lies between; of other types than numbers, nothing useful."""
    found = number(kind)
    return (found.low, found.high) if found else (0, 0)


def within(kind: NumberType, reach: Range) -> NumberType:
    """The same type with other bounds."""
    return replace(kind, low=reach[0], high=reach[1])


def fits(reach: Range) -> bool:
    """Whether 38 digits hold it.

    >>> fits((0, 10**38 - 1)), fits((-(10**38), 0))
    (True, False)
    """
    return bool(max(abs(reach[0]), abs(reach[1])) < LIMIT)


def plus(a: Range, b: Range) -> Range:
    return a[0] + b[0], a[1] + b[1]


def minus(a: Range, b: Range) -> Range:
    return a[0] - b[1], a[1] - b[0]


def times(a: Range, b: Range) -> Range:
    """
    >>> times((-2, 3), (4, 5))
    (-10, 15)
    """
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


def union(a: Range, b: Range) -> Range:
    return min(a[0], b[0]), max(a[1], b[1])


def sized(a: Range) -> Range:
    """Of the number without its sign."""
    low = 0 if a[0] <= 0 <= a[1] else min(abs(a[0]), abs(a[1]))
    return low, max(abs(a[0]), abs(a[1]))


def shifted(a: Range, digits: int) -> Range:
    """Of the number with that many more digits, or fewer, rounded half up."""
    if digits >= 0:
        return a[0] * 10**digits, a[1] * 10**digits
    return half_up(a[0], 10**-digits) or 0, half_up(a[1], 10**-digits) or 0


def over(a: Range, b: Range, digits: int) -> Range:
    """Of a times 10^digits divided by b; where b may be zero, by the least it can be otherwise.

    >>> over((100, 900), (3, 10), 0)
    (10, 300)
    """
    a = shifted(a, digits) if digits >= 0 else a
    b = b if digits >= 0 else shifted(b, -digits)
    divisors = {x for x in (b[0], b[1]) if x} | {x for x in (-1, 1) if b[0] <= x <= b[1]}
    results = [half_up(x, y) or 0 for x in a for y in divisors]
    reach = (min(results), max(results)) if results else (0, 0)
    return union(reach, (0, 0)) if a[0] <= 0 <= a[1] else reach


def may_be_zero(kind: Type) -> bool:
    low, high = bounds(kind)
    return low <= 0 <= high


def has_order(kind: Type) -> bool:
    """Whether values of the type can be least and greatest as they are held."""
    return number(kind) is not None or isinstance(kind, (DateType, DateTimeType, TimeType))
