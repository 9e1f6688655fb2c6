"""Between instants and local clocks: how far a zone's clock is ahead of UTC, and back.

Instants and local clocks are microseconds since 1970-01-01T00:00, the one in UTC, the other on the
wall. A wall time that a change of the clock skips is moved forward by what was skipped; one that
occurs twice means its first occurrence. Zones are IANA names that exist (the schema checks them).

Most days have no change of offset, so offsets are remembered by day: one dictionary look-up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()
FIRST = (FIRST_DAY - EPOCH) * DAY
LAST = (LAST_DAY - EPOCH + 1) * DAY - 1
REMEMBERED = 100_000  # days, over all zones

_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_WALL = datetime(1970, 1, 1)
# None where the day holds a change, so that each of its moments must be asked.
_ahead: dict[tuple[str, int], int | None] = {}
_ahead_on_the_wall: dict[tuple[str, int], int | None] = {}


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    """Whether a name is one of the IANA database.

    >>> is_zone("Europe/Paris"), is_zone("Paris")
    (True, False)
    """
    try:
        return str(_zone(name)) == name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def offset(instant: int, zone: str) -> int:
    """Microseconds by which the zone's clock is ahead of UTC at an instant of years 1 to 9999."""
    key = (zone, instant // DAY)
    try:
        found = _ahead[key]
    except KeyError:
        start = key[1] * DAY
        found = _same(plain_offset(start, zone), plain_offset(start + DAY, zone))
        _remember(_ahead, key, found)
    return plain_offset(instant, zone) if found is None else found


def instant_of(wall: int, zone: str) -> int | None:
    """The instant at which the zone's clock shows `wall`; None outside years 1 to 9999."""
    if not FIRST <= wall <= LAST:
        return None
    key = (zone, wall // DAY)
    try:
        found = _ahead_on_the_wall[key]
    except KeyError:
        start = key[1] * DAY
        found = _same(_offset_on_the_wall(start, zone), _offset_on_the_wall(start + DAY, zone))
        _remember(_ahead_on_the_wall, key, found)
    instant = wall - (_offset_on_the_wall(wall, zone) if found is None else found)
    return instant if FIRST <= instant <= LAST else None


def wall_of(instant: int, zone: str) -> int | None:
    """What the zone's clock shows at an instant; None outside years 1 to 9999."""
    if not FIRST <= instant <= LAST:
        return None
    wall = instant + offset(instant, zone)
    return wall if FIRST <= wall <= LAST else None


def change_after(instant: int, zone: str, limit: int) -> int:
    """The first moment after `instant` with another offset, or `limit` if that is earlier."""
    now = offset(instant, zone)
    while instant < limit:
        probe = min(instant + DAY, limit)
        if offset(min(probe, LAST), zone) != now:
            return _first_other(instant, probe, zone, now)
        instant = probe
    return limit


def _first_other(low: int, high: int, zone: str, now: int) -> int:
    """The change between two instants less than a day apart, found by halving."""
    while high - low > 1:
        middle = (low + high) // 2
        if offset(middle, zone) == now:
            low = middle
        else:
            high = middle
    return high


def plain_offset(instant: int, zone: str) -> int:
    """The same as `offset`, asked anew and not remembered. Zones have no offsets of their own for
    the first and last day of the calendar."""
    inside = min(max(instant, FIRST + DAY), LAST - DAY)
    moment = _EPOCH_UTC + timedelta(microseconds=inside)
    return _microseconds(moment.astimezone(_zone(zone)).utcoffset())


def _offset_on_the_wall(wall: int, zone: str) -> int:
    inside = min(max(wall, FIRST + DAY), LAST - DAY)
    moment = _EPOCH_WALL + timedelta(microseconds=inside)
    return _microseconds(moment.replace(tzinfo=_zone(zone), fold=0).utcoffset())


def _microseconds(delta: timedelta | None) -> int:
    return 0 if delta is None else delta // timedelta(microseconds=1)


def _same(first: int, last: int) -> int | None:
    return first if first == last else None


def _remember(
    memory: dict[tuple[str, int], int | None], key: tuple[str, int], value: int | None
) -> None:
    if len(memory) >= REMEMBERED:
        memory.clear()
    memory[key] = value
