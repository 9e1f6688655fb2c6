"""Arithmetic: what may be added, taken away, multiplied and divided, and to which scale.

`+ -` keep the larger scale, `*` adds the scales, `/` gives 6 digits; a scale above 9 is rounded
half up to 9 at once. Nothing is reassociated: each operator rounds by itself, as it was written.
"""

from __future__ import annotations

from siyu.core.ir import Expr
from siyu.semantics import ranges
from siyu.semantics.build import Scope, error_value
from siyu.semantics.make import call, const, is_error
from siyu.semantics.moving import earlier, elapsed, later
from siyu.semantics.phrases import phrase
from siyu.semantics.type_errors import NoArithmetic
from siyu.semantics.units import (
    checked,
    in_money,
    in_unit,
    level_scales,
    like,
    paired,
    plain,
    rescale,
    same_unit,
    wider,
    write_money,
)  # fmt: skip
from siyu.text import Span
from siyu.types import (
    DIVISION_SCALE,
    INT,
    MAX_SCALE,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    MoneyType,
    NumberType,
    TimeType,
    scale_of,
)  # fmt: skip
from siyu.words import Said, say

DAYS = (DateType, DateTimeType)
ADDED, SUBTRACTED, MULTIPLIED = say("added"), say("subtracted"), say("multiplied")
DIVIDED, COMPARED = say("divided"), say("compared")


def add(a: Expr, b: Expr, scope: Scope, span: Span) -> Expr:
    """The sum of two numbers of one unit, or a date or moment moved on by a duration."""
    if is_error(a, b):
        return error_value(span)
    if isinstance(a.type, DAYS) and isinstance(b.type, DurationType):
        return later(a, b, scope, span)
    if isinstance(b.type, DAYS) and isinstance(a.type, DurationType):
        return later(b, a, scope, span)
    return _same_scale("add", a, b, scope, span) or _refused(ADDED, a, b, scope, span)


def subtract(a: Expr, b: Expr, scope: Scope, span: Span) -> Expr:
    """The difference of two numbers of one unit, of two dates (in days) or of two moments (in
    seconds), or a date or moment moved back by a duration."""
    if is_error(a, b):
        return error_value(span)
    if isinstance(a.type, DAYS) and isinstance(b.type, DurationType):
        return earlier(a, b, scope, span)
    if isinstance(a.type, DAYS) and isinstance(b.type, DAYS):
        return elapsed(b, a, scope, span)
    return _same_scale("sub", a, b, scope, span) or _refused(SUBTRACTED, a, b, scope, span)


def _same_scale(function: str, a: Expr, b: Expr, scope: Scope, span: Span) -> Expr | None:
    pair = paired(a, b, scope, span)
    if pair is None or is_error(*pair):
        return pair and pair[0]
    x, y = level_scales(*pair)
    reach = ranges.plus if function == "add" else ranges.minus
    kind = wider((x, y), reach(ranges.bounds(x.type), ranges.bounds(y.type)))
    return checked(call(function, kind, x, y, span=span), scope, span)


def multiply(a: Expr, b: Expr, scope: Scope, span: Span) -> Expr:
    """The product of numbers, of which at most one has a unit; its scale is the sum of theirs."""
    if is_error(a, b):
        return error_value(span)
    x, y = ranges.number(a.type), ranges.number(b.type)
    if x is None or y is None or not (plain(x) or plain(y)):
        return _refused(MULTIPLIED, a, b, scope, span)
    unit = _the_wider(x, y) if plain(x) and plain(y) else (y if plain(x) else x)
    scale = scale_of(x) + scale_of(y)
    reach = ranges.times(ranges.bounds(x), ranges.bounds(y))
    product = checked(call("mul", like(unit, scale, reach), a, b, span=span), scope, span)
    return rescale(product, MAX_SCALE) if scale > MAX_SCALE else product


def _the_wider(x: NumberType, y: NumberType) -> NumberType:
    return x if isinstance(x, DecimalType) else y


