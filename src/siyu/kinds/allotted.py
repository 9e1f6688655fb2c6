"""Budgets and quotas: what binds only through the allocation that a run has made, and who wants a
part of it in such a run."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from siyu.core.ir import Arm, Call, Cases, Coalesce, Expr, Input
from siyu.core.program import Allotment as Rule
from siyu.core.program import Cut, Want
from siyu.kinds.errors import NotHere
from siyu.kinds.everyone import DiffersByMember, called, differing, place
from siyu.kinds.rule import CUSTOMER_KEY
from siyu.schema import Collection
from siyu.semantics import check, make, ranges
from siyu.semantics.build import Scope
from siyu.semantics.compare import rank as place_of
from siyu.semantics.phrases import phrase
from siyu.semantics.type_errors import WrongType
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import BOOL, ERROR, TEXT, EnumType, IntType, TextType, Type
from siyu.words import say

APPLIED = EnumType("allotment", ("applied", "not applied"))
NOBODY = make.const("", TEXT)


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer stands among those who want a part: the highest `rank` first, unknown last,
    then the lowest `tie`; and out of whose share it would come."""

    rank: Expr
    tie: Expr
    sender: Expr
    written: Type  # of what stands behind `by`


def place_in(rule: str, by: ast.Order, same: ast.Ident | None, scope: Scope) -> Place:
    """A rule's customers in the order of `by`; `same` names the field that says whose share."""
    value, written = order_value(by, scope)
    if by.direction == "ascending":
        value = make.call("neg", value.type, value)
    md5 = Call("tie", (make.const(rule, TEXT), CUSTOMER_KEY), TEXT)
    tie = Call("join", (make.const(f"{rule} ", TEXT), md5), TEXT)
    return Place(value, tie, NOBODY if same is None else sender_of(same, scope), written)


def sender_of(same: ast.Ident, scope: Scope) -> Expr:
    """What is unknown shares one part."""
    named = check.value(ast.Name((same.text,), span=same.span), scope)
    if isinstance(named.type, IntType):
        named = make.call("to_text", TEXT, named)
    if not isinstance(named.type, (TextType, EnumType)) and not make.is_error(named):
        advice = say("name a field that says who sends")
        wanted = say("a text or a whole number")
        scope.build.report(WrongType(same.span, phrase(named.type), wanted, advice))
        return make.error_value(same.span)
    return make.otherwise(named, make.const("", named.type))


def allotment(
    code: str, rule: str, window: ast.Window, by: ast.Order, sender: ast.Ident | None, scope: Scope
) -> Allotment:
    """The allotment called `code`: read as Input("allocation", code) (the cuts, see
    `siyu.functions.allocation`) and `code.period` (the period that they were made for).

    `code` and `rule` go by the oldest names, so that an allocation outlives a rename."""
    if window.unit == "posting":
        scope.build.report(NotHere(window.span, "per posting", say("a budget or a quota")))
    cuts = scope.build.allocation(code, TEXT)
    where = place_in(rule, by, sender, scope)
    scope.build.ranked[code] = Cut(code, where.written, by.span, by.direction == "ascending")
    known = make.known(where.rank)
    rank: Expr = Coalesce(where.rank, make.const(0, where.rank.type), where.rank.type)
    inside = Call("admitted", (cuts, where.sender, known, rank, where.tie), BOOL)
    applied = make.all_of(make.known(cuts), *_period(code, window, scope))
    refused = make.all_of(applied, make.not_(make.otherwise(inside, make.true)))
    return Allotment(applied, refused)


def order_value(by: ast.Order, scope: Scope) -> tuple[Expr, Type]:
    """The value of a sort key that is an expression, as a number (of a level, its place), and the
    type it is written in."""
    if isinstance(by.key, str):
        about = say("a member, and members are ranked here")
        scope.build.report(NotHere(by.span, f"by {by.key}", about))
        return make.error_value(by.span), ERROR
    value = check.value(by.key, scope)
    if isinstance(value.type, EnumType) and value.type.ordered:
        return place_of(value), value.type
    if make.is_error(value) or ranges.has_order(value.type):
        return value, value.type
    advice = say("rank members by an amount, a number, a length of time or a date")
    wanted = say("something with an order")
    scope.build.report(WrongType(by.span, phrase(value.type), wanted, advice))
    return make.error_value(by.span), ERROR


def _period(code: str, window: ast.Window, scope: Scope) -> tuple[Expr, ...]:
    """An allocation of another period says nothing about this one."""
    if window.unit in ("run", "ever", "posting") or window.count is not None:
        return ()
    made_for = Input("allocation", f"{code}.period", TEXT)
    scope.build.allocation(made_for.name, TEXT)
    now = make.call("period_key", TEXT, check.today(scope), make.const(window.unit, TEXT))
    return (make.otherwise(Call("eq", (made_for, now), BOOL), make.false),)


# ---------------------------------------------------------------- in a run over everyone


@dataclass(frozen=True, slots=True)
class Used:
    """What a customer's log holds of the period: how much, and out of whose share."""

    amount: Expr
    sender: Expr


def keep_allotment(
    code: str,
    kind: Literal["budget", "quota"],
    limit: Expr,
    window: ast.Window,
    used: Used | None,
    scope: Scope,
    span: Span,
) -> None:
    """Keeps a budget or quota for runs; how much it holds must be the same for everyone."""
    build = scope.build
    if make.is_error(limit, *(() if used is None else (used.amount, used.sender))):
        return
    culprit = differing(limit, build, context=True)
    if culprit is not None:
        hint = say("write a number, an amount, or a param")
        build.report(DiffersByMember(place(culprit, span), called(culprit), hint))
        return
    named = build.aside.name
    build.aside.allotments[code] = Rule(
        code,
        kind,
        named(f"{code}.limit", limit),
        window.unit,
        None if window.count is None else int(Decimal(window.count)),
        (),
        None if used is None else named(f"{code}.used", used.amount),
        None if used is None else named(f"{code}.used_sender", used.sender),
        span=span,
    )


def keep_want(
    code: str, rule: str, wants: Expr, amount: Expr | None, where: Place, scope: Scope
) -> None:
    """Keeps who wants a part: of whom nothing but this allotment, or a later one, is in the way."""
    taken = () if amount is None else (amount,)
    if make.is_error(wants, where.rank, where.sender, *taken):
        return
    aside = scope.build.aside
    want = Want(
        rule,
        aside.name(f"{code}.{rule}.wants", wants),
        None if amount is None else aside.name(f"{code}.{rule}.amount", amount),
        aside.name(f"{code}.{rule}.rank", where.rank),
        aside.name(f"{code}.{rule}.tie", where.tie),
        aside.name(f"{code}.{rule}.sender", where.sender),
    )
    aside.wants.setdefault(code, []).append(want)


def log_called(role: str, columns: tuple[str, ...], scope: Scope) -> Collection | None:
    """The log of a role, if the schema has it with these columns; nothing is reported."""
    found = (c for c in scope.build.schema.collections.values() if c.role == role)
    log = next(found, None)
    fine = log is not None and all(column in log.fields for column in columns)
    return log if fine else None
