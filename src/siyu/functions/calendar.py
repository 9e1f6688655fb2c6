"""Days, months and the periods of the calendar.

A day is its proleptic ordinal. Whatever leaves the years 1 to 9999 is unknown, never an error.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from siyu.functions import sql_calendar
from siyu.functions.declaration import Example, Function
from siyu.functions.moments import BEYOND, examples, held_day
from siyu.functions.sql import written
from siyu.functions.zones import FIRST_DAY, LAST_DAY


def _date(day: int) -> date | None:
    return date.fromordinal(day) if FIRST_DAY <= day <= LAST_DAY else None


def _month_day(year: int, month: int, day: int) -> int | None:
    """The day of a month, or its last one where it is shorter; months count on past December."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if not 1 <= year <= 9999:
        return None
    return date(year, month, min(day, monthrange(year, month)[1])).toordinal()


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


DECLARED = (
    Function(
        "add_months",
        "The day n months later, the last one of shorter months.",
        add_months,
        examples(
            ("2026-01-31", 1, "2026-02-28"), ("2028-01-31", 1, "2028-02-29"),
            ("2026-03-31", -1, "2026-02-28"), ("2026-11-21", 12, "2027-11-21"),
            ("2028-02-29", 12, "2029-02-28"), ("0001-01-31", -1, None), (BEYOND, 1, None),
        ),
        partial=True,
        sql=written(sql_calendar.add_months),
    ),
    Function(
        "months_between",
        "The largest n for which the first day and n months are not after the second.",
        months_between,
        examples(
            ("2026-01-31", "2026-02-28", 1), ("2026-01-31", "2026-03-30", 1),
            ("2026-01-15", "2026-02-14", 0), ("2026-02-28", "2026-01-31", -1),
            ("2026-03-01", "2026-02-28", -1), ("2026-03-31", "2026-02-28", -1),
            ("2028-02-29", "2029-02-28", 12), (BEYOND, "2026-02-28", None),
        ),
        partial=True,
        sql=written(sql_calendar.months_between),
    ),
    Function(
        "period_start",
        "The first day of the day, week (from Monday), month, quarter or year that holds a day.",
        period_start,
        examples(
            ("2026-11-21", "day", "2026-11-21"), ("2026-11-22", "week", "2026-11-16"),
            ("2026-11-16", "week", "2026-11-16"), ("2026-11-21", "month", "2026-11-01"),
            ("2026-12-31", "quarter", "2026-10-01"), ("2026-11-21", "year", "2026-01-01"),
            (BEYOND, "year", None),
        ),
        partial=True,
        sql=written(sql_calendar.period_start),
    ),
    Function(
        "period_end",
        "The last day of the day, week (to Sunday), month, quarter or year that holds a day.",
        period_end,
        examples(
            ("2026-11-21", "day", "2026-11-21"), ("2026-11-22", "week", "2026-11-22"),
            ("2026-11-16", "week", "2026-11-22"), ("2028-02-03", "month", "2028-02-29"),
            ("2026-02-01", "quarter", "2026-03-31"), ("2026-11-21", "year", "2026-12-31"),
            ("9999-12-31", "week", None),
        ),
        partial=True,
        sql=written(sql_calendar.period_end),
    ),
    Function(
        "period_key",
        "The name of the day, week, month, quarter or year that holds a day.",
        period_key,
        (
            Example((held_day("2026-11-21"), "day"), "2026-11-21"),
            Example((held_day("2026-11-21"), "week"), "2026-W47"),
            Example((held_day("2027-01-01"), "week"), "2026-W53"),
            Example((held_day("2026-11-21"), "month"), "2026-11"),
            Example((held_day("2026-11-21"), "quarter"), "2026-Q4"),
            Example((held_day("0987-01-01"), "year"), "0987"),
            Example((BEYOND, "day"), None),
        ),
        partial=True,
        sql=written(sql_calendar.period_key),
    ),
    Function(
        "anniversary",
        "This year's occurrence of a day; unknown before the year after it.",
        anniversary,
        examples(
            ("1990-11-05", "2026-11-21", "2026-11-05"), ("2000-02-29", "2026-06-01", "2026-02-28"),
            ("2000-02-29", "2028-06-01", "2028-02-29"), ("2026-01-05", "2026-11-21", None),
            ("2027-01-05", "2026-11-21", None),
        ),
        partial=True,
        sql=written(sql_calendar.anniversary),
    ),
    Function(
        "anniversary_near",
        "Whether an occurrence of a day, a year later or more, lies between two days or on them.",
        anniversary_near,
        examples(
            ("1990-01-02", "2026-12-28", "2027-01-03", True),
            ("1990-12-31", "2026-12-28", "2027-01-03", True),
            ("1990-01-04", "2026-12-28", "2027-01-03", False),
            ("2000-02-29", "2026-02-28", "2026-02-28", True),
            ("2026-11-21", "2026-11-20", "2026-11-22", False),
            ("2026-11-21", "2026-11-20", "2027-11-21", True),
            ("1990-01-04", "2027-01-05", "2027-01-03", False),
        ),
        partial=True,
        sql=written(sql_calendar.anniversary_near),
    ),
)  # fmt: skip
