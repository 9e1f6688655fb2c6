"""What builders share: leaves, refusals, and the builders that many rules have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from siyu.diagnostics import Diagnostic
from siyu.syntax import ast
from siyu.syntax.errors import Repeated
from siyu.syntax.keywords import keywords
from siyu.text import Span


class Leaf(NamedTuple):
    """A terminal that carries something: a keyword's value, or the text of a literal."""

    terminal: str
    value: str
    span: Span


class Refused(Exception):
    """Well-formed text that no tree can hold; the parser turns it into its diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.code)
        self.diagnostic = diagnostic


class Scope(NamedTuple):
    """One `on wecom`, `same advisor` or `for recover` behind a limit or a quota."""

    kind: str
    value: Any
    span: Span


Builder = Callable[..., Any]


def once(clauses: list[Scope]) -> dict[str, Any]:
    seen: dict[str, Scope] = {}
    for clause in clauses:
        if clause.kind in seen:
            raise Refused(Repeated(clause.span, clause.kind, seen[clause.kind].span))
        seen[clause.kind] = clause
    return {kind: clause.value for kind, clause in seen.items()}


def first(_span: Span, value: Any) -> Any:
    return value


def node(node: type[ast.Node], *fixed: Any) -> Builder:
    """A node of the children as they come, with `fixed` behind them."""

    make = cast(Builder, node)

    def build(span: Span, *children: Any) -> ast.Node:
        built: ast.Node = make(*children, *fixed, span=span)
        return built

    return build


def named(node: type[ast.Node]) -> Builder:
    """Name, label, single values, and a list of clauses last."""

    make = cast(Builder, node)

    def build(span: Span, *children: Any) -> ast.Node:
        built: ast.Node = make(*children[:-1], tuple(children[-1]), span=span)
        return built

    return build


def constant(value: Any) -> Builder:
    return lambda _span: value


def scope(kind: str) -> Builder:
    return lambda span, name: Scope(kind, name, span)


def currency_code(money: Leaf) -> str:
    """The currency that a word or a sign stands for."""
    if money.terminal == "MONEY":
        return money.value
    return next(
        keyword.value
        for _, keyword in keywords().by_word[money.value]
        if keyword.terminal == "MONEY"
    )
