"""What is said about a mistake in a policy, a schema or a record; nothing here draws it.

A diagnostic is a frozen class: its fields are the facts, its class attributes the words. Every
class has a code, a page for the reference, and a wrong and a right example that the tests compile.
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import ClassVar, Literal

from siyu.text import Span

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth seeing at another place."""

    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message. Subclasses are `@dataclass(frozen=True, slots=True)` and add facts as fields.

    `message`, `label` and `help` are templates over the fields (`{name}`); author's text stands
    in backticks. One sentence, no capital, no full stop. `page` is Markdown: what is meant and why
    it is so. `wrong` and `right` are whole policies (or schemas), compiled by the tests; the wrong
    one gives this code, the right one nothing. `example_facts` is the schema file that they name,
    where the retail one cannot show the mistake.
    """

    code: ClassVar[str] = ""
    severity: ClassVar[Severity] = "error"
    message: ClassVar[str] = ""
    label: ClassVar[str] = ""
    help: ClassVar[str] = ""
    page: ClassVar[str] = ""
    wrong: ClassVar[str] = ""
    right: ClassVar[str] = ""
    example_facts: ClassVar[str] = ""

    span: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        """Notes at other places; a subclass overrides it where it has some."""
        return ()

    def facts(self) -> dict[str, str]:
        """The fields as text, for templates and for machines."""
        names = [f.name for f in fields(self) if f.name != "span"]
        return {name: _shown(getattr(self, name)) for name in names}

    def text(self) -> str:
        """The headline, filled in."""
        return self._fill(self.message)

    def label_text(self) -> str:
        """The words under the source, filled in; may be empty."""
        return self._fill(self.label)

    def help_text(self) -> str:
        """What to do, filled in; may be empty."""
        return self._fill(self.help)

    def _fill(self, template: str) -> str:
        return string.Formatter().vformat(template, (), self.facts()) if template else ""


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value)
    return str(value)


def in_source_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file, place and code, each once."""
    unique = dict.fromkeys(found)
    return tuple(
        sorted(unique, key=lambda d: (d.span.file, d.span.start, d.span.end, d.code, d.text()))
    )


def nearest(word: str, candidates: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The candidates near enough to be what was meant, nearest first.

    Near means an edit distance (with transpositions) of at most a third of the longer word, one
    at least; Chinese words share characters rather than spelling, so one shared half also counts.

    >>> nearest("recncy", ["recency", "orders_12m"])
    ('recency',)
    """
    scored = []
    folded = word.casefold()
    for candidate in dict.fromkeys(candidates):
        other = candidate.casefold()
        longest = max(len(word), len(candidate))
        furthest = min(max(1, longest // 3), longest - 1)
        if abs(len(folded) - len(other)) > furthest:
            continue  # so many letters more are at least so many edits
        distance = _distance(folded, other)
        if distance <= furthest:
            scored.append((distance, candidate))
    return tuple(candidate for _, candidate in sorted(scored)[:limit])


def _distance(a: str, b: str) -> int:
    """Optimal string alignment distance."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
