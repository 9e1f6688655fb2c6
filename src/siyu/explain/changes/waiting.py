"""What time does, day by day: to the outcome as it is, and to changes that were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from siyu.core.program import Facts
from siyu.explain.changes.board import Situation
from siyu.explain.changes.levels import carried
from siyu.explain.changes.motion import today
from siyu.explain.changes.probe import Outcome
from siyu.explain.changes.search import Flip, Wanted
from siyu.functions import FUNCTIONS

DAYS = 366


@dataclass(slots=True)
class Days:
    """What a year brings. `waited`: the first day on which time alone makes the outcome another:
    when the day begins, and at the time of day at which it is now. `last`: by a change's place, the
    last day on which it works. Days are ordinals; what does not come within a year is not here.
    `then`: what is watched on the day that `waited` is."""

    waited: int | None = None
    then: Outcome = ()
    last: dict[int, int] = field(default_factory=dict)


def pass_days(
    situation: Situation, wanted: Wanted, waits: Wanted, found_now: Sequence[Sequence[Flip]]
) -> Days:
    """Moves the moment of the decision forward, for all of them at once; a change may be one of
    several figures. The levels that a day finds are those that the next one holds."""
    found = Days()
    if not situation.board.waits:
        return found
    here, board = today(situation), situation.board
    alive = list(enumerate(found_now))
    _, values = board.probe.outcome_and_metrics(situation.facts)
    facts = carried(board.levels, board.probe, situation.facts, values)
    for day in range(here + 1, here + DAYS + 1):
        then = at_moment(situation, facts, same_time(situation, day))
        outcome, metrics = board.probe.outcome_and_metrics(then)
        for each in tuple(alive):
            if not _works(each[1], situation, then, metrics, wanted):
                found.last[each[0]] = day - 1
                alive.remove(each)
        if found.waited is None and waits(outcome):
            begins = situation.outcome(at_moment(situation, facts, start_of(situation, day)))
            if waits(begins):
                found.waited, found.then = day, begins
        if not alive and found.waited is not None:
            break
        facts = carried(board.levels, board.probe, facts, metrics)
    return found


def _works(
    flips: Sequence[Flip],
    situation: Situation,
    then: Facts,
    metrics: dict[str, Any],
    wanted: Wanted,
) -> bool:
    """Whether the same change still does it: of a number the same difference, since what it is made
    of may run out meanwhile."""
    for made in flips:
        lever, value = made.lever, made.after
        if lever.switch is not None and made.shifts:
            present = metrics[lever.key[1]]
            if present is None:
                return False
            value = present + made.after - made.before
        then = lever.moved(then, value)
    return wanted(situation.outcome(then))


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
