"""A run about events: every event is decided about as if it had come to the service in its turn.

Where a decision counts what earlier ones have posted, given or sent, events are taken in rounds, as
`rounds` has it. Otherwise all events are one round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from siyu.core.passes import at_moment, specialise
from siyu.evaluators.sql import needs_read
from siyu.evaluators.sql.names import KEY
from siyu.population.engines import Engine
from siyu.population.run import inputs
from siyu.population.run.audit import audited
from siyu.population.run.dialect import dialect_of
from siyu.population.run.logs import counts_own_outcomes, logs_of
from siyu.population.run.order import Order, Progress
from siyu.population.run.rounds import Events, Kind, Making
from siyu.population.run.writing import AS_OF, EVENT_KEY, TURN
from siyu.words import say


def decide_events(
    order: Order,
    engine: Engine,
    tables: inputs.Tables,
    values: Mapping[str, Any],
    allotted: Mapping[str, Any],
    progress: Progress,
) -> Events:
    """Decides about every event of the types asked for. `values` are the calibration's, `allotted`
    the allocation's."""
    kinds = [
        _kind(order, engine, tables, name, number, values, allotted)
        for number, name in enumerate(order.events)
    ]
    present = _turns(engine, kinds)
    schema = order.compiled.schema
    logs = logs_of(schema, needs_read(order.program).tables)
    several = len(kinds) > 1
    making = Making(engine, kinds, logs, order.memory, present)
    if not any(counts_own_outcomes(kind.source, kind.name, logs, several) for kind in kinds):
        making.all_at_once()
    else:
        rounds = max((turn for turn, _ in present), default=0)
        progress.stage(say("deciding, each customer's events in turn"), rounds)
        for turn in range(1, rounds + 1):
            making.round(turn)
            progress.advance()
        making.whole()
    return making.events()


def _kind(
    order: Order,
    engine: Engine,
    tables: inputs.Tables,
    name: str,
    number: int,
    values: Mapping[str, Any],
    allotted: Mapping[str, Any],
) -> Kind:
    timed = order.compiled.schema.events[name].time is not None
    source = at_moment(order.program, None if timed else order.as_of, name)
    audit = audited(source, name) if order.audit else None
    asked = source if audit is None else audit.program
    staged = inputs.stage_for(order, tables, order.program, name, f"staged_{number}")
    occasions = f"occasions_{number}"
    records = staged.relations.records
    described = [column for column, _ in engine.describe(f"SELECT * FROM {records}")]
    q = dialect_of(engine.name).identifier
    by = dict.fromkeys((KEY, AS_OF, EVENT_KEY, *described))
    engine.table(
        f"{occasions}_all",
        f"SELECT *, row_number() OVER (ORDER BY {', '.join(map(q, by))}) AS place, "
        f"{number} AS kind FROM {records}",
    )
    return Kind(name, source, specialise(asked, values, allotted), staged, audit, occasions)


def _turns(engine: Engine, kinds: Sequence[Kind]) -> frozenset[tuple[int, int]]:
    """Numbers every customer's events in the order of time. Which numbers there are of which types
    (by their places)."""
    union = " UNION ALL ".join(
        f"SELECT {KEY}, kind, place, {AS_OF} FROM {kind.occasions}_all" for kind in kinds
    )
    engine.table(
        "turns",
        f"SELECT kind, place, row_number() OVER (PARTITION BY {KEY} ORDER BY {AS_OF}, kind, place) "
        f"AS {TURN} FROM ({union}) AS u",
    )
    for number, kind in enumerate(kinds):
        engine.view(
            kind.occasions,
            f"SELECT o.*, t.{TURN} FROM {kind.occasions}_all AS o JOIN turns AS t "
            f"ON t.kind = {number} AND t.kind = o.kind AND t.place = o.place",
        )
        engine.table(f"{kind.occasions}_in_turn", f"SELECT * FROM {kind.occasions}")
    found = engine.rows(f"SELECT DISTINCT {TURN}, kind FROM turns")
    return frozenset((int(turn), int(kind)) for turn, kind in found)
