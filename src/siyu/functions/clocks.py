"""Instants and the clocks of zones: the local day, moving by days or months, when to send.

An instant is microseconds since 1970 in UTC, a time of day seconds since midnight. Whatever leaves
the years 1 to 9999 is unknown, never an error.
"""

from __future__ import annotations

from siyu.functions import sql_clocks, sql_windows
from siyu.functions.calendar import add_months
from siyu.functions.declaration import Function
from siyu.functions.moments import BERLIN, BEYOND, SHANGHAI, examples
from siyu.functions.sql import written
from siyu.functions.windows import next_allowed
from siyu.functions.zones import DAY, EPOCH, FIRST, FIRST_DAY, LAST, SECOND, instant_of, wall_of

HOUR, MINUTE = 3_600 * SECOND, 60 * SECOND


def local_date(instant: int, zone: str) -> int | None:
    wall = wall_of(instant, zone)
    return None if wall is None else wall // DAY + EPOCH


def local_time(instant: int, zone: str) -> int | None:
    wall = wall_of(instant, zone)
    return None if wall is None else wall % DAY // SECOND


def at(day: int, seconds: int, zone: str) -> int | None:
    return instant_of((day - EPOCH) * DAY + seconds * SECOND, zone)


def day_start(day: int, zone: str) -> int | None:
    return instant_of((day - EPOCH) * DAY, zone)


def shift_days(instant: int, n: int, zone: str) -> int | None:
    wall = wall_of(instant, zone)
    return None if wall is None else instant_of(wall + n * DAY, zone)


