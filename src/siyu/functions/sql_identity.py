"""Hashes and plain texts as SQL. Both engines hash the UTF-8 of a text."""

from __future__ import annotations

from collections.abc import Sequence

from siyu.functions.declaration import OPEN, Dialect, SqlArg
from siyu.functions.sql import (
    MOST,
    TEXT,
    cast,
    constant,
    fitted,
    integer,
    literal,
    number,
    reach_of,
    size,
    where,
    width,
)

EARTH_DIAMETER = 2 * 6_371_008.8


def joined(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    texts = [arg.text for arg in args]
    return texts[0] if len(texts) == 1 else f"({' || '.join(texts)})"


def _with(separator: str, args: Sequence[SqlArg], dialect: Dialect) -> str:
    return f" || {literal(separator, dialect)} || ".join(arg.text for arg in args)


def tie(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    return f"md5({_with(':', args, dialect)})"


def bucket(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    """The first 15 hexadecimal digits, which 64 bits hold."""
    digest = f"substr({tie(dialect, args, bits)}, 1, 15)"
    if dialect == "duckdb":
        return fitted(f"(CAST('0x' || {digest} AS BIGINT) % 10000)", 64, bits, dialect)
    place = f"(CAST(conv({digest}, 16, 10) AS BIGINT) % 10000)"
    return fitted(place, 64, bits, dialect)


def outcome_id(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    named = _with("\x1f", args, dialect)
    digest = f"sha256({named})" if dialect == "duckdb" else f"sha2({named}, 256)"
    return f"left({digest}, 32)"


def to_text(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    return f"CAST({args[0].text} AS {TEXT[dialect]})"


def digits(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    scale: int = constant(args[1], "a number of digits")
    if scale == 0:
        return to_text(dialect, args, bits)
    low, high = reach_of(args[0])
    wide = max(width((-high, -low)), args[0].bits if args[0].value is OPEN else 32)
    value = number(args[0], wide, dialect)
    without = value if low >= 0 else size(value, wide, dialect)
    whole, rest = _parted(without, 10**scale, wide, dialect)
    padded = f"lpad(CAST({rest} AS {TEXT[dialect]}), {scale}, '0')"
    text = f"CAST({whole} AS {TEXT[dialect]}) || '.' || {padded}"
    sign = "" if low >= 0 else f"CASE WHEN {value} < 0 THEN '-' ELSE '' END || "
    return f"({sign}{text})"


def _parted(value: str, unit: int, bits: int, dialect: Dialect) -> tuple[str, str]:
    """Quotient and remainder of a number that is not below zero."""
    if unit > MOST[bits]:
        return "0", value
    rest = f"({value} % {integer(unit, dialect)})"
    if dialect == "duckdb":
        return f"({value} // {unit})", rest
    if bits < 128:
        return f"({value} div {unit})", rest
    # Spark's quotient keeps six digits after the point, so it has 32 before it.
    if unit >= 10**6:
        return cast(f"(({value} - {rest}) / {integer(unit, dialect)})", 128, dialect), rest
    text = f"CAST({value} AS STRING)"
    return f"coalesce(nullif(left({text}, length({text}) - {len(str(unit)) - 1}), ''), '0')", rest


def distance(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    """The same formula in the engine's own floating point."""
    a, b = (arg.text for arg in args)
    half = (
        f"power(sin((radians({b}.lat) - radians({a}.lat)) / 2), 2) "
        f"+ cos(radians({a}.lat)) * cos(radians({b}.lat)) "
        f"* power(sin((radians({b}.lon) - radians({a}.lon)) / 2), 2)"
    )
    one = "CAST(1 AS DOUBLE)"
    metres = f"CAST({EARTH_DIAMETER!r} AS DOUBLE) * asin(sqrt(least({one}, {half})))"
    found = cast(f"floor({metres} + CAST(0.5 AS DOUBLE))", bits, dialect)
    return where([f"{arg.text} IS NOT NULL" for arg in args if arg.value is OPEN], found)
