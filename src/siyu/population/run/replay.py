"""One customer of a past run once more: the same request from the same tables, and whether the run
decided what it comes to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from siyu.core.program import Program
from siyu.decision.plain import exports_of
from siyu.evaluators.sql.bounds import width_of
from siyu.evaluators.sql.dialects import DIALECTS
from siyu.evaluators.sql.names import KEY
from siyu.functions.sql import literal
from siyu.population.engines import Engine
from siyu.population.run.columns import Decided, decisions
from siyu.population.run.inputs import digests_of
from siyu.population.run.layout import OUTCOME_COLUMNS, decision_columns, outcome_parts
from siyu.population.run.logs import NAMED, ROLES
from siyu.population.run.outcomes import column_types, outcomes
from siyu.population.run.problems import RunProblem
from siyu.population.run.sql_duckdb import Duck
from siyu.population.run.writing import EVENT_KEY, EVENT_TYPE, weights_of
from siyu.population.sources.model import Sources, Table
from siyu.population.sources.opened import OpenSources
from siyu.population.sources.requests import request_of
from siyu.schema import Schema
from siyu.types import DateType
from siyu.words import Words, say

DUCK = Duck()
Document = Mapping[str, Any]
Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """A run's folder: `document` is its run.json; `calibration` and `allocation` are paths of the
    files that it kept, None where there are none."""

    folder: Path
    document: Document
    calibration: Path | None
    allocation: Path | None

    @property
    def events(self) -> tuple[str, ...]:
        return tuple(self.document["events"])

    def table(self, name: str) -> str:
        """A file of the run, to stand behind FROM on DuckDB; Spark's are folders of parts."""
        path = self.folder / name
        return DUCK.parquet(str(path / "*.parquet" if path.is_dir() else path))


def past_run(folder: Path) -> Past:
    """The folder of a run. Raises RunProblem for what is none."""
    try:
        document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        kind = document["run"]
        _ = document["policy"]["digest"], document["sources"], document["as_of"]
    except (OSError, ValueError, KeyError, TypeError):
        kind, document = None, {}
    if kind != 1:
        said = say("`{path}` is not the folder of a run", path=str(folder))
        raise RunProblem(said, say("name the folder that `siyu run -o` has made"))
    kept = [folder / name for name in ("calibration.yaml", "allocation.yaml")]
    found = [path if path.is_file() else None for path in kept]
    return Past(folder, document, *found)


def as_it_was(past: Past, sources: Sources) -> Sources:
    """The sources with the very files that the run has read, whatever has come since beside them
    or stands where a link led."""

    def table(each: Table) -> Table:
        said = past.document["sources"].get(each.name)
        if said is None or not each.place.paths or not (said["files"] or each.missing):
            return each
        paths = tuple(file["path"] for file in said["files"])  # none: it was not there yet
        return replace(each, place=replace(each.place, paths=paths))

    def tables(named: Mapping[str, Table]) -> dict[str, Table]:
        return {name: table(each) for name, each in named.items()}

    return replace(
        sources,
        customer=table(sources.customer),
        also=tuple(map(table, sources.also)),
        collections=tables(sources.collections),
        events=tables(sources.events),
    )


def compare_inputs(
    past: Past, digest: str, values: Mapping[str, str | None], sources: OpenSources
) -> None:
    """That everything is what it was: the policy with its schema, calibration and allocation (by
    those words in `values`), and every table. Raises RunProblem that says what differs."""
    said = past.document
    differs: list[str] = []
    if said["policy"]["digest"] != digest:
        differs.append("policy")
    calibration = said["calibration"]
    for word, then in (
        ("calibration", None if calibration is None else calibration["digest"]),
        ("allocation", said["allocation"]),
    ):
        if then != values[word]:
            differs.append(word)
    now = digests_of(sources)
    tables = said["sources"]
    differs += [name for name in sorted(tables) if tables[name]["digest"] != _digest(now, name)]
    if differs:
        told = say("{names} changed since the run, which cannot be replayed", names=tuple(differs))
        raise RunProblem(told, say("explain it with what it was made of: the policy and the tables "
                                   "of that time"), 1)  # fmt: skip


def _digest(found: Mapping[str, Any], name: str) -> str | None:
    each = found.get(name)
    return None if each is None else each["digest"]


# ---------------------------------------------------------------- the request


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a row of decisions.parquet is about."""

    event: str | None
    event_key: str | None


def occasions(engine: Engine, past: Past, key: str) -> list[Occasion]:
    """What was decided about a customer, in its order. Raises RunProblem where nothing was."""
    columns = f"event, {EVENT_TYPE}" if past.events else "NULL, NULL"
    where = f"customer = {DUCK.literal(key)}"
    rows = engine.rows(f"SELECT {columns} FROM {past.table('decisions.parquet')} WHERE {where}")
    if rows:
        return [Occasion(kind, event) for event, kind in rows]
    asked = f"SELECT DISTINCT code, reason FROM {past.table('rejects.parquet')} WHERE {where}"
    reasons = tuple(sorted(str(reason or code) for code, reason in engine.rows(asked)))
    if reasons:
        said = say("customer `{key}` was set aside by this run: {reasons}", key=key,
                   reasons="; ".join(reasons))  # fmt: skip
        raise RunProblem(said, say("mend these rows in the tables, and run again"), 1)
    said = say("the run decided nothing about a customer `{key}`", key=key)
    raise RunProblem(said, say("look at the key; `siyu sources check` says who is set aside"), 1)


Decide = Callable[[Request], Document]
"""The decision document of a request."""


def replayed_request(
    sources: OpenSources,
    schema: Schema,
    key: str,
    happened: Sequence[Occasion],
    wanted: Occasion,
    decide: Decide,
) -> Request:
    """The request as it stood when the run decided: the logs hold what the run itself has posted,
    given and sent because of this customer's earlier events."""
    earlier: list[Document] = []
    for each in happened:
        request = request_of(sources, schema, key, each.event, each.event_key)
        if request is None:
            raise RunProblem(say("the tables have no customer `{key}`", key=key), "", 1)
        for document in earlier:
            request = with_outcomes(request, schema, document)
        if each == wanted:
            return request
        earlier.append(decide(request))
    raise AssertionError("what is wanted has happened")


