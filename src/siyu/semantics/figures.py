"""Figures about everyone: shares, sums, averages, medians. Each becomes stats of the population and
an expression over them; what stands inside of it is about one customer, as everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from siyu.core.ir import Const, Expr, Ref
from siyu.core.program import Stat, StatOp
from siyu.semantics import make, ranges
from siyu.semantics.build import Declared, Scope, error_value
from siyu.semantics.compare import rank
from siyu.semantics.errors import Cycle, OfEveryone, PopulationInRows, WrongArguments
from siyu.semantics.names import find_declared
from siyu.semantics.numbers import divide
from siyu.semantics.order import tree
from siyu.semantics.phrases import phrase
from siyu.semantics.population import asked, has_order
from siyu.semantics.type_errors import WrongType
from siyu.semantics.units import checked
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import (
    BOOL,
    DIVISION_SCALE,
    INT,
    BoolType,
    DecimalType,
    EnumType,
    GeoType,
    IntType,
    SetType,
    Type,
)
from siyu.words import Said, say, say_n

Value = Callable[[ast.Expr, Scope], Expr]
CUSTOMERS = 10**10  # nobody has more; what sums over everyone are reckoned to reach at most
SHARE = DecimalType(DIVISION_SCALE, 0, 10**DIVISION_SCALE)


def over_customers(node: ast.Aggregate, scope: Scope) -> bool:
    """Whether an aggregate of a figure about everyone runs over the customers."""
    return scope.stats is not None and is_over_customers(node, scope)


def is_over_customers(node: ast.Aggregate, scope: Scope) -> bool:
    """An aggregate that names no collection and no view runs over everyone: `sum(spend_12m)`.
    `min(a, b)` of plain values does not."""
    if len(node.args) > 1 and node.function in ("min", "max"):
        return False
    schema, build = scope.build.schema, scope.build
    nested = {name for c in schema.collections.values() for name in c.collections}
    for name in tree(node.args):
        if not isinstance(name, ast.Name):
            continue
        first = name.parts[0]
        declared = build.find(first, scope.prefix)
        is_view = declared is not None and isinstance(declared.node, ast.View)
        if first in schema.collections or first in nested or is_view:
            return False
    return True


def share(node: ast.Share, scope: Scope, condition: Value) -> Expr:
    """`share(cond where cond)`: of the customers of whom the second holds, those of whom the first
    does; who is unknown to the first stays among them. Unknown where there is nobody."""
    inner = _inside(scope)
    holds = condition(node.condition, inner)
    among = make.true if node.where is None else condition(node.where, inner)
    if scope.stats is None:
        scope.build.report(OfEveryone(node.span))
        return error_value(node.span)
    if make.is_error(holds, among) or not _outside_rows("share", node.span, scope):
        return error_value(node.span)
    count = IntType(0, CUSTOMERS)
    part = _stat("count", None, make.all_of(among, holds), count, scope, node.span)
    whole = _stat("count", None, among, count, scope, node.span)
    digits = make.const(DIVISION_SCALE, INT)
    return make.call("div", SHARE, part, whole, digits, span=node.span)


def aggregate(node: ast.Aggregate, scope: Scope, value: Value, condition: Value) -> Expr:
    """`sum(spend_12m where cond)` over everyone with a known value. A condition is counted where
    it holds: `count(at_risk)`."""
    span, function = node.span, node.function
    if not _is_shaped(node, scope):
        return error_value(span)
    inner = _inside(scope)
    arg = value(node.args[0], inner)
    where = make.true if node.where is None else condition(node.where, inner)
    if make.is_error(arg, where) or not _outside_rows(function, span, scope):
        return error_value(span)
    wanted = _wanted(function, arg.type)
    if wanted is not None:
        advice = say("name another value of the customer")
        scope.build.report(WrongType(node.args[0].span, phrase(arg.type), wanted, advice))
        return error_value(span)
    return _of_values(function, arg, where, scope, span)


def ranked(node: ast.Population, scope: Scope, value: Value) -> Expr:
    """`population median(x)` and `population percentile(x, 95)` of the figure's own customers."""
    percent = asked(node, scope)
    by = value(node.args[0], _inside(scope)) if node.args else error_value(node.span)
    if percent is None or make.is_error(by) or not has_order(by, scope):
        return error_value(node.span)
    op: StatOp = "median" if node.function.text == "median" else "percentile"
    return _stat(op, by, make.true, by.type, scope, node.span, percent)


def indicator(expr: ast.Name, scope: Scope) -> Declared | None:
    """The indicator that a name means, where it is one value: not one for each group."""
    found = find_declared(expr.parts, scope)
    if found is None or found[1] or not isinstance(found[0].node, ast.Indicator):
        return None
    return None if found[0].node.by is not None else found[0]


