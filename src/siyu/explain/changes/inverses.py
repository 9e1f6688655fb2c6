"""Turning arithmetic round: from what a result must reach to what an argument must."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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

# Functions that rise or fall with one argument while the others stay, and their places.
MONOTONE: dict[str, tuple[int, ...]] = {
    "div": (0,), "rescale": (0,), "floor": (0,), "ceil": (0,), "quotient": (0,),
    "add_months": (0, 1), "months_between": (0, 1), "period_start": (0,), "period_end": (0,),
    "local_date": (0,), "day_start": (0,), "at": (0, 1), "shift_days": (0, 1),
    "shift_months": (0, 1), "shift_seconds": (0, 1), "seconds_between": (0, 1),
    "hours_between": (0, 1), "minutes_between": (0, 1),
}  # fmt: skip
SPLIT = {"abs": (0,), "div": (1,), "quotient": (1,)}  # monotone on either side of zero
DAYS = (1, 3_652_059)
MOMENTS = (-62_135_000_000_000_000, 253_402_000_000_000_000)


def span_of(kind: Type) -> tuple[int, int] | None:
    """The least and greatest held value of a type that is held as a number."""
    match kind:
        case IntType() | DecimalType() | MoneyType() | DurationType():
            return kind.low, kind.high
        case DateType():
            return DAYS
        case DateTimeType():
            return MOMENTS
        case TimeType():
            return 0, 86_399
        case _:
            return None


def factored(factor: int, wanted: int) -> list[int]:
    """What a factor's other side must reach.

    >>> factored(3, 10), factored(-3, 10), factored(0, 10)
    ([4], [-3], [])
    """
    if factor == 0:
        return []
    return [-(-wanted // factor)] if factor > 0 else [wanted // factor + 1]


def first(at: Callable[[int], Any], low: int, high: int, wanted: int) -> int | None:
    """The value in the range from which on a monotone function is at least (or less than) wanted.

    >>> first(lambda n: n * n, 0, 100, 50), first(lambda n: -n, 0, 100, -7), first(abs, 5, 9, 1)
    (8, 8, None)
    """
    if low > high:
        return None
    least, most = at(low), at(high)
    if least is None or most is None or (least >= wanted) == (most >= wanted):
        return None
    below = least >= wanted
    while high - low > 1:
        middle = (low + high) // 2
        value = at(middle)
        if value is None:
            return None
        if (value >= wanted) == below:
            low = middle
        else:
            high = middle
    return high
