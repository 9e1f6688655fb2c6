"""Accounts, points, and the windows in which things are counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from siyu.syntax import ast
from siyu.syntax.building.leaf import Builder, Leaf, Refused, currency_code, first, named, node
from siyu.syntax.errors import UnexpectedText
from siyu.text import Span
from siyu.words import say


def _account(span: Span, name: ast.Ident, label: str | None, currency: Leaf | None) -> ast.Account:
    return ast.Account(
        name, label, None if currency is None else currency_code(currency), span=span
    )


def _multipliers(span: Span, how: Leaf) -> ast.Multipliers:
    said = "sum" if how.value == "sum_of_all" else how.value
    return ast.Multipliers(cast(Any, said), span=span)


def _earn_per(full: bool) -> Builder:
    return lambda span, value, per, of: ast.Earn(value, per, of, full, span=span)


def _per_earn(full: bool) -> Builder:
    """`每 1 元 得 1 分` names no figure: the event's amount is meant."""

    def build(span: Span, per: ast.Expr, value: ast.Expr) -> ast.Earn:
        return ast.Earn(value, per, ast.Name(("event", "amount"), span=per.span), full, span=span)

    return build


def _by_per_earn(full: bool) -> Builder:
    return lambda span, of, per, value: ast.Earn(value, per, of, full, span=span)


def _at_most_of(span: Span, value: ast.Expr, of: ast.Expr) -> ast.AtMost:
    return ast.AtMost(value, None, of, span=span)


def _at_most_the(span: Span, of: ast.Expr, value: ast.Expr) -> ast.AtMost:
    return ast.AtMost(value, None, of, span=span)


def _in_at_most(span: Span, unit: Leaf, value: ast.Expr) -> ast.AtMost:
    return ast.AtMost(value, ast.Window(cast(Any, unit.value), span=unit.span), span=span)


def _expire_at_end(span: Span, period: Leaf) -> ast.ExpireAtEnd:
    which: Any = "this" if period.terminal == "THIS_UNIT" else "next"
    return ast.ExpireAtEnd(which, cast(ast.TimeUnit, period.value), span=span)


def _redeem_of(span: Span, of: ast.Expr, points: ast.Expr, worth: ast.Expr) -> ast.Redeem:
    return ast.Redeem(points, worth, of, span=span)


def _window(span: Span, unit: Leaf) -> ast.Window:
    return ast.Window(_time_unit(unit), span=span)


def _rolling_window(span: Span, count: Leaf, unit: Leaf) -> ast.Window:
    return ast.Window(_time_unit(unit), count.value, span=span)


def _time_unit(unit: Leaf) -> Any:
    """Distances have units too, but nobody counts per kilometre."""
    if unit.value in {"m", "km"}:
        raise Refused(UnexpectedText(unit.span, unit.value, say("a unit of time such as `days`")))
    return unit.value


POINTS: Mapping[str, Builder] = {
    "account": _account,
    "in_currency": first,
    "points": named(ast.Points),
    "into": node(ast.Into),
    "of_owner": first,
    "multipliers": _multipliers,
    "times": node(ast.Times),
    "earn": node(ast.Earn),
    "earn_per": _earn_per(False),
    "earn_per_full": _earn_per(True),
    "per_earn": _per_earn(False),
    "per_full_earn": _per_earn(True),
    "by_per_earn": _by_per_earn(False),
    "by_per_full_earn": _by_per_earn(True),
    "at_most": node(ast.AtMost),
    "at_most_in": node(ast.AtMost),
    "at_most_of": _at_most_of,
    "at_most_the": _at_most_the,
    "in_at_most": _in_at_most,
    "at_least": node(ast.AtLeast),
    "round_down": node(ast.RoundTo, "down"),
    "round_up": node(ast.RoundTo, "up"),
    "round_half_up": node(ast.RoundTo, "half_up"),
    "usable": node(ast.Usable),
    "expire_after": node(ast.ExpireAfter),
    "expire_at_end": _expire_at_end,
    "redeem": node(ast.Redeem),
    "redeem_of": _redeem_of,
    "reverse": node(ast.Reverse),
    "window": _window,
    "rolling_window": _rolling_window,
    "per_posting": node(ast.Window, "posting"),
    "per_run": node(ast.Window, "run"),
    "ever": node(ast.Window, "ever"),
}
