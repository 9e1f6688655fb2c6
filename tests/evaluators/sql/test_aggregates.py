"""Aggregates: while scanning, over lists, inside of rows; over nothing, and where nobody looked."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from siyu.core import ir
from siyu.core.program import ColumnNeed, Facts, Program, TableNeed
from siyu.evaluators.sql import Relations, facts_query, generate, plan_facts
from siyu.types import BOOL, DATETIME, INT, TEXT, IntType

from ..programs import AS_OF, call, const, facts, field, program
from .engine import agreed, found, rows
from .held import relations

LINES = TableNeed("orders.lines", (ColumnNeed("sku", TEXT, True), ColumnNeed("n", INT, True)))
ORDERS = TableNeed(
    "orders",
    (
        ColumnNeed("id", TEXT, False), ColumnNeed("amount", INT, True),
        ColumnNeed("at", DATETIME, True), ColumnNeed("status", TEXT, True),
        ColumnNeed("lines", BOOL, True, LINES),
    ),
)  # fmt: skip
VISITS = TableNeed("visits", (ColumnNeed("at", INT, False),), optional=True)
AMOUNT, STATUS = ir.Column("amount", INT), ir.Column("status", TEXT)
AT, ID = ir.Column("at", DATETIME), ir.Column("id", TEXT, optional=False)
LINE = (("a", 1), (None, 5), ("b", None))
ROWS: tuple[tuple[Any, ...], ...] = (
    ("1", 10, 100, "paid", LINE), ("2", None, 200, "paid", ()), ("3", -4, None, None, None),
    ("4", 10, 200, "lost", (("a", 7), ("a", 2))), ("5", 3, 100, "paid", LINE[:1]),
)  # fmt: skip
OPS = get_args(ir.AggregateOp)


def asked(made: Program, fields: Any, orders: Any = (), as_of: int = 0) -> Facts:
    """A request with rows of all columns of the orders, of which it takes those that are read."""
    tables = {need.path: cut(need, ORDERS, orders) for need in made.needs.tables}
    return facts(made, fields, tables, as_of)


def cut(need: TableNeed, full: TableNeed, rows: Any) -> Any:
    places = {column.name: place for place, column in enumerate(full.columns)}
    return None if rows is None else tuple(
        tuple(
            row[places[c.name]] if c.nested is None else cut(c.nested, LINES, row[places[c.name]])
            for c in need.columns
        )
        for row in rows
    )  # fmt: skip


def aggregate(op: Any, where: ir.Expr | None = None, rows: str = "orders") -> ir.Aggregate:
    of, kind = (ID, TEXT) if op in ("latest", "earliest") else (AMOUNT, INT)
    by, tie = (AT, ID) if op in ("latest", "earliest") else (None, None)
    kind = BOOL if op == "exists" else kind
    return ir.Aggregate(op, ir.Rows(rows), of, where, kind, by, tie)


@pytest.mark.parametrize("op", OPS)
def test_flat_and_over_lists(op: str) -> None:
    """Whether a condition asks the row alone, the customer too, or the moment."""
    paid = call("eq", BOOL, STATUS, const("paid"))
    small = call("lt", BOOL, AMOUNT, field("limit", INT))
    recent = call("le", BOOL, AT, AS_OF)
    made = program({
        "all": aggregate(op), "paid": aggregate(op, paid), "small": aggregate(op, small),
        "both": aggregate(op, ir.And((paid, small))), "recent": aggregate(op, recent),
        "never": aggregate(op, call("eq", BOOL, STATUS, const("none"))),
    }, [ORDERS, LINES])  # fmt: skip
    requests = [
        asked(made, {"limit": 10}, ROWS, 150), asked(made, {"limit": 5}, (), 150),
        asked(made, {"limit": None}, ROWS[2:], 150), asked(made, {"limit": 11}, ROWS[2:3], 150),
    ]  # fmt: skip
    assert agreed(made, requests) == agreed(made, requests, as_of=150)


@pytest.mark.parametrize("op", ["latest", "earliest"])
def test_the_first_and_the_last_by_text(op: Any) -> None:
    of = ir.Aggregate(op, ir.Rows("orders"), AMOUNT, None, INT, STATUS, ID)
    made = program({"x": of}, [ORDERS, LINES])
    agreed(made, [asked(made, {}, ROWS[:n]) for n in range(6)])


@pytest.mark.parametrize("op", OPS)
def test_inside_of_rows(op: Any) -> None:
    lines = ir.Rows("lines", nested=True)
    count, by = ir.Column("n", INT), ir.Column("sku", TEXT)
    found_ = op in ("latest", "earliest")
    kind = BOOL if op == "exists" else INT
    inner = ir.Aggregate(op, lines, count, None, kind, *((by, count) if found_ else ()))
    outer_amount = ir.Column("amount", INT, 1)
    above = ir.Aggregate("count", lines, None, call("lt", BOOL, count, outer_amount), INT)
    orders = ir.Rows("orders")
    over = ir.Aggregate("count", orders, None, inner, INT) if op == "exists" else ir.Aggregate(
        "sum", orders, inner, None, INT
    )  # fmt: skip
    mine = call("lt", BOOL, above, field("limit", INT))
    made = program({
        "over": over, "above": ir.Aggregate("sum", orders, above, None, INT),
        "mine": ir.Aggregate("count", orders, None, mine, INT),
    }, [ORDERS, LINES])  # fmt: skip
    agreed(made, [
        asked(made, {"limit": 2}, ROWS), asked(made, {"limit": None}),
        asked(made, {"limit": 9}, ROWS[3:]),
    ])  # fmt: skip


@pytest.mark.parametrize("op", ["count", "sum", "exists", "max"])
def test_a_collection_that_is_not_there(op: Any) -> None:
    """For one customer, or for nobody at all: nobody looked, so nobody can say."""
    kind = BOOL if op == "exists" else INT
    at = ir.Column("at", INT, 0, False)
    mine = call("lt", BOOL, at, field("limit", INT))
    made = program({
        "flat": ir.Aggregate(op, ir.Rows("visits"), at, None, kind),
        "listed": ir.Aggregate(op, ir.Rows("visits"), at, mine, kind),
    }, [VISITS])  # fmt: skip
    requests = [
        facts(made, {"limit": 5}, {"visits": None}), facts(made, {"limit": 5}, {"visits": ()}),
        facts(made, {"limit": 5}, {"visits": ((3,), (9,))}),
    ]  # fmt: skip
    agreed(made, requests)
    nowhere = Relations(relations(made, requests, "duckdb").records, {"visits": None})
    values = found(made, requests, of=nowhere)
    assert values == [{"flat": None, "listed": None}] * 3


def test_sums_are_exact_beyond_64_bits() -> None:
    wide = IntType(0, 10**18)
    table = TableNeed("t", (ColumnNeed("n", wide, False),))
    column = ir.Column("n", wide, 0, False)
    mine = call("ge", BOOL, column, field("least", INT))
    made = program({
        "flat": ir.Aggregate("sum", ir.Rows("t"), column, None, INT),
        "listed": ir.Aggregate("sum", ir.Rows("t"), column, mine, INT),
    }, [table])  # fmt: skip
    many = ((10**18,),) * 20 + ((1,),)
    values = agreed(made, [facts(made, {"least": 0}, {"t": many})])
    assert values == [{"flat": 20 * 10**18 + 1, "listed": 20 * 10**18 + 1}]


def test_deep_conditions_in_scanned_rows_and_in_lists() -> None:
    deep: ir.Expr = call("eq", BOOL, STATUS, const("paid"))
    mine: ir.Expr = call("lt", BOOL, AMOUNT, field("limit", INT))
    for depth in range(300):
        deep = ir.Not(ir.Or((deep, call("lt", BOOL, AMOUNT, const(depth)))))
        mine = ir.Not(ir.Or((mine, call("eq", BOOL, AMOUNT, const(depth)))))
    made = program({
        "flat": ir.Aggregate("count", ir.Rows("orders"), None, deep, INT),
        "listed": ir.Aggregate("count", ir.Rows("orders"), None, mine, INT),
    }, [ORDERS, LINES])  # fmt: skip
    agreed(made, [asked(made, {"limit": 4}, ROWS)])


# ------------------------------------------------------------------------ how it is asked


def of_orders() -> Any:
    def within(days: int) -> ir.Expr:
        recent = call("gt", BOOL, AT, const(1_000 - days))
        return ir.And((recent, call("eq", BOOL, STATUS, const("paid"))))

    return program({
        "short": ir.Aggregate("sum", ir.Rows("orders"), AMOUNT, within(10), INT),
        "long": ir.Aggregate("count", ir.Rows("orders"), None, within(90), INT),
    }, [ORDERS, LINES])  # fmt: skip


def test_a_table_is_scanned_once_and_only_where_rows_can_count() -> None:
    made = of_orders()
    plan = plan_facts(made, None)
    relation = Relations("r", {"orders": "the_orders"})
    text = facts_query(plan, relation, "duckdb").text
    assert text.count("the_orders") == 1
    assert "WHERE (c2_status = 'paid') AND (c1_at >= 910)" in text
    assert "rows" not in text


def test_bad_rows_are_told_of_wherever_they_stand() -> None:
    """Also those that no aggregate would have counted."""
    made = of_orders()
    table = (
        "(SELECT '0' AS key, 1 AS c0_amount, CAST(5 AS BIGINT) AS c1_at, 'x' AS c2_status, "
        "TRUE AS bad UNION ALL SELECT '1', 1, 5, 'x', NULL)"
    )
    records = "(SELECT col0 AS key, col1 AS bad FROM (VALUES ('0', FALSE), ('1', NULL), " \
        "('2', TRUE), ('3', FALSE)))"  # fmt: skip
    of = Relations(records, {"orders": table}, frozenset({"", "orders"}))
    query = generate(made, of, "duckdb")
    assert sorted((row["key"], row["bad"]) for row in rows(query.text)) == [
        ("0", True), ("1", False), ("2", True), ("3", False),
    ]  # fmt: skip