def divide(a: Expr, b: Expr, scope: Scope, span: Span) -> Expr:
    """The quotient with 6 digits, rounded half up; unknown where the divisor is zero.

    An amount by an amount, or a duration by a duration, is a plain number.
    """
    if is_error(a, b):
        return error_value(span)
    x, y = ranges.number(a.type), ranges.number(b.type)
    if x is None or y is None:
        return _refused(DIVIDED, a, b, scope, span)
    if plain(y):
        return _quotient(a, b, x, scope, span)
    if plain(x) or not _same_family(x, y):
        return _refused(DIVIDED, a, b, scope, span)
    pair = paired(a, b, scope, span)
    if pair is None or is_error(*pair):
        return error_value(span)
    return _quotient(*pair, INT, scope, span)


def _same_family(x: NumberType, y: NumberType) -> bool:
    return isinstance(x, MoneyType) == isinstance(y, MoneyType)


def _quotient(a: Expr, b: Expr, unit: NumberType, scope: Scope, span: Span) -> Expr:
    digits = DIVISION_SCALE - scale_of(a.type) + scale_of(b.type)
    reach = ranges.over(ranges.bounds(a.type), ranges.bounds(b.type), digits)
    kind = like(unit, DIVISION_SCALE, reach)
    return checked(call("div", kind, a, b, const(digits, INT), span=span), scope, span)


def negate(a: Expr, scope: Scope, span: Span) -> Expr:
    """The number with the other sign."""
    kind = ranges.number(a.type)
    if is_error(a) or kind is None:
        return a if is_error(a) else _refused(SUBTRACTED, const(0, INT), a, scope, span)
    low, high = ranges.bounds(kind)
    return call("neg", ranges.within(kind, (-high, -low)), a, span=span)


def extreme(function: str, items: tuple[Expr, ...], scope: Scope, span: Span) -> Expr:
    """`min(a, b, …)` and `max(a, b, …)` of plain values of one kind."""
    if is_error(*items):
        return error_value(span)
    if all(isinstance(item.type, type(items[0].type)) for item in items) and isinstance(
        items[0].type, (*DAYS, TimeType)
    ):
        return call(function, items[0].type, *items, span=span)
    united = _united(items, scope, span)
    if united is None:
        return error_value(span)
    leveled = level_scales(*united)
    pick = min if function == "min" else max
    reach = [ranges.bounds(item.type) for item in leveled]
    kind = wider(leveled, (pick(r[0] for r in reach), pick(r[1] for r in reach)))
    return call(function, kind, *leveled, span=span)


def _united(items: tuple[Expr, ...], scope: Scope, span: Span) -> tuple[Expr, ...] | None:
    """All in the unit of the finest of them; None after a report."""
    unit = items[0]
    for item in items[1:]:
        pair = paired(unit, item, scope, span)
        if pair is None:
            _refused(COMPARED, unit, item, scope, span)
        if pair is None or is_error(*pair):
            return None
        unit = pair[0]
    if not isinstance(unit.type, DurationType):
        return items
    finest = unit.type.unit
    return tuple(in_unit(item, finest) for item in items)


def _refused(verb: Said, a: Expr, b: Expr, scope: Scope, span: Span) -> Expr:
    advice = _advice(verb, a, b)
    scope.build.report(NoArithmetic(span, phrase(a.type), phrase(b.type), verb, advice))
    return error_value(span)


def _advice(verb: Said, one: Expr, other: Expr) -> Said:
    """What was probably meant."""
    a, b = one.type, other.type
    match a, b:
        case (MoneyType(), DurationType()) | (DurationType(), MoneyType()):
            return say("compare or combine amounts with amounts, and days with days")
        case MoneyType(), MoneyType():
            return say("multiply an amount by a plain number, or divide one amount by the other")
        case DurationType(), DurationType() if same_unit(a, b):
            return say("multiply a duration by a plain number, or divide one duration by the other")
        case _, MoneyType() if plain(a) and verb == DIVIDED:
            return say("divide the amount by the number, or both by `{one}`",
                       one=in_money(const(1, INT), b))  # fmt: skip
        case MoneyType(), _ if plain(b):
            return write_money(other, a)
        case _, MoneyType() if plain(a):
            return write_money(one, b)
        case (DurationType() | DateType() | DateTimeType(), _) if plain(b):
            return say("write the number with its unit, as in `30 days`")
        case (_, DurationType() | DateType() | DateTimeType()) if plain(a):
            return say("write the number with its unit, as in `30 days`")
        case _:
            return say("use numbers of one unit")
