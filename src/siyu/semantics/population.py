"""Values that need everyone. A calibration finds them beforehand; the policy reads them as cuts.

A cut that is null has nobody above it: `top 5%` is then false for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from siyu.core.ir import Expr
from siyu.semantics import make, ranges
from siyu.semantics.build import Found, Scope, error_value
from siyu.semantics.compare import compare
from siyu.semantics.errors import PopulationInRows, UnknownFunction, WrongArguments
from siyu.semantics.phrases import phrase
from siyu.semantics.type_errors import NotAShare, WrongType
from siyu.syntax import ast
from siyu.text import Span
from siyu.words import say, say_n

SHAPES = {"percentile": "population percentile(x, 95)", "median": "population median(x)"}
Value = Callable[[ast.Expr, Scope], Expr]


def top(node: ast.Top, scope: Scope, value: Value, condition: Value) -> Expr:
    """Whether the member is in the top share by a value, among those of whom a condition holds."""
    scope = replace(scope, stats=None)
    by = value(node.by, scope)
    among = make.true if node.among is None else condition(node.among, scope)
    ok = _outside_rows(f"top {node.percent.digits}%", node.span, scope)
    if not is_share(node.percent, scope) or not ok or make.is_error(by, among):
        return error_value(node.span)
    name = f"{scope.owner}.top_{spelled(node.percent)}"
    return share_cut(name, node.percent.digits, by, among, scope, node.span)


def is_share(percent: ast.Number, scope: Scope) -> bool:
    """Whether a percentage lies above 0 and is at most 100; False after a report."""
    if len(percent.digits) < 20 and 0 < Decimal(percent.digits) <= 100:
        return True
    unit = "%" if percent.unit == "%" else ""
    scope.build.report(NotAShare(percent.span, f"{percent.digits}{unit}"))
    return False


def spelled(percent: ast.Number) -> str:
    """A percentage in the name of a cut: 5, 2_5.

    >>> spelled(ast.Number("2.50", "%"))
    '2_5'
    """
    digits = percent.digits
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits.replace(".", "_")


def share_cut(name: str, percent: str, by: Expr, among: Expr, scope: Scope, span: Span) -> Expr:
    """Membership in the share of everyone that the cut `name` of the calibration stands for: among
    them, and not below the cut. Never unknown where `by` and `among` are known."""
    if make.is_error(by, among) or not has_order(by, scope):
        return error_value(span)
    cut = scope.build.cut(name, by.type, span, Found("top", percent, by, among))
    reached = compare(">=", by, cut, scope, span)
    return make.all_of(among, make.known(cut, span), reached, span=span)


def has_order(by: Expr, scope: Scope) -> bool:
    """Whether members can be ranked by a value; False after a report."""
    if ranges.has_order(by.type):
        return True
    advice = say("rank members by an amount, a number, a length of time or a date")
    scope.build.report(WrongType(by.span, phrase(by.type), say("something with an order"), advice))
    return False


def population(node: ast.Population, scope: Scope, value: Value) -> Expr:
    """`population percentile(x, 95)` and `population median(x)`: a value of everyone's."""
    percent = asked(node, scope)
    if percent is None or not _outside_rows(f"population {node.function.text}", node.span, scope):
        return error_value(node.span)
    by = value(node.args[0], scope)
    if make.is_error(by) or not has_order(by, scope):
        return error_value(node.span)
    rank = node.args[1] if len(node.args) == 2 else None
    name = f"percentile_{spelled(rank)}" if isinstance(rank, ast.Number) else "median"
    found = Found("percentile", percent, by, make.true)
    return scope.build.cut(f"{scope.owner}.{name}", by.type, node.span, found)


def asked(node: ast.Population, scope: Scope) -> str | None:
    """The percentage at which everyone's values are looked up; None after a report."""
    name = node.function.text
    shape = SHAPES.get(name)
    if shape is None:
        near = tuple(SHAPES)
        scope.build.report(UnknownFunction(node.function.span, name, near, near))
        return None
    rank = node.args[1] if name == "percentile" and len(node.args) == 2 else None
    if name == "median" and len(node.args) == 1:
        return "50"
    if isinstance(rank, ast.Number):
        return rank.digits if is_share(rank, scope) else None
    count = say_n("1 value", "{count} values", len(node.args))
    problem = (
        say("one value is needed")
        if name == "median"
        else say("a value and a percentage, written as a number, are needed")
    )
    scope.build.report(WrongArguments(node.span, name, count, problem, shape))
    return None


def _outside_rows(what: str, span: Span, scope: Scope) -> bool:
    if scope.rows:
        scope.build.report(PopulationInRows(span, what))
    return not scope.rows
