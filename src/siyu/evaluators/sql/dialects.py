"""What the two engines call things. Functions' own SQL stands with the functions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from siyu.functions.declaration import Dialect as Name
from siyu.types import BoolType, EnumType, GeoType, LevelType, SetType, TextType, Type

PLAIN = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Dialect:
    """`deepest` is how many levels of brackets one expression may have, `widest` how many new
    columns one SELECT of the stages (None: any number).

    `patterns` are over `{list}`, `{of}` (a lambda, or a value) and `{type}`.
    """

    name: Name
    quote: str
    integers: Mapping[int, str]  # by bits
    text: str
    boolean: str
    geo: str
    lists: str  # the type of a list of `{of}`
    struct: str
    field: str
    row: str  # a struct's value
    part: str
    patterns: Mapping[str, str]
    deepest: int = 60
    widest: int | None = None

    def name_of(self, identifier: str) -> str:
        """A column's or table's name, quoted where it must be."""
        if PLAIN.match(identifier):
            return identifier
        escaped = identifier.replace("\x00", "_").replace(self.quote, self.quote * 2)
        return f"{self.quote}{escaped}{self.quote}"

    def lambda_of(self, variable: str, body: str) -> str:
        return self.patterns["lambda"].format(variable=variable, body=body)

    def on(self, pattern: str, rows: str, of: str = "", kind: str = "") -> str:
        """One of the patterns, filled in."""
        return self.patterns[pattern].format(list=rows, of=of, type=kind)

    def fold(self, rows: str, start: str, state: str, entry: str, step: str) -> str:
        """What is reached when `step` is done with every entry, from `start` on."""
        return self.patterns["fold"].format(
            list=rows, start=start, state=state, entry=entry, step=step
        )

    def type_of(self, kind: Type, bits: int = 64) -> str:
        """How a held value of a type stands in a column; `bits` of a number."""
        match kind:
            case BoolType():
                return self.boolean
            case TextType() | EnumType() | LevelType():
                return self.text
            case SetType():
                return self.list_type(self.text)
            case GeoType():
                return self.geo
            case _:
                return self.integers[bits]

    def list_type(self, of: str) -> str:
        return self.lists.format(of=of)

    def struct_type(self, fields: Sequence[tuple[str, str]]) -> str:
        """A struct's type, of names and types; one without fields has a field `c`, true."""
        fields = fields or (("c", self.boolean),)
        inner = ", ".join(self.field.format(name=self.name_of(n), of=of) for n, of in fields)
        return self.struct.format(of=inner)

    def struct_of(self, fields: Sequence[tuple[str, str]]) -> str:
        """A struct's value, of plain names and texts."""
        fields = fields or (("c", "TRUE"),)
        inner = ", ".join(
            self.part.format(plain=name, name=self.name_of(name), of=of) for name, of in fields
        )
        return self.row.format(of=inner)


DUCKDB = Dialect(
    name="duckdb",
    quote='"',
    integers={32: "INTEGER", 64: "BIGINT", 128: "HUGEINT"},
    text="VARCHAR",
    boolean="BOOLEAN",
    geo="STRUCT(lat DOUBLE, lon DOUBLE)",
    lists="{of}[]",
    struct="STRUCT({of})",
    field="{name} {of}",
    row="struct_pack({of})",
    part="{name} := {of}",
    patterns={
        "lambda": "lambda {variable}: {body}",
        "filter": "list_filter({list}, {of})",
        "map": "list_transform({list}, {of})",
        "length": "len({list})",
        "sum": "CAST(COALESCE(list_sum({list}), 0) AS {type})",
        "min": "list_min({list})",
        "max": "list_max({list})",
        "distinct": "len(list_distinct({list}))",
        "single": "list_value({of})",
        "list": "list_value({of})",
        "first": "{list}[1]",
        "empty": "CAST([] AS {type})",
        "collect": "list({of})",
        "count distinct": "count(DISTINCT {of})",
        "contains": "list_contains({list}, {of})",
        "append": "list_append({list}, {of})",
        "sorted": "list_sort({list})",
        "fold": "list_reduce({list}, lambda {state}, {entry}: {step}, {start})",
    },
)

SPARK = Dialect(
    name="spark",
    quote="`",
    integers={32: "INT", 64: "BIGINT", 128: "DECIMAL(38, 0)"},
    text="STRING",
    boolean="BOOLEAN",
    geo="STRUCT<lat: DOUBLE, lon: DOUBLE>",
    lists="ARRAY<{of}>",
    struct="STRUCT<{of}>",
    field="{name}: {of}",
    row="named_struct({of})",
    part="'{plain}', {of}",
    patterns={
        "lambda": "{variable} -> {body}",
        "filter": "filter({list}, {of})",
        "map": "transform({list}, {of})",
        "length": "size({list})",
        "sum": "aggregate({list}, CAST(0 AS {type}), (s, x) -> CAST(s + COALESCE(x, 0) AS {type}))",
        "min": "array_min({list})",
        "max": "array_max({list})",
        "distinct": "size(array_distinct(filter({list}, x -> x IS NOT NULL)))",
        "single": "array({of})",
        "list": "array({of})",
        "first": "{list}[0]",
        "empty": "CAST(array() AS {type})",
        "collect": "collect_list({of})",
        "count distinct": "size(collect_set({of}))",
        "contains": "array_contains({list}, {of})",
        "append": "array_append({list}, {of})",
        "sorted": "array_sort({list})",
        "fold": "aggregate({list}, {start}, ({state}, {entry}) -> {step})",
    },
    deepest=40,
    widest=60,
)

DIALECTS: Mapping[Name, Dialect] = {"duckdb": DUCKDB, "spark": SPARK}
