"""Days, months, windows and clocks, in a zone.

A day is its proleptic ordinal, an instant microseconds since 1970 in UTC, a time of day seconds
since midnight. Whatever leaves the years 1 to 9999 is unknown, never an error.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime

from siyu.functions.registry import Example, Function
from siyu.functions.windows import next_allowed
from siyu.functions.zones import (
    DAY,
    EPOCH,
    FIRST,
    FIRST_DAY,
    LAST,
    LAST_DAY,
    SECOND,
    instant_of,
    wall_of,
)

HOUR, MINUTE = 3_600 * SECOND, 60 * SECOND


def _date(day: int) -> date | None:
    return date.fromordinal(day) if FIRST_DAY <= day <= LAST_DAY else None


def _month_day(year: int, month: int, day: int) -> int | None:
    """The day of a month, or its last one where it is shorter; months count on past December."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if not 1 <= year <= 9999:
        return None
    return date(year, month, min(day, monthrange(year, month)[1])).toordinal()


# ------------------------------------------------------------------------- instants and clocks


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


# --------------------------------------------------------------------------- days and months


def add_months(day: int, n: int) -> int | None:
    d = _date(day)
    return None if d is None else _month_day(d.year, d.month + n, d.day)


def months_between(first: int, second: int) -> int | None:
    a, b = _date(first), _date(second)
    if a is None or b is None:
        return None
    months = (b.year - a.year) * 12 + b.month - a.month
    reached = min(a.day, monthrange(b.year, b.month)[1]) <= b.day
    return months if reached else months - 1


def period_start(day: int, unit: str) -> int | None:
    d = _date(day)
    if d is None:
        return None
    match unit:
        case "week":
            return day - d.weekday()
        case "month":
            return day - d.day + 1
        case "quarter":
            return date(d.year, (d.month - 1) // 3 * 3 + 1, 1).toordinal()
        case "year":
            return date(d.year, 1, 1).toordinal()
        case _:
            return day


def period_end(day: int, unit: str) -> int | None:
    d = _date(day)
    if d is None:
        return None
    match unit:
        case "week":
            end = day - d.weekday() + 6
            return end if end <= LAST_DAY else None
        case "month":
            return _month_day(d.year, d.month, 31)
        case "quarter":
            return _month_day(d.year, (d.month - 1) // 3 * 3 + 3, 31)
        case "year":
            return date(d.year, 12, 31).toordinal()
        case _:
            return day


def period_key(day: int, unit: str) -> str | None:
    d = _date(day)
    if d is None:
        return None
    match unit:
        case "week":
            year, week, _ = d.isocalendar()
            return f"{year:04d}-W{week:02d}"
        case "month":
            return f"{d.year:04d}-{d.month:02d}"
        case "quarter":
            return f"{d.year:04d}-Q{(d.month + 2) // 3}"
        case "year":
            return f"{d.year:04d}"
        case _:
            return d.isoformat()


def _occurrence(day: date, year: int) -> int:
    """The day a birthday falls on: 29 February on 28 February in other years."""
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1])).toordinal()


def anniversary(day: int, today: int) -> int | None:
    d, now = _date(day), _date(today)
    if d is None or now is None or now.year <= d.year:
        return None
    return _occurrence(d, now.year)


def anniversary_near(day: int, low: int, high: int) -> bool | None:
    d, first = _date(day), _date(low)
    if d is None or first is None or _date(high) is None:
        return None
    year = max(d.year + 1, first.year)
    return any(low <= _occurrence(d, y) <= high for y in (year, year + 1) if y <= 9999)


# ------------------------------------------------------------------------------- declarations


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _instant(text: str) -> int:
    """Of a text with an offset: "2026-11-21T10:00:00+08:00"."""
    moment = datetime.fromisoformat(text)
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * SECOND + moment.microsecond


def _read(value: object) -> object:
    """Examples are written for people; their dates and instants are held as the core does."""
    match value:
        case str() if "T" in value and value[:1].isdigit():
            return _instant(value)
        case str() if len(value) == 10 and value[:4].isdigit():
            return _day(value)
        case _:
            return value


def _examples(*rows: tuple[object, ...]) -> tuple[Example, ...]:
    """Each row is the arguments, then the result."""
    return tuple(Example(tuple(map(_read, row[:-1])), _read(row[-1])) for row in rows)


SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
BEYOND = LAST_DAY + 1

