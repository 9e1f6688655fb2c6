"""Budgets and quotas: what binds only through the allocation that a run has made."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.core.ir import Arm, Call, Cases, Coalesce, Expr, Input
from siyu.core.program import Cut
from siyu.kinds.errors import NotHere
from siyu.kinds.rule import CUSTOMER_KEY
from siyu.semantics import check, make
from siyu.semantics.build import Scope
from siyu.syntax import ast
from siyu.types import BOOL, TEXT, EnumType
from siyu.words import say

APPLIED = EnumType("allotment", ("applied", "not applied"))


@dataclass(frozen=True, slots=True)
class Allotment:
    """Whether there is an allocation for the period (`applied`), and whether the customer is
    refused by it (`refused`, never unknown)."""

    applied: Expr
    refused: Expr
    concerns: Expr = make.true

    @property
    def says(self) -> Expr:
        """What the decision says of it."""
        yes, no = make.const("applied", APPLIED), make.const("not applied", APPLIED)
        return Cases((Arm(self.applied, yes),), no, "skip", APPLIED)


def allotment(
    code: str, rule: str, window: ast.Window, by: ast.Order, sender: ast.Ident | None, scope: Scope
) -> Allotment:
    """The allotment called `code`: read as Input("allocation", code) (the cuts, see
    `siyu.functions.allocation`) and `code.period` (the period that they were made for).

    `code` and `rule` go by the oldest names, so that an allocation outlives a rename."""
    if window.unit == "posting":
        scope.build.report(NotHere(window.span, "per posting", say("a budget or a quota")))
    cuts = scope.build.allocation(code, TEXT)
    value = order_value(by, scope)
    ascending = by.direction == "ascending"
    scope.build.ranked[code] = Cut(code, value.type, by.span, ascending)
    known = make.known(value)
    rank: Expr = Coalesce(value, make.const(0, value.type), value.type)
    if ascending:
        rank = Call("neg", (rank,), value.type)
    who: Expr = make.const("", TEXT)
    if sender is not None:
        named = check.value(ast.Name((sender.text,), span=sender.span), scope)
        who = Coalesce(named, make.const("", TEXT), TEXT)
    md5 = Call("tie", (make.const(rule, TEXT), CUSTOMER_KEY), TEXT)
    tie = Call("join", (make.const(f"{rule} ", TEXT), md5), TEXT)
    inside = Call("admitted", (cuts, who, known, rank, tie), BOOL)
    applied = make.all_of(make.known(cuts), *_period(code, window, scope))
    refused = make.all_of(applied, make.not_(make.otherwise(inside, make.true)))
    return Allotment(applied, refused)


def order_value(by: ast.Order, scope: Scope) -> Expr:
    """The value of a sort key that is an expression."""
    if isinstance(by.key, str):
        about = say("a member, and members are ranked here")
        scope.build.report(NotHere(by.span, f"by {by.key}", about))
        return make.error_value(by.span)
    return check.value(by.key, scope)


def _period(code: str, window: ast.Window, scope: Scope) -> tuple[Expr, ...]:
    """An allocation of another period says nothing about this one."""
    if window.unit in ("run", "ever", "posting") or window.count is not None:
        return ()
    made_for = Input("allocation", f"{code}.period", TEXT)
    scope.build.allocation(made_for.name, TEXT)
    now = make.call("period_key", TEXT, check.today(scope), make.const(window.unit, TEXT))
    return (make.otherwise(Call("eq", (made_for, now), BOOL), make.false),)
