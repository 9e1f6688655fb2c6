"""What time alone does: the moment of the decision moved forward, day by day."""

from __future__ import annotations

from typing import Any

from siyu.core.program import Facts
from siyu.explain.changes.board import Situation
from siyu.explain.changes.motion import today
from siyu.explain.changes.search import Wanted
from siyu.functions import FUNCTIONS

DAYS = 366


def waited(situation: Situation, wanted: Wanted) -> int | None:
    """The first day (an ordinal) on which it is as wanted without any figure moving: when the day
    begins, and at the time of day at which it is now. None where it does not come to that."""
    if not situation.board.waits:
        return None
    here = today(situation)
    for day in range(here + 1, here + DAYS + 1):
        facts = situation.facts
        if wanted(situation.outcome(at_moment(situation, facts, start_of(situation, day)))) and (
            wanted(situation.outcome(at_moment(situation, facts, same_time(situation, day))))
        ):
            return day
    return None


def lasts(situation: Situation, facts: Facts, wanted: Wanted) -> int | None:
    """The last day (an ordinal) on which these facts still do what is wanted; None where that does
    not end within so many days."""
    if not situation.board.waits:
        return None
    here = today(situation)
    for day in range(here + 1, here + DAYS + 1):
        moved = at_moment(situation, facts, same_time(situation, day))
        if not wanted(situation.outcome(moved)):
            return day - 1
    return None


def at_moment(situation: Situation, facts: Facts, moment: int) -> Facts:
    """The facts, decided about at another moment."""
    values = list(facts.values)
    values[situation.board.probe.inputs["request", "as_of"]] = moment
    return Facts(tuple(values), facts.tables)


def start_of(situation: Situation, day: int) -> int:
    """When a day begins where the policy is at home."""
    moment: Any = FUNCTIONS["day_start"].python(day, situation.board.probe.program.timezone)
    return int(moment)


def same_time(situation: Situation, day: int) -> int:
    """The time of day at which it is now, on another day."""
    zone = situation.board.probe.program.timezone
    clock = FUNCTIONS["local_time"].python(situation.as_of, zone)
    moment: Any = FUNCTIONS["at"].python(day, clock, zone)
    return int(moment)
