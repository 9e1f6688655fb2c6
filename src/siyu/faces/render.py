"""Diagnostics as text for people and as JSON for machines.

Takes for granted that every span lies in one of the sources it is given with, by the name in the
span; what is shown is the source's own name. A span of no file (`NOWHERE`) has no place.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from siyu.diagnostics import Diagnostic, Note, Severity
from siyu.faces.excerpt import excerpt, harmless
from siyu.text import Source, Span
from siyu.words import ENGLISH, Said, Speech, say

Sources = Mapping[str, Source]

SEVERITIES: dict[Severity, Said] = {"error": say("error"), "warning": say("warning")}
NOTE, HELP = say("note"), say("help")
_CODES = {"error": "1;31", "warning": "1;33", "note": "1;36", "frame": "1;34", "head": "1"}


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours text for a terminal, or leaves it as it is."""

    colour: bool = False

    def __call__(self, role: str, text: str) -> str:
        """The text in the colour of its role: a severity, `note`, `frame` or `head`."""
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Paint()


def paint_for(stream: IO[str]) -> Paint:
    """Colours where the stream is a terminal that can and its user did not say NO_COLOR."""
    terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
    return Paint(terminal and not os.environ.get("NO_COLOR"))


# ---------------------------------------------------------------- for people


def render(
    diagnostic: Diagnostic, sources: Sources, paint: Paint = PLAIN, speech: Speech = ENGLISH
) -> str:
    """One message with its place, its notes and its help; several lines, the last without an end.

    The source is shown as the author wrote it, `error[E0303]` and the code leading to the page that
    `siyu explain E0303` prints.
    """
    severity = diagnostic.severity
    head = paint(severity, f"{speech.of(SEVERITIES[severity])}[{diagnostic.code}]")
    lines = [f"{head}: {paint('head', harmless(diagnostic.text(speech)))}"]
    gutter = _gutter(diagnostic, sources)
    label = diagnostic.label_text(speech)
    lines += _drawn(diagnostic.span, label, severity, sources, gutter, paint)
    told = speech.of(NOTE)
    tail = [
        (told, speech.of(note.message)) for note in diagnostic.notes if not _placed(note, sources)
    ]
    if advice := diagnostic.help_text(speech):
        tail.append((speech.of(HELP), advice))
    lines += [
        f"{' ' * gutter} {paint('frame', '=')} {word}: {harmless(said)}" for word, said in tail
    ]
    for note in diagnostic.notes:
        if note.span is not None and _placed(note, sources):
            lines.append(f"{paint('note', told)}: {harmless(speech.of(note.message))}")
            lines += _drawn(note.span, "", "note", sources, gutter, paint)
    return "\n".join(lines)


def _placed(note: Note, sources: Sources) -> bool:
    return note.span is not None and note.span.file in sources


def _gutter(diagnostic: Diagnostic, sources: Sources) -> int:
    """How wide the line numbers of a message and its notes are."""
    spans = [diagnostic.span, *(note.span for note in diagnostic.notes if note.span is not None)]
    last = [sources[s.file].place(max(s.start, s.end)).line for s in spans if s.file in sources]
    return len(str(max(last, default=1)))


def _drawn(
    span: Span, label: str, role: str, sources: Sources, gutter: int, paint: Paint
) -> list[str]:
    """Where it is and the lines there; nothing for a span of no known file."""
    source = sources.get(span.file)
    if source is None:
        return [f"{' ' * gutter} {paint('frame', '=')} {harmless(label)}"] if label else []
    drawing = excerpt(source, span, harmless(label), "-" if role == "note" else "^")
    at = f"{harmless(source.name)}:{drawing.place.line}:{drawing.place.column}"
    bar = paint("frame", "|")
    lines = [f"{' ' * gutter}{paint('frame', '-->')} {at}", f"{' ' * gutter} {bar}"]
    for number, text, under in drawing.lines:
        shown = paint(role, text) if under else text
        lines.append(f"{paint('frame', number.rjust(gutter))} {bar} {shown}".rstrip())
    return lines


def place_lines(span: Span, label: str, sources: Sources, paint: Paint = PLAIN) -> list[str]:
    """A place drawn without a message around it, the label under it."""
    source = sources.get(span.file)
    gutter = len(str(source.place(span.end).line)) if source is not None else 1
    return _drawn(span, label, "error", sources, gutter, paint)


def seen_from_here(sources: Sources, folder: Path) -> dict[str, Source]:
    """The sources of the pack in a folder, called as somebody outside of it would call them."""
    return {name: replace(each, name=str(folder / each.name)) for name, each in sources.items()}


def render_all(found: Iterable[Diagnostic], sources: Sources, paint: Paint = PLAIN) -> str:
    """Messages with an empty line between each and after the last; empty for none."""
    return "".join(f"{render(each, sources, paint)}\n\n" for each in found)


def summary(found: Sequence[Diagnostic], files: int, paint: Paint = PLAIN) -> str:
    """`2 errors and 1 warning in 3 files`, and where to read about them.

    >>> summary((), 3)
    '3 files, no errors'
    """
    if not found:
        return f"{counted(files, 'file')}, no errors"
    parts = [
        paint(severity, counted(number, severity))
        for severity in _SEVERITIES
        if (number := sum(each.severity == severity for each in found))
    ]
    codes = sorted({each.code for each in found})
    others = ", ".join((*codes[1:5], *(["…"] if len(codes) > 5 else [])))
    also = f" (also {others})" if others else ""
    told = f"{' and '.join(parts)} in {counted(files, 'file')}"
    return f"{told}\nread more: siyu explain {codes[0]}{also}"


_SEVERITIES: tuple[Severity, ...] = ("error", "warning")


def counted(number: int, thing: str) -> str:
    """A number with its thing, as many as there are.

    >>> counted(1, "file"), counted(2469, "line")
    ('1 file', '2,469 lines')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


# ---------------------------------------------------------------- for machines


def as_json(diagnostic: Diagnostic, sources: Sources) -> dict[str, object]:
    """One message as a JSON object.

    Keys: `code severity message label help file line column end_line end_column notes`. Lines and
    columns count from 1, columns in characters; the end is the first character after the place.
    All four are null for a message without a place. Notes have `message` and the same place keys.
    """
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.text(),
        "label": diagnostic.label_text(),
        "help": diagnostic.help_text(),
        **where(diagnostic.span, sources),
        "notes": [{"message": str(n.message), **where(n.span, sources)} for n in diagnostic.notes],
    }


def where(span: Span | None, sources: Sources) -> dict[str, object]:
    """The place keys of a span: file, line, column, end_line, end_column; null where unknown."""
    source = None if span is None else sources.get(span.file)
    if span is None or source is None:
        names = ("file", "line", "column", "end_line", "end_column")
        return dict.fromkeys(names)
    start, end = source.place(span.start), source.place(span.end)
    return {
        "file": source.name,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }
