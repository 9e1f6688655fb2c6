"""Hours that know weekdays, calendars and zones, as SQL.

The hours are known, so are the changes of clocks and the excluded days. Between two of these what
is allowed comes again every week: so a query finds the stretch that an instant lies in, waits for
the week's next opening, and where that would lie behind the stretch takes what was found here for
the beginning of the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from siyu.functions.declaration import Dialect, SqlArg
from siyu.functions.openings import AHEAD, SINCE, UNTIL, Hours, allows, told
from siyu.functions.sql import array, between, bound, constant, number, where
from siyu.functions.sql_zones import WEEK, Moment, changes_between, halves
from siyu.functions.zones import DAY, EPOCH, SECOND, plain_offset

MONDAY = 4 * DAY  # 1970-01-05
Free = tuple[tuple[int, int], ...]  # stretches of a week since Monday 00:00 in UTC
NULL = "CAST(NULL AS BIGINT)"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `start` until `end` what is `free` comes again every week; `sure` where it is known
    that nothing excludes it."""

    start: int
    end: int
    free: Free
    sure: bool


def next_open(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    instant = number(args[0], 64, dialect)
    inside = [between(args[0], SINCE, UNTIL - 1)]
    stretches = _stretches(constant(args[1], "the hours of a contact"))
    follows = _follows(stretches)
    patterns = sorted({each.free for each in stretches if each.free})
    if not patterns:
        return NULL
    if len(stretches) == 1 and stretches[0].sure:
        soon = f"({instant} + {_wait(instant, patterns[0])})"
        return where([*inside, f"{soon} < {UNTIL}"], soon)

    def listed(texts: Sequence[str]) -> str:
        place = "k + 1" if dialect == "duckdb" else "k"
        return f"{array(texts, dialect)}[{place}]"

    place = halves(Moment(instant), [s.start for s in stretches[1:]],
                   [str(n) for n in range(len(stretches))])  # fmt: skip
    pattern = listed([str(patterns.index(s.free) if s.free else -1) for s in stretches])
    arms = [f"WHEN {n} THEN {instant} + {_wait(instant, free)}" for n, free in enumerate(patterns)]
    soon = f"CASE {pattern} {' '.join(arms)} END"
    unsure = ", ".join(str(n) for n, each in enumerate(stretches) if not each.sure)
    here = f"CASE WHEN k IN ({unsure}) THEN NULL ELSE soon END" if unsure else "soon"
    end = listed([str(each.end) for each in stretches])
    then = listed([NULL if each is None else str(each) for each in follows])
    found = f"CASE WHEN soon < {end} THEN {here} ELSE {then} END"
    body = bound("soon", soon, bound("found", found, _near(instant), dialect), dialect)
    return where(inside, bound("k", place, body, dialect))


def _near(instant: str) -> str:
    return f"CASE WHEN found <= {instant} + {AHEAD} THEN found END"


@cache
def _stretches(hours: tuple[Hours, ...]) -> tuple[Stretch, ...]:
    """What holds from when to when, each different from the one before."""
    found: list[Stretch] = []
    zones = sorted({each[1] for each in hours})
    turns = sorted({SINCE, UNTIL, *(t for z in zones for t in changes_between(z, SINCE, UNTIL))})
    for begin, end in pairwise(turns):
        ahead = {zone: plain_offset(begin, zone) for zone in zones}
        free = _free(hours, ahead)
        for start, stop in pairwise(sorted({begin, end, *_days(hours, ahead, begin, end)})):
            days = [told(h, (start + ahead[h[1]]) // DAY + EPOCH) for h in hours]
            each = Stretch(start, stop, () if False in days else free, None not in days)
            if found and (found[-1].free, found[-1].sure) == (each.free, each.sure):
                each = Stretch(found.pop().start, stop, each.free, each.sure)
            found.append(each)
    return tuple(found)


def _days(hours: tuple[Hours, ...], ahead: dict[str, int], begin: int, end: int) -> Iterator[int]:
    """The instants between two, at which excluded days or the known ones begin or end."""
    for _, zone, _, _, closed, known in hours:
        starts = {*closed, *(day + 1 for day in closed)}
        starts |= {known[0], known[1] + 1} if known else set()
        for day in starts:
            instant = (day - EPOCH) * DAY - ahead[zone]
            if begin < instant < end:
                yield instant


def _free(hours: tuple[Hours, ...], ahead: dict[str, int]) -> Free:
    """The stretches of a week in UTC that all hours allow, while clocks are so far ahead."""
    edges = {0, WEEK}
    for _, zone, ends, _, _, _ in hours:
        for day in range(7):
            walls = (day * DAY + e for e in (0, *(e * SECOND for e in ends)))
            edges |= {(wall - ahead[zone]) % WEEK for wall in walls}
    found: list[tuple[int, int]] = []
    for start, end in pairwise(sorted(edges)):
        if not all(_allowed(each, start + ahead[each[1]]) for each in hours):
            continue
        if found and found[-1][1] == start:
            start = found.pop()[0]
        found.append((start, end))
    return tuple(found)


def _allowed(hours: Hours, wall: int) -> bool:
    """`wall` is a time on the wall since some Monday, or a little before it."""
    return allows(hours, wall // DAY % 7 + 1, wall % DAY)


def _follows(stretches: Sequence[Stretch]) -> list[int | None]:
    """For each stretch what is found where the next one begins; None: nothing is known."""
    found: list[int | None] = [None]
    for each in reversed(stretches[1:]):
        now = (each.start - MONDAY) % WEEK
        waits = [0 if a <= now < b else (a - now) % WEEK for a, b in each.free]
        soon = each.start + min(waits, default=WEEK + each.end - each.start)
        found.append((soon if each.sure else None) if soon < each.end else found[-1])
    return found[::-1]


def _wait(instant: str, free: Free) -> str:
    """How long it is from an instant until the next free stretch begins."""
    now = f"(({instant} - {MONDAY}) % {WEEK})"
    arms = []
    for start, end in free:
        if start:
            arms.append(f"WHEN {now} < {start} THEN {start} - {now}")
        arms.append(f"WHEN {now} < {end} THEN 0")
    return f"CASE {' '.join(arms)} ELSE {free[0][0] + WEEK} - {now} END"
