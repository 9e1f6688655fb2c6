"""Records made small: what a test does not need is left out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from siyu.core.program import Needs, TableNeed
from siyu.testing.suggest.record import Draft, Json, Maker


def shrunk(draft: Draft, needs: Needs, maker: Maker, serves: Callable[[Draft], bool]) -> Draft:
    """The smallest record that still serves, found by leaving out one thing after the other."""
    start = _read_only(draft, needs, maker)
    draft = start if serves(start) else draft
    for leave_out in list(_omissions(draft, maker)):
        smaller = draft.changed()
        if leave_out(smaller.request) and serves(smaller):
            draft = smaller
    return draft


def _read_only(draft: Draft, needs: Needs, maker: Maker) -> Draft:
    """Without the fields and columns that nobody reads."""
    made = draft.changed()
    customer = made.request["customer"]
    read = {need.name for need in needs.inputs if need.origin == "customer"} | {maker.schema.key}
    columns = _columns(needs)
    for name in list(customer):
        if name in maker.schema.collections:
            if name in columns:
                customer[name] = [_row(row, name, columns, maker) for row in customer[name]]
            else:
                customer[name] = []
        elif name not in read:
            del customer[name]
    context = {need.name for need in needs.inputs if need.origin == "context"}
    if "context" in made.request:
        made.request["context"] = {
            name: value for name, value in made.request["context"].items() if name in context
        }
    return made


def _columns(needs: Needs) -> dict[str, set[str]]:
    """The columns that are read of each collection, by its path."""
    found: dict[str, set[str]] = {}

    def take(table: TableNeed) -> None:
        parts = table.path.split(".")
        for end in range(1, len(parts) + 1):
            found.setdefault(".".join(parts[:end]), set())
        for column in table.columns:
            owner, dot, name = column.name.rpartition(".")
            found.setdefault(owner if dot else table.path, set()).add(name if dot else column.name)
            if column.nested is not None:
                take(column.nested)

    for table in needs.tables:
        take(table)
    return found


def _row(row: Json, path: str, columns: dict[str, set[str]], maker: Maker) -> Json:
    collection = maker.schema.collection(path)
    if collection is None:
        return row
    kept: Json = {}
    for name, value in row.items():
        inner = f"{path}.{name}"
        if name in collection.collections:
            read = inner in columns
            kept[name] = [_row(each, inner, columns, maker) for each in value] if read else []
        elif name == collection.key or name in columns.get(path, ()):
            kept[name] = value
    return kept


def _omissions(draft: Draft, maker: Maker) -> Iterator[Callable[[Json], bool]]:
    """What might be left out: all rows, single rows, fields."""
    customer = draft.request["customer"]
    for name in customer:
        if name in maker.schema.collections and customer[name]:
            yield partial(_empty, name)
    for name in customer:
        if name in maker.schema.collections:
            for place in range(len(customer[name]) - 1, -1, -1):
                yield partial(_drop_row, name, place)
    for name in customer:
        if name not in maker.schema.collections and name != maker.schema.key:
            yield partial(_drop, "customer", name)
    for name in draft.request.get("context", {}):
        yield partial(_drop, "context", name)


def _empty(name: str, request: Json) -> bool:
    had = bool(request["customer"].get(name))
    request["customer"][name] = []
    return had


def _drop_row(name: str, place: int, request: Json) -> bool:
    rows = request["customer"].get(name, [])
    if len(rows) <= place or len(rows) < 2:
        return False
    del rows[place]
    return True


def _drop(part: str, name: str, request: Json) -> bool:
    return request[part].pop(name, None) is not None
