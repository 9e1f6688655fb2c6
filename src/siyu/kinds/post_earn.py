"""Earning: one exact rational, one rounding, then caps, then the minimum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Arm, Call, Cases, Expr
from siyu.diagnostics import Diagnostic
from siyu.kinds.kind import Stopper, all_names, clauses, only
from siyu.kinds.posting import (
    Posting,
    Receiver,
    conditions,
    event_amount,
    expires_on,
    points_log,
    posted_before,
    usable_on,
)  # fmt: skip
from siyu.kinds.rule import column_in, in_log, in_time
from siyu.semantics import check, make
from siyu.semantics.build import POINTS, Scope
from siyu.syntax import ast
from siyu.types import (
    BOOL,
    INT,
    TEXT,
    DecimalType,
    IntType,
    MoneyType,
    Type,
    scale_of,
)  # fmt: skip
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class WrongEarnings(Diagnostic):
    code: ClassVar[str] = "E0654"
    message: ClassVar[str] = "account `{account}` holds {holds}, and this rule earns {earns}"
    label: ClassVar[str] = "these do not fit"
    help: ClassVar[str] = "earn {holds}, or send it `into` an account that holds {earns}"
    page: ClassVar[str] = (
        "An account holds points, or with `in CNY` money of one currency. A rule earns a number "
        "of points (`earn 1 per 1 yuan of …`) or an amount of money (`earn 0.05 yuan per 1 yuan "
        "of …`), and the account must hold the same."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points buy on order_paid\n  earn 0.05 yuan per 1 yuan of event.amount\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points buy on order_paid\n  earn 1 per 1 yuan of event.amount\n"
    )

    account: str
    holds: Words
    earns: Words


@dataclass(frozen=True, slots=True)
class NeedsMultipliers(Diagnostic):
    code: ClassVar[str] = "E0655"
    message: ClassVar[str] = (
        "points rule `{name}` has several `times` and does not say how they meet"
    )
    label: ClassVar[str] = "two of them can hold at once"
    help: ClassVar[str] = "add `multipliers highest`, `multipliers product` or `multipliers sum`"
    page: ClassVar[str] = (
        "Double points in the birthday month and one and a half for platinum: what does a "
        "platinum member get on a birthday? `highest` gives 2, `product` 3, `sum` 3.5. The "
        "difference is money, so the policy says it."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points buy on order_paid\n  earn 1 per 1 yuan of event.amount\n  times 2 when true\n"
        "  times 3 when wecom_friend\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\n'
        "points buy on order_paid\n  earn 1 per 1 yuan of event.amount\n  times 2 when true\n"
        "  times 3 when wecom_friend\n  multipliers highest\n"
    )

    name: str


@dataclass(frozen=True, slots=True)
class Factor:
    """One `times`: whether it fires, and its value."""

    code: str
    fires: Expr
    value: Expr


def earned(node: ast.Points, earn: ast.Earn, receiver: Receiver, scope: Scope) -> Posting | None:
    """The posting of an earning rule."""
    build, name = scope.build, scope.owner
    meant, inner, stops = conditions(node, scope)
    factors = _factors(node, inner)
    factor = _together(node, factors, inner)
    rate = check.value(earn.value, inner)
    if not _fits(rate, earn, receiver, scope):
        return None
    exact = _ratio(earn, rate, factor, receiver, inner)
    if exact is None:
        return None
    mode = only(node, ast.RoundTo, build, "round")
    rounding = make.const(mode.how if mode else "down", TEXT)
    top, bottom = exact
    due = Call("quotient", (top, bottom, rounding), receiver.type, span=earn.span)
    rounded = build.bind(f"{name}.rounded", make.otherwise(due, make.const(0, receiver.type)),
                         POINTS, optional=False, span=earn.span)  # fmt: skip
    capped, caps, reasons = _capped(node, rounded, receiver, inner)
    amount = _at_least(node, capped, receiver, inner)
    seen = posted_before(node, earn, "earn", scope)
    fired = tuple((factor.code, factor.fires) for factor in factors)
    return Posting(
        amount,
        meant,
        (*stops, *((seen,) if seen else ()), *caps),
        ((f"{name}.earn.1", make.true), *fired, *reasons),
        event_amount(scope),
        None,
        usable_on(node, inner),
        expires_on(node, inner),
    )


POINTS_WORD = say("points")


def _money(currency: str) -> Words:
    return say("money in {currency}", currency=currency)


def _fits(rate: Expr, earn: ast.Earn, receiver: Receiver, scope: Scope) -> bool:
    if make.is_error(rate):
        return False
    match rate.type:
        case IntType() | DecimalType():
            if receiver.currency is None:
                return True
            earns: Words = POINTS_WORD
        case MoneyType(currency):
            if receiver.currency == currency:
                return True
            earns = _money(currency)
        case _:
            earns = say("neither points nor money")
    holds = _money(receiver.currency) if receiver.currency else POINTS_WORD
    scope.build.report(WrongEarnings(earn.value.span, receiver.account, holds, earns))
    return False


def _factors(node: ast.Points, scope: Scope) -> tuple[Factor, ...]:
    found = []
    for n, times in enumerate(clauses(node, ast.Times), 1):
        code = f"{scope.owner}.times.{n}"
        fires, guards = check.condition_and_guards(times.when, scope, code)
        value = check.value(times.value, scope.knowing(guards))
        ref = scope.build.bind(f"{code}.fired", fires, POINTS, span=times.span,
                               optional=check.may_be_unknown(fires, scope))  # fmt: skip
        found.append(Factor(code, ref, value))
    return tuple(found)


def _together(node: ast.Points, factors: tuple[Factor, ...], scope: Scope) -> Expr | None:
    """The one factor that several `times` make; None: there are none."""
    how = only(node, ast.Multipliers, scope.build, "multipliers")
    if not factors:
        return None
    if len(factors) > 1 and how is None:
        scope.build.report(NeedsMultipliers(node.name.span, scope.owner))
    kind = DecimalType(max(scale_of(f.value.type) for f in factors))
    one = make.const(10**kind.scale, kind)
    values = [check.coerce(f.value, kind, scope, f.value.span) for f in factors]
    if any(make.is_error(value) for value in values):
        return one
    word = how.how if how else "product"
    if word == "product":
        return _product([_if(f.fires, v, one) for f, v in zip(factors, values, strict=True)])
    absent = make.const(-1 if word == "highest" else 0, kind)
    parts = [_if(f.fires, v, absent) for f, v in zip(factors, values, strict=True)]
    if word == "highest":
        combined = Call("max", tuple(parts), kind) if len(parts) > 1 else parts[0]
    else:
        combined = parts[0]
        for part in parts[1:]:
            combined = Call("add", (combined, part), kind)
    some = make.any_of(*(f.fires for f in factors))
    return _if(some, combined, one)


def _product(parts: list[Expr]) -> Expr:
    product = parts[0]
    for part in parts[1:]:
        digits = scale_of(product.type) + scale_of(part.type)
        product = Call("mul", (product, part), DecimalType(digits))
    return product


def _if(holds: Expr, value: Expr, otherwise: Expr) -> Expr:
    return Cases((Arm(holds, value),), otherwise, "skip", value.type)


def _ratio(
    earn: ast.Earn, rate: Expr, factor: Expr | None, receiver: Receiver, scope: Scope
) -> tuple[Expr, Expr] | None:
    """Numerator and denominator of what is earned, in the receiver's smallest units."""
    top, digits = rate, scale_of(rate.type)
    bottom: Expr = make.const(1, INT)
    wanted = scale_of(receiver.type)
    if earn.per is not None and earn.of is not None:
        base = check.value(earn.of, scope)
        per = check.value(earn.per, scope, base.type)
        if not check.alike(per, base, scope, earn.per.span):
            return None
        if earn.full:
            top = _times(top, _whole(base, per))
        else:
            top, bottom = _times(top, base), per
            digits += scale_of(base.type) - scale_of(per.type)
    if factor is not None:
        top = _times(top, factor)
        digits += scale_of(factor.type)
    shift = wanted - digits
    if shift > 0:
        top = _times(top, make.const(10**shift, INT))
    elif shift < 0:
        bottom = _times(bottom, make.const(10**-shift, INT))
    return top, bottom


