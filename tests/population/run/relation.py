"""A relation of held values on DuckDB, from values that the reference evaluator has found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    EnumType,
    ErrorType,
    GeoType,
    LevelType,
    SetType,
    TextType,
    TimeType,
    Type,
)


def held_type(kind: Type) -> str:
    match kind:
        case BoolType():
            return "BOOLEAN"
        case TextType() | EnumType() | LevelType() | ErrorType():
            return "VARCHAR"
        case DateType() | TimeType():
            return "INTEGER"
        case DateTimeType():
            return "BIGINT"
        case SetType():
            return "VARCHAR[]"
        case GeoType():
            return "STRUCT(lat DOUBLE, lon DOUBLE)"
        case _:
            return "HUGEINT" if max(abs(kind.low), abs(kind.high)) >= 2**62 else "BIGINT"


def held_value(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple) and len(value) == 2:
        return {"lat": value[0], "lon": value[1]}
    return value


def make_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    types: Mapping[str, Type],
    rows: Sequence[Mapping[str, Any]],
) -> dict[str, str]:
    """A table with `key`, `event_key` and a column for each binding; returns their columns."""
    columns = {binding: f"b{place}" for place, binding in enumerate(types)}
    made = ", ".join(f"{columns[b]} {held_type(kind)}" for b, kind in types.items())
    connection.execute(f"CREATE TABLE {name} (key VARCHAR, event_key VARCHAR, {made})")
    marks = ", ".join("?" * (len(types) + 2))
    for row in rows:
        values = [row["key"], row["event_key"], *(held_value(row[b]) for b in types)]
        connection.execute(f"INSERT INTO {name} VALUES ({marks})", values)
    return columns


def rows_of(connection: duckdb.DuckDBPyConnection, select: str) -> list[dict[str, Any]]:
    """Rows by name; timestamps as microseconds, because fetching them wants a package more."""
    described = connection.execute(f"DESCRIBE {select}").fetchall()
    items = [
        f'epoch_us("{name}") AS "{name}"'
        if "TIME ZONE" in kind
        else '"' + name.replace('"', '""') + '"'
        for name, kind, *_ in described
    ]
    found = connection.execute(f"SELECT {', '.join(items)} FROM ({select})").fetchall()
    return [dict(zip((d[0] for d in described), row, strict=True)) for row in found]
