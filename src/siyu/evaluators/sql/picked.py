"""Rows of a table that meet a condition: for what is found in rows and not of one customer."""

from __future__ import annotations

from collections.abc import Sequence

from siyu.core.ir import Expr
from siyu.core.program import TableNeed
from siyu.evaluators.sql.dialects import DIALECTS
from siyu.evaluators.sql.fragments import Stages, select, with_ctes
from siyu.evaluators.sql.lower import Lowering
from siyu.evaluators.sql.names import KEY, column_of_row, table_column
from siyu.evaluators.sql.ranges import Ranges
from siyu.evaluators.sql.relations import Query
from siyu.evaluators.sql.scopes import RowScope
from siyu.functions.declaration import Dialect as Name


def rows_query(
    relation: str, need: TableNeed, columns: Sequence[str], where: Expr | None, dialect: Name
) -> Query:
    """A SELECT of `key` and these columns of a table's relation, of the rows for which `where` is
    true. It reads nothing but the row: constants have been put in (`core.passes.at_moment`)."""
    engine = DIALECTS[dialect]
    base = [column_of_row(place, column) for place, column in enumerate(need.columns)]
    stages = Stages(engine, (KEY, *base))
    test = ""
    read = {KEY, *(table_column(need, column) for column in columns)}
    if where is not None:
        lowering = Lowering(engine, Ranges())
        scope = RowScope(name=lambda sql: stages.add(sql, "", ""), dialect=engine, need=need)
        found = lowering.sql(where, scope)
        test = found.text
        read |= found.reads
    names = {column: table_column(need, column) for column in columns}
    staged = stages.selects(f"{relation} AS t", "rows", read)
    lines = [(KEY, ""), *((engine.name_of(name), "") for name in names.values())]
    return Query(with_ctes(staged.ctes, select(lines, staged.source, test)), names)
