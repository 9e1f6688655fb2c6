"""Groups, incentives and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from siyu.syntax import ast
from siyu.syntax.building.leaf import Builder, Leaf, Scope, node, once, scope
from siyu.text import Span


def _group(
    span: Span, name: ast.Ident, label: str | None, choose: Leaf, by: list[ast.Order]
) -> ast.Group:
    return ast.Group(name, label, choose.value, tuple(by), span=span)


def _order(span: Span, key: Any, direction: Leaf | None = None) -> ast.Order:
    said: Any = key.value if isinstance(key, Leaf) else key
    return ast.Order(said, cast(Any, direction.value) if direction else None, span=span)


def _incentive(
    span: Span,
    name: ast.Ident,
    label: str | None,
    on: ast.Ident | None,
    audience: ast.Expr,
    clauses: list[ast.IncentiveClause],
) -> ast.Incentive:
    return ast.Incentive(name, label, on, audience, tuple(clauses), span=span)


def _give(span: Span, benefit: ast.Name, detail: ast.Text | None = None) -> ast.Give:
    return ast.Give(benefit, None if detail is None else detail.value, span=span)


def _nature(span: Span, cost: Leaf, source: Leaf) -> ast.Nature:
    return ast.Nature(cast(Any, cost.value), cast(Any, source.value), span=span)


def _serves(span: Span, principles: list[Leaf]) -> ast.Serves:
    return ast.Serves(tuple(cast(Any, each.value) for each in principles), span=span)


def _budget(
    span: Span, amount: ast.Expr, basis: Leaf | None, window: ast.Window, by: ast.Order
) -> ast.Budget:
    of: Any = None if basis is None else basis.value.removeprefix("of_")
    return ast.Budget(amount, of, window, by, span=span)


def _budget_in(
    span: Span, window: ast.Window, amount: ast.Expr, basis: Leaf | None, by: ast.Order
) -> ast.Budget:
    return _budget(span, amount, basis, window, by)


def _holdout(span: Span, percent: ast.Number, salt: ast.Text | None = None) -> ast.Holdout:
    return ast.Holdout(percent, None if salt is None else salt.value, span=span)


def _limit(span: Span, count: ast.Expr, window: ast.Window, scopes: list[Scope]) -> ast.Limit:
    said = once(scopes)
    return ast.Limit(count, window, said.get("on"), said.get("for", ()), span=span)


def _limit_in(span: Span, window: ast.Window, count: ast.Expr, scopes: list[Scope]) -> ast.Limit:
    return _limit(span, count, window, scopes)


def _for_purposes(span: Span, purposes: list[Leaf]) -> Scope:
    return Scope("for", tuple(purpose.value for purpose in purposes), span)


def _table(
    span: Span,
    name: ast.Ident,
    label: str | None,
    policy: Leaf,
    outputs: list[ast.Ident],
    heading: tuple[tuple[ast.Name, ...], tuple[ast.Ident, ...]],
    rows: list[ast.Row],
    clauses: list[ast.Formerly | ast.Frozen],
) -> ast.Table:
    return ast.Table(
        name,
        label,
        cast(Any, policy.value),
        tuple(outputs),
        *heading,
        tuple(rows),
        tuple(clauses),
        span=span,
    )


def _heading(_span: Span, columns: list[ast.Name], outputs: list[ast.Ident]) -> Any:
    return tuple(columns), tuple(outputs)


def _row(span: Span, cells: list[ast.Cell], outputs: list[ast.Expr]) -> ast.Row:
    return ast.Row(tuple(cells), tuple(outputs), span=span)


def _otherwise_row(span: Span, or_unknown: bool, outputs: list[ast.Expr]) -> ast.Row:
    return ast.Row(None, tuple(outputs), or_unknown, span=span)


def _list_cell(negated: bool) -> Builder:
    return lambda span, items: ast.ListCell(tuple(items), negated, span=span)


def _compare_item(span: Span, op: Leaf, value: ast.Expr) -> ast.CompareItem:
    return ast.CompareItem(cast(Any, op.value), value, span=span)


OFFERS: Mapping[str, Builder] = {
    "group": _group,
    "order": _order,
    "incentive": _incentive,
    "give": _give,
    "worth": node(ast.Worth),
    "valid": node(ast.Valid),
    "nature": _nature,
    "serves": _serves,
    "costs": node(ast.Costs),
    "competes": node(ast.Competes),
    "priority": node(ast.Priority),
    "limit": _limit,
    "limit_in": _limit_in,
    "on_channel": scope("on"),
    "for_purposes": _for_purposes,
    "budget": _budget,
    "budget_in": _budget_in,
    "holdout": _holdout,
    "table": _table,
    "heading": _heading,
    "row": _row,
    "otherwise_row": _otherwise_row,
    "any_cell": node(ast.AnyCell),
    "known_cell": node(ast.KnownCell, True),
    "unknown_cell": node(ast.KnownCell, False),
    "list_cell": _list_cell(False),
    "not_cell": _list_cell(True),
    "compare_item": _compare_item,
    "range_item": node(ast.RangeItem, False),
    "open_range_item": node(ast.RangeItem, True),
}
