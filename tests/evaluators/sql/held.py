"""Requests as relations: held values written as SQL, for any engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from siyu.core.program import ColumnNeed, Facts, Program, TableNeed
from siyu.evaluators.sql import Relations, needs_read
from siyu.evaluators.sql.bounds import width_of
from siyu.evaluators.sql.dialects import DIALECTS, Dialect
from siyu.evaluators.sql.names import (
    KEY,
    column_of_input,
    column_of_row,
    given_column,
    has_column,
)
from siyu.functions.sql import literal
from siyu.types import BOOL, TEXT, Type


def relations(
    program: Program,
    requests: Sequence[Facts],
    dialect: Any,
    given: Sequence[str] = (),
) -> Relations:
    """One record per request, its key the request's number."""
    engine = DIALECTS[dialect]
    needs = needs_read(program)
    types = {binding.name: binding.type for binding in program.bindings}
    kinds: list[tuple[str, Type]] = [(KEY, TEXT)]
    kinds += [(column_of_input(n, need), need.type) for n, need in enumerate(needs.inputs)]
    kinds += [(has_column(table.path), BOOL) for table in needs.tables if table.optional]
    kinds += [(given_column(name), types[name]) for name in given]
    records = []
    for number, request in enumerate(requests):
        row: list[Any] = [str(number), *request.values]
        row += [
            rows is not None
            for table, rows in zip(needs.tables, request.tables, strict=True)
            if table.optional
        ]
        row += [dict(request.given).get(name) for name in given]
        records.append(_record(engine, kinds, row))
    tables: dict[str, str | None] = {}
    for place, table in enumerate(needs.tables):
        rows = [
            (str(number), row)
            for number, request in enumerate(requests)
            for row in request.tables[place] or ()
        ]
        tables[table.path] = _table(engine, table, rows)
    return Relations(f"({' UNION ALL '.join(records)})", tables)


def _record(engine: Dialect, kinds: Sequence[tuple[str, Type]], row: Sequence[Any]) -> str:
    columns = [
        f"{value(engine, kind, held)} AS {engine.name_of(name)}"
        for (name, kind), held in zip(kinds, row, strict=True)
    ]
    return f"SELECT {', '.join(columns)}"


def _table(engine: Dialect, table: TableNeed, rows: Iterable[tuple[str, tuple[Any, ...]]]) -> str:
    written = [_row(engine, table, key, row) for key, row in rows]
    empty = _row(engine, table, "", (None,) * len(table.columns)) + " WHERE FALSE"
    return f"({' UNION ALL '.join([*written, empty])})"


def _row(engine: Dialect, table: TableNeed, key: str, row: tuple[Any, ...]) -> str:
    columns = [f"{value(engine, TEXT, key)} AS {KEY}"]
    columns += [
        f"{cell(engine, column, held)} AS {engine.name_of(column_of_row(place, column))}"
        for place, (column, held) in enumerate(zip(table.columns, row, strict=True))
    ]
    return f"SELECT {', '.join(columns)}"


def cell(engine: Dialect, column: ColumnNeed, held: Any) -> str:
    if column.nested is None:
        return value(engine, column.type, held)
    kind = engine.list_type(struct_type(engine, column.nested))
    if held is None:
        return f"CAST(NULL AS {kind})"
    structs = [
        engine.struct_of(
            [
                (column_of_row(place, inner), cell(engine, inner, each))
                for place, (inner, each) in enumerate(zip(column.nested.columns, row, strict=True))
            ]
        )
        for row in held
    ]
    made = engine.on("list", "", ", ".join(structs)) if structs else ""
    return f"CAST({made} AS {kind})" if structs else engine.on("empty", "", "", kind)


def struct_type(engine: Dialect, table: TableNeed) -> str:
    return engine.struct_type(
        [
            (column_of_row(place, column), type_of(engine, column))
            for place, column in enumerate(table.columns)
        ]
    )


def type_of(engine: Dialect, column: ColumnNeed) -> str:
    if column.nested is not None:
        return engine.list_type(struct_type(engine, column.nested))
    return engine.type_of(column.type, width_of(column.type))


def value(engine: Dialect, kind: Type, held: Any) -> str:
    return f"CAST({literal(held, engine.name)} AS {engine.type_of(kind, width_of(kind))})"


def back(kind: Type, found: Any) -> Any:
    """What an engine gives for a held value, as it is held."""
    match found:
        case None | bool() | str():
            return found
        case list() | tuple():
            return frozenset(found)
        case dict():
            return (found["lat"], found["lon"])
        case _:
            assert found == int(found)
            return int(found)


def by_key(rows: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    return {int(row["key"]): row for row in rows}