CLOCKS = (
    Function(
        "local_date",
        "The day that a zone's calendar shows at an instant.",
        local_date,
        _examples(
            ("2026-11-20T15:59:59+00:00", SHANGHAI, "2026-11-20"),
            ("2026-11-20T16:00:00+00:00", SHANGHAI, "2026-11-21"),
            ("2026-03-28T22:59:59+00:00", BERLIN, "2026-03-28"),
            ("2026-03-29T22:00:00+00:00", BERLIN, "2026-03-30"),
            ("1969-12-31T23:59:59.999999+00:00", "UTC", "1969-12-31"),
            (LAST, SHANGHAI, None),
        ),
        partial=True,
    ),
    Function(
        "local_time",
        "Seconds since midnight on a zone's clock.",
        local_time,
        _examples(
            ("2026-11-21T10:00:00.9+08:00", SHANGHAI, 36_000),
            ("2026-03-29T00:59:59+00:00", BERLIN, 7_199),
            ("2026-03-29T01:00:00+00:00", BERLIN, 10_800),
            ("2026-10-25T00:30:00+00:00", BERLIN, 9_000),
            ("2026-10-25T01:30:00+00:00", BERLIN, 9_000),
        ),
        partial=True,
    ),
    Function(
        "at",
        "The instant of a day and a time of day: a skipped time moves forward, of two the first.",
        at,
        _examples(
            ("2026-11-21", 36_000, SHANGHAI, "2026-11-21T10:00:00+08:00"),
            ("2026-03-29", 9_000, BERLIN, "2026-03-29T03:30:00+02:00"),
            ("2026-10-25", 9_000, BERLIN, "2026-10-25T02:30:00+02:00"),
            (BEYOND, 0, SHANGHAI, None),
        ),
        partial=True,
    ),
    Function(
        "day_start",
        "The instant at which a day begins.",
        day_start,
        _examples(
            ("2026-11-21", SHANGHAI, "2026-11-20T16:00:00+00:00"),
            ("2026-09-06", "America/Santiago", "2026-09-06T01:00:00-03:00"),
            (FIRST_DAY, SHANGHAI, None),
        ),
        partial=True,
    ),
    Function(
        "shift_days",
        "The instant n days later on the local clock.",
        shift_days,
        _examples(
            ("2026-11-21T10:00:00.000001+08:00", -30, SHANGHAI, "2026-10-22T10:00:00.000001+08:00"),
            ("2026-03-28T02:30:00+01:00", 1, BERLIN, "2026-03-29T03:30:00+02:00"),
            ("2026-03-28T12:00:00+01:00", 1, BERLIN, "2026-03-29T12:00:00+02:00"),
            ("2026-10-24T02:30:00+02:00", 1, BERLIN, "2026-10-25T02:30:00+02:00"),
            (LAST, 1, "UTC", None),
        ),
        partial=True,
    ),
    Function(
        "shift_months",
        "The instant n months later on the local clock, on the last day of shorter months.",
        shift_months,
        _examples(
            ("2026-01-31T10:00:00+08:00", 1, SHANGHAI, "2026-02-28T10:00:00+08:00"),
            ("2028-01-31T10:00:00+08:00", 1, SHANGHAI, "2028-02-29T10:00:00+08:00"),
            ("2026-03-31T10:00:00+08:00", -13, SHANGHAI, "2025-02-28T10:00:00+08:00"),
            ("2026-02-28T02:30:00+01:00", 1, BERLIN, "2026-03-28T02:30:00+01:00"),
            ("2026-03-01T00:00:00+08:00", 12 * 8000, SHANGHAI, None),
        ),
        partial=True,
    ),
    Function(
        "shift_seconds",
        "The instant n elapsed seconds later.",
        shift_seconds,
        _examples(
            ("2026-03-29T01:30:00+01:00", 3600, "2026-03-29T03:30:00+02:00"), (LAST, 1, None)
        ),
        partial=True,
    ),
    Function(
        "seconds_between",
        "Whole elapsed seconds from the first instant to the second, fractions dropped.",
        seconds_between,
        _examples((0, 1_999_999, 1), (1_999_999, 0, -1), (5, 5, 0)),
    ),
    Function(
        "hours_between",
        "Whole elapsed hours; an hour begun before the first instant counts as minus one.",
        lambda a, b: (b - a) // HOUR,
        _examples((0, HOUR, 1), (0, HOUR - 1, 0), (1, 0, -1)),
        f"(({{1}} - {{0}}) // {HOUR})",
    ),
    Function(
        "minutes_between",
        "Whole elapsed minutes; a minute begun before the first instant counts as minus one.",
        lambda a, b: (b - a) // MINUTE,
        _examples((0, MINUTE, 1), (0, MINUTE - 1, 0), (1, 0, -1)),
        f"(({{1}} - {{0}}) // {MINUTE})",
    ),
    Function(
        "next_allowed",
        "The first instant from a given one on that is inside every `during` and no `quiet` window;"
        " unknown where there is none within 8 days.",
        next_allowed,
        _examples(
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
            ("2026-03-29T00:00:00+01:00", BERLIN, (("during", 9_000, 18_000),),
             "2026-03-29T03:00:00+02:00"),
            ("2026-10-25T02:10:00+01:00", BERLIN, (("quiet", 3_600, 9_000),),
             "2026-10-25T02:30:00+01:00"),
        ),
        partial=True,
    ),
)  # fmt: skip

