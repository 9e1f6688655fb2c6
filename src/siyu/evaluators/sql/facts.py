"""The query that brings facts together: a row for each decision, with everything it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from siyu.core.ir import Aggregate, Input
from siyu.core.program import ColumnNeed, TableNeed
from siyu.evaluators.sql.bounds import width_of
from siyu.evaluators.sql.dialects import DIALECTS, Dialect
from siyu.evaluators.sql.fragments import select, with_ctes
from siyu.evaluators.sql.names import (
    BAD,
    COUNT,
    KEY,
    column_of_row,
    count_column,
    given_column,
    has_column,
    input_column,
)
from siyu.evaluators.sql.notes import Place, note
from siyu.evaluators.sql.plan import FactsPlan, Flat, Rows, Scan
from siyu.evaluators.sql.ranges import Ranges
from siyu.evaluators.sql.relations import Query, Relations
from siyu.evaluators.sql.scans import Scanned, scan_sql
from siyu.functions.declaration import Dialect as Name
from siyu.text import Span
from siyu.types import Type

ZERO = ("count", "distinct", "sum")


def facts_query(
    plan: FactsPlan,
    relations: Relations,
    dialect: Name,
    keep: Sequence[str] = (),
    place: Callable[[Span], str] | None = None,
) -> Query:
    """A SELECT of `key`, the records' columns `keep`, the facts of the plan, `bad`, and for each
    checked table `count_column`. `place` says where a span stands, for the notes."""
    ctes, last = facts_parts(plan, relations, DIALECTS[dialect], keep, place)
    return Query(with_ctes(ctes, last), {})


def facts_parts(
    plan: FactsPlan,
    relations: Relations,
    dialect: Dialect,
    keep: Sequence[str],
    place: Place | None,
) -> tuple[list[tuple[str, str]], str]:
    """The same as named SELECTs and a last one."""
    return _Facts(plan, relations, dialect, tuple(keep), place).parts()


def column_of(plan: FactsPlan, node: Input) -> str:
    """What the column of an input is called."""
    if node.origin == "metric":
        return given_column(node.name)
    return input_column(plan.needs, node.origin, node.name)


@dataclass(slots=True)
class _Facts:
    plan: FactsPlan
    relations: Relations
    dialect: Dialect
    keep: tuple[str, ...]
    place: Place | None
    ctes: list[tuple[str, str]] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    ranges: Ranges = field(default_factory=Ranges)

    def parts(self) -> tuple[list[tuple[str, str]], str]:
        name = self.dialect.name_of
        self.lines.append((f"r.{KEY} AS {KEY}", ""))
        self.lines += [(f"r.{name(each)} AS {name(each)}", "") for each in self.keep]
        for node in self.plan.inputs:
            self.input(node)
        if "" in self.relations.checked:
            self.bad.append(f"r.{BAD}")
        scans = {scan.need.path: scan for scan in self.plan.scans}
        for number, need in enumerate(self.plan.needs.tables):
            scan = scans.get(need.path)
            if self.is_absent(need):
                self.absent(scan)
            elif scan is not None:
                self.scan(scan)
            elif need.path in self.relations.checked:
                self.scan(Scan(number, need, (), None))
        if BAD not in self.keep:
            flags = " OR ".join(f"COALESCE({flag}, FALSE)" for flag in self.bad)
            self.lines.append((f"{f'({flags})' if flags else 'FALSE'} AS {BAD}", ""))
        source = "\n".join([f"{self.relations.records} AS r", *self.joined])
        return self.ctes, select(self.lines, source)

    def input(self, node: Input) -> None:
        column = self.dialect.name_of(column_of(self.plan, node))
        text = f"CAST(r.{column} AS {self.dialect.type_of(node.type, width_of(node.type))})"
        self.lines.append((f"{text} AS {column}", note(f"{node.origin} {node.name}")))

    def is_absent(self, need: TableNeed) -> bool:
        return self.relations.tables.get(need.path) is None

    def absent(self, scan: Scan | None) -> None:
        """Nobody looked: whatever is asked of these rows is unknown."""
        if scan is None:
            return
        for flat in scan.flat:
            text = f"CAST(NULL AS {self.type_of(flat.node)})"
            self.lines.append((f"{text} AS {self.dialect.name_of(flat.column)}", self.note(flat)))
        if scan.rows is not None:
            kind = self.type_of_rows(scan.need, scan.rows)
            column = self.dialect.name_of(scan.rows.column)
            self.lines.append((f"CAST(NULL AS {kind}) AS {column}", ""))

    def scan(self, scan: Scan) -> None:
        path = scan.need.path
        source = self.relations.tables[path]
        assert source is not None
        checked = path in self.relations.checked
        scanned: Scanned = scan_sql(
            scan, f"{source} AS t", self.dialect, checked=checked, note=self.note
        )
        self.ctes += scanned.ctes
        self.joined.append(f"LEFT JOIN {scanned.name} ON {scanned.name}.{KEY} = r.{KEY}")
        if checked:
            self.bad.append(f"{scanned.name}.{BAD}")
            count = f"COALESCE({scanned.name}.{COUNT}, 0) AS {count_column(scan.place)}"
            self.lines.append((count, note(f"rows of {path}")))
        there = f"r.{self.dialect.name_of(has_column(path))}" if scan.need.optional else ""
        for flat in scan.flat:
            column = self.dialect.name_of(flat.column)
            text = f"{scanned.name}.{column}"
            if flat.node.op in ZERO or flat.node.op == "exists":
                text = f"COALESCE({text}, {'0' if flat.node.op in ZERO else 'FALSE'})"
            self.lines.append((f"{_where_there(there, text)} AS {column}", self.note(flat)))
        if scan.rows is not None:
            column = self.dialect.name_of(scan.rows.column)
            kind = self.type_of_rows(scan.need, scan.rows)
            empty = self.dialect.on("empty", "", "", kind)
            text = f"COALESCE({scanned.name}.{column}, {empty})"
            self.lines.append((f"{_where_there(there, text)} AS {column}", note(path)))

    def note(self, flat: Flat) -> str:
        return note(flat.label, flat.span, self.place)

    def type_of(self, node: Aggregate) -> str:
        return self.dialect.type_of(node.type, self.ranges.of(node).bits)

    def type_of_rows(self, need: TableNeed, rows: Rows) -> str:
        read = {column.name for column in rows.columns}
        return self.dialect.list_type(self.struct_type(need, read))

    def struct_type(self, need: TableNeed, read: set[str] | None) -> str:
        """Of a table's rows, with the columns that are read (None: all)."""
        fields = [
            (column_of_row(place, column), self.type_of_column(column))
            for place, column in enumerate(need.columns)
            if read is None or column.name in read
        ]
        return self.dialect.struct_type(fields)

    def type_of_column(self, column: ColumnNeed) -> str:
        if column.nested is not None:
            return self.dialect.list_type(self.struct_type(column.nested, None))
        kind: Type = column.type
        return self.dialect.type_of(kind, width_of(kind))


def _where_there(there: str, text: str) -> str:
    return f"CASE WHEN {there} THEN {text} END" if there else text
