"""An expression with its values under it, each below the word or operator that it belongs to.

    12 |   expect total * 2 = 15 yuan and rich
       |          |     |   |             |
       |          |     |   false         true
       |          7.00  14.00

Columns are those of a terminal: a Chinese character takes two. Where a line is too wide for this,
or holds more values than can be told apart, they are listed below instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from siyu.faces.excerpt import marked
from siyu.faces.render import PLAIN, Paint
from siyu.faces.speaking import told
from siyu.text import Source, Span, harmless, width

if TYPE_CHECKING:
    from siyu.testing import Failure, Value

ROOM = 100  # columns of a drawn line
MOST_LINES = 12
BAR = "|"


@dataclass(frozen=True, slots=True)
class Below:
    """A value at a column of the line it is drawn under."""

    column: int
    text: str

    @property
    def end(self) -> int:
        return self.column + width(self.text)


def valued_lines(
    failure: Failure, sources: Mapping[str, Source], paint: Paint = PLAIN
) -> list[str]:
    """The place of a failure, its lines with the values under them, and what is wrong."""
    source = sources.get(failure.span.file)
    if source is None:
        return [f"  = {harmless(told(failure.text))}"]
    first, last = source.place(failure.span.start), source.place(failure.span.end)
    gutter = len(str(last.line))
    bar = paint("frame", BAR)
    at = f"{harmless(source.name)}:{first.line}:{first.column}"
    lines = [f"{' ' * gutter}{paint('frame', '-->')} {at}", f"{' ' * gutter} {bar}"]
    wanted = range(first.line, last.line + 1)
    under = {number: _under(source, number, failure.values) for number in wanted}
    drawable = all(drawing is not None for drawing in under.values()) and len(wanted) <= MOST_LINES
    for number in wanted if drawable else wanted[:1]:
        shown = marked(source.line(number), 0, 1, ROOM).text
        lines.append(f"{paint('frame', str(number).rjust(gutter))} {bar} {shown}".rstrip())
        for row in (under[number] or ()) if drawable else ():
            lines.append(f"{' ' * gutter} {bar} {paint('error', row)}")
    lines.append(f"{' ' * gutter} {paint('frame', '=')} {harmless(told(failure.text))}")
    return lines if drawable else lines + listed(failure.values, source)


def listed(values: Sequence[Value], source: Source) -> list[str]:
    """The values, each behind its expression."""
    pairs = [(harmless(written(each.span, source)), harmless(told(each.text))) for each in values]
    room = max((width(text) for text, _ in pairs), default=0)
    return [f"    {text}{' ' * (room - width(text))}  = {value}" for text, value in pairs]


def written(span: Span, source: Source) -> str:
    """The author's text at a span, in one line."""
    return " ".join(source.text[span.start : span.end].split())


# ---------------------------------------------------------------- the drawing


def _under(source: Source, number: int, values: Sequence[Value]) -> list[str] | None:
    """The lines below a line; None where they do not fit."""
    line = source.line(number)
    if width(line) > ROOM:
        return [] if not _on(source, number, values) else None
    below: dict[int, Below] = {}
    for value in _on(source, number, values):
        place = source.place(value.anchor)
        column = marked(line, place.column - 1, place.column, ROOM).start
        if column in below:
            return None
        below[column] = Below(column, harmless(told(value.text)))
    rows = list(_rows([below[column] for column in sorted(below)]))
    return rows if all(width(row) <= ROOM for row in rows) else None


def _on(source: Source, number: int, values: Sequence[Value]) -> list[Value]:
    return [value for value in values if source.place(value.anchor).line == number]


def _rows(below: list[Below]) -> Iterator[str]:
    """Bars under all, then values from the right, as many in a row as leave a blank between."""
    if below:
        yield _row([Below(each.column, BAR) for each in below])
    while below:
        first = _first_of_row(below)
        bars = [Below(each.column, BAR) for each in below[:first]]
        yield _row([*bars, *below[first:]])
        below = below[:first]


def _first_of_row(below: Sequence[Below]) -> int:
    """Where the values begin that can stand beside each other at the end of the row, each clear of
    the next."""
    at = len(below) - 1
    while at > 0 and below[at - 1].end < below[at].column:
        at -= 1
    return at


def _row(items: Sequence[Below]) -> str:
    text = ""
    for item in items:
        text += " " * (item.column - width(text)) + item.text
    return text
