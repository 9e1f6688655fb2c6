"""The meaning of the core, one node class after another: exact, three-valued, and slow.

Takes for granted that the program is well formed (`core.verify`) and its cuts and allocations are
constants (`core.passes.specialise`). Evaluating is pure and total, so every part of every node is
evaluated, whether or not it matters: a trace then holds all that an explanation may ask for.
A collection that is absent altogether makes all its aggregates unknown, `exists` too.

Nothing recurses, however deep an expression: a node's meaning is a generator that yields what it
wants evaluated and is sent the value.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, assert_never

from siyu.core.contest import Entrant, chosen
from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
    Rows,
)
from siyu.core.program import ColumnNeed, Facts, Program, TableNeed
from siyu.core.walk import LEAVES
from siyu.functions import FUNCTIONS

Row = tuple[Any, ...]
LATER: Final = object()  # instead of a value: it has to be worked out


@dataclass(frozen=True, slots=True)
class Counted:
    """A row that counted in an aggregate: its place in the collection, and its columns by name."""

    index: int
    row: dict[str, Any]


@dataclass(slots=True)
class Trace:
    """What every node outside of rows was worth, and which rows counted, by the node's identity.

    The program must be kept as long as its trace is read.
    """

    values: dict[int, Any] = field(default_factory=dict)
    counted: dict[int, tuple[Counted, ...]] = field(default_factory=dict)

    def value(self, node: Expr) -> Any:
        """The node's value; a KeyError where it stands inside an aggregate's rows."""
        return self.values[id(node)]

    def rows(self, node: Aggregate) -> tuple[Counted, ...]:
        """The rows that counted (of latest and earliest the one found); empty inside of rows."""
        return self.counted.get(id(node), ())


@dataclass(slots=True)
class Scope:
    """Where an expression is evaluated: in a row of a table, in its outer rows, or in no row."""

    values: dict[int, Any] = field(default_factory=dict)
    table: TableNeed | None = None
    row: Row = ()
    outer: Scope | None = None

    def out(self, level: int) -> Scope:
        return self if level == 0 or self.outer is None else self.outer.out(level - 1)

    def column(self, name: str) -> tuple[ColumnNeed, Any]:
        assert self.table is not None, "a column is read outside of rows"
        for need, value in zip(self.table.columns, self.row, strict=True):
            if need.name == name:
                return need, value
        raise KeyError(name)


Steps = Generator[tuple[Expr, Scope], Any, Any]


def evaluate(
    program: Program, facts: Facts, event: str | None, trace: Trace | None = None
) -> dict[str, Any]:
    """The value of every binding for one request; `event` is the type of its event, if any."""
    trace = Trace() if trace is None else trace
    evaluation = _Evaluation(program, facts, event, trace)
    outside = Scope(trace.values)
    for binding in program.bindings:
        given = binding.metric and binding.name in evaluation.given
        evaluation.bound[binding.name] = (
            evaluation.given[binding.name] if given else evaluation.run(binding.expr, outside)
        )
    return evaluation.bound


def evaluate_in(
    program: Program,
    facts: Facts,
    event: str | None,
    bound: dict[str, Any],
    trace: Trace,
    expr: Expr,
) -> Any:
    """The value of one expression where the bindings have the values `bound`. What the trace holds
    is taken from it and not found anew; what it does not hold is put there."""
    evaluation = _Evaluation(program, facts, event, trace)
    evaluation.bound = bound
    return evaluation.run(expr, Scope(trace.values))


def evaluate_in_row(
    program: Program,
    facts: Facts,
    event: str | None,
    bound: dict[str, Any],
    expr: Expr,
    table: TableNeed,
    row: Row,
) -> Any:
    """What an expression over a table's columns is worth in a row that may not be among the facts;
    `bound` are the values of the bindings for these facts."""
    evaluation = _Evaluation(program, facts, event, Trace())
    evaluation.bound = bound
    return evaluation.run(expr, Scope({}, table, row, Scope()))


class _Evaluation:
    def __init__(self, program: Program, facts: Facts, event: str | None, trace: Trace) -> None:
        needs = program.needs
        self.inputs = {
            (need.origin, need.name): value
            for need, value in zip(needs.inputs, facts.values, strict=True)
        }
        self.tables = {
            need.path: (need, rows) for need, rows in zip(needs.tables, facts.tables, strict=True)
        }
        self.given = dict(facts.given)
        self.event = event
        self.trace = trace
        self.bound: dict[str, Any] = {}

    def run(self, expr: Expr, scope: Scope) -> Any:
        value = self.at_once(expr, scope)
        waiting = [self.steps(expr, scope)] if value is LATER else []
        value = None if value is LATER else value
        while waiting:
            try:
                wanted = waiting[-1].send(value)
            except StopIteration as end:
                waiting.pop()
                value = end.value
            else:
                value = self.at_once(*wanted)
                if value is LATER:
                    waiting.append(self.steps(*wanted))
                    value = None
        return value

    def at_once(self, node: Expr, scope: Scope) -> Any:
        """The value of what was found in this scope before or consists of nothing else; LATER of
        the rest. Most nodes are such, and need no generator of their own."""
        value = scope.values.get(id(node), LATER)
        if value is LATER and type(node) in LEAVES:
            value = scope.values[id(node)] = self.leaf(node, scope)
        return value

    def leaf(self, node: Expr, scope: Scope) -> Any:
        match node:
            case Const():
                return node.value
            case Input():
                return self.input(node)
            case Ref():
                return self.bound[node.name]
            case Column():
                return scope.out(node.level).column(node.name)[1]
            case _:
                raise AssertionError("a leaf has no parts")

    def steps(self, node: Expr, scope: Scope) -> Steps:
        """A node's value, found once in each scope."""
        scope.values[id(node)] = value = yield from self.meaning(node, scope)
        return value

    def all(self, nodes: Iterable[Expr], scope: Scope) -> Generator[tuple[Expr, Scope], Any, Row]:
        """The values of several nodes."""
        values = []
        for node in nodes:
            value = self.at_once(node, scope)
            values.append((yield node, scope) if value is LATER else value)
        return tuple(values)

    def all_or_none(
        self, nodes: Iterable[Expr | None], scope: Scope
    ) -> Generator[tuple[Expr, Scope], Any, Row]:
        """The values of several nodes that may be absent."""
        values = []
        for node in nodes:
            values.append(None if node is None else (yield node, scope))
        return tuple(values)

    def meaning(self, node: Expr, scope: Scope) -> Steps:
        match node:
            case Call():
                args = yield from self.all(node.args, scope)
                return None if None in args else FUNCTIONS[node.function].python(*args)
            case Not():
                value = yield node.value, scope
                return None if value is None else not value
            case And():
                items = yield from self.all(node.items, scope)
                return conjunction(items)
            case Or():
                items = yield from self.all(node.items, scope)
                return disjunction(items)
            case Known():
                value = yield node.value, scope
                return value is not None
            case Coalesce():
                value = yield node.value, scope
                default = yield node.default, scope
                return default if value is None else value
            case Cases():
                return (yield from self.cases(node, scope))
            case Aggregate():
                return (yield from self.aggregate(node, scope))
            case Contest():
                return (yield from self.contest(node, scope))
            case Const() | Input() | Ref() | Column():
                return self.leaf(node, scope)
            case _:
                assert_never(node)

    def input(self, node: Input) -> Any:
        if node.origin == "metric":
            return self.given.get(node.name)
        if node.origin == "event" and node.name.partition(".")[0] != self.event:
            return None
        return self.inputs[node.origin, node.name]

    def cases(self, node: Cases, scope: Scope) -> Steps:
        whens = yield from self.all(tuple(arm.when for arm in node.arms), scope)
        values = yield from self.all(tuple(arm.value for arm in node.arms), scope)
        otherwise = yield node.otherwise, scope
        return first_case(whens, values, otherwise, node.on_unknown)

    def aggregate(self, node: Aggregate, scope: Scope) -> Steps:
        table, rows = self.rows(node.rows, scope)
        if rows is None:
            return None
        entries = []
        for index, row in enumerate(rows):
            inner = Scope({}, table, row, scope)
            if node.where is not None and (yield node.where, inner) is not True:
                continue
            value, by, tie = yield from self.all_or_none((node.value, node.by, node.tie), inner)
            if counts(node, value, by):
                entries.append(Entry(index, row, value, by, tie))
        if node.op in ("latest", "earliest") and entries:
            entries = [found(node.op, entries)]
        if scope.outer is None and scope.table is None:
            names = [need.name for need in table.columns]
            self.trace.counted[id(node)] = tuple(
                Counted(entry.index, dict(zip(names, entry.row, strict=True))) for entry in entries
            )
        return summary(node, entries)

    def rows(self, rows: Rows, scope: Scope) -> tuple[TableNeed, tuple[Row, ...] | None]:
        if not rows.nested:
            return self.tables[rows.table]
        need, value = scope.out(rows.level).column(rows.table)
        assert need.nested is not None, "a nested collection has a need of its own"
        return need.nested, value

    def contest(self, node: Contest, scope: Scope) -> Steps:
        entrants = []
        for place, candidate in enumerate(node.candidates):
            eligible = yield candidate.eligible, scope
            keys = yield from self.all(candidate.keys, scope)
            uses = yield from self.all(tuple(use.when for use in candidate.uses), scope)
            taken = tuple(
                use.room for use, when in zip(candidate.uses, uses, strict=True) if when is True
            )
            if eligible is True:
                entrants.append(Entrant(place, candidate.name, keys, taken))
        rooms = yield from self.all(node.rooms, scope)
        return chosen(len(node.candidates), entrants, node.descending, rooms, node.take)