def named(declared: Declared, span: Span, scope: Scope, value: Value) -> Expr:
    """The value of another indicator, out of the same stats that it is made of itself."""
    build = scope.build
    node = declared.node
    assert isinstance(node, ast.Indicator) and scope.stats is not None
    chain = scope.stats.chain
    if declared.name in chain:
        build.report(Cycle(span, declared.name, (*chain, declared.name)))
        return error_value(span)
    if not _outside_rows(declared.name, span, scope):
        return error_value(span)
    stats = replace(scope.stats, chain=(*chain, declared.name))
    found = value(node.value, replace(scope, prefix=declared.prefix, stats=stats))
    return found if make.is_error(found) else replace(found, span=span)


def _of_values(function: str, arg: Expr, where: Expr, scope: Scope, span: Span) -> Expr:
    count = IntType(0, CUSTOMERS)
    of_condition = isinstance(arg.type, BoolType)
    match function:
        case "count" | "exists":
            met = make.all_of(where, arg) if of_condition else where
            found = _stat("count", None if of_condition else arg, met, count, scope, span)
            if function == "count":
                return found
            return make.call("gt", BOOL, found, make.const(0, INT), span=span)
        case "distinct":
            return _stat("distinct", arg, where, count, scope, span)
        case "sum":
            return _sum(arg, where, scope, span)
        case "avg":
            known = _stat("count", arg, where, count, scope, span)
            return divide(_sum(arg, where, scope, span), known, scope, span)
        case _:
            assert function in ("min", "max")
            op: StatOp = "min" if function == "min" else "max"
            if isinstance(arg.type, EnumType):
                return _word(_stat(op, rank(arg), where, INT, scope, span), arg.type, span)
            return _stat(op, arg, where, arg.type, scope, span)


def _sum(arg: Expr, where: Expr, scope: Scope, span: Span) -> Expr:
    kind = ranges.number(arg.type)
    assert kind is not None
    low, high = ranges.bounds(kind)
    kind = ranges.within(kind, (min(low, 0) * CUSTOMERS, max(high, 0) * CUSTOMERS))
    return checked(_stat("sum", arg, where, kind, scope, span), scope, span)


def _word(place: Expr, kind: EnumType, span: Span) -> Expr:
    """The word of an ordered enum at a place, 0 the lowest."""
    arms = tuple(
        (make.call("eq", BOOL, place, make.const(n, INT)), make.const(word, kind))
        for n, word in enumerate(kind.members)
    )
    return make.cases(arms, make.unknown(kind), "stop", kind, span)


def _stat(
    op: StatOp,
    value: Expr | None,
    where: Expr,
    kind: Type,
    scope: Scope,
    span: Span,
    percent: str | None = None,
) -> Expr:
    """A stat of everyone, taken once however often the figure asks for it."""
    assert scope.stats is not None
    owner, found = scope.stats.owner, scope.stats.found
    name = f"{owner}.stat.{len(found) + 1}"
    aside = scope.build.aside
    of = None if value is None else aside.name(f"{name}.value", value)
    whole = isinstance(where, Const) and where.value is True
    among = None if whole else aside.name(f"{name}.where", where)
    made = Stat(name, op, of, among, kind, percent)
    found[name] = made
    return Ref(name, kind, span=span)


def _is_shaped(node: ast.Aggregate, scope: Scope) -> bool:
    """One value, and nothing that rows have and customers do not; False after a report."""
    count = len(node.args)
    given = say_n("1 value", "{count} values", count) if count else say("no value at all")
    shape = f"{node.function}(x where COND)"
    problem: Said | None = None
    if node.function in ("latest", "earliest") or node.by is not None:
        problem = say("no customer is the latest: this is asked of rows that have a time")
        shape = "max(x)"
    elif node.over is not None:
        problem = say("customers have no time by which a period could pick them")
    elif count != 1:
        problem = say("one value of the customer is needed")
    if problem is not None:
        scope.build.report(WrongArguments(node.span, node.function, given, problem, shape))
    return problem is None


def _wanted(function: str, kind: Type) -> Said | None:
    """What the function needs instead; None where the type will do."""
    match function:
        case "sum" | "avg":
            wrong = ranges.number(kind) is None
            return say("a number, an amount or a length of time") if wrong else None
        case "min" | "max":
            ordered = isinstance(kind, EnumType) and kind.ordered
            fine = ordered or ranges.has_order(kind)
            return None if fine else say("something with an order")
        case "distinct":
            odd = isinstance(kind, (SetType, GeoType))
            return say("a single value") if odd else None
        case _:
            return None


def _inside(scope: Scope) -> Scope:
    """What is about one customer holds no figures itself."""
    return replace(scope, stats=None)


def _outside_rows(what: str, span: Span, scope: Scope) -> bool:
    if scope.rows:
        scope.build.report(PopulationInRows(span, what))
    return not scope.rows
