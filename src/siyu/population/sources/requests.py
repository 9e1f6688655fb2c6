"""Requests built from tables: what the service would have been asked about the same customers.

Replays explanations, and proves the relations: rows come out of the engine as they are, and become
requests in Python (see `raw`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from siyu.functions.declaration import Dialect
from siyu.functions.sql import literal
from siyu.population.sources.cells import MISTAKE
from siyu.population.sources.failed import SourcesFailed
from siyu.population.sources.model import Column
from siyu.population.sources.opened import Opened, OpenSources
from siyu.population.sources.physical import Physical
from siyu.population.sources.raw import cell
from siyu.population.sources.sqltext import name
from siyu.schema import Field, Schema
from siyu.types import DecimalType, GeoType, IntType
from siyu.words import say

Request = dict[str, Any]
UNREADABLE = "a row that cannot be read"  # no object, so a reader rejects the request


def request_of(
    sources: OpenSources,
    schema: Schema,
    key: str,
    event: str | None = None,
    event_key: str | None = None,
) -> Request | None:
    """The request about one customer, as `json` would give it with numbers digit by digit; None
    where no table has the customer, or no event of that key. Without `as_of`.

    Raises SourcesFailed where the key stands in two rows, so that nobody can say who is meant.
    """
    building = _Building(sources, schema, key)
    found = building.customers()
    if key not in found:
        return None
    if len(found[key]) > 1:
        said = say("customer `{key}` stands in more than one row", key=key)
        raise SourcesFailed(said, say("keep one of the rows"))
    if event is None:
        return building.request(key, found[key][0])
    for row in building.events(event).get(key, ()):
        if event_key is None or not isinstance(row, dict) or (
            str(row.get(schema.events[event].key or "")) == event_key
        ):  # fmt: skip
            return building.request(key, found[key][0], event, row)
    return None


def requests(
    sources: OpenSources, schema: Schema, event: str | None = None
) -> Iterator[tuple[str, Request | None]]:
    """Every customer's key with the request, ordered by key; for an event, one for each of its
    rows. None where the key stands in more than one row. Holds all tables in memory."""
    building = _Building(sources, schema, None)
    found = building.customers()
    events = {} if event is None else building.events(event)
    for key in sorted(found):
        rows = found[key]
        happened = [None] if event is None else events.get(key, [])
        for each in happened:
            yield key, None if len(rows) > 1 else building.request(key, rows[0], event, each)


@dataclass(slots=True)
class _Building:
    sources: OpenSources
    schema: Schema
    key: str | None
    _tables: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    _repeated: set[str] = field(default_factory=set)

    @property
    def dialect(self) -> Dialect:
        return self.sources.engine.name

    def customers(self) -> dict[str, list[Any]]:
        """Rows of the customers' table by key, fields of further tables laid over them."""
        main = self._rows(self.sources.customer, self._brought(), is_customer=True)
        for also in self.sources.also():
            fields = {n: f for n, f in self.schema.fields.items() if n in also.table.columns}
            for key, rows in self._rows(also, fields).items():
                for row in main.get(key, ()):
                    if len(rows) > 1 or not isinstance(rows[0], dict):
                        row["customer"] = UNREADABLE
                    elif isinstance(row["customer"], dict):
                        row["customer"].update(rows[0])
        return main

    def _brought(self) -> Mapping[str, Field]:
        taken = {name for also in self.sources.sources.also for name in also.columns}
        return {n: f for n, f in self.schema.fields.items() if n not in taken}

    def events(self, event: str) -> dict[str, list[Any]]:
        """Rows of an event's table by the customer's key."""
        opened = self.sources.tables[f"events.{event}"]
        return self._rows(opened, self.schema.events[event].fields)

    def request(
        self, key: str, row: Mapping[str, Any], event: str | None = None, happened: Any = None
    ) -> Request:
        """The whole request."""
        customer = row["customer"]
        if isinstance(customer, dict):
            customer = {**customer, **self._collections(key)}
        made: Request = {"customer": customer}
        if row["metrics"]:
            made["metrics"] = row["metrics"]
        if self.sources.sources.context:
            made["context"] = dict(self.sources.sources.context)
        if event is not None:
            made["event"] = {"type": event, **happened} if isinstance(happened, dict) else happened
        return made

    # ------------------------------------------------------------ collections

    def _collections(self, key: str) -> Request:
        found: Request = {}
        for path, collection in self.schema.collections.items():
            opened = self.sources.tables.get(path)
            if opened is not None and not opened.missing:
                rows = self._of_path(path, key)
                found[path] = [self._nested(path, key, row, (), collection) for row in rows]
        return found

    def _nested(
        self, path: str, key: str, row: Any, around: tuple[str, ...], collection: Any
    ) -> Any:
        """A row with the rows inside it."""
        if not isinstance(row, dict):
            return row
        row = {name: value for name, value in row.items() if name not in ("siyu", "siyu parent")}
        own = (*around, str(row.get(collection.key or "")))
        for name_, inner in collection.collections.items():
            below = f"{path}.{name_}"
            opened = self.sources.tables.get(below)
            if opened is None or opened.missing:
                continue
            rows = [
                each
                for each in self._of_path(below, key)
                if isinstance(each, dict) and each["siyu parent"] == own
            ]
            made: list[Any] = [self._nested(below, key, each, own, inner) for each in rows]
            row[name_] = [UNREADABLE if each.get("siyu") else made[at]
                          for at, each in enumerate(rows)]  # fmt: skip
        return row

    def _of_path(self, path: str, key: str) -> list[Any]:
        if path not in self._tables:
            collection = self.schema.collection(path)
            assert collection is not None
            opened = self.sources.tables[path]
            self._tables[path] = self._rows(opened, collection.fields, path)
        return self._tables[path].get(key, [])

    # ------------------------------------------------------------ rows

    def _rows(
        self,
        opened: Opened,
        fields: Mapping[str, Field],
        path: str = "",
        is_customer: bool = False,
    ) -> dict[str, list[Any]]:
        """The rows of a table by the customer's key, in the order of the table."""
        if opened.missing:
            return {}
        table = opened.table
        key = self.schema.fields[self.schema.key]
        wanted: list[tuple[str, Field, Column]] = [("", key, table.customer)]
        owners = self._owners(path)
        parents = table.parent.names if table.parent is not None else ()
        wanted += [("", owner, Column((column,))) for owner, column in zip(owners, parents,
                   strict=False)]  # fmt: skip
        first = len(wanted)
        wanted += [(n, f, table.column(n)) for n, f in fields.items() if self._there(opened, n)]
        metrics = len(wanted)
        if is_customer:
            wanted += [
                ("metric", Field(name, DecimalType(9)), column)
                for name, column in self.sources.sources.metrics.items()
            ]
        found: dict[str, list[Any]] = {}
        for mistake, cells in self._cells(opened, wanted, key):
            owner = cells[0]
            if not _is_key(owner, key):
                continue
            if self.key is not None and str(owner) != self.key:
                continue
            row = {
                name: value
                for (name, _, _), value in zip(wanted[first:metrics], cells[first:metrics],
                                               strict=True)
                if value is not None
            }  # fmt: skip
            made: Any = row
            if is_customer:
                brought = {
                    f.name: v
                    for (_, f, _), v in zip(wanted[metrics:], cells[metrics:], strict=True)
                    if v is not None
                }
                made = {"customer": UNREADABLE if mistake else row, "metrics": brought}
            elif parents:
                if any(not _is_key(each, f) for each, (_, f, _) in zip(
                    cells[1:first], wanted[1:first], strict=True)):  # fmt: skip
                    continue
                row["siyu parent"] = tuple(map(str, cells[1:first]))
                row["siyu"] = bool(mistake)
            elif mistake:
                made = UNREADABLE
            found.setdefault(str(_key_value(owner)), []).append(made)
        return found

    def _owners(self, path: str) -> list[Field]:
        parts = path.split(".")
        owners = []
        for end in range(1, len(parts)):
            around = self.schema.collection(".".join(parts[:end]))
            assert around is not None and around.key is not None
            owners.append(around.fields[around.key])
        return owners

    def _there(self, opened: Opened, name_: str) -> bool:
        return all(each in opened.columns for each in opened.table.column(name_).names)

    def _cells(
        self, opened: Opened, wanted: list[tuple[str, Field, Column]], key: Field
    ) -> Iterator[tuple[bool, list[Any]]]:
        """Whether each row cannot be read, and its values."""
        dialect = self.dialect
        zone = opened.table.timezone or self.sources.timezone
        items, kinds = [], []
        for _, each, column in wanted:
            for source in column.names:
                kind = opened.columns[source]
                kinds.append(kind)
                items.append(_fetched(name(source, dialect), kind, each))
        mistake = f"{name(MISTAKE, dialect)} IS NOT NULL" if opened.cells else "FALSE"
        select = f"SELECT {mistake}, {', '.join(items)} FROM {opened.read(dialect)} t"
        if self.key is not None:
            select += self._located(opened, wanted[0][2], key)
        for wrong, *values in self.sources.engine.rows(select):
            cells, at = [], 0
            for _, each, column in wanted:
                size = len(column.names)
                cells.append(
                    cell(each, values[at : at + size], kinds[at : at + size], column, zone)
                )
                at += size
            yield bool(wrong), cells

    def _located(self, opened: Opened, column: Column, key: Field) -> str:
        """A condition for the rows of one customer; none where it takes more than comparing."""
        kind = opened.columns[column.names[0]]
        x = name(column.names[0], self.dialect)
        assert self.key is not None
        if column.values or kind.kind not in ("text", "int") or (
            kind.kind == "text" and isinstance(key.type, IntType)
        ):  # fmt: skip
            return ""
        if kind.kind == "int":
            wanted = self.key if self.key.lstrip("-").isdigit() else "NULL"
            return f" WHERE {x} = {wanted}"
        return f" WHERE {x} = {literal(self.key, self.dialect)}"


def _fetched(x: str, kind: Physical, wanted: Field) -> str:
    """How a value leaves the engine: as text where Python's own types would lose something."""
    if kind.kind in ("bool", "list", "struct"):
        return x
    if kind.kind == "float" and isinstance(wanted.type, GeoType):
        return f"CAST({x} AS DOUBLE)"
    return f"CAST({x} AS {'STRING' if '`' in x else 'VARCHAR'})"


def _is_key(value: Any, kind: Field) -> bool:
    """Whether a row says whose it is."""
    from siyu.schema.values import Mistake, held

    return value is not None and value != "" and not isinstance(held(kind.type, value), Mistake)


def _key_value(value: Any) -> Any:
    return int(value) if not isinstance(value, str) else value
