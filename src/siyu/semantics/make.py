"""Small constructors of core expressions, so that lowering reads like what it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from siyu.core.ir import (
    And,
    Arm,
    Call,
    Cases,
    Coalesce,
    Const,
    Expr,
    Held,
    Known,
    Not,
    Or,
)  # fmt: skip
from siyu.functions.registry import FUNCTIONS
from siyu.semantics.build import error_value
from siyu.text import NOWHERE, Span
from siyu.types import BOOL, ERROR, ErrorType, Type

__all__ = [
    "all_of", "any_of", "call", "cases", "const", "error_value", "false", "is_error", "is_false",
    "is_true", "known", "not_", "otherwise", "recoded", "true", "unknown",
]  # fmt: skip

true = Const(True, BOOL)
false = Const(False, BOOL)


def const(value: Held, kind: Type, span: Span = NOWHERE) -> Const:
    """A held value of a type."""
    return Const(value, kind, span=span)


def unknown(kind: Type, span: Span = NOWHERE) -> Const:
    """The unknown value of a type."""
    return Const(None, kind, span=span)


def is_error(*exprs: Expr) -> bool:
    """Whether any of them stands for something already reported."""
    return ErrorType in [type(expr.type) for expr in exprs]


def is_true(expr: Expr) -> bool:
    return isinstance(expr, Const) and expr.value is True


def is_false(expr: Expr) -> bool:
    return isinstance(expr, Const) and expr.value is False


def call(function: str, kind: Type, *args: Expr, span: Span = NOWHERE) -> Expr:
    """A function's value; of constants it is found at once, unless it is unknown.

    >>> from siyu.types import INT
    >>> call("add", INT, const(1, INT), const(2, INT))
    Const(code='', value=3, type=IntType(low=-1000000000000, high=1000000000000))
    """
    if is_error(*args):
        return error_value(span)
    values = [arg.value for arg in args if isinstance(arg, Const)]
    if len(values) == len(args) and None not in values:
        held = FUNCTIONS[function].python(*values)
        if isinstance(held, (bool, int, str, frozenset, tuple)):
            return Const(held, kind, span=span)
    return Call(function, args, kind, span=span)


def not_(value: Expr, span: Span = NOWHERE) -> Expr:
    """The negation; two of them cancel out."""
    match value:
        case Const(value=bool(held)):
            return Const(not held, BOOL, span=span)
        case Not():
            return value.value
        case _:
            return value if is_error(value) else Not(value, span=span)


def all_of(*items: Expr, span: Span = NOWHERE) -> Expr:
    """True where every item is; nothing repeated, nothing nested that has no code of its own.

    >>> all_of(true, false) == false, all_of() == true
    (True, True)
    """
    kept = [item for item in _flat(And, items) if not is_true(item)]
    return _joined(And, kept, true, span)


def any_of(*items: Expr, span: Span = NOWHERE) -> Expr:
    """True where at least one item is."""
    kept = [item for item in _flat(Or, items) if not is_false(item)]
    return _joined(Or, kept, false, span)


def _flat(node: type[And] | type[Or], items: tuple[Expr, ...]) -> list[Expr]:
    found: list[Expr] = []
    for item in items:
        if isinstance(item, node) and not item.code:
            found += _flat(node, item.items)
        else:
            found.append(item)
    return found


def _joined(node: type[And] | type[Or], items: list[Expr], empty: Const, span: Span) -> Expr:
    different = tuple(dict.fromkeys(items))
    if is_error(*different):
        return error_value(span)
    match different:
        case ():
            return replace(empty, span=span)
        case (single,):
            return single
        case _:
            return node(different, span=span)


def known(value: Expr, span: Span = NOWHERE) -> Expr:
    """Whether the value is known."""
    if isinstance(value, Const) and not is_error(value):
        return Const(value.value is not None, BOOL, span=span)
    return value if is_error(value) else Known(value, span=span)


def otherwise(value: Expr, default: Expr, span: Span = NOWHERE) -> Expr:
    """The value, or where it is unknown the default; both of one type already."""
    if is_error(value, default):
        return error_value(span)
    return Coalesce(value, default, value.type, span=span)


def cases(
    arms: tuple[tuple[Expr, Expr], ...],
    default: Expr,
    on_unknown: Literal["skip", "stop", "otherwise"],
    kind: Type,
    span: Span = NOWHERE,
) -> Expr:
    """The value of the first pair (when, value) whose `when` is true, else the default."""
    return Cases(tuple(Arm(*arm) for arm in arms), default, on_unknown, kind, span=span)


def recoded(expr: Expr, code: str) -> Expr:
    """The same condition under another code; what was reported keeps its silence."""
    return expr if expr.type == ERROR else replace(expr, code=code)
