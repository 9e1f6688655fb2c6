"""The types that source columns have, from the names that the engines give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from siyu.functions.declaration import Dialect

Kind = Literal[
    "bool", "int", "decimal", "float", "date", "naive", "instant", "time", "text", "json",
    "list", "struct", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Physical:
    """`low` and `high` bound integers; `digits` and `scale` are those of decimals; `bits` tells
    binary fractions, and `nanoseconds` clocks, apart; `item` is that of a list, `fields` are those
    of a struct. `name` is the engine's."""

    kind: Kind
    name: str = ""
    low: int = 0
    high: int = 0
    digits: int = 38
    scale: int = 0
    bits: int = 64
    nanoseconds: bool = False
    item: Physical | None = None
    fields: tuple[tuple[str, Physical], ...] = ()


TEXT = Physical("text", "VARCHAR")
JSON = Physical("json", "JSON")


def _signed(bits: int) -> tuple[int, int]:
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


_INTS = {
    "TINYINT": _signed(8), "BYTE": _signed(8), "SMALLINT": _signed(16), "SHORT": _signed(16),
    "INTEGER": _signed(32), "INT": _signed(32), "BIGINT": _signed(64), "LONG": _signed(64),
    "HUGEINT": _signed(128), "UTINYINT": (0, 2**8 - 1), "USMALLINT": (0, 2**16 - 1),
    "UINTEGER": (0, 2**32 - 1), "UBIGINT": (0, 2**64 - 1), "UHUGEINT": (0, 2**128 - 1),
}  # fmt: skip
_PLAIN: dict[str, Kind] = {
    "BOOLEAN": "bool", "DATE": "date", "TIME": "time", "VARCHAR": "text", "STRING": "text",
    "UUID": "text", "JSON": "json", "TIMESTAMP_S": "naive", "TIMESTAMP_MS": "naive",
    "TIMESTAMP_NS": "naive", "TIMESTAMP_NTZ": "naive", "TIMESTAMP WITH TIME ZONE": "instant",
    "TIMESTAMPTZ": "instant", "TIMESTAMPTZ_NS": "instant", "DOUBLE": "float", "FLOAT": "float",
}  # fmt: skip
_DECIMAL = re.compile(r"DECIMAL\(\s*(\d+)\s*,\s*(\d+)\s*\)")


def physical(name: str, dialect: Dialect) -> Physical:
    """The type that an engine calls so.

    >>> physical("DECIMAL(12,2)", "duckdb").digits, physical("array<string>", "spark").item.kind
    (12, 'text')
    """
    plain = name.strip()
    upper = plain.upper()
    if plain.endswith("[]"):
        return Physical("list", plain, item=physical(plain[:-2], dialect))
    if upper.startswith("ARRAY<"):
        return Physical("list", plain, item=physical(plain[6:-1], dialect))
    if upper.startswith(("STRUCT(", "STRUCT<")):
        return Physical("struct", plain, fields=_fields(plain[7:-1], dialect))
    if upper in _INTS:
        low, high = _INTS[upper]
        return Physical("int", plain, low, high)
    if (found := _DECIMAL.fullmatch(upper)) is not None:
        return Physical("decimal", plain, digits=int(found[1]), scale=int(found[2]))
    if upper.startswith("ENUM("):
        return Physical("text", plain)
    if upper == "TIMESTAMP":  # Spark's is an instant, DuckDB's a clock on the wall
        return Physical("instant" if dialect == "spark" else "naive", plain)
    kind: Kind = _PLAIN.get(upper, "other")
    bits = 32 if upper == "FLOAT" else 64
    return Physical(kind, plain, bits=bits, nanoseconds=upper.endswith("_NS"))


def _fields(text: str, dialect: Dialect) -> tuple[tuple[str, Physical], ...]:
    parts, depth, start = [], 0, 0
    for index, char in enumerate(text):
        depth += (char in "(<[") - (char in ")>]")
        if char == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    found = []
    for part in parts:
        between = ":" if dialect == "spark" else " "
        field, _, kind = part.strip().partition(between)
        found.append((field.strip().strip('"`'), physical(kind, dialect)))
    return tuple(found)
