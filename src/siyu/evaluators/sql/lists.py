"""Aggregates over rows that stand in a list, as functions of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from siyu.core.ir import Aggregate, Expr
from siyu.core.program import TableNeed
from siyu.evaluators.sql.bounds import bounds_of
from siyu.evaluators.sql.dialects import Dialect
from siyu.evaluators.sql.fragments import NOTHING, Sql, depth_of, reads_of
from siyu.evaluators.sql.ranges import Range
from siyu.evaluators.sql.scopes import RowScope, Scope

if TYPE_CHECKING:
    from siyu.evaluators.sql.lower import Lowering

FOUND = ("latest", "earliest")


def write_aggregate(
    lowering: Lowering, node: Aggregate, need: TableNeed, rows: Sql, scope: Scope
) -> Sql:
    """An aggregate over the list `rows`; unknown where that is."""
    return _List(lowering, node, need, rows, scope).written()


class _List:
    def __init__(
        self, lowering: Lowering, node: Aggregate, need: TableNeed, rows: Sql, scope: Scope
    ) -> None:
        self.lowering = lowering
        self.dialect: Dialect = lowering.dialect
        self.node = node
        self.need = need
        self.rows = rows
        self.scope = scope
        self.known = lowering.ranges.of(node)
        self.reads = [rows]

    def written(self) -> Sql:
        text = self.found() if self.node.op in FOUND else self.summary()
        if self.rows.nullable and self.node.op in ("sum", "exists"):
            text = f"(CASE WHEN {self.rows.text} IS NOT NULL THEN {text} END)"
        reads = reads_of(self.reads)
        return Sql(text, self.known, reads, self.rows.height + depth_of(text), False,
                   None if self.known.nullable else NOTHING)  # fmt: skip

    # ------------------------------------------------------------------------------- rows

    def inner(self) -> RowScope:
        """A row of the list, with a name of its own."""
        scope = RowScope(
            name=lambda sql: sql, dialect=self.dialect, need=self.need,
            alias=self.lowering.variable(), outer=self.scope,
        )  # fmt: skip
        scope.name = lambda sql: self.let(scope, sql)
        return scope

    def let(self, scope: RowScope, sql: Sql) -> Sql:
        if sql.simple:
            return sql
        name = self.lowering.variable()
        scope.lets.append((name, sql))
        unknown = frozenset({name}) if sql.nullable else NOTHING
        return Sql(name, sql.known, sql.reads, 0, True, unknown)

    def body(self, tests: list[tuple[Expr, bool]], scope: RowScope) -> Sql:
        """That conditions hold, or (False) that values are known."""
        pieces = [
            piece.text if condition else f"({piece.text} IS NOT NULL)"
            for expr, condition in tests
            for piece in [self.lowering.sql(expr, scope)]
            if condition or piece.nullable
        ]
        written = [self.lowering.sql(expr, scope) for expr, _ in tests]
        text = f"({' AND '.join(pieces)})" if pieces else "TRUE"
        return scope.closed(Sql(text, Range(None, True), reads_of(written), depth_of(text)))

    def filtered(self) -> str:
        """The rows that count."""
        node = self.node
        tests: list[tuple[Expr, bool]] = [] if node.where is None else [(node.where, True)]
        if node.op in FOUND:
            tests += [(node.by, False)] if node.by is not None else []
        elif node.value is not None:
            tests += [(node.value, False)]
        if not tests:
            return self.rows.text
        scope = self.inner()
        body = self.body(tests, scope)
        self.reads.append(body)
        if body.text == "TRUE":
            return self.rows.text
        of = self.dialect.lambda_of(scope.alias, body.text)
        return self.dialect.on("filter", self.rows.text, of)

    def mapped(self, rows: str, expr: Expr) -> str:
        scope = self.inner()
        return self.map(rows, scope, self.lowering.sql(expr, scope))

    def map(self, rows: str, scope: RowScope, of: Sql) -> str:
        body = scope.closed(of)
        self.reads.append(body)
        return self.dialect.on("map", rows, self.dialect.lambda_of(scope.alias, body.text))

    # --------------------------------------------------------------------------- one value

    def summary(self) -> str:
        node, on = self.node, self.dialect.on
        rows = self.filtered()
        if node.op in ("count", "exists"):
            length = self.dialect.on("length", rows)
            return f"({length} > 0)" if node.op == "exists" else self.integer(length)
        assert node.value is not None
        values = self.mapped(rows, node.value)
        match node.op:
            case "distinct":
                return self.integer(on("distinct", values))
            case "sum":
                return on("sum", values, "", self.dialect.integers[self.known.bits])
            case _:
                return on(node.op, values)

    def integer(self, text: str) -> str:
        return f"CAST({text} AS {self.dialect.integers[self.known.bits]})"

    def found(self) -> str:
        """The value of the row that is greatest: its `by`, then a known tie, then the tie. Where
        even that leaves several, the greatest value, so that it is always the same one."""
        node = self.node
        assert node.by is not None
        assert node.value is not None
        rows = self.filtered()
        if node.op == "earliest" and bounds_of(node.by.type) is None:
            return self.first(rows)
        scope = self.inner()
        by = self.lowering.sql(node.by, scope)
        entry = ranked_entry(self.lowering, node, scope, by)
        best = self.dialect.on("max", self.map(rows, scope, entry))
        return f"({best}).v"

    def first(self, rows: str) -> str:
        """Of the rows with the least `by`, which cannot be turned round: the least one first."""
        node = self.node
        assert node.by is not None
        least = self.dialect.on("min", self.mapped(rows, node.by))
        edge = self.lowering.variable()
        scope = self.inner()
        by = self.lowering.sql(node.by, scope)
        same = scope.closed(Sql(f"({by.text} = {edge})", Range(None, True), by.reads))
        alike = self.dialect.on(
            "filter", rows, self.dialect.lambda_of(scope.alias, same.text)
        )  # fmt: skip
        scope = self.inner()
        entry = ranked_entry(self.lowering, node, scope, None)
        best = self.dialect.on("max", self.map(alike, scope, entry))
        edges = self.dialect.on("single", "", least)
        found = self.dialect.on("map", edges, self.dialect.lambda_of(edge, f"({best}).v"))
        return self.dialect.on("first", found)


def ranked_entry(lowering: Lowering, node: Aggregate, scope: Scope, by: Sql | None) -> Sql:
    """A row as a struct of which the greatest is wanted; `v` is its value."""
    assert node.value is not None
    fields: list[tuple[str, str]] = []
    read: list[Sql] = []
    if by is not None:
        fields.append(("b", by.text if node.op == "latest" else f"(-{by.text})"))
        read.append(by)
    if node.tie is not None:
        tie = lowering.sql(node.tie, scope)
        read.append(tie)
        fields += [("k", f"({tie.text} IS NOT NULL)")] if tie.nullable else []
        fields.append(("t", tie.text))
    value = lowering.sql(node.value, scope)
    read.append(value)
    fields += [("n", f"({value.text} IS NOT NULL)")] if value.nullable else []
    fields.append(("v", value.text))
    text = lowering.dialect.struct_of(fields)
    height = depth_of(text) + max(piece.height for piece in read)
    return Sql(text, Range(None, False), reads_of(read), height)
