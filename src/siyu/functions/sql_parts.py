"""Parts of a day as SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from siyu.functions.declaration import Dialect, SqlArg
from siyu.functions.sql import Writer, between, fitted, number, where
from siyu.functions.sql_calendar import as_date
from siyu.functions.zones import FIRST_DAY, LAST_DAY

# The bits in which an engine gives parts of a date.
PARTS: dict[Dialect, int] = {"duckdb": 64, "spark": 32}


def weekday(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    """The calendar begins with a Monday, and days count from there."""
    day = number(args[0], bits, dialect)
    return where([between(args[0], FIRST_DAY, LAST_DAY)], f"(({day} - 1) % 7 + 1)")


def _part(written: Callable[[str], str]) -> Writer:
    """What writes a part of the engine's own date."""

    def write(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
        moment = as_date(number(args[0], 32, dialect), dialect)
        part = fitted(written(moment), PARTS[dialect], bits, dialect)
        return where([between(args[0], FIRST_DAY, LAST_DAY)], part)

    return write


day_of_month = _part(lambda moment: f"day({moment})")
month_of = _part(lambda moment: f"month({moment})")
year_of = _part(lambda moment: f"year({moment})")
days_in_month = _part(lambda moment: f"day(last_day({moment}))")
