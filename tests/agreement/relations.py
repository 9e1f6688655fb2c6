"""Validated requests as the relations that SQL reads, loaded through Arrow."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from siyu.core.program import ColumnNeed, Facts, Needs, TableNeed
from siyu.evaluators.sql import Relations
from siyu.evaluators.sql.bounds import width_of
from siyu.evaluators.sql.dialects import DIALECTS, Dialect
from siyu.evaluators.sql.names import (
    KEY,
    column_of_input,
    column_of_row,
    given_column,
    has_column,
)
from siyu.population.engines.duck import DuckEngine
from siyu.population.engines.spark import SparkEngine
from siyu.types import BOOL, TEXT, BoolType, EnumType, GeoType, LevelType, SetType, TextType, Type

SqlEngine = DuckEngine | SparkEngine
Columns = list[tuple[str, ColumnNeed]]
INTEGERS = {32: pa.int32(), 64: pa.int64(), 128: pa.decimal128(38, 0)}
GEO = pa.struct([("lat", pa.float64()), ("lon", pa.float64())])
NUMBERS = itertools.count(1)


def key_of(number: int) -> str:
    """What joins the rows of request `number` to it; no customer has such a key."""
    return f"r{number}"


def relations(
    engine: SqlEngine, needs: Needs, given: Sequence[tuple[str, Type]], requests: Sequence[Facts]
) -> Relations:
    """Views of the engine, with one record for each request, in their order."""
    batch = f"b{next(NUMBERS)}"
    records = [
        (key_of(number), *facts.values, *_there(needs, facts), *_given(given, facts))
        for number, facts in enumerate(requests)
    ]
    tables: dict[str, str | None] = {}
    for place, need in enumerate(needs.tables):
        rows = [
            (key_of(number), *row)
            for number, facts in enumerate(requests)
            for row in facts.tables[place] or ()
        ]
        if need.optional and all(facts.tables[place] is None for facts in requests):
            tables[need.path] = None
        else:
            tables[need.path] = _load(engine, f"{batch}_t{place}", _row_columns(need), rows)
    return Relations(_load(engine, f"{batch}_records", _columns(needs, given), records), tables)


def _there(needs: Needs, facts: Facts) -> Iterable[bool]:
    for need, rows in zip(needs.tables, facts.tables, strict=True):
        if need.optional:
            yield rows is not None


def _given(given: Sequence[tuple[str, Type]], facts: Facts) -> Iterable[object]:
    brought = dict(facts.given)
    return (brought[name] for name, _ in given)


def _columns(needs: Needs, given: Sequence[tuple[str, Type]]) -> Columns:
    named: list[tuple[str, Type]] = [(KEY, TEXT)]
    named += [(column_of_input(place, need), need.type) for place, need in enumerate(needs.inputs)]
    named += [(has_column(need.path), BOOL) for need in needs.tables if need.optional]
    named += [(given_column(name), kind) for name, kind in given]
    return [(name, ColumnNeed(name, kind, True)) for name, kind in named]


def _row_columns(need: TableNeed) -> Columns:
    return [(KEY, ColumnNeed(KEY, TEXT, False)), *_fields(need)]


def _fields(need: TableNeed) -> Columns:
    """What a row holds; a row of which nothing is read has a column all the same."""
    found = [(column_of_row(place, column), column) for place, column in enumerate(need.columns)]
    return found or [("c", ColumnNeed("c", BOOL, False))]


# ------------------------------------------------------------------------------------ loading


def _load(engine: SqlEngine, name: str, columns: Columns, rows: Sequence[tuple[Any, ...]]) -> str:
    """The name of a view of these rows."""
    table = arrow_table(columns, rows)
    if isinstance(engine, DuckEngine):
        engine.connection.register(f"{name}_arrow", table)
        casts = ", ".join(
            f'CAST("{each}" AS {sql_type(DIALECTS["duckdb"], need)}) AS "{each}"'
            for each, need in columns
        )
        engine.table(name, f"SELECT {casts} FROM {name}_arrow")
        engine.connection.unregister(f"{name}_arrow")
        return name
    path = Path(engine.temporary, f"{name}.parquet")
    pq.write_table(table, path)
    # Types that are said need not be looked for in the file.
    types = ", ".join(f"`{each}` {sql_type(DIALECTS['spark'], need)}" for each, need in columns)
    engine.session.read.schema(types).parquet(str(path)).createOrReplaceTempView(name)
    return name


def arrow_table(columns: Columns, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Held values by columns. A row of no columns but its key has `c`, true."""
    arrays = []
    for place, (_, need) in enumerate(columns):
        values = [row[place] if place < len(row) else True for row in rows]
        arrays.append(pa.array([_arrow(need, each) for each in values], arrow_type(need)))
    return pa.table(arrays, [name for name, _ in columns])


def arrow_type(need: ColumnNeed) -> pa.DataType:
    """How a column stands in Arrow."""
    if need.nested is not None:
        return pa.list_(
            pa.struct([(name, arrow_type(each)) for name, each in _fields(need.nested)])
        )
    match need.type:
        case BoolType():
            return pa.bool_()
        case TextType() | EnumType() | LevelType():
            return pa.string()
        case SetType():
            return pa.list_(pa.string())
        case GeoType():
            return GEO
        case _:
            return INTEGERS[width_of(need.type)]


def _arrow(need: ColumnNeed, value: Any) -> Any:
    if value is None:
        return None
    if need.nested is not None:
        fields = _fields(need.nested)
        return [
            {
                name: _arrow(each, row[place] if place < len(row) else True)
                for place, (name, each) in enumerate(fields)
            }
            for row in value
        ]
    if isinstance(value, frozenset):
        return sorted(value)
    return {"lat": value[0], "lon": value[1]} if isinstance(need.type, GeoType) else value


def sql_type(dialect: Dialect, need: ColumnNeed) -> str:
    """How a column stands in an engine."""
    if need.nested is None:
        return dialect.type_of(need.type, width_of(need.type))
    fields = [(name, sql_type(dialect, each)) for name, each in _fields(need.nested)]
    return dialect.list_type(dialect.struct_type(fields))


# ------------------------------------------------------------------------------------- back


def held(kind: Type, value: Any) -> Any:
    """A value of an engine as it is held."""
    match value:
        case None | bool() | str():
            return value
        case list():
            if isinstance(kind, SetType):
                assert value == sorted(set(value)), f"no set: {value}"
                return frozenset(value)
            return tuple(value)
        case dict():
            return (value["lat"], value["lon"])
        case _:
            assert value == int(value), value
            return int(value)