def shift_months(instant: int, n: int, zone: str) -> int | None:
    wall = wall_of(instant, zone)
    if wall is None:
        return None
    day = add_months(wall // DAY + EPOCH, n)
    return None if day is None else instant_of((day - EPOCH) * DAY + wall % DAY, zone)


def shift_seconds(instant: int, n: int) -> int | None:
    moved = instant + n * SECOND
    return moved if FIRST <= moved <= LAST else None


def seconds_between(a: int, b: int) -> int:
    return (b - a) // SECOND if b >= a else -((a - b) // SECOND)


DECLARED = (
    Function(
        "local_date",
        "The day that a zone's calendar shows at an instant.",
        local_date,
        examples(
            ("2026-11-20T15:59:59+00:00", SHANGHAI, "2026-11-20"),
            ("2026-11-20T16:00:00+00:00", SHANGHAI, "2026-11-21"),
            ("2026-03-28T22:59:59+00:00", BERLIN, "2026-03-28"),
            ("2026-03-29T22:00:00+00:00", BERLIN, "2026-03-30"),
            ("1969-12-31T23:59:59.999999+00:00", "UTC", "1969-12-31"),
            (LAST, SHANGHAI, None),
        ),
        partial=True,
        sql=written(sql_clocks.local_date),
    ),
    Function(
        "local_time",
        "Seconds since midnight on a zone's clock.",
        local_time,
        examples(
            ("2026-11-21T10:00:00.9+08:00", SHANGHAI, 36_000),
            ("2026-03-29T00:59:59+00:00", BERLIN, 7_199),
            ("2026-03-29T01:00:00+00:00", BERLIN, 10_800),
            ("2026-10-25T00:30:00+00:00", BERLIN, 9_000),
            ("2026-10-25T01:30:00+00:00", BERLIN, 9_000),
        ),
        partial=True,
        sql=written(sql_clocks.local_time),
    ),
    Function(
        "at",
        "The instant of a day and a time of day: a skipped time moves forward, of two the first.",
        at,
        examples(
            ("2026-11-21", 36_000, SHANGHAI, "2026-11-21T10:00:00+08:00"),
            ("2026-03-29", 9_000, BERLIN, "2026-03-29T03:30:00+02:00"),
            ("2026-10-25", 9_000, BERLIN, "2026-10-25T02:30:00+02:00"),
            (BEYOND, 0, SHANGHAI, None),
        ),
        partial=True,
        sql=written(sql_clocks.at),
    ),
    Function(
        "day_start",
        "The instant at which a day begins.",
        day_start,
        examples(
            ("2026-11-21", SHANGHAI, "2026-11-20T16:00:00+00:00"),
            ("2026-09-06", "America/Santiago", "2026-09-06T01:00:00-03:00"),
            (FIRST_DAY, SHANGHAI, None),
        ),
        partial=True,
        sql=written(sql_clocks.day_start),
    ),
    Function(
        "shift_days",
        "The instant n days later on the local clock.",
        shift_days,
        examples(
            ("2026-11-21T10:00:00.000001+08:00", -30, SHANGHAI, "2026-10-22T10:00:00.000001+08:00"),
            ("2026-03-28T02:30:00+01:00", 1, BERLIN, "2026-03-29T03:30:00+02:00"),
            ("2026-03-28T12:00:00+01:00", 1, BERLIN, "2026-03-29T12:00:00+02:00"),
            ("2026-10-24T02:30:00+02:00", 1, BERLIN, "2026-10-25T02:30:00+02:00"),
            (LAST, 1, "UTC", None),
        ),
        partial=True,
        sql=written(sql_clocks.shift_days),
    ),
    Function(
        "shift_months",
        "The instant n months later on the local clock, on the last day of shorter months.",
        shift_months,
        examples(
            ("2026-01-31T10:00:00+08:00", 1, SHANGHAI, "2026-02-28T10:00:00+08:00"),
            ("2028-01-31T10:00:00+08:00", 1, SHANGHAI, "2028-02-29T10:00:00+08:00"),
            ("2026-03-31T10:00:00+08:00", -13, SHANGHAI, "2025-02-28T10:00:00+08:00"),
            ("2026-02-28T02:30:00+01:00", 1, BERLIN, "2026-03-28T02:30:00+01:00"),
            ("2026-03-01T00:00:00+08:00", 12 * 8000, SHANGHAI, None),
        ),
        partial=True,
        sql=written(sql_clocks.shift_months),
    ),
    Function(
        "shift_seconds",
        "The instant n elapsed seconds later.",
        shift_seconds,
        examples(
            ("2026-03-29T01:30:00+01:00", 3600, "2026-03-29T03:30:00+02:00"), (LAST, 1, None)
        ),
        partial=True,
        sql=written(sql_clocks.shift_seconds),
    ),
    Function(
        "seconds_between",
        "Whole elapsed seconds from the first instant to the second, fractions dropped.",
        seconds_between,
        examples((0, 1_999_999, 1), (1_999_999, 0, -1), (5, 5, 0)),
        sql=written(sql_clocks.seconds_between),
    ),
    Function(
        "hours_between",
        "Whole elapsed hours; an hour begun before the first instant counts as minus one.",
        lambda a, b: (b - a) // HOUR,
        examples((0, HOUR, 1), (0, HOUR - 1, 0), (1, 0, -1)),
        f"(({{1}} - {{0}}) // {HOUR})",
        sql=written(sql_clocks.whole_between(HOUR)),
    ),
    Function(
        "minutes_between",
        "Whole elapsed minutes; a minute begun before the first instant counts as minus one.",
        lambda a, b: (b - a) // MINUTE,
        examples((0, MINUTE, 1), (0, MINUTE - 1, 0), (1, 0, -1)),
        f"(({{1}} - {{0}}) // {MINUTE})",
        sql=written(sql_clocks.whole_between(MINUTE)),
    ),
    Function(
        "next_allowed",
        "The first instant from a given one on that is inside every `during` and no `quiet` window;"
        " unknown where there is none within 8 days.",
        next_allowed,
        examples(
            ("2026-11-21T10:00:00+08:00", SHANGHAI, (), "2026-11-21T10:00:00+08:00"),
            ("2026-11-21T09:00:00+08:00", SHANGHAI, (("during", 36_000, 72_000),),
             "2026-11-21T10:00:00+08:00"),
            ("2026-11-21T20:00:00+08:00", SHANGHAI, (("during", 36_000, 72_000),),
             "2026-11-22T10:00:00+08:00"),
            ("2026-11-21T19:59:59.999999+08:00", SHANGHAI, (("during", 36_000, 72_000),),
             "2026-11-21T19:59:59.999999+08:00"),
            ("2026-11-21T21:00:00+08:00", SHANGHAI, (("quiet", 75_600, 32_400),),
             "2026-11-22T09:00:00+08:00"),
            ("2026-11-21T08:00:00+08:00", SHANGHAI, (("quiet", 75_600, 32_400),),
             "2026-11-21T09:00:00+08:00"),
            ("2026-11-21T23:00:00+08:00", SHANGHAI,
             (("during", 79_200, 7_200), ("quiet", 82_800, 3_600)), "2026-11-22T01:00:00+08:00"),
            ("2026-11-21T10:00:00+08:00", SHANGHAI,
             (("during", 36_000, 39_600), ("quiet", 32_400, 43_200)), None),
            ("2026-11-21T10:00:00+08:00", SHANGHAI, (("during", 0, 0),),
             "2026-11-21T10:00:00+08:00"),
            ("2026-11-21T10:00:00+08:00", SHANGHAI, (("quiet", 0, 0),), None),
            ("2026-11-21T13:00:00+08:00", SHANGHAI, (("during", 36_000, 46_800, 50_400, 72_000),),
             "2026-11-21T14:00:00+08:00"),
            ("2026-11-21T20:00:00+08:00", SHANGHAI, (("during", 36_000, 46_800, 50_400, 72_000),),
             "2026-11-22T10:00:00+08:00"),
            ("2026-03-29T00:00:00+01:00", BERLIN, (("during", 9_000, 18_000),),
             "2026-03-29T03:00:00+02:00"),
            ("2026-10-25T02:10:00+01:00", BERLIN, (("quiet", 3_600, 9_000),),
             "2026-10-25T02:30:00+01:00"),
        ),
        partial=True,
        sql=written(sql_windows.next_allowed),
    ),
)  # fmt: skip
