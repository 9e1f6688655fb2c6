"""Aggregates, case by case, in both evaluators."""

from __future__ import annotations

from typing import Any

import pytest

from siyu.core import ir
from siyu.core.program import ColumnNeed, TableNeed
from siyu.evaluators.record import generate
from siyu.types import BOOL, INT, TEXT

from .programs import both, call, const, facts, field, program

LINES = TableNeed("orders.lines", (ColumnNeed("qty", INT, True), ColumnNeed("sku", TEXT, False)))
ORDERS = TableNeed(
    "orders",
    (
        ColumnNeed("id", TEXT, True), ColumnNeed("amount", INT, True),
        ColumnNeed("at", INT, True), ColumnNeed("paid", BOOL, True),
        ColumnNeed("lines", BOOL, True, LINES),
    ),
)  # fmt: skip
VISITS = TableNeed("visits", (ColumnNeed("at", INT, False),), optional=True)
TABLES = (ORDERS, LINES, VISITS)

ID, AMOUNT, AT, PAID = (ir.Column(c.name, c.type) for c in ORDERS.columns[:4])
ALL: Any = ("count", "sum", "min", "max", "distinct", "exists", "latest", "earliest")


def over_orders(op: Any, value: ir.Expr | None = AMOUNT, where: ir.Expr | None = None) -> ir.Expr:
    by, tie = (AT, ID) if op in ("latest", "earliest") else (None, None)
    kind = BOOL if op == "exists" else INT
    return ir.Aggregate(op, ir.Rows("orders"), value, where, kind, by, tie)


def each(rows: Any, value: ir.Expr | None = AMOUNT, where: ir.Expr | None = None) -> dict[str, Any]:
    """What every aggregate gives over these rows of (id, amount, at, paid)."""
    made = program({op: over_orders(op, value, where) for op in ALL}, TABLES)
    names = [column.name for column in made.needs.tables[0].columns]
    order = [["id", "amount", "at", "paid"].index(name) for name in names]
    held = tuple(tuple(row[place] for place in order) for row in rows)
    return both(made, facts(made, tables={"orders": held}))


def test_over_nothing() -> None:
    assert each([]) == {
        "count": 0, "sum": 0, "distinct": 0, "exists": False,
        "min": None, "max": None, "latest": None, "earliest": None,
    }  # fmt: skip


def test_missing_values_are_skipped_but_not_the_latest_row_that_lacks_one() -> None:
    rows = [("a", 5, 1, True), ("b", None, 2, True), ("c", 5, 1, True), ("d", 2, None, True)]
    assert each(rows) == {
        "count": 3, "sum": 12, "distinct": 2, "exists": True, "min": 2, "max": 5,
        "latest": None, "earliest": 5,
    }  # fmt: skip


def test_only_rows_for_which_the_condition_is_true_count() -> None:
    rows = [("a", 5, 1, True), ("b", 7, 2, None), ("c", 9, 3, False)]
    assert each(rows, where=PAID)["sum"] == 5
    assert each(rows, where=PAID)["latest"] == 5
    assert each(rows, where=ir.Not(PAID))["sum"] == 9
    assert each(rows, where=ir.Not(ir.Known(PAID)))["sum"] == 7


@pytest.mark.parametrize(
    ("rows", "latest", "earliest"),
    [
        ([("a", 1, 7, True), ("b", 2, 7, True)], 2, 2),  # the greatest key
        ([("b", 2, 7, True), ("a", 1, 7, True)], 2, 2),
        ([(None, 1, 7, True), ("a", 2, 7, True)], 2, 2),  # an unknown key is the least
        ([("a", 2, 7, True), (None, 1, 7, True)], 2, 2),
        ([(None, 1, 7, True), (None, 2, 7, True)], 1, 1),  # the first, if nothing decides
        ([("b", 1, 7, True), ("b", 2, 7, True)], 1, 1),
        ([("a", 1, 6, True), ("b", 2, 7, True), ("c", 3, None, True)], 2, 1),
    ],
)
def test_ties(rows: Any, latest: int, earliest: int) -> None:
    found = each(rows)
    assert (found["latest"], found["earliest"]) == (latest, earliest)


