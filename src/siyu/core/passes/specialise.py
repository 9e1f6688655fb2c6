"""Putting a calibration's cuts and a run's allocation into a program."""

from __future__ import annotations

from collections.abc import Mapping

from siyu.core.ir import Const, Expr, Held, Input
from siyu.core.passes.everywhere import everywhere
from siyu.core.program import Program
from siyu.core.walk import rewrite


def specialise(
    program: Program, cuts: Mapping[str, Held], allocations: Mapping[str, Held]
) -> Program:
    """The program with constants for its cuts and allocations; unknown where a name is missing.

    >>> from siyu.core.passes.samples import PROGRAM
    >>> specialise(PROGRAM, {"high.top_5": 2_000_000}, {}).bindings[1].expr.args[1].value
    2000000
    """
    held = {"cut": cuts, "allocation": allocations}

    def constant(node: Expr) -> Expr:
        if isinstance(node, Input) and node.origin in held:
            value = held[node.origin].get(node.name)
            return Const(value, node.type, span=node.span, code=node.code)
        return node

    done: dict[int, Expr] = {}
    return everywhere(program, lambda expr: rewrite(expr, constant, done))
