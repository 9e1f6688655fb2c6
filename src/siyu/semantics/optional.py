"""What may be unknown, and what guards make known.

A guard is a condition that cannot be true while a value is unknown: `x is known` in a conjunction;
or cannot be false then: `x is unknown` in a disjunction. What the calendar cannot hold (a date
beyond the year 9999) does not count as unknown here: no author can do anything about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import assert_never

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)  # fmt: skip
from siyu.core.walk import walk
from siyu.semantics.build import RowScope, Scope
from siyu.semantics.make import is_error
from siyu.semantics.phrases import called
from siyu.semantics.ranges import may_be_zero
from siyu.semantics.unknown_errors import OptionalForbids, OptionalNegated
from siyu.text import Span

Facts = frozenset[Expr]
Guards = Callable[[Expr], Facts]  # true_guards, false_guards
NOTHING: Facts = frozenset()
DIVISIONS = ("div", "quotient")
# Partial for other reasons than the ends of the calendar.
PARTIAL = ("anniversary", "next_allowed", "next_open", "on_day", "next_day", "last_day")


def may_be_unknown(expr: Expr, scope: Scope) -> bool:
    """Whether some valid record leaves the value unknown, given what is known in the scope."""
    return culprit(expr, scope) is not None


def culprit(expr: Expr, scope: Scope) -> Expr | None:
    """The first value inside that may be unknown and makes the whole so; None: nothing does."""
    if scope.known and expr in scope.known:
        return None
    match expr:
        case Const():
            return expr if expr.value is None and not is_error(expr) else None
        case Input() | Column():
            return expr if expr.optional else None
        case Ref():
            return expr if scope.build.unknowable.get(expr.name, True) else None
        case Known() | Contest():
            return None
        case Not():
            return culprit(expr.value, scope)
        case Call():
            return _first(expr.args, scope) or (expr if _is_partial(expr) else None)
        case And():
            return _first_unguarded(expr.items, scope, true_guards)
        case Or():
            return _first_unguarded(expr.items, scope, false_guards)
        case Coalesce():
            return culprit(expr.value, scope) and culprit(expr.default, scope)
        case Cases():
            return _of_cases(expr, scope)
        case Aggregate():
            return expr if _may_be_missing(expr, scope) else None
        case _:
            assert_never(expr)


def _first(exprs: Iterable[Expr], scope: Scope) -> Expr | None:
    return next((found for expr in exprs if (found := culprit(expr, scope)) is not None), None)


def _is_partial(expr: Call) -> bool:
    if expr.function in DIVISIONS:
        divisor = expr.args[1]
        constant = isinstance(divisor, Const) and divisor.value not in (None, 0)
        return not constant and may_be_zero(divisor.type)
    return expr.function in PARTIAL


def _first_unguarded(items: tuple[Expr, ...], scope: Scope, guards: Guards) -> Expr | None:
    """In a conjunction an item may rely on what all of them demand: without it one is false, and
    so is the whole. In a disjunction likewise on what they let pass."""
    return _first(items, scope.knowing(NOTHING.union(*map(guards, items))))


def _of_cases(expr: Cases, scope: Scope) -> Expr | None:
    for arm in expr.arms:
        found = culprit(arm.value, scope.knowing(true_guards(arm.when)))
        if found is None and expr.on_unknown == "stop":
            found = culprit(arm.when, scope)
        if found is not None:
            return found
    return culprit(expr.otherwise, scope)


def _may_be_missing(expr: Aggregate, scope: Scope) -> bool:
    if expr.op in ("min", "max", "latest", "earliest"):
        return True
    path = expr.rows.table
    if expr.rows.nested and expr.rows.level < len(scope.rows):
        path = f"{scope.rows[expr.rows.level].path}.{path}"
    parts = path.split(".")
    around = (scope.build.schema.collection(".".join(parts[:n])) for n in range(1, len(parts) + 1))
    return any(each is not None and each.optional for each in around)


# ------------------------------------------------------------------------------ guards


def true_guards(expr: Expr) -> Facts:
    """What must be known wherever the condition is true."""
    match expr:
        case Known():
            return _with_parts(expr.value)
        case And():
            return NOTHING.union(*(true_guards(item) for item in expr.items))
        case Or():
            return _in_all([true_guards(item) for item in expr.items])
        case Not():
            return false_guards(expr.value)
        case _:
            return NOTHING


def false_guards(expr: Expr) -> Facts:
    """What must be known wherever the condition is false."""
    match expr:
        case Or():
            return NOTHING.union(*(false_guards(item) for item in expr.items))
        case And():
            return _in_all([false_guards(item) for item in expr.items])
        case Not():
            return true_guards(expr.value)
        case _:
            return NOTHING


def _with_parts(expr: Expr) -> Facts:
    """A known result of a function has known arguments: functions are strict."""
    if not isinstance(expr, Call):
        return frozenset({expr})
    return frozenset({expr}).union(*(_with_parts(arg) for arg in expr.args))


def _in_all(found: list[Facts]) -> Facts:
    return found[0].intersection(*found[1:]) if found else NOTHING


def enter(scope: Scope, row: RowScope) -> Scope:
    """The scope of a row: columns of outer rows are one step further out."""
    if not scope.known:
        return scope.at_row(row)
    kept = frozenset(moved for expr in scope.known if (moved := _one_out(expr)) is not None)
    return replace(scope, known=kept).at_row(row)


def _one_out(expr: Expr) -> Expr | None:
    if isinstance(expr, Column):
        return replace(expr, level=expr.level + 1)
    inner = any(isinstance(node, (Column, Aggregate)) for node in walk(expr))
    return None if inner else expr


# ------------------------------------------------------------------------------ the rule


def negatable(expr: Expr, scope: Scope, at: Span) -> bool:
    """Reports a value in a negated place that may be unknown; False after a report."""
    found = None if scope.claim else culprit(expr, scope)
    if found is not None:
        scope.build.report(OptionalNegated(_place(found, at), called(found)))
    return found is None


def forbidding(expr: Expr, scope: Scope, at: Span) -> bool:
    """The same for what `unless` and `never when` forbid by."""
    found = culprit(expr, scope)
    if found is not None:
        scope.build.report(OptionalForbids(_place(found, at), called(found)))
    return found is None


def _place(found: Expr, at: Span) -> Span:
    """The value's own place where it lies inside the condition."""
    inside = found.span.file == at.file and at.start <= found.span.start < found.span.end <= at.end
    return found.span if inside else at
