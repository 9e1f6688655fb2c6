"""Programs on a real DuckDB, against the reference."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import duckdb

from siyu.core import ir
from siyu.core.passes import at_moment
from siyu.core.program import Facts, Program
from siyu.evaluators.reference import evaluate
from siyu.evaluators.sql import Relations, generate

from ..programs import facts, program
from .held import back, relations


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def rows(text: str) -> list[dict[str, Any]]:
    found = database().execute(text)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def found(
    made: Program,
    requests: Sequence[Facts],
    event: str | None = None,
    given: Sequence[str] = (),
    as_of: int | None = None,
    of: Relations | None = None,
) -> list[dict[str, Any]]:
    """What DuckDB gives for every binding, request by request, as held values."""
    names = [binding.name for binding in made.bindings]
    of = relations(made, requests, "duckdb", given) if of is None else of
    query = generate(at_moment(made, as_of, event), of, "duckdb", event, given, names)
    kinds = {binding.name: binding.type for binding in made.bindings}
    by_key = {int(row["key"]): row for row in rows(query.text)}
    assert sorted(by_key) == list(range(len(requests)))
    return [
        {name: back(kinds[name], by_key[n][query.columns[name]]) for name in names}
        for n in range(len(requests))
    ]


def agreed(
    made: Program,
    requests: Sequence[Facts],
    event: str | None = None,
    given: Sequence[str] = (),
    as_of: int | None = None,
) -> list[dict[str, Any]]:
    """The same, which must be what the reference gives, types included."""
    expected = [evaluate(made, request, event) for request in requests]
    values = found(made, requests, event, given, as_of)
    for one, two in zip(expected, values, strict=True):
        assert {n: (type(v), v) for n, v in two.items()} == {
            n: (type(v), v) for n, v in one.items()
        }
    return values


def value(expr: ir.Expr, **fields: Any) -> Any:
    """An expression's value where the customer's fields have these values."""
    made = program({"x": expr})
    return agreed(made, [facts(made, fields)])[0]["x"]
