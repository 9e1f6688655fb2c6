"""Taking back: the refunded share of what a rule posted, less what was taken back before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import AggregateOp, Arm, Call, Cases, Expr
from siyu.diagnostics import Diagnostic, nearest, perhaps
from siyu.kinds.kind import all_names
from siyu.kinds.posting import Posting, Receiver, conditions, event_amount, points_log, same_posting
from siyu.kinds.roles import PURCHASE, SHOP
from siyu.kinds.rule import in_log
from siyu.schema import Collection
from siyu.semantics import check, make
from siyu.semantics.build import POINTS, Declared, Scope
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import BOOL, INT, TEXT, MoneyType, scale_of
from siyu.words import Words


@dataclass(frozen=True, slots=True)
class NothingToReverse(Diagnostic):
    code: ClassVar[str] = "E0656"
    message: ClassVar[str] = "there is no points rule `{name}` to take back"
    label: ClassVar[str] = "`reverse` names a points rule that earns or redeems"
    help: ClassVar[str] = "name a rule `points NAME on EVENT`"
    page: ClassVar[str] = (
        "`reverse RULE` takes back what another points rule posted for the event that is now "
        "refunded, in proportion to what was refunded so far."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points refund on order_refunded\n  reverse purchase\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points purchase on order_paid\n  earn 1 per 1 yuan of event.amount\n\n"
        "points refund on order_refunded\n  reverse purchase\n"
    )

    name: str
    near: tuple[str, ...]

    def what_to_do(self) -> Words:
        return perhaps(self.near) if self.near else Diagnostic.what_to_do(self)


@dataclass(frozen=True, slots=True)
class NoAmount(Diagnostic):
    code: ClassVar[str] = "E0657"
    message: ClassVar[str] = (
        "event `{event}` has no field `amount`, so nobody can tell how much was refunded"
    )
    label: ClassVar[str] = "`reverse` takes back the refunded share"
    help: ClassVar[str] = (
        "add a money field `amount`, the total refunded so far, to the event in the schema"
    )
    page: ClassVar[str] = (
        "`reverse` compares what was refunded so far (`event.amount`) with what was paid (the "
        "`amount` of the posting in the points log)."
    )
    wrong: ClassVar[str] = (
        HEAD + PURCHASE + "\npoints refund on order_returned\n  reverse purchase\n"
    )
    right: ClassVar[str] = (
        HEAD + PURCHASE + "\npoints refund on order_refunded\n  reverse purchase\n"
    )
    example_facts: ClassVar[str] = SHOP.replace(
        "      event:   {type: text}\n",
        "      event:   {type: text}\n      amount:  {type: money}\n",
    )

    event: str


def reversed_rule(reverse: ast.Reverse, scope: Scope) -> Declared | None:
    """The rule that is taken back; None after a report."""
    found = scope.build.find(reverse.rule.text, scope.prefix)
    if found is not None and isinstance(found.node, ast.Points) and not _reverses(found.node):
        return found
    rules = [d.name for d in scope.build.declared.values() if isinstance(d.node, ast.Points)]
    near = nearest(reverse.rule.text, rules)
    scope.build.report(NothingToReverse(reverse.rule.span, reverse.rule.text, near))
    return None


def _reverses(node: ast.Points) -> bool:
    return any(isinstance(clause, ast.Reverse) for clause in node.clauses)


def reversed_by(
    node: ast.Points, reverse: ast.Reverse, rule: Declared, receiver: Receiver, scope: Scope
) -> Posting | None:
    """The posting that takes back what `rule` posted for the event at hand."""
    meant, _, stops = conditions(node, scope)
    refunded = event_amount(scope)
    if refunded is None:
        scope.build.report(NoAmount(reverse.span, scope.event or ""))
        return None
    money = receiver.currency is not None
    column = "worth" if money else "points"
    log = points_log(scope, ("rule", "event", "amount", column), reverse.span, "reverse")
    if log is None:
        return None
    theirs = all_names(rule.node, rule.name)
    mine = all_names(node, scope.owner)
    redeems = any(isinstance(c, ast.Redeem) for c in rule.node.clauses)  # type: ignore[union-attr]

    def back(word: str) -> Expr:
        return _taken_back(log, word, theirs, mine, refunded, reverse.span, scope)

    worth = back("worth") if redeems and not money and "worth" in log.fields else None
    so_far = Call("digits", (refunded, make.const(scale_of(refunded.type), INT)), TEXT)
    return Posting(
        back(column),
        meant,
        stops,
        ((f"{scope.owner}.reverse.1", make.true),),
        refunded,
        worth,
        occasion=so_far,
    )


def _taken_back(
    log: Collection, column: str, theirs: frozenset[str], mine: frozenset[str], refunded: Expr,
    span: Span, scope: Scope,
) -> Expr:  # fmt: skip
    """-(half-up(posted × min(refunded, paid) ÷ paid) + taken back), `mine` being negative."""

    def seen(op: AggregateOp, names: frozenset[str], of: str) -> Expr:
        return in_log(op, log, of, lambda row: same_posting(names, row), scope, span,
                      every_row=True)  # fmt: skip

    posted = seen("sum", theirs, column)
    before = seen("sum", mine, column)
    paid = seen("max", theirs, "amount")
    kind = posted.type
    scale = max(scale_of(paid.type), scale_of(refunded.type))
    shared = (
        MoneyType(refunded.type.currency, scale)
        if isinstance(refunded.type, MoneyType)
        else refunded.type
    )
    paid = check.coerce(paid, shared, scope, span)
    paid = scope.build.bind(f"{scope.owner}.{column}.paid", paid, POINTS)
    share = Call("min", (check.coerce(refunded, shared, scope, span), paid), shared)
    top = Call("mul", (posted, share), INT)
    due = Call("quotient", (top, paid, make.const("half_up", TEXT)), kind)
    back = Call("neg", (Call("add", (due, before), kind),), kind)
    positive = Call("gt", (paid, make.const(0, shared)), BOOL)
    return Cases((Arm(positive, back),), make.const(0, kind), "skip", kind)
