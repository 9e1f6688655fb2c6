"""Generating and compiling: the two things that are asked of this evaluator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from siyu.core.packing import Packed, unpacked
from siyu.core.program import Facts, Program
from siyu.evaluators.record.assemble import Module, assemble
from siyu.evaluators.record.plan import Plan, plan

Decide = Callable[[Facts], Packed]
FILE = "<policy>"


@dataclass(frozen=True, slots=True)
class Generated:
    """Source to read, and the values of the names in it that it does not define."""

    source: str
    constants: tuple[tuple[str, object], ...]
    exports: tuple[str, ...]


class Compiled:
    """A callable from facts to the values of `exports`, in their order; `decide` gives them packed.

    What the decision document reads only where something is given, sent or posted means nothing
    where it is not. May be called by several threads.
    """

    def __init__(self, program: Program, event: str | None, planned: Plan) -> None:
        self._program = program
        self._event = event
        self._plan = planned
        self.exports = planned.exports
        self.decide = self._function(sure=True)

    def __call__(self, facts: Facts) -> tuple[Any, ...]:
        return unpacked(self.decide(facts))

    def values(self, facts: Facts) -> dict[str, Any]:
        """The same by name."""
        return dict(zip(self.exports, self(facts), strict=True))

    @cached_property
    def _careful(self) -> Decide:
        return self._function(sure=False)

    def _function(self, *, sure: bool) -> Decide:
        module = assemble(self._program, self._plan, self._event, sure=sure)
        names = dict(module.held)
        names["memory"] = [(None,)]
        names["careful"] = lambda facts: self._careful(facts)
        for source in module.sources:
            exec(compile(source, FILE, "exec"), names)
        decide: Decide = names["decide"]  # type: ignore[assignment]
        return decide


def compile_record(
    program: Program,
    event: str | None,
    given: Collection[str] = (),
    exports: Sequence[str] | None = None,
) -> Compiled:
    """The function for requests about `event` that bring the metrics `given`.

    `exports` names bindings to return; without it they are what the parts written for the event
    read. Cuts and allocations must be constants by now (`core.passes.specialise`).
    """
    return Compiled(program, event, plan(program, event, given, exports))


def generate(
    program: Program,
    event: str | None,
    given: Collection[str] = (),
    exports: Sequence[str] | None = None,
) -> Generated:
    """What `compile_record` compiles, to be looked at."""
    planned = plan(program, event, given, exports)
    module: Module = assemble(program, planned, event, sure=True)
    constants = tuple((k, v) for k, v in module.held.items() if k.startswith("k"))
    return Generated("\n\n".join(module.sources), constants, planned.exports)
