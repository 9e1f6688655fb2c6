"""Paired measurement: rivals take turns in one process, and ratios are taken within a turn.

A shared machine is slow for seconds at a time. Rivals that run right after each other share that
fate, so the ratio of two turns of one round is steadier than either time. The median over many
rounds is reported, with the lowest and the highest ratio. Time is processor time, that of all
threads: what else runs on the machine does not count. The garbage collector runs between turns,
never during one.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rival:
    """A named piece of work: `run` does it, `size` says how many units one run is, and `clock`
    gives the nanoseconds that were spent on it so far."""

    name: str
    run: Callable[[], object]
    size: int = 1
    clock: Callable[[], int] = time.process_time_ns


@dataclass(frozen=True, slots=True)
class Paired:
    """One rival's time for a unit, and its ratio to the base of the comparison."""

    name: str
    nanoseconds: float  # median over rounds
    ratio: float  # median over rounds of this rival's time ÷ the base's in the same round
    lowest: float
    highest: float


def compare(rivals: list[Rival], rounds: int, base: int = 0) -> list[Paired]:
    """Measure rivals in turns, `rounds` times; ratios are to the rival at index `base`."""
    for rival in rivals:
        rival.run()
    times: list[list[float]] = [[] for _ in rivals]
    for turn in range(rounds):
        for place in range(len(rivals)):
            at = (turn + place) % len(rivals)
            times[at].append(_once(rivals[at]))
    return [_paired(rival, own, times[base]) for rival, own in zip(rivals, times, strict=True)]


def _once(rival: Rival) -> float:
    gc.collect()
    gc.disable()
    try:
        start = rival.clock()
        rival.run()
        return (rival.clock() - start) / rival.size
    finally:
        gc.enable()


def _paired(rival: Rival, own: list[float], base: list[float]) -> Paired:
    ratios = [mine / other for mine, other in zip(own, base, strict=True)]
    return Paired(
        name=rival.name,
        nanoseconds=statistics.median(own),
        ratio=statistics.median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
    )


def over(name: str, function: Callable[[T], object], items: list[T], turns: int = 1) -> Rival:
    """A rival that calls `function` for the items: all of them at every turn, or one of `turns`
    equal shares, the next one at the next turn. A unit is one call."""
    shares = cycle(shared(items, turns))

    def run() -> None:
        for item in next(shares):
            function(item)

    return Rival(name, run, len(items) // turns)


def shared(items: list[T], turns: int) -> list[list[T]]:
    """As many equal shares; what is left over is left out."""
    size = len(items) // turns
    return [items[turn * size : (turn + 1) * size] for turn in range(turns)]
