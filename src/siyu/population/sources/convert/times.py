"""Dates, times of day and instants of source columns, as they are held."""

from __future__ import annotations

import re

from siyu.functions import FUNCTIONS
from siyu.functions.declaration import Dialect, SqlArg
from siyu.functions.zones import DAY, EPOCH, FIRST_DAY, LAST_DAY, SECOND
from siyu.population.sources.sqltext import extract, literal, matches, try_cast

DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
OFFSET = "(?:[Zz]|[+-](?:0[0-9]|1[0-7])(?::?[0-5][0-9])?|[+-]18(?::?00)?)"
FRACTION = "(?:[.,](?:[0-9]{1,6}|[0-9]{6}0{1,3}))"
CLOCK = f"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9]{FRACTION}?)?"

# A time in any shape, to tell what is wrong with one that is not taken.
ANY_CLOCK = "[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
REAL_CLOCK = "[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?"
ANY_OFFSET = "(?:[Zz]|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})"


def date_from_column(x: str, low: str, high: str, dialect: Dialect) -> str:
    """The ordinal of a date from `low` to `high`."""
    return f"CASE WHEN {x} BETWEEN DATE '{low}' AND DATE '{high}' THEN {_ordinal(x, dialect)} END"


def _ordinal(x: str, dialect: Dialect) -> str:
    if dialect == "duckdb":
        return f"CAST({x} - DATE '1970-01-01' AS INTEGER) + {EPOCH}"
    return f"datediff({x}, DATE '1970-01-01') + {EPOCH}"


def date_from_text(x: str, low: str, high: str, dialect: Dialect) -> str:
    """The ordinal of a text like 2026-11-21."""
    day = try_cast(x, "DATE")
    made = date_from_column(day, low, high, dialect)
    return f"CASE WHEN {matches(x, DATE, dialect)} THEN {made} END"


def date_from_midnight(x: str, low: str, high: str, dialect: Dialect) -> str:
    """The ordinal of a wall time that is a midnight; other times are no dates."""
    made = date_from_column(try_cast(x, "DATE"), low, high, dialect)
    return f"CASE WHEN date_trunc('day', {x}) = {x} THEN {made} END"


def time_from_text(x: str, dialect: Dialect) -> str:
    """Seconds since midnight of a text like 20:00 or 20:00:05."""
    return f"CASE WHEN {matches(x, TIME, dialect)} THEN {_seconds(x, 1)} END"


def _seconds(x: str, start: int) -> str:
    """Of hours, minutes and perhaps seconds from a character on."""
    parts = [try_cast(f"substr({x}, {start + 3 * n}, 2)", "INT") for n in range(3)]
    return f"{parts[0]} * 3600 + {parts[1]} * 60 + COALESCE({parts[2]}, 0)"


def time_from_column(x: str) -> str:
    """Seconds since midnight of a time of whole seconds."""
    hours, minutes = f"extract('hour' FROM {x})", f"extract('minute' FROM {x})"
    micros = f"extract('microsecond' FROM {x})"
    made = f"CAST({hours} * 3600 + {minutes} * 60 + {micros} // 1000000 AS INTEGER)"
    return f"CASE WHEN {hours} < 24 AND {micros} % 1000000 = 0 THEN {made} END"


# ---------------------------------------------------------------- instants


def instant_from_column(
    x: str, first: int, last: int, dialect: Dialect, nanoseconds: bool = False
) -> str:
    """Microseconds since 1970 of an instant; NULL where it has more digits than that."""
    micros = f"epoch_us({x})" if dialect == "duckdb" else f"unix_micros({x})"
    if nanoseconds:
        micros = f"epoch_ns({x}) // 1000"
        exact = f"epoch_ns({x}) % 1000 = 0"
        return f"CASE WHEN {exact} AND {micros} BETWEEN {first} AND {last} THEN {micros} END"
    return f"CASE WHEN {micros} BETWEEN {first} AND {last} THEN {micros} END"


def between(value: str, first: int, last: int) -> str:
    """An instant within the years that every zone can show."""
    return f"CASE WHEN {value} BETWEEN {first} AND {last} THEN {value} END"


def wall_from_column(x: str, nanoseconds: bool, dialect: Dialect) -> str:
    """Microseconds since 1970 that a wall time without a zone shows; NULL where it has more digits
    than that."""
    if dialect == "spark":
        return f"timestampdiff(MICROSECOND, TIMESTAMP_NTZ '1970-01-01 00:00:00', {x})"
    if nanoseconds:
        return f"CASE WHEN epoch_ns({x}) % 1000 = 0 THEN epoch_ns({x}) // 1000 END"
    return f"epoch_us({x})"


