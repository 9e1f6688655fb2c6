"""Units and scales: what goes together, and how two numbers are brought to one scale."""

from __future__ import annotations

from dataclasses import replace

from siyu.core.ir import Const, Expr
from siyu.semantics import ranges
from siyu.semantics.build import Scope, error_value
from siyu.semantics.make import call, const, is_error
from siyu.semantics.phrases import phrase
from siyu.semantics.ranges import Range
from siyu.semantics.type_errors import (
    LostDigits,
    MonthsAndDays,
    NeedsUnit,
    TooLarge,
    TwoCurrencies,
    WrongType,
)  # fmt: skip
from siyu.text import Span
from siyu.types import (
    INT,
    SECONDS,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    DurationUnit,
    EnumType,
    IntType,
    MoneyType,
    NumberType,
    SetType,
    TextType,
    Type,
    scale_of,
)  # fmt: skip
from siyu.words import Said, say


def plain(kind: Type) -> bool:
    """Whether the type is of numbers without a unit."""
    return isinstance(kind, (IntType, DecimalType))


def like(kind: NumberType, scale: int, reach: Range) -> NumberType:
    """A number of the same unit with another scale and range."""
    low, high = reach
    match kind:
        case IntType():
            return IntType(low, high) if scale == 0 else DecimalType(scale, low, high)
        case DecimalType():
            return DecimalType(scale, low, high)
        case MoneyType():
            return MoneyType(kind.currency, scale, low, high)
        case DurationType():
            return DurationType(kind.unit, scale, low, high)


def checked(expr: Expr, scope: Scope, span: Span) -> Expr:
    """The expression, or an error where its range needs more than 38 digits."""
    reach = ranges.bounds(expr.type)
    if ranges.fits(reach):
        return expr
    scope.build.report(TooLarge(span, len(str(max(abs(reach[0]), abs(reach[1]))))))
    return error_value(span)


def rescale(expr: Expr, scale: int) -> Expr:
    """A number with more digits after the point, or with fewer, rounded half up."""
    kind = ranges.number(expr.type)
    if kind is None or scale == scale_of(kind):
        return expr
    step = scale - scale_of(kind)
    target = like(kind, scale, ranges.shifted(ranges.bounds(kind), step))
    return call("rescale", target, expr, const(step, INT), span=expr.span)


def same_unit(a: DurationType, b: DurationType) -> DurationUnit | None:
    """The finer of two units; None between months and the rest.

    >>> same_unit(DurationType("day"), DurationType("hour"))
    'hour'
    """
    if "month" in (a.unit, b.unit):
        return "month" if a.unit == b.unit else None
    return a.unit if SECONDS[a.unit] <= SECONDS[b.unit] else b.unit


def in_unit(expr: Expr, unit: DurationUnit) -> Expr:
    """A duration in a finer unit."""
    kind = expr.type
    assert isinstance(kind, DurationType)
    if kind.unit == unit:
        return expr
    factor = SECONDS[kind.unit] // SECONDS[unit]
    target = DurationType(unit, kind.scale, kind.low * factor, kind.high * factor)
    return call("mul", target, expr, const(factor, INT), span=expr.span)


def paired(a: Expr, b: Expr, scope: Scope, span: Span) -> tuple[Expr, Expr] | None:
    """Two numbers of one family in one unit, each in its own scale. None: they do not go together,
    reported where only the unit is at fault; then both come back as errors."""
    x, y = a.type, b.type
    failed = (error_value(span), error_value(span))
    match x, y:
        case (IntType() | DecimalType(), IntType() | DecimalType()):
            return a, b
        case MoneyType(), MoneyType():
            if x.currency == y.currency:
                return a, b
            scope.build.report(TwoCurrencies(span, x.currency, y.currency))
            return failed
        case DurationType(), DurationType():
            unit = same_unit(x, y)
            if unit is not None:
                return in_unit(a, unit), in_unit(b, unit)
            scope.build.report(MonthsAndDays(span))
            return failed
        case _:
            return None


def level_scales(*exprs: Expr) -> tuple[Expr, ...]:
    """Numbers of one unit, all with the largest of their scales."""
    scale = max(scale_of(expr.type) for expr in exprs)
    return tuple(rescale(expr, scale) for expr in exprs)


def wider(exprs: tuple[Expr, ...], reach: Range) -> NumberType:
    """The type of a result made of numbers of one unit and scale: decimal where one of them is."""
    kinds = [kind for expr in exprs if (kind := ranges.number(expr.type)) is not None]
    chosen = next((kind for kind in kinds if not isinstance(kind, IntType)), kinds[0])
    return ranges.within(chosen, reach)


def coerce(expr: Expr, to: Type, scope: Scope, span: Span) -> Expr:
    """The value as one of the type `to`, with its scale and unit.

    Digits are added where needed and never dropped in silence: what would lose some is an error,
    as is any other type. The result's range is that of the value.
    """
    if is_error(expr) or is_error(error_of(to)):
        return expr
    found, wanted = ranges.number(expr.type), ranges.number(to)
    if found is None or wanted is None:
        return _same_type(expr, to, scope, span)
    pair = paired(expr, Const(0, to), scope, span)
    if pair is None:
        return _wrong(expr, to, scope, span)
    if is_error(pair[0]):
        return pair[0]
    return _fitted(expr, wanted, scope, span)


