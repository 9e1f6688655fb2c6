"""What must become of the nodes of a program for an evaluation to show a goal.

A task is a list of nodes with the verdicts they should have: together they make it likely that
the goal is shown. Whether it is shown is decided by looking at the evaluation, never here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from siyu.core.ir import Cases, Const, Expr, Ref
from siyu.core.walk import parts
from siyu.testing.coverage.lens import Lens
from siyu.testing.coverage.model import Goal
from siyu.testing.coverage.reach import Step, Wanted, unmasked
from siyu.testing.coverage.rules import Condition, Rule


@dataclass(frozen=True, slots=True)
class Is:
    """That a node has one value; None: that it is unknown."""

    value: object


Aimed = tuple[Expr, str | Is]
UNKNOWN = Is(None)


@dataclass(frozen=True, slots=True)
class Task:
    """A goal, the rule that has to show it, and the nodes to be moved, those that count most
    first."""

    goal: Goal
    rule: str
    aimed: tuple[Aimed, ...]


def tasks_of(goal: Goal, lens: Lens) -> Iterator[Task]:
    """The ways to a goal that a lens knows: one for each place where its condition stands."""
    if goal.aim in ("fired", "not_fired", "cannot_tell", "outcome", "stopped"):
        if goal.rule in lens.rules:
            yield Task(goal, goal.rule, tuple(_of_rule(goal, lens.rules[goal.rule], lens)))
        return
    for rule, conditions in lens.conditions.items():
        for condition in conditions:
            if condition.code == goal.code and condition.owner == goal.rule:
                yield Task(goal, rule, tuple(_of_condition(goal, condition, lens)))


def _of_rule(goal: Goal, rule: Rule, lens: Lens) -> Iterator[Aimed]:
    main = lens.bindings[rule.main].expr
    match goal.aim:
        case "fired":
            yield main, "true"
        case "not_fired":
            yield main, "not_true"
        case "cannot_tell":
            yield main, UNKNOWN
        case "outcome":
            yield main, Is(dict(rule.outcomes)[goal.code])
        case _:
            stop = lens.bindings[rule.stop or ""].expr
            assert isinstance(stop, Cases)
            for arm in stop.arms:
                said = arm.value.value if isinstance(arm.value, Const) else None
                yield arm.when, "true" if said == goal.code else "not_true"
                if said == goal.code:
                    return


def _of_condition(goal: Goal, condition: Condition, lens: Lens) -> Iterator[Aimed]:
    match goal.aim:
        case "true" | "decides_true":
            yield condition.node, "true"
        case "false" | "decides_false":
            yield condition.node, "false"
        case _:
            yield condition.node, UNKNOWN
    if goal.aim in ("decides_true", "decides_false"):
        yield from _let_through(condition.node, condition.binding, lens.rules[condition.rule], lens)


def _let_through(node: Expr, binding: str, rule: Rule, lens: Lens) -> Iterator[Wanted]:
    """What lets a verdict through to what is shown of the rule, binding after binding."""
    here, name = node, binding
    for step in _way_out(binding, rule, lens):
        yield from unmasked(_first_path(here, lens.bindings[name].expr))
        here, name = step
    yield from unmasked(_first_path(here, lens.bindings[name].expr))


def _way_out(binding: str, rule: Rule, lens: Lens) -> list[tuple[Ref, str]]:
    """The shortest way from a binding to the one that says what the rule decides, or else to one
    that is shown: each time a place that reads it, and the binding that place stands in."""
    cone = lens.cone(rule.name)
    back: dict[str, tuple[str, Ref]] = {}
    waiting = [binding]
    for name in waiting:
        if name == rule.main:
            break
        for ref in lens.refs(name):
            for reader in _bindings_over(ref, lens):
                if reader in cone and reader not in back and reader != binding:
                    back[reader] = (name, ref)
                    waiting.append(reader)
    goals = [rule.main, *rule.shown]
    end = next((name for name in goals if name == binding or name in back), binding)
    way: list[tuple[Ref, str]] = []
    while end != binding:
        before, ref = back[end]
        way.append((ref, end))
        end = before
    return way[::-1]


def _bindings_over(node: Expr, lens: Lens) -> Iterator[str]:
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if id(here) not in seen:
            seen.add(id(here))
            yield from lens.roots(here)
            waiting += lens.over(here)


def _first_path(node: Expr, root: Expr) -> tuple[Step, ...]:
    """A way from a node up to the root, inner first."""
    seen: set[int] = set()
    waiting: list[tuple[Expr, tuple[Step, ...]]] = [(root, ())]
    while waiting:
        here, path = waiting.pop()
        if here is node:
            return path
        if id(here) not in seen:
            seen.add(id(here))
            below = [(part, (Step(here, n), *path)) for n, part in enumerate(parts(here))]
            waiting += below[::-1]
    return ()
