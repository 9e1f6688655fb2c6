"""The rounds of a run about events: relations of what is decided in turn.

Where a decision counts what earlier ones have posted, given or sent, every customer's first event
comes first, then every second one, with the logs extended by what the rounds before have added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from siyu.core.program import Program
from siyu.decision.plain import exports_of
from siyu.evaluators.sql import (
    FactsPlan,
    Query,
    Relations,
    decide_query,
    facts_query,
    plan_facts,
)
from siyu.evaluators.sql.names import KEY
from siyu.population.engines import Engine
from siyu.population.run import inputs, writing
from siyu.population.run.audit import Audited
from siyu.population.run.base import Facts, bring_together
from siyu.population.run.columns import Decided
from siyu.population.run.dialect import Dialect, dialect_of
from siyu.population.run.logs import TODAY, Log, emitted
from siyu.population.run.writing import AS_OF, EVENT_KEY, TURN, Batch

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


class _Asked(dict[str, str]):
    """Columns that remember which of them were asked for."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__((name, name) for name in names)
        self.asked: dict[str, None] = {}

    def __getitem__(self, name: str) -> str:
        self.asked[name] = None
        return super().__getitem__(name)


def logged(logs: Sequence[Log], kind: Kind, dialect: Dialect) -> tuple[str, ...]:
    """The bindings that rows of the logs are made of: a small part of a decision."""
    columns = _Asked(kind.wanted)
    decided = Decided("", columns, KEY, EVENT_KEY, dialect)
    for log in logs:
        emitted(log, kind.source, kind.name, decided, AS_OF)
    return tuple(columns.asked)


@dataclass(frozen=True, slots=True)
class Written:
    """The queries of one type of event, written once: they read views that each round changes.
    `query` is only of what the logs have to know."""

    plan: FactsPlan
    facts: str
    query: Query


@dataclass(slots=True)
class Making:
    engine: Engine
    kinds: Sequence[Kind]
    logs: Sequence[Log]
    memory: int | None
    present: frozenset[tuple[int, int]]  # turns and types that have an event
    facts_of: dict[str, Pile] = field(default_factory=dict)
    added: dict[str, Pile] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    columns: dict[str, Decided] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)
    read: int = 0
    rejected: int = 0
    left: dict[str, str] = field(default_factory=dict)
    left_of: int = 0

    @property
    def dialect(self) -> Dialect:
        return dialect_of(self.engine.name)

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
        """Brings together the facts of a type's events of a round, and decides what the logs of the
        next one have to know of them."""
        relations = self.see(number, kind, turn)
        pile = self.facts_of.setdefault(kind.name, Pile(self.engine, f"facts_{number}"))
        if kind.name not in self.written:
            plan = plan_facts(kind.program, kind.name, kind.staged.given, kind.wanted)
            text = facts_query(plan, relations, self.engine.name, KEPT).text
            now = Facts(plan, f"facts_now_{number}", 0, 0, True)
            names = logged(self.logs, kind, self.dialect)
            query = decide_query(plan, kind.program, now.good, self.engine.name, names, KEPT)
            self.written[kind.name] = Written(plan, text, query)
        written = self.written[kind.name]
        self.read += pile.add(written.facts)
        self.engine.view(f"facts_now_{number}", f"SELECT * FROM {pile.parts[-1]}")
        name = f"decided_now_{number}"
        self.engine.table(name, written.query.text)
        return self.decided(kind, name, written.query)

    def keep(self, number: int, kind: Kind, facts: Facts, query: Query) -> int:
        """Keeps the decisions of a type; how many there are."""
        name = f"all_decided_{number}"
        self.facts[kind.name] = facts
        self.columns[kind.name] = self.decided(kind, name, query)
        return self.engine.table(name, query.text)

    def decided(self, kind: Kind, name: str, query: Query) -> Decided:
        """A relation of decisions about events of a type."""
        return Decided(
            name, query.columns, KEY, EVENT_KEY, self.dialect, writing.weights_of(kind.program),
            TURN, event_type=kind.name,
        )  # fmt: skip

    def whole(self) -> None:
        """After the rounds: all that is decided about the events, out of the facts of every round.
        It takes as long to plan as to decide about thousands, so that it is done once."""
        decided = 0
        for number, kind in enumerate(self.kinds):
            if kind.name not in self.facts_of:
                continue
            name = f"facts_all_{number}"
            self.engine.view(name, self.facts_of[kind.name].select)
            facts = Facts(self.written[kind.name].plan, name, 0, 0, True)
            query = decide_query(
                facts.plan, kind.program, facts.good, self.engine.name, kind.wanted, KEPT
            )
            decided += self.keep(number, kind, facts, query)
        self.rejected = self.read - decided

    def events(self) -> Events:
        """Everything that was decided."""
        batches = []
        for kind in self.kinds:
            if kind.name not in self.columns:
                continue
            decided = self.columns[kind.name]
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
