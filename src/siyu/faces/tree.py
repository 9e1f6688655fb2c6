"""The tree of a policy file as text for people: a line for each node, its parts below it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

_SKIPPED = ("span", "comments")
_NAMES = (["text"], ["parts"])  # the fields of nodes that are a name or a date and no more


def tree_text(node: object) -> str:
    """The tree, two blanks to a level; plain values stand on the line of what they belong to.

    >>> from siyu.syntax.ast import Name, Number
    >>> print(tree_text(Number("30", "day")))
    Number digits="30" unit="day"
    """
    return "\n".join(_lines(node, "", 0))


def tree_data(node: object) -> object:
    """The same for machines: objects with `node`, the class, and its fields."""
    if is_dataclass(node) and not isinstance(node, type):
        parts = {name: tree_data(value) for name, value in _fields(node)}
        return {"node": type(node).__name__, **parts}
    if isinstance(node, tuple | list):
        return [tree_data(item) for item in node]
    return node


def _fields(node: Any) -> list[tuple[str, object]]:
    return [(f.name, getattr(node, f.name)) for f in fields(node) if f.name not in _SKIPPED]


def _lines(node: object, role: str, level: int) -> Iterator[str]:
    indent = "  " * level
    if isinstance(node, tuple):
        yield f"{indent}{role}".rstrip()
        for item in node:
            yield from _lines(item, "", level + 1)
        return
    if not is_dataclass(node):
        yield f"{indent}{role}{_plain(node)}"
        return
    named = [(name, value) for name, value in _fields(node) if value not in (None, ())]
    flat = [f" {name}={_plain(value)}" for name, value in named if not _deep(value)]
    yield f"{indent}{role}{type(node).__name__}{''.join(flat)}"
    for name, value in named:
        if _deep(value):
            yield from _lines(value, f"{name}: ", level + 1)


def _deep(value: object) -> bool:
    """Whether a value needs lines of its own: names do not."""
    if isinstance(value, tuple):
        return any(is_dataclass(item) or isinstance(item, tuple) for item in value)
    return is_dataclass(value) and [name for name, _ in _fields(value)] not in _NAMES


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ".".join(map(str, value))
    if is_dataclass(value):
        return str(getattr(value, "text", value))  # a Name's is its dotted path
    if isinstance(value, str):
        return '"' + value.replace('"', '\\"') + '"'
    return str(value).lower() if isinstance(value, bool) else str(value)
