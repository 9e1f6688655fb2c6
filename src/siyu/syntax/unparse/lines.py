"""What the formatter lays out: pieces of text, the lines they form, and the blocks of lines.

A piece is never broken. A line is what one clause, case or row takes when it is short enough; when
it is not, or when a comment stands inside it, it continues below itself. A block is one
declaration, with the place it came from where that is known.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from siyu.text import NOWHERE, Span

WIDTH = 110
"""Columns a line may take before it is broken where it can be."""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Line:
    """`hang` is the extra indent of what continues below; a `fill` line takes as many pieces a
    row as fit, any other one takes one piece a row."""

    indent: int
    pieces: tuple[Piece, ...]
    fill: bool = False
    hang: int = 2

    @property
    def flat(self) -> str:
        return " ".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Block:
    """`kind` is the word that leads it; neighbours of one kind may stand without a blank line."""

    kind: str
    lines: tuple[Line, ...]


def reach(whole: Span, part: Span) -> Span:
    """From where `whole` begins to where `part` ends."""
    return Span(whole.file, whole.start, max(whole.start, part.end))


def width(text: str) -> int:
    """Columns that `text` takes in a terminal: two for a wide East Asian character.

    >>> width("金卡 gold")
    9
    """
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def pad(text: str, columns: int) -> str:
    """`text` with spaces behind it up to `columns`."""
    return text + " " * (columns - width(text))


def columns(rows: list[list[str]]) -> list[list[str]]:
    """The rows with every cell as wide as its column; rows may be of different lengths.

    >>> columns([["a", "金卡"], ["bb", "x"]])
    [['a ', '金卡'], ['bb', 'x   ']]
    """
    widths: dict[int, int] = {}
    for row in rows:
        for place, cell in enumerate(row):
            widths[place] = max(widths.get(place, 0), width(cell))
    return [[pad(cell, widths[place]) for place, cell in enumerate(row)] for row in rows]
