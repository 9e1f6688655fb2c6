"""Which facts a program reads: what validation must read of a record, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from siyu.core.ir import Aggregate, Column, Const, Expr, Input, Ref, Rows
from siyu.core.program import Binding, Needs, TableNeed
from siyu.core.walk import parts

BROUGHT = ("metric", "cut", "allocation")  # not from the record

SAYING_NOTHING = frozenset({Const, Ref})

Context = tuple[str, ...]  # paths of the rows around an expression, innermost first


def needs_of(bindings: Iterable[Binding], tables: Mapping[str, TableNeed]) -> Needs:
    """The inputs by origin and name, the tables by path with the columns that are read.

    `tables` knows every collection by its path, with all columns: "orders", and flattened
    "orders.lines", whose columns may also be read nested, as rows inside a row of "orders". A
    table's columns keep the order they have there.

    >>> from siyu.core.passes.samples import ORDERS, PROGRAM
    >>> [column.name for column in needs_of(PROGRAM.bindings, {"orders": ORDERS}).tables[0].columns]
    ['amount', 'status']
    """
    reading = _Reading()
    for binding in bindings:
        reading.read(binding.expr)
    inputs = sorted(reading.inputs.values(), key=lambda node: (node.origin, node.name))
    flat = sorted(path for path, nested in reading.columns if not nested)
    return Needs(tuple(inputs), tuple(reading.table(path, tables) for path in flat))


class _Reading:
    """Columns are gathered by path, apart for flattened tables and for rows inside rows."""

    def __init__(self) -> None:
        self.inputs: dict[tuple[str, str], Input] = {}
        self.columns: dict[tuple[str, bool], set[str]] = {}
        self.seen: set[tuple[int, Context]] = set()

    def read(self, root: Expr) -> None:
        waiting: list[tuple[Expr, Context]] = [(root, ())]
        while waiting:
            node, rows = waiting.pop()
            if type(node) in SAYING_NOTHING:
                continue
            if (id(node), rows) in self.seen:
                continue
            self.seen.add((id(node), rows))
            match node:
                case Input():
                    self.input(node)
                case Column():
                    self.columns[_split(rows[node.level])].add(node.name)
                case Aggregate():
                    rows = (self.enter(node.rows, rows), *rows)
                case _:
                    pass
            waiting.extend((part, rows) for part in parts(node))

    def input(self, node: Input) -> None:
        place = node.origin, node.name
        if node.origin not in BROUGHT and place not in self.inputs:
            self.inputs[place] = replace(node, code="")

    def enter(self, rows: Rows, outer: Context) -> str:
        """Where the new rows are; nested ones are marked by a leading `>`."""
        if not rows.nested:
            self.columns.setdefault((rows.table, False), set())
            return rows.table
        path, nested = _split(outer[rows.level])
        self.columns[path, nested].add(rows.table)
        inner = f"{path}.{rows.table}"
        self.columns.setdefault((inner, True), set())
        return f">{inner}"

    def table(self, path: str, tables: Mapping[str, TableNeed], nested: bool = False) -> TableNeed:
        known, names = tables[path], self.columns[path, nested]
        columns = []
        for column in known.columns:
            if column.name in names:
                inner = f"{path}.{column.name}"
                below = self.table(inner, tables, True) if (inner, True) in self.columns else None
                columns.append(replace(column, nested=below))
        missing = names - {column.name for column in columns}
        assert not missing, f"{path} has no column {sorted(missing)}"
        return TableNeed(path, tuple(columns), known.optional)


def _split(place: str) -> tuple[str, bool]:
    return (place[1:], True) if place.startswith(">") else (place, False)
