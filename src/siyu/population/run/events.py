"""A run about events: every event is decided about as if it had come to the service in its turn.

Where a decision counts what earlier ones have posted, given or sent, events are taken in rounds:
first every customer's first event, then every second one, with the logs extended by what the rounds
before have added. Otherwise all events are one round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from siyu.core.passes import at_moment, specialise
from siyu.core.program import Program
from siyu.decision.plain import exports_of
from siyu.evaluators.sql import (
    FactsPlan,
    Query,
    Relations,
    decide_query,
    facts_query,
    needs_read,
    plan_facts,
)
from siyu.evaluators.sql.names import KEY
from siyu.population.engines import Engine
from siyu.population.run import inputs, writing
from siyu.population.run.audit import Audited, audited
from siyu.population.run.base import Facts, bring_together
from siyu.population.run.columns import Decided
from siyu.population.run.dialect import dialect_of
from siyu.population.run.logs import TODAY, Log, counts_own_outcomes, emitted, logs_of
from siyu.population.run.order import Order, Progress
from siyu.population.run.writing import AS_OF, EVENT_KEY, TURN, Batch
from siyu.words import say

TOGETHER = 24  # relations that are made one before more are added
KEPT = (EVENT_KEY, AS_OF, TURN)


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of event: its program, with and without population values, and what is staged."""

    name: str
    source: Program
    program: Program
    staged: inputs.Inputs
    audit: Audited | None
    occasions: str

    @property
    def wanted(self) -> tuple[str, ...]:
        """The bindings that are asked for."""
        names = dict.fromkeys(exports_of(self.source, self.name))
        if self.audit is not None:
            names |= dict.fromkeys(name for _, name in self.audit.codes)
        if any(binding.name == TODAY for binding in self.source.bindings):
            names |= {TODAY: None}
        return tuple(names)


@dataclass(frozen=True, slots=True)
class Events:
    """All decisions of a run about events; how many events were read, and how many set aside."""

    batches: list[Batch]
    staged: list[inputs.Inputs]
    read: int
    rejected: int
    customers: int


@dataclass(slots=True)
class Pile:
    """Relations that are one behind the other, however many."""

    engine: Engine
    name: str
    parts: list[str] = field(default_factory=list)
    made: int = 0

    def add(self, select: str) -> int:
        """A relation more; how many rows it has."""
        if len(self.parts) >= TOGETHER:
            self.made += 1
            whole = f"{self.name}_until_{self.made}"
            self.engine.table(whole, self.select)
            if self.made > 1:
                self.engine.table(f"{self.name}_until_{self.made - 1}", "SELECT 1 AS nothing")
            self.parts = [whole]
        part = f"{self.name}_{len(self.parts)}"
        number = self.engine.table(part, select)
        self.parts.append(part)
        return number

    @property
    def select(self) -> str:
        """All of them."""
        return "\nUNION ALL\n".join(f"SELECT * FROM {part}" for part in self.parts)


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
    making = _Making(engine, kinds, logs, order.memory, present)
    if not any(counts_own_outcomes(kind.source, kind.name, logs, several) for kind in kinds):
        making.all_at_once()
    else:
        rounds = max((turn for turn, _ in present), default=0)
        progress.stage(say("deciding, each customer's events in turn"), rounds)
        for turn in range(1, rounds + 1):
            making.round(turn)
            progress.advance()
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


@dataclass(frozen=True, slots=True)
class Written:
    """The queries of one type of event, written once: they read views that each round changes."""

    plan: FactsPlan
    facts: str
    query: Query


