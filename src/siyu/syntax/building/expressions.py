"""Conditions and figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from siyu.syntax import ast
from siyu.syntax.building.leaf import Builder, Leaf, first, node
from siyu.syntax.keywords import function_name
from siyu.text import Span


def _arithmetic(span: Span, left: ast.Expr, op: Leaf, right: ast.Expr) -> ast.Arithmetic:
    return ast.Arithmetic(cast(Any, op.value), left, right, span=span)


def _comparison(span: Span, left: ast.Expr, op: Leaf, right: ast.Expr) -> ast.Compare:
    return ast.Compare(cast(Any, op.value), left, right, span=span)


def _all_of(node: type[ast.And] | type[ast.Or]) -> Builder:
    return lambda span, items: node(tuple(items), span=span)


def _in_list(negated: bool) -> Builder:
    return lambda span, value, items: ast.In(value, tuple(items), negated, span=span)


def _between(span: Span, value: ast.Expr, low: ast.Expr, _and: None, high: ast.Expr) -> ast.Between:
    return ast.Between(value, low, high, span=span)


def _in_this(span: Span, value: ast.Expr, unit: Leaf) -> ast.InPeriod:
    return ast.InPeriod(value, cast(ast.TimeUnit, unit.value), span=span)


def _within(direction: Any) -> Builder:
    return lambda span, value, length, _inside: ast.Within(value, direction, length, span=span)


def _since(until: bool) -> Builder:
    return lambda span, unit, value: ast.Since(unit.value, value, until, span=span)


def _since_counted(until: bool) -> Builder:
    return lambda span, value, unit: ast.Since(unit.value, value, until, span=span)


def _call(span: Span, function: Leaf, args: list[ast.Expr] | None = None) -> ast.Call:
    return ast.Call(_function(function), tuple(args or ()), span=span)


def _function(word: Leaf) -> ast.Ident:
    return ast.Ident(function_name(word.value), span=word.span)


def _population(span: Span, function: Leaf, args: list[ast.Expr]) -> ast.Population:
    return ast.Population(_function(function), tuple(args), span=span)


def _set(span: Span, first: ast.Expr | None = None, rest: list[ast.Expr] | None = None) -> ast.Set:
    return ast.Set(() if first is None else (first, *(rest or ())), span=span)


def _aggregate(
    span: Span,
    function: Leaf,
    args: list[ast.Expr],
    by: ast.Name | None,
    over: ast.Over | None,
    where: ast.Expr | None,
) -> ast.Aggregate:
    return ast.Aggregate(cast(Any, function.value), tuple(args), by, over, where, span=span)


def _over(direction: Any) -> Builder:
    return lambda span, length, ending=None: ast.Over(direction, length, ending, span=span)


EXPRESSIONS: Mapping[str, Builder] = {
    "default": node(ast.Otherwise),
    "conjunction": _all_of(ast.And),
    "disjunction": _all_of(ast.Or),
    "not_": node(ast.Not),
    "comparison": _comparison,
    "between": _between,
    "in_list": _in_list(False),
    "not_in_list": _in_list(True),
    "in_this": _in_this,
    "within_last": _within("last"),
    "within_next": _within("next"),
    "is_": node(ast.Is),
    "is_not": node(ast.Is, True),
    "is_known": node(ast.IsKnown, True),
    "is_unknown": node(ast.IsKnown, False),
    "has": node(ast.Has),
    "top": node(ast.Top),
    "arithmetic": _arithmetic,
    "negative": node(ast.Negative),
    "since": _since(False),
    "until": _since(True),
    "since_counted": _since_counted(False),
    "until_counted": _since_counted(True),
    "anniversary": node(ast.Anniversary),
    "true": node(ast.Bool, True),
    "false": node(ast.Bool, False),
    "parentheses": first,
    "set": _set,
    "call": _call,
    "share": node(ast.Share),
    "population": _population,
    "aggregate": _aggregate,
    "by_path": first,
    "ending": first,
    "over_last": _over("last"),
    "over_next": _over("next"),
}
