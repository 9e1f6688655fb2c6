"""Keeping what the decision about one kind of event is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from siyu.core.passes.everywhere import alone
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
    Program,
    Shape,
)
from siyu.core.walk import refs


def prune(program: Program, event: str | None) -> Program:
    """Without the parts that are not written for this event, the bindings only they need, and what
    only a run over everyone reads.

    >>> from siyu.core.passes.samples import PROGRAM
    >>> [b.name for b in PROGRAM.bindings], [b.name for b in prune(PROGRAM, None).bindings]
    (['spend', 'high', 'earned'], ['spend', 'high'])
    """
    parts = program.emits(event)
    return alone(replace(program, parts=parts, bindings=needed(program.bindings, written(parts))))


def needed(bindings: Iterable[Binding], names: Iterable[str]) -> tuple[Binding, ...]:
    """The bindings with these names and all that they are built on, in order."""
    wanted = set(names)
    kept = []
    for binding in reversed(tuple(bindings)):
        if binding.name in wanted:
            kept.append(binding)
            wanted |= refs(binding.expr)
    return tuple(reversed(kept))


def written(parts: Iterable[Part]) -> tuple[str, ...]:
    """Names of the bindings that these parts read, each once, in their order."""
    names: dict[str, None] = {}
    for part in parts:
        read = (part.guard, part.stop, *_of_shape(part.shape))
        names.update((name, None) for name in read if name is not None)
    return tuple(names)


def _of_shape(shape: Shape) -> Iterator[str | None]:
    match shape:
        case Leaf():
            yield shape.binding
        case Fixed():
            pass
        case Fields():
            for _, item in shape.items:
                yield from _of_shape(item)
        case Items():
            for entry in shape.entries:
                yield from _of_entry(entry)
        case Mapping():
            for _, entry in shape.entries:
                yield from _of_entry(entry)
        case Maybe():
            yield shape.guard
            yield from _of_shape(shape.shape)
        case _:
            assert_never(shape)


def _of_entry(entry: Entry) -> Iterator[str | None]:
    yield entry.guard
    yield entry.weight
    yield from _of_shape(entry.shape)
