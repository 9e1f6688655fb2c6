"""How large a number can be, found from the columns up, and how many bits hold it.

The ranges of inner nodes' own types are what the checker found good enough to check with; here a
width is chosen and nothing may overflow, so only the ranges of what comes in are believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from siyu.core.ir import Call
from siyu.functions.declaration import OPEN, SqlArg
from siyu.functions.identity import BUCKETS
from siyu.functions.numbers import POWERS, half_up
from siyu.functions.zones import FIRST, FIRST_DAY, LAST, LAST_DAY, SECOND
from siyu.types import (
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    IntType,
    MoneyType,
    TimeType,
    Type,
)

MOST = 10**38 - 1
Bounds = tuple[int, int]

DAYS: Bounds = (FIRST_DAY, LAST_DAY)
INSTANTS: Bounds = (FIRST, LAST)
SECONDS: Bounds = (0, 86_400)


def bits_of(low: int, high: int) -> int:
    """The narrowest of 32, 64 and 128 bits.

    >>> bits_of(0, 5), bits_of(0, 2**31), bits_of(-(2**63) - 1, 0)
    (32, 64, 128)
    """
    for bits in (32, 64):
        if -(2 ** (bits - 1)) <= low and high < 2 ** (bits - 1):
            return bits
    return 128


def bounds_of(kind: Type) -> Bounds | None:
    """The range of a column of a type; None for what is no number."""
    match kind:
        case IntType() | DecimalType() | MoneyType() | DurationType():
            return kind.low, kind.high
        case DateType():
            return DAYS
        case DateTimeType():
            return INSTANTS
        case TimeType():
            return SECONDS
        case _:
            return None


def width_of(kind: Type) -> int:
    """The bits of a column of a type; 64, whatever that means, for what is no number."""
    bounds = bounds_of(kind)
    return 64 if bounds is None else bits_of(*bounds)


def clamped(bounds: Bounds | None) -> Bounds | None:
    """Within 38 digits: the checker rejects policies whose numbers could be larger."""
    return None if bounds is None else (max(bounds[0], -MOST), min(bounds[1], MOST))


def hull(bounds: Iterable[Bounds | None]) -> Bounds | None:
    """The range of what lies in any of these; None if one of them is no number."""
    found: Bounds | None = None
    for each in bounds:
        if each is None:
            return None
        found = each if found is None else (min(found[0], each[0]), max(found[1], each[1]))
    return found


def of_call(node: Call, args: Sequence[SqlArg]) -> Bounds | None:
    """The range of what a function gives for arguments with these ranges."""
    own = bounds_of(node.type)
    rule = RULES.get(node.function)
    found = None if rule is None else rule(args)
    return clamped(own if found is None else found)


def _all(args: Sequence[SqlArg]) -> list[Bounds] | None:
    found = [(a.low, a.high) for a in args if a.low is not None and a.high is not None]
    return found if len(found) == len(args) else None


def _number(arg: SqlArg) -> int | None:
    value: Any = arg.value
    return value if isinstance(value, int) and value is not OPEN else None


def _of(rule: Callable[..., Bounds]) -> Callable[[Sequence[SqlArg]], Bounds | None]:
    """A rule over the ranges of all arguments."""

    def found(args: Sequence[SqlArg]) -> Bounds | None:
        bounds = _all(args)
        return None if bounds is None else rule(*bounds)

    return found


def _mul(a: Bounds, b: Bounds) -> Bounds:
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


def _abs(a: Bounds) -> Bounds:
    return max(0, a[0], -a[1]), max(abs(a[0]), abs(a[1]))


def _quotient(a: Bounds, b: Bounds, power: int) -> Bounds:
    """Of a divided by b, away from zero where it is not whole: b is never zero."""
    least = max(1, b[0] if b[0] > 0 else -b[1] if b[1] < 0 else 1)
    size = max(abs(a[0]), abs(a[1])) * POWERS[max(power, 0)]
    most = -(-size // (least * POWERS[max(-power, 0)]))
    alike = (a[0] >= 0 and b[0] >= 0) or (a[1] <= 0 and b[1] <= 0)
    unlike = (a[0] >= 0 and b[1] <= 0) or (a[1] <= 0 and b[0] >= 0)
    return (0 if alike else -most), (0 if unlike else most)


def _div(args: Sequence[SqlArg]) -> Bounds | None:
    bounds, power = _all(args[:2]), _number(args[2])
    if bounds is None or power is None:
        return None
    return _quotient(bounds[0], bounds[1], power)


def _whole(args: Sequence[SqlArg]) -> Bounds | None:
    bounds = _all(args[:2])
    return None if bounds is None else _quotient(bounds[0], bounds[1], 0)


def _rescale(args: Sequence[SqlArg]) -> Bounds | None:
    bounds, power = _all(args[:1]), _number(args[1])
    if bounds is None or power is None:
        return None
    low, high = bounds[0]
    if power >= 0:
        return low * POWERS[power], high * POWERS[power]
    return half_up(low, POWERS[-power]) or 0, half_up(high, POWERS[-power]) or 0


def _floor(args: Sequence[SqlArg]) -> Bounds | None:
    bounds, power = _all(args[:1]), _number(args[1])
    if bounds is None or power is None:
        return None
    low, high = bounds[0]
    return low // POWERS[power], -(-high // POWERS[power])


def _rank(args: Sequence[SqlArg]) -> Bounds | None:
    members: Any = args[1].value
    return (0, max(0, len(members) - 1)) if isinstance(members, tuple) else None


def _item(args: Sequence[SqlArg]) -> Bounds | None:
    members: Any = args[0].value
    if not isinstance(members, tuple):
        return None
    numbers = [m for m in members if isinstance(m, int) and not isinstance(m, bool)]
    return (min(numbers), max(numbers)) if numbers else None


def _always(low: int, high: int) -> Callable[[Sequence[SqlArg]], Bounds | None]:
    return lambda args: (low, high)


_MONTHS = 12 * 10_000
_ELAPSED = (LAST - FIRST) // SECOND

RULES: dict[str, Callable[[Sequence[SqlArg]], Bounds | None]] = {
    "add": _of(lambda a, b: (a[0] + b[0], a[1] + b[1])),
    "sub": _of(lambda a, b: (a[0] - b[1], a[1] - b[0])),
    "mul": _of(_mul),
    "neg": _of(lambda a: (-a[1], -a[0])),
    "abs": _of(_abs),
    "min": _of(lambda *all: (min(a[0] for a in all), min(a[1] for a in all))),
    "max": _of(lambda *all: (max(a[0] for a in all), max(a[1] for a in all))),
    "div": _div,
    "quotient": _whole,
    "rescale": _rescale,
    "floor": _floor,
    "ceil": _floor,
    "rank": _rank,
    "item": _item,
    "bucket": _always(0, BUCKETS - 1),
    "distance": _always(0, 10**8),
    "months_between": _always(-_MONTHS, _MONTHS),
    "seconds_between": _always(-_ELAPSED, _ELAPSED),
    "hours_between": _always(-_ELAPSED, _ELAPSED),
    "minutes_between": _always(-_ELAPSED, _ELAPSED),
    "add_months": _always(*DAYS),
    "local_date": _always(*DAYS),
    "period_start": _always(*DAYS),
    "period_end": _always(*DAYS),
    "anniversary": _always(*DAYS),
    "next_day": _always(*DAYS),
    "last_day": _always(*DAYS),
    "weekday": _always(1, 7),
    "day_of_month": _always(1, 31),
    "month_of": _always(1, 12),
    "year_of": _always(1, 9_999),
    "days_in_month": _always(28, 31),
    "length": _always(0, 2**31 - 1),
    "local_time": _always(*SECONDS),
    **{
        name: _always(*INSTANTS)
        for name in ("at", "day_start", "shift_days", "shift_months", "shift_seconds",
                     "next_allowed", "next_open")
    },
}  # fmt: skip
