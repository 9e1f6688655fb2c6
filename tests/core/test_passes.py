"""Passes keep what a program means, and do what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from siyu.core import ir
from siyu.core.passes import (
    PASSES,
    fold_constants,
    given_metrics,
    needs_of,
    prune,
    share,
    specialise,
)
from siyu.core.passes.keys import Keys
from siyu.core.passes.samples import ORDERS, PROGRAM, SPEND
from siyu.core.program import Binding, ColumnNeed, Facts, TableNeed
from siyu.core.verify import verify
from siyu.core.walk import Reach, parts, refs, rewrite, walk, with_parts
from siyu.evaluators.reference import evaluate
from siyu.types import BOOL, INT, TEXT
from strategies.cores import Case, cases

X = ir.Input("customer", "x", INT)


def const(value: object, kind: object = INT) -> ir.Const:
    return ir.Const(value, kind)


def call(name: str, *args: ir.Expr) -> ir.Call:
    return ir.Call(name, args, INT)


# ------------------------------------------------------------------- laws of generated programs


@given(cases())
def test_generated_programs_are_well_formed(case: Case) -> None:
    assert verify(case.program) == ()


@pytest.mark.parametrize("improve", PASSES, ids=lambda p: p.__name__)
def test_a_pass_changes_no_value(improve: object) -> None:
    @given(cases())
    def same(case: Case) -> None:
        improved = improve(given_metrics(case.program, case.given))
        assert verify(replace(improved, parts=())) == ()
        for facts in case.requests:
            before = evaluate(case.program, facts, case.event)
            after = evaluate(improved, facts, case.event)
            assert {name: (type(v), v) for name, v in before.items()} == {
                name: (type(after[name]), after[name]) for name in before
            }

    same()


@given(cases())
def test_pruning_keeps_what_is_written(case: Case) -> None:
    pruned = prune(case.program, case.event)
    assert verify(pruned) == ()
    assert set(pruned.parts) == set(case.program.emits(case.event))


@given(cases())
def test_rebuilding_a_node_gives_the_node(case: Case) -> None:
    for node in walk(*(binding.expr for binding in case.program.bindings)):
        assert with_parts(node, parts(node)) is node
        copies = [rewrite(part, _copied) for part in parts(node)]
        assert with_parts(node, copies) == node


def _copied(node: ir.Expr) -> ir.Expr:
    return replace(node)


@given(cases())
def test_keys_are_equal_where_expressions_are(case: Case) -> None:
    keys = Keys()
    for binding in case.program.bindings:
        assert keys.of(binding.expr) == keys.of(rewrite(binding.expr, _copied))


# ------------------------------------------------------------------------------------- each pass


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (call("add", const(1), const(2)), const(3)),
        (call("add", X, const(None)), const(None)),
        (call("div", const(1), const(0), const(6)), const(None)),
        (ir.Not(const(None, BOOL)), const(None, BOOL)),
        (ir.Not(ir.Not(ir.Known(X))), ir.Known(X)),
        (ir.And((ir.Known(X), const(False, BOOL))), const(False, BOOL)),
        (ir.And((ir.Known(X), const(True, BOOL))), ir.Known(X)),
        (ir.And(()), const(True, BOOL)),
        (ir.Or((ir.Known(X), const(True, BOOL))), const(True, BOOL)),
        (ir.Or((ir.Or((ir.Known(X), ir.Known(X))), ir.Known(X))), ir.Or((ir.Known(X),) * 3)),
        (ir.Known(const(None)), const(False, BOOL)),
        (ir.Coalesce(const(None), X, INT), X),
        (ir.Coalesce(const(1), X, INT), const(1)),
        (ir.Cases((ir.Arm(const(False, BOOL), X),), const(2), "stop", INT), const(2)),
        (ir.Cases((ir.Arm(const(True, BOOL), X),), const(2), "stop", INT), X),
        (ir.Cases((ir.Arm(const(None, BOOL), X),), const(2), "skip", INT), const(2)),
        (ir.Cases((ir.Arm(const(None, BOOL), X),), const(2), "stop", INT), const(None)),
        (ir.Cases((ir.Arm(const(None, BOOL), X),), const(2), "otherwise", INT), const(2)),
    ],
)
def test_folding(expr: ir.Expr, expected: ir.Expr) -> None:
    binding = Binding("x", expr, expr.type)
    assert fold_constants(replace(PROGRAM, bindings=(binding,))).bindings[0].expr == expected


def test_folding_does_not_fix_a_metric_that_a_request_may_bring() -> None:
    rate, used = Binding("rate", const(5), INT, metric=True), call("add", ir.Ref("rate", INT), X)
    both = (rate, Binding("used", used, INT))
    assert fold_constants(replace(PROGRAM, bindings=both)).bindings[1].expr == used
    fixed = (replace(rate, metric=False), both[1])
    assert refs(fold_constants(replace(PROGRAM, bindings=fixed)).bindings[1].expr) == set()


def test_what_is_only_in_an_arm_is_not_shared() -> None:
    """The arm may never be taken."""
    costly = ir.Call("tie", (const("a", TEXT), ir.Input("customer", "k", TEXT)), TEXT)
    arms = [
        ir.Cases((ir.Arm(ir.Known(X), costly),), const(other, TEXT), "skip", TEXT)
        for other in ("y", "z")
    ]
    lazily = tuple(Binding(f"arm{n}", arm, TEXT) for n, arm in enumerate(arms))
    assert len(share(replace(PROGRAM, bindings=lazily)).bindings) == 2
    also = (*lazily, Binding("c", costly, TEXT))
    names = [binding.name for binding in share(replace(PROGRAM, bindings=also)).bindings]
    assert names[0] == "shared~0"


def test_sharing_tells_one_from_true() -> None:
    keys = Keys()
    assert keys.of(const(1)) != keys.of(const(True, BOOL))
    sets = [ir.Const(frozenset({value}), TEXT) for value in (1, True)]
    assert keys.of(sets[0]) != keys.of(sets[1])
    assert keys.of(ir.Const((1,), TEXT)) != keys.of(ir.Const((True,), TEXT))


def test_cuts_and_allocations_become_constants() -> None:
    made = specialise(PROGRAM, {"high.top_5": 7}, {})
    assert not [n for b in made.bindings for n in walk(b.expr) if isinstance(n, ir.Input)
                and n.origin == "cut"]  # fmt: skip
    facts = Facts((None,), (((7, "paid"),),))
    assert evaluate(made, facts, None)["high"] is True
    assert evaluate(specialise(PROGRAM, {}, {}), facts, None)["high"] is None


def test_needs_are_in_a_stable_order_and_hold_nothing_more() -> None:
    read = [Binding("a", call("add", X, ir.Input("customer", "a", INT)), INT), Binding("b", X, INT)]
    assert [need.name for need in needs_of(read, {}).inputs] == ["a", "x"]
    brought = [Binding("c", ir.Input("cut", "c", INT), INT)]
    assert needs_of(brought, {}).inputs == ()


def test_needs_of_rows_inside_rows() -> None:
    lines = TableNeed(
        "orders.lines", (ColumnNeed("qty", INT, True), ColumnNeed("orders.amount", INT, True))
    )
    orders = TableNeed(
        "orders", (ColumnNeed("amount", INT, True), ColumnNeed("lines", BOOL, False, lines))
    )
    tables = {"orders": orders, "orders.lines": lines}
    more = ir.Call("gt", (ir.Column("qty", INT), ir.Column("amount", INT, 1)), BOOL)
    inside = ir.Aggregate("exists", ir.Rows("lines", nested=True), None, more, BOOL)
    busy = ir.Aggregate("count", ir.Rows("orders"), None, inside, INT)
    flat = ir.Aggregate("sum", ir.Rows("orders.lines"), ir.Column("orders.amount", INT), None, INT)
    needs = needs_of([Binding("busy", busy, INT), Binding("flat", flat, INT)], tables)
    first, second = needs.tables
    assert [column.name for column in first.columns] == ["amount", "lines"]
    assert first.columns[1].nested == TableNeed("orders.lines", lines.columns[:1])
    assert [column.name for column in second.columns] == ["orders.amount"]
    assert Reach().of(inside) == 1
    assert Reach().of(busy) == 0


# -------------------------------------------------------------------------------------- verifying


def bound(expr: ir.Expr) -> tuple[str, ...]:
    return verify(replace(PROGRAM, bindings=(Binding("x", expr, expr.type),), parts=()))


@pytest.mark.parametrize(
    ("expr", "problem"),
    [
        (ir.Ref("y", INT), "reads y, which is not bound"),
        (X, "reads customer x, which is not among the needs"),
        (ir.Input("cut", "z", INT), "reads the cut z"),
        (ir.Input("allocation", "z", INT), "reads the allocation z"),
        (ir.Column("amount", INT), "outside of rows"),
        (call("nothing"), "no function"),
        (call("add", const(1)), "with 1 arguments"),
        (ir.And((const(1),)), "for a condition"),
        (ir.Coalesce(const("a", TEXT), const(1), INT), "has a value of"),
        (ir.Cases((ir.Arm(const(1), const(1)),), const(1), "skip", INT), "for a condition"),
        (ir.Aggregate("sum", ir.Rows("nowhere"), None, None, INT), "not among the needs"),
        (ir.Aggregate("sum", ir.Rows("orders"), None, None, INT), "needs a value"),
        (ir.Aggregate("latest", ir.Rows("orders"), const(1), None, INT), "needs `by`"),
        (replace(SPEND, by=const(1)), "has no `by`"),
        (replace(SPEND, value=ir.Column("lost", INT)), "orders does not have"),
        (replace(SPEND, value=ir.Column("amount", TEXT)), "but it is"),
        (ir.Contest((ir.Candidate("a", const(True, BOOL), ()),), (True,), (), 1), "has 0 keys"),
        (
            ir.Contest(
                (ir.Candidate("a", const(True, BOOL), (), (ir.Use(0, const(True, BOOL)),)),),
                (), (), 1,
            ),
            "a room that is not there",
        ),
    ],
)  # fmt: skip
def test_a_malformed_program_is_told(expr: ir.Expr, problem: str) -> None:
    assert any(problem in told for told in bound(expr)), bound(expr)


def test_bindings_and_parts_must_fit() -> None:
    twice = replace(PROGRAM, bindings=(PROGRAM.bindings[0],) * 2, parts=())
    assert "spend: is bound twice" in verify(twice)
    assert "a part reads spend, which is not bound" in verify(replace(PROGRAM, bindings=()))
    typed = replace(PROGRAM, bindings=(replace(PROGRAM.bindings[0], type=BOOL),), parts=())
    assert "its expression is" in verify(typed)[0]
    assert ORDERS.path == "orders"
