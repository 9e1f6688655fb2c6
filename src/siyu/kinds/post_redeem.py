"""Redeeming: whole units of points, what they are worth, and how much of the event they may pay."""

from __future__ import annotations

from siyu.core.ir import Arm, Call, Cases, Expr
from siyu.kinds.kind import Stopper, all_names, clauses, only
from siyu.kinds.posting import Posting, conditions, event_amount, points_log, posted_before
from siyu.kinds.rule import column_in, in_log, in_time
from siyu.semantics import check, make
from siyu.semantics.build import POINTS, Scope
from siyu.syntax import ast
from siyu.types import BOOL, INT, TEXT, MoneyType, scale_of


def redeemed(node: ast.Points, redeem: ast.Redeem, scope: Scope) -> Posting | None:
    """The quote of a redeeming rule: negative points, and their worth."""
    build, name = scope.build, scope.owner
    meant, inner, stops = conditions(node, scope)
    unit = check.value(redeem.points, inner, INT)
    price = check.value(redeem.worth, inner)
    offered = check.value(redeem.of, inner, INT)
    if not check.alike(offered, unit, inner, redeem.of.span) or make.is_error(price):
        return None
    down = make.const("down", TEXT)
    units = make.call("quotient", INT, offered, unit, down, span=redeem.span)
    # Nobody is given points by offering fewer than none.
    units = make.call("max", INT, make.otherwise(units, make.const(0, INT)), make.const(0, INT))
    units = build.bind(f"{name}.units_offered", units, POINTS, optional=False)
    capped, caps, reasons = _capped(node, redeem, units, unit, price, inner)
    taken = build.bind(f"{name}.units", _at_least(node, capped, unit, price, inner), POINTS)
    points = Call("neg", (Call("mul", (taken, unit), INT),), INT)
    seen = posted_before(node, redeem, "redeem", scope)
    return Posting(
        points,
        meant,
        (*stops, *((seen,) if seen else ()), *caps),
        ((f"{name}.redeem.1", make.true), *reasons),
        event_amount(scope),
        Call("mul", (taken, price), price.type),
    )


def _capped(
    node: ast.Points, redeem: ast.Redeem, units: Expr, unit: Expr, price: Expr, scope: Scope
) -> tuple[Expr, tuple[Stopper, ...], tuple[tuple[str, Expr], ...]]:
    """Whole units under every `at most`, which may speak of points or of their worth."""
    stops: list[Stopper] = []
    reasons: list[tuple[str, Expr]] = []
    amount = units
    zero = make.const(0, INT)
    for n, most in enumerate(clauses(node, ast.AtMost), 1):
        code = f"{scope.owner}.at_most.{n}"
        limit = check.value(most.value, scope)
        if most.of is not None:
            limit = check.multiply(limit, check.value(most.of, scope), scope, most.span)
        if make.is_error(limit):
            continue
        each = price if isinstance(limit.type, MoneyType) else unit
        used = _used(node, most, isinstance(limit.type, MoneyType), scope)
        if used is not None:
            limit = check.subtract(limit, used, scope, most.span)
        room = _whole_units(limit, each, scope, most)
        room = scope.build.bind(f"{code}.room", room, POINTS, span=most.span)
        over = Call("gt", (amount, room), BOOL, span=most.span, code=code)
        reasons.append((code, make.otherwise(over, make.false)))
        some = Call("gt", (amount, zero), BOOL)
        stops.append(Stopper("cap", code, make.all_of(some, Call("le", (room, zero), BOOL))))
        amount = Call("min", (amount, room), INT, span=most.span)
    return amount, tuple(stops), tuple(reasons)


def _whole_units(limit: Expr, each: Expr, scope: Scope, at: ast.Node) -> Expr:
    """How many whole units a limit allows, none where it is used up."""
    if make.is_error(check.compare(">=", limit, each, scope, at.span)):
        return make.error_value(at.span)
    more = scale_of(limit.type) - scale_of(each.type)
    top = make.call("mul", INT, limit, make.const(10 ** max(-more, 0), INT))
    bottom = make.call("mul", INT, each, make.const(10 ** max(more, 0), INT))
    units = make.call("quotient", INT, top, bottom, make.const("down", TEXT))
    return make.call("max", INT, units, make.const(0, INT))


def _used(node: ast.Points, most: ast.AtMost, money: bool, scope: Scope) -> Expr | None:
    """What the log holds of this rule in the window of a cap: points count positive."""
    window = most.window
    if window is None or window.unit == "posting":
        return None
    column = "worth" if money else "points"
    log = points_log(scope, ("rule", column), most.span, "at most")
    if log is None:
        return None
    names = all_names(node, scope.owner)
    spent = in_log(
        "sum", log, column,
        lambda row: (column_in("rule", names, row), in_time(window, log, row, most.span)),
        scope, most.span,
    )  # fmt: skip
    return spent if money else make.call("neg", spent.type, spent)


def _at_least(node: ast.Points, units: Expr, unit: Expr, price: Expr, scope: Scope) -> Expr:
    least = only(node, ast.AtLeast, scope.build, "at least")
    if least is None:
        return units
    floor = check.value(least.value, scope)
    each = price if isinstance(floor.type, MoneyType) else unit
    offered = Call("mul", (units, each), each.type)
    if not check.alike(floor, offered, scope, least.value.span):
        return units
    enough = check.compare(">=", offered, floor, scope, least.span)
    coded = make.recoded(enough, f"{scope.owner}.at_least.1")
    return Cases((Arm(coded, units),), make.const(0, INT), "skip", INT)
