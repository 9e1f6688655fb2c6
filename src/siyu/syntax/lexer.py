"""Text into tokens: words, numbers, strings and signs, with comments set aside.

Nothing here knows the grammar. A word stays a WORD; which keyword it is, if any, the parser
decides (see `words`). What a Chinese input method types is read as its ASCII twin, except inside
strings and backticks. A place that cannot be read becomes an ERROR token that carries its
diagnostic, so that only the declaration around it is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from siyu.diagnostics import Diagnostic
from siyu.syntax.ast import Comment
from siyu.syntax.errors import (
    ForeignSign,
    MalformedDate,
    MalformedNumber,
    MalformedTime,
    NulCharacter,
    UnclosedQuote,
    UnknownCharacter,
    WordOnNumber,
    brief,
)
from siyu.syntax.keywords import keywords
from siyu.text import Source, Span
from siyu.words import say


class Token(NamedTuple):
    """`kind` is WORD, QUOTED (in backticks), STRING, ERROR, or the name of a terminal.

    `text` is what was meant: without quotes, in ASCII twins; `start` and `end` are offsets.
    """

    kind: str
    text: str
    start: int
    end: int
    error: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """All tokens of a file in order, and its comments."""

    items: tuple[Token, ...]
    comments: tuple[Comment, ...]


# U+FF01–U+FF5E are the printable ASCII characters moved up by a constant.
_TWINS: Mapping[int, str | int] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    0xFFE5: "¥",
    0xFFE1: "£",
    0x3000: " ",
    ord("、"): ",",
    ord("≥"): ">=",
    ord("≤"): "<=",
    ord("≠"): "!=",
    ord("→"): "->",
    ord("×"): "*",
    ord("÷"): "/",
}

_DIGIT = "[0-9０-９]"
_TOKEN = re.compile(
    rf"""
    (?P<space>[\s\ufeff\u200b]+)
  | (?P<comment>[#＃][^\n]*)
  | (?P<word>[^\W\d](?:\w|＿)*)
  | (?P<date>{_DIGIT}{{4}}
        (?: [-－/／]{_DIGIT}{{1,2}}[-－/／]{_DIGIT}{{1,2}}(?![-－/／]|{_DIGIT}|[^\W\dT])
          | 年{_DIGIT}{{1,2}}月(?:{_DIGIT}{{1,2}}日?)? )
        (?:T[\w:：+.-]*)?)
  | (?P<time>{_DIGIT}{{1,2}}[:：]{_DIGIT}{{1,2}}(?:[:：]{_DIGIT}{{1,2}})?(?!\w))
  | (?P<number>{_DIGIT}(?:{_DIGIT}|[_＿])*(?:[.．]{_DIGIT}(?:{_DIGIT}|[_＿])*)*(?:[.．](?![.．]))?
      | (?<![\w.．)）])[.．]{_DIGIT}(?:{_DIGIT}|[_＿])*)
  | (?P<string>"[^"\n]*"|“[^”\n]*”|＂[^＂\n]*＂)
  | (?P<quoted>`[^`\n]*`|「[^」\n]*」|｀[^｀\n]*｀)
  | (?P<foreign>[=＝][=＝>＞<＜]|[<＜][>＞]|[&＆]{{1,2}}|[!！](?![=＝])|[;；{{}}｛｝\[\]［］]
      | [/／]{{2}} | '[^'\n]*'|‘[^’\n]*’)
  | (?P<sign>[.．][.．][<＜]|[.．][.．]|[-－][>＞]|[><!＞＜！][=＝]|[≥≤≠→><＞＜]
      | [-=+*/(),.|:%＝＋－＊／（），．｜：％、×÷])
  | (?P<money>[¥￥$＄€£￡])
  | (?P<open>["“＂`「｀'‘][^\n]*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_SIGNS = {
    "->": "ARROW",
    "..<": "DOTDOTLT",
    "..": "DOTDOT",
    ">=": "COMPARISON",
    "<=": "COMPARISON",
    "!=": "COMPARISON",
    ">": "COMPARISON",
    "<": "COMPARISON",
    "=": "EQUAL",
    "+": "PLUS",
    "-": "MINUS",
    "*": "STAR",
    "/": "SLASH",
    "(": "LPAR",
    ")": "RPAR",
    ",": "COMMA",
    ".": "DOT",
    "|": "VBAR",
    ":": "COLON",
    "%": "PERCENT",
}

