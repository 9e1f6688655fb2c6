"""A page of help and how it is drawn: a title, then sections of a heading and lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from siyu.faces.columns import joined, wrapped
from siyu.faces.examples import in_keywords
from siyu.faces.speaking import tongue
from siyu.words import Words

if TYPE_CHECKING:
    from siyu.words import Speech

WIDTH = 88


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what it is about and sections of a heading and lines."""

    name: str
    title: Words
    sections: tuple[tuple[Words, tuple[str, ...]], ...]


def drawn(page: Page, speech: Speech) -> str:
    """A page as text."""
    title = speech.of(page.title)
    lines = [f"{page.name} – {title}" if title else page.name]
    for heading, body in page.sections:
        lines.append("")
        if heading:
            lines.append(speech.of(heading))
        lines += [f"  {line}".rstrip() for line in body]
    return "\n".join(lines)


def of_markdown(text: str) -> tuple[str, ...]:
    """Paragraphs in lines, code as it is with its keywords in the language that is spoken."""
    return _trimmed(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    code = False
    for block in re.split(r"(^```.*$)", text, flags=re.MULTILINE):
        if block.startswith("```"):
            code = not code
        elif code:
            written = in_keywords(block.strip("\n") + "\n", tongue())
            yield from ["", *(f"  {line}" for line in written.splitlines()), ""]
        else:
            for paragraph in block.strip().split("\n\n"):
                yield from in_lines(joined(paragraph))


def _trimmed(lines: Iterator[str]) -> tuple[str, ...]:
    """Lines without empty ones at the end."""
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    return tuple(kept)


def in_lines(text: str) -> list[str]:
    """A paragraph in lines that fit the page."""
    return wrapped(text, WIDTH)
