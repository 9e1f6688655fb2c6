"""Which values are asked for only where something is given, sent or posted.

The id of an incentive, its validity, the parameters of a message are read by the decision document
only where their part is present. So they are computed under its guard, and mean nothing elsewhere.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from siyu.core.ir import Aggregate, Const, Input, Ref
from siyu.core.program import (
    Binding,
    Entry,
    Fields,
    Fixed,
    Items,
    Leaf,
    Mapping,
    Maybe,
    Part,
    Shape,
)

SEVERAL = 3  # guards that one value may have; with more it is computed in any case

Guards = frozenset[str]
Reads = abc.Mapping[str, set[str]]
ALWAYS: Guards = frozenset()


@dataclass(slots=True)
class Demand:
    """The guards under one of which each binding is needed; none of them: in any case."""

    guards: dict[str, Guards] = field(default_factory=dict)

    def of(self, name: str) -> Guards:
        return self.guards.get(name, ALWAYS)

    def ask(self, name: str, guards: Guards) -> None:
        if name not in self.guards:
            self.guards[name] = guards
            return
        both = self.guards[name] | guards
        always = not guards or not self.guards[name] or len(both) > SEVERAL
        self.guards[name] = ALWAYS if always else both


def demands(
    bindings: Sequence[Binding],
    reads: Reads,
    parts: Iterable[Part] | None,
    exports: Iterable[str],
) -> Demand:
    """From what the parts read; where there are none, every export is needed in any case. `reads`
    are the names that each binding reads."""
    demand = Demand()
    if parts is None:
        for name in exports:
            demand.ask(name, ALWAYS)
    else:
        for part in parts:
            _ask_part(demand, part)
    for binding in reversed(bindings):
        if isinstance(binding.expr, Aggregate | Const | Input | Ref):
            demand.ask(binding.name, ALWAYS)
        for name in reads[binding.name]:
            demand.ask(name, demand.of(binding.name))
    return demand


def _ask_part(demand: Demand, part: Part) -> None:
    guards = ALWAYS
    if part.guard is not None:
        demand.ask(part.guard, ALWAYS)
        guards = frozenset({part.guard})
    if part.stop is not None:
        demand.ask(part.stop, ALWAYS)
    for name, inner in _of_shape(part.shape, guards):
        demand.ask(name, inner)


def _of_shape(shape: Shape, guards: Guards) -> Iterator[tuple[str, Guards]]:
    """The outermost guard is the one that counts."""
    match shape:
        case Leaf():
            yield shape.binding, guards
        case Fixed():
            pass
        case Fields():
            for _, item in shape.items:
                yield from _of_shape(item, guards)
        case Items():
            for entry in shape.entries:
                yield from _of_entry(entry, guards)
        case Mapping():
            for _, entry in shape.entries:
                yield from _of_entry(entry, guards)
        case Maybe():
            yield shape.guard, guards
            yield from _of_shape(shape.shape, guards or frozenset({shape.guard}))


def _of_entry(entry: Entry, guards: Guards) -> Iterator[tuple[str, Guards]]:
    inner = guards
    if entry.guard is not None:
        yield entry.guard, guards
        inner = guards or frozenset({entry.guard})
    if entry.weight is not None:
        yield entry.weight, inner
    yield from _of_shape(entry.shape, inner)
