"""The types of the language, and how a value of each is held while deciding.

Numbers are exact: a decimal, an amount of money or a duration is an integer together with a scale
that is known before any record is seen (`19.90 yuan` is 1990 with scale 2). Held values:

| type | held as |
|---|---|
| bool, int, text | `bool`, `int`, `str` |
| decimal, money, duration | `int`, in units of 10^-scale (of the duration's unit) |
| date | `int`, proleptic ordinal (`datetime.date.toordinal`) |
| time | `int`, seconds since midnight |
| datetime | `int`, microseconds since 1970-01-01T00:00Z |
| enum | `str`, the member's name |
| set | `frozenset[str]` |
| geo | `tuple[float, float]`, latitude and longitude in degrees |
| unknown | `None`, whatever the type |

Types compare by what they are; their ranges (`low`, `high`: inclusive, held values) do not count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MAX_SCALE = 9
DIVISION_SCALE = 6
MAX_DIGITS = 38
MONEY_LIMIT = 10**9  # units, of a field without a range
NUMBER_LIMIT = 10**12
ROWS_LIMIT = 10**6  # rows of one collection of one customer

# ISO 4217 minor digits; a currency that is not here has two.
MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "TND": 3}


def minor_digits(currency: str) -> int:
    """Digits after the point in which amounts of a currency are paid.

    >>> minor_digits("CNY"), minor_digits("JPY")
    (2, 0)
    """
    return MINOR_DIGITS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class BoolType:
    pass


@dataclass(frozen=True, slots=True)
class IntType:
    low: int = field(default=-NUMBER_LIMIT, compare=False)
    high: int = field(default=NUMBER_LIMIT, compare=False)


@dataclass(frozen=True, slots=True)
class DecimalType:
    scale: int
    low: int = field(default=-(10**18), compare=False)
    high: int = field(default=10**18, compare=False)


@dataclass(frozen=True, slots=True)
class MoneyType:
    currency: str
    scale: int
    low: int = field(default=-(10**15), compare=False)
    high: int = field(default=10**15, compare=False)


DurationUnit = Literal["day", "hour", "minute", "second", "month"]
SECONDS: dict[str, int] = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}


@dataclass(frozen=True, slots=True)
class DurationType:
    """Weeks are days, years are months. Months never compare with the other units."""

    unit: DurationUnit
    scale: int = 0
    low: int = field(default=-(10**12), compare=False)
    high: int = field(default=10**12, compare=False)


@dataclass(frozen=True, slots=True)
class DateType:
    pass


@dataclass(frozen=True, slots=True)
class TimeType:
    pass


@dataclass(frozen=True, slots=True)
class DateTimeType:
    pass


@dataclass(frozen=True, slots=True)
class TextType:
    pass


@dataclass(frozen=True, slots=True)
class EnumType:
    """`members` lowest first where ordered. Two enums are the same when their names are."""

    name: str
    members: tuple[str, ...] = field(default=(), compare=False)
    ordered: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class LevelType:
    """A schema's `level of member_level`; the policy's tier makes it an ordered enum."""

    tier: str


@dataclass(frozen=True, slots=True)
class SetType:
    item: TextType | EnumType


@dataclass(frozen=True, slots=True)
class GeoType:
    pass


@dataclass(frozen=True, slots=True)
class ErrorType:
    """Of what was already reported; agrees with everything, so that nothing is reported twice."""


NumberType = IntType | DecimalType | MoneyType | DurationType
Type = (
    BoolType | IntType | DecimalType | MoneyType | DurationType | DateType | TimeType
    | DateTimeType | TextType | EnumType | LevelType | SetType | GeoType | ErrorType
)  # fmt: skip

BOOL = BoolType()
INT = IntType()
DATE = DateType()
TIME = TimeType()
DATETIME = DateTimeType()
TEXT = TextType()
GEO = GeoType()
ERROR = ErrorType()


def scale_of(kind: Type) -> int:
    """Digits after the point of a number type; 0 for everything else."""
    match kind:
        case DecimalType() | MoneyType() | DurationType():
            return kind.scale
        case _:
            return 0
