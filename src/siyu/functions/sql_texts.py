"""What a text holds, as SQL. Both engines count code points, and compare them one by one."""

from __future__ import annotations

from collections.abc import Sequence

from siyu.functions.declaration import Dialect, SqlArg
from siyu.functions.sql import fitted, literal

WIDTH: dict[Dialect, int] = {"duckdb": 64, "spark": 32}  # the bits in which an engine counts
ANY_DIGIT = "[0-9０-９]"


def length(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    return fitted(f"length({args[0].text})", WIDTH[dialect], bits, dialect)


def has_digit(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    pattern = literal(ANY_DIGIT, dialect)
    if dialect == "duckdb":
        return f"regexp_matches({args[0].text}, {pattern})"
    return f"({args[0].text} RLIKE {pattern})"


def contains(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    text, part = (arg.text for arg in args)
    return f"contains({text}, {part})"


def starts_with(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    text, part = (arg.text for arg in args)
    return f"{'starts_with' if dialect == 'duckdb' else 'startswith'}({text}, {part})"
