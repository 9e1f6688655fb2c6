"""A place in a source, drawn: the lines it stands on, numbered and underlined.

Columns are those of a terminal: an East Asian wide character takes two, a tab reaches to the next
multiple of four, and what cannot be seen (or could command a terminal) is drawn as a replacement
character. A line that is too long is cut around the place.
"""

from __future__ import annotations

from dataclasses import dataclass

from siyu.text import Place, Source, Span, harmless, width, width_of

__all__ = ["Excerpt", "Marked", "excerpt", "harmless", "marked", "width"]

TAB = 4
CUT = "…"
_SPACES = {"\u3000": "  ", "\u00a0": " "}


def _cells(text: str) -> list[str]:
    """What is drawn for each character."""
    drawn, column = [], 0
    for char in text:
        cell = " " * (TAB - column % TAB) if char == "\t" else _SPACES.get(char) or harmless(char)
        column += width(cell)
        drawn.append(cell)
    return drawn


def _room_of(char: str) -> int:
    """The most columns that a character takes."""
    return TAB if char == "\t" else width_of(char)


@dataclass(frozen=True, slots=True)
class Marked:
    """A line as drawn, with the columns that the place covers: `start <= column < end`."""

    text: str
    start: int
    end: int


def marked(line: str, start: int, end: int, room: int) -> Marked:
    """A line with its characters `start` to `end` marked (one at least), in about `room` columns.

    >>> marked("会员 gold", 3, 7, 80)
    Marked(text='会员 gold', start=5, end=9)
    """
    first, last = _window(line, start, room)
    cells = _cells(line[first:last])
    left, right = CUT if first else "", CUT if last < len(line) else ""
    before = len(left) + sum(map(width, cells[: start - first]))
    inside = sum(map(width, cells[start - first : end - first]))
    text = left + "".join(cells) + right
    return Marked(text.rstrip(), before, before + max(1, inside))


def _window(line: str, start: int, room: int) -> tuple[int, int]:
    """The characters to be drawn: all, or a third of the room before `start` and the rest after."""
    if len(line) <= room and sum(map(_room_of, line)) <= room:
        return 0, len(line)
    first = last = start
    used = 0
    while first and start - first < room and used + _room_of(line[first - 1]) <= room // 3:
        first -= 1
        used += _room_of(line[first])
    while last < len(line) and last - start < room and used + _room_of(line[last]) <= room:
        used += _room_of(line[last])
        last += 1
    return first, last


# ---------------------------------------------------------------- the drawing


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of a drawing, each with the line number of its gutter (None: none) and its text;
    `marks` says which of them are underlines rather than source."""

    place: Place
    lines: tuple[tuple[str, str, bool], ...]


def excerpt(source: Source, span: Span, label: str, mark: str = "^", room: int = 100) -> Excerpt:
    """The lines that a span covers, underlined with `mark` and a label.

    Of a span over several lines the first and the last are drawn, with `:` for what is between.
    """
    start, end = _trimmed(source, span)
    first, last = source.place(start), source.place(end)
    if first.line == last.line:
        return Excerpt(first, _on_one_line(source, first, last, label, mark, room))
    return Excerpt(first, _over_lines(source, first, last, label, mark, room))


def _trimmed(source: Source, span: Span) -> tuple[int, int]:
    """The span without the blanks at its end, inside the text."""
    start = min(max(span.start, 0), len(source.text))
    end = min(max(span.end, start), len(source.text))
    return start, start + len(source.text[start:end].rstrip())


def _on_one_line(
    source: Source, first: Place, last: Place, label: str, mark: str, room: int
) -> tuple[tuple[str, str, bool], ...]:
    line = marked(source.line(first.line), first.column - 1, last.column - 1, room)
    under = " " * line.start + mark * (line.end - line.start)
    return (
        (str(first.line), line.text, False),
        ("", f"{under} {label}".rstrip(), True),
    )


def _over_lines(
    source: Source, first: Place, last: Place, label: str, mark: str, room: int
) -> tuple[tuple[str, str, bool], ...]:
    """A bar at the left joins the lines; the label stands under the end of the last one."""
    top = marked(source.line(first.line), first.column - 1, first.column, room).text
    end = marked(source.line(last.line), max(0, last.column - 2), last.column - 1, room)
    between = last.line - first.line - 1
    middle: tuple[tuple[str, str, bool], ...] = ()
    if between == 1:
        middle = (
            (
                str(first.line + 1),
                f"| {marked(source.line(first.line + 1), 0, 0, room).text}",
                False,
            ),
        )
    elif between:
        middle = (("", ":", False),)
    return (
        (str(first.line), f"/ {top}", False),
        *middle,
        (str(last.line), f"| {end.text}", False),
        ("", f"|{'_' * end.end}{mark} {label}".rstrip(), True),
    )
