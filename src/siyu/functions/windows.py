"""When a contact may go out: the next moment inside all `during` and outside all `quiet` windows.

A window includes its start and excludes its end, in seconds since local midnight; it crosses
midnight where the end is before the start, and is the whole day where they are equal. Several of
them behind one word are one: inside any of them is inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from siyu.functions.zones import DAY, FIRST, LAST, SECOND, change_after, offset

Window = tuple[str, *tuple[int, ...]]  # "during" or "quiet", then pairs of start and end
HORIZON = 8 * DAY


def next_allowed(instant: int, zone: str, windows: tuple[Window, ...]) -> int | None:
    """The first allowed instant from this one on; None where none comes within 8 days.

    While the zone's offset stays, the local clock runs evenly, so each such stretch is searched
    on the local clock; a stretch may begin in the middle of a window.
    """
    if not FIRST <= instant <= LAST:
        return None
    limit = min(instant + HORIZON, LAST) + 1
    while instant < limit:
        ahead = offset(instant, zone)
        if allowed((instant + ahead) % DAY, windows):
            return instant
        end = change_after(instant, zone, limit)
        for wall in _openings(instant + ahead, end + ahead, windows):
            if allowed(wall % DAY, windows):
                return wall - ahead
        instant = end
    return None


def allowed(clock: int, windows: tuple[Window, ...]) -> bool:
    """`clock` is microseconds since local midnight."""
    return all(inside(clock, ends) == (kind == "during") for kind, *ends in windows)


def inside(clock: int, ends: Sequence[int]) -> bool:
    """Whether a time of day, in microseconds, lies between the start and the end of some pair."""
    return any(_between(clock, a * SECOND, b * SECOND) for a, b in pairs(ends))


def pairs(ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Starts and ends that stand one behind the other, as pairs."""
    return zip(ends[::2], ends[1::2], strict=True)


def _between(clock: int, start: int, end: int) -> bool:
    if start < end:
        return start <= clock < end
    return start == end or clock >= start or clock < end


def _openings(low: int, high: int, windows: tuple[Window, ...]) -> Iterator[int]:
    """Local moments from low on, before high, at which some window stops being in the way."""
    edges = sorted({e for kind, *ends in windows for e in ends[kind != "during" :: 2]})
    for day in range(low // DAY, high // DAY + 1):
        for edge in edges:
            wall = day * DAY + edge * SECOND
            if low <= wall < high:
                yield wall
