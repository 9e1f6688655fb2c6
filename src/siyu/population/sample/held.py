"""Held values as they stand in a file, and which numbers are plausible for a field."""

from __future__ import annotations

from siyu.population.sample import shapes, words
from siyu.population.sample.model import Wish
from siyu.schema.model import Field
from siyu.types import (
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    IntType,
    LevelType,
    MoneyType,
    NumberType,
    TextType,
    TimeType,
    scale_of,
)

ORDINAL = shapes.EPOCH.toordinal()
UNBOUNDED = 10**9  # a lower bound below this says nothing


def customer_key(wish: Wish, number: str) -> str:
    """The key of the customer with a number from 0."""
    field = wish.schema.fields[wish.schema.key]
    if isinstance(field.type, IntType):
        return f"({number} + {max(1, field.type.low)})"
    return f"('M' || ({10 ** len(str(wish.customers))} + {number}))"


def number_table(field: Field, kind: NumberType, customer: bool) -> list[int]:
    """The quantiles of a number, going by its type, range and name."""
    unit = 10 ** scale_of(kind)
    low = kind.low if kind.low > -UNBOUNDED * unit else min(0, kind.high)
    high = kind.high
    if isinstance(kind, MoneyType):
        about_price = words.is_about(field, "price")
        whole = customer and words.is_about(field, "total")
        median = 39 if about_price else 1800 if whole else 168
        table = shapes.amounts(median, unit, low, high)
    elif words.is_about(field, "age"):
        table = shapes.bell(36 * unit, 11 * unit, max(low, 16 * unit), high)
    elif words.is_about(field, "share"):
        table = shapes.evenly(low, min(high, low + unit))
    elif high - low <= 200 * unit:
        table = shapes.evenly(low, high)
    elif words.is_about(field, "quantity"):
        table = shapes.few(low, high, unit)
    else:
        table = shapes.amounts(20, unit, low, high)
    return shapes.clamped(table, low, high)


def within(field: Field, day: str) -> str:
    """A day number, moved into the field's range."""
    if field.low is not None:
        day = f"greatest({day}, {field.low - ORDINAL})"
    if field.high is not None:
        day = f"least({day}, {field.high - ORDINAL})"
    return day


def as_column(field: Field, held: str) -> str:
    """A held value as it stands in a file; of a place the struct of its ten-thousandths."""
    match field.type:
        case DecimalType() | MoneyType() | DurationType() if scale_of(field.type) > 0:
            return as_decimal(held, field.type)
        case DateType():
            return f"(DATE '1970-01-01' + ({held})::INTEGER)"
        case DateTimeType():
            return f"make_timestamptz(({held})::BIGINT)"
        case TimeType():
            return f"(TIME '00:00:00' + to_seconds({held}))"
        case LevelType() | TextType():
            return f"({held})::VARCHAR"
        case _:
            return held


def as_decimal(held: str, kind: NumberType) -> str:
    """Digits shifted behind the point, exactly; as narrow as the range allows."""
    scale = scale_of(kind)
    digits = max(len(str(abs(kind.low))), len(str(abs(kind.high))))
    step = "0." + "0" * (scale - 1) + "1"
    if digits <= 18 - scale - 1:
        return f"(({held})::DECIMAL({17 - scale}, 0) * {step})::DECIMAL(18, {scale})"
    unit = 10**scale
    whole = f"(({held})::HUGEINT // {unit})::DECIMAL(38, {scale})"
    rest = f"(({held})::HUGEINT % {unit})::DECIMAL({scale}, 0) * {step}"
    return f"({whole} + ({rest})::DECIMAL(38, {scale}))::DECIMAL(38, {scale})"
