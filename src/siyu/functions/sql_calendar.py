"""Days, months and periods as SQL. Both engines have the proleptic calendar that Python has; a day
is checked first, because what lies beyond the years 1 to 9999 is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from siyu.functions.declaration import OPEN, Dialect, SqlArg
from siyu.functions.sql import TEXT, between, constant, integer, number, where
from siyu.functions.zones import EPOCH, FIRST_DAY, LAST_DAY

MONTHS = 12 * 9_999  # more than any move inside the calendar


def as_date(day: str, dialect: Dialect) -> str:
    """The engine's own date of a day, which must be one."""
    if dialect == "duckdb":
        return f"(DATE '1970-01-01' + ({day} - {EPOCH}))"
    return f"date_from_unix_date({day} - {EPOCH})"


def day_of(moment: str, dialect: Dialect) -> str:
    """The day of an engine's own date, 32 bits."""
    if dialect == "duckdb":
        return f"(CAST({moment} - DATE '1970-01-01' AS INTEGER) + {EPOCH})"
    return f"(unix_date({moment}) + {EPOCH})"


def _day(arg: SqlArg, dialect: Dialect) -> str:
    return number(arg, 32, dialect)


def _in_calendar(*days: SqlArg) -> list[str]:
    return [between(day, FIRST_DAY, LAST_DAY) for day in days]


def later(moment: str, months: str, dialect: Dialect) -> str:
    """An engine's date so many months later, on the last day of shorter months."""
    if dialect == "duckdb":
        return f"CAST({moment} + to_months({months}) AS DATE)"
    return f"add_months({moment}, {months})"


