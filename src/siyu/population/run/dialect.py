"""The two engines' SQL for what a run's files hold. Held values in, published values out.

Everything here is exact: no binary float touches a number (see `published.py` for the types).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, assert_never

from siyu.functions.zones import FIRST_DAY, LAST_DAY
from siyu.population.run.published import NARROW, WIDEST, Number, Published, digits, scales
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

EPOCH_DAY = 719_163  # the ordinal of 1970-01-01
SECOND, MINUTE, HOUR = 1_000_000, 60, 3_600


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


def _step(scale: int) -> str:
    """The least decimal of so many digits after the point, as SQL.

    >>> _step(2)
    "CAST('0.01' AS DECIMAL(2, 2))"
    """
    return f"CAST('0.{'0' * (scale - 1)}1' AS DECIMAL({scale}, {scale}))"


@dataclass(frozen=True, slots=True)
class Duck:
    """DuckDB."""

    name: Literal["duckdb", "spark"] = "duckdb"

    def identifier(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def literal(self, text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    def type_name(self, kind: Published) -> str:
        if isinstance(kind, Number):
            if kind.scale or kind.wide:
                return f"DECIMAL({WIDEST if kind.wide else NARROW}, {kind.scale})"
            return "BIGINT"
        names = {"bool": "BOOLEAN", "text": "VARCHAR", "date": "DATE", "instant": "TIMESTAMPTZ",
                 "texts": "VARCHAR[]", "geo": "STRUCT(lat DOUBLE, lon DOUBLE)"}  # fmt: skip
        return names[kind]

    def number(self, held: str, kind: Type, out: Number) -> str:
        inner, scale = scales(kind)
        whole, size = held, digits(kind)
        if inner > scale:
            unit = 10 ** (inner - scale)
            half = unit // 2
            whole = f"(({held} + CASE WHEN {held} < 0 THEN {-half} ELSE {half} END) // {unit})"
            size += 1
        elif out.scale > inner:
            scale, more = out.scale, out.scale - inner
            whole, size = f"({held} * {10**more})", size + more
        if out.scale > scale:
            more = out.scale - scale
            scale, whole, size = out.scale, f"({whole} * {10**more})", size + more
        if scale == 0:
            return f"CAST({whole} AS {self.type_name(out)})"
        if not out.wide and size + scale <= NARROW:
            return f"CAST({whole} AS DECIMAL({NARROW - scale}, 0)) * {_step(scale)}"
        wide = f"CAST({whole} AS DECIMAL({WIDEST - scale}, 0)) * {_step(scale)}"
        return wide if out.wide else f"CAST({wide} AS {self.type_name(out)})"

    def date(self, ordinal: str) -> str:
        return (
            f"CASE WHEN {ordinal} BETWEEN {FIRST_DAY} AND {LAST_DAY} "
            f"THEN DATE '1970-01-01' + CAST({ordinal} - {EPOCH_DAY} AS INTEGER) END"
        )

    def instant(self, microseconds: str) -> str:
        return f"make_timestamptz(CAST({microseconds} AS BIGINT))"

    def instant_text(self, microseconds: str) -> str:
        made = f"make_timestamp(CAST({microseconds} AS BIGINT))"
        return (
            f"CASE WHEN {microseconds} % {SECOND} = 0 "
            f"THEN strftime({made}, '%Y-%m-%dT%H:%M:%S+00:00') "
            f"ELSE strftime({made}, '%Y-%m-%dT%H:%M:%S.%f+00:00') END"
        )

    def listed(self, texts: Sequence[str]) -> str:
        if not texts:
            return self.empty_list()
        return f"list_filter([{', '.join(texts)}], lambda x: x IS NOT NULL)"

    def kept(self, items: Sequence[tuple[str, str]]) -> str:
        values = ", ".join(value for _, value in items)
        guards = ", ".join(guard for guard, _ in items)
        return f"list_where([{values}], [{guards}])"

    def weighed(self, items: Sequence[tuple[str, str, str]]) -> str:
        rows = [
            f"CASE WHEN {guard} THEN {{'w': -abs({weight}), 'i': {place}, 't': {text}}} END"
            for place, (guard, weight, text) in enumerate(items)
        ]
        found = f"list_filter([{', '.join(rows)}], lambda x: x IS NOT NULL)"
        return f"list_transform(list_sort({found}), lambda x: x.t)"

    def struct(self, fields: Sequence[tuple[str, str]]) -> str:
        return "{" + ", ".join(f"{self.literal(name)}: {value}" for name, value in fields) + "}"

    def json(self, fields: Sequence[tuple[str, str]]) -> str:
        if len(fields) == 1 and not fields[0][0]:
            return f"CAST(to_json({fields[0][1]}) AS VARCHAR)"
        if not fields:
            return "'{}'"
        pairs = ", ".join(f"{self.literal(name)}, {value}" for name, value in fields)
        return f"CAST(json_object({pairs}) AS VARCHAR)"

    def empty_list(self) -> str:
        return "CAST([] AS VARCHAR[])"

    def parquet(self, path: str) -> str:
        return f"read_parquet({self.literal(path)})"


@dataclass(frozen=True, slots=True)
class Spark:
    """Spark SQL, with ANSI rules and string literals that know backslashes."""

    name: Literal["duckdb", "spark"] = "spark"

    def identifier(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def literal(self, text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def type_name(self, kind: Published) -> str:
        if isinstance(kind, Number):
            if kind.scale or kind.wide:
                return f"DECIMAL({WIDEST if kind.wide else NARROW}, {kind.scale})"
            return "BIGINT"
        names = {"bool": "BOOLEAN", "text": "STRING", "date": "DATE", "instant": "TIMESTAMP",
                 "texts": "ARRAY<STRING>", "geo": "STRUCT<lat: DOUBLE, lon: DOUBLE>"}  # fmt: skip
        return names[kind]

    def number(self, held: str, kind: Type, out: Number) -> str:
        inner, scale = scales(kind)
        if inner == 0:
            return f"CAST({held} AS {self.type_name(out)})"
        # A product of p + s + 1 digits: what is held has at most 38 - s - 1. The cast rounds half
        # up, away from zero; a column with more digits than are paid is rounded on the way.
        exact = f"CAST({held} AS DECIMAL({WIDEST - inner - 1}, 0)) * {_step(inner)}"
        if inner > scale < out.scale:
            exact = f"CAST({exact} AS DECIMAL({WIDEST}, {scale}))"
        return f"CAST({exact} AS {self.type_name(out)})"

    def date(self, ordinal: str) -> str:
        return (
            f"CASE WHEN {ordinal} BETWEEN {FIRST_DAY} AND {LAST_DAY} "
            f"THEN date_add(DATE '1970-01-01', CAST({ordinal} - {EPOCH_DAY} AS INT)) END"
        )

    def instant(self, microseconds: str) -> str:
        return f"timestamp_micros({microseconds})"

    def instant_text(self, microseconds: str) -> str:
        made = f"to_utc_timestamp(timestamp_micros({microseconds}), current_timezone())"
        return (
            f"CASE WHEN {microseconds} % {SECOND} = 0 "
            f"THEN date_format({made}, \"yyyy-MM-dd'T'HH:mm:ss'+00:00'\") "
            f"ELSE date_format({made}, \"yyyy-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'\") END"
        )

    def listed(self, texts: Sequence[str]) -> str:
        if not texts:
            return self.empty_list()
        return f"array_compact(array({', '.join(texts)}))"

    def kept(self, items: Sequence[tuple[str, str]]) -> str:
        rows = ", ".join(f"CASE WHEN {guard} THEN {value} END" for guard, value in items)
        return f"array_compact(array({rows}))"

    def weighed(self, items: Sequence[tuple[str, str, str]]) -> str:
        rows = [
            f"CASE WHEN {guard} THEN named_struct('w', -abs({weight}), 'i', {place}, 't', {text}) "
            "END"
            for place, (guard, weight, text) in enumerate(items)
        ]
        return f"transform(array_sort(array_compact(array({', '.join(rows)}))), x -> x.t)"

    def struct(self, fields: Sequence[tuple[str, str]]) -> str:
        pairs = ", ".join(f"{self.literal(name)}, {value}" for name, value in fields)
        return f"named_struct({pairs})"

    def json(self, fields: Sequence[tuple[str, str]]) -> str:
        if len(fields) == 1 and not fields[0][0]:
            return f"to_json({fields[0][1]})"
        if not fields:
            return "'{}'"
        return f"to_json({self.struct(fields)}, map('ignoreNullFields', 'false'))"

    def empty_list(self) -> str:
        return "CAST(array() AS ARRAY<STRING>)"

    def parquet(self, path: str) -> str:
        return f"parquet.{self.identifier(path)}"


def dialect_of(engine: str) -> Dialect:
    """The dialect of an engine."""
    return Spark() if engine == "spark" else Duck()
