"""Small bases in a folder, and the comparison that all tests of sources rest on: what the staged
relations hold, and what `siyu.records` makes of the requests built from the same rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from siyu.evaluators.sql.dialects import DIALECTS
from siyu.evaluators.sql.names import column_of_input, column_of_row, has_column
from siyu.population.engines import Engine, duck
from siyu.population.sources.opened import OpenSources, open_sources
from siyu.population.sources.reader import read_sources
from siyu.population.sources.rejects import rejects_select
from siyu.population.sources.requests import requests
from siyu.population.sources.staged import Staged, stage
from siyu.records import Read, Reader, reader
from siyu.records.plan import Plan
from siyu.schema import Schema, load_schema
from siyu.text import Source

ZONE = "Asia/Shanghai"
AS_OF = 1_795_226_400_000_000  # 2026-11-21T10:00:00+08:00


def schema_of(text: str, currency: str = "CNY") -> Schema:
    """A schema that must be right."""
    loaded = load_schema(Source.of("schema.yaml", text), currency)
    assert loaded.diagnostics == (), [str(d.text()) for d in loaded.diagnostics]
    assert loaded.schema is not None
    return loaded.schema


def opened(folder: Path, text: str, schema: Schema, **more: Any) -> OpenSources:
    """The tables of a `sources.yaml` that must be right, in a new engine of DuckDB."""
    read = read_sources(Source.of("sources.yaml", text), schema)
    assert read.sources is not None, [str(each.said) for each in read.problems]
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    engine = more.pop("engine", None) or duck.open_engine("1GB", temporary, 2)
    return open_sources(read.sources, folder, engine, temporary, timezone=ZONE, **more)


@dataclass(frozen=True)
class Compared:
    """Keys by what became of them."""

    accepted: frozenset[str]
    rejected: frozenset[str]
    staged: Staged
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rejects: tuple[tuple[Any, ...], ...] = ()


def compare(
    sources: OpenSources,
    schema: Schema,
    made: Reader,
    event: str | None = None,
    name: str = "staged",
) -> Compared:
    """Stages and reads; asserts that every customer has the same verdict and the same facts."""
    staged = stage(sources, schema, made.plan, AS_OF, event=event, name=name)
    found = Held(staged).customers()
    read: dict[str, list[Any]] = {}
    reasons: dict[str, tuple[str, ...]] = {}
    for key, request in requests(sources, schema, event):
        answer = None if request is None else made(request, AS_OF)
        if not isinstance(answer, Read):
            reasons[key] = () if answer is None else tuple(map(str, answer.reasons))
        read.setdefault(key, []).append(
            _facts(answer, made.plan) if isinstance(answer, Read) else None
        )
    assert set(found) == set(read)
    unlike = [
        (key, reasons.get(key), found[key], facts)
        for key, facts in read.items()
        if _sorted(found[key]) != _sorted(facts)
    ]
    assert not unlike, "\n".join(map(repr, (len(unlike), *unlike[:20])))
    rejected = frozenset(key for key, facts in read.items() if None in facts)
    told = sources.engine.rows(rejects_select(staged))
    assert {row[2] for row in told if row[1] != "orphan"} == rejected
    return Compared(frozenset(read) - rejected, rejected, staged, reasons, tuple(told))


def _sorted(facts: Sequence[Any]) -> list[str]:
    return sorted(map(repr, facts))


def _facts(answer: Read, plan: Plan) -> Any:
    tables = tuple(None if rows is None else _bag(rows) for rows in answer.facts.tables)
    given = dict(answer.facts.given)
    return tuple(map(_value, answer.facts.values)), tables, tuple(sorted(given.items()))


def _value(value: Any) -> Any:
    return tuple(sorted(value)) if isinstance(value, frozenset) else value


def _bag(rows: Sequence[Sequence[Any]]) -> tuple[tuple[str, int], ...]:
    """Rows without their order."""
    plain = (tuple(_cell(cell) for cell in row) for row in rows)
    return tuple(sorted(Counter(map(repr, plain)).items()))


def _cell(cell: Any) -> Any:
    return _bag(cell) if isinstance(cell, tuple) and not _is_place(cell) else _value(cell)


def _is_place(cell: Any) -> bool:
    return len(cell) == 2 and all(isinstance(each, float) for each in cell)


@dataclass(frozen=True)
class Held:
    """What the relations hold, customer by customer; None for one that is set aside."""

    staged: Staged

    def customers(self) -> dict[str, list[Any]]:
        engine = self.staged.sources.engine
        relations, needs = self.staged.relations, self.staged.plan.needs
        quote = DIALECTS[engine.name].name_of
        names = [column_of_input(at, each) for at, each in enumerate(needs.inputs)]
        given = [f"given_{name}" for name in self.staged.given]
        optional = [n for n in needs.tables if n.optional and relations.tables[n.path] is not None]
        has = [has_column(need.path) for need in optional]
        listed = ", ".join(["key", "bad", *map(quote, (*names, *given, *has))])
        records = engine.rows(f"SELECT {listed} FROM {relations.records}")
        rows: list[dict[str, list[Any]] | None] = []
        bad: set[str] = set()
        for need in needs.tables:
            relation = relations.tables[need.path]
            if relation is None:
                rows.append(None)
                continue
            columns = [quote(column_of_row(at, each)) for at, each in enumerate(need.columns)]
            by_key: dict[str, list[Any]] = {}
            for key, wrong, *cells in engine.rows(
                f"SELECT {', '.join(['key', 'bad', *columns])} FROM {relation}"
            ):
                assert wrong in (True, False)
                if wrong:
                    bad.add(key)
                by_key.setdefault(key, []).append(tuple(map(_from_column, cells)))
            rows.append(by_key)
        found: dict[str, list[Any]] = {}
        for key, wrong, *cells in records:
            assert wrong in (True, False)
            known = dict(zip((n.path for n in optional), cells[len(names) + len(given) :],
                             strict=True))  # fmt: skip
            tables = tuple(
                None if each is None or not known.get(need.path, True) else _bag(each.get(key, []))
                for need, each in zip(needs.tables, rows, strict=True)
            )
            values = tuple(_from_column(cell) for cell in cells[: len(names)])
            brought = zip(given, cells[len(names) :], strict=False)
            metrics = tuple(
                sorted((n.removeprefix("given_"), v) for n, v in brought if v is not None)
            )
            facts = (tuple(_value(each) for each in values), tables, metrics)
            found.setdefault(key, []).append(None if wrong or key in bad else facts)
        return found


def _from_column(cell: Any) -> Any:
    match cell:
        case {"lat": lat, "lon": lon}:
            return lat, lon
        case list() if cell and isinstance(cell[0], dict):
            return tuple(tuple(map(_from_column, row.values())) for row in cell)
        case list():
            return tuple(cell)
        case Decimal():  # how Spark holds integers of 128 bits
            return int(cell)
        case _:
            return cell


def write_jsonl(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def write_parquet(engine: Engine, path: Path, select: str) -> None:
    """What a SELECT of DuckDB gives, as Parquet, with its types."""
    path.parent.mkdir(parents=True, exist_ok=True)
    target = str(path).replace("'", "''")
    engine.rows(f"COPY ({select}) TO '{target}' (FORMAT parquet)")


__all__ = ["AS_OF", "ZONE", "Compared", "compare", "opened", "reader", "schema_of", "write_jsonl",
           "write_parquet"]  # fmt: skip
