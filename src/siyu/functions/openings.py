"""When a contact may go out by hours that know weekdays, calendars and the clocks of several zones.

All hours must allow a moment, each by the clock and the date of its own zone at that moment: so
hours that cross midnight belong, behind it, to the next day. Days that a calendar excludes are
closed; a day that the calendar does not cover cannot be told, and where the search meets such a
day before a moment that is allowed for certain, nothing is known.

The search goes 400 days ahead, within the years 2010 to 2059. That bounds what an engine's query
must know of the changes of clocks.
"""

from __future__ import annotations

from siyu.functions.moments import held_instant
from siyu.functions.windows import inside
from siyu.functions.zones import DAY, EPOCH, SECOND, change_after, offset

# "during", "quiet" or "open"; the zone; pairs of start and end in seconds since midnight, () being
# the whole day; weekdays from 1 (Monday), () being all; days that are excluded; and the first and
# last day for which these are known, () where nothing needs to be.
Hours = tuple[str, str, tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]

SINCE = held_instant("2010-01-01T00:00:00+00:00")
UNTIL = held_instant("2060-01-01T00:00:00+00:00")
AHEAD = 400 * DAY


def next_open(instant: int, hours: tuple[Hours, ...]) -> int | None:
    """The first instant from this one on that all hours allow; None where none is known."""
    if not SINCE <= instant < UNTIL:
        return None
    moment, last = instant, min(instant + AHEAD, UNTIL - 1)
    while moment <= last:
        known = True
        closed_until = 0
        for each in hours:
            state, until = _state(moment, each)
            if state is False:
                closed_until = max(closed_until, until)
            known = known and state is not None
        if not closed_until:
            return moment if known else None
        moment = closed_until
    return None


def allows(hours: Hours, weekday: int, clock: int) -> bool:
    """Whether hours allow a time of day, in microseconds, on a weekday that nothing excludes."""
    word, _, ends, days, _, _ = hours
    if days and weekday not in days:
        return False
    return not ends or inside(clock, ends) == (word != "quiet")


def told(hours: Hours, day: int) -> bool | None:
    """Whether a day is open by the calendar; None where the calendar does not say."""
    *_, closed, known = hours
    if day in closed:
        return False
    return True if not known or known[0] <= day <= known[1] else None


def weekday_of(day: int) -> int:
    """1 for Mondays, to 7."""
    return (day - 1) % 7 + 1


def _state(moment: int, hours: Hours) -> tuple[bool | None, int]:
    """Whether hours allow a moment, and until when at least it stays so."""
    zone = hours[1]
    wall = moment + offset(moment, zone)
    day, clock = wall // DAY + EPOCH, wall % DAY
    edge = min((e * SECOND for e in hours[2] if e * SECOND > clock), default=DAY)
    until = change_after(moment, zone, moment + edge - clock)
    if not allows(hours, weekday_of(day), clock):
        return False, until
    return told(hours, day), until
