"""What is to be read of a request, worked out once per policy.

The needs say which facts a program reads; the schema says what else must hold: keys, times of
events, and which names are known at all. Types are those of the needs, so that scales agree with
the program; where only the schema reads a field (keys), its own type serves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from siyu.core.program import Needs, TableNeed
from siyu.schema import Collection, Field, Schema
from siyu.types import EnumType, LevelType, TextType, Type

Levels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields to be read of one object, and all names that may stand in it."""

    read: tuple[Field, ...]
    known: frozenset[str]
    ignore: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """A collection to be read: its fields, and the collections inside its rows."""

    collection: Collection
    path: str
    fields: Fields
    nested: tuple[Rows, ...]


@dataclass(frozen=True, slots=True)
class EventPlan:
    name: str
    key: str | None
    time: str | None
    fields: Fields


@dataclass(frozen=True, slots=True)
class Plan:
    """`key` names the customer's identifying field. `first` and `last` are the earliest and latest
    instants that every zone can show as a date."""

    needs: Needs
    key: str
    customer: Fields
    rows: tuple[Rows, ...]
    events: Mapping[str, EventPlan]
    context: Fields
    metrics: Mapping[str, Type]
    ignore: bool
    first: int
    last: int


def plan_reading(
    schema: Schema,
    needs: Needs,
    levels: Levels,
    metrics: Mapping[str, Type],
    instants: tuple[int, int],
) -> Plan:
    """The plan for a program's needs over a schema."""
    types: dict[tuple[str, str], Type] = {(i.origin, i.name): i.type for i in needs.inputs}
    wanted = _Wanted(types, _columns(needs.tables), levels)
    customer = wanted.fields(
        "customer", "", schema.fields, {schema.key}, schema.collections, schema.extra_ignore
    )
    return Plan(
        needs,
        schema.key,
        customer,
        wanted.collections("", schema.collections),
        {name: _event(wanted, schema, name) for name in schema.events},
        wanted.fields("context", "", schema.context, set(), (), schema.extra_ignore),
        {name: wanted.level(kind) for name, kind in metrics.items()},
        schema.extra_ignore,
        *instants,
    )


def _event(wanted: _Wanted, schema: Schema, name: str) -> EventPlan:
    event = schema.events[name]
    always = {each for each in (event.key, event.time) if each is not None}
    ignore = event.extra_ignore or schema.extra_ignore
    fields = wanted.fields("event", f"{name}.", event.fields, always, ("type",), ignore)
    return EventPlan(name, event.key, event.time, fields)


Columns = dict[str, dict[str, Type]]


def _columns(tables: Iterable[TableNeed]) -> Columns:
    """Per collection's path, the columns that any table reads of it, with their types."""
    found: Columns = {}
    for table in tables:
        _add_columns(found, table.path, table)
    return found


def _add_columns(found: Columns, path: str, table: TableNeed) -> None:
    parts = path.split(".")
    for end in range(1, len(parts) + 1):
        found.setdefault(".".join(parts[:end]), {})
    for column in table.columns:
        owner, name = column_owner(path, column.name)
        if column.nested is None:
            found[owner][name] = column.type
        else:
            _add_columns(found, f"{owner}.{name}", column.nested)


def column_owner(path: str, column: str) -> tuple[str, str]:
    """The collection and the field that a column of the table at `path` comes from.

    >>> column_owner("orders.lines", "qty"), column_owner("orders.lines", "orders.paid_at")
    (('orders.lines', 'qty'), ('orders', 'paid_at'))
    """
    owner, dot, name = column.rpartition(".")
    return (owner, name) if dot else (path, column)


@dataclass(frozen=True, slots=True)
class _Wanted:
    types: Mapping[tuple[str, str], Type]
    columns: Columns
    levels: Levels

    def fields(
        self,
        origin: str,
        prefix: str,
        fields: Mapping[str, Field],
        always: set[str],
        beside: Iterable[str],
        ignore: bool,
    ) -> Fields:
        """The fields that inputs read, and those that are read always."""
        types = {name: self.types.get((origin, prefix + name)) for name in fields}
        return self._chosen(fields, types, always, beside, ignore)

    def collections(self, prefix: str, collections: Mapping[str, Collection]) -> tuple[Rows, ...]:
        """The collections that tables read."""
        return tuple(
            self._rows(prefix + name, each)
            for name, each in collections.items()
            if prefix + name in self.columns
        )

    def _rows(self, path: str, rows: Collection) -> Rows:
        always = {rows.key} if rows.key is not None else set()
        types = self.columns[path]
        ignore = rows.extra_ignore
        fields = self._chosen(rows.fields, types, always, rows.collections, ignore)
        return Rows(rows, path, fields, self.collections(f"{path}.", rows.collections))

    def _chosen(
        self,
        fields: Mapping[str, Field],
        types: Mapping[str, Type | None],
        always: set[str],
        beside: Iterable[str],
        ignore: bool,
    ) -> Fields:
        read = tuple(
            replace(field, type=self.level(types.get(name) or field.type))
            for name, field in fields.items()
            if types.get(name) is not None or name in always
        )
        return Fields(read, frozenset((*fields, *beside)), ignore)

    def level(self, kind: Type) -> Type:
        """A `level of T` as the ordered enum that the policy's tier makes of it."""
        match kind:
            case LevelType(tier) if tier in self.levels:
                return EnumType(tier, self.levels[tier], True)
            case LevelType():
                return TextType()
            case _:
                return kind
