"""The parts of a posting that earning, redeeming and taking back have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Call, Expr
from siyu.diagnostics import Diagnostic, nearest
from siyu.kinds.kind import (
    Stopper,
    all_names,
    clauses,
    effective_within,
    keep_because,
    only,
    unless_stops,
)
from siyu.kinds.roles import log_of_role
from siyu.kinds.rule import CUSTOMER_KEY, EVENT_KEY, column_in, in_log
from siyu.schema import Collection
from siyu.semantics import check, make
from siyu.semantics.build import Scope
from siyu.semantics.names import AMOUNT
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import BOOL, DATE, INT, TEXT, MoneyType, TextType, Type, minor_digits
from siyu.words import Words, say

LOG = ("rule", "event")


@dataclass(frozen=True, slots=True)
class NoSuchAccount(Diagnostic):
    code: ClassVar[str] = "E0652"
    message: ClassVar[str] = "there is no account `{name}`"
    label: ClassVar[str] = "points have nowhere to go"
    help: ClassVar[str] = "declare it with `account {name}`"
    page: ClassVar[str] = (
        "`into` names an account that the policy declares. Without `into` a posting goes to the "
        "account `points`, which is always there."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points buy on order_paid\n  into growth\n  earn 1 per 1 yuan of event.amount\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\naccount growth\n\n'
        "points buy on order_paid\n  into growth\n  earn 1 per 1 yuan of event.amount\n"
    )

    name: str
    near: tuple[str, ...]

    def what_to_do(self) -> Words:
        if not self.near:
            return Diagnostic.what_to_do(self)
        return say("declare it with `account {name}`, or say `into {near}`", name=self.name,
                   near=self.near[0])  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotAKey(Diagnostic):
    code: ClassVar[str] = "E0653"
    message: ClassVar[str] = "`{name}` is not the key of a customer"
    label: ClassVar[str] = "`of` names a text field that holds another customer's key"
    help: ClassVar[str] = "name a text field of the customer, such as `referrer`"
    page: ClassVar[str] = (
        "`into commission of referrer` posts to the customer whose key stands in that field."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\naccount growth\n\n'
        "points buy on order_paid\n  into growth of total_spend\n"
        "  earn 1 per 1 yuan of event.amount\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\naccount growth\n\n'
        "points buy on order_paid\n  into growth of referrer\n"
        "  earn 1 per 1 yuan of event.amount\n"
    )

    name: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where a posting goes: an account, of a currency (None: points), of the customer `to`."""

    account: str
    currency: str | None
    to: Expr

    @property
    def type(self) -> Type:
        if self.currency is None:
            return INT
        return MoneyType(self.currency, minor_digits(self.currency))


@dataclass(frozen=True, slots=True)
class Posting:
    """What one rule would post: `amount` (points, or money of a money account) where `meant` is
    true and no stop holds."""

    amount: Expr
    meant: Expr
    stops: tuple[Stopper, ...]
    reasons: tuple[tuple[str, Expr], ...]
    event_amount: Expr | None = None
    worth: Expr | None = None
    usable: Expr | None = None
    expires: Expr | None = None
    occasion: Expr | None = None


def receiver_of(node: ast.Points, scope: Scope) -> Receiver:
    """The account behind `into`, or `points` of the customer."""
    into = only(node, ast.Into, scope.build, "into")
    if into is None:
        return Receiver("points", None, CUSTOMER_KEY)
    to: Expr = CUSTOMER_KEY
    if into.of is not None:
        to = check.value(into.of, scope)
        if not isinstance(to.type, TextType) and not make.is_error(to):
            scope.build.report(NotAKey(into.of.span, into.of.text))
    found = scope.build.find(into.account.text, scope.prefix)
    if found is None or not isinstance(found.node, ast.Account):
        if into.account.text != "points":
            _no_account(into.account, scope)
        return Receiver(into.account.text, None, to)
    return Receiver(found.name, found.node.currency, to)


def _no_account(name: ast.Ident, scope: Scope) -> None:
    accounts = [d.name for d in scope.build.declared.values() if isinstance(d.node, ast.Account)]
    near = nearest(name.text, accounts)
    scope.build.report(NoSuchAccount(name.span, name.text, near))


def conditions(node: ast.Points, scope: Scope) -> tuple[Expr, Scope, tuple[Stopper, ...]]:
    """What a rule's `when` and `effective` demand, the scope behind them, and its `unless`."""
    name = scope.owner
    demands: list[Expr] = []
    inner = scope
    for n, when in enumerate(clauses(node, ast.When), 1):
        holds, guards = check.condition_and_guards(when.condition, inner, f"{name}.when.{n}")
        demands.append(holds)
        inner = inner.knowing(guards)
    demands += effective_within(node.clauses, inner, name)
    stops = unless_stops(node.clauses, inner, name)
    keep_because(node.clauses, inner, name)
    return make.all_of(*demands), inner, stops


def posted_before(node: ast.Points, clause: ast.Node, word: str, scope: Scope) -> Stopper | None:
    """Stops a rule from posting twice for one event, by the points log."""
    log = points_log(scope, LOG, clause.span, word)
    if log is None:
        return None
    names = all_names(node, scope.owner)
    seen = in_log("exists", log, None, lambda row: same_posting(names, row), scope, clause.span,
                  every_row=True)  # fmt: skip
    return Stopper("posted", f"{scope.owner}.{word}.1", seen)


def same_posting(names: frozenset[str], row: Scope) -> tuple[Expr, ...]:
    """A log row of these rules for the event at hand."""
    same_event = Call("eq", (check.column("event", row), EVENT_KEY), BOOL)
    return (column_in("rule", names, row), same_event)


def points_log(scope: Scope, columns: tuple[str, ...], span: Span, word: str) -> Collection | None:
    return log_of_role("points log", columns, scope, span, word)


def event_amount(scope: Scope) -> Expr | None:
    """The event's field `amount`, or `金额`, if it has one."""
    event = scope.build.schema.events.get(scope.event or "")
    if event is None or not any(name in event.fields for name in AMOUNT):
        return None
    return check.value(ast.Name(("event", "amount")), scope)


def usable_on(node: ast.Points, scope: Scope) -> Expr:
    """The first day the points can be spent: today, or so many days later."""
    usable = only(node, ast.Usable, scope.build, "usable after")
    if usable is None:
        return check.today(scope)
    return check.later(check.today(scope), check.value(usable.after, scope), scope, usable.span)


def expires_on(node: ast.Points, scope: Scope) -> Expr | None:
    """The last day the points can be spent; None: they never expire."""
    after = only(node, ast.ExpireAfter, scope.build, "expire")
    at_end = only(node, ast.ExpireAtEnd, scope.build, "expire")
    today = check.today(scope)
    if after is not None:
        return check.later(today, check.value(after.after, scope), scope, after.span)
    if at_end is None:
        return None
    unit = make.const(at_end.unit, TEXT)
    end = make.call("period_end", DATE, today, unit)
    if at_end.which == "this":
        return end
    return make.call("period_end", DATE, make.call("add", DATE, end, make.const(1, INT)), unit)
