"""Deciding at one moment, about one kind of event: what follows from these alone is computed."""

from __future__ import annotations

from collections.abc import Callable

from siyu.core.ir import Const, Expr, Input
from siyu.core.passes.everywhere import everywhere
from siyu.core.passes.fold import fold_constants
from siyu.core.program import Program
from siyu.core.walk import rewrite


def at_moment(program: Program, as_of: int | None, event: str | None) -> Program:
    """The program for requests at `as_of` (None: whenever each of them says) about the event
    `event` (None: about none), with what is constant then computed: windows, versions of params,
    the rules of other events. Fields of other events are unknown.

    >>> from siyu.core.passes.samples import PROGRAM
    >>> at_moment(PROGRAM, 0, None).bindings[2].expr.value is None
    True
    >>> at_moment(PROGRAM, 0, "order_paid").bindings[2].expr.function
    'mul'
    """
    put = putting(as_of, event)
    done: dict[int, Expr] = {}
    return fold_constants(everywhere(program, lambda expr: rewrite(expr, put, done)))


def putting(as_of: int | None, event: str | None) -> Callable[[Expr], Expr]:
    """What each node becomes when the moment and the event are known."""

    def put(node: Expr) -> Expr:
        if not isinstance(node, Input):
            return node
        match node.origin, node.name:
            case "request", "as_of":
                value: int | str | None = as_of
                known = as_of is not None
            case "request", "event":
                value, known = event, True
            case "request", "event_key":
                value, known = None, event is None
            case "event", name:
                value, known = None, name.partition(".")[0] != event
            case _:
                return node
        return Const(value, node.type, span=node.span, code=node.code) if known else node

    return put
