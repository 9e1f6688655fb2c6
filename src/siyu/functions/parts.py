"""Parts of a day: its place in the week, the month and the year.

A day is its proleptic ordinal. What lies beyond the years 1 to 9999 has no parts: they are unknown.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date

from siyu.functions import sql_parts
from siyu.functions.declaration import Function
from siyu.functions.moments import BEYOND, examples
from siyu.functions.sql import written
from siyu.functions.zones import FIRST_DAY, LAST_DAY


def _of(part: Callable[[date], int]) -> Callable[[int], int | None]:
    """What reads a part off a day."""

    def found(day: int) -> int | None:
        return part(date.fromordinal(day)) if FIRST_DAY <= day <= LAST_DAY else None

    return found


DECLARED = (
    Function(
        "weekday",
        "The day of the week: Monday is 1, Sunday is 7.",
        _of(lambda day: day.isoweekday()),
        examples(
            ("2026-11-16", 1), ("2026-11-21", 6), ("2026-11-22", 7), ("0001-01-01", 1),
            ("9999-12-31", 5), (BEYOND, None), (0, None),
        ),
        partial=True,
        sql=written(sql_parts.weekday),
    ),
    Function(
        "day_of_month",
        "The day of the month, from 1 to 31.",
        _of(lambda day: day.day),
        examples(("2026-11-21", 21), ("2028-02-29", 29), ("0001-01-01", 1), (BEYOND, None)),
        partial=True,
        sql=written(sql_parts.day_of_month),
    ),
    Function(
        "month_of",
        "The month, from 1 to 12.",
        _of(lambda day: day.month),
        examples(("2026-11-21", 11), ("0001-01-01", 1), ("9999-12-31", 12), (BEYOND, None)),
        partial=True,
        sql=written(sql_parts.month_of),
    ),
    Function(
        "year_of",
        "The year, from 1 to 9999.",
        _of(lambda day: day.year),
        examples(("2026-11-21", 2026), ("0001-01-01", 1), ("9999-12-31", 9999), (BEYOND, None)),
        partial=True,
        sql=written(sql_parts.year_of),
    ),
    Function(
        "days_in_month",
        "How many days the month of a day has.",
        _of(lambda day: monthrange(day.year, day.month)[1]),
        examples(
            ("2026-11-21", 30), ("2026-02-01", 28), ("2028-02-01", 29), ("1900-02-28", 28),
            ("2000-02-28", 29), ("9999-12-31", 31), (BEYOND, None),
        ),
        partial=True,
        sql=written(sql_parts.days_in_month),
    ),
)  # fmt: skip
