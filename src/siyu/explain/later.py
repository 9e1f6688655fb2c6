"""What the same facts come to on another day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from siyu.core.passes.prune import needed
from siyu.evaluators import reference
from siyu.explain.replay import Replay
from siyu.functions import FUNCTIONS


def later(
    replay: Replay, names: tuple[str, ...], day: int, facts: Mapping[str, Any]
) -> tuple[Any, ...]:
    """The values of bindings as the request would be decided about on a day (its ordinal), at the
    same time of day, with these fields of the customer instead of those of the record."""
    program, read = replay.anatomy.program, replay.read
    small = replace(program, bindings=tuple(needed(program.bindings, names)), parts=())
    clock = FUNCTIONS["local_time"].python(read.as_of, program.timezone)
    moment = FUNCTIONS["at"].python(day, clock, program.timezone)
    values = list(read.facts.values)
    for place, need in enumerate(program.needs.inputs):
        if (need.origin, need.name) == ("request", "as_of"):
            values[place] = moment
        elif need.origin == "customer" and need.name in facts:
            values[place] = facts[need.name]
    found = reference.evaluate(small, replace(read.facts, values=tuple(values)), read.event)
    return tuple(found[name] for name in names)
