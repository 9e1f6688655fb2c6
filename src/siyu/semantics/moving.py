"""Dates and moments moved by durations, and the time between two of them.

Days and months move the local clock, months clamp to the last day of the month, hours elapse.
"""

from __future__ import annotations

from siyu.core.ir import Const, Expr
from siyu.semantics import ranges
from siyu.semantics.build import Scope, error_value
from siyu.semantics.make import call, const, is_error
from siyu.semantics.phrases import UNITS, phrase
from siyu.semantics.type_errors import DateHasNoHours, NeedsUnit, PartOfDay, WrongType
from siyu.semantics.units import in_unit, like, plain, rescale
from siyu.text import Span
from siyu.types import (
    DATE,
    DATETIME,
    INT,
    TEXT,
    DateTimeType,
    DateType,
    DurationType,
    IntType,
    Type,
    scale_of,
)  # fmt: skip
from siyu.words import say

ALL_DAYS = 3_652_058  # from the first day of the year 1 to the last of 9999
ALL_MONTHS = 12 * 9999


def zone(scope: Scope) -> Const:
    """The policy's time zone, as functions take it."""
    return const(scope.build.timezone, TEXT)


def local_date(moment: Expr, scope: Scope) -> Expr:
    """The date on the policy's calendar; a date is one already."""
    if not isinstance(moment.type, DateTimeType):
        return moment
    return call("local_date", DATE, moment, zone(scope), span=moment.span)


def day_start(day: Expr, scope: Scope) -> Expr:
    """The first moment of a date."""
    return call("day_start", DATETIME, day, zone(scope), span=day.span)


def later(time: Expr, length: Expr, scope: Scope, span: Span) -> Expr:
    """A date or moment moved on by a duration."""
    return _moved(time, length, 1, scope, span)


def earlier(time: Expr, length: Expr, scope: Scope, span: Span) -> Expr:
    """A date or moment moved back by a duration."""
    return _moved(time, length, -1, scope, span)


def _moved(time: Expr, length: Expr, sign: int, scope: Scope, span: Span) -> Expr:
    steps = _steps(time.type, length, scope, span)
    if is_error(time, length, steps):
        return error_value(span)
    assert isinstance(steps.type, DurationType)
    reach = ranges.bounds(steps.type)
    if sign < 0:
        other = ranges.within(steps.type, (-reach[1], -reach[0]))
        steps = call("neg", other, steps, span=length.span)
    match time.type, length.type:
        case DateType(), DurationType(unit="month"):
            return call("add_months", DATE, time, steps, span=span)
        case DateType(), _:
            return call("add", DATE, time, steps, span=span)
        case _, DurationType(unit="month"):
            return call("shift_months", DATETIME, time, steps, zone(scope), span=span)
        case _, DurationType(unit="day"):
            return call("shift_days", DATETIME, time, steps, zone(scope), span=span)
        case _:
            return call("shift_seconds", DATETIME, time, steps, span=span)


def _steps(moved: Type, length: Expr, scope: Scope, span: Span) -> Expr:
    """How many whole days, months or seconds a date or moment moves."""
    kind = length.type
    if is_error(length):
        return length
    if not isinstance(kind, DurationType):
        return not_a_length(length, scope, length.span)
    if kind.unit in ("day", "month"):
        return _whole(length, kind, scope)
    if isinstance(moved, DateType):
        scope.build.report(DateHasNoHours(span, UNITS[kind.unit]))
        return error_value(span)
    return rescale(in_unit(length, "second"), 0)


def not_a_length(value: Expr, scope: Scope, span: Span) -> Expr:
    """Reports a value that stands where a duration is needed."""
    if plain(value.type):
        number = value.value if isinstance(value, Const) and value.type == INT else 30
        scope.build.report(NeedsUnit(span, phrase(value.type), f"{number} days"))
    else:
        advice = say("write a length of time, as in `30 days`")
        scope.build.report(WrongType(span, phrase(value.type), say("a length of time"), advice))
    return error_value(span)


def _whole(length: Expr, kind: DurationType, scope: Scope) -> Expr:
    if kind.scale == 0:
        return length
    unit = 10**kind.scale
    if isinstance(length, Const) and isinstance(length.value, int) and length.value % unit == 0:
        return rescale(length, 0)
    scope.build.report(PartOfDay(length.span, UNITS[kind.unit]))
    return error_value(length.span)


def whole(expr: Expr, function: str) -> Expr:
    """A number rounded to a whole one by `floor` or `ceil`, of the same unit."""
    kind = ranges.number(expr.type)
    assert kind is not None
    low, high = (bound // 10 ** scale_of(kind) for bound in ranges.bounds(kind))
    target = like(kind, 0, (low, high + 1))
    if plain(kind):
        target = IntType(low, high + 1)
    if scale_of(kind) == 0:
        return expr
    return call(function, target, expr, const(scale_of(kind), INT), span=expr.span)


def elapsed(start: Expr, end: Expr, scope: Scope, span: Span) -> Expr:
    """From one to the other: days of the calendar, or seconds where both are moments."""
    if isinstance(start.type, DateTimeType) and isinstance(end.type, DateTimeType):
        kind = DurationType("second", 0, -ALL_DAYS * 86_400, ALL_DAYS * 86_400)
        return call("seconds_between", kind, start, end, span=span)
    days = DurationType("day", 0, -ALL_DAYS, ALL_DAYS)
    return call("sub", days, local_date(end, scope), local_date(start, scope), span=span)