def test_an_absent_collection_makes_every_aggregate_unknown() -> None:
    at = ir.Column("at", INT)
    made = program(
        {
            "count": ir.Aggregate("count", ir.Rows("visits"), None, None, INT),
            "exists": ir.Aggregate("exists", ir.Rows("visits"), None, None, BOOL),
            "sum": ir.Aggregate("sum", ir.Rows("visits"), at, None, INT),
            "none": ir.Not(ir.Aggregate("exists", ir.Rows("visits"), None, None, BOOL)),
        },
        TABLES,
    )
    assert both(made, facts(made, tables={"visits": None})) == dict.fromkeys(
        ("count", "exists", "sum", "none")
    )
    assert both(made, facts(made, tables={"visits": ()})) == {
        "count": 0, "exists": False, "sum": 0, "none": True,
    }  # fmt: skip


QTY = ir.Column("qty", INT)


def test_rows_inside_rows() -> None:
    """Orders of which some line has more pieces than the order is worth."""
    inside = ir.Rows("lines", nested=True)
    many = call("gt", BOOL, QTY, ir.Column("amount", INT, 1))
    busy = ir.Aggregate("exists", inside, None, many, BOOL)
    total = ir.Aggregate("sum", inside, QTY, None, INT)
    made = program(
        {
            "busy": ir.Aggregate("count", ir.Rows("orders"), None, busy, INT),
            "most": ir.Aggregate("max", ir.Rows("orders"), total, None, INT),
            "flat": ir.Aggregate("sum", ir.Rows("orders.lines"), QTY, None, INT),
        },
        TABLES,
    )
    assert [column.name for column in made.needs.tables[0].columns] == ["amount", "lines"]
    rows = ((2, ((3,), (None,))), (5, ((5,),)), (1, None), (0, ()))
    tables = {"orders": rows, "orders.lines": ((3,), (None,), (5,))}
    assert both(made, facts(made, tables=tables)) == {"busy": 1, "most": 5, "flat": 8}


def test_an_aggregate_may_rest_on_another_over_the_same_table() -> None:
    """Two loops: the mean must be known before what lies above it is counted."""
    mean = call("div", INT, over_orders("sum"), over_orders("count"), const(0))
    above = call("gt", BOOL, AMOUNT, ir.Ref("mean", INT))
    made = program({"mean": mean, "above": over_orders("count", where=above)}, TABLES)
    assert generate(made, None).source.count("for ") == 2
    rows = ((1,), (2,), (9,), (None,))
    assert both(made, facts(made, tables={"orders": rows})) == {"mean": 4, "above": 1}


def test_aggregates_over_a_table_share_one_loop() -> None:
    spent = field("limit", INT)
    conditions = (PAID, ir.And((PAID, call("gt", BOOL, AMOUNT, spent))), None)
    exprs = {f"{op}{n}": over_orders(op, where=w) for op in ALL for n, w in enumerate(conditions)}
    assert generate(program(exprs, TABLES), None).source.count("for ") == 1


def test_many_conditions_that_differ_nest_no_deeper_than_can_be_read() -> None:
    exprs = {
        f"n{n}": over_orders(
            "count",
            where=ir.And(tuple(call("ne", BOOL, AMOUNT, const(m)) for m in range(n, 12))),
        )
        for n in range(12)
    }
    made = program(exprs, TABLES)
    deepest = max(
        len(line) - len(line.lstrip()) for line in generate(made, None).source.split("\n")
    )
    assert deepest <= 4 * 9
    assert both(made, facts(made, tables={"orders": ((3,), (11,), (20,))})) == {
        f"n{n}": 1 + (n > 3) for n in range(12)
    }
