"""In which order declarations are lowered, so that what one names is there before it.

Lowering on demand would find any order, but a policy of ten thousand metrics, each naming the next,
must not depend on how deep an interpreter's stack is. Here nothing recurses. A word that only looks
like a name (a column, a level) may add an edge too many; that does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from siyu.semantics.build import Declared
from siyu.syntax import ast


def in_order(declared: Mapping[str, Declared]) -> tuple[Declared, ...]:
    """All declarations, those that others name first; otherwise by stratum, then as written."""
    done: dict[str, Declared] = {}
    entered: set[str] = set()
    for root in sorted(declared.values(), key=lambda each: each.stratum):
        waiting = [root]
        while waiting:
            here = waiting[-1]
            if here.name in entered:
                waiting.pop()
                done.setdefault(here.name, here)
                continue
            entered.add(here.name)
            fresh = [each for each in named(here, declared) if each.name not in entered]
            waiting.extend(reversed(fresh))
    return tuple(done.values())


def named(here: Declared, declared: Mapping[str, Declared]) -> Iterator[Declared]:
    """The declarations that one seems to name, each once."""
    seen: dict[str, Declared] = {}
    for node in tree(here.node):
        match node:
            case ast.Name():
                found = meant(node.parts, here.prefix, declared)
            case ast.Ident():
                found = meant((node.text,), here.prefix, declared)
            case _:
                continue
        if found is not None:
            seen.setdefault(found.name, found)
    yield from seen.values()


def meant(parts: tuple[str, ...], prefix: str, declared: Mapping[str, Declared]) -> Declared | None:
    for n in range(len(parts), 0, -1):
        name = ".".join(parts[:n])
        found = declared.get(prefix + name) or declared.get(name)
        if found is not None:
            return found
    return None


MOST_TREES = 4096
_TREES: dict[int, tuple[object, tuple[ast.Node, ...]]] = {}


def tree(node: object) -> tuple[ast.Node, ...]:
    """A node of the syntax tree and all inside it, outer before inner, as written.

    Remembered by the node's identity, for as long as there are not too many: a file that is checked
    again keeps the declarations that did not change.
    """
    known = _TREES.get(id(node))
    if known is not None and known[0] is node:
        return known[1]
    found = tuple(_walk(node))
    if len(_TREES) >= MOST_TREES:
        _TREES.clear()
    _TREES[id(node)] = (node, found)
    return found


def _walk(node: object) -> Iterator[ast.Node]:
    waiting: list[object] = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, tuple):
            waiting.extend(reversed(here))
        elif isinstance(here, ast.Node):
            yield here
            for name in _inner(type(here)):
                part = getattr(here, name)
                if part is not None and type(part) is not str:  # most are: nothing is in them
                    waiting.append(part)


_INNER: dict[type[ast.Node], tuple[str, ...]] = {}


def _inner(kind: type[ast.Node]) -> tuple[str, ...]:
    """The fields of a kind of node in which others may stand, the last one first."""
    found = _INNER.get(kind)
    if found is None:
        found = tuple(name for name in reversed(kind.__dataclass_fields__) if name != "span")
        _INNER[kind] = found
    return found
