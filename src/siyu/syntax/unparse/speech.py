"""How the smallest parts are written: keywords, names, strings, numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from siyu.syntax import ast
from siyu.syntax.keywords import (
    Language,
    keywords,
    positions,
    spelling,
)

# A full-width letter is read as its ASCII twin unless it stands in backticks.
_PLAIN = re.compile(r"(?!\w*[\uff01-\uff5e])[^\W\d]\w*")
_QUOTES = (('"', '"'), ("“", "”"), ("＂", "＂"))


@dataclass(frozen=True, slots=True)
class Speech:
    """The language that keywords are written in."""

    language: Language

    def __call__(self, *positions: str) -> str:
        """The keywords of some positions, those that the language lacks left out."""
        return joined(*(spelling(position, self.language) for position in positions))

    def function(self, name: str) -> str:
        """A function by its name in this language; one of no other name keeps its own."""
        own = ticked(name) if positions(name) else word(name)
        return self._renamed("function", name, own)

    def population(self, name: str) -> str:
        """A function of everyone: where its name stands no keyword can."""
        return self._renamed("function", name, dotted_word(name))

    def given(self, name: str) -> str:
        """What a test gives: `customer` is `客户`."""
        return self._renamed("given_word", name, word(name))

    def _renamed(self, section: str, name: str, own: str) -> str:
        position = f"{section}.{name}"
        return spelling(position, self.language) if position in keywords().by_position else own

    def unit(self, unit: str, digits: str) -> str:
        """`day` or `days`, as the number in front asks."""
        return spelling(f"unit.{unit}", self.language, many=digits != "1")

    def number(self, node: ast.Number) -> str:
        """`199 yuan`, `5 万元`, `30 days`, `5%`."""
        if node.unit == "%":
            return f"{node.digits}%"
        if node.unit in _TIME_UNITS:
            return f"{node.digits} {self.unit(node.unit, node.digits)}"
        if node.big is None:
            return joined(node.digits, self.money(node.unit, self.language))
        return f"{node.digits} {node.big}{self.money(node.unit, 'zh')}"

    def money(self, currency: str | None, language: Language) -> str:
        """A currency behind a number; 万 and 亿 are followed by its Chinese word."""
        return spelling(f"money.{currency}", language) if currency else ""


_TIME_UNITS = frozenset({"minute", "hour", "day", "week", "month", "quarter", "year"})


def joined(*texts: str) -> str:
    """The texts that are not empty, with one space between them."""
    return " ".join(text for text in texts if text)


def commas(texts: list[str]) -> str:
    return ", ".join(texts)


def quoted(text: str) -> str:
    """A string in the first kind of quotes whose closing one it does not hold.

    >>> quoted("金卡"), quoted('say "hi"')
    ('"金卡"', '“say "hi"”')
    """
    opening, closing = next((pair for pair in _QUOTES if pair[1] not in text), _QUOTES[0])
    return f"{opening}{text}{closing}"


def word(text: str) -> str:
    """A name, in backticks where the bare word could be taken for a keyword."""
    return ticked(text) if text in _taken() else dotted_word(text)


def dotted_word(text: str) -> str:
    """A name where no keyword can stand, as behind a dot."""
    return text if _PLAIN.fullmatch(text) else ticked(text)


@lru_cache(maxsize=1)
def _taken() -> frozenset[str]:
    """Words that open an expression, link its parts or lead a condition. Any other keyword cannot
    stand where a name does, so columns may be called `points`, `level`, `product` or `valid`."""
    return frozenset(
        spelled
        for keyword in keywords().by_position.values()
        if keyword.section in _TAKEN_SECTIONS or keyword.position in _TAKEN_POSITIONS
        for spelled in keyword.spellings
    )


_TAKEN_SECTIONS = frozenset({"link", "operator", "literal", "form"})
_TAKEN_POSITIONS = frozenset(
    {
        "when",
        "unless",
        "because",
        "effective",
        "formerly",
        "given",
        "expect",
        "any",
        "known",
        "unknown",
    }
)


def kept_a_name(row: str) -> str:
    """A text where a declaration could begin; a name that leads it must not look like one.

    >>> kept_a_name("account, sms")
    '`account`, sms'
    """
    first = _PLAIN.match(row)
    return f"`{first[0]}`{row[first.end() :]}" if first and first[0] in _kinds() else row


@lru_cache(maxsize=1)
def _kinds() -> frozenset[str]:
    found = (k for k in keywords().by_position.values() if k.section == "declaration")
    return frozenset(chain.from_iterable(keyword.spellings for keyword in found))


def ticked(text: str) -> str:
    return f"`{text}`"


def path(name: ast.Name) -> str:
    """`event.amount`."""
    return ".".join([word(name.parts[0]), *map(dotted_word, name.parts[1:])])


def missing(say: Speech, value: ast.Expr) -> str:
    """The word for a missing value where a test gives one; empty for any other value."""
    match value:
        case ast.Name(("unknown",)):
            return say.given("unknown")
        case _:
            return ""
