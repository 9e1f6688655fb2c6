"""Two figures at once, where no single one brings what does not happen.

Every two figures are tried at the values at which something turns with one of them alone, up to a
bound; the smallest of those that do it are made as small as possible, each while the other stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from siyu.core.program import Facts
from siyu.explain.changes.board import Situation
from siyu.explain.changes.levers import Lever
from siyu.explain.changes.search import Flip, Wanted, flip, points
from siyu.types import NumberType

MOST_TRIED = 2000  # of two values at once
MOST_MADE_SMALL = 3
MOST_POINTS = 4  # of one figure, on either side of its value

Pair = tuple[Flip, Flip]


@dataclass(frozen=True, slots=True)
class _Point:
    """A value of a figure at which something turns, how large a change that is, and the facts."""

    lever: Lever
    value: Any
    size: float
    facts: Facts


def pairs(situation: Situation, wanted: Wanted) -> list[Pair]:
    """Two figures that do together what is wanted, the smallest first; neither more than it must
    be while the other is so."""
    found: list[Pair] = []
    coarse = sorted(_coarse(situation, wanted), key=_size)
    for one, other in coarse[:MOST_MADE_SMALL]:
        made = _small(situation, one, other, wanted)
        if made is not None:
            found.append(made)
    return found


def _size(pair: tuple[_Point, _Point]) -> float:
    return pair[0].size + pair[1].size


def _coarse(situation: Situation, wanted: Wanted) -> list[tuple[_Point, _Point]]:
    """For every two figures the first values found that do it, near ones tried first."""
    found: dict[tuple[str, str], tuple[_Point, _Point]] = {}
    tried = 0
    for one, other in _together(situation):
        key = min(one.lever.name, other.lever.name), max(one.lever.name, other.lever.name)
        if key in found:
            continue
        if tried == MOST_TRIED:
            break
        tried += 1
        if wanted(situation.outcome(other.lever.moved(one.facts, other.value))):
            found[key] = (one, other)
    return list(found.values())


def _together(situation: Situation) -> Iterator[tuple[_Point, _Point]]:
    """Every two values of figures of which neither hangs on the other, near ones first."""
    board = situation.board
    ranked: list[tuple[int, int, _Point]] = []
    for place, lever in enumerate(situation.levers):
        for rank, value in enumerate(points(situation, lever, MOST_POINTS)):
            size = _share(lever, situation.present(lever), value)
            facts = lever.moved(situation.facts, value)
            ranked.append((rank, place, _Point(lever, value, size, facts)))
    ranked.sort(key=lambda each: each[:2])
    bits = [board.bit(lever) for lever in situation.levers]
    under = [board.under(lever) for lever in situation.levers]
    for index, (_, place, other) in enumerate(ranked):
        for _, before, one in ranked[:index]:
            tied = under[place] & bits[before] or under[before] & bits[place]
            if place != before and not tied:
                yield one, other


def _share(lever: Lever, before: Any, after: Any) -> float:
    if isinstance(lever.type, NumberType) and before:
        return float(abs((after - before) / before))
    return 1.0


def _small(situation: Situation, one: _Point, other: _Point, wanted: Wanted) -> Pair | None:
    """Both made as small as they can be while the other stays; None where they chase each other,
    or where one is enough."""
    first, _ = flip(situation.changed(one.lever, one.value), other.lever, wanted)
    if first is None:
        return None
    second, _ = flip(situation.changed(other.lever, first.after), one.lever, wanted)
    if second is None:
        return None
    if second.after != one.value:
        again, _ = flip(situation.changed(one.lever, second.after), other.lever, wanted)
        if again is None or again.after != first.after:
            return None
        first = again
    return second, replace(first, outcome=second.outcome)
