"""A diagnostic drawn under the line of source that it is about."""

from __future__ import annotations

import unicodedata

from siyu.diagnostics import Diagnostic
from siyu.text import Source, Span

MAX_WIDTH = 160  # of a source line; longer ones are cut around the place


def drawn(source: Source, diagnostic: Diagnostic) -> str:
    """Headline, place, the line with what is wrong underlined, notes and help."""
    place = source.place(diagnostic.span.start)
    lines = [
        f"{diagnostic.severity}[{diagnostic.code}]: {diagnostic.text()}",
        f"  --> {source.name}:{place.line}:{place.column}",
        *_underlined(source, diagnostic.span, diagnostic.label_text()),
    ]
    for note in diagnostic.notes:
        where = ""
        if note.span is not None:
            there = source.place(note.span.start)
            where = f" ({source.name}:{there.line}:{there.column})"
        lines.append(f"  note: {note.message}{where}")
    if diagnostic.help_text():
        lines.append(f"  help: {diagnostic.help_text()}")
    return "\n".join(lines) + "\n"


def _underlined(source: Source, span: Span, label: str) -> list[str]:
    place = source.place(span.start)
    line = source.line(place.line)
    start = place.column - 1
    length = max(min(span.end - span.start, len(line) - start), 1)
    if len(line) > MAX_WIDTH:
        cut = max(start - MAX_WIDTH // 2, 0)
        line, start = line[cut : cut + MAX_WIDTH], start - cut
        length = max(min(length, len(line) - start), 1)
    shown = "".join(c if c.isprintable() else " " for c in line)
    number = str(place.line)
    gutter = " " * len(number)
    indent = " " * width(shown[:start])
    marks = "^" * max(width(shown[start : start + length]), 1)
    return [f" {gutter} |", f" {number} | {shown}", f" {gutter} | {indent}{marks} {label}".rstrip()]


def width(text: str) -> int:
    """Columns on a terminal, where Chinese characters take two.

    >>> width("金卡 ab")
    7
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
