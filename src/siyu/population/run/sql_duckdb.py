"""DuckDB's SQL for what a run's files hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from siyu.functions.sql import literal
from siyu.functions.zones import FIRST_DAY, LAST_DAY
from siyu.population.run.published import (
    EPOCH_DAY,
    NARROW,
    SECOND,
    WIDEST,
    Number,
    Published,
    digits,
    scales,
    step,
)
from siyu.types import Type

MOST_PICKED = 8  # texts, of which each may be there or not


@dataclass(frozen=True, slots=True)
class Duck:
    """DuckDB. Where the texts of a list or column are known, they are members of an ENUM: a byte
    each until they are written, which Parquet then has as texts."""

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
            return f"CAST({whole} AS DECIMAL({NARROW - scale}, 0)) * {step(scale)}"
        wide = f"CAST({whole} AS DECIMAL({WIDEST - scale}, 0)) * {step(scale)}"
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

    def texts_kept(self, items: Sequence[tuple[str, str]]) -> str:
        """Few texts make few lists: all of them stand in the query, and one is picked."""
        if not items:
            return self.empty_list()
        kind = _enum(text for _, text in items)
        if len(items) > 2 * MOST_PICKED:
            guards = ", ".join(guard for guard, _ in items)
            texts = ", ".join(text for _, text in items)
            return f"list_where(CAST([{texts}] AS {kind}[]), [{guards}])"
        shares = [items[at : at + MOST_PICKED] for at in range(0, len(items), MOST_PICKED)]
        return f"({' || '.join(_picked(share, kind) for share in shares)})"

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


def few_listed(columns: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """The list of what some columns hold, an ENUM each, without nulls: for each column the texts
    that are to be listed for its members, in their order."""
    texts = [literal(text, "duckdb") for _, listed in columns for text in listed]
    if not texts:
        return "CAST([] AS VARCHAR[])"
    places, before = [], 1
    for column, listed in columns:
        places.append(f"CAST(enum_code({column}) AS BIGINT) + {before}")
        before += len(listed)
    kept = f"list_filter([{', '.join(places)}], lambda x: x IS NOT NULL)"
    return f"list_select(CAST([{', '.join(texts)}] AS {_enum(texts)}[]), {kept})"


def _enum(texts: Iterable[str]) -> str:
    """The type of some literals; members in order, so that the type is ordered as texts are."""
    return f"ENUM({', '.join(sorted(set(texts)))})"


def _picked(items: Sequence[tuple[str, str]], kind: str) -> str:
    lists = (
        ", ".join(text for place, (_, text) in enumerate(items) if number >> place & 1)
        for number in range(1 << len(items))
    )
    every = ", ".join(f"[{each}]" for each in lists)
    places = "".join(
        f" + CASE WHEN {guard} THEN {1 << place} ELSE 0 END"
        for place, (guard, _) in enumerate(items)
    )
    return f"(CAST([{every}] AS {kind}[][]))[1{places}]"
