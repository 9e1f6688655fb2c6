"""Contacts, recommendations, claims, figures about everyone, and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from siyu.syntax import ast
from siyu.syntax.building.leaf import Builder, Leaf, Scope, first, named, node, once, scope
from siyu.syntax.keywords import given_word
from siyu.text import Span

MISSING = "unknown"


def _contact(
    span: Span,
    name: ast.Ident,
    label: str | None,
    purpose: Leaf | None,
    on: ast.Ident | None,
    audience: ast.Expr,
    clauses: list[ast.ContactClause],
) -> ast.Contact:
    said = cast(Any, purpose.value) if purpose else None
    return ast.Contact(name, label, said, on, audience, tuple(clauses), span=span)


def _send(span: Span, template: ast.Text, params: list[ast.Assign] | None = None) -> ast.Send:
    return ast.Send(template.value, tuple(params or ()), span=span)


def _via(span: Span, channels: list[ast.Channel]) -> ast.Via:
    return ast.Via(tuple(channels), span=span)


def _quota(
    span: Span, count: ast.Expr, window: ast.Window, scopes: list[Scope], by: ast.Order
) -> ast.Quota:
    said = once(scopes)
    return ast.Quota(count, window, said.get("on"), said.get("same"), by, span=span)


def _quota_in(
    span: Span, window: ast.Window, count: ast.Expr, scopes: list[Scope], by: ast.Order
) -> ast.Quota:
    return _quota(span, count, window, scopes, by)


def _during(span: Span, windows: list[ast.Hours]) -> ast.During:
    return ast.During(tuple(windows), span=span)


def _days(span: Span, first: Leaf, last: Leaf | None = None) -> ast.Days:
    end = cast(Any, last.value) if last else None
    return ast.Days(cast(Any, first.value), end, span=span)


def _open(span: Span, windows: list[ast.Hours], parts: list[Scope]) -> ast.Open:
    said = once(parts)
    days, exceptions, channels = (tuple(said.get(part, ())) for part in ("on", "except", "for"))
    zone = said.get("in zone")
    return ast.Open(tuple(windows), days, exceptions, channels, zone, span=span)


def _open_whole_days(span: Span, parts: list[Scope]) -> ast.Open:
    return _open(span, [], parts)


def _require(span: Span, condition: ast.Expr, channels: Scope | None = None) -> ast.Require:
    return ast.Require(condition, tuple(channels.value) if channels else (), span=span)


def _choose(span: Span, count: Leaf, by: list[ast.Order]) -> ast.Choose:
    return ast.Choose(count.value, tuple(by), span=span)


def _top_count(span: Span, count: Leaf) -> ast.TopCount:
    return ast.TopCount(count.value, span=span)


def _monotone(effect: Any) -> Builder:
    return lambda span, raised, watched: ast.Monotone(raised, effect, watched, span=span)


def _depends(only: bool) -> Builder:
    return lambda span, what, on: ast.Depends(what, only, tuple(on), span=span)


def _test(span: Span, title: ast.Text, at: Any, clauses: list[Any]) -> ast.Test:
    return ast.Test(title.value, at, tuple(clauses), span=span)


def _given_fields(span: Span, what: ast.Name, assigns: list[ast.Assign]) -> ast.GivenFields:
    name = ast.Ident(given_word(what.text), span=what.span)
    return ast.GivenFields(name, tuple(map(_given_value, assigns)), span=span)


def _given_grid(
    span: Span, what: ast.Name, columns: list[ast.Name], rows: list[Any]
) -> ast.GivenGrid:
    return ast.GivenGrid(what, tuple(columns), tuple(rows), span=span)


def _given_like(
    span: Span, what: ast.Name, source: ast.Text, assigns: list[ast.Assign] | None = None
) -> ast.GivenLike:
    name = ast.Ident(given_word(what.text), span=what.span)
    return ast.GivenLike(name, source, tuple(map(_given_value, assigns or ())), span=span)


def _given_value(assign: ast.Assign) -> ast.Assign:
    return replace(assign, value=_maybe_unknown(assign.value))


def _maybe_unknown(value: ast.Expr) -> ast.Expr:
    """A missing value is called `unknown` in every language."""
    if isinstance(value, ast.Name) and given_word(value.text) == MISSING:
        return replace(value, parts=(MISSING,))
    return value


def _grid_word(span: Span, word: Leaf) -> ast.Name:
    return ast.Name((word.value,), span=span)


def _grid_row(_span: Span, cells: list[ast.Expr]) -> tuple[ast.Expr, ...]:
    return tuple(map(_maybe_unknown, cells))


CONTACTS: Mapping[str, Builder] = {
    "contact": _contact,
    "via": _via,
    "channel": node(ast.Channel),
    "send": _send,
    "assign": node(ast.Assign),
    "during": _during,
    "hours": node(ast.Hours),
    "discard": node(ast.Discard),
    "contact_policy": named(ast.ContactPolicy),
    "quota": _quota,
    "quota_in": _quota_in,
    "same": scope("same"),
    "quiet": node(ast.Quiet),
    "open": _open,
    "open_whole_days": _open_whole_days,
    "on_days": scope("on"),
    "days": _days,
    "except_days": scope("except"),
    "in_zone": scope("in zone"),
    "for_channels": scope("for"),
    "require": _require,
    "never_when": node(ast.NeverWhen),
    "choose": _choose,
    "recommend": named(ast.Recommend),
    "where": node(ast.Where),
    "by_measure": node(ast.ByMeasure),
    "top_count": _top_count,
    "indicator": node(ast.Indicator),
    "ensure": node(ast.Ensure),
    "claim": node(ast.Always, False),
    "always": node(ast.Always, True),
    "never": node(ast.Never),
    "never_lowers": _monotone("lowers"),
    "never_raises": _monotone("raises"),
    "depends_only_on": _depends(only=True),
    "never_depends_on": _depends(only=False),
    "test": _test,
    "given_fields": _given_fields,
    "given_grid": _given_grid,
    "given_like": _given_like,
    "grid_heading": first,
    "grid_row": _grid_row,
    "grid_word": _grid_word,
    "expect": node(ast.Expect),
    "expect_no": node(ast.ExpectNo),
    "expect_decision": node(ast.ExpectDecision),
}
