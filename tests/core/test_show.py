"""Programs as text: each node class in its own words, whatever the depth."""

from __future__ import annotations

import pytest
from hypothesis import given

from siyu.core import ir
from siyu.core.show import show, show_expr, show_type
from siyu.types import BOOL, INT, TEXT, DurationType, EnumType, MoneyType, SetType
from strategies.cores import Case, cases

X, Y = ir.Input("customer", "x", INT), ir.Ref("y", INT)
ABOVE = ir.Call("gt", (X, ir.Const(3, INT)), BOOL)


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (ir.Const(None, INT), "unknown"),
        (ir.Const(True, BOOL), "true"),
        (ir.Const('say "hi"', TEXT), '"say \\"hi\\""'),
        (ir.Const(frozenset({"b", "a"}), TEXT), '{"a", "b"}'),
        (ir.Const(("low", 1), TEXT), '["low", 1]'),
        (ir.Call("mul", (ir.Call("add", (X, Y), INT), Y), INT), "(customer x + y) * y"),
        (ir.Call("floor", (X, ir.Const(2, INT)), INT), "floor(customer x, 2)"),
        (ir.Not(ir.Known(X)), "not (customer x is known)"),
        (ir.And((ABOVE, ir.Or((ABOVE, ABOVE)))),
         "(customer x > 3) and ((customer x > 3) or (customer x > 3))"),
        (ir.Coalesce(X, Y, INT), "customer x otherwise y"),
        (ir.Cases((ir.Arm(ABOVE, X),), Y, "stop", INT),
         "cases\n  when customer x > 3 then customer x\n  otherwise, unknown stops y"),
        (ir.Aggregate("latest", ir.Rows("lines", True, 1), ir.Column("a", INT), None, INT,
                      ir.Column("b", INT, 1), ir.Column("c", INT)),
         "latest(a of its outer lines by outer.b then by c)"),
        (ir.Contest((ir.Candidate("p", ABOVE, (X,), (ir.Use(0, ABOVE),)),), (True,), (Y,), 2),
         "choose 2\n  room 0: y\n  p if customer x > 3 by customer x descending takes room 0 if"
         " customer x > 3"),
    ],
)  # fmt: skip
def test_expressions(expr: ir.Expr, text: str) -> None:
    assert show_expr(expr) == text


def test_types() -> None:
    kinds = (
        INT, MoneyType("CNY", 2), DurationType("day", 6), EnumType("level"), SetType(TEXT),
    )  # fmt: skip
    assert [show_type(kind) for kind in kinds] == [
        "int", "money CNY .2", "duration day .6", "enum level", "set",
    ]  # fmt: skip


def test_depth_does_not_matter() -> None:
    deep: ir.Expr = ABOVE
    for _ in range(3_000):
        deep = ir.Not(deep)
    assert show_expr(deep).startswith("not (not (")


@given(cases())
def test_every_program_can_be_shown(case: Case) -> None:
    text = show(case.program)
    assert all(binding.name in text for binding in case.program.bindings)


def test_what_was_proven_is_shown() -> None:
    from dataclasses import replace

    from siyu.core.passes.samples import PROGRAM
    from siyu.core.program import Everyone

    assert "proven" not in show(PROGRAM)
    proven = replace(PROGRAM, everyone=Everyone(proven=("one_price",)))
    assert show(proven).endswith("\n\nproven\n  one_price")


def test_what_incentives_serve_is_shown() -> None:
    from dataclasses import replace

    from siyu.core.passes.samples import PROGRAM
    from siyu.core.program import Nature

    gift = Nature("gift", "hard", "internal", ("join", "affection"))
    shown = show(replace(PROGRAM, natures=(gift, Nature("plain", "soft", "external"))))
    assert shown.endswith("\n\nserves\n  gift hard internal: join, affection")
