"""When two expressions are the same: equal in every part, types included.

Python holds True equal to 1, so values alone do not tell; spans and codes do not count. Keys are
numbers handed out per distinct expression, built from the keys of the parts, never recursively.
"""

from __future__ import annotations

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
from siyu.core.walk import inner_first

Shape = tuple[object, ...]


class Keys:
    """Numbers of expressions: equal expressions have equal numbers.

    >>> from siyu.types import BOOL, INT
    >>> keys = Keys()
    >>> keys.of(Const(1, INT)) == keys.of(Const(1, INT)), keys.of(Const(1, INT)) == keys.of(Const(True, BOOL))
    (True, False)
    """  # noqa: E501

    def __init__(self) -> None:
        self._numbers: dict[Shape, int] = {}
        self._known: dict[int, tuple[Expr, int]] = {}  # holds the nodes: identities stay theirs

    def of(self, root: Expr) -> int:
        found = self._known.get(id(root))
        if found is None:
            for node, inner in inner_first(root, self._known):
                shape = (*_own(node), *[self._known[id(part)][1] for part in inner])
                number = self._numbers.setdefault(shape, len(self._numbers))
                self._known[id(node)] = (node, number)
            found = self._known[id(root)]
        return found[1]


def _own(node: Expr) -> Shape:
    """What a node is apart from its parts."""
    match node:
        case Const():
            return (Const, node.type, *_value(node.value))
        case Input():
            return (Input, node.origin, node.name)
        case Ref():
            return (Ref, node.name)
        case Column():
            return (Column, node.name, node.level)
        case Call():
            return (Call, node.function, node.type)
        case Not() | And() | Or() | Known() | Coalesce():
            return (type(node), node.type)
        case Cases():
            return (Cases, node.on_unknown, node.type)
        case Aggregate():
            given = tuple(e is not None for e in (node.where, node.value, node.by, node.tie))
            return (Aggregate, node.op, node.rows, node.type, given)
        case Contest():
            shapes = tuple(
                (c.name, len(c.keys), tuple(use.room for use in c.uses)) for c in node.candidates
            )
            return (Contest, node.descending, node.take, shapes)
        case _:
            assert_never(node)


def _value(value: object) -> Shape:
    match value:
        case frozenset():
            return (frozenset, frozenset((type(item), item) for item in value))
        case tuple():
            return (tuple, repr(value))
        case _:
            return (type(value), value)
