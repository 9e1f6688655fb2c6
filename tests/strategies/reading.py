"""What the tests of this folder read with."""

from __future__ import annotations

from pathlib import Path

from siyu.syntax import ast
from siyu.syntax.parse import Parsed, parse
from siyu.text import Source

ROOT = Path(__file__).parents[2]
TOUR = ROOT / "policies" / "retail_membership" / "tour.siyu"
RFM = ROOT / "policies" / "retail_membership" / "rfm.siyu"


def read(text: str) -> Parsed:
    return parse(Source.of("p.siyu", text))


def tree(text: str) -> ast.File:
    """The tree of a text without mistakes."""
    parsed = read(text)
    assert not parsed.diagnostics, [(d.code, d.text(), d.label_text()) for d in parsed.diagnostics]
    return parsed.file


def declaration(text: str) -> ast.Declaration:
    (found,) = tree(text).declarations
    return found


def figure(text: str) -> ast.Expr:
    """The value of `metric m = …`."""
    found = declaration(f"metric m = {text}")
    assert isinstance(found, ast.Metric)
    return found.value


def condition(text: str) -> ast.Expr:
    """The condition of `segment s when …`."""
    found = declaration(f"segment s\n  when {text}")
    assert isinstance(found, ast.Segment)
    (when,) = found.clauses
    assert isinstance(when, ast.When)
    return when.condition


def codes(text: str) -> list[str]:
    return [diagnostic.code for diagnostic in read(text).diagnostics]


def shown(text: str) -> str:
    """Every message with its line, as a person would meet it, without colours."""
    source = Source.of("p.siyu", text)
    return "\n\n".join(
        "\n".join(_shown(source, diagnostic)) for diagnostic in parse(source).diagnostics
    )


def _shown(source: Source, diagnostic: object) -> list[str]:
    from siyu.diagnostics import Diagnostic

    assert isinstance(diagnostic, Diagnostic)
    place = source.place(diagnostic.span.start)
    width = max(diagnostic.span.end - diagnostic.span.start, 1)
    lines = [
        f"{diagnostic.code}: {diagnostic.text()}",
        f"{place.line:>3} | {source.line(place.line)}",
        "    | " + " " * (place.column - 1) + "^" * width + " " + diagnostic.label_text(),
    ]
    lines += [f"note: {note.message}" for note in diagnostic.notes]
    return [*lines, *([f"help: {diagnostic.help_text()}"] if diagnostic.help_text() else [])]


def name(*parts: str) -> ast.Name:
    return ast.Name(parts)
