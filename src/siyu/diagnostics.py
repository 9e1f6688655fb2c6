"""What is said about a mistake in a policy, a schema or a record; nothing here draws it.

A diagnostic is a frozen class: its fields are the facts, its class attributes the words. Every
class has a code, a page for the reference, and a wrong and a right example that the tests compile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import takewhile
from typing import ClassVar, Literal

from siyu.text import Span
from siyu.words import ENGLISH, Said, Speech, Words, either, say

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth seeing at another place."""

    message: Words
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message. Subclasses are `@dataclass(frozen=True, slots=True)` and add facts as fields.

    `message`, `label` and `help` are templates over the fields (`{name}`); author's text stands
    in backticks. One sentence, no capital, no full stop. A field that holds our own words is a
    `Said`. `page` is Markdown: what is meant and why
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

    def facts(self) -> dict[str, object]:
        """What fills the templates: the fields; a subclass may add to them."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "span"}

    def text(self, speech: Speech = ENGLISH) -> str:
        """The headline, filled in."""
        return speech.fill(self.message, self.facts())

    def label_text(self, speech: Speech = ENGLISH) -> str:
        """The words under the source, filled in; may be empty."""
        return speech.fill(self.label, self.facts())

    def help_text(self, speech: Speech = ENGLISH) -> str:
        """What to do, filled in; may be empty."""
        return speech.of(self.what_to_do())

    def what_to_do(self) -> Words:
        """What to do; a subclass overrides it where that depends on the facts."""
        return Said(self.help, tuple(self.facts().items())) if self.help else ""


def perhaps(near: tuple[str, ...]) -> Said:
    """The help that names what may be meant."""
    return say("did you mean {near}?", near=either(near))


def in_source_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file, place and code, each once."""
    unique = dict.fromkeys(found)
    return tuple(
        sorted(unique, key=lambda d: (d.span.file, d.span.start, d.span.end, d.code, d.text()))
    )


def nearest(word: str, candidates: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The candidates near enough to be what was meant, nearest first; only those that are the same
    but for their case, where there are any.

    Near means an edit distance (with transpositions) of at most a third of the longer word, one
    at least, two for words that begin and end alike; of those equally near, the first is the one
    that begins alike for longer. Two Chinese words of two characters share half of their
    characters by chance, so they must begin alike.

    >>> nearest("recncy", ["recency", "orders_12m"]), nearest("大于", ["介于"])
    (('recency',), ())
    >>> nearest("payed", ["placed", "paid"])
    ('paid', 'placed')
    """
    scored = []
    folded = word.casefold()
    for candidate in dict.fromkeys(candidates):
        other = candidate.casefold()
        longest = max(len(word), len(candidate))
        furthest = min(max(1, longest // 3, _framed(folded, other)), longest - 1)
        if abs(len(folded) - len(other)) > furthest:
            continue  # so many letters more are at least so many edits
        distance = _distance(folded, other)
        if distance <= furthest and not _by_chance(folded, other):
            scored.append((distance, -_shared(folded, other), candidate))
    same = [candidate for distance, _, candidate in scored if distance == 0]
    return tuple((same or [candidate for *_, candidate in sorted(scored)])[:limit])


def _shared(a: str, b: str) -> int:
    """With how many characters both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def _framed(a: str, b: str) -> int:
    """The edits allowed to short words that begin and end alike, as `payed` and `paid` do."""
    alike = a.isascii() and b.isascii() and a[:2] == b[:2] and a[-1:] == b[-1:]
    return 2 if alike and min(len(a), len(b)) >= 4 else 0


def _by_chance(a: str, b: str) -> bool:
    """Whether two words of two characters, not both Latin, differ from their first on."""
    both_short = len(a) == len(b) == 2
    return both_short and not (a.isascii() and b.isascii()) and a[0] != b[0] and a != b[::-1]


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
