"""How values stand in the files of a run: what each held type becomes in a column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, assert_never

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
    minor_digits,
)

NARROW = 18  # digits that 64 bits hold
WIDEST = 38
EPOCH_DAY = 719_163  # the ordinal of 1970-01-01
SECOND = 1_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Number:
    """A number of `scale` digits after the point: BIGINT where that is none, else DECIMAL with 18
    digits in all, or 38 where it is `wide`."""

    scale: int
    wide: bool = False


Plain = Literal["bool", "text", "date", "instant", "texts", "geo"]
Published = Plain | Number


def published(kind: Type) -> Published:
    """What a held value of a type becomes.

    >>> published(MoneyType("CNY", 6))
    Number(scale=2, wide=False)
    """
    match kind:
        case BoolType():
            return "bool"
        case IntType() | DecimalType() | MoneyType() | DurationType():
            return _number(kind)
        case DateType():
            return "date"
        case DateTimeType():
            return "instant"
        case TimeType() | TextType() | EnumType() | LevelType() | ErrorType():
            return "text"
        case SetType():
            return "texts"
        case GeoType():
            return "geo"
        case _:
            assert_never(kind)


def scales(kind: Type) -> tuple[int, int]:
    """Digits after the point of a number as it is held, and as it is published."""
    match kind:
        case MoneyType():
            return kind.scale, minor_digits(kind.currency)
        case DecimalType() | DurationType():
            return kind.scale, kind.scale
        case _:
            return 0, 0


def _number(kind: IntType | DecimalType | MoneyType | DurationType) -> Number:
    held, out = scales(kind)
    return Number(out, digits(kind) + max(out - held, 0) > NARROW)


def digits(kind: Type) -> int:
    """The most digits that a number of this type is held with."""
    low, high = getattr(kind, "low", 0), getattr(kind, "high", 0)
    return len(str(max(abs(low), abs(high))))


def together(kinds: Iterable[Published]) -> Published | None:
    """What a column becomes that holds several of them: numbers with the most digits after the
    point, the same as it is, anything else as text; None for nothing at all."""
    found = list(dict.fromkeys(kinds))
    if not found:
        return None
    numbers = [each for each in found if isinstance(each, Number)]
    if len(numbers) == len(found):
        return Number(max(n.scale for n in numbers), any(n.wide for n in numbers))
    return found[0] if len(found) == 1 else "text"


def step(scale: int) -> str:
    """The least decimal of so many digits after the point, as SQL.

    >>> step(2)
    "CAST('0.01' AS DECIMAL(2, 2))"
    """
    return f"CAST('0.{'0' * (scale - 1)}1' AS DECIMAL({scale}, {scale}))"
