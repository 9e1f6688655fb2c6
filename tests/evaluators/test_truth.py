"""Three-valued logic, case by case, in both evaluators."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from siyu.core import ir
from siyu.types import BOOL, INT, TEXT

from .programs import call, const, field, unknown, value

T, F, U = True, False, None
A, B = field("a", BOOL), field("b", BOOL)

AND = {
    (T, T): T, (T, F): F, (T, U): U,
    (F, T): F, (F, F): F, (F, U): F,
    (U, T): U, (U, F): F, (U, U): U,
}  # fmt: skip
OR = {
    (T, T): T, (T, F): T, (T, U): T,
    (F, T): T, (F, F): F, (F, U): U,
    (U, T): T, (U, F): U, (U, U): U,
}  # fmt: skip
NOT = {T: F, F: T, U: U}


@pytest.mark.parametrize(("a", "b"), AND)
def test_and_or(a: Any, b: Any) -> None:
    assert value(ir.And((A, B)), a=a, b=b) is AND[a, b]
    assert value(ir.Or((A, B)), a=a, b=b) is OR[a, b]


@pytest.mark.parametrize("a", NOT)
def test_not_and_known(a: Any) -> None:
    assert value(ir.Not(A), a=a) is NOT[a]
    assert value(ir.Known(A), a=a) is (a is not None)
    assert value(ir.Not(ir.Known(A)), a=a) is (a is None)


@pytest.mark.parametrize(("a", "b"), AND)
def test_negation_goes_inside(a: Any, b: Any) -> None:
    assert value(ir.Not(ir.And((A, B))), a=a, b=b) is NOT[AND[a, b]]
    assert value(ir.Not(ir.Or((A, B))), a=a, b=b) is NOT[OR[a, b]]


def test_and_and_or_of_nothing() -> None:
    assert value(ir.And(())) is True
    assert value(ir.Or(())) is False


@pytest.mark.parametrize(("a", "default"), tuple(product((1, 0, None), (7, None))))
def test_a_default_stands_in_only_for_unknown(a: Any, default: Any) -> None:
    fallback = unknown(INT) if default is None else const(default)
    expected = default if a is None else a
    assert value(ir.Coalesce(field("a", INT), fallback, INT), a=a) == expected


@pytest.mark.parametrize("a", (True, False, None))
@pytest.mark.parametrize("default", (True, False))
def test_a_default_decides_a_condition(a: Any, default: bool) -> None:
    decided = ir.Coalesce(A, const(default), BOOL)
    assert value(decided, a=a) is (default if a is None else a)
    assert value(ir.Not(decided), a=a) is (not (default if a is None else a))


@pytest.mark.parametrize("x", (None, 5))
@pytest.mark.parametrize("name", ("eq", "ne", "lt", "le", "gt", "ge"))
def test_comparing_with_unknown_is_unknown(name: str, x: Any) -> None:
    compared = call(name, BOOL, field("x", INT), field("y", INT))
    assert value(compared, x=x, y=None) is None
    assert value(compared, x=None, y=x) is None
    assert value(ir.Not(compared), x=x, y=None) is None


def test_membership_of_unknown_is_unknown() -> None:
    listed = call("in_set", BOOL, field("x", TEXT), ir.Const(frozenset({"a"}), TEXT))
    assert [value(listed, x=x) for x in ("a", "b", None)] == [True, False, None]
    assert [value(ir.Not(listed), x=x) for x in ("a", "b", None)] == [False, True, None]


def test_a_guard_makes_a_negation_known() -> None:
    x = field("x", INT)
    above = call("gt", BOOL, x, const(5))
    assert [value(ir.And((ir.Known(x), ir.Not(above))), x=v) for v in (9, 1, None)] == [
        False, True, False,
    ]  # fmt: skip
    assert [value(ir.Or((ir.Not(ir.Known(x)), ir.Not(above))), x=v) for v in (9, 1, None)] == [
        False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("on_unknown", "expected"),
    [("skip", [1, 2, 2, 3, 3, 2]), ("stop", [1, 2, None, 3, None, None]),
     ("otherwise", [1, 2, 3, 3, 3, 3])],
)  # fmt: skip
@pytest.mark.parametrize("padding", (0, 10, 30))
def test_cases(on_unknown: Any, expected: list[Any], padding: int) -> None:
    """One expression where they are few, a chain of statements where they are many."""
    never = tuple(
        ir.Arm(call("eq", BOOL, field("n", INT, optional=False), const(n)), const(9))
        for n in range(padding)
    )
    arms = (*never, ir.Arm(A, const(1)), ir.Arm(B, const(2)))
    cases = ir.Cases(arms, const(3), on_unknown, INT)
    rows = [(T, F), (F, T), (U, T), (F, F), (U, F), (U, T)]
    assert [value(cases, a=a, b=b, n=-1) for a, b in rows] == expected


def test_a_division_by_zero_is_unknown() -> None:
    ratio = call("div", INT, field("x", INT), field("y", INT), const(6))
    assert value(ratio, x=1, y=0) is None
    assert value(ratio, x=1, y=3) == 333_333
    assert value(ratio, x=-1, y=2) == -500_000
    assert value(call("div", INT, field("x", INT), field("y", INT), const(0)), x=-5, y=-2) == 3
    assert value(call("div", INT, field("x", INT), field("y", INT), const(0)), x=-5, y=2) == -3


def test_equal_constants_of_other_types_stay_apart() -> None:
    """Python holds True equal to 1."""
    flag = ir.Coalesce(unknown(BOOL), const(True), BOOL)
    number = ir.Coalesce(unknown(INT), const(1), INT)
    shown = call("to_text", TEXT, ir.Coalesce(field("x", INT), number, INT))
    assert value(shown, x=None) == "1"
    assert value(ir.And((A, flag)), a=True) is True
