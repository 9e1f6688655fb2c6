"""When a contact may go out, as SQL: the windows are known, so are the stretches of the day that
they leave. On a clock that runs evenly the next of them begins within a day; and no clock is
changed twice within three days, so after a change it is looked for but once more."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from siyu.functions.declaration import Dialect, SqlArg
from siyu.functions.sql import between, bound, constant, number, where
from siyu.functions.sql_zones import Moment, ahead, clock, next_change
from siyu.functions.windows import Window, allowed
from siyu.functions.zones import DAY, FIRST, LAST, SECOND


def next_allowed(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    zone: str = constant(args[1], "a time zone")
    free = _free(constant(args[2], "the windows of a contact"))
    if not free:
        return "CAST(NULL AS BIGINT)"
    instant = number(args[0], 64, dialect)
    inside = [between(args[0], FIRST, LAST)]
    if free == [(0, DAY)]:
        return where(inside, instant)
    known = clock(zone)
    if known.always is not None:
        wall = f"{instant} + {known.always}" if known.always else instant
        soon = f"({instant} + {_wait(wall, free)})"
        return where(inside, where([f"{soon} <= {LAST}"], soon))
    soon = f"{instant} + {_wait('wall', free)}"
    change = next_change(Moment(instant), known, dialect)
    # Until the clock after the change is asked, only the change itself is at hand.
    anew = f"change + {ahead(Moment('change'), known, dialect)}"
    again = f"change + {_wait('later', free)}"
    late = bound("later", anew, where([f"{again} <= {LAST}"], again), dialect)
    even = f"({ahead(Moment('soon'), known, dialect)}) = wall - {instant}"
    found = (
        f"CASE WHEN soon > {LAST} THEN NULL WHEN {even} THEN soon "
        f"ELSE {bound('change', change, late, dialect)} END"
    )
    wall = f"{instant} + {ahead(Moment(instant), known, dialect)}"
    return where(inside, bound("wall", wall, bound("soon", soon, found, dialect), dialect))


def _free(windows: tuple[Window, ...]) -> list[tuple[int, int]]:
    """The stretches of a day that all windows allow, in microseconds since midnight."""
    edges = {0, DAY} | {edge * SECOND % DAY for _, *ends in windows for edge in ends}
    cuts = sorted(edges)
    found: list[tuple[int, int]] = []
    for start, end in pairwise(cuts):
        if not allowed(start, windows):
            continue
        if found and found[-1][1] == start:
            start = found.pop()[0]
        found.append((start, end))
    return found


def _wait(wall: str, free: Sequence[tuple[int, int]]) -> str:
    """How long it is from a time on the wall until the next free stretch begins."""
    now = f"(({wall} - {FIRST} + {DAY}) % {DAY})"
    arms = []
    for start, end in free:
        if start:
            arms.append(f"WHEN {now} < {start} THEN {start} - {now}")
        arms.append(f"WHEN {now} < {end} THEN 0")
    return f"CASE {' '.join(arms)} ELSE {free[0][0] + DAY} - {now} END"
