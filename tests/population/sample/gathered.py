"""Requests out of a sample's files, as a program that sends them would build them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import duckdb

from siyu.core.ir import Input
from siyu.core.program import ColumnNeed, Needs, TableNeed
from siyu.population.sample.columns import owner_column, parent_column
from siyu.population.sample.model import Wish
from siyu.records import Reader, reader
from siyu.schema.model import Collection, Field
from siyu.types import GeoType

AS_OF = 1_795_226_400_000_000  # 2026-11-21T10:00+08:00
Rows = list[dict[str, Any]]


def rows_of(folder: Path, path: str) -> Rows:
    """A table of a Parquet sample; instants as texts in UTC, since reading them needs pytz."""
    files = folder / f"{path}.parquet"
    pattern = files if files.is_file() else folder / path / "*.parquet"
    engine = duckdb.connect()
    engine.execute("SET TimeZone = 'UTC'")
    columns = engine.execute(f"DESCRIBE SELECT * FROM '{pattern}'").fetchall()
    listed = ", ".join(
        f'strftime("{name}", \'%Y-%m-%dT%H:%M:%S.%fZ\') AS "{name}"'
        if kind == "TIMESTAMP WITH TIME ZONE"
        else f'"{name}"'
        for name, kind, *_ in columns
    )
    found = engine.execute(f"SELECT {listed} FROM '{pattern}'").fetchall()
    return [dict(zip((each[0] for each in columns), row, strict=True)) for row in found]


def plain(field: Field, row: Mapping[str, Any]) -> object:
    if isinstance(field.type, GeoType):
        lat, lon = row[f"{field.name}_lat"], row[f"{field.name}_lon"]
        return None if lat is None else [lat, lon]
    value = row[field.name]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value


def requests(wish: Wish, folder: Path) -> Iterator[dict[str, Any]]:
    """A request for each customer, and one for each event."""
    schema = wish.schema
    customers = {}
    for row in rows_of(folder, "customer"):
        customer = {name: plain(field, row) for name, field in schema.fields.items()}
        customers[row[schema.key]] = customer
    for path, rows in schema.collections.items():
        for customer in customers.values():
            customer[path] = []
        _gather(wish, folder, path, rows, customers)
    context = {
        name: [31.2, 121.5] if isinstance(field.type, GeoType) else None
        for name, field in schema.context.items()
        if not field.optional
    }
    for customer in customers.values():
        yield {"customer": customer, "context": context}
    for event in schema.events.values():
        owner = owner_column(wish, event.fields)
        for row in rows_of(folder, f"events/{event.name}"):
            made = {name: plain(field, row) for name, field in event.fields.items()}
            yield {"customer": customers[row[owner]], "event": {"type": event.name, **made}}


def _gather(
    wish: Wish, folder: Path, path: str, rows: Collection, around: dict[Any, dict[str, Any]]
) -> None:
    """Rows into the lists of the objects around them, by the keys of those."""
    owner, own = owner_column(wish, rows.fields), {}
    parent = None
    if "." in path:
        outer = wish.schema.collection(path.rpartition(".")[0])
        assert outer is not None
        parent = parent_column(wish, outer, rows)
    for row in rows_of(folder, path):
        made = {name: plain(field, row) for name, field in rows.fields.items()}
        place = row[owner] if parent is None else (row[owner], row[parent])
        around[place].setdefault(path.rpartition(".")[2], []).append(made)
        if rows.key is not None:
            own[row[owner], row[rows.key]] = made
    for name, inner in rows.collections.items():
        for each in own.values():
            each[name] = []
        if (folder / f"{path}.{name}.parquet").exists() or (folder / f"{path}.{name}").exists():
            _gather(wish, folder, f"{path}.{name}", inner, own)


def reader_of_all(wish: Wish) -> Reader:
    """A reader that looks at every field."""
    schema = wish.schema
    inputs = [
        Input("customer", name, field.type, field.maybe_unknown)
        for name, field in schema.fields.items()
    ]
    for event in schema.events.values():
        inputs += [Input("event", f"{event.name}.{f.name}", f.type) for f in event.fields.values()]
    tables = tuple(
        TableNeed(
            path,
            tuple(ColumnNeed(f.name, f.type, f.maybe_unknown) for f in rows.fields.values()),
            rows.optional,
        )
        for path, rows in schema.walk()
    )
    return reader(schema, Needs(tuple(inputs), tables), wish.timezone, levels=wish.names.levels)
