"""How types and values are called when speaking to an author."""

from __future__ import annotations

from typing import assert_never

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)  # fmt: skip
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    ErrorType,
    GeoType,
    IntType,
    LevelType,
    MoneyType,
    SetType,
    TextType,
    TimeType,
    Type,
)  # fmt: skip
from siyu.words import Said, say

UNITS = {
    "day": say("days"), "hour": say("hours"), "minute": say("minutes"), "second": say("seconds"),
    "month": say("months"), "week": say("weeks"), "year": say("years"),
    "quarter": say("quarters"),
}  # fmt: skip
NUMBERS_OF = {
    "day": say("a number of days"), "hour": say("a number of hours"),
    "minute": say("a number of minutes"), "second": say("a number of seconds"),
    "month": say("a number of months"),
}  # fmt: skip
# What an author calls the kinds of declarations, by the word that begins them.
KINDS = {
    "param": say("param"), "metric": say("metric"), "view": say("view"),
    "segment": say("segment"), "classify": say("classification"), "score": say("score"),
    "tier": say("tier"), "account": say("account"), "points": say("points rule"),
    "incentive": say("incentive"), "group": say("group"), "table": say("table"),
    "contact": say("contact"), "contact policy": say("contact policy"),
    "recommend": say("recommendation"), "indicator": say("indicator"), "ensure": say("claim"),
    "test": say("test"), "identity": say("identity"),
    "calendar": say("calendar"),
}  # fmt: skip
A_KIND = {
    "param": say("a param"), "metric": say("a metric"), "view": say("a view"),
    "segment": say("a segment"), "classify": say("a classification"), "score": say("a score"),
    "tier": say("a tier"), "account": say("an account"), "points": say("a points rule"),
    "incentive": say("an incentive"), "group": say("a group"), "table": say("a table"),
    "contact": say("a contact"), "contact policy": say("a contact policy"),
    "recommend": say("a recommendation"), "indicator": say("an indicator"),
    "ensure": say("a claim"), "test": say("a test"), "identity": say("an identity"),
    "calendar": say("a calendar"),
}  # fmt: skip


def phrase(kind: Type) -> Said:
    """A type in words, with its article where it has one.

    >>> str(phrase(MoneyType("CNY", 2))), str(phrase(DurationType("day")))
    ('an amount of money in CNY', 'a number of days')
    """
    match kind:
        case BoolType():
            return say("a condition")
        case IntType() | DecimalType():
            return say("a plain number")
        case MoneyType():
            if not kind.currency:
                return say("an amount of money")
            return say("an amount of money in {currency}", currency=kind.currency)
        case DurationType():
            return NUMBERS_OF[kind.unit]
        case DateType():
            return say("a date")
        case TimeType():
            return say("a time of day")
        case DateTimeType():
            return say("a date and time")
        case TextType():
            return say("text")
        case EnumType():
            return say("one of the words of `{name}`", name=kind.name)
        case LevelType():
            return say("a level of `{tier}`", tier=kind.tier)
        case SetType():
            return say("a set of words")
        case GeoType():
            return say("a place")
        case ErrorType():
            return say("a mistake")
        case _:
            assert_never(kind)


FUNCTION_SIGNS = {"div": "a division", "anniversary": "the anniversary"}


TODAY = "as_of~day"  # the binding that holds the local date of `as_of`


def _of_days(function: str, day: Expr, listed: str) -> str:
    """What asks for a day of a calendar, as an author writes it."""
    if function != "on_day":
        return f"{function.removesuffix('_day')}({listed})"
    if isinstance(day, Call) and day.function == "local_date":
        day = day.args[0]
    asked = "today" if isinstance(day, Ref) and day.name == TODAY else called(day)
    return f"({asked} is {listed})"


def called(expr: Expr) -> str:
    """What an author calls a value: its name, or the operation that made it."""
    match expr:
        case Ref() | Column():
            return expr.name
        case Input(origin="event"):
            return f"event.{expr.name.partition('.')[2]}"
        case Input():
            return expr.name
        case Aggregate():
            return f"{expr.op}(…)"
        case Call("on_day" | "next_day" | "last_day" as asked, (day, Const(value=tuple(listed)))):
            return _of_days(asked, day, str(listed[0]))
        case Call():
            return FUNCTION_SIGNS.get(expr.function, f"{expr.function}(…)")
        case Coalesce() if isinstance(expr.value, Input):
            return called(expr.value)
        case Const() | Not() | And() | Or() | Known() | Coalesce() | Cases() | Contest():
            return "the value"
        case _:
            assert_never(expr)