def with_outcomes(request: Request, schema: Schema, document: Document) -> Request:
    """A request whose logs also hold the outcomes of an earlier decision about the customer."""
    customer = dict(request["customer"])
    for name, collection in schema.collections.items():
        if collection.role is None or collection.role not in ROLES:
            continue
        section = ROLES[collection.role]
        rows = [_log_row(each, section, collection, document) for each in document[section]]
        if rows:
            customer[name] = [*customer.get(name, []), *rows]
    return {**request, "customer": customer}


def _log_row(outcome: Document, section: str, collection: Any, document: Document) -> Request:
    """An outcome as a row of its log: with what the log has a column for."""
    row = dict(outcome)
    row[NAMED[section]] = outcome["rule"]
    if collection.key is not None:
        row[collection.key] = outcome["id"]
    if document["event"] is not None:
        row["event"] = document["event"]["key"]
    time = collection.fields[collection.time]
    day = isinstance(time.type, DateType)
    row[time.name] = document["as_of"][:10] if day else document["as_of"]
    return {name: row[name] for name in collection.fields if row.get(name) is not None}


# ---------------------------------------------------------------- the comparison


def differences(
    engine: Engine,
    past: Past,
    program: Program,
    occasion: Occasion,
    key: str,
    values: Mapping[str, Any],
) -> tuple[Words, ...]:
    """What the run has written that the replay does not come to: column by column, and rows of
    outcomes. `values` are those of the exported bindings."""
    decided = _as_relation(program, occasion, key, values)
    columns = decision_columns(program, occasion.event)
    names = [column.name for column in columns]
    where = f"customer = {DUCK.literal(key)}"
    if occasion.event is not None:
        event = "NULL" if occasion.event_key is None else DUCK.literal(occasion.event_key)
        where += f" AND event IS NOT DISTINCT FROM {event}"
        where += f" AND {EVENT_TYPE} = {DUCK.literal(occasion.event)}"
    now = engine.rows(_as_texts(names, f"({decisions(columns, decided)}) AS d"))
    then = engine.rows(_as_texts(names, f"{past.table('decisions.parquet')} AS d WHERE {where}"))
    found: list[Words] = []
    for name, was, is_ in zip(names, then[0], now[0], strict=True):
        if was != is_:
            found.append(say("`{name}`: the run says {then}, the replay {now}", name=name,
                             then=_shown(was), now=_shown(is_)))  # fmt: skip
    parts = outcome_parts(program, occasion.event)
    types = column_types(parts, program.currency)
    select = _as_texts(OUTCOME_COLUMNS, f"({outcomes(parts, decided, types)}) AS o")
    rule_at = OUTCOME_COLUMNS.index("rule")
    rules = {row[rule_at]: row for row in sorted(engine.rows(select), key=str)}
    filed_rows = engine.rows(
        _as_texts(OUTCOME_COLUMNS, f"{past.table('outcomes.parquet')} AS o WHERE {where}")
    )
    before = {row[rule_at]: row for row in filed_rows}
    for rule in sorted(rules.keys() | before.keys()):
        if rules.get(rule) != before.get(rule):
            found.append(say("the outcomes of `{rule}` are not those of the replay", rule=rule))
    return tuple(found)


def _as_relation(
    program: Program, occasion: Occasion, key: str, values: Mapping[str, Any]
) -> Decided:
    """Values as a relation of one row."""
    dialect = DIALECTS["duckdb"]
    types = {binding.name: binding.type for binding in program.bindings}
    items = [f"{DUCK.literal(key)} AS {KEY}"]
    event = "NULL" if occasion.event_key is None else DUCK.literal(occasion.event_key)
    items.append(f"CAST({event} AS VARCHAR) AS {EVENT_KEY}")
    columns = {}
    for place, name in enumerate(exports_of(program, occasion.event)):
        columns[name] = f"b{place}"
        kind = dialect.type_of(types[name], max(width_of(types[name]), 64))
        items.append(f"CAST({literal(values[name], 'duckdb')} AS {kind}) AS b{place}")
    relation = f"(SELECT {', '.join(items)}) AS held"
    keyed = None if occasion.event is None else EVENT_KEY
    return Decided(relation, columns, KEY, keyed, DUCK, weights_of(program),
                   event_type=occasion.event)  # fmt: skip


def _as_texts(names: Sequence[str], source: str) -> str:
    cells = ", ".join(f"CAST({DUCK.identifier(name)} AS VARCHAR)" for name in names)
    return f"SELECT {cells} FROM {source}"


def _shown(text: str | None) -> str:
    return "null" if text is None else text
