"""A language that marks what it translates, to find words that were never given to it."""

from __future__ import annotations

import re

from siyu.words import Speech

KEPT = re.compile(r"(`[^`]*`|\{\{|\}\}|\{[^{}]*\})")


def marked(template: str) -> str:
    """A template whose own words are marked, while facts and what stands in backticks are not."""
    parts = KEPT.split(template)
    return "".join(
        f"⟦{part}⟧" if not KEPT.fullmatch(part) and any(map(str.isalpha, part)) else part
        for part in parts
    )


# What is the same in every language: a message's code, the command for its page, currencies.
CODES = r"siyu explain [EW]\d{4}|\[[EW]\d{4}\]|\b[A-Z]{3}\b"


class Marking:
    """The catalogue of that language."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return marked(one if count == 1 else many)


MARKS = Speech("en", Marking())


def unsaid(text: str) -> list[str]:
    """The words of a text that were not said in the marking language."""
    rest = re.sub(rf"⟦[^⟧]*⟧|`[^`]*`|{CODES}", " ", text)
    return [word for word in re.split(r"\s+", rest) if any(map(str.isalpha, word))]
