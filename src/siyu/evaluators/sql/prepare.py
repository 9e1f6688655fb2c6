"""The bindings that a query computes: what is asked for, about one kind of event, folded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from siyu.core.ir import Coalesce, Expr, Input
from siyu.core.passes import fold_constants, written
from siyu.core.passes.at_moment import putting
from siyu.core.passes.prune import needed
from siyu.core.program import Binding, Everyone, Program
from siyu.core.walk import rewrite


def prepared(
    program: Program, event: str | None, given: Collection[str], wanted: Sequence[str] | None
) -> tuple[tuple[Binding, ...], tuple[str, ...]]:
    """The bindings in order, and the names asked for: those that the decision shows where `wanted`
    is None. A KeyError names what is no binding.

    A metric that is given is its column's value, and computed where that is NULL: a column cannot
    tell a value that is said to be unknown from one that nobody brought.
    """
    bindings = (*program.bindings, *program.everyone.bindings)
    names = tuple(written(program.emits(event)) if wanted is None else dict.fromkeys(wanted))
    known = {binding.name for binding in bindings}
    for name in names:
        if name not in known:
            raise KeyError(name)
    put = putting(None, event)
    done: dict[int, Expr] = {}
    placed = (
        replace(binding, expr=rewrite(_taken(binding, given), put, done), metric=False)
        for binding in needed(bindings, names)
    )
    alone = replace(program, bindings=tuple(placed), everyone=Everyone())
    folded = fold_constants(alone).bindings
    return needed(folded, names), names


def _taken(binding: Binding, given: Iterable[str]) -> Expr:
    if not (binding.metric and binding.name in given):
        return binding.expr
    brought = Input("metric", binding.name, binding.type, span=binding.span)
    return Coalesce(brought, binding.expr, binding.type, span=binding.span)
