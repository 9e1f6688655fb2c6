"""Texts that a value can be, where they are few and known: DuckDB holds such a column in a byte a
row, as an ENUM, and copies, compares and writes it in a fraction of the time.

Members stand in the order of their bytes, so that an ENUM is ordered as its texts are. DuckDB
takes an ENUM for a text wherever it meets another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from siyu.core.ir import Call, Cases, Coalesce, Const, Expr, Input, Ref
from siyu.core.walk import inner_first
from siyu.functions.sql import literal
from siyu.types import EnumType, LevelType, TextType

MOST = 64  # texts
LONGEST = 6_000  # characters that saying the members again with each text may take

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Found = frozenset[str] | None  # None: nobody can tell


class Texts:
    """Which texts expressions can be, by the nodes' identities; bindings grow with `bind`."""

    def __init__(self) -> None:
        self._names: dict[str, Found] = {}
        self._known: dict[int, tuple[Expr, Found]] = {}  # holds the nodes: identities stay theirs

    def bind(self, name: str, expr: Expr) -> None:
        self._names[name] = self._of(expr)

    def of(self, expr: Expr) -> tuple[str, ...] | None:
        """The texts in their order; None where they are not known, or too many."""
        return closed(self._of(expr))

    def of_binding(self, name: str) -> tuple[str, ...] | None:
        return closed(self._names.get(name))

    def _of(self, root: Expr) -> Found:
        if id(root) not in self._known:
            for node, inner in inner_first(root, self._known):
                found = self._texts(node, [self._known[id(part)][1] for part in inner])
                self._known[id(node)] = (node, found)
        return self._known[id(root)][1]

    def _texts(self, node: Expr, inner: list[Found]) -> Found:
        if not isinstance(node.type, TextType | EnumType | LevelType):
            return None
        match node:
            case Const(value=str(text)):
                return frozenset({text})
            case Const(value=None):
                return frozenset()
            case Cases():
                return _together([*inner[1:-1:2], inner[-1]])
            case Coalesce():
                return _together(inner)
            case Ref():
                return self._names.get(node.name)
            case Input() | Call() if isinstance(node.type, EnumType) and node.type.members:
                return frozenset(node.type.members)
            case _:
                return None


def _together(found: Iterable[Found]) -> Found:
    texts: set[str] = set()
    for each in found:
        if each is None or len(texts) > MOST:
            return None
        texts |= each
    return frozenset(texts)


def closed(found: Iterable[str] | None) -> tuple[str, ...] | None:
    """The texts in the order of their bytes, which is that of their characters' numbers; None for
    too many, and where one has a control character, which a type cannot spell out."""
    texts = None if found is None else tuple(sorted(set(found)))
    if texts is None or len(texts) > MOST or any(_CONTROL.search(text) for text in texts):
        return None
    return texts


def enum_of(texts: Iterable[str]) -> str:
    """DuckDB's type of a column that holds one of these texts."""
    return f"ENUM({', '.join(literal(text, 'duckdb') for text in texts)})"


def as_enum(text: str, texts: tuple[str, ...]) -> str:
    """A text as a value of that type."""
    return f"CAST({text} AS {enum_of(texts)})"