def add_months(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    day, n = args
    if isinstance(n.value, int):
        return _by_constant(dialect, day, n.value)
    months = number(n, 32, dialect)
    moved = day_of(later(as_date(_day(day, dialect), dialect), months, dialect), dialect)
    inside = where([f"{moved} BETWEEN {FIRST_DAY} AND {LAST_DAY}"], moved)
    return where([*_in_calendar(day), between(n, -MONTHS, MONTHS)], inside)


def _by_constant(dialect: Dialect, day: SqlArg, n: int) -> str:
    """By a known number of months it is known, which days stay inside the calendar."""
    low, high = FIRST_DAY, LAST_DAY
    if abs(n) >= MONTHS:
        return "CAST(NULL AS INTEGER)" if dialect == "duckdb" else "CAST(NULL AS INT)"
    if n > 0:
        year, month = divmod(MONTHS + 12 - n, 12)
        high = date(year, month + 1, 1).toordinal() - 1
    elif n < 0:
        year, month = divmod(12 - n, 12)
        low = date(year, month + 1, 1).toordinal()
    months = integer(n, dialect)
    moved = later(as_date(_day(day, dialect), dialect), months, dialect)
    return where([between(day, low, high)], day_of(moved, dialect))


def months_between(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    """A day that is the last one of its month counts as every later one."""
    a, b = (as_date(_day(arg, dialect), dialect) for arg in args)
    after = as_date(f"{_day(args[1], dialect)} + 1", dialect)
    months = f"(year({b}) - year({a})) * 12 + month({b}) - month({a})"
    reached = f"CASE WHEN day({a}) <= day({b}) OR day({after}) = 1 THEN 0 ELSE 1 END"
    found = number(SqlArg(f"({months} - {reached})", bits=_parts(dialect)), bits, dialect)
    return where(_in_calendar(*args), found)


def _parts(dialect: Dialect) -> int:
    """The bits in which an engine gives parts of a date."""
    return 64 if dialect == "duckdb" else 32


def period_start(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    day = _day(args[0], dialect)
    moment = as_date(day, dialect)
    match constant(args[1], "a unit"):
        case "week":
            start = f"({day} - ({day} - 1) % 7)"
        case "month":
            start = _back(day, f"day({moment})", dialect)
        case "quarter":
            start = day_of(_quarter(moment, dialect), dialect)
        case "year":
            start = _back(day, f"dayofyear({moment})", dialect)
        case _:
            start = day
    return where(_in_calendar(args[0]), start)


def _back(day: str, count: str, dialect: Dialect) -> str:
    held = f"CAST({count} AS INTEGER)" if dialect == "duckdb" else count
    return f"({day} - {held} + 1)"


def _quarter(moment: str, dialect: Dialect) -> str:
    if dialect == "duckdb":
        return f"CAST(date_trunc('quarter', {moment}) AS DATE)"
    return f"trunc({moment}, 'QUARTER')"


def period_end(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    day = _day(args[0], dialect)
    moment = as_date(day, dialect)
    match constant(args[1], "a unit"):
        case "week":
            end = f"({day} - ({day} - 1) % 7 + 6)"
            return where([between(args[0], FIRST_DAY, LAST_DAY - LAST_DAY % 7)], end)
        case "month":
            end = day_of(f"last_day({moment})", dialect)
        case "quarter":
            end = f"({day_of(later(_quarter(moment, dialect), '3', dialect), dialect)} - 1)"
        case "year":
            end = day_of(f"make_date(year({moment}), 12, 31)", dialect)
        case _:
            end = day
    return where(_in_calendar(args[0]), end)


def period_key(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    moment = as_date(_day(args[0], dialect), dialect)
    written = f"CAST({moment} AS {TEXT[dialect]})"
    year = f"left({written}, 4)"
    match constant(args[1], "a unit"):
        case "week":
            year = f"isoyear({moment})" if dialect == "duckdb" else _iso_year(moment)
            week = _padded(f"weekofyear({moment})", 2, dialect)
            key = f"({_padded(year, 4, dialect)} || '-W' || {week})"
        case "month":
            key = f"left({written}, 7)"
        case "quarter":
            key = f"({year} || '-Q' || CAST(quarter({moment}) AS {TEXT[dialect]}))"
        case "year":
            key = year
        case _:
            key = written
    return where(_in_calendar(args[0]), key)


def _iso_year(moment: str) -> str:
    return f"extract(YEAROFWEEK FROM {moment})"


def _padded(part: str, digits: int, dialect: Dialect) -> str:
    return f"lpad(CAST({part} AS {TEXT[dialect]}), {digits}, '0')"


def iso_date(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    moment = as_date(_day(args[0], dialect), dialect)
    return where(_in_calendar(args[0]), f"CAST({moment} AS {TEXT[dialect]})")


def _occurrence(born: str, years: str, dialect: Dialect) -> str:
    """A birthday so many years later is so many times 12 months later."""
    months = f"12 * ({years})"
    if dialect == "duckdb":
        months = f"CAST({months} AS INTEGER)"
    return day_of(later(born, months, dialect), dialect)


def anniversary(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    born = as_date(_day(args[0], dialect), dialect)
    now = as_date(_day(args[1], dialect), dialect)
    found = _occurrence(born, f"year({now}) - year({born})", dialect)
    older = where([f"year({now}) > year({born})"], found)
    return where(_in_calendar(*args), older)


def anniversary_near(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    """The first occurrence that may be near, or the one after it."""
    born = as_date(_day(args[0], dialect), dialect)
    low, high = (_day(arg, dialect) for arg in args[1:])
    first = f"greatest(year({born}) + 1, year({as_date(low, dialect)}))"
    if isinstance(args[1].value, int) and FIRST_DAY <= args[1].value <= LAST_DAY:
        first = f"greatest(year({born}) + 1, {date.fromordinal(args[1].value).year})"
    years = f"{first} - year({born})"
    near = [
        f"{_occurrence(born, years + more, dialect)} BETWEEN {low} AND {high}"
        for more in ("", " + 1")
    ]
    # An unknown end must not be taken for one that is certainly out of reach.
    known = [f"{arg.text} IS NOT NULL" for arg in args[1:] if arg.value is OPEN]
    return where([*_in_calendar(*args), *known], f"({' OR '.join(near)})")
