"""Moments of a sample: business has its days and hours, on the clock of a time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from siyu.population.sample import shapes
from siyu.population.sample.draws import Draws

SECOND = 1_000_000
DAY = 86_400
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of a zone until `as_of` (microseconds since 1970 in UTC)."""

    draws: Draws
    as_of: int
    today: int  # day number since 1970, on the local clock
    days: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]  # from which local second on, seconds east of UTC

    def day_at(self, position: str) -> str:
        """The day number at a position from 0 to 4095."""
        return self.draws.listed(self.days, position)

    def instant(self, first: str, last: str, row: str, place: Sequence[str]) -> str:
        """Microseconds in UTC of a moment between two positions, before as_of.

        Some moments are midnight, and some lie within an hour of a change of the clocks.
        """
        draw = self.draws
        span = f"({last} - {first} + 1)"
        chosen = f"({first} + {draw.number(row, (*place, 'day'), 2**40)} % {span})"
        clock = draw.number(row, (*place, "clock"), 1024 * 1024)
        busy = draw.listed(_SECONDS, f"({clock} >> 10)")
        second = f"CASE WHEN {clock} % 499 = 0 THEN 0 ELSE {busy} + ({clock} & 127) END"
        local = f"({self.day_at(chosen)} * {DAY} + {second})"
        if len(self.offsets) > 1:
            near = f"{clock} % 997 = 1 AND {self.day_at(first)} < {self.offsets[-1][0] // DAY}"
            changed = f"{self.offsets[-1][0]} - 3600 + {clock} % 7200"
            local = f"(CASE WHEN {near} THEN {changed} ELSE {local} END)"
        return self.past(f"({self.utc(local)} * {SECOND})", row, place)

    def past(self, instant: str, row: str, place: Sequence[str]) -> str:
        """The instant, or one of the last hour where it is not past yet."""
        ago = self.draws.number(row, (*place, "past"), 3600)
        return f"least({instant}, {self.as_of} - {SECOND} * (1 + {ago}))"

    def utc(self, local: str) -> str:
        """Seconds in UTC of local seconds."""
        if len(self.offsets) == 1:
            return f"({local} - {self.offsets[0][1]})"
        arms = " ".join(
            f"WHEN {local} >= {since} THEN {offset}" for since, offset in reversed(self.offsets[1:])
        )
        return f"({local} - CASE {arms} ELSE {self.offsets[0][1]} END)"


_SECONDS = tuple(shapes.seconds())


def clock_of(draws: Draws, as_of: int, timezone: str) -> Clock:
    """The clock for a sample."""
    zone = ZoneInfo(timezone)
    now = (EPOCH + dt.timedelta(microseconds=as_of)).astimezone(zone)
    today = now.date()
    first = dt.datetime.combine(today, dt.time(), zone) - dt.timedelta(days=shapes.HORIZON + 1)
    return Clock(
        draws,
        as_of,
        (today - shapes.EPOCH).days,
        tuple(shapes.days(today)),
        tuple(_offsets(zone, int(first.timestamp()), int(now.timestamp()))),
    )


def _offsets(zone: ZoneInfo, first: int, last: int) -> list[tuple[int, int]]:
    """Offsets from UTC between two moments (seconds since 1970), and from when they hold."""

    def offset(moment: int) -> int:
        found = dt.datetime.fromtimestamp(moment, zone).utcoffset()
        return 0 if found is None else int(found.total_seconds())

    found = [(-(2**60), offset(first))]
    for moment in range(first, last, DAY):
        if offset(moment + DAY) == found[-1][1]:
            continue
        low, high = moment, moment + DAY
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == found[-1][1] else (low, middle)
        found.append((high + offset(high), offset(high)))
    return found