_FOREIGN = {
    "==": say("write one `=`"),
    "=>": say("write `>=` for at least, or `->` before the outputs of a row"),
    "=<": say("write `<=`"),
    "<>": say("write `!=`"),
    "&": say("write `and`"),
    "&&": say("write `and`"),
    "!": say("write `not` before what must not hold"),
    ";": say("leave it out: the next declaration begins with its keyword"),
    "[": say("write `(` before the items of a list"),
    "]": say("write `)` behind the items of a list"),
    "//": say("a remark begins with `#`"),
    "{": say("leave it out: a declaration's clauses need no brackets"),
    "}": say("leave it out: a declaration's clauses need no brackets"),
}

_NUMBER = re.compile(r"\d+(?:_\d+)*(?:\.\d+)?")
_MOST_DIGITS = 100


def tokenise(source: Source) -> Tokens:
    """The tokens and comments of a source; always succeeds."""
    return _Reader(source).read()


class _Reader:
    """One walk over a text, with the ends of the last number and of the last 万 behind one."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        self.text = source.text
        self.tokens: list[Token] = []
        self.comments: list[Comment] = []
        self.number_end = -1
        self.big_end = -1

    def read(self) -> Tokens:
        text, scan, position, end = self.text, _TOKEN.match, 0, len(self.text)
        take = {
            "comment": self._comment,
            "word": self._word,
            "date": self._date,
            "time": self._time,
            "number": self._number,
            "string": self._string,
            "quoted": self._quoted,
            "foreign": self._foreign,
            "sign": self._sign,
            "money": self._money,
            "open": self._open,
            "other": self._other,
        }
        while position < end:
            match = scan(text, position)
            assert match is not None
            kind = match.lastgroup
            if kind == "space":
                position = match.end()
            else:
                assert kind is not None
                position = take[kind](match.group(), position, match.end())
        return Tokens(tuple(self.tokens), tuple(self.comments))

    def _add(self, kind: str, text: str, start: int, end: int) -> int:
        self.tokens.append(Token(kind, text, start, end))
        return end

    def _fail(self, error: Diagnostic, end: int) -> int:
        self.tokens.append(Token("ERROR", "", error.span.start, error.span.end, error))
        return end

    def _span(self, start: int, end: int) -> Span:
        return Span(self.name, start, end)

    def _comment(self, text: str, start: int, end: int) -> int:
        line = self.text.rfind("\n", 0, start) + 1
        own_line = not self.text[line:start].strip() if start - line < 10_000 else False
        written = "#" + text[1:].rstrip()
        self.comments.append(Comment(written, own_line, span=self._span(start, end)))
        return end

    def _word(self, text: str, start: int, end: int) -> int:
        if start in (self.number_end, self.big_end):
            return self._glued(text, start, end)
        text = _twin(text)
        if self.tokens and self.tokens[-1].kind == "NUMBER" and text in _vocabulary().compounds:
            self._add("WORD", text[:1], start, start + 1)
            return self._add("WORD", text[1:], start + 1, end)
        return self._add("WORD", text, start, end)

    def _glued(self, text: str, start: int, end: int) -> int:
        """A unit written onto a number: `1000元且` is `1000`, `元`, and then `且`."""
        words = _vocabulary()
        plain = _twin(text)
        units = words.money if start == self.big_end else words.units
        for length in range(min(len(plain), words.longest), 0, -1):
            unit = plain[:length]
            if unit in units and not _runs_on(unit, plain[length : length + 1]):
                self._add("WORD", unit, start, start + length)
                if unit in words.big:
                    self.big_end = start + length
                return start + length
        if start == self.big_end:
            return self._add("WORD", plain, start, end)
        number = self.tokens[-1].text
        return self._fail(WordOnNumber(self._span(start, end), brief(number), brief(plain)), end)

    def _number(self, text: str, start: int, end: int) -> int:
        plain = _twin(text)
        if not _NUMBER.fullmatch(plain) or len(plain) > _MOST_DIGITS:
            return self._fail(MalformedNumber(self._span(start, end), brief(plain)), end)
        if plain.startswith("0") and (whole := self._thousands(plain, start, end)) is not None:
            return self._fail(whole, end)
        self.number_end = end
        return self._add("NUMBER", plain.replace("_", ""), start, end)

    def _thousands(self, plain: str, start: int, end: int) -> Diagnostic | None:
        """`5,000` is one number to its author; an item of a list has no zero before it."""
        comma, number = self.tokens[-1:], self.tokens[-2:-1]
        if not number or (number[0].kind, comma[0].kind) != ("NUMBER", "COMMA"):
            return None
        if len(plain) != 3 or (number[0].end, comma[0].end) != (comma[0].start, start):
            return None
        del self.tokens[-2:]
        span = self._span(number[0].start, end)
        written = f"{number[0].text},{plain}"
        return MalformedNumber(span, brief(written), written.replace(",", ""))

    def _date(self, text: str, start: int, end: int) -> int:
        plain = _twin(text)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", plain):
            return self._add("DATE", plain, start, end)
        parts = re.findall(r"\d+", plain)[:3]
        written = "-".join(part.zfill(2) for part in [*parts, "01"][:3])
        return self._fail(MalformedDate(self._span(start, end), brief(plain), written), end)

    def _time(self, text: str, start: int, end: int) -> int:
        plain = _twin(text)
        if re.fullmatch(r"\d{2}:\d{2}", plain):
            return self._add("TIME", plain, start, end)
        written = ":".join(part.zfill(2) for part in plain.split(":")[:2])
        return self._fail(MalformedTime(self._span(start, end), brief(plain), written), end)

    def _string(self, text: str, start: int, end: int) -> int:
        return self._add("STRING", text[1:-1], start, end)

    def _quoted(self, text: str, start: int, end: int) -> int:
        if not text[1:-1].strip():
            return self._fail(UnknownCharacter(self._span(start, end), text), end)
        return self._add("QUOTED", text[1:-1], start, end)

    def _sign(self, text: str, start: int, end: int) -> int:
        plain = _twin(text)
        return self._add(_SIGNS[plain], plain, start, end)

    def _money(self, text: str, start: int, end: int) -> int:
        return self._add("MONEY_SIGN", _twin(text), start, end)

    def _foreign(self, text: str, start: int, end: int) -> int:
        plain = _twin(text)
        instead = _FOREIGN.get(plain, say('write text in double quotes, as in `"vip"`'))
        return self._fail(ForeignSign(self._span(start, end), brief(plain), instead), end)

    def _open(self, text: str, start: int, end: int) -> int:
        return self._fail(UnclosedQuote(self._span(start, end), text[0]), end)

    def _other(self, text: str, start: int, end: int) -> int:
        span = self._span(start, end)
        if text == "\0":
            return self._fail(NulCharacter(span), end)
        shown = text if text.isprintable() else f"U+{ord(text):04X}"
        return self._fail(UnknownCharacter(span, shown), end)


def _twin(text: str) -> str:
    return text if text.isascii() else text.translate(_TWINS)


def _runs_on(unit: str, following: str) -> bool:
    """Whether a Latin word goes on behind the unit: `days` in `daystar`."""
    return unit[-1].isascii() and following.isascii() and (following.isalnum() or following == "_")


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The words that may be written onto a number."""

    units: frozenset[str]
    money: frozenset[str]
    big: frozenset[str]
    compounds: frozenset[str]
    longest: int


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    by_section: dict[str, set[str]] = {
        "unit": set(),
        "money": set(),
        "big": set(),
        "counter": set(),
    }
    for keyword in keywords().by_position.values():
        if keyword.section in by_section:
            by_section[keyword.section].update(keyword.spellings)
    units = frozenset().union(*by_section.values())
    money, big = frozenset(by_section["money"]), frozenset(by_section["big"])
    compounds = frozenset(many + currency for many in big for currency in money)
    return _Vocabulary(units, money, big, compounds, max(map(len, units)))