DAYS = (
    Function(
        "add_months",
        "The day n months later, the last one of shorter months.",
        add_months,
        _examples(
            ("2026-01-31", 1, "2026-02-28"), ("2028-01-31", 1, "2028-02-29"),
            ("2026-03-31", -1, "2026-02-28"), ("2026-11-21", 12, "2027-11-21"),
            ("2028-02-29", 12, "2029-02-28"), ("0001-01-31", -1, None), (BEYOND, 1, None),
        ),
        partial=True,
    ),
    Function(
        "months_between",
        "The largest n for which the first day and n months are not after the second.",
        months_between,
        _examples(
            ("2026-01-31", "2026-02-28", 1), ("2026-01-31", "2026-03-30", 1),
            ("2026-01-15", "2026-02-14", 0), ("2026-02-28", "2026-01-31", -1),
            ("2026-03-01", "2026-02-28", -1), ("2026-03-31", "2026-02-28", -1),
            ("2028-02-29", "2029-02-28", 12), (BEYOND, "2026-02-28", None),
        ),
        partial=True,
    ),
    Function(
        "period_start",
        "The first day of the day, week (from Monday), month, quarter or year that holds a day.",
        period_start,
        _examples(
            ("2026-11-21", "day", "2026-11-21"), ("2026-11-22", "week", "2026-11-16"),
            ("2026-11-16", "week", "2026-11-16"), ("2026-11-21", "month", "2026-11-01"),
            ("2026-12-31", "quarter", "2026-10-01"), ("2026-11-21", "year", "2026-01-01"),
            (BEYOND, "year", None),
        ),
        partial=True,
    ),
    Function(
        "period_end",
        "The last day of the day, week (to Sunday), month, quarter or year that holds a day.",
        period_end,
        _examples(
            ("2026-11-21", "day", "2026-11-21"), ("2026-11-22", "week", "2026-11-22"),
            ("2026-11-16", "week", "2026-11-22"), ("2028-02-03", "month", "2028-02-29"),
            ("2026-02-01", "quarter", "2026-03-31"), ("2026-11-21", "year", "2026-12-31"),
            ("9999-12-31", "week", None),
        ),
        partial=True,
    ),
    Function(
        "period_key",
        "The name of the day, week, month, quarter or year that holds a day.",
        period_key,
        (
            Example((_day("2026-11-21"), "day"), "2026-11-21"),
            Example((_day("2026-11-21"), "week"), "2026-W47"),
            Example((_day("2027-01-01"), "week"), "2026-W53"),
            Example((_day("2026-11-21"), "month"), "2026-11"),
            Example((_day("2026-11-21"), "quarter"), "2026-Q4"),
            Example((_day("0987-01-01"), "year"), "0987"),
            Example((BEYOND, "day"), None),
        ),
        partial=True,
    ),
    Function(
        "anniversary",
        "This year's occurrence of a day; unknown before the year after it.",
        anniversary,
        _examples(
            ("1990-11-05", "2026-11-21", "2026-11-05"), ("2000-02-29", "2026-06-01", "2026-02-28"),
            ("2000-02-29", "2028-06-01", "2028-02-29"), ("2026-01-05", "2026-11-21", None),
            ("2027-01-05", "2026-11-21", None),
        ),
        partial=True,
    ),
    Function(
        "anniversary_near",
        "Whether an occurrence of a day, a year later or more, lies between two days or on them.",
        anniversary_near,
        _examples(
            ("1990-01-02", "2026-12-28", "2027-01-03", True),
            ("1990-12-31", "2026-12-28", "2027-01-03", True),
            ("1990-01-04", "2026-12-28", "2027-01-03", False),
            ("2000-02-29", "2026-02-28", "2026-02-28", True),
            ("2026-11-21", "2026-11-20", "2026-11-22", False),
            ("2026-11-21", "2026-11-20", "2027-11-21", True),
            ("1990-01-04", "2027-01-05", "2027-01-03", False),
        ),
        partial=True,
    ),
)  # fmt: skip

DECLARED = CLOCKS + DAYS
