"""Held values as expressions of their JSON text, type by type, for the generated writer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from siyu.decision.values import money_text, plain_value
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

CENTS = tuple(f"{cent:02d}" for cent in range(100))
HandIn = Callable[[object], str]  # gives the name by which the source knows a value


def leaf_text(kind: Type, v: str, hand_in: HandIn) -> str:
    """An expression of the JSON text of the held value in the variable `v`."""
    match kind:
        case BoolType():
            return f"BOOLS[{v}]"
        case IntType():
            return f"('null' if {v} is None else str({v}))"
        case EnumType():
            return f"QUOTED[{v}]"
        case TextType() | LevelType() | ErrorType():
            return f"('null' if {v} is None else quote({v}))"
        case DateType():
            return f"DATES[{v}]"
        case DateTimeType():
            return f"INSTANTS[{v}]"
        case SetType():
            return f"set_text({v})"
        case DecimalType():
            return _number(v, kind.scale, "")
        case DurationType():
            return _number(v, kind.scale, f" {kind.unit}s")
        case MoneyType() if kind.scale == minor_digits(kind.currency):
            return _number(v, kind.scale, "")
        case MoneyType():
            return _rounded(v, kind, hand_in(_money(kind)))
        case TimeType() | GeoType():
            return f"{hand_in(_plain(kind))}({v})"
        case _:
            assert_never(kind)


def _number(v: str, scale: int, unit: str) -> str:
    if scale == 0:
        return f"""('null' if {v} is None else f'"{{{v}}}{unit}"')"""
    split, below = _split(v, scale), f"-{_split(f'-{v}', scale)}"
    return (
        f"""('null' if {v} is None else f'"{split}{unit}"' if {v} >= 0"""
        f""" else f'"{below}{unit}"')"""
    )


def _split(v: str, scale: int) -> str:
    """The digits before and after the point, as the inside of an f-string."""
    power = 10**scale
    after = f"CENTS[{v} % 100]" if scale == 2 else f"{v} % {power}:0{scale}d"
    return f"{{{v} // {power}}}.{{{after}}}"


def _rounded(v: str, kind: MoneyType, careful: str) -> str:
    """An amount with more digits than are paid; what is below zero is left to `careful`."""
    unit = 10 ** (kind.scale - minor_digits(kind.currency))
    if minor_digits(kind.currency) != 2 or unit < 10:
        return f"{careful}({v})"
    whole = f"{{(r := ({v} + {unit // 2}) // {unit}) // 100}}.{{CENTS[r % 100]}}"
    return f"""('null' if {v} is None else f'"{whole}"' if {v} >= 0 else {careful}({v}))"""


def _money(kind: MoneyType) -> Callable[[int | None], str]:
    return lambda value: "null" if value is None else f'"{money_text(value, kind)}"'


def _plain(kind: Type) -> Callable[[Any], str]:
    return lambda value: json.dumps(
        plain_value(kind, value, ZoneInfo("UTC")), separators=(",", ":")
    )
