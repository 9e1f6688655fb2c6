"""The two engines' SQL for what a run's files hold. Held values in, published values out.

Everything here is exact: no binary float touches a number (see `published.py` for the types).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, assert_never

from siyu.population.run.published import NARROW, Number, Published, digits, scales
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

MINUTE, HOUR = 60, 3_600


class Dialect(Protocol):
    """What differs between engines."""

    @property
    def name(self) -> Literal["duckdb", "spark"]:
        """Which engine."""
        ...

    def identifier(self, name: str) -> str:
        """A name of a column, as SQL."""
        ...

    def literal(self, text: str) -> str:
        """A text, as SQL."""
        ...

    def type_name(self, kind: Published) -> str:
        """What the engine calls a type."""
        ...

    def number(self, held: str, kind: Type, out: Number) -> str:
        """A held number of a type as a number with at least as many digits after the point as it
        is published with."""
        ...

    def date(self, ordinal: str) -> str:
        """An ordinal as a date; null outside the calendar, as in the document."""
        ...

    def instant(self, microseconds: str) -> str:
        """Microseconds since 1970 as a timestamp with a zone."""
        ...

    def instant_text(self, microseconds: str) -> str:
        """Microseconds since 1970 as text in UTC, a fraction only where there is one."""
        ...

    def listed(self, texts: Sequence[str]) -> str:
        """The texts that are known, as a list."""
        ...

    def kept(self, items: Sequence[tuple[str, str]]) -> str:
        """The items (guard, value) whose guards are true, as a list; values of one type."""
        ...

    def texts_kept(self, items: Sequence[tuple[str, str]]) -> str:
        """The same for texts that are literals."""
        ...

    def weighed(self, items: Sequence[tuple[str, str, str]]) -> str:
        """The texts of items (guard, weight, text) whose guards are true, the largest absolute
        weight first, then in the order written."""
        ...

    def struct(self, fields: Sequence[tuple[str, str]]) -> str:
        """A struct of values by name."""
        ...

    def json(self, fields: Sequence[tuple[str, str]]) -> str:
        """A JSON object, as text; nulls stay."""
        ...

    def empty_list(self) -> str:
        """A list of no texts."""
        ...

    def parquet(self, path: str) -> str:
        """What the engine has written there, to stand behind FROM."""
        ...


def cast(held: str, kind: Published, dialect: Dialect) -> str:
    """A plain cast to a published type."""
    return f"CAST({held} AS {dialect.type_name(kind)})"


def value(held: str, kind: Type, out: Published, dialect: Dialect) -> str:
    """A held value as it is published in a column of type `out`."""
    if isinstance(out, Number):
        return dialect.number(held, kind, out)
    match out:
        case "bool" | "texts" | "geo":
            return held
        case "date":
            return dialect.date(held)
        case "instant":
            return dialect.instant(held)
        case "text":
            return as_text(held, kind, dialect)
        case _:
            assert_never(out)


def as_text(held: str, kind: Type, dialect: Dialect) -> str:
    """A held value as text: as the document writes it, but instants in UTC."""
    text = dialect.type_name("text")
    match kind:
        case TextType() | EnumType() | LevelType() | ErrorType():
            return held
        case BoolType():
            return f"CASE WHEN {held} THEN 'true' WHEN NOT {held} THEN 'false' END"
        case IntType():
            return f"CAST({held} AS {text})"
        case DecimalType() | MoneyType():
            return _digits(held, kind, dialect)
        case DurationType():
            return f"{_digits(held, kind, dialect)} || ' {kind.unit}s'"
        case DateType():
            return f"CAST({dialect.date(held)} AS {text})"
        case TimeType():
            parts = (f"{held} {_div(dialect)} {HOUR}", f"({held} {_div(dialect)} {MINUTE}) % 60",
                     f"{held} % 60")  # fmt: skip
            return " || ':' || ".join(f"lpad(CAST({part} AS {text}), 2, '0')" for part in parts)
        case DateTimeType():
            return dialect.instant_text(held)
        case SetType() | GeoType():
            return dialect.json((("", held),))
        case _:
            assert_never(kind)


def _digits(held: str, kind: Type, dialect: Dialect) -> str:
    _, scale = scales(kind)
    number = dialect.number(held, kind, Number(scale, digits(kind) > NARROW - 2))
    return f"CAST({number} AS {dialect.type_name('text')})"


def _div(dialect: Dialect) -> str:
    return "//" if dialect.name == "duckdb" else "DIV"


def in_json(held: str, kind: Type, dialect: Dialect) -> str:
    """A held value as a value of a JSON object: bools and whole numbers as such, sets as lists,
    everything else as text."""
    match kind:
        case BoolType() | SetType():
            return held
        case IntType():
            return dialect.number(held, kind, Number(0))
        case GeoType():
            return held
        case _:
            return as_text(held, kind, dialect)


def dialect_of(engine: str) -> Dialect:
    """The dialect of an engine."""
    from siyu.population.run.sql_duckdb import Duck
    from siyu.population.run.sql_spark import Spark

    return Spark() if engine == "spark" else Duck()
