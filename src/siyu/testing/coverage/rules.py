"""The rules of a program, their conditions, and what there is to show of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from siyu.core.ir import Aggregate, Cases, Coalesce, Const, Expr, Ref
from siyu.core.passes.prune import written
from siyu.core.program import Binding, Items, Part, Program, Section
from siyu.core.walk import parts
from siyu.testing.coverage.model import Goal
from siyu.testing.coverage.unknown import Unknowns
from siyu.types import BOOL, EnumType

FACTS: tuple[Section, ...] = ("segments", "classes", "scores", "tiers", "tables")
DONE: tuple[Section, ...] = ("points", "incentives", "contacts")
ALLOTTED = ("budget", "quota")  # only a run's allocation decides these


@dataclass(frozen=True, slots=True)
class Rule:
    """A declaration that decides something. `main` is the binding that says what: whether it fires
    (segments, points, incentives, contacts), or which case, level, row or number it gives. `shown`
    are all bindings that a decision shows of it; `event` is the one it is decided on. `outcomes`
    are the values of `main` by the code of the case, level or row that gives them."""

    name: str
    kind: str
    section: Section
    main: str
    shown: tuple[str, ...]
    event: str | None
    stop: str | None
    outcomes: tuple[tuple[str, object], ...] = ()

    @property
    def fires(self) -> bool:
        """Whether it either fires or not."""
        return self.section in (*DONE, "segments")

    def decided_on(self, event: str | None) -> bool:
        """Whether it is decided in a request with this event (None: without one)."""
        return self.section in FACTS or self.event == event


@dataclass(frozen=True, slots=True)
class Condition:
    """A node with a code in a binding of a rule. `owner` is the declaration that its code names."""

    node: Expr
    binding: str
    rule: str
    owner: str

    @property
    def code(self) -> str:
        """Its stable code."""
        return self.node.code


def rules_of(program: Program, kinds: Mapping[str, str]) -> dict[str, Rule]:
    """The rules by name, in the order of the policy's declarations."""
    bindings = {binding.name: binding for binding in program.bindings}
    by_name = {part.name: part for part in program.parts if part.section in (*FACTS, *DONE)}
    found = (
        _rule(by_name[name], kind, bindings) for name, kind in kinds.items() if name in by_name
    )
    return {rule.name: rule for rule in found}


def _rule(part: Part, kind: str, bindings: Mapping[str, Binding]) -> Rule:
    main = part.guard or part.name
    if part.section == "tables" and not isinstance(part.shape, Items):
        main = f"{part.name}.row"
    shown = tuple(dict.fromkeys(([main] if main in bindings else []) + list(written((part,)))))
    outcomes = tuple(_outcomes(part, main, bindings))
    return Rule(part.name, kind, part.section, main, shown, part.on, part.stop, outcomes)


def _outcomes(
    part: Part, main: str, bindings: Mapping[str, Binding]
) -> Iterator[tuple[str, object]]:
    """Every case, level and row."""
    if main not in bindings:
        return
    found = bindings[main]
    if part.section in ("classes", "tiers") and isinstance(found.type, EnumType):
        yield from ((f"{part.name}.{member}", member) for member in found.type.members)
    elif part.section == "tables" and isinstance(found.expr, Cases):
        values = (*(arm.value for arm in found.expr.arms), found.expr.otherwise)
        rows = [value.value for value in values if isinstance(value, Const)]
        yield from ((f"{part.name}.row.{row}", row) for row in rows if row is not None)


def owner_of(name: str, kinds: Mapping[str, str]) -> str | None:
    """The declaration that a binding or a code belongs to: the longest that it begins with."""
    words = name.split(".")
    for end in range(len(words), 0, -1):
        begun = ".".join(words[:end])
        if begun in kinds:
            return begun
    return None


def conditions_of(
    program: Program, rules: Mapping[str, Rule], kinds: Mapping[str, str]
) -> tuple[Condition, ...]:
    """Every condition with a code that is worth something in a trace, constants apart."""
    found: list[Condition] = []
    for binding in program.bindings:
        rule = owner_of(binding.name, kinds)
        if rule is None or rule not in rules:
            continue
        for node in outside_rows(binding.expr):
            if node.code and node.type == BOOL and not isinstance(node, Const):
                owner = owner_of(node.code, kinds) or rule
                found.append(Condition(node, binding.name, rule, owner))
    return tuple(found)


def outside_rows(root: Expr) -> Iterator[Expr]:
    """The nodes that are evaluated once for a request, each once, left to right."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            if not isinstance(node, Aggregate):
                waiting.extend(reversed(parts(node)))


def stoppers_of(rule: Rule, bindings: Mapping[str, Binding]) -> tuple[str, ...]:
    """What may stop a rule, as decisions write it: "by code"; not what the author never wrote."""
    stop = None if rule.stop is None else bindings.get(rule.stop)
    if stop is None or not isinstance(stop.expr, Cases):
        return ()
    return tuple(
        str(arm.value.value)
        for arm in stop.expr.arms
        if isinstance(arm.value, Const) and arm.value.value and not _never(arm.when, bindings)
    )


def _never(node: Expr, bindings: Mapping[str, Binding]) -> bool:
    """Whether a condition stands there for form only."""
    while isinstance(node, (Ref, Coalesce)):
        node = bindings[node.name].expr if isinstance(node, Ref) else node.value
    return isinstance(node, Const) and node.value is False


def goals_of(
    program: Program, rules: Mapping[str, Rule], conditions: tuple[Condition, ...]
) -> tuple[Goal, ...]:
    """All there is to show, rule by rule, each once."""
    bindings = {binding.name: binding for binding in program.bindings}
    unknowns = Unknowns(bindings)
    found: dict[Goal, None] = {}
    for rule in rules.values():
        found.update((goal, None) for goal in _of_rule(rule, bindings, unknowns))
    for condition in conditions:
        found.update((goal, None) for goal in _of_condition(condition, unknowns))
    return tuple(found)


def _of_rule(rule: Rule, bindings: Mapping[str, Binding], unknowns: Unknowns) -> Iterator[Goal]:
    if rule.fires:
        yield Goal(rule.name, "fired", rule.name)
        yield Goal(rule.name, "not_fired", rule.name)
    for code, _ in rule.outcomes:
        yield Goal(rule.name, "outcome", code)
    if rule.section in FACTS and rule.main in bindings and unknowns.may(bindings[rule.main].expr):
        yield Goal(rule.name, "cannot_tell", rule.name)
    for stopper in stoppers_of(rule, bindings):
        yield Goal(rule.name, "stopped", stopper)


def _of_condition(condition: Condition, unknowns: Unknowns) -> Iterator[Goal]:
    owner, code = condition.owner, condition.code
    yield Goal(owner, "true", code)
    yield Goal(owner, "false", code)
    if unknowns.may(condition.node):
        yield Goal(owner, "unknown", code)
    yield Goal(owner, "decides_true", code)
    yield Goal(owner, "decides_false", code)