@dataclass(slots=True)
class _Making:
    engine: Engine
    kinds: Sequence[Kind]
    logs: Sequence[Log]
    memory: int | None
    present: frozenset[tuple[int, int]]  # turns and types that have an event
    piles: dict[str, Pile] = field(default_factory=dict)
    added: dict[str, Pile] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    columns: dict[str, Decided] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)
    read: int = 0
    rejected: int = 0
    left: dict[str, str] = field(default_factory=dict)
    left_of: int = 0
    last: int = 0  # decisions in the last relation

    def all_at_once(self) -> None:
        """Decides about all events: none counts what another has given."""
        for number, kind in enumerate(self.kinds):
            relations = replace(kind.staged.relations, records=f"{kind.occasions}_in_turn")
            facts = bring_together(
                self.engine, kind.program, relations, kind.name, kind.wanted,
                given=kind.staged.given, keep=KEPT, name=f"facts_{number}", again=True,
                memory=self.memory,
            )  # fmt: skip
            self.read += facts.read
            self.rejected += facts.rejected
            query = decide_query(
                facts.plan, kind.program, facts.good, self.engine.name, kind.wanted, KEPT
            )
            self.keep(number, kind, facts, query)

    def round(self, turn: int) -> None:
        """Decides about every customer's event number `turn`."""
        new: dict[str, list[str]] = {log.need.path: [] for log in self.logs}
        if turn > 1:
            self.shrink(turn)
        for number, kind in enumerate(self.kinds):
            if (turn, number) in self.present:
                decided = self.decide(number, kind, turn)
                for log in self.logs:
                    new[log.need.path] += emitted(log, kind.source, kind.name, decided, AS_OF)
        for path, selects in new.items():
            if selects:
                pile = self.added.setdefault(path, Pile(self.engine, f"added_{len(self.added)}"))
                pile.add("\nUNION ALL\n".join(selects))

    def shrink(self, turn: int) -> None:
        """From the second round on, rows only of customers who have events left; looked at again
        when they have become half as many."""
        rows = " UNION ALL ".join(
            f"SELECT {KEY} FROM {kind.occasions}_in_turn WHERE {TURN} >= {turn}"
            for kind in self.kinds
        )
        ((number,),) = self.engine.rows(f"SELECT count(DISTINCT {KEY}) FROM ({rows}) AS u")
        if self.left and 2 * int(number) > self.left_of:
            return
        tables = self.left or self.kinds[0].staged.relations.tables
        step = self.left_of
        self.engine.table(f"left_keys_{step}", f"SELECT DISTINCT {KEY} FROM ({rows}) AS u")
        made: dict[str, str] = {}
        for place, (path, relation) in enumerate(tables.items()):
            if relation is None:
                continue
            made[path] = f"left_{place}_{step}"
            self.engine.table(
                made[path],
                f"SELECT * FROM {relation} AS t WHERE {KEY} IN "
                f"(SELECT {KEY} FROM left_keys_{step})",
            )
        self.left, self.left_of = made, int(number)

    def see(self, number: int, kind: Kind, turn: int) -> Relations:
        """Views of what a round reads: its events, and the logs with what was added to them."""
        staged = kind.staged.relations
        records = f"round_{number}"
        self.engine.view(records, f"SELECT * FROM {kind.occasions}_in_turn WHERE {TURN} = {turn}")
        tables: dict[str, str | None] = {}
        for place, (path, own) in enumerate(staged.tables.items()):
            if own is None:
                tables[path] = None  # nobody looks there, so that nothing of it is known
                continue
            view = tables[path] = f"round_{number}_{place}"
            text = f"SELECT * FROM {self.left.get(path, own)}"
            if path in self.added:
                bad = ", FALSE AS bad" if path in staged.checked else ""
                text += f" UNION ALL SELECT *{bad} FROM ({self.added[path].select}) AS a"
            self.engine.view(view, text)
        return Relations(records, tables, staged.checked)

    def decide(self, number: int, kind: Kind, turn: int) -> Decided:
        relations = self.see(number, kind, turn)
        name = f"facts_{number}"
        if kind.name not in self.written:
            plan = plan_facts(kind.program, kind.name, kind.staged.given, kind.wanted)
            text = facts_query(plan, relations, self.engine.name, KEPT).text
            good = Facts(plan, name, 0, 0, True).good
            query = decide_query(plan, kind.program, good, self.engine.name, kind.wanted, KEPT)
            self.written[kind.name] = Written(plan, text, query)
        written = self.written[kind.name]
        read = self.engine.table(name, written.facts)
        decided = self.keep(number, kind, Facts(written.plan, name, 0, 0, True), written.query)
        self.read += read
        self.rejected += read - self.last
        return decided

    def keep(self, number: int, kind: Kind, facts: Facts, query: Query) -> Decided:
        """Keeps the decisions of a query with the others of their type."""
        pile = self.piles.setdefault(kind.name, Pile(self.engine, f"decided_{number}"))
        self.last = pile.add(query.text)
        self.facts[kind.name] = facts
        decided = Decided(
            pile.parts[-1], query.columns, KEY, EVENT_KEY, dialect_of(self.engine.name),
            writing.weights_of(kind.program), TURN, event_type=kind.name,
        )  # fmt: skip
        self.columns[kind.name] = decided
        return decided

    def events(self) -> Events:
        """Everything that was decided."""
        batches = []
        for number, kind in enumerate(self.kinds):
            if kind.name not in self.piles:
                continue
            whole = f"all_decided_{number}"
            self.engine.view(whole, self.piles[kind.name].select)
            decided = replace(self.columns[kind.name], relation=whole)
            batches.append(
                Batch(kind.program, kind.name, self.facts[kind.name], decided, 0, kind.source,
                      kind.audit)
            )  # fmt: skip
        customers = 0
        if batches:
            keys = " UNION ALL ".join(f"SELECT {KEY} FROM {b.decided.relation}" for b in batches)
            ((customers,),) = self.engine.rows(f"SELECT count(DISTINCT {KEY}) FROM ({keys}) AS u")
        staged = [kind.staged for kind in self.kinds]
        return Events(batches, staged, self.read, self.rejected, int(customers))
