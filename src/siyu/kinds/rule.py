"""What points, incentives and contacts have in common: when they happen at all, what they are
called in logs and ids, who is held out, and how a decision tells what stopped them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import AggregateOp, Arm, Call, Cases, Expr, Input, Ref
from siyu.diagnostics import Diagnostic
from siyu.kinds.errors import NotAnAmount, NotHere
from siyu.kinds.kind import Stopper, old_name
from siyu.schema import Collection
from siyu.semantics import check, make
from siyu.semantics.build import Build, Scope
from siyu.semantics.phrases import phrase
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import BOOL, INT, TEXT, DecimalType, IntType
from siyu.words import say

EVENT = Input("request", "event", TEXT, optional=True)
EVENT_KEY = Input("request", "event_key", TEXT, optional=True)
CUSTOMER_KEY = Input("request", "key", TEXT, optional=False)


@dataclass(frozen=True, slots=True)
class NoSuchEvent(Diagnostic):
    code: ClassVar[str] = "E0607"
    message: ClassVar[str] = "the schema has no event `{name}`"
    label: ClassVar[str] = "nothing of this name ever happens"
    help: ClassVar[str] = "its events are {events}"
    page: ClassVar[str] = (
        "A rule `on` an event is decided when a request brings that event. Events and their "
        "fields stand in the schema."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points buy on order_payed\n  earn 1 per 1 yuan of event.amount\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points buy on order_paid\n  earn 1 per 1 yuan of event.amount\n"
    )

    name: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadPercent(Diagnostic):
    code: ClassVar[str] = "E0608"
    message: ClassVar[str] = "{percent}% is not a share of the members"
    label: ClassVar[str] = "a share lies between 0% and 100%"
    help: ClassVar[str] = "write a share such as `10%`, with at most two digits after the point"
    page: ClassVar[str] = (
        "A hold-out keeps a share of the members out of a rule, chosen by a stable hash with "
        "ten thousand places: so its share has at most two digits after the point."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n\nincentive gift\n  for true\n  give coupon "A"\n'
        "  soft internal\n  holdout 120%\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n\nincentive gift\n  for true\n  give coupon "A"\n'
        "  soft internal\n  holdout 10%\n"
    )

    percent: str


def check_event(on: ast.Ident | None, build: Build) -> str | None:
    """The name of the event a rule is `on`, reported where the schema has no such event."""
    if on is None:
        return None
    if on.text not in build.schema.events:
        build.report(NoSuchEvent(on.span, on.text, tuple(build.schema.events)))
        return None
    return on.text


def happening(event: str | None) -> Expr:
    """Whether a request is one in which the rule is decided: with its event, or without any."""
    if event is None:
        return make.not_(make.known(EVENT))
    same = Call("eq", (EVENT, make.const(event, TEXT)), BOOL)
    return make.otherwise(same, make.false)


def occasion(event: str | None, scope: Scope) -> Expr:
    """What makes an outcome happen once: the event's key, or the local date."""
    if event is not None:
        return EVENT_KEY
    return Call("iso_date", (check.today(scope),), TEXT)


def outcome_id(node: ast.Node, name: str, occasion: Expr, build: Build) -> Expr:
    """A hash of policy, the rule's oldest name, customer and occasion."""
    words = (make.const(build.policy, TEXT), make.const(old_name(node, name), TEXT))
    return Call("outcome_id", (*words, CUSTOMER_KEY, occasion), TEXT)


def held_out(holdout: ast.Holdout | None, node: ast.Node, name: str, build: Build) -> Expr:
    """Whether the customer is among those kept out, by md5 of "salt:key"."""
    if holdout is None:
        return make.false
    from decimal import Decimal

    percent = Decimal(holdout.percent.digits)
    if not 0 <= percent <= 100 or percent * 100 != int(percent * 100):
        build.report(BadPercent(holdout.percent.span, holdout.percent.digits))
        return make.false
    salt = make.const(holdout.salt or old_name(node, name), TEXT)
    bucket = Call("bucket", (salt, CUSTOMER_KEY), INT)
    return Call("lt", (bucket, make.const(int(percent * 100), INT)), BOOL,
                code=f"{name}.holdout.1", span=holdout.span)  # fmt: skip


def whole_number(written: ast.Expr, scope: Scope, word: str) -> Expr:
    """How often something may be; reported where it is no whole number."""
    found = check.value(written, scope, INT)
    if make.is_error(found) or isinstance(found.type, IntType):
        return found
    is_number = isinstance(found.type, DecimalType)
    what = say("a number with a fraction") if is_number else phrase(found.type)
    told = NotAnAmount(written.span, word, say("a whole number"), what, f"{word} 3 per day")
    scope.build.report(told)
    return make.error_value(written.span)


def stop_text(stopper: Stopper) -> str:
    return f"{stopper.by} {stopper.code}"


def stopped_by(wanted: Expr, stoppers: tuple[Stopper, ...]) -> Expr:
    """ "by code" of the first stopper that holds for somebody the rule was meant for, else null."""
    nothing = make.const(None, TEXT)
    arms = [Arm(make.not_(make.otherwise(wanted, make.false)), nothing)]
    arms += [Arm(s.holds, make.const(stop_text(s), TEXT)) for s in stoppers]
    return Cases(tuple(arms), nothing, "skip", TEXT)


def where_given(given: Ref, value: Expr) -> Expr:
    """A detail of an outcome, looked at only where there is one."""
    return Cases((Arm(given, value),), make.const(None, value.type), "skip", value.type)


Conditions = Callable[[Scope], tuple[Expr, ...]]


def in_log(
    op: AggregateOp,
    log: Collection,
    column: str | None,
    conditions: Conditions,
    scope: Scope,
    span: Span,
    *,
    every_row: bool = False,
) -> Expr:
    """An aggregate over the rows of a log that meet the conditions. `every_row` also sees rows
    later than as_of."""
    inner, _ = check.row_scope(log.name, scope)
    where = make.all_of(*conditions(inner))
    value = None if column is None else check.column(column, inner)
    return check.aggregate(op, log.name, value, where, scope, span=span, every_row=every_row)


def column_in(column: str, names: frozenset[str], inner: Scope) -> Expr:
    """Whether a row's text is one of these; unknown is not."""
    found = check.column(column, inner)
    if len(names) == 1:
        return Call("eq", (found, make.const(next(iter(names)), found.type)), BOOL)
    return Call("in_set", (found, make.const(names, found.type)), BOOL)


def in_time(window: ast.Window, log: Collection, inner: Scope, span: Span) -> Expr:
    """Whether a log row lies in a limit's window."""
    if window.unit in ("run", "posting"):
        inner.build.report(
            NotHere(span, f"per {window.unit}", say("a limit, which counts what a log holds"))
        )
        return make.true
    if window.unit == "ever" or log.time is None:
        return make.true
    return check.in_window(check.column(log.time, inner), window, inner, span)
