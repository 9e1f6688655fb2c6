"""Distributions as tables of whole numbers: entry q of 1024 is what the share q of all lie below.

Tables are made here, once; the engine only looks up and interpolates in whole numbers, so that
results do not depend on a machine's arithmetic.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from functools import cache
from statistics import NormalDist

SIZE = 1024
POSITIONS = 4096  # of moments between the first day and as_of
HORIZON = 1096  # days of history
EPOCH = dt.date(1970, 1, 1)
_NORMAL = NormalDist()


def _quantiles(shape: Callable[[float], float], size: int = SIZE) -> list[float]:
    return [shape((place + 0.5) / (size + 1)) for place in range(size + 1)]


AMOUNTS = 4096


def amounts(median: float, unit: int, low: int, high: int) -> list[int]:
    """Amounts of money: most are small, a few are very large. `unit` is 10^scale.

    Entries leave room for `Draws.amount`, which adds up to 1023/32768 of them.
    """

    def shape(q: float) -> float:
        tail = 1.0 if q < 0.99 else 1 + (q - 0.99) * 900
        return median * math.exp(0.95 * _NORMAL.inv_cdf(q)) * tail

    most = high * 32_768 // 33_791 if high > 0 else high
    found = [round(each * unit) for each in _quantiles(shape, AMOUNTS - 1)]
    return clamped(found, low, max(low, most))


def bell(middle: float, width: float, low: int, high: int) -> list[int]:
    """Around a middle, such as ages."""
    found = _quantiles(lambda q: middle + width * _NORMAL.inv_cdf(q))
    return clamped([round(each) for each in found], low, high)


def few(low: int, high: int, unit: int = 1) -> list[int]:
    """Small counts: 1 mostly, 2 often, seldom more."""
    found = _quantiles(lambda q: 1 + (-math.log(1 - q)) ** 1.4)
    return clamped([int(each) * unit for each in found], low, high)


def evenly(low: int, high: int) -> list[int]:
    """All values between two alike."""
    return [low + (high - low) * place // SIZE for place in range(SIZE + 1)]


def clamped(values: list[int], low: int, high: int) -> list[int]:
    """The values, moved inwards where they leave the range."""
    return [min(max(each, low), high) for each in values]


@cache
def counts(mean: float, most: int | None = None) -> tuple[int, ...]:
    """How many rows a customer has, by rank: many have none or one, a few have very many.

    >>> found = counts(12.0)
    >>> round(sum(found) / len(found)), found[0], found[-1] > 100
    (12, 0, True)
    """
    size = POSITIONS
    nobody = 0.12 if mean >= 2 else 0.3
    wanted = round(mean * size)
    shape = [
        0.0 if q < nobody else math.exp(1.5 * _NORMAL.inv_cdf(q))
        for q in ((place + 0.5) / size for place in range(size))
    ]
    least, largest = 0.0, float(max(1, wanted) + 1)
    for _ in range(60):
        factor = (least + largest) / 2
        total = sum(_few_enough(factor * each, most) for each in shape)
        least, largest = (factor, largest) if total < wanted else (least, factor)
    return tuple(_few_enough(largest * each, most) for each in shape)


def _few_enough(wanted: float, most: int | None) -> int:
    count = round(wanted)
    return count if most is None else min(count, most)


FESTIVALS = {(11, 11): 6.0, (6, 18): 4.0, (12, 12): 2.5, (2, 14): 2.0, (8, 8): 1.5, (10, 1): 2.0}
WEEK = (0.85, 0.85, 0.9, 0.95, 1.15, 1.35, 1.25)  # Monday first


def days(last: dt.date) -> list[int]:
    """Day number (since 1970) at each of the positions: days with more business have more."""
    first = last - dt.timedelta(days=HORIZON - 1)
    weights = []
    for ago in range(HORIZON - 1, -1, -1):
        day = last - dt.timedelta(days=ago)
        year = 1 + 0.25 * math.cos(2 * math.pi * (day.month - 12) / 12)
        growth = 1 + (HORIZON - ago) / HORIZON
        feast = FESTIVALS.get((day.month, day.day), 1.0)
        weights.append(WEEK[day.weekday()] * year * growth * feast)
    found: list[int] = []
    total, taken = sum(weights), 0.0
    for place, weight in enumerate(weights):
        taken += weight
        until = round(POSITIONS * taken / total)
        found += [(first - EPOCH).days + place] * (until - len(found))
    return found


HOURS = (2, 1, 1, 1, 1, 2, 5, 9, 12, 18, 24, 28, 30, 24, 20, 20, 22, 26, 32, 42, 48, 40, 22, 8)


def seconds() -> list[int]:
    """Second of the day at each of 1024 positions: noon and evening are busy."""
    found: list[int] = []
    total, taken = sum(HOURS), 0
    for hour, weight in enumerate(HOURS):
        taken += weight
        until = round((SIZE + 1) * taken / total)
        here = until - len(found)
        found += [hour * 3600 + 3600 * place // here for place in range(here)]
    return found
