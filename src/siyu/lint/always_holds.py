"""W0702: a condition that asks for nothing."""

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
class AlwaysHolds(Finding):
    code: ClassVar[str] = "W0702"
    message: ClassVar[str] = "`{condition}` can never be false"
    label: ClassVar[str] = "{why}"
    page: ClassVar[str] = (
        "Every value that the schema allows meets this condition, so it keeps nobody out: it is "
        "true for everybody of whom it can be told. Either the figure is wrong, or the condition "
        "can go. Where only its being known is asked, `x is known` says so. `true` as it stands "
        "is no mistake: `for true` means everybody."
    )
    wrong: ClassVar[str] = HEAD + "segment buyers\n  when count(orders) >= 0\n"
    right: ClassVar[str] = HEAD + "segment buyers\n  when count(orders) >= 1\n"

    condition: str
    why: Words
    known: str

    def what_to_do(self) -> Words:
        """A condition that may be unknown asks that something is known."""
        if self.known:
            return say("correct the figure, or write `{known} is known`", known=self.known)
        return say("correct the figure, or take the condition away")


def find(look: Look) -> Iterator[AlwaysHolds]:
    for each in verdicts(look):
        if each.holds:
            yield AlwaysHolds(each.span, each.text, each.why, each.known)


LINT = Lint("always-holds", say("a condition that every member meets"), AlwaysHolds, find)