def wall_from_text(x: str, dialect: Dialect) -> str:
    """The same of a text like 2026-11-21T10:00:00, whatever zone stands behind it; NULL of a text
    that is no instant."""
    like = f"{DATE}{CLOCK}{OFFSET}?"
    days = f"CAST({_ordinal(try_cast(f'substr({x}, 1, 10)', 'DATE'), dialect)} AS BIGINT)"
    seconds = _seconds_of_clock(x, dialect)
    micros = f"rpad(substr({extract(x, '[.,]([0-9]+)', dialect)}, 1, 6), 6, '0')"
    made = (
        f"({days} - {EPOCH}) * {DAY} + CAST({seconds} AS BIGINT) * {SECOND} + "
        f"COALESCE({try_cast(micros, 'INT')}, 0)"
    )
    return f"CASE WHEN {matches(x, like, dialect)} THEN {made} END"


def _seconds_of_clock(x: str, dialect: Dialect) -> str:
    """Of a text whose clock begins at its twelfth character."""
    hours, minutes = (try_cast(f"substr({x}, {at}, 2)", "INT") for at in (12, 15))
    seconds = try_cast(extract(f"substr({x}, 17)", "^:([0-9]{2})", dialect), "INT")
    return f"({hours} * 3600 + {minutes} * 60 + COALESCE({seconds}, 0))"


def offset_from_text(x: str, dialect: Dialect) -> str:
    """Microseconds east of UTC that stand behind an instant; NULL where none do."""
    zone = extract(f"substr({x}, 17)", f"({ANY_OFFSET})$", dialect)
    hours = try_cast(f"substr({zone}, 2, 2)", "INT")
    minutes = try_cast(f"substr(replace({zone}, ':', ''), 4, 2)", "INT")
    sign = f"CASE WHEN substr({zone}, 1, 1) = '-' THEN -1 ELSE 1 END"
    seconds = f"({hours} * 3600 + COALESCE({minutes}, 0) * 60)"
    return (
        f"CASE WHEN upper({zone}) = 'Z' THEN 0 WHEN {zone} <> '' "
        f"THEN ({sign}) * CAST({seconds} AS BIGINT) * {SECOND} END"
    )


def instant_of(wall: str, zone: str, dialect: Dialect) -> str:
    """The instant at which a zone's clock shows `wall`, a column of microseconds since 1970."""
    if zone in ("UTC", "Etc/UTC"):
        return wall
    div = "//" if dialect == "duckdb" else "div"
    # Not before the epoch, too: both dialects divide towards zero.
    rest = f"((({wall} % {DAY}) + {DAY}) % {DAY})"
    day = f"CAST((({wall} - {rest}) {div} {DAY}) + {EPOCH} AS INT)"
    seconds = f"CAST({rest} {div} {SECOND} AS INT)"
    at = FUNCTIONS["at"].sql[dialect]
    args = (
        SqlArg(f"({day})", FIRST_DAY, LAST_DAY, bits=32),
        SqlArg(f"({seconds})", 0, 86_399, bits=32),
        SqlArg("", value=zone),
    )
    return f"({at(args, 64)} + {rest} % {SECOND})"


# ---------------------------------------------------------------- formats that people name

_DIRECTIVES = {
    "Y": "[0-9]{4}", "m": "[0-9]{1,2}", "d": "[0-9]{1,2}", "H": "[0-9]{1,2}", "M": "[0-9]{1,2}",
    "S": "[0-9]{1,2}", "f": "[0-9]{1,6}", "z": "[+-][0-9]{4}",
}  # fmt: skip


def format_pattern(form: str) -> str | None:
    """Texts that are written in a format of `strftime`; None where it has what we do not read.

    >>> format_pattern("%Y/%m/%d")
    '[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}'
    """
    parts = re.split("%(.)", form, flags=re.DOTALL)
    made = re.escape(parts[0])
    for directive, behind in zip(parts[1::2], parts[2::2], strict=True):
        known = _DIRECTIVES.get(directive)
        if known is None:
            return None
        made += known + re.escape(behind)
    return None if "%" in "".join(parts[::2]) else made


def parsed(x: str, form: str) -> str:
    """The time that a text in a format means; NULL of all others. For DuckDB."""
    pattern = format_pattern(form)
    assert pattern is not None, "the reader takes no other formats"
    made = f"try_strptime({x}, {literal(form, 'duckdb')})"
    return f"CASE WHEN {matches(x, pattern, 'duckdb')} THEN {made} END"
