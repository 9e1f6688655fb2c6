"""Source text and the places in it.

Takes for granted that a file has been read and decoded; does no reading itself. Policy text is
NFC-normalised when it becomes a `Source`, so every offset counts characters of that text.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, `start <= offset < end`, in the file called `file`."""

    file: str
    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The smallest span of this file that holds both."""
        return Span(self.file, min(self.start, other.start), max(self.end, other.end))


NOWHERE = Span("", 0, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both counted from 1, the column in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text. `name` is the path people see, relative to the pack where there is one."""

    name: str
    text: str
    line_starts: tuple[int, ...] = field(repr=False, compare=False, default=())

    @staticmethod
    def of(name: str, text: str) -> Source:
        """The source of a decoded file, NFC-normalised and with line ends as `\\n`.

        >>> Source.of("a.siyu", "a\\r\\nb").place(2)
        Place(line=2, column=1)
        """
        plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        starts = [0]
        starts.extend(index + 1 for index, char in enumerate(plain) if char == "\n")
        return Source(name, plain, tuple(starts))

    def place(self, offset: int) -> Place:
        """Line and column of an offset; past the end is the end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.line_starts, offset)
        return Place(line, offset - self.line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line counted from 1, without its line end; empty past the end."""
        if not 1 <= number <= len(self.line_starts):
            return ""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


# ---------------------------------------------------------------- on a terminal

_UNSEEN = "\N{REPLACEMENT CHARACTER}"


def width(text: str) -> int:
    """How many columns of a terminal a text without tabs takes.

    >>> width("abc"), width("会员"), width("ｘ")
    (3, 4, 2)
    """
    return len(text) if text.isascii() else sum(map(width_of, text))


def width_of(char: str) -> int:
    """How many columns a character takes: two where it is wide, none where it combines."""
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if unicodedata.category(char) in ("Mn", "Me") else 1


def harmless(text: str) -> str:
    """The text without what a terminal would obey, on one line.

    >>> harmless("a\\x1b[31mb")
    'a�[31mb'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _UNSEEN for char in text)
