"""Spark's SQL for what a run's files hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from siyu.functions.zones import FIRST_DAY, LAST_DAY
from siyu.population.run.published import (
    EPOCH_DAY,
    NARROW,
    SECOND,
    WIDEST,
    Number,
    Published,
    scales,
    step,
)
from siyu.types import Type


@dataclass(frozen=True, slots=True)
class Spark:
    """Spark SQL, with ANSI rules and string literals that know backslashes.

    No lambda is among it, nor what stands for one (`array_compact`): Spark makes no Java of these
    and interprets all that they hold, in a plan that is cut in two there.
    """

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
        exact = f"CAST({held} AS DECIMAL({WIDEST - inner - 1}, 0)) * {step(inner)}"
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
        return self.kept([(f"{text} IS NOT NULL", text) for text in texts])

    def kept(self, items: Sequence[tuple[str, str]]) -> str:
        rows = (f"CASE WHEN {guard} THEN array({value}) ELSE array() END" for guard, value in items)
        return f"concat({', '.join(rows)})"

    def texts_kept(self, items: Sequence[tuple[str, str]]) -> str:
        return self.kept(items)

    def weighed(self, items: Sequence[tuple[str, str, str]]) -> str:
        rows = [
            (guard, f"named_struct('w', -abs({weight}), 'i', {place}, 't', {text})")
            for place, (guard, weight, text) in enumerate(items)
        ]
        return f"sort_array({self.kept(rows)}).t"

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
