"""What could stand at a place, in words that a marketer knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from siyu.syntax.compiled import Table
from siyu.syntax.keywords import Language, keywords
from siyu.syntax.machine import accepts
from siyu.words import Said, Words, either, say

MOST = 8

_SIGNS: Mapping[str, str] = {
    "LPAR": "(",
    "RPAR": ")",
    "COMMA": ",",
    "DOT": ".",
    "VBAR": "|",
    "ARROW": "->",
    "COLON": ":",
    "EQUAL": "=",
    "PERCENT": "%",
    "DOTDOT": "..",
}
_LITERALS: Mapping[str, Said] = {
    "NAME": say("a name"),
    "CASE_NAME": say("the name of a case or level"),
    "STRING": say("text in quotes"),
    "NUMBER": say("a number"),
    "DATE": say("a date"),
    "TIME": say("a time of day"),
    "MONEY": say("a currency such as `CNY`"),
    "UNIT": say("a unit such as `days`"),
}
# One word for those that differ in their value only, or only in form.
_SUCH_AS: Mapping[str, str] = {
    "PER_UNIT": "per_unit.day",
    "THIS_UNIT": "this.year",
    "NEXT_UNIT": "next.year",
    "AT_MOST_PER": "at_most_per.day",
    "COUNTED": "counted.day",
}
_LIKE: Mapping[str, str] = {
    "PER_WINDOW": "PER_UNIT",
    "PER_POSTING": "PER_UNIT",
    "PER_RUN": "PER_UNIT",
    "EVER": "PER_UNIT",
    "PER_FULL": "PER",
    "EACH_FULL": "EACH",
    "NEXT_UNIT": "THIS_UNIT",
    "NEVER_WHEN": "NEVER",
}
# Terminals that begin a condition or a figure, and those that go on with one.
_BEGIN = frozenset(
    {"NAME", "NUMBER", "STRING", "DATE", "TIME", "LPAR", "MINUS", "MONEY_SIGN", "NOT", "TOP"}
    | {"SINCE", "UNTIL", "SINCE_OPEN", "UNTIL_OPEN", "ANNIVERSARY_OF", "TRUE", "FALSE"}
    | {"AGGREGATE", "SHARE", "POPULATION", "GRID_NAME"}
)
_GO_ON = frozenset(
    {"PLUS", "MINUS", "STAR", "SLASH", "COMPARISON", "EQUAL", "IS", "IS_NOT", "IS_KNOWN"}
    | {"IS_UNKNOWN", "IN", "NOT_IN", "IN_THIS", "HAS", "BETWEEN", "WITHIN_LAST", "WITHIN_NEXT"}
    | {"THE_ANNIVERSARY", "DOT", "BIG", "MONEY_SIGN", "UNIT", "MONEY", "PERCENT", "COUNTED"}
    | {"LPAR", "POINTS_COUNTED", "TIMES_COUNTED", "WITHIN_END", "AND", "OR"}
)


def expected(table: Table, stack: tuple[int, ...]) -> frozenset[str]:
    """The terminals that a machine with this stack of states could take."""
    return _expected(table, stack) if len(stack) > _SHORT else _seen(table, stack)


# Mistakes repeat: what could stand at a place is worked out once for stacks up to this length.
_SHORT = 30


@lru_cache(maxsize=512)
def _seen(table: Table, stack: tuple[int, ...]) -> frozenset[str]:
    return _expected(table, stack)


def _expected(table: Table, stack: tuple[int, ...]) -> frozenset[str]:
    row = table.states[stack[-1]]
    return frozenset(symbol for symbol in row if symbol.isupper() and accepts(table, stack, symbol))


@lru_cache(maxsize=512)
def in_words(terminals: frozenset[str], language: Language) -> Words:
    """The terminals as a list for a message, the telling ones first, a few at most."""
    left = set(terminals) - {"$END"}
    said: list[Words] = []
    if left >= {"NAME", "NUMBER", "LPAR"}:
        said.append(say("a value or a condition") if "TOP" in left else say("a value"))
        if "COMPARISON" in left:
            said.append(say("a comparison"))
            left -= {"COMPARISON", "EQUAL"}
        left -= _BEGIN
    if left > {"DOT"}:
        left.discard("DOT")
    if "COMPARISON" in left or "PLUS" in left or left >= {"AND", "OR"}:
        operator = "COMPARISON" in left or "PLUS" in left
        said.append(say("an operator") if operator else either(("and", "or")))
        left -= _GO_ON
    ends = "SEGMENT" in left
    if ends:
        left -= {*DECLARATIONS}
    left -= {symbol for symbol, like in _LIKE.items() if like in left}
    said += [words for symbol, words in _LITERALS.items() if symbol in left]
    said += [words for symbol, words in _SIGNS.items() if symbol in left]
    said += _keyword_words(left, language)
    if ends:
        said = [*said[: MOST - 1], say("the next declaration")]
    return _joined(said[:MOST], len(said) > MOST)


@lru_cache(maxsize=512)
def spellings(wanted: frozenset[str]) -> tuple[str, ...]:
    """The first word of every spelling of these keywords, English and Chinese."""
    return tuple(
        dict.fromkeys(
            word.split(" ")[0]
            for keyword in keywords().by_position.values()
            if keyword.terminal in wanted and keyword.section not in {"function", "given_word"}
            for word in keyword.spellings
        )
    )


@lru_cache(maxsize=1)
def clause_words() -> frozenset[str]:
    """The terminals with which a clause or a declaration begins or its head goes on."""
    led = (k for k in keywords().by_position.values() if k.section in _LEADING)
    return frozenset(k.terminal for k in led) | _HEADS


_LEADING = frozenset({"declaration", "header", "clause"})
_HEADS = frozenset(
    {"FOR", "ON_EVENT", "FROM_SCORE", "FROM_SOURCE", "OF_SOURCE", "CHOOSE", "COLON"}
    | {"FIRST", "EXCLUSIVE", "COLLECT", "EQUAL", "VBAR", "CASE_NAME", "HARD", "SOFT", "GIVES"}
)


def _keyword_words(terminals: set[str], language: Language) -> list[Words]:
    found: list[Words] = []
    for keyword in keywords().by_position.values():
        written = keyword.en if language == "en" else keyword.zh
        shown = _SUCH_AS.get(keyword.terminal, keyword.position)
        if keyword.terminal in _LITERALS or keyword.position != shown:
            continue
        if keyword.terminal in terminals and written:
            span = keyword.terminal == "PER_UNIT"
            found.append(say("a span such as `{word}`", word=written[0]) if span else written[0])
    return list(dict.fromkeys(found))


def _joined(said: list[Words], cut: bool) -> Words:
    if not said:
        return say("nothing more")
    return say("{several} and more", several=tuple(said)) if cut else either(said)


DECLARATIONS = (
    "POLICY",
    "USE",
    "PARAM",
    "METRIC",
    "VIEW",
    "SEGMENT",
    "CLASSIFY",
    "TIER",
    "ACCOUNT",
    "POINTS",
    "GROUP",
    "INCENTIVE",
    "TABLE",
    "CONTACT",
    "CONTACT_POLICY",
    "SCORE",
    "INDICATOR",
    "RECOMMEND",
    "ENSURE",
    "IDENTITY",
    "CALENDAR",
    "TEST",
)
