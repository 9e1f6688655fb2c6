"""Every function's examples, as the generated Python and the reference compute them."""

from __future__ import annotations

from typing import Any

import pytest

from siyu.core import ir
from siyu.core.program import Binding, Facts, Leaf, Needs, Part, Program
from siyu.evaluators.record import compile_record
from siyu.evaluators.reference import evaluate
from siyu.functions import FUNCTIONS, Example, Function
from siyu.types import BOOL, INT, TEXT, Type

CALLED = [f for f in FUNCTIONS.values() if f.name != "item"]  # which is read of contests only
CASES = [(f, e) for f in CALLED for e in f.examples]


def _type(value: Any) -> Type:
    return BOOL if isinstance(value, bool) else TEXT if isinstance(value, str) else INT


def _program(function: Function, example: Example, constant: set[int]) -> tuple[Program, Facts]:
    """A call of the function; arguments are constants or fields of the customer."""
    args: list[ir.Expr] = []
    for place, value in enumerate(example.args):
        if place in constant:
            args.append(ir.Const(value, _type(value)))
        else:
            args.append(ir.Input("customer", f"x{place}", _type(value)))
    call = ir.Call(function.name, tuple(args), _type(example.result))
    inputs = tuple(arg for arg in args if isinstance(arg, ir.Input))
    values = tuple(v for place, v in enumerate(example.args) if place not in constant)
    made = Program(
        "p", 1, "UTC", "CNY", (Binding("x", call, call.type),), Needs(inputs, ()),
        (Part("metrics", "x", Leaf("x", call.type)),), (), (), "id",
    )  # fmt: skip
    return made, Facts(values, ())


def _constant_by_nature(example: Example) -> set[int]:
    """Arguments that the core always gives as constants: zones, windows, units, orders."""
    return {n for n, v in enumerate(example.args) if n and isinstance(v, str | tuple | frozenset)}


@pytest.mark.parametrize(("function", "example"), CASES, ids=lambda x: getattr(x, "name", ""))
@pytest.mark.parametrize("fixed", ("none", "natural", "all but the first"))
def test_an_example_holds(function: Function, example: Example, fixed: str) -> None:
    constant = {
        "none": set[int](),
        "natural": _constant_by_nature(example),
        "all but the first": set(range(1, len(example.args))),
    }[fixed]
    made, facts = _program(function, example, constant)
    expected = (type(example.result), example.result)
    for found in (evaluate(made, facts, None)["x"], compile_record(made, None)(facts)[0]):
        assert (type(found), found) == expected


@pytest.mark.parametrize("function", CALLED, ids=lambda f: f.name)
def test_an_unknown_argument_makes_the_value_unknown(function: Function) -> None:
    example = function.examples[0]
    for lacking in set(range(len(example.args))) - _constant_by_nature(example):
        made, facts = _program(function, example, _constant_by_nature(example) - {lacking})
        place = [need.name for need in made.needs.inputs].index(f"x{lacking}")
        values = (*facts.values[:place], None, *facts.values[place + 1 :])
        assert evaluate(made, Facts(values, ()), None)["x"] is None
        assert compile_record(made, None)(Facts(values, ()))[0] is None