def _times(a: Expr, b: Expr) -> Expr:
    """A product of held integers inside the ratio; its scale is kept beside it."""
    return make.call("mul", INT, a, b)


def _whole(base: Expr, per: Expr) -> Expr:
    """How many whole `per` are in `base`."""
    more = scale_of(per.type) - scale_of(base.type)
    top = _times(base, make.const(10 ** max(more, 0), INT))
    bottom = _times(per, make.const(10 ** max(-more, 0), INT))
    return make.call("quotient", INT, top, bottom, make.const("down", TEXT))


TOGETHER = 50  # caps that are one expression: however many there are, none is deep


def _capped(
    node: ast.Points, rounded: Expr, receiver: Receiver, scope: Scope
) -> tuple[Expr, tuple[Stopper, ...], tuple[tuple[str, Expr], ...]]:
    """The amount under every `at most`, what stops it wholly, and which caps cut it."""
    amount: Expr = rounded
    stops, reasons = [], []
    kind = receiver.type
    zero = make.const(0, kind)
    for n, most in enumerate(clauses(node, ast.AtMost), 1):
        code = f"{scope.owner}.at_most.{n}"
        room = _room(node, most, receiver, scope)
        if room is None or make.is_error(room):
            continue
        room = scope.build.bind(f"{code}.room", room, POINTS, span=most.span)
        over = Call("gt", (amount, room), BOOL, span=most.span, code=code)
        reasons.append((code, make.otherwise(over, make.false)))
        some = Call("gt", (amount, zero), BOOL)
        full = make.all_of(some, Call("le", (room, zero), BOOL))
        stops.append(Stopper("cap", code, full))
        amount = Call("min", (amount, room), kind, span=most.span)
        if n % TOGETHER == 0:
            amount = scope.build.bind(f"{code}.left", amount, POINTS, span=most.span)
    return amount, tuple(stops), tuple(reasons)


