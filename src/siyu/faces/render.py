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
from siyu.words import ENGLISH, Said, Speech, Tongue, say, say_n

Sources = Mapping[str, Source]

SEVERITIES: dict[Severity, Said] = {"error": say("error"), "warning": say("warning")}
NOTE, HELP, MORE = say("note"), say("help"), say("read more")
COLON: dict[Tongue, str] = {"en": ": ", "zh": "："}
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
    diagnostic: Diagnostic,
    sources: Sources,
    paint: Paint = PLAIN,
    speech: Speech = ENGLISH,
    *,
    more: bool = False,
) -> str:
    """One message with its place, its notes and its help; several lines, the last without an end.

    The source is shown as the author wrote it. `more` adds the line that leads to the message's
    page: `read more: siyu explain E0303`.
    """
    severity, colon = diagnostic.severity, COLON[speech.tongue]
    head = paint(severity, f"{speech.of(SEVERITIES[severity])}[{diagnostic.code}]")
    lines = [f"{head}{colon}{paint('head', harmless(diagnostic.text(speech)))}"]
    gutter = _gutter(diagnostic, sources)
    label = diagnostic.label_text(speech)
    lines += _drawn(diagnostic.span, label, severity, sources, gutter, paint)
    frame = f"{' ' * gutter} {paint('frame', '=')}"
    lines += [f"{frame} {line}" for line in _below(diagnostic, sources, speech, more)]
    for note in diagnostic.notes:
        if note.span is not None and _placed(note, sources):
            told = harmless(speech.of(note.message))
            lines.append(f"{paint('note', speech.of(NOTE))}{colon}{told}")
            lines += _drawn(note.span, "", "note", sources, gutter, paint)
    return "\n".join(lines)


def _below(diagnostic: Diagnostic, sources: Sources, speech: Speech, more: bool) -> list[str]:
    """What is said below the drawing: notes without a place, the help, where to read more."""
    said = [
        (NOTE, speech.of(note.message)) for note in diagnostic.notes if not _placed(note, sources)
    ]
    if advice := diagnostic.help_text(speech):
        said.append((HELP, advice))
    if more:
        said.append((MORE, f"siyu explain {diagnostic.code}"))
    colon = COLON[speech.tongue]
    return [f"{speech.of(word)}{colon}{harmless(text)}" for word, text in said]


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
    return {name: replace(each, name=_seen(folder, each.name)) for name, each in sources.items()}


def _seen(folder: Path, name: str) -> str:
    """A file's path; one of a library without the way back, unless a link would be missed so."""
    path = folder / name
    if ".." in path.parts:
        short = Path(os.path.normpath(path))
        if short.exists() and short.samefile(path):
            return str(short)
    return str(path)


def render_all(
    found: Iterable[Diagnostic], sources: Sources, paint: Paint = PLAIN, speech: Speech = ENGLISH
) -> str:
    """Messages with an empty line between each and after the last; empty for none. The first of
    each code leads to its page."""
    drawn, seen = [], set[str]()
    for each in found:
        drawn.append(render(each, sources, paint, speech, more=each.code not in seen))
        seen.add(each.code)
    return "".join(f"{text}\n\n" for text in drawn)


def summary(
    found: Sequence[Diagnostic], files: int, paint: Paint = PLAIN, speech: Speech = ENGLISH
) -> str:
    """How much was found in how many files.

    >>> summary((), 3)
    '3 files, no errors'
    """
    looked_at = say_n("1 file", "{count} files", files)
    errors = sum(each.severity == "error" for each in found)
    warnings = len(found) - errors
    told = {
        "error": paint("error", speech.of(say_n("1 error", "{count} errors", errors))),
        "warning": paint("warning", speech.of(say_n("1 warning", "{count} warnings", warnings))),
    }
    if errors and warnings:
        both = say("{error} and {warning} in {files}", **told, files=looked_at)
        return speech.of(both)
    if errors or warnings:
        only = told["error" if errors else "warning"]
        return speech.of(say("{found} in {files}", found=only, files=looked_at))
    return speech.of(say("{files}, no errors", files=looked_at))


def counted(number: int, thing: str) -> str:
    """A number with its thing, as many as there are.

    >>> counted(1, "file"), counted(2469, "line")
    ('1 file', '2,469 lines')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


# ---------------------------------------------------------------- for machines


def as_json(
    diagnostic: Diagnostic, sources: Sources, speech: Speech = ENGLISH
) -> dict[str, object]:
    """One message as a JSON object.

    Keys: `code severity message label help file line column end_line end_column notes`. Lines and
    columns count from 1, columns in characters; the end is the first character after the place.
    All four are null for a message without a place. Notes have `message` and the same place keys.
    """
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.text(speech),
        "label": diagnostic.label_text(speech),
        "help": diagnostic.help_text(speech),
        **where(diagnostic.span, sources),
        "notes": [
            {"message": speech.of(each.message), **where(each.span, sources)}
            for each in diagnostic.notes
        ],
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
