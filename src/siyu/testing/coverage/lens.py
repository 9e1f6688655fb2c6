"""Looking at one evaluation: which goals it shows, found by forcing one condition at a time.

A condition decides alone in an evaluation if its rule comes out otherwise with the condition's
verdict flipped and everything else of the record as it is. Nothing but what hangs on the condition
is evaluated again, and only inside its rule.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from siyu.core.ir import Expr, Ref
from siyu.core.passes.prune import needed
from siyu.core.program import Program
from siyu.core.walk import parts
from siyu.evaluators import reference
from siyu.records import Read
from siyu.testing.coverage.model import Goal
from siyu.testing.coverage.rules import Condition, Rule, conditions_of, stoppers_of


@dataclass(frozen=True, slots=True)
class Seen:
    """One evaluation of a program by the reference evaluator."""

    program: Program
    read: Read
    values: dict[str, Any]
    trace: reference.Trace


def look(program: Program, read: Read) -> Seen:
    """Evaluates a program on a record, keeping the value of every node."""
    trace = reference.Trace()
    return Seen(program, read, reference.evaluate(program, read.facts, read.event, trace), trace)


class Lens:
    """Knows how the expressions of one program hang together. The program has its population
    values."""

    def __init__(
        self, program: Program, rules: Mapping[str, Rule], kinds: Mapping[str, str]
    ) -> None:
        self.program = program
        self.bindings = {binding.name: binding for binding in program.bindings}
        self.rules = {
            name: rule
            for name, rule in rules.items()
            if (rule.main if rule.main in self.bindings else name) in self.bindings
            or any(shown in self.bindings for shown in rule.shown)
        }
        self.conditions: dict[str, list[Condition]] = {name: [] for name in self.rules}
        for condition in conditions_of(program, self.rules, kinds):
            self.conditions[condition.rule].append(condition)
        self._place = {binding.name: n for n, binding in enumerate(program.bindings)}
        self._over, self._refs = _upwards(program)
        self._roots: dict[int, list[str]] = {}
        for binding in program.bindings:
            self._roots.setdefault(id(binding.expr), []).append(binding.name)
        self._cones: dict[str, frozenset[str]] = {}

    def over(self, node: Expr) -> tuple[Expr, ...]:
        """The nodes that a node is directly part of."""
        return tuple(self._over.get(id(node), ()))

    def refs(self, name: str) -> tuple[Ref, ...]:
        """The places that read a binding."""
        return tuple(self._refs.get(name, ()))

    def roots(self, node: Expr) -> tuple[str, ...]:
        """The bindings whose expression a node is."""
        return tuple(self._roots.get(id(node), ()))

    def cone(self, rule: str) -> frozenset[str]:
        """The bindings that what is shown of a rule is built on."""
        if rule not in self._cones:
            shown = [name for name in self.rules[rule].shown if name in self.bindings]
            found = needed(self.program.bindings, shown)
            self._cones[rule] = frozenset(binding.name for binding in found)
        return self._cones[rule]

    # ------------------------------------------------------------ what an evaluation shows

    def shows(
        self, seen: Seen, rules: Iterable[str], wanted: Container[Goal] | None = None
    ) -> Iterator[Goal]:
        """The goals that an evaluation shows of these rules (None: all; else of the wanted)."""
        for name in rules:
            rule = self.rules[name]
            if not rule.decided_on(seen.read.event):
                continue
            for goal in self._outcome(rule, seen):
                if wanted is None or goal in wanted:
                    yield goal
            for condition in self.conditions[name]:
                yield from self._verdict(condition, seen, wanted)

    def _outcome(self, rule: Rule, seen: Seen) -> Iterator[Goal]:
        if rule.main in seen.values:
            value = seen.values[rule.main]
            if rule.fires:
                yield Goal(rule.name, "fired" if value is True else "not_fired", rule.name)
            if value is None:
                yield Goal(rule.name, "cannot_tell", rule.name)
            for code, outcome in rule.outcomes:
                if value == outcome:
                    yield Goal(rule.name, "outcome", code)
        if rule.stop is not None and seen.values.get(rule.stop) is not None:
            said = str(seen.values[rule.stop])
            if said in stoppers_of(rule, self.bindings):
                yield Goal(rule.name, "stopped", said)

    def _verdict(
        self, condition: Condition, seen: Seen, wanted: Container[Goal] | None
    ) -> Iterator[Goal]:
        owner, code = condition.owner, condition.code
        value = seen.trace.values.get(id(condition.node))
        match value:
            case True:
                simple, alone = Goal(owner, "true", code), Goal(owner, "decides_true", code)
            case False:
                simple, alone = Goal(owner, "false", code), Goal(owner, "decides_false", code)
            case _:
                simple = alone = Goal(owner, "unknown", code)
        if wanted is None or simple in wanted:
            yield simple
        asked = value is not None and (wanted is None or alone in wanted)
        if asked and self.decides(condition, seen):
            yield alone

    # ------------------------------------------------------------ forcing

    def decides(self, condition: Condition, seen: Seen) -> bool:
        """Whether the rule comes out otherwise with the verdict flipped."""
        verdict = seen.trace.values.get(id(condition.node))
        if not isinstance(verdict, bool):
            return False
        forced = self.forced(condition, seen, not verdict)
        shown = self.rules[condition.rule].shown
        return any(
            _differ(value, seen.values[name]) for name, value in forced.items() if name in shown
        )

    def forced(self, condition: Condition, seen: Seen, verdict: bool) -> dict[str, Any]:
        """The bindings of the rule that have another value with this verdict, and that value."""
        values, counted = seen.trace.values, seen.trace.counted
        before, before_counted = dict(values), dict(counted)
        try:
            values[id(condition.node)] = verdict
            return self._propagated(condition, seen)
        finally:
            values.clear()
            values.update(before)
            counted.clear()
            counted.update(before_counted)

    def _propagated(self, condition: Condition, seen: Seen) -> dict[str, Any]:
        cone = self.cone(condition.rule)
        bound = dict(seen.values)
        changed: dict[str, Any] = {}
        waiting: list[tuple[int, str]] = []
        self._forget(condition.node, seen.trace, cone, waiting, keep=True)
        while waiting:
            _, name = heappop(waiting)
            if name in changed:
                continue
            expr = self.bindings[name].expr
            made = reference.evaluate_in(
                seen.program, seen.read.facts, seen.read.event, bound, seen.trace, expr
            )
            if made != bound[name] or type(made) is not type(bound[name]):
                bound[name] = changed[name] = made
                for ref in self._refs.get(name, ()):
                    self._forget(ref, seen.trace, cone, waiting)
        return changed

    def _forget(
        self,
        node: Expr,
        trace: reference.Trace,
        cone: frozenset[str],
        waiting: list[tuple[int, str]],
        keep: bool = False,
    ) -> None:
        """Forgets the values of all that hangs on a node, up to the bindings that it ends in."""
        stack = [node]
        if not keep:
            trace.values.pop(id(node), None)
        seen: set[int] = set()
        while stack:
            here = stack.pop()
            if id(here) in seen:
                continue
            seen.add(id(here))
            for name in self._roots.get(id(here), ()):
                if name in cone:
                    heappush(waiting, (self._place[name], name))
            for above in self._over.get(id(here), ()):
                trace.values.pop(id(above), None)
                stack.append(above)


def _differ(a: Any, b: Any) -> bool:
    """Whether two outcomes are not the same; not fired is not fired, be it false or unknown."""
    if isinstance(a, bool) or isinstance(b, bool):
        return (a is True) != (b is True)
    return bool(a != b)


def _upwards(program: Program) -> tuple[dict[int, list[Expr]], dict[str, list[Ref]]]:
    """For every node what it is part of, and for every binding who reads it."""
    over: dict[int, list[Expr]] = {}
    refs: dict[str, list[Ref]] = {}
    seen: set[int] = set()
    waiting = [binding.expr for binding in program.bindings]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Ref):
            refs.setdefault(node.name, []).append(node)
        for part in parts(node):
            over.setdefault(id(part), []).append(node)
            waiting.append(part)
    return over, refs
