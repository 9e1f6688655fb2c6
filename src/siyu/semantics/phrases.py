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

UNITS = {"day": "days", "hour": "hours", "minute": "minutes", "second": "seconds",
         "month": "months"}  # fmt: skip


def phrase(kind: Type) -> str:
    """A type in words, with its article where it has one.

    >>> phrase(MoneyType("CNY", 2)), phrase(DurationType("day"))
    ('an amount of money in CNY', 'a number of days')
    """
    match kind:
        case BoolType():
            return "a condition"
        case IntType() | DecimalType():
            return "a plain number"
        case MoneyType():
            return f"an amount of money in {kind.currency}".removesuffix(" in ")
        case DurationType():
            return f"a number of {UNITS[kind.unit]}"
        case DateType():
            return "a date"
        case TimeType():
            return "a time of day"
        case DateTimeType():
            return "a date and time"
        case TextType():
            return "text"
        case EnumType():
            return f"one of the words of `{kind.name}`"
        case LevelType():
            return f"a level of `{kind.tier}`"
        case SetType():
            return "a set of words"
        case GeoType():
            return "a place"
        case ErrorType():
            return "a mistake"
        case _:
            assert_never(kind)


FUNCTION_SIGNS = {"div": "a division", "anniversary": "the anniversary"}


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
        case Call():
            return FUNCTION_SIGNS.get(expr.function, f"{expr.function}(…)")
        case Coalesce() if isinstance(expr.value, Input):
            return called(expr.value)
        case Const() | Not() | And() | Or() | Known() | Coalesce() | Cases() | Contest():
            return "the value"
        case _:
            assert_never(expr)
