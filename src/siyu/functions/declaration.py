"""What a function is declared by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Example:
    """Held values in, held value out; run on every evaluator."""

    args: tuple[object, ...]
    result: object


@dataclass(frozen=True, slots=True)
class Function:
    """A strict function of held values: evaluators call it only with known arguments.

    `python` is the definition; it may return None (unknown), never raise on values of its types.
    `partial` is true where it may return None for known arguments. `source` is the same as a
    Python expression over `{0}`, `{1}`, … for the generated evaluator, already safe to nest;
    None: call `python`. In `source` every argument may be used several times only if `{0}` is
    atomic, so write it with each argument once, or leave it None. `prepared` names arguments that
    `source` wants in another form, and what brings a constant into it: ((1, positions),) says that
    `{1}` is `positions(constant)`; where such an argument is no constant, `python` is called.
    `tailored` gives a `source` for known values of some arguments, by place, where there is one.
    """

    name: str
    doc: str
    python: Callable[..., object]
    examples: tuple[Example, ...]
    source: str | None = None
    partial: bool = False
    prepared: tuple[tuple[int, Callable[..., object]], ...] = ()
    tailored: Callable[[Mapping[int, Any]], str | None] | None = None
