"""Where declarations begin, so that each can be read on its own and a mistake costs only its own.

A cut is made where a line begins with the kind of a declaration and what follows fits that kind;
such a place is nothing else in any policy that can be read. Looser signs (`rough_cuts`) are used
only inside a stretch that could not be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from siyu.diagnostics import nearest
from siyu.syntax.keywords import keywords, must_quote
from siyu.syntax.lexer import Token
from siyu.text import Source

# What stands behind `kind name "label"`; an empty set: any word that begins a clause or a case.
_FOLLOWS: Mapping[str, frozenset[str]] = {
    "PARAM": frozenset({"EQUAL"}),
    "METRIC": frozenset({"EQUAL"}),
    "INDICATOR": frozenset({"EQUAL"}),
    "ENSURE": frozenset({"COLON"}),
    "VIEW": frozenset({"OF_SOURCE"}),
    "SEGMENT": frozenset({"WHEN", "UNLESS", "BECAUSE", "EFFECTIVE", "FORMERLY"}),
    "SCORE": frozenset({"FROM_SCORE"}),
    "TIER": frozenset({"BY"}),
    "POINTS": frozenset({"ON_EVENT"}),
    "GROUP": frozenset({"CHOOSE"}),
    "INCENTIVE": frozenset({"ON_EVENT", "FOR"}),
    "TABLE": frozenset({"FIRST", "EXCLUSIVE", "COLLECT"}),
    "CONTACT": frozenset({"PURPOSE", "ON_EVENT", "FOR"}),
    "RECOMMEND": frozenset({"FROM_SOURCE"}),
    "IDENTITY": frozenset({"OF_SOURCE"}),
    "CALENDAR": frozenset({"FROM_FILE"}),
    "CLASSIFY": frozenset(),
    "ACCOUNT": frozenset(),
    "POLICY": frozenset(),
    "CONTACT_POLICY": frozenset(),
}
_TITLED = frozenset({"TEST", "USE"})
# Words and signs that go on with a condition or a case: `points is …`, `group "组" when …`.
_OPERATORS = frozenset(
    {"AND", "OR", "IS", "IN", "HAS", "BETWEEN", "NOT", "NOT_IN", "IS_NOT", "IS_KNOWN", "IS_UNKNOWN"}
    | {"WITHIN_LAST", "WITHIN_NEXT", "IN_THIS"}
)
_SIGNS = frozenset({"COMPARISON", "PLUS", "MINUS", "STAR", "SLASH", "DOT", "RPAR"})
_GO_ON = frozenset(
    {*_OPERATORS, "WHEN", "OTHERWISE", "FROM_LEVEL", "TOP", "UNLESS", "BECAUSE"}
    | {"TO", "AMONG", "WHERE", "BY", "PER", "DEFAULT", "THE_ANNIVERSARY", "COUNTED"}
)
# What people call a kind of declaration that has another name here.
OTHERWISE_CALLED: Mapping[str, str] = {
    **dict.fromkeys(("const", "constant", "variable", "parameter"), "param"),
    **dict.fromkeys(("常量", "变量"), "参数"),
    **dict.fromkeys(("audience", "cohort"), "segment"),
    **dict.fromkeys(("人群", "客群"), "分群"),
    **dict.fromkeys(("offer", "coupon", "reward", "benefit"), "incentive"),
    **dict.fromkeys(("权益", "优惠", "优惠券", "奖励"), "激励"),
    **dict.fromkeys(("message", "campaign"), "contact"),
    **dict.fromkeys(("消息", "活动"), "触达"),
    "触达总则": "触达策略",
    **dict.fromkeys(("kpi", "report"), "indicator"),
    "assert": "ensure",
    "断言": "保证",
}


class Cutter:
    """Looks for the beginnings of declarations among the tokens of one file."""

    def __init__(self, source: Source, tokens: Sequence[Token]) -> None:
        self.text = source.text
        self.tokens = tokens

    def cuts(self) -> list[int]:
        """The tokens that surely begin a declaration, in order."""
        return [at for at in self._line_starts(0, len(self.tokens)) if self._begins(at)]

    def rough_cuts(self, begin: int, end: int) -> list[int]:
        """Tokens behind `begin` that probably begin a declaration, misspelt ones too."""
        return [
            at
            for at in self._line_starts(begin, end)
            if at > begin and (self._seems_to_begin(at) or self.misspelt(at))
        ]

    def margins(self, begin: int, end: int) -> list[int]:
        """Tokens behind `begin` at the very beginning of a line."""
        lines = self._line_starts(begin, end)
        return [at for at in lines if at > begin and self._at_margin(at)]

    def kind(self, at: int) -> str:
        """The terminal of the declaration keyword at `at`, or an empty string."""
        if self._kind(at) != "WORD":
            return ""
        found = _declaration_words().get(self.tokens[at].text, "")
        if found == "CONTACT" and self._can_be(at + 1, {"POLICY"}) and self._is_name(at + 2):
            return "CONTACT_POLICY"
        return found

    def name_at(self, at: int) -> Token | None:
        """The name that the declaration beginning at `at` seems to declare."""
        if self.kind(at) in _TITLED | {"POLICY"}:
            return None
        place = at + 1
        if self.kind(at) == "CONTACT_POLICY" and self._can_be(place, {"POLICY"}):
            place += 1
        if not self.kind(at) or not self._is_name(place):
            return None
        name = self.tokens[place]
        return None if name.kind == "WORD" and must_quote(name.text) else name

    def misspelt(self, at: int) -> tuple[str, ...]:
        """The kinds that a word at the very beginning of a line may mean, when it is none."""
        if self._kind(at) != "WORD" or not self._at_margin(at):
            return ()
        word = self.tokens[at].text
        if len(word) > 40 or len(word) < 2 or keywords().by_word.get(word):
            return ()
        named = self._is_name(at + 1) or self._kind(at + 1) == "STRING"
        if not named or self._can_be(at + 1, _GO_ON) or self._heads_case(at):
            return ()
        likely = OTHERWISE_CALLED.get(word)
        near = _nearest_kinds(word) if likely is None else (likely,)
        fitting = [kind for kind in near or _half_right(word) if self._fits(at, kind)]
        return (*fitting,) or near

    # ------------------------------------------------------------ signs

    def _line_starts(self, begin: int, end: int) -> list[int]:
        return [at for at in range(begin, end) if self._on_new_line(at)]

    def _on_new_line(self, at: int) -> bool:
        if at == 0:
            return True
        return self.text.find("\n", self.tokens[at - 1].end, self.tokens[at].start) >= 0

    def _ends_line(self, at: int) -> bool:
        return at + 1 == len(self.tokens) or self._on_new_line(at + 1)

    def _at_margin(self, at: int) -> bool:
        start = self.tokens[at].start
        return start == 0 or self.text[start - 1] in "\n\ufeff"

    def _begins(self, at: int) -> bool:
        kind = self.kind(at)
        if not kind or (at and self._can_be(at - 1, {"GIVEN"})):
            return False
        if kind == "POLICY" and self._can_be(at - 1, {"CONTACT"}):
            return False
        return self._goes_on_as(at, kind)

    def _fits(self, at: int, word: str) -> bool:
        """Whether what follows goes on as behind this word for a kind."""
        return self._goes_on_as(at, _declaration_words()[word])

    def _goes_on_as(self, at: int, kind: str) -> bool:
        if kind in _TITLED:
            return self._kind(at + 1) == "STRING" and not self._can_be(at + 2, _GO_ON)
        place = at + (2 if self._two_words(at) else 1)
        if not self._is_name(place) or self._can_be(place, _GO_ON):
            return False
        place += 2 if self._kind(place + 1) == "STRING" else 1
        follows = _FOLLOWS[kind]
        if not follows:
            return not self._can_be(place, _GO_ON) and self._kind(place) in {"", "WORD", "QUOTED"}
        return self._kind(place) in follows or self._can_be(place, follows)

    def _two_words(self, at: int) -> bool:
        return self.kind(at) == "CONTACT_POLICY" and self._can_be(at + 1, {"POLICY"})

    def _seems_to_begin(self, at: int) -> bool:
        if not self.kind(at):
            return False
        if self._begins(at) or (self._at_margin(at) and self._ends_line(at)):
            return True
        if self._is_name(at + 1):
            goes_on = self._kind(at + 2) in _SIGNS or self._can_be(at + 2, _OPERATORS)
            if goes_on and not self._at_margin(at):
                return False
            return not self._can_be(at + 1, _GO_ON)
        return self._at_margin(at) and not self._heads_case(at)

    def _heads_case(self, at: int) -> bool:
        place = at + (2 if self._kind(at + 1) == "STRING" else 1)
        return self._can_be(place, {"WHEN", "OTHERWISE", "FROM_LEVEL", "TOP"})

    def _kind(self, at: int) -> str:
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""

    def _is_name(self, at: int) -> bool:
        return self._kind(at) in {"WORD", "QUOTED"}

    def _can_be(self, at: int, terminals: frozenset[str] | set[str]) -> bool:
        """Whether the word at `at` can be, or begin, one of these keywords."""
        if self._kind(at) != "WORD":
            return False
        entries = keywords().by_word.get(self.tokens[at].text, ())
        return any(keyword.terminal in terminals for _, keyword in entries)


@lru_cache(maxsize=512)
def _nearest_kinds(word: str) -> tuple[str, ...]:
    return nearest(word, _declaration_words())


def _half_right(word: str) -> tuple[str, ...]:
    """For a Chinese word of two characters, the kinds that share one of them in its place."""
    if len(word) != 2 or word.isascii():
        return ()
    kinds = (kind for kind in _declaration_words() if len(kind) == 2)
    return tuple(kind for kind in kinds if kind[0] == word[0] or kind[1] == word[1])


@lru_cache(maxsize=1)
def _declaration_words() -> Mapping[str, str]:
    return {
        word: keyword.terminal
        for keyword in keywords().by_position.values()
        if keyword.section == "declaration"
        for word in keyword.spellings
        if " " not in word
    }
