"""W0701: a condition that no member can meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.lint.conditions import verdicts
from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.errors import HEAD
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class NeverHolds(Finding):
    code: ClassVar[str] = "W0701"
    message: ClassVar[str] = "`{condition}` can never hold"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "correct the figure, or take the condition away"
    page: ClassVar[str] = (
        "No member can meet this condition: what it compares lies outside of what the schema "
        "allows, or its parts exclude each other. A rule that waits for it never fires, and an "
        "`unless` with it stops nothing. The ranges are those of the schema (`min`, `max`, the "
        "words of an enum) and what follows from them: a count is never below 0."
    )
    wrong: ClassVar[str] = HEAD + "segment old\n  when age > 150\n"
    right: ClassVar[str] = HEAD + "segment old\n  when age > 65\n"

    condition: str
    why: Words


def find(look: Look) -> Iterator[NeverHolds]:
    for each in verdicts(look):
        if not each.holds:
            yield NeverHolds(each.span, each.text, each.why)


LINT = Lint("never-holds", say("a condition that no member can meet"), NeverHolds, find)
