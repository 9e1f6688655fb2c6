"""Numbers, dates and times as they are written."""

from __future__ import annotations

from datetime import date

from siyu.core.ir import Const, Expr
from siyu.semantics.build import Scope, error_value
from siyu.semantics.make import call, const
from siyu.semantics.moving import zone
from siyu.semantics.type_errors import LostDigits, NoSuchMoment, TooLarge
from siyu.semantics.units import checked
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import (
    DATE,
    DATETIME,
    INT,
    MAX_DIGITS,
    MAX_SCALE,
    TEXT,
    TIME,
    DecimalType,
    DurationType,
    DurationUnit,
    IntType,
    MoneyType,
    minor_digits,
)  # fmt: skip
from siyu.words import say

BIG = {"万": 4, "亿": 8, None: 0}
# A written unit as a unit of durations, and how many of it.
LENGTHS: dict[str, tuple[DurationUnit, int]] = {
    "minute": ("minute", 1), "hour": ("hour", 1), "day": ("day", 1), "week": ("day", 7),
    "month": ("month", 1), "quarter": ("month", 3), "year": ("month", 12),
}  # fmt: skip
METRES = {"m": 1, "km": 1_000}  # distances are plain numbers of metres


def number(node: ast.Number, scope: Scope) -> Expr:
    """A constant with the digits as written; money has at least its minor digits."""
    digits = len(node.digits) - node.digits.count(".")
    if digits > MAX_DIGITS:
        scope.build.report(TooLarge(node.span, digits))
        return error_value(node.span)
    held, scale = _scaled(node)
    if scale > MAX_SCALE:
        scope.build.report(LostDigits(node.span, scale, MAX_SCALE))
        return error_value(node.span)
    return checked(_typed(held, scale, node.unit, node.span), scope, node.span)


def _scaled(node: ast.Number) -> tuple[int, int]:
    """The digits as an integer and its scale: `1.2 亿` is 120 000 000 and 0, `5%` 5 and 2."""
    whole, _, fraction = node.digits.partition(".")
    held, scale = int(whole + fraction), len(fraction)
    power = BIG[node.big] - (2 if node.unit == "%" else 0)
    if power > scale:
        return held * 10 ** (power - scale), 0
    return held, scale - power


def _typed(held: int, scale: int, unit: str | None, span: Span) -> Const:
    if unit in METRES:
        held, unit = held * METRES[unit], None
    if unit is None or unit == "%":
        kind = DecimalType(scale, held, held) if scale or unit else IntType(held, held)
        return const(held, kind, span)
    if unit in LENGTHS:
        name, factor = LENGTHS[unit]
        held *= factor
        return const(held, DurationType(name, scale, held, held), span)
    more = max(minor_digits(unit) - scale, 0)
    held *= 10**more
    return const(held, MoneyType(unit, scale + more, held, held), span)


def day(node: ast.Date, scope: Scope) -> Expr:
    """A date, if the calendar has it."""
    held = _ordinal(node.text, node.span, scope)
    return error_value(node.span) if held is None else const(held, DATE, node.span)


def moment(node: ast.DateTime, scope: Scope) -> Expr:
    """A date and a time of day on the policy's clock."""
    days, seconds = _ordinal(node.date, node.span, scope), _seconds(node.time, node.span, scope)
    if days is None or seconds is None:
        return error_value(node.span)
    parts = const(days, DATE), const(seconds, TIME)
    return call("at", DATETIME, *parts, zone(scope), span=node.span)


def clock(node: ast.Time, scope: Scope) -> Expr:
    """A time of day, in seconds since midnight; `24:00` is the end of the day."""
    held = _seconds(node.text, node.span, scope)
    return error_value(node.span) if held is None else const(held, TIME, node.span)


def _ordinal(text: str, span: Span, scope: Scope) -> int | None:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        advice = say("write a day of the calendar, as in `2026-11-21`")
        scope.build.report(NoSuchMoment(span, text, say("a date"), advice))
        return None


def _seconds(text: str, span: Span, scope: Scope) -> int | None:
    hours, _, minutes = text.partition(":")
    held = (int(hours) * 60 + int(minutes)) * 60
    if int(minutes) < 60 and held <= 86_400:
        return held
    advice = say("write a time of day, as in `20:00`")
    scope.build.report(NoSuchMoment(span, text, say("a time of day"), advice))
    return None


def text(node: ast.Text) -> Expr:
    return const(node.value, TEXT, node.span)


ONE = const(1, INT)
