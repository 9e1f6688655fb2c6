"""Which settings stand where in a schema file, and which roles there are.

The published JSON Schema (`published.py`) says the same for editors; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from siyu.schema.model import CollectionRole
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
)

TOP = (
    "schema", "version", "labels", "extra", "enums", "customer", "collections", "events", "context",
    "profiles",
)  # fmt: skip
CUSTOMER = ("key", "fields")
CONTEXT = ("fields",)
PROFILES = ("key", "channel", "label", "fields")
COLLECTION = (
    "key", "time", "role", "default", "optional", "extra", "label", "fields", "collections",
)  # fmt: skip
EVENT = ("key", "time", "extra", "label", "fields")
FIELD = (
    "type", "label", "optional", "default", "min", "max", "scale", "currency", "unit",
    "pii", "immutable", "role",
)  # fmt: skip
ENUM = ("values", "ordered", "label")
LANGUAGES = ("zh", "en")

PLAIN_TYPES: dict[str, Type] = {
    "bool": BoolType(), "int": IntType(), "date": DateType(), "time": TimeType(),
    "datetime": DateTimeType(), "text": TextType(), "geo": GeoType(),
    "decimal": DecimalType(0), "money": MoneyType("", 2), "duration": DurationType("day"),
}  # fmt: skip
TYPE_WORDS = (*PLAIN_TYPES, "enum", "set of text", "set of enum", "level of")

# Which settings only some types have.
ONLY_FOR: dict[str, tuple[type, ...]] = {
    "min": (IntType, DecimalType, MoneyType, DurationType, DateType),
    "max": (IntType, DecimalType, MoneyType, DurationType, DateType),
    "scale": (DecimalType, MoneyType, DurationType),
    "currency": (MoneyType,),
    "unit": (DurationType,),
}

FIELD_ROLES = ("opt-out", "held level of TIER", "kept until of TIER")
COLLECTION_ROLES: tuple[CollectionRole, ...] = get_args(CollectionRole)

WORDS = (TextType, EnumType)


@dataclass(frozen=True, slots=True)
class Column:
    """A field that a role's collection has: `wanted` is how the file writes its type."""

    name: str
    wanted: str
    types: tuple[type, ...]
    needed: bool = True


ROLE_COLUMNS: dict[CollectionRole, tuple[Column, ...]] = {
    "contact log": (
        Column("contact", "text", WORDS),
        Column("channel", "text", WORDS),
        Column("purpose", "text", WORDS, needed=False),
    ),
    "incentive log": (
        Column("incentive", "text", WORDS),
        Column("worth", "money", (MoneyType,), needed=False),
        Column("cost", "money", (MoneyType,), needed=False),
    ),
    "points log": (
        Column("rule", "text", WORDS),
        Column("account", "text", WORDS),
        Column("points", "int", (IntType,)),
        Column("event", "text", (TextType,)),
        Column("worth", "money", (MoneyType,), needed=False),
        Column("amount", "money", (MoneyType,), needed=False),
    ),
    "consents": (
        Column("channel", "text", WORDS),
        Column("granted", "bool", (BoolType,)),
        Column("purpose", "text", WORDS, needed=False),
        Column("basis", "text", WORDS, needed=False),
        Column("expiry", "date", (DateType, DateTimeType), needed=False),
    ),
}
TIMED_ROLES: tuple[CollectionRole, ...] = ("contact log", "incentive log", "points log")

ROW_KEY_TYPES = (TextType, IntType, EnumType, DateType, DateTimeType)
KEY_TYPES = (TextType, IntType)


def type_name(kind: Type) -> str:
    """A type as the file writes it.

    >>> type_name(SetType(TextType()))
    'set of text'
    """
    match kind:
        case EnumType():
            return f"enum {kind.name}"
        case LevelType():
            return f"level of {kind.tier}"
        case SetType():
            return f"set of {type_name(kind.item)}"
        case ErrorType():
            return "unknown"
        case _:
            return next(word for word, each in PLAIN_TYPES.items() if type(each) is type(kind))


def type_word(kind: type) -> str:
    """A class of types as the file writes it, without what stands behind it.

    >>> type_word(EnumType), type_word(DateType)
    ('enum', 'date')
    """
    if kind is EnumType:
        return "enum"
    return next((word for word, each in PLAIN_TYPES.items() if type(each) is kind), "unknown")
