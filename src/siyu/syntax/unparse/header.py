"""The header of a file and its `use` lines.

Header clauses are printed in the order the author gave them, so that their comments stay with
them; a header made by hand has them in the order of `ast.Header`.
"""

from __future__ import annotations

import re

from siyu.syntax import ast
from siyu.syntax.keywords import keywords
from siyu.syntax.unparse.clauses import label
from siyu.syntax.unparse.lines import Block, Line, Piece, reach
from siyu.syntax.unparse.speech import Speech, joined, quoted, word
from siyu.text import NOWHERE, Source, Span

_ASIDE = re.compile(r"#[^\n]*|\"[^\"\n]*\"|“[^”\n]*”|＂[^＂\n]*＂|`[^`\n]*`|「[^」\n]*」")


def header(say: Speech, node: ast.Header, source: Source | None) -> Block:
    """`policy name "label"` and a line for each clause that was written."""
    head = joined(say("policy"), word(node.name.text), label(node.label))
    pieces = [
        Piece(f"{say(clause)} {text}", span or _found(clause, node, source))
        for clause, text, span in _clauses(say, node)
        if text is not None
    ]
    pieces.sort(key=lambda piece: piece.span.start)
    lines = [Line(2, (piece,)) for piece in pieces]
    return Block("header", (Line(0, (Piece(head, reach(node.span, node.name.span)),)), *lines))


def _clauses(say: Speech, node: ast.Header) -> list[tuple[str, str | None, Span | None]]:
    """The clauses, their texts, and their places; a plain number has kept none."""
    currency = node.currency.text if node.currency else None
    return [
        ("language", node.language, None),
        ("version", node.version, None),
        ("timezone", *_text(node.timezone)),
        ("currency", currency, node.currency.span if node.currency else None),
        ("schema", *_text(node.schema)),
        ("messages", *_text(node.messages)),
    ]


def _text(node: ast.Text | None) -> tuple[str | None, Span | None]:
    return (quoted(node.value), node.span) if node else (None, None)


def _found(clause: str, node: ast.Header, source: Source | None) -> Span:
    """Where the clause's keyword stands in the header."""
    if source is None:
        return NOWHERE
    begin = node.name.span.end
    text = _ASIDE.sub(lambda aside: " " * len(aside[0]), source.text[begin : node.span.end])
    spellings = "|".join(keywords().by_position[clause].spellings)
    place = re.search(rf"(?<!\w)({spellings})(?!\w)", text)
    return (
        NOWHERE if place is None else Span(source.name, begin + place.start(), begin + place.end())
    )


def use(say: Speech, node: ast.Use) -> Block:
    """`use "rfm.siyu" as rfm`."""
    alias = joined(say("as"), word(node.alias.text)) if node.alias else ""
    text = joined(say("use"), quoted(node.path.value), alias)
    return Block("use", (Line(0, (Piece(text, node.span),)),))
