"""Why something is no value, in words that fit behind the value's name."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from siyu.words import Words, say

MAX_SHOWN = 40  # characters of somebody's value in a message


@dataclass(frozen=True, slots=True)
class Mistake:
    """`wanted` reads after the value's name ("must be a date like 2026-11-21"), `found` is what
    stood there instead, already fit to be shown; empty where the sentence needs none."""

    wanted: Words
    found: Words = ""

    def text(self, private: bool = False) -> Words:
        """The sentence; of a private value it does not say what stood there."""
        if private or not self.found:
            return self.wanted
        return say("{wanted}, not {found}", wanted=self.wanted, found=self.found)


MANY_DIGITS = say("a number of very many digits")
AN_OBJECT, A_LIST = say("an object"), say("a list")


def shown(raw: object) -> Words:
    """A value in a message: short, on one line, and cheap however large the value is."""
    match raw:
        case None:
            return say("nothing")
        case bool():
            return f"`{str(raw).lower()}`"
        case int():
            return f"`{raw}`" if raw.bit_length() < 128 else MANY_DIGITS
        case float():
            return say("a binary fraction")
        case Decimal():
            return _shown_decimal(raw)
        case str():
            return _shown_text(raw)
        case dict():
            return AN_OBJECT
        case list() | tuple() | set() | frozenset():
            return A_LIST
        case _:
            return say("something else")


def _shown_decimal(raw: Decimal) -> Words:
    if not raw.is_finite():
        return "`NaN`" if raw.is_nan() else "`Infinity`"
    text = str(raw)
    return f"`{text}`" if len(text) <= MAX_SHOWN else MANY_DIGITS


def _shown_text(raw: str) -> str:
    short = raw if len(raw) <= MAX_SHOWN else raw[: MAX_SHOWN - 1] + "…"
    return "`" + "".join(c if c.isprintable() else "�" for c in short) + "`"
