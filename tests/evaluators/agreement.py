"""Comparing evaluators: what a decision document reads of their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from siyu.core import program as layout
from siyu.core.program import Program


def document(program: Program, event: str | None, values: Mapping[str, Any]) -> list[Any]:
    """Everything that the parts for an event read of the values, and nothing that they do not."""
    read: list[Any] = []
    for part in program.emits(event):
        read.append(exact(values[part.stop]) if part.stop else None)
        if part.guard is None or values[part.guard] is True:
            read.append(list(_shape(part.shape, values)))
    return read


def _shape(shape: layout.Shape, values: Mapping[str, Any]) -> Iterator[Any]:
    match shape:
        case layout.Leaf():
            yield exact(values[shape.binding])
        case layout.Fixed():
            yield shape.value
        case layout.Fields():
            for _, item in shape.items:
                yield from _shape(item, values)
        case layout.Items():
            for entry in shape.entries:
                yield from _entry(entry, values)
        case layout.Mapping():
            for _, entry in shape.entries:
                yield from _entry(entry, values)
        case layout.Maybe():
            yield exact(values[shape.guard])
            if values[shape.guard] is True:
                yield from _shape(shape.shape, values)


def _entry(entry: layout.Entry, values: Mapping[str, Any]) -> Iterator[Any]:
    yield entry.guard is None or exact(values[entry.guard])
    if entry.guard is None or values[entry.guard] is True:
        yield entry.weight and exact(values[entry.weight])
        yield from _shape(entry.shape, values)


def exact(value: Any) -> tuple[type, Any]:
    """A value with its type: True is not 1."""
    return type(value), value
