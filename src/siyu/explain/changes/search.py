"""The smallest change of one figure with which something becomes as it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from siyu.core.program import Facts
from siyu.explain.changes.board import Board, Situation
from siyu.explain.changes.edges import Edges
from siyu.explain.changes.inverses import span_of
from siyu.explain.changes.levers import ANYTHING, Lever
from siyu.explain.changes.motion import FREE, Motion, domain, today
from siyu.explain.changes.probe import Outcome
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    EnumType,
    LevelType,
    NumberType,
    SetType,
    TextType,
    TimeType,
)

Wanted = Callable[[Outcome], bool]
Bound = Literal["at least", "at most", "exactly"]
NUMERIC = (*NumberType.__args__, DateType, DateTimeType, TimeType)
NEAR_DAYS = 400  # looked at one by one where no arithmetic says where a day turns something
FACTORS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Flip:
    """A figure, its present value, the nearest one that does it, and what is watched then.

    `bound`: whether everything beyond does it too; `beyond`: what is watched there.
    """

    lever: Lever
    before: Any
    after: Any
    bound: Bound
    outcome: Outcome
    beyond: tuple[Outcome, ...] = ()

    @property
    def shifts(self) -> bool:
        """Whether it is a difference, rather than a value of its own."""
        return self.bound != "exactly" and isinstance(self.before, int)


def flips(
    board: Board,
    facts: Facts,
    as_of: int,
    wanted: Wanted,
    levers: Iterable[Lever] | None = None,
    invent: bool = False,
) -> Iterator[Flip]:
    """Every single figure that makes what is watched as it is wanted, with its smallest change.

    `facts` are those of a request at `as_of`, in the order of the program's needs. With `invent`
    figures may become anything that the schema allows, unknown too: for records that are made up.
    """
    situation = Situation(board, facts, as_of)
    for lever in board.levers if levers is None else levers:
        found, _ = flip(situation, lever, wanted, FREE if invent else None, invent)
        if found is not None:
            yield found


def flip(
    situation: Situation,
    lever: Lever,
    wanted: Wanted,
    motion: Motion | None = None,
    forget: bool = False,
) -> tuple[Flip | None, bool]:
    """The nearest value of one figure, within its `motion`, that does what is wanted; and whether
    it is certain that no nearer one does: not where no arithmetic said which values to try."""
    motion = domain(situation, lever) if motion is None else motion
    if not motion.moves:
        return None, True
    if motion.up or motion.down:
        motion = motion.towards(situation.present(lever)) if motion is not FREE else FREE
    search = _Search(situation, lever, wanted, motion)
    found = search.nearest()
    if found is None and forget and search.present is not None and _optional(lever):
        outcome = situation.outcome(lever.moved(situation.facts, None))
        if wanted(outcome):
            found = Flip(lever, search.present, None, "exactly", outcome)
    return found, search.edges.sure


def points(situation: Situation, lever: Lever, most: int) -> list[Any]:
    """The values at which something turns, at most so many on either side, near ones first."""
    motion = domain(situation, lever)
    if not motion.moves:
        return []
    if (motion.up or motion.down) and motion is not FREE:
        motion = motion.towards(situation.present(lever))
    return _Search(situation, lever, lambda _: False, motion).points(most)


def _optional(lever: Lever) -> bool:
    return lever.channel is None and (lever.field is None or lever.field.maybe_unknown)


class _Search:
    def __init__(self, situation: Situation, lever: Lever, wanted: Wanted, motion: Motion) -> None:
        self.situation = situation
        self.lever = lever
        self.wanted = wanted
        self.motion = motion
        self.present = situation.present(lever)
        self.edges = Edges(situation, lever)

    def nearest(self) -> Flip | None:
        free = self.motion.up or self.motion.down
        if isinstance(self.lever.type, NUMERIC) and free:
            turns = self.edges.all()
            return self._unknown(turns) if self.present is None else self._known(turns)
        return self._listed(self._reached() if not free else self._others())

    def points(self, most: int) -> list[Any]:
        free = self.motion.up or self.motion.down
        if not isinstance(self.lever.type, NUMERIC) or not free:
            listed = self._reached() if not free else self._others()
            return [value for value in listed if value != self.present][:most]
        turns = self.edges.all()
        if self.present is None:
            return self._from(turns)[1][: 2 * most]
        above, below = self._sides(turns)
        here: int = self.present
        return sorted((*above[:most], *below[:most]), key=lambda point: abs(point - here))

    def outcome(self, value: Any) -> Outcome:
        return self.situation.outcome(self.lever.moved(self.situation.facts, value))

    def does(self, value: Any) -> bool:
        return self.wanted(self.outcome(value))

    def made(self, value: Any, bound: Bound, beyond: tuple[Outcome, ...] = ()) -> Flip:
        return Flip(self.lever, self.present, value, bound, self.outcome(value), beyond)

    # ------------------------------------------------------------ values in a list

    def _listed(self, values: Iterable[Any]) -> Flip | None:
        for value in values:
            if value != self.present and self.does(value):
                return self.made(value, "exactly")
        return None

    def _reached(self) -> list[Any]:
        """The values that it can go to; of words in an order the nearest first."""
        if isinstance(self.lever.type, EnumType):
            ordered = _by_nearness(list(self.lever.type.members), self.present)
            return [member for member in ordered if member in self.motion.to]
        return sorted(self.motion.to, key=str)

    def _others(self) -> list[Any]:
        """The other values that may make a difference, the nearest first."""
        match self.lever.type:
            case BoolType():
                return [True, False]
            case EnumType(members=members):
                return _by_nearness(list(members), self.present)
            case LevelType():
                self.edges.all()
                return list(self.edges.constants)
            case TextType():
                self.edges.all()
                texts = [text for text in self.edges.constants if isinstance(text, str)]
                return [*texts, *([ANYTHING] if self.present is None else [])]
            case SetType():
                return self._sets()
            case _:
                return []

    def _sets(self) -> list[frozenset[str]]:
        """One more, or one less, of those that are asked for."""
        self.edges.all()
        here: frozenset[str] = self.present or frozenset()
        items = [item for item in self.edges.constants if isinstance(item, str)]
        return [here ^ {item} for item in items]

    # ------------------------------------------------------------ numbers, days and moments

    def _range(self) -> tuple[int, int]:
        span = span_of(self.lever.type)
        assert span is not None
        low, high = span
        field = self.lever.field
        if field is not None:
            low = low if field.low is None else max(low, field.low)
            high = high if field.high is None else min(high, field.high)
            if isinstance(self.lever.type, (DateType, DateTimeType)) and self.motion is not FREE:
                low = max(low, self._now())
        return low, high

    def _now(self) -> int:
        kind = self.lever.type
        return self.situation.as_of if isinstance(kind, DateTimeType) else today(self.situation)

    def _known(self, turns: list[int]) -> Flip | None:
        low, high = self._range()
        here: int = self.present
        above, below = self._sides(turns)
        if not self.edges.sure:
            above = sorted({*above, *(self._grid(here, high) if self.motion.up else ())})
            below = sorted({*below, *(self._grid(here, low) if self.motion.down else ())})[::-1]
        sides = (self._side(above, high, 1), self._side(below, low, -1))
        found = [side for side in sides if side is not None]
        return min(found, key=lambda each: abs(each.after - here), default=None)

    def _sides(self, turns: list[int]) -> tuple[list[int], list[int]]:
        """The values above and below the present one where something turns, near ones first."""
        low, high = self._range()
        here: int = self.present
        above = [turn for turn in turns if here < turn <= high] if self.motion.up else []
        below = [turn - 1 for turn in reversed(turns) if low <= turn - 1 < here]
        return above, below if self.motion.down else []

    def _grid(self, here: int, end: int) -> list[int]:
        """Values here and there up to an end of the range, near ones closer together."""
        way, found, size = (1 if end >= here else -1), [], self.lever.step
        if isinstance(self.lever.type, DateType):
            return [here + way * n for n in range(1, NEAR_DAYS + 1) if n <= abs(end - here)]
        while size <= abs(end - here):
            found += [here + way * size * n for n in FACTORS if size * n <= abs(end - here)]
            size *= 10
        return [*found, end] if end != here else []

    def _side(self, points: list[int], end: int, way: int) -> Flip | None:
        """The first point that does it; never one of which a step less does it too."""
        before: int = self.present
        for place, point in enumerate(points):
            if not self.does(point):
                before = point
                continue
            least = self._least(before, point, way)
            value = self._round(least, way, end)
            beyond = tuple(self.outcome(each) for each in (*points[place + 1 :], end))
            return self.made(value, self._bound(beyond, way), beyond)
        return None

    def _least(self, before: int, point: int, way: int) -> int:
        """The value nearest to `before` that does it, by halving."""
        while abs(point - before) > 1 and self.does(point - way):
            middle = (before + point) // 2 if abs(point - before) > 2 else point - way
            if self.does(middle):
                point = middle
            else:
                before = middle
        return point

    def _round(self, value: int, way: int, end: int) -> int:
        """The next value of a size in which people speak, where that does it as well."""
        step = self.lever.step
        rounded = -(-value // step) * step if way > 0 else value // step * step
        within = rounded <= end if way > 0 else rounded >= end
        return rounded if rounded != value and within and self.does(rounded) else value

    def _unknown(self, turns: list[int]) -> Flip | None:
        """Of a value that is unknown the least one, by its size, that does it."""
        nothing, points = self._from(turns)
        for point in points:
            if self.does(point):
                return self._from_unknown(point, nothing, sorted(points))
        return None

    def _from(self, turns: list[int]) -> tuple[int, list[int]]:
        """What is as good as nothing, and the values where something turns, near ones first."""
        low, high = self._range()
        kept = [turn for turn in turns if low <= turn <= high]
        rest = [turn - 1 for turn in turns if low <= turn - 1 <= high]
        nothing = min(max(0, low), high)
        if isinstance(self.lever.type, (DateType, DateTimeType)):
            nothing = min(max(self._now(), low), high)
        every = {nothing, low, high, *kept, *rest}
        return nothing, sorted(every, key=lambda n: (abs(n - nothing), -n))

    def _from_unknown(self, point: int, nothing: int, points: list[int]) -> Flip:
        way = 1 if point >= nothing else -1
        ordered = points if way > 0 else points[::-1]
        beyond = tuple(self.outcome(each) for each in ordered if (each - point) * way > 0)
        value = self._round(point, way, points[-1] if way > 0 else points[0])
        return self.made(value, self._bound(beyond, way), beyond)

    def _bound(self, beyond: tuple[Outcome, ...], way: int) -> Bound:
        if not all(map(self.wanted, beyond)):
            return "exactly"
        return "at least" if way > 0 else "at most"


def _by_nearness(members: list[str], present: Any) -> list[str]:
    """
    >>> _by_nearness(["a", "b", "c", "d"], "b")
    ['c', 'a', 'd']
    """
    if present not in members:
        return members
    here = members.index(present)
    others = [member for member in members if member != present]
    return sorted(others, key=lambda each: (abs(members.index(each) - here), -members.index(each)))
