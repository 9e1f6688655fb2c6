"""One relation of decisions, and the files it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siyu.core.ir import Const
from siyu.core.program import Program
from siyu.decision.plain import exports_of
from siyu.evaluators.sql import decide_query
from siyu.evaluators.sql.names import KEY, input_column
from siyu.population.engines import Engine
from siyu.population.run.audit import Audited, audit_names, audit_select
from siyu.population.run.base import Facts
from siyu.population.run.columns import Decided, decisions
from siyu.population.run.counts import (
    Counting,
    counting,
    counts_of,
    counts_select,
    score_types,
)
from siyu.population.run.dialect import dialect_of
from siyu.population.run.layout import (
    OUTCOME_COLUMNS,
    decision_columns,
    outcome_parts,
    read_by,
)
from siyu.population.run.outcomes import outcomes
from siyu.population.run.published import Published
from siyu.population.run.state import kept_state, state, state_fields
from siyu.schema import Schema

EVENT_KEY, AS_OF, TURN = "event_key", "as_of", "turn"
EVENT_TYPE = "event_type"
OUTCOME_ORDER = ("kind", "rule")


@dataclass(frozen=True, slots=True)
class Batch:
    """Decisions about everybody, or about all events of a type. `program` has the moment, the
    calibration and the allocation in it, `source` nothing. `decided` stands in the engine."""

    program: Program
    event: str | None
    facts: Facts
    decided: Decided
    number: int
    source: Program
    audit: Audited | None = None


def decide(
    engine: Engine,
    source: Program,
    program: Program,
    event: str | None,
    facts: Facts,
    extra: Sequence[str],
    audit: Audited | None,
    name: str = "decided",
    keep: tuple[str, ...] = (),
) -> Batch:
    """Decides about all that is good in a relation of facts. `extra` are further bindings whose
    values are asked for later."""
    wanted = dict.fromkeys((*exports_of(program, event), *extra))
    if audit is not None:
        wanted |= dict.fromkeys(name for _, name in audit.codes)
    later: frozenset[str] = frozenset()
    if event is None:
        later = only_outcomes(program) - {*extra, *(() if audit is None else dict(audit.codes))}
    narrow = engine.name == "duckdb" and event is None
    query = decide_query(
        facts.plan, program, facts.good, engine.name, tuple(wanted), keep, later=later,
        light=wanted.keys() - set(extra) if narrow else (), narrow=narrow,
    )  # fmt: skip
    number = engine.table(name, query.text)
    keyed = None if event is None else EVENT_KEY
    decided = Decided(
        name, query.columns, KEY, keyed, dialect_of(engine.name), weights_of(program),
        later=query.later, event_type=event, texts=query.texts,
    )  # fmt: skip
    return Batch(program, event, facts, decided, number, source, audit)


def only_outcomes(program: Program) -> frozenset[str]:
    """Bindings that only the rows of outcomes show, such as their ids: few customers have one, so
    that they are worked out where they are written. For everyone they would take as long again as
    the rest of a decision."""
    shown: set[str] = set()
    for column in decision_columns(program, None):
        shown |= read_by(column.content)
    rows: set[str] = set()
    for part in outcome_parts(program, None):
        shown |= {name for name in (part.guard, part.stop) if name is not None}
        inside = {name for _, content in part.columns for name in read_by(content)}
        if part.guard is None:
            shown |= inside
        else:
            rows |= inside
    return frozenset(rows - shown)


def weights_of(program: Program) -> dict[str, int]:
    """Bindings that are the same number for everybody."""
    return {
        binding.name: binding.expr.value
        for binding in program.bindings
        if isinstance(binding.expr, Const) and isinstance(binding.expr.value, int)
    }


def write_decisions(engine: Engine, batches: Sequence[Batch], path: Path) -> int:
    """decisions.parquet: about everyone in the order of the facts, about events by customer and in
    the order in which they were decided."""
    selects, names = [], ["customer"]
    for each in batches:
        columns = decision_columns(each.program, each.event)
        selects.append(decisions(columns, each.decided))
        names = ["customer", *(column.name for column in columns)]
        if each.event is not None:
            names[1:1] = ["event", EVENT_TYPE]
    return engine.write(_together(selects, batches, engine, names), path)


def write_outcomes(
    engine: Engine, batches: Sequence[Batch], types: dict[str, Published], path: Path
) -> int:
    """outcomes.parquet: about everyone rule by rule, each in the order of the customers; about
    events by customer, event, kind and rule."""
    selects = [
        outcomes(outcome_parts(each.program, each.event), each.decided, types) for each in batches
    ]
    rows = _together(selects, batches, engine, OUTCOME_COLUMNS, OUTCOME_ORDER)
    return engine.write(rows, path, gathered=batches[0].event is None)


def _together(
    selects: Sequence[str],
    batches: Sequence[Batch],
    engine: Engine,
    names: Sequence[str],
    by: tuple[str, ...] = (),
) -> str:
    """Rows of several relations, in an order that does not depend on which came first."""
    if all(batch.event is None for batch in batches):
        return "\nUNION ALL\n".join(selects)
    quoted = dialect_of(engine.name).identifier
    union = "\nUNION ALL\n".join(f"SELECT * FROM ({each}) AS s" for each in selects)
    order = ", ".join(map(quoted, ("customer", TURN, *by)))
    return f"SELECT {', '.join(map(quoted, names))} FROM ({union}) AS u ORDER BY {order}"


def write_state(engine: Engine, batch: Batch, schema: Schema, path: Path) -> int:
    """state.parquet: also of those who were set aside, as they came."""
    fields = state_fields(batch.program, schema)
    select = state(fields, batch.decided)
    if batch.facts.rejected:
        dialect, plan = batch.decided.dialect, batch.facts.plan
        read = {each.name for each in plan.inputs if each.origin == "customer"}
        inputs = {
            each.name: input_column(plan.needs, "customer", each.name)
            for each in fields
            if each.name in read
        }
        select += f"\nUNION ALL\n{kept_state(fields, batch.facts.bad, inputs, dialect)}"
    return engine.write(select, path, gathered=bool(batch.facts.rejected))


def write_audit(engine: Engine, batches: Sequence[Batch], path: Path) -> int:
    """audit.parquet. Of several types of events each has its own conditions; all have a column."""
    codes = sorted({code for each in batches for code, _ in audit_of(each).codes})
    selects = [audit_select(codes, dict(audit_of(each).codes), each.decided) for each in batches]
    about = [] if batches[0].event is None else ["event", EVENT_TYPE]
    names = ["customer", *about, *audit_names(codes)]
    return engine.write(_together(selects, batches, engine, names), path)


def audit_of(batch: Batch) -> Audited:
    """What the batch was audited for."""
    assert batch.audit is not None
    return batch.audit


def count_facts(engine: Engine, batches: Sequence[Batch]) -> dict[str, Any]:
    """`counts` of facts and claims over all batches: the same is counted of each."""
    answers = []
    asked = Counting()
    for each in batches:
        asked = counting(each.source, decision_columns(each.program, each.event), each.decided)
        answers += engine.rows(counts_select(asked, each.decided.relation))
    return counts_of(asked, answers, dict(score_types(batches[0].program)))[1]
