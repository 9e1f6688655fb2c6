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
from siyu.evaluators.sql.names import BAD, KEY, input_column
from siyu.population.engines import Engine
from siyu.population.run.audit import Audited, audit_select
from siyu.population.run.base import Facts
from siyu.population.run.columns import Decided, decisions
from siyu.population.run.counts import Counting, counting, counts_select
from siyu.population.run.dialect import dialect_of
from siyu.population.run.layout import decision_columns, outcome_parts
from siyu.population.run.outcomes import outcomes
from siyu.population.run.published import Published
from siyu.population.run.state import StateField, kept_state, state
from siyu.schema import Schema

EVENT_KEY, AS_OF = "event_key", "as_of"


@dataclass(frozen=True, slots=True)
class Batch:
    """Decisions about everybody, or about all events of a type. `program` has the moment, the
    calibration and the allocation in it. `decided` stands in the engine."""

    program: Program
    event: str | None
    facts: Facts
    decided: Decided
    number: int
    audit: Audited | None = None


def decide(
    engine: Engine,
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
    query = decide_query(facts.plan, program, facts.good, engine.name, tuple(wanted), keep)
    number = engine.table(name, query.text)
    keyed = None if event is None else EVENT_KEY
    weights = {
        binding.name: binding.expr.value
        for binding in program.bindings
        if isinstance(binding.expr, Const) and isinstance(binding.expr.value, int)
    }
    decided = Decided(name, query.columns, KEY, keyed, dialect_of(engine.name), weights)
    return Batch(program, event, facts, decided, number, audit)


def write_decisions(engine: Engine, batch: Batch, path: Path) -> int:
    """decisions.parquet."""
    columns = decision_columns(batch.program, batch.event)
    return engine.write(decisions(columns, batch.decided), path)


def write_outcomes(
    engine: Engine, batch: Batch, types: dict[str, Published], path: Path
) -> int:  # fmt: skip
    """outcomes.parquet."""
    parts = outcome_parts(batch.program, batch.event)
    return engine.write(outcomes(parts, batch.decided, types), path)


def write_state(engine: Engine, batch: Batch, schema: Schema, path: Path) -> int:
    """state.parquet: also of those who were set aside, as they came."""
    fields = state_fields_of(batch, schema)
    select = state(fields, batch.decided)
    if batch.facts.rejected:
        dialect = batch.decided.dialect
        inputs = {
            each.name: input_column(batch.facts.plan.needs, "customer", each.name)
            for each in fields
            if any((i.origin, i.name) == ("customer", each.name) for i in batch.facts.plan.inputs)
        }
        select += f"\nUNION ALL\n{kept_state(fields, batch.facts.bad, inputs, dialect)}"
    return engine.write(select, path)


def state_fields_of(batch: Batch, schema: Schema) -> tuple[StateField, ...]:
    """The fields that the next run begins with."""
    from siyu.population.run.state import state_fields

    return state_fields(batch.program, schema)


def write_audit(engine: Engine, batch: Batch, path: Path) -> int:
    """audit.parquet."""
    assert batch.audit is not None
    return engine.write(audit_select(batch.audit.codes, batch.decided), path)


def count_facts(engine: Engine, batch: Batch) -> tuple[Counting, Sequence[Any]]:
    """What is counted of facts and claims, with the answers."""
    asked = counting(batch.program, decision_columns(batch.program, batch.event), batch.decided)
    (answers,) = engine.rows(counts_select(asked, batch.decided.relation))
    return asked, answers


__all__ = [
    "AS_OF",
    "BAD",
    "EVENT_KEY",
    "Batch",
    "count_facts",
    "decide",
    "write_audit",
    "write_decisions",
    "write_outcomes",
    "write_state",
]
