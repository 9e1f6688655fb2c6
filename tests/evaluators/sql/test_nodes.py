"""Every node class on a real engine: three truth values, widths, and depth."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from siyu.core import ir
from siyu.evaluators.sql import generate
from siyu.functions.numbers import POWERS
from siyu.types import BOOL, INT, TEXT, EnumType, IntType

from ..programs import call, const, facts, field, program, unknown
from .engine import agreed, value
from .held import relations

TRUTHS = (True, False, None)
A, B, C = field("a", BOOL), field("b", BOOL), field("c", BOOL)
X = field("x", INT)
LEVEL = EnumType("level", ("low", "middle", "high"), True)


def test_kleene() -> None:
    made = program({
        "not": ir.Not(A), "and": ir.And((A, B, C)), "or": ir.Or((A, B, C)), "known": ir.Known(A),
        "unknown": ir.Not(ir.Known(ir.Not(A))), "coalesce": ir.Coalesce(A, B, BOOL),
        "neither": ir.Not(ir.Known(ir.And((A, B)))), "empty": ir.And(()), "none": ir.Or(()),
        "both": ir.Not(ir.Known(call("lt", BOOL, field("m", INT), field("n", INT)))),
    })  # fmt: skip
    requests = [
        facts(made, {"a": a, "b": b, "c": c, "m": m, "n": 2})
        for a, b, c in product(TRUTHS, repeat=3)
        for m in (1, None)
    ]
    agreed(made, requests)


@pytest.mark.parametrize("unknown_means", ["skip", "stop", "otherwise"])
@pytest.mark.parametrize("arms", [1, 3])
def test_cases(unknown_means: Any, arms: int) -> None:
    """Conditions that are columns, that compare columns, and that only say whether they are known
    when they were worked out."""
    over = [call("gt", BOOL, X, const(n)) for n in (5, 3, 1)]
    either = ir.Or((A, call("gt", BOOL, X, const(4))))
    forms: dict[str, list[ir.Expr]] = {
        "plain": [A, B, C], "compared": [*over], "mixed": [over[0], A, either],
        "worked": [either, ir.Or((B, either)), C],
    }  # fmt: skip
    made = program({
        name: ir.Cases(
            tuple(ir.Arm(when, const(n)) for n, when in enumerate(whens[:arms])),
            ir.Coalesce(X, const(-1), INT), unknown_means, INT,
        )
        for name, whens in forms.items()
    })  # fmt: skip
    agreed(made, [
        facts(made, {"a": a, "b": b, "c": c, "x": x})
        for a, b, c in product(TRUTHS, repeat=3) for x in (0, 2, 4, 6, None)
    ])  # fmt: skip


@pytest.mark.parametrize("function", ["eq", "ne", "lt", "le", "gt", "ge"])
@pytest.mark.parametrize("members", [LEVEL.members, LEVEL.members[1:]])
def test_ranks_compared(function: str, members: tuple[str, ...]) -> None:
    rank = call("rank", INT, field("l", LEVEL), ir.Const(members, LEVEL))
    made = program({f"{n}": call(function, BOOL, rank, const(n)) for n in (-1, 0, 1, 2, 3)})
    agreed(made, [facts(made, {"l": level}) for level in (*LEVEL.members, None)])


def test_numbers_are_as_wide_as_they_need() -> None:
    """Products of 12 digits, sums near the edge of 32 and of 64 bits, and no overflow."""
    big, edge, most = IntType(), IntType(0, 2**31 - 1), IntType(-(2**63), 2**63 - 1)
    one, two = field("one", big), field("two", big)
    product_ = call("mul", INT, one, two)
    made = program({
        "product": product_, "larger": call("mul", INT, product_, const(10**13)),
        "edge": call("add", INT, field("e", edge), field("f", edge)),
        "most": call("sub", INT, field("m", most), const(1)),
        "case": ir.Cases((ir.Arm(A, call("add", INT, field("m", most), const(5))),),
                         const(1), "skip", INT),
        "later": call("add", INT, ir.Cases((ir.Arm(A, product_),), const(1), "skip", INT),
                      const(1)),
    })  # fmt: skip
    request = {"one": 10**12, "two": -(10**12), "e": 2**31 - 1, "f": 2**31 - 1, "a": True}
    found = agreed(made, [
        facts(made, {**request, "m": 2**63 - 1}), facts(made, {**request, "m": -(2**63), "a": None})
    ])  # fmt: skip
    assert found[0]["larger"] == -(10**37)
    assert found[0]["edge"] == 2**32 - 2
    assert found[0]["case"] == 2**63 + 4


def test_texts_order_by_code_point() -> None:
    texts = ("", "A", "Z", "a", "é", "金", "銀", "\U0001f600", "\uffee")
    made = program({"lt": call("lt", BOOL, field("s", TEXT), field("t", TEXT))})
    agreed(made, [facts(made, {"s": s, "t": t}) for s in texts for t in texts])


def test_fields_of_other_events_are_unknown() -> None:
    amount = ir.Input("event", "paid.amount", INT, False)
    event = ir.Input("request", "event", TEXT, True)
    made = program({"amount": amount, "about": call("eq", BOOL, event, const("paid"))})
    request = [facts(made, {"paid.amount": 7, "event": "paid"})]
    assert agreed(made, request, "paid") == [{"amount": 7, "about": True}]
    assert agreed(made, [facts(made, {})], None) == [{"amount": None, "about": None}]


# --------------------------------------------------------------------------- deep and large


def test_far_deeper_than_any_policy() -> None:
    number: ir.Expr = X
    flag: ir.Expr = A
    for depth in range(1_200):
        number = call("add", INT, number, const(1)) if depth % 2 else ir.Coalesce(
            number, const(0), INT
        )  # fmt: skip
        flag = ir.Not(ir.And((flag, B))) if depth % 3 else ir.Or((flag,))
    made = program({"number": number, "flag": flag})
    agreed(made, [facts(made, {"x": 5, "a": True}), facts(made, {"b": False})])


def test_very_many_conditions() -> None:
    items = tuple(call("ne", BOOL, X, const(n)) for n in range(3_000))
    arms = tuple(ir.Arm(call("eq", BOOL, X, const(n)), const(n)) for n in range(1_000))
    made = program({"all": ir.And(items), "first": ir.Cases(arms, const(-1), "stop", INT)})
    agreed(made, [facts(made, {"x": x}) for x in (999, 5_000, None)])


def test_the_same_node_many_times_does_not_grow_the_text() -> None:
    node: ir.Expr = call("add", INT, field("x", IntType(0, 9)), const(1))
    for _ in range(60):
        node = call("add", INT, node, node)
    made = program({"x": node})
    requests = [facts(made, {"x": 0})]
    text = generate(made, relations(made, requests, "duckdb"), "duckdb", wanted=["x"]).text
    assert len(text) < 20_000
    assert agreed(made, requests) == [{"x": 2**60}]


# ------------------------------------------------------------------------- what was brought


def test_a_metric_that_was_brought_is_used_and_computed_where_it_was_not() -> None:
    from dataclasses import replace

    spend = call("add", INT, X, const(1))
    made = program({"spend": spend, "twice": call("mul", INT, ir.Ref("spend", INT), const(2))})
    metric = replace(made.bindings[0], metric=True)
    made = replace(made, bindings=(metric, *made.bindings[1:]))
    brought = replace(facts(made, {"x": 1}), given=(("spend", 50),))
    values = agreed(made, [brought, facts(made, {"x": 1})], given=("spend",))
    assert values == [{"spend": 50, "twice": 100}, {"spend": 2, "twice": 4}]


def test_unknown_constants_have_the_type_of_their_place() -> None:
    arms = (ir.Arm(A, unknown(INT)), ir.Arm(B, const(POWERS[12])))
    assert value(ir.Cases(arms, unknown(INT), "skip", INT), a=False, b=True) == 10**12
    assert value(ir.Cases(arms, unknown(INT), "skip", INT), a=True, b=True) is None
