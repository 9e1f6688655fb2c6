"""Where an expression stands: among a record's columns, in a scanned row, or in a row of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from siyu.core.ir import Aggregate, Input, Ref
from siyu.core.program import ColumnNeed, TableNeed
from siyu.evaluators.sql.dialects import Dialect
from siyu.evaluators.sql.fragments import NOTHING, Chosen, Sql, column_sql, depth_of
from siyu.evaluators.sql.names import column_of_row
from siyu.evaluators.sql.ranges import Range

Piece = Sql | Chosen


@dataclass(slots=True)
class Scope:
    """`name` makes a longer piece one that may be repeated. `memo` holds what was written here, by
    the node's identity."""

    name: Callable[[Sql], Sql]
    memo: dict[int, Piece] = field(default_factory=dict)


@dataclass(slots=True)
class RecordScope(Scope):
    """The columns of a record, and the bindings made of them. `aggregate` gives the column of one
    that was found while scanning (None: it was not), `rows` the one that holds a table's rows."""

    input: Callable[[Input], Sql] = field(kw_only=True)
    ref: Callable[[Ref], Piece] = field(kw_only=True)
    aggregate: Callable[[Aggregate], Sql | None] = field(kw_only=True)
    rows: Callable[[str], tuple[TableNeed, Sql]] = field(kw_only=True)


@dataclass(slots=True)
class RowScope(Scope):
    """A row of a table: a scanned one (`alias` is empty) or one of a list."""

    dialect: Dialect = field(kw_only=True)
    need: TableNeed = field(kw_only=True)
    alias: str = field(kw_only=True, default="")
    outer: Scope | None = field(kw_only=True, default=None)
    lets: list[tuple[str, Sql]] = field(kw_only=True, default_factory=list)

    def column(self, name: str, known: Range) -> Sql:
        place, need = self.found(name)
        column = column_of_row(place, need)
        text = self.dialect.name_of(column)
        if not self.alias:
            return column_sql(column, text, known)
        text = f"{self.alias}.{text}"
        unknown = frozenset({text}) if known.nullable else NOTHING
        return Sql(text, known, NOTHING, 0, True, unknown)

    def found(self, name: str) -> tuple[int, ColumnNeed]:
        for place, need in enumerate(self.need.columns):
            if need.name == name:
                return place, need
        raise KeyError(name)

    def out(self, level: int) -> Scope:
        scope: Scope = self
        for _ in range(level):
            assert isinstance(scope, RowScope)
            assert scope.outer is not None, "a column is read outside of rows"
            scope = scope.outer
        return scope

    def closed(self, body: Sql) -> Sql:
        """The body of a lambda, with what it names inside of itself."""
        for variable, value in reversed(self.lets):
            inner = self.dialect.lambda_of(variable, body.text)
            rows = self.dialect.on("single", "", value.text)
            text = self.dialect.on("first", self.dialect.on("map", rows, inner))
            height = depth_of(text)
            body = Sql(text, body.known, body.reads | value.reads, height)
        return body


def record_of(scope: Scope) -> RecordScope:
    """The record around a row."""
    while isinstance(scope, RowScope):
        assert scope.outer is not None, "what stands in a scanned row asks nothing of a record"
        scope = scope.outer
    assert isinstance(scope, RecordScope)
    return scope
