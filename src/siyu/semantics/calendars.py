"""Lists of days by name: `today is cn.holiday`, `next(cn.mid_autumn)`.

A list is a constant: the days of the file are part of the policy, and of its digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard

from siyu.core.ir import Const, Expr
from siyu.schema.calendars import Days
from siyu.semantics import make
from siyu.semantics.build import Scope, error_value
from siyu.semantics.candidates import near
from siyu.semantics.errors import NoSuchField, WrongArguments
from siyu.semantics.make import call, is_error
from siyu.semantics.moving import local_date
from siyu.semantics.names import find_declared, outcome_of
from siyu.semantics.parts import explained
from siyu.semantics.phrases import phrase
from siyu.semantics.times import today
from siyu.semantics.type_errors import WrongType
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import BOOL, DATE, DateTimeType, DateType
from siyu.words import say, say_n

FUNCTIONS = {"next": "next_day", "last": "last_day"}


def names_days(node: ast.Expr, scope: Scope) -> TypeGuard[ast.Name]:
    """Whether a name leads into a calendar: its own name alone may be a word of an enum, too."""
    found = find_declared(node.parts, scope) if isinstance(node, ast.Name) else None
    return found is not None and isinstance(found[0].node, ast.Calendar) and found[1] != ()


def listed(node: ast.Name, scope: Scope) -> Const | None:
    """The list of days that a name means, as functions take it: its full name, the first and the
    last day covered, and its days; None after a report, or where the file could not be read."""
    found = find_declared(node.parts, scope)
    assert found is not None
    declared, rest = found
    outcome = outcome_of(declared, node.span, scope)
    if outcome is None or outcome.days is None or outcome.days.calendar is None:
        return None
    calendar, called = outcome.days.calendar, ".".join(node.parts[: len(node.parts) - len(rest)])
    days = calendar.lists.get(".".join(rest))
    if days is None:
        _report(node, called, rest, calendar.lists, scope)
        return None
    held = (f"{declared.name}.{days.name}", days.first, days.last, days.days)
    return Const(held, DATE, span=node.span)


def _report(
    node: ast.Name, called: str, rest: tuple[str, ...], lists: Mapping[str, Days], scope: Scope
) -> None:
    word = ".".join(rest)
    texts = ((text, each) for each in lists.values()
             for text in (each.name, each.labels.zh, each.labels.en))  # fmt: skip
    close = near(word, ((text, each.name) for text, each in texts if text))
    scope.build.report(NoSuchField(node.span, word, called, close, parts=explained(lists)))


def is_day(value: Expr, node: ast.Name, scope: Scope, span: Span) -> Expr:
    """`D is cn.holiday`: unknown where the date is, and where the calendar does not cover it."""
    days = listed(node, scope)
    if days is None or is_error(value):
        return error_value(span)
    if not isinstance(value.type, (DateType, DateTimeType)):
        advice = say("ask it of a date, as in `today is {days}`", days=node.text)
        scope.build.report(WrongType(value.span, phrase(value.type), say("a date"), advice))
        return error_value(span)
    return call("on_day", BOOL, local_date(value, scope), days, span=span)


def nearest_day(node: ast.Call, scope: Scope) -> Expr:
    """`next(cn.x)` and `last(cn.x)`: the nearest day of a list from today on, or until today."""
    name = node.function.text
    (arg,) = node.args if len(node.args) == 1 else (None,)
    if not isinstance(arg, ast.Name) or not names_days(arg, scope):
        given = say_n("1 value", "{count} values", len(node.args))
        if not node.args:
            given = say("no value at all")
        problem = say("one list of days is needed")
        shape = f"{name}(cn.holiday)"
        scope.build.report(WrongArguments(node.span, name, given, problem, shape))
        return error_value(node.span)
    days = listed(arg, scope)
    if days is None:
        return error_value(node.span)
    return make.call(FUNCTIONS[name], DATE, today(scope), days, span=node.span)
