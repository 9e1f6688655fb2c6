"""The moment of the decision, and periods around it.

`last N` is (t - N, t] and `next N` is [t, t + N); for dates N days including today. `last N ending
M ago` is `last N` as seen from t - M. Calendar
periods are those that hold the local date of `as_of`. Bounds are built from `as_of` alone, so that
an evaluator finds them once however many rows there are.
"""

from __future__ import annotations

from typing import Literal

from siyu.core.ir import Const, Expr, Input, Ref
from siyu.semantics import make
from siyu.semantics.build import Scope, error_value
from siyu.semantics.compare import between, compare
from siyu.semantics.literals import LENGTHS, ONE, day, number
from siyu.semantics.make import call, const, is_error
from siyu.semantics.moving import (
    ALL_DAYS,
    ALL_MONTHS,
    day_start,
    earlier,
    elapsed,
    later,
    local_date,
    not_a_length,
)  # fmt: skip
from siyu.semantics.phrases import TODAY, UNITS, phrase
from siyu.semantics.type_errors import (
    Backwards,
    DateHasNoHours,
    NotALength,
    WrongType,
)  # fmt: skip
from siyu.syntax import ast
from siyu.text import NOWHERE, Span
from siyu.types import (
    BOOL,
    DATE,
    DATETIME,
    INT,
    TEXT,
    DateTimeType,
    DateType,
    DurationType,
)  # fmt: skip
from siyu.words import say

Direction = Literal["last", "next"]


def as_of(scope: Scope, span: Span = NOWHERE) -> Expr:
    """The moment of the decision."""
    return Input("request", "as_of", DATETIME, optional=False, span=span)


def today(scope: Scope) -> Expr:
    """The local date of `as_of`, found once for the whole policy."""
    if TODAY not in scope.build.bindings:
        scope.build.bind(TODAY, local_date(as_of(scope), scope), 0, optional=False)
    return Ref(TODAY, DATE)


def is_day(time: Expr) -> bool:
    return isinstance(time.type, DateType)


def _needs_time(time: Expr, scope: Scope) -> bool:
    """Reports what is neither a date nor a moment; False after a report."""
    if isinstance(time.type, (DateType, DateTimeType)):
        return True
    if not is_error(time):
        advice = say("name a field that holds a date, or a date and time")
        scope.build.report(WrongType(time.span, phrase(time.type), say("a date"), advice))
    return False


def now_for(time: Expr, scope: Scope) -> Expr:
    """What a time is measured against: today for dates, `as_of` for moments."""
    return today(scope) if is_day(time) else as_of(scope)


def until_now(time: Expr, scope: Scope) -> Expr:
    """That a row of this time exists at `as_of`."""
    return compare("<=", time, now_for(time, scope), scope, time.span)


# ------------------------------------------------------------------------------ last and next


def around_now(
    time: Expr,
    direction: Direction,
    length: Expr,
    scope: Scope,
    span: Span,
    ago: Expr | None = None,
) -> Expr:
    """Whether a date or moment lies within the last or next `length`; with `ago`, as seen from so
    much earlier: the period then meets that of `last ago` without a gap."""
    given = [length] if ago is None else [length, ago]
    if not _needs_time(time, scope) or is_error(*given):
        return error_value(span)
    fits = [_is_length(each, time, scope) for each in given]
    if not all(fits):
        return error_value(span)
    now = now_for(time, scope) if ago is None else earlier(now_for(time, scope), ago, scope, span)
    if direction == "last":
        start = earlier(now, length, scope, span)
        return make.all_of(
            compare(">", time, start, scope, span), compare("<=", time, now, scope, span), span=span
        )
    end = later(now, length, scope, span)
    return make.all_of(
        compare(">=", time, now, scope, span), compare("<", time, end, scope, span), span=span
    )


def _is_length(length: Expr, time: Expr, scope: Scope) -> bool:
    """Whether a period can have this length around times of this kind; False after a report."""
    kind = length.type
    if not isinstance(kind, DurationType):
        not_a_length(length, scope, length.span)
        return False
    if isinstance(length, Const) and isinstance(length.value, int) and length.value <= 0:
        scope.build.report(NotALength(length.span))
        return False
    if is_day(time) and kind.unit not in ("day", "month"):
        scope.build.report(DateHasNoHours(length.span, UNITS[kind.unit]))
        return False
    return True


def anniversary_around(
    time: Expr, direction: Direction, length: Expr, scope: Scope, span: Span
) -> Expr:
    """Whether an anniversary of any year lies within the last or next `length` days or months."""
    date = local_date(time, scope)
    if not _needs_time(date, scope) or is_error(length) or not _is_length(length, date, scope):
        return error_value(span)
    now = today(scope)
    if direction == "last":
        start = earlier(now, length, scope, span)
        first, last = call("add", DATE, start, ONE), now
    else:
        first, last = now, call("sub", DATE, later(now, length, scope, span), ONE)
    if is_error(first, last):
        return error_value(span)
    return call("anniversary_near", BOOL, date, first, last, span=span)


# ------------------------------------------------------------------------------ the calendar


def in_period(time: Expr, unit: str, scope: Scope, span: Span) -> Expr:
    """Whether the local date lies in this day, week, month, quarter or year."""
    if not _needs_time(time, scope) or not _is_period(unit, scope, span):
        return error_value(span)
    first, last = _period(unit, scope)
    return between(local_date(time, scope), first, last, scope, span)


