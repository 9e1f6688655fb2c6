"""Taking metrics from the request instead of computing them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from siyu.core.ir import Input
from siyu.core.program import Binding, Program


def given_metrics(program: Program, names: Collection[str]) -> Program:
    """The program for requests that bring these metrics; names of other bindings do nothing.

    >>> from siyu.core.passes.samples import PROGRAM
    >>> given_metrics(PROGRAM, {"spend", "high"}).bindings[0].expr.origin
    'metric'
    """

    def taken(binding: Binding) -> Binding:
        if not (binding.metric and binding.name in names):
            return binding
        return replace(binding, expr=Input("metric", binding.name, binding.type, span=binding.span))

    return replace(program, bindings=tuple(map(taken, program.bindings)))