def alike(value: Expr, example: Expr, scope: Scope, span: Span) -> bool:
    """Whether a number is of the same unit as another one; False after a report at `span`, or
    where one of them was reported before."""
    if is_error(value, example):
        return False
    pair = paired(value, example, scope, span)
    if pair is None:
        _wrong(value, example.type, scope, span)
    return pair is not None and not is_error(*pair)


def write_money(number: Expr, kind: MoneyType) -> Said:
    """That a number stands where an amount is meant."""
    example = in_money(number, kind)
    return say("write the number with its currency, as in `{example}`", example=example)


def in_money(expr: Expr, kind: MoneyType) -> str:
    """A number as an amount, as an author writes it: `5 yuan`."""
    whole = isinstance(expr, Const) and isinstance(expr.type, IntType)
    number = expr.value if isinstance(expr, Const) and whole else 5
    return f"{number} {'yuan' if kind.currency in ('CNY', '') else kind.currency}"


def error_of(kind: Type) -> Expr:
    """A stand-in value of a type, to ask questions about types only."""
    return Const(None, kind)


def _fitted(expr: Expr, to: NumberType, scope: Scope, span: Span) -> Expr:
    if isinstance(expr.type, DurationType) and isinstance(to, DurationType):
        expr = _in_given_unit(expr, expr.type, to.unit)
        if isinstance(expr.type, DurationType) and expr.type.unit != to.unit:
            return _wrong(expr, to, scope, span)
    have, want = scale_of(expr.type), scale_of(to)
    if have > want and not _exact(expr, have - want):
        scope.build.report(LostDigits(span, have, want))
        return error_value(span)
    moved = rescale(expr, want)
    return retyped(moved, like(to, want, ranges.bounds(moved.type)))


def retyped(expr: Expr, kind: Type) -> Expr:
    """The same held value, taken as a value of another type."""
    if expr.type == kind:
        return expr
    return call("rescale", kind, expr, const(0, INT), span=expr.span)


def _exact(expr: Expr, digits: int) -> bool:
    return isinstance(expr, Const) and isinstance(expr.value, int) and expr.value % 10**digits == 0


def _in_given_unit(expr: Expr, kind: DurationType, unit: DurationUnit) -> Expr:
    """In a finer unit always, in a coarser one only where a constant comes out even."""
    if kind.unit == unit or SECONDS[unit] < SECONDS[kind.unit]:
        return in_unit(expr, unit)
    factor = SECONDS[unit] // SECONDS[kind.unit]
    if isinstance(expr, Const) and isinstance(expr.value, int) and expr.value % factor == 0:
        held = expr.value // factor
        return const(held, replace(kind, unit=unit, low=held, high=held), expr.span)
    return expr


def _same_type(expr: Expr, to: Type, scope: Scope, span: Span) -> Expr:
    if expr.type == to or (isinstance(expr.type, SetType) and isinstance(to, SetType)):
        return expr if expr.type == to else _wrong(expr, to, scope, span)
    zone = const(scope.build.timezone, TextType())
    match expr.type, to:
        case DateTimeType(), DateType():
            return call("local_date", to, expr, zone, span=expr.span)
        case DateType(), DateTimeType():
            return call("day_start", to, expr, zone, span=expr.span)
        case _:
            return _wrong(expr, to, scope, span)


def _wrong(expr: Expr, to: Type, scope: Scope, span: Span) -> Expr:
    if isinstance(to, DurationType) and plain(expr.type):
        scope.build.report(NeedsUnit(span, phrase(expr.type), _example(expr, to)))
    else:
        scope.build.report(WrongType(span, phrase(expr.type), phrase(to), _advice(expr, to)))
    return error_value(span)


def _example(expr: Expr, to: DurationType) -> str:
    number = expr.value if isinstance(expr, Const) and isinstance(expr.type, IntType) else 30
    return f"{number} {'months' if to.unit == 'month' else 'days'}"


def _advice(expr: Expr, to: Type) -> Said:
    match expr.type, to:
        case ((IntType() | DecimalType()), MoneyType()):
            return say("write the amount with its currency, as in `{example}`",
                       example=in_money(expr, to))  # fmt: skip
        case MoneyType(), (IntType() | DecimalType()) if isinstance(expr, Const):
            return say("write the number without a currency")
        case MoneyType(), (IntType() | DecimalType()):
            return say("divide it by an amount to get a plain number, as in `x / (1 yuan)`")
        case TextType(), EnumType():
            return say("write the word without quotes")
        case _, TextType():
            return say("write text in quotes")
        case DurationType(), DurationType():
            return say("say it in the same unit")
        case _:
            return say("give {wanted}", wanted=phrase(to))
