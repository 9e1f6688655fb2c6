"""How the smallest parts are written: keywords, names, strings, numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from siyu.syntax import ast
from siyu.syntax.keywords import Language, must_quote, spelling

_PLAIN = re.compile(r"[^\W\d]\w*")
_QUOTES = (('"', '"'), ("“", "”"), ("＂", "＂"))


@dataclass(frozen=True, slots=True)
class Speech:
    """The language that keywords are written in."""

    language: Language

    def __call__(self, *positions: str) -> str:
        """The keywords of some positions, those that the language lacks left out."""
        return joined(*(spelling(position, self.language) for position in positions))

    def function(self, name: str) -> str:
        """A function by its name in this language; one that has no other name keeps its own."""
        return self._renamed("function", name)

    def given(self, name: str) -> str:
        """What a test gives: `customer` is `客户`."""
        return self._renamed("given_word", name)

    def _renamed(self, section: str, name: str) -> str:
        try:
            return spelling(f"{section}.{name}", self.language)
        except KeyError:
            return word(name)

    def unit(self, unit: str, digits: str) -> str:
        """`day` or `days`, as the number in front asks."""
        return spelling(f"unit.{unit}", self.language, many=digits != "1")

    def number(self, node: ast.Number) -> str:
        """`199 yuan`, `5 万元`, `30 days`, `5%`."""
        if node.unit == "%":
            return f"{node.digits}%"
        if node.unit in _TIME_UNITS:
            return f"{node.digits} {self.unit(node.unit, node.digits)}"
        money = spelling(f"money.{node.unit}", self.language) if node.unit else ""
        if node.big is None:
            return joined(node.digits, money)
        big = spelling(f"big.{node.big}", self.language)
        return (
            f"{node.digits} {big}{money}"
            if not money.isascii()
            else joined(node.digits, big, money)
        )


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
    """A name where a keyword could stand: in backticks when it would be taken for one."""
    return ticked(text) if must_quote(text) else dotted_word(text)


def dotted_word(text: str) -> str:
    """A name behind a dot, where no keyword can stand."""
    return text if _PLAIN.fullmatch(text) else ticked(text)


def ticked(text: str) -> str:
    return f"`{text}`"


def path(name: ast.Name) -> str:
    """`event.amount`."""
    return ".".join([word(name.parts[0]), *map(dotted_word, name.parts[1:])])
