"""Lines of styled text in columns of a terminal: wrapped, and drawn as trees.

A style is a word for what a piece of text is; a face paints it, or leaves it out. Whatever an
author or a record wrote becomes harmless here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from siyu.text import harmless, width, width_of

Style = Literal[
    "", "title", "kind", "name", "yes", "no", "stopped", "cut", "unknown", "quiet", "decisive",
    "fact", "value", "code", "quote", "guide", "change",
]  # fmt: skip
Segment = tuple[Style, str]
Line = tuple[Segment, ...]

NARROWEST = 24  # columns that a text gets however deep it stands
_STICKY = "，。、；：！？）」』】》”’…·,.;:!?)]}%"
"""What never begins a line."""
_OPENING = "（「『【《“‘([{"
"""What never ends one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a tree: a mark of two columns, what stands behind it, and the rows below."""

    mark: Segment
    text: Line
    below: tuple[Row, ...] = ()


def plain(line: Line) -> str:
    """The line without its styles."""
    return "".join(text for _, text in line).rstrip()


def padded(text: str, columns: int) -> str:
    """A text with blanks up to so many columns.

    >>> padded("会员", 6)
    '会员  '
    """
    return text + " " * max(0, columns - width(text))


# ---------------------------------------------------------------- trees


def drawn(rows: Sequence[Row], room: int, lead: str = "") -> Iterator[Line]:
    """Rows with their guides, in lines of `room` columns; a wrapped row keeps its guides.

    >>> fact = Row(("", "· "), (("", "c"),))
    >>> for line in drawn([Row(("yes", "✓ "), (("", "a b"),), (fact,))], 80):
    ...     print(plain(line))
    └─ ✓ a b
       └─ · c
    """
    for index, row in enumerate(rows):
        last = index == len(rows) - 1
        inner = lead + ("   " if last else "│  ")
        hang = inner + ("│ " if row.below else "  ")
        texts = wrapped(row.text, max(NARROWEST, room - width(hang)))
        yield (("guide", lead + ("└─ " if last else "├─ ")), row.mark, *texts[0])
        for text in texts[1:]:
            yield (("guide", hang), *text)
        yield from drawn(row.below, room, inner)


def hung(line: Line, room: int, first: Line = (), lead: str = "") -> Iterator[Line]:
    """A text in lines of `room` columns: the first behind `first`, the others behind `lead`."""
    texts = wrapped(line, max(NARROWEST, room - width(lead)))
    yield (*first, *texts[0])
    for text in texts[1:]:
        yield (("", lead), *text)


# ---------------------------------------------------------------- wrapping


def wrapped(line: Line, room: int) -> list[Line]:
    """A text in lines of at most `room` columns, cut at blanks and between wide characters.

    >>> [plain(line) for line in wrapped((("", "每满一百元，减十元 and more"),), 12)]
    ['每满一百元，', '减十元 and', 'more']
    >>> [plain(line) for line in wrapped((("", "满一百元"), ("", "、减十元")), 8)]
    ['满一百', '元、减十', '元']
    """
    lines: list[list[Segment]] = [[]]
    used = 0
    for style, atom in _atoms(line):
        size = width(atom)
        if used and used + width(atom.rstrip()) > room:
            begun = [lines[-1].pop()] if atom[0] in _STICKY and len(lines[-1]) > 1 else []
            lines.append(begun)  # no line begins with a mark: what stands before it comes along
            used = sum(width(text) for _, text in begun)
        for piece in _pieces(atom, room) if size > room else (atom,):
            if used and used + width(piece.rstrip()) > room:
                lines.append([])
                used = 0
            lines[-1].append((style, piece))
            used += width(piece)
    return [_joined(each) for each in lines]


def _atoms(line: Line) -> Iterator[Segment]:
    """The least pieces that stay whole, each with the blanks behind it."""
    for style, text in line:
        atom = ""
        for char in harmless(text):
            if atom and _parts(atom[-1], char):
                yield style, atom
                atom = ""
            atom += char
        if atom:
            yield style, atom


def _parts(before: str, after: str) -> bool:
    """Whether a line may end between two characters."""
    if after == " " or after in _STICKY or before in _OPENING:
        return False
    if before.isdigit() or after.isdigit():  # 2027年3月1日, 880元
        return before == " "
    return before == " " or width_of(before) == 2 or width_of(after) == 2


def _pieces(atom: str, room: int) -> Iterator[str]:
    """A word that is longer than a line, cut."""
    piece, used = "", 0
    for char in atom:
        if used + width_of(char) > room:
            yield piece
            piece, used = "", 0
        piece += char
        used += width_of(char)
    yield piece


def _joined(segments: list[Segment]) -> Line:
    """Neighbours of one style as one, without blanks at the end."""
    made: list[Segment] = []
    for style, text in segments:
        if made and made[-1][0] == style:
            made[-1] = (style, made[-1][1] + text)
        else:
            made.append((style, text))
    if made:
        made[-1] = (made[-1][0], made[-1][1].rstrip())
    return tuple(made)