def anniversary_in_period(time: Expr, unit: str, scope: Scope, span: Span) -> Expr:
    """Whether an anniversary lies in this day, week, month, quarter or year: in the first year
    there is none, which is false and not unknown."""
    date = local_date(time, scope)
    if not _needs_time(date, scope) or not _is_period(unit, scope, span):
        return error_value(span)
    return call("anniversary_near", BOOL, date, *_period(unit, scope), span=span)


def _is_period(unit: str, scope: Scope, span: Span) -> bool:
    if unit in ("day", "week", "month", "quarter", "year"):
        return True
    advice = say("write `within last 1 {unit}`", unit=unit)
    wanted = say("a period of the calendar")
    scope.build.report(WrongType(span, say("one {unit}", unit=unit), wanted, advice))
    return False


def _period(unit: str, scope: Scope) -> tuple[Expr, Expr]:
    """First and last day of the calendar period that holds today."""
    name = const(unit, TEXT)
    now = today(scope)
    return call("period_start", DATE, now, name), call("period_end", DATE, now, name)


def in_over(time: Expr, over: ast.Over, length: Expr, ago: Expr | None, scope: Scope) -> Expr:
    """Whether a row of this time is picked by `over last N` or `over next N`, or by
    `over last N ending M ago`."""
    return around_now(time, over.direction, length, scope, over.span, ago)


def in_window(time: Expr, window: ast.Window, scope: Scope, span: Span) -> Expr:
    """Whether a row of this time counts in a window: calendar `per week`, rolling `per 24 hours`.

    `ever`, `per posting` and `per run` are for all time: true. Rows later than `as_of` never count.
    """
    if window.unit in ("ever", "posting", "run"):
        return make.true
    if window.count is not None:
        length = number(ast.Number(window.count, window.unit, span=window.span), scope)
        return around_now(time, "last", length, scope, span)
    if not _needs_time(time, scope):
        return error_value(span)
    start = _window_start(time, window.unit, scope)
    return make.all_of(compare(">=", time, start, scope, span), until_now(time, scope), span=span)


def _window_start(time: Expr, unit: str, scope: Scope) -> Expr:
    """The first day or moment of the calendar window of `as_of`; of an hour, its full hour."""
    if unit in ("hour", "minute"):
        return _clock_start(unit, scope)
    first, _ = _period(unit, scope)
    return first if is_day(time) else day_start(first, scope)


def _clock_start(unit: str, scope: Scope) -> Expr:
    """The last full hour or minute of the local clock."""
    size = const(3_600 if unit == "hour" else 60, INT)
    zone = const(scope.build.timezone, TEXT)
    seconds = call("local_time", INT, as_of(scope), zone)
    full = call("quotient", INT, seconds, size, const("down", TEXT))
    return call("at", DATETIME, today(scope), call("mul", INT, full, size), zone)


# ------------------------------------------------------------------------------ counted time


def since(unit: str, time: Expr, until: bool, scope: Scope, span: Span) -> Expr:
    """How long ago, or with `until` how far ahead, in whole units: days by the local calendar,
    months by their days, hours and minutes as they elapse."""
    if not _needs_time(time, scope):
        return error_value(span)
    name, factor = LENGTHS[unit]
    if name in ("hour", "minute") and is_day(time):
        scope.build.report(DateHasNoHours(time.span, UNITS[unit]))
        return error_value(span)
    date = local_date(time, scope) if name in ("day", "month") else time
    now = today(scope) if name in ("day", "month") else as_of(scope)
    start, end = (now, date) if until else (date, now)
    return _by_steps(_counted(name, start, end, scope, span), factor, span)


def _counted(name: str, start: Expr, end: Expr, scope: Scope, span: Span) -> Expr:
    match name:
        case "day":
            return elapsed(start, end, scope, span)
        case "month":
            kind = DurationType("month", 0, -ALL_MONTHS, ALL_MONTHS)
            return call("months_between", kind, start, end, span=span)
        case _:
            limit = ALL_DAYS * (24 if name == "hour" else 1440)
            unit: Literal["hour", "minute"] = "hour" if name == "hour" else "minute"
            kind = DurationType(unit, 0, -limit, limit)
            return call(f"{name}s_between", kind, start, end, span=span)


def _by_steps(count: Expr, factor: int, span: Span) -> Expr:
    """Whole weeks as 7 days each, whole years as 12 months each, rounded down.

    `quotient` rounds towards zero, so the count is moved above zero meanwhile.
    """
    if factor == 1 or is_error(count):
        return count
    size, aside = const(factor, INT), const(ALL_DAYS * factor, INT)
    steps = call("quotient", INT, call("add", INT, count, aside), size, const("down", TEXT))
    return call("sub", count.type, call("mul", INT, steps, size), aside, span=span)


def anniversary(time: Expr, scope: Scope, span: Span) -> Expr:
    """This year's occurrence of a date; unknown in its first year."""
    if not _needs_time(time, scope):
        return error_value(span)
    return call("anniversary", DATE, local_date(time, scope), today(scope), span=span)


def effective_now(effective: ast.Effective, scope: Scope) -> Expr:
    """Whether a rule is in force today, both days included."""
    first, last = day(effective.first, scope), day(effective.last, scope)
    if is_error(first, last):
        return error_value(effective.span)
    written = effective.first.text, effective.last.text
    if written[0] > written[1]:
        scope.build.report(Backwards(effective.last.span, *written))
        return error_value(effective.span)
    return between(today(scope), first, last, scope, effective.span)
