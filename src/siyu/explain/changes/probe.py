"""The part of a program that something hangs on, made so that figures can be moved in it.

A probe is a program with two more inputs per metric: whether it is another than it was, and what
it is then. So one generated function answers for every figure that may move, metrics that a
request brings included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from siyu.core.ir import Aggregate, Arm, Cases, Expr, Input
from siyu.core.passes.prune import needed
from siyu.core.program import Binding, Facts, Needs, Program
from siyu.core.walk import parts
from siyu.evaluators import record
from siyu.types import BOOL

Outcome = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """Where in the facts a metric is moved: whether it is, and to what."""

    switch: int
    place: int


class Probe:
    """Decides about what is `watched`: bindings by name, and expressions outside of rows. The
    bindings `kept` are found beside them, by name.

    `program` holds the bindings that are needed for it, with the further inputs. Immutable, and
    may be shared between threads. Cuts and allocations must be constants by now.
    """

    def __init__(
        self,
        program: Program,
        event: str | None,
        watched: Sequence[str | Expr],
        kept: Sequence[str] = (),
    ) -> None:
        named = tuple(_named(each, n) for n, each in enumerate(watched))
        bound = (*program.bindings, *(b for b in named if isinstance(b, Binding)))
        names = tuple(b.name if isinstance(b, Binding) else b for b in named)
        wanted = (*names, *kept)
        metrics = [b for b in needed(bound, wanted) if b.metric]
        first = len(program.needs.inputs)
        self.moved: Mapping[str, Moved] = {
            b.name: Moved(first + 2 * n, first + 2 * n + 1) for n, b in enumerate(metrics)
        }
        inputs = [i for b in metrics for i in (_switch(b), _place(b))]
        needs = Needs((*program.needs.inputs, *inputs), program.needs.tables)
        bindings = tuple(_movable(b) if b.metric else b for b in needed(bound, wanted))
        self.origin = program
        self.program = replace(program, bindings=bindings, needs=needs, parts=())
        self.event = event
        self.watched = names
        self.inputs = {(i.origin, i.name): n for n, i in enumerate(needs.inputs)}
        self.tables = {table.path: n for n, table in enumerate(needs.tables)}
        self._compiled = record.compile_record(
            self.program, event, (), tuple(dict.fromkeys((*wanted, *self.moved)))
        )
        self._order = tuple(self._compiled.exports.index(name) for name in names)

    def facts(self, facts: Facts) -> Facts:
        """A request's facts as this probe takes them, metrics that the request brings included."""
        values = [*facts.values, *([False, None] * len(self.moved))]
        for name, value in facts.given:
            if name in self.moved:
                values[self.moved[name].switch] = True
                values[self.moved[name].place] = value
        return Facts(tuple(values), facts.tables)

    def outcome(self, facts: Facts) -> Outcome:
        """What is watched comes to, in the order in which it was asked for."""
        values = self._compiled(facts)
        return tuple([values[n] for n in self._order])

    def outcome_and_metrics(self, facts: Facts) -> tuple[Outcome, dict[str, Any]]:
        """The same, with the values of all metrics and of what is `kept` by name."""
        values = self._compiled.values(facts)
        return tuple([values[n] for n in self.watched]), values


def _named(watched: str | Expr, n: int) -> str | Binding:
    return watched if isinstance(watched, str) else Binding(f"watched~{n}", watched, watched.type)


def _switch(metric: Binding) -> Input:
    return Input("context", f"moved~{metric.name}", BOOL, optional=False)


def _place(metric: Binding) -> Input:
    return Input("context", f"moved~{metric.name}~to", metric.type)


def _movable(metric: Binding) -> Binding:
    arm = Arm(_switch(metric), _place(metric))
    moved = Cases((arm,), metric.expr, "skip", metric.type, span=metric.span)
    return replace(metric, expr=moved, metric=False)


def coded(program: Program, code: str) -> Expr | None:
    """The condition with this code that stands outside of rows; None where there is none."""
    waiting: list[Expr] = [binding.expr for binding in reversed(program.bindings)]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.code == code:
            return node
        if not isinstance(node, Aggregate):
            waiting.extend(reversed(parts(node)))
    return None
