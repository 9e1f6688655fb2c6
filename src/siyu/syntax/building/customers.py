"""Figures, segments, classes, scores and levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siyu.syntax import ast
from siyu.syntax.building.leaf import Builder, Leaf, constant, named, node
from siyu.text import Span


def _classify(
    span: Span, name: ast.Ident, label: str | None, exclusive: Leaf | None, items: list[ast.Node]
) -> ast.Classify:
    return ast.Classify(
        name,
        label,
        exclusive is not None,
        tuple(item for item in items if isinstance(item, ast.Case)),
        tuple(item for item in items if isinstance(item, ast.Formerly)),
        span=span,
    )


def _case_when(
    span: Span, name: ast.Ident, label: str | None, when: ast.Expr, riders: list[ast.Rider]
) -> ast.Case:
    return ast.Case(name, label, when, False, tuple(riders), span=span)


def _case_otherwise(
    span: Span, name: ast.Ident, label: str | None, or_unknown: bool, riders: list[ast.Rider]
) -> ast.Case:
    return ast.Case(name, label, None, or_unknown, tuple(riders), span=span)


def _adjust(sign: Any) -> Builder:
    return lambda span, value, when, riders: ast.Adjust(sign, value, when, tuple(riders), span=span)


def _tier(
    span: Span,
    name: ast.Ident,
    label: str | None,
    by: ast.Expr,
    levels: list[ast.Level],
    clauses: list[Any],
) -> ast.Tier:
    return ast.Tier(name, label, by, tuple(levels), tuple(clauses), span=span)


def _because(span: Span, text: ast.Text) -> ast.Because:
    return ast.Because(text.value, span=span)


CUSTOMERS: Mapping[str, Builder] = {
    "param": named(ast.Param),
    "param_version": node(ast.ParamVersion),
    "metric": named(ast.Metric),
    "view": node(ast.View),
    "calendar": node(ast.Calendar),
    "segment": named(ast.Segment),
    "classify": _classify,
    "case_when": _case_when,
    "case_otherwise": _case_otherwise,
    "otherwise": constant(False),
    "otherwise_or_unknown": constant(True),
    "score": named(ast.Score),
    "start_value": node(ast.Start),
    "add": _adjust("add"),
    "subtract": _adjust("subtract"),
    "tier": _tier,
    "level": node(ast.Level),
    "top_share": node(ast.TopShare),
    "from_value": node(ast.FromValue),
    "otherwise_level": node(ast.OtherwiseLevel, False),
    "otherwise_level_or_unknown": node(ast.OtherwiseLevel, True),
    "keep": node(ast.Keep),
    "grace": node(ast.Grace),
    "fall_one_level": node(ast.FallOneLevel),
    "lifetime": node(ast.Lifetime),
    "because": _because,
    "unless": node(ast.Unless),
    "effective": node(ast.Effective),
    "formerly": node(ast.Formerly),
    "frozen": node(ast.Frozen),
    "when": node(ast.When),
}
