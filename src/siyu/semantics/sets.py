"""Sets as they are written: `("vip", "founder")`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Const, Expr
from siyu.diagnostics import Diagnostic
from siyu.semantics.build import Scope, error_value
from siyu.semantics.errors import HEAD
from siyu.semantics.make import const, is_error
from siyu.semantics.phrases import phrase
from siyu.semantics.type_errors import WrongType
from siyu.syntax import ast
from siyu.types import ERROR, SetType, Type
from siyu.words import say

Value = Callable[[ast.Expr, Scope, Type | None], Expr]


@dataclass(frozen=True, slots=True)
class OneValueWanted(Diagnostic):
    code: ClassVar[str] = "E0418"
    message: ClassVar[str] = "this is a set, and one value is wanted here"
    label: ClassVar[str] = "a set stands here"
    help: ClassVar[str] = (
        "ask with `in (…)` whether a value is one of several, and with `has` for each item of a set"
    )
    page: ClassVar[str] = (
        'Several values in parentheses are a set: `tags = ("vip", "founder")` in what a test '
        'gives, `tags otherwise ("new", "vip")` where tags may be missing. Anywhere else one value '
        "is wanted: `channel in (wecom, sms)` asks whether a value is one of several, "
        '`tags has "vip" or tags has "founder"` whether a set holds one of them.'
    )
    wrong: ClassVar[str] = HEAD + 'segment a\n  when tags has ("vip", "founder")\n'
    right: ClassVar[str] = HEAD + 'segment a\n  when tags has "vip" or tags has "founder"\n'


def literal(expr: ast.Set, scope: Scope, expected: Type | None, value: Value) -> Expr:
    """A constant where a set is expected; elsewhere a report."""
    if expected == ERROR:
        return error_value(expr.span)
    if not isinstance(expected, SetType):
        scope.build.report(OneValueWanted(expr.span))
        return error_value(expr.span)
    items = [_item(item, scope, expected, value) for item in expr.items]
    if is_error(*items):
        return error_value(expr.span)
    found = (item.value for item in items if isinstance(item, Const))
    return const(frozenset(item for item in found if isinstance(item, str)), expected, expr.span)


def _item(written: ast.Expr, scope: Scope, kind: SetType, value: Value) -> Expr:
    """A constant of the set's items."""
    found = value(written, scope, kind.item)
    if is_error(found) or (isinstance(found, Const) and found.type == kind.item):
        return found
    advice = say("write the items themselves, with commas between them")
    wanted = phrase(kind.item)
    scope.build.report(WrongType(written.span, phrase(found.type), wanted, advice))
    return error_value(written.span)
