"""Levels that a record holds: what a decision finds of them is what the next one is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from siyu.core.compiled import Compiled
from siyu.core.ir import Input
from siyu.core.passes.prune import needed
from siyu.core.program import Facts, Program
from siyu.core.walk import walk
from siyu.explain.changes.probe import Probe

HELD, UNTIL = "held level of ", "kept until of "


@dataclass(frozen=True, slots=True)
class Level:
    """A tier, and the customer's fields that hold its level and the date until which it is kept."""

    tier: str
    held: str
    until: str | None

    @property
    def found(self) -> tuple[str, str]:
        """What a decision finds: the level shown, and until when."""
        return self.tier, f"{self.tier}.keep_until"


def levels_of(compiled: Compiled, program: Program, watched: tuple[str, ...]) -> tuple[Level, ...]:
    """The levels that what is watched rests on."""
    roles = {field.role: name for name, field in compiled.schema.fields.items() if field.role}
    bound = {binding.name for binding in program.bindings}
    read = {
        node.name
        for binding in needed(program.bindings, watched)
        for node in walk(binding.expr)
        if isinstance(node, Input) and node.origin == "customer"
    }
    found = []
    for role, held in roles.items():
        tier = role.removeprefix(HELD)
        if role.startswith(HELD) and held in read and f"{tier}.keep_until" in bound:
            until = roles.get(f"{UNTIL}{tier}")
            found.append(Level(tier, held, until if until in read else None))
    return tuple(found)


def carried(
    levels: tuple[Level, ...],
    probe: Probe,
    facts: Facts,
    values: Mapping[str, Any],
) -> Facts:
    """The facts with the levels that were found, as the record holds them from then on."""
    there = list(facts.values)
    for level in levels:
        shown, until = (values[name] for name in level.found)
        if shown is None:
            continue
        there[probe.inputs["customer", level.held]] = shown
        if level.until is not None:
            there[probe.inputs["customer", level.until]] = until
    return Facts(tuple(there), facts.tables)
