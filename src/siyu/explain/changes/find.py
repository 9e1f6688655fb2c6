"""The changes of one outcome, in words that are in no language yet."""

from __future__ import annotations

from typing import Any, Literal

from siyu.core.compiled import Compiled
from siyu.core.program import Program
from siyu.explain.changes.board import Situation, board_of
from siyu.explain.changes.goals import Goal, goal_of, labels_of
from siyu.explain.changes.motion import today
from siyu.explain.changes.search import Flip, flip
from siyu.explain.changes.waiting import DAYS, at_moment, lasts, start_of, waited
from siyu.explain.model import Change, Changes, Shown
from siyu.records import Read
from siyu.types import DATE, DateTimeType, DateType, DurationType, NumberType, Type
from siyu.words import Said, say

DAY_COUNT = DurationType("day")


def find_changes(
    compiled: Compiled, program: Program, read: Read, what: str, show_pii: bool = False
) -> Changes:
    """Per figure the smallest change that makes the outcome another, the smallest share first.

    `program` has its population values, and `read` is the request that was decided about. `what`
    is a declaration by its name, or one of its cases, levels or rows by code (`lifecycle.growth`,
    `member_level.platinum`, `offer.row.2`): then the changes that lead there (or away from there).
    Nothing is found for what is not decided in such a request. Personal fields are looked at only
    where they may be shown (`show_pii`).
    """
    goal = goal_of(compiled, program, read.event, what)
    if goal is None:
        return Changes((), 0, _within(True))
    board = board_of(compiled, program, read.event, goal.watched, show_pii)
    finding = _Finding(compiled, goal, Situation(board, read.facts))
    found, sure = finding.all()
    tried = len(board.levers) + board.waits
    return Changes(tuple(sorted(found, key=_order)), tried, _within(sure))


def _within(sure: bool) -> Said:
    if sure:
        return say("what the schema allows and {days} days", days=DAYS)
    return say("the values that were tried and {days} days", days=DAYS)


def _order(change: Change) -> tuple[int, float, str]:
    """By share; then figures that were nothing or unknown, then those that are no numbers, then
    time."""
    if change.share is not None:
        return (0, abs(change.share), change.fact)
    if change.origin == "time":
        return (3, 0.0, change.fact)
    return (1 if change.gap is not None or _counts(change.after.type) else 2, 0.0, change.fact)


def _counts(kind: Type) -> bool:
    return isinstance(kind, (NumberType, DateType, DateTimeType))


class _Finding:
    def __init__(self, compiled: Compiled, goal: Goal, situation: Situation) -> None:
        self.compiled = compiled
        self.goal = goal
        self.situation = situation
        self.zone = situation.board.probe.program.timezone
        threat = goal.threatened
        self.threatened = threat is not None and threat(situation.before)

    def all(self) -> tuple[list[Change], bool]:
        """Every change, and whether all that is missing is known to be missing."""
        found, sure = [], True
        waits = self._waits()
        for lever in self.situation.board.levers:
            made = flip(self.situation, lever, self.wanted)
            if made is not None:
                found.append(self._change(made, waits))
                sure = sure and made.sure
        if waits is not None:
            found.append(self._waiting(waits))
        return found, sure

    def wanted(self, then: tuple[Any, ...]) -> bool:
        return self.goal.reached(self.situation.before, then)

    def _waits(self) -> int | None:
        reached = self.goal.waited or self.goal.reached
        return waited(self.situation, lambda then: reached(self.situation.before, then))

    # ------------------------------------------------------------ one change

    def _change(self, made: Flip, waits: int | None) -> Change:
        lever, before, after = made.lever, made.before, made.after
        return Change(
            lever.name,
            lever.label,
            lever.origin,
            self._shown(lever.type, before),
            self._shown(lever.type, after),
            self._gap(lever.type, before, after),
            _share(lever.type, before, after),
            made.bound,
            self.goal.result(made.outcome),
            self._by(made, waits),
        )

    def _shown(self, kind: Type, held: Any) -> Shown:
        labels = labels_of(kind, held, self.compiled) if isinstance(held, str) else ()
        return Shown(kind, held, self.zone, *labels)

    def _gap(self, kind: Type, before: Any, after: Any) -> Shown | None:
        if before is None or after is None:
            return None
        match kind:
            case DateType():
                return Shown(DAY_COUNT, after - before, self.zone)
            case DateTimeType():
                return None
            case _ if isinstance(kind, NumberType):
                return Shown(kind, after - before, self.zone)
            case _:
                return None

    def _by(self, made: Flip, waits: int | None) -> int | None:
        """The last day on which it works; of a level in danger the last before it is lost."""
        if self.threatened:
            return None if waits is None else waits - 1
        facts = made.lever.moved(self.situation.facts, made.after)
        return lasts(self.situation, facts, self.wanted)

    def _waiting(self, day: int) -> Change:
        here = today(self.situation)
        moment = start_of(self.situation, day)
        then = self.situation.outcome(at_moment(self.situation, self.situation.facts, moment))
        bound: Literal["at least", "exactly"] = "at least"
        return Change(
            "as_of",
            "as_of",
            "time",
            Shown(DATE, here, self.zone),
            Shown(DATE, day, self.zone),
            Shown(DAY_COUNT, day - here, self.zone),
            None,
            bound,
            self.goal.result(then),
        )


def _share(kind: Type, before: Any, after: Any) -> float | None:
    if not isinstance(kind, NumberType) or not before or after is None:
        return None
    return float((after - before) / before)
