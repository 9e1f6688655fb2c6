"""Customers that tests take from each other: one test's facts laid over another's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siyu.core.compiled import Given, GivenRows
from siyu.schema import Collection, Schema
from siyu.types import TextType

Record = dict[str, Any]


def lay(base: Mapping[str, object], given: Given, schema: Schema) -> Record:
    """A request with what a test gives in place of what was there: fields one by one, a collection
    as a whole. `base` stays as it is."""
    made: Record = {"customer": copied(base.get("customer", {}))}
    layers = []
    layer: Given | None = given
    while layer is not None:
        layers.append(layer)
        layer = layer.over
    for part in ("context", "metrics"):
        made[part] = copied(base.get(part) or {})
    for each in reversed(layers):
        _put(made["customer"], each.customer)
        _put(made["context"], each.context)
        _put(made["metrics"], each.metrics)
        _put_rows(made["customer"], each.rows, schema)
    return {name: part for name, part in made.items() if part or name == "customer"}


def filled(request: Record, schema: Schema) -> Record:
    """The request with empty collections where none were given, and some customer's key."""
    customer = request["customer"]
    key = schema.fields.get(schema.key)
    if key is None or isinstance(key.type, TextType):
        customer.setdefault(schema.key, "test")
    for name, collection in schema.collections.items():
        _fill(customer, name, collection)
    return request


def copied(part: object) -> Any:
    """A copy down to the last row."""
    if isinstance(part, Mapping):
        return {name: copied(value) for name, value in part.items()}
    return [copied(item) for item in part] if isinstance(part, list) else part


def _put(record: Record, fields: Mapping[str, object]) -> None:
    for name, value in fields.items():
        if value is None:
            record.pop(name, None)
        else:
            record[name] = copied(value)


def _put_rows(customer: Record, given: tuple[GivenRows, ...], schema: Schema) -> None:
    replaced: set[tuple[str, ...]] = set()
    for each in given:
        *outer, last = each.path
        holders = _rows_at(customer, outer)
        if each.path not in replaced:
            for holder in holders:
                holder[last] = []
            replaced.add(each.path)
        key = _key(schema, outer)
        for own, others in each.rows:
            for holder in holders:
                if key is None or holder.get(key) == others.get(key):
                    holder.setdefault(last, []).append(copied(own))


def _key(schema: Schema, outer: list[str]) -> str | None:
    """The key of the rows that rows stand in."""
    parent = schema.collection(".".join(outer)) if outer else None
    return None if parent is None else parent.key


def _rows_at(customer: Record, path: list[str]) -> list[Record]:
    rows: list[Record] = [customer]
    for name in path:
        found = (row.get(name) for row in rows)
        inner = (each for each in found if isinstance(each, list))
        rows = [row for each in inner for row in each if isinstance(row, dict)]
    return rows


def _fill(row: Record, name: str, collection: Collection) -> None:
    """Collections that were not given are empty, inside rows too."""
    rows = row.setdefault(name, [])
    for inner in rows if isinstance(rows, list) else ():
        for nested, below in collection.collections.items():
            if isinstance(inner, dict):
                _fill(inner, nested, below)