def _room(node: ast.Points, most: ast.AtMost, receiver: Receiver, scope: Scope) -> Expr | None:
    """How much a cap still allows, never below zero."""
    kind = receiver.type
    limit = check.value(most.value, scope)
    if most.of is not None:
        base = check.value(most.of, scope)
        limit = check.multiply(limit, base, scope, most.span)
    limit = whole_units(limit, kind, scope, most)
    window = most.window
    if window is None or window.unit == "posting":
        return limit
    column = "points" if receiver.currency is None else "worth"
    log = points_log(scope, ("rule", column), most.span, "at most")
    if log is None:
        return None
    names = all_names(node, scope.owner)
    posted = in_log(
        "sum", log, column,
        lambda row: (column_in("rule", names, row), in_time(window, log, row, most.span)),
        scope, most.span,
    )  # fmt: skip
    left = Call("sub", (limit, check.coerce(posted, kind, scope, most.span)), kind)
    return Call("max", (make.const(0, kind), left), kind)


def whole_units(limit: Expr, kind: Type, scope: Scope, at: ast.Node) -> Expr:
    """A limit in the account's units, rounded down: nothing above it may be posted."""
    if make.is_error(limit) or isinstance(limit.type, MoneyType) != isinstance(kind, MoneyType):
        return check.coerce(limit, kind, scope, at.span)
    extra = scale_of(limit.type) - scale_of(kind)
    if extra <= 0:
        return check.coerce(limit, kind, scope, at.span)
    return make.call("floor", kind, limit, make.const(extra, INT), span=at.span)


def _at_least(node: ast.Points, amount: Expr, receiver: Receiver, scope: Scope) -> Expr:
    least = only(node, ast.AtLeast, scope.build, "at least")
    if least is None:
        return amount
    kind = receiver.type
    floor = check.value(least.value, scope, kind)
    if not check.alike(floor, amount, scope, least.value.span):
        return amount
    enough = check.compare(">=", amount, floor, scope, least.span)
    coded = make.recoded(enough, f"{scope.owner}.at_least.1")
    unsure = check.may_be_unknown(coded, scope)
    coded = scope.build.bind(f"{scope.owner}.enough", coded, POINTS, optional=unsure)
    return _if(coded, amount, make.const(0, kind))