# ------------------------------------------------------------------- the laws, case by case


def conjunction(items: Row) -> bool | None:
    """False if any is false, else unknown if any is unknown."""
    if any(item is False for item in items):
        return False
    return None if any(item is None for item in items) else True


def disjunction(items: Row) -> bool | None:
    """True if any is true, else unknown if any is unknown."""
    if any(item is True for item in items):
        return True
    return None if any(item is None for item in items) else False


def first_case(whens: Row, values: Row, otherwise: Any, on_unknown: str) -> Any:
    """The value of the first true `when`, unless an unknown one before it decides otherwise."""
    for when, value in zip(whens, values, strict=True):
        if when is True:
            return value
        if when is None and on_unknown == "stop":
            return None
        if when is None and on_unknown == "otherwise":
            return otherwise
    return otherwise


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that counts, with what an aggregate asks of it."""

    index: int
    row: Row
    value: Any
    by: Any
    tie: Any


def counts(node: Aggregate, value: Any, by: Any) -> bool:
    """Whether a row that passed `where` counts: its value is known; or its `by`, if it decides."""
    if node.op in ("latest", "earliest"):
        return by is not None
    return node.value is None or value is not None


def found(op: str, entries: list[Entry]) -> Entry:
    """The row with the greatest (least) `by`; of those the one with the greatest known `tie`; of
    those the first."""
    pick = max if op == "latest" else min
    edge = pick(entry.by for entry in entries)
    ties = [entry for entry in entries if entry.by == edge]
    known = [entry for entry in ties if entry.tie is not None]
    return max(known, key=lambda entry: entry.tie) if known else ties[0]


def summary(node: Aggregate, entries: list[Entry]) -> Any:
    """One value of the rows that count."""
    values = [entry.value for entry in entries]
    match node.op:
        case "count":
            return len(values)
        case "sum":
            return sum(values)
        case "distinct":
            return len(set(values))
        case "exists":
            return bool(values)
        case "min":
            return min(values, default=None)
        case "max":
            return max(values, default=None)
        case "latest" | "earliest":
            return values[0] if values else None
        case _:
            assert_never(node.op)
