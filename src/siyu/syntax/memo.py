"""Stretches that were read before, so that a file that changed in one place is read again there.

What a stretch of text without a mistake means depends on nothing around it. Trees know where they
stand: one that is found again at another place is copied with its spans moved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from siyu.syntax.lexer import Token
from siyu.text import Span

MOST_TOKENS = 60_000  # in all stretches that are remembered together
Key = tuple[str, int]  # the text of a stretch, and how many tokens it is read as


class Kept(NamedTuple):
    """What was read of a stretch that began at the offset `start` of the file `file`."""

    items: tuple[Any, ...]
    file: str
    start: int


class Memo:
    """Stretches by their tokens; when there are too many, all are forgotten and it begins anew.

    Threads may share one: whatever they do at once, at worst something is read again.
    """

    def __init__(self, most: int = MOST_TOKENS) -> None:
        self._kept: dict[Key, Kept] = {}
        self._tokens = 0
        self._most = most

    def find(self, key: Key, file: str, start: int) -> list[Any] | None:
        """What the stretch declares, at its place in the file; None where it was not read yet."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if (kept.file, kept.start) == (file, start):
            return list(kept.items)
        moved = [_moved(item, file, start - kept.start) for item in kept.items]
        self.keep(key, file, start, moved)
        return moved

    def keep(self, key: Key, file: str, start: int, items: Sequence[Any]) -> None:
        """Remembers what a stretch declares."""
        if key not in self._kept:
            if self._tokens + key[1] > self._most:
                self.clear()
            self._tokens += key[1]
        self._kept[key] = Kept(tuple(items), file, start)

    def clear(self) -> None:
        """Forgets everything."""
        self._kept = {}
        self._tokens = 0


def key_of(text: str, tokens: Sequence[Token], begin: int, end: int) -> Key | None:
    """What a stretch of a file's text is known by; None where it is empty."""
    if begin >= end:
        return None
    return text[tokens[begin].start : tokens[end - 1].end], end - begin


Slot = tuple[Callable[[Any], Any], Callable[[Any, Any], None]]
_SLOTS: dict[type, tuple[Slot, ...]] = {}
_AS_IT_IS = frozenset({str, int, bool, type(None), float})


def _moved(node: Any, file: str, by: int) -> Any:
    """A tree at another place. Works on the slots themselves, since there are many nodes."""
    cls = type(node)
    if cls in _AS_IT_IS:
        return node
    if cls is Span:
        return Span(file, node.start + by, node.end + by)
    if cls is tuple:
        return tuple([_moved(item, file, by) for item in node])
    slots = _SLOTS.get(cls)
    if slots is None:
        slots = _SLOTS[cls] = _slots(cls)
    if not slots:
        return node
    made = object.__new__(cls)
    for read, write in slots:
        value = read(node)
        write(made, value if type(value) in _AS_IT_IS else _moved(value, file, by))
    return made


def _slots(cls: type) -> tuple[Slot, ...]:
    if not is_dataclass(cls):
        return ()
    found = (getattr(cls, each.name) for each in fields(cls))
    return tuple((slot.__get__, slot.__set__) for slot in found)


MEMO = Memo()
