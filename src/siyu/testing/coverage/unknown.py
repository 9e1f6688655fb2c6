"""Which expressions of a program may be unknown at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)
from siyu.core.program import Binding
from siyu.core.walk import parts

DIVIDING = ("div", "quotient")  # others lack a value beyond the calendar only, where nobody lives
EMPTY_UNKNOWN = ("min", "max", "latest", "earliest")


class Unknowns:
    """Answers for one program. Population values count as known: without them nothing is decided.
    So do collections: whether one is there at all is the schema's affair."""

    def __init__(self, bindings: Mapping[str, Binding]) -> None:
        self._known: dict[int, bool] = {}
        self._kept: list[Expr] = []
        self._of_binding: dict[str, bool] = {}
        for name, binding in bindings.items():  # what is read comes first
            self._of_binding[name] = self.may(binding.expr)

    def may(self, root: Expr) -> bool:
        """Whether an expression may be unknown. Expressions are kept: identities stay theirs."""
        self._kept.append(root)
        waiting = [(root, False)]
        while waiting:
            node, ready = waiting.pop()
            if id(node) in self._known:
                continue
            inner = () if isinstance(node, Aggregate) else parts(node)
            if ready or not inner:
                self._known[id(node)] = self._own(node)
            else:
                waiting.append((node, True))
                waiting.extend((part, False) for part in inner)
        return self._known[id(root)]

    def _own(self, node: Expr) -> bool:
        match node:
            case Const():
                return node.value is None
            case Input():
                return node.optional and node.origin not in ("cut", "allocation")
            case Ref():
                return self._of_binding.get(node.name, False)
            case Column():
                return node.optional
            case Call():
                return _divides(node) or self._any(node.args)
            case Not():
                return self._any((node.value,))
            case And() | Or():
                return self._any(node.items)
            case Known() | Contest():
                return False
            case Coalesce():
                return self._any((node.value,)) and self._any((node.default,))
            case Cases():
                told = node.on_unknown == "stop" and self._any([arm.when for arm in node.arms])
                return told or self._any((*(arm.value for arm in node.arms), node.otherwise))
            case Aggregate():
                return node.op in EMPTY_UNKNOWN
            case _:
                assert_never(node)

    def _any(self, nodes: tuple[Expr, ...] | list[Expr]) -> bool:
        return any(self._known[id(node)] for node in nodes)


def _divides(node: Call) -> bool:
    """Whether it may divide by zero."""
    if node.function not in DIVIDING:
        return False
    divisor = node.args[1]
    return not isinstance(divisor, Const) or not divisor.value
