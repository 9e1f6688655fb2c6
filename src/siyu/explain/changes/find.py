"""The changes of one outcome, in words that are in no language yet."""

from __future__ import annotations

from typing import Any

from siyu.core.compiled import Compiled
from siyu.core.program import Program
from siyu.explain.changes.board import Situation, board_of
from siyu.explain.changes.goals import Goal, goal_of
from siyu.explain.changes.labels import shown
from siyu.explain.changes.motion import today
from siyu.explain.changes.pairs import pairs
from siyu.explain.changes.probe import Outcome
from siyu.explain.changes.search import Flip, flip
from siyu.explain.changes.waiting import DAYS, Days, pass_days
from siyu.explain.model import Change, Changes, Shown
from siyu.records import Read
from siyu.types import DATE, DateTimeType, DateType, DurationType, NumberType, Type
from siyu.words import Said, say

DAY_COUNT = DurationType("day")


def find_changes(
    compiled: Compiled, program: Program, read: Read, what: str, show_pii: bool = False
) -> Changes:
    """Per figure the smallest change that makes the outcome another, the smallest share first;
    where there is none, two figures at once.

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
    finding = _Finding(compiled, goal, Situation(board, read.facts, read.as_of))
    found, sure = finding.all()
    together = finding.together() if not found else ()
    tried = len(finding.situation.levers) + board.waits
    hidden = tried == 0 and not show_pii and _has_figures(compiled, program, read, goal)
    return Changes(
        tuple(sorted(found, key=_order)), tried, _within(sure, board.private), together, hidden
    )


def _has_figures(compiled: Compiled, program: Program, read: Read, goal: Goal) -> bool:
    """Whether there is anything to look at where personal values may be."""
    board = board_of(compiled, program, read.event, goal.watched, True)
    return bool(Situation(board, read.facts, read.as_of).levers) or board.waits


def _within(sure: bool, private: bool = False) -> Said:
    if private:
        return say("what may be told without personal values")
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
        """Every change, and whether it is certain that there is no other."""
        tried = [flip(self.situation, each, self.wanted) for each in self.situation.levers]
        flips = [made for made, _ in tried if made is not None]
        days = pass_days(self.situation, self.wanted, self.waited, [(made,) for made in flips])
        found = [
            self._change(made, self._by(n, days, made.outcome)) for n, made in enumerate(flips)
        ]
        if days.waited is not None:
            found.append(self._waiting(days.waited, days.then))
        return found, all(sure for _, sure in tried)

    def together(self) -> tuple[tuple[Change, Change], ...]:
        """Two figures at once that bring what does not happen."""
        if self.goal.settled(self.situation.before):
            return ()
        found = pairs(self.situation, self.wanted)
        if not found:
            return ()
        days = pass_days(self.situation, self.wanted, self.waited, found)
        return tuple(
            self._both(*pair, self._by(n, days, pair[1].outcome)) for n, pair in enumerate(found)
        )

    def _both(self, one: Flip, other: Flip, by: int | None) -> tuple[Change, Change]:
        first, second = self._change(one, by), self._change(other, by)
        return (first, second) if _order(first) <= _order(second) else (second, first)

    def wanted(self, then: Outcome) -> bool:
        """Whether an outcome is the other one."""
        return self.goal.reached(self.situation.before, then)

    def waited(self, then: Outcome) -> bool:
        """Whether it is another one where time alone brings it."""
        reached = self.goal.waited or self.goal.reached
        return reached(self.situation.before, then)

    def _by(self, place: int, days: Days, then: Outcome) -> int | None:
        """The last day on which a change works; of a level in danger, where the change keeps it,
        the last before its loss."""
        if self.threatened and then[0] == self.situation.before[0]:
            return None if days.waited is None else days.waited - 1
        return days.last.get(place)

    # ------------------------------------------------------------ one change

    def _change(self, made: Flip, by: int | None) -> Change:
        lever, before, after = made.lever, made.before, made.after
        result = self.goal.result(made.outcome)
        alike = all(self.goal.result(then) == result for then in made.beyond)
        return Change(
            lever.name,
            lever.label,
            lever.origin,
            self._shown(lever.type, before),
            self._shown(lever.type, after),
            self._gap(lever.type, before, after),
            _share(lever.type, before, after),
            made.bound if alike else "exactly",
            result,
            by,
        )

    def _shown(self, kind: Type, held: Any) -> Shown:
        return shown(kind, held, self.compiled, self.zone)

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

    def _waiting(self, day: int, then: Outcome) -> Change:
        here = today(self.situation)
        return Change(
            "as_of",
            "as_of",
            "time",
            Shown(DATE, here, self.zone),
            Shown(DATE, day, self.zone),
            Shown(DAY_COUNT, day - here, self.zone),
            None,
            "at least",
            self.goal.result(then),
        )


def _share(kind: Type, before: Any, after: Any) -> float | None:
    if not isinstance(kind, NumberType) or not before or after is None:
        return None
    return float((after - before) / before)
