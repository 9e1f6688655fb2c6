"""Computing what is constant once, and leaving out what cannot matter."""

from __future__ import annotations

from dataclasses import replace

from siyu.core.ir import (
    And,
    Arm,
    Call,
    Cases,
    Coalesce,
    Const,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)
from siyu.core.passes.everywhere import Change, with_bindings
from siyu.core.program import Binding, Program
from siyu.core.walk import rewrite
from siyu.functions import FUNCTIONS


def fold_constants(program: Program) -> Program:
    """The program with constant expressions computed, and bindings that only name one read as it.

    >>> from siyu.core.passes.samples import PROGRAM
    >>> fold_constants(PROGRAM).bindings[2].expr.args[1].value
    2
    """
    plain: dict[str, Expr] = {}

    def change(node: Expr) -> Expr:
        return plain.get(node.name, node) if isinstance(node, Ref) else folded(node)

    done: dict[int, Expr] = {}
    own, later = (
        tuple(_folded(binding, change, plain, done) for binding in bindings)
        for bindings in (program.bindings, program.everyone.bindings)
    )
    return with_bindings(program, own, later, lambda expr: rewrite(expr, change, done))


def _folded(
    binding: Binding, change: Change, plain: dict[str, Expr], done: dict[int, Expr]
) -> Binding:
    expr = rewrite(binding.expr, change, done)
    if isinstance(expr, Const | Input | Ref) and not _may_be_given(binding, expr):
        plain[binding.name] = expr
    return replace(binding, expr=expr)


def _may_be_given(binding: Binding, expr: Expr) -> bool:
    """Whether a request may still bring another value of the metric."""
    taken = isinstance(expr, Input) and expr.origin == "metric"
    return binding.metric and not taken


def folded(node: Expr) -> Expr:
    """A simpler node of the same value, given that its parts are folded already."""
    match node:
        case Call():
            return _call(node)
        case Not(value=Const(value=value)):
            return _const(node, None if value is None else not value)
        case Not(value=Not(value=inner)):
            return inner
        case And():
            return _junction(node, node.items, neutral=True)
        case Or():
            return _junction(node, node.items, neutral=False)
        case Known(value=Const(value=value)):
            return _const(node, value is not None)
        case Coalesce(value=Const(value=value)):
            return node.default if value is None else node.value
        case Cases():
            return _cases(node)
        case _:
            return node


def _const(node: Expr, value: object) -> Const:
    return Const(value, node.type, span=node.span, code=node.code)  # type: ignore[arg-type]


def _call(node: Call) -> Expr:
    if any(isinstance(arg, Const) and arg.value is None for arg in node.args):
        return _const(node, None)
    if not all(isinstance(arg, Const) for arg in node.args):
        return node
    values = [arg.value for arg in node.args if isinstance(arg, Const)]
    return _const(node, FUNCTIONS[node.function].python(*values))


def _junction(node: And | Or, items: tuple[Expr, ...], *, neutral: bool) -> Expr:
    """And where `neutral` is true, or where it is false: inner ones of the same kind join it."""
    kind = type(node)
    flat = [i for item in items for i in (item.items if isinstance(item, kind) else (item,))]
    if any(isinstance(item, Const) and item.value is (not neutral) for item in flat):
        return _const(node, not neutral)
    kept = tuple(i for i in flat if not (isinstance(i, Const) and i.value is neutral))
    match kept:
        case ():
            return _const(node, neutral)
        case (single,):
            return single
        case _:
            return replace(node, items=kept)


def _cases(node: Cases) -> Expr:
    """Without arms that are never taken, and none behind one that always is."""
    arms: list[Arm] = []
    otherwise = node.otherwise
    for arm in node.arms:
        if not isinstance(arm.when, Const):
            arms.append(arm)
        elif arm.when.value is True:
            return _rest(node, arms, arm.value, otherwise)
        elif arm.when.value is None and node.on_unknown != "skip":
            stopped = _const(node, None) if node.on_unknown == "stop" else otherwise
            return _rest(node, arms, stopped, otherwise)
    return _rest(node, arms, otherwise, otherwise)


def _rest(node: Cases, arms: list[Arm], last: Expr, otherwise: Expr) -> Expr:
    """Where unknown leads to `otherwise`, that must stay what it was: `last` is then an arm."""
    if not arms:
        return last
    if node.on_unknown == "otherwise" and last is not otherwise:
        always = Const(True, arms[0].when.type)
        return replace(node, arms=(*arms, Arm(always, last)))
    return replace(node, arms=tuple(arms), otherwise=last)
