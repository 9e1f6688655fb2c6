"""Text in lines of so many columns, where wide characters take two, and pages of help made of it.

click counts characters and breaks lines at blanks, of which Chinese has none.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Iterator

import click

_WIDE = r"\u2e80-\uffef"
_OPENING, _CLOSING = "（「《【", "，。；：、？！）」》】”’,.;:?!)"
_PIECE = re.compile(
    rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}]+)[{_CLOSING}]*|\s+"
)  # a word or a wide character, with the marks that stay beside it


def wrapped(text: str, room: int) -> list[str]:
    """Lines of at most `room` columns, broken at blanks and between wide characters.

    >>> wrapped("每满一百元（不含运费），减十元 and more", 12)
    ['每满一百元', '（不含运', '费），减十元', 'and more']
    """
    from siyu.faces.excerpt import width

    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if line and width(line) + width(piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or not piece.isspace() else ""
    return [*lines, line.rstrip()] if line.strip() else lines


def joined(paragraph: str) -> str:
    """A paragraph as one line: no blank comes between wide characters.

    >>> joined("第一行，\\n第二行"), joined("one\\ntwo")
    ('第一行，第二行', 'one two')
    """
    return re.sub(rf"(?<=[{_WIDE}])\s*\n\s*(?=[{_WIDE}])", "", paragraph).replace("\n", " ")


class Columns(click.HelpFormatter):
    """Writes help whose lines hold wide characters."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line of usage."""
        head = f"{prefix or gettext.gettext('Usage:')}{prog}"
        self.write(f"{head} {args}".rstrip() + "\n")

    def write_heading(self, heading: str) -> None:
        """A heading."""
        self.write(f"{' ' * self.current_indent}{heading}：\n")

    def write_text(self, text: str) -> None:
        """Paragraphs; one that begins with a line `\\b` keeps its lines."""
        indent = " " * self.current_indent
        lines = _paragraphs(text, self.width - self.current_indent)
        self.write("\n".join(f"{indent}{line}".rstrip() for line in lines) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Terms and what they mean, in two columns; terms are narrow."""
        rows = list(rows)
        first = min(max(len(term) for term, _ in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, text in rows:
            lines = tuple(_paragraphs(text, max(self.width - first - len(indent), 10)))
            head = f"{term:<{first}}"
            if len(term) > first - col_spacing:
                self.write(f"{indent}{term}\n")
                head = " " * first
            for line in lines or ("",):
                self.write(f"{indent}{head}{line}".rstrip() + "\n")
                head = " " * first


def _paragraphs(text: str, room: int) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip("\n"))):
        if number:
            yield ""
        first, _, rest = paragraph.partition("\n")
        if first.strip() == "\b":
            yield from rest.split("\n")
        else:
            yield from wrapped(joined(paragraph), room)
