"""Which keyword a word is, where the parser stands.

A word is a keyword only where the parser can take one there; where it could take a name as well,
the words that follow decide. After a dot, and in backticks, a word is always a name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from siyu.syntax.keywords import Keyword, Keywords, keywords
from siyu.syntax.lexer import Token

Accepts = Callable[[str], bool]


class Choice(NamedTuple):
    """A terminal, what it stands for, and how many tokens it takes."""

    terminal: str
    value: str
    length: int


class Words:
    """Reads the words of one stretch of tokens, `begin` to `end`."""

    __slots__ = ("begin", "by_word", "end", "kinds", "tokens")

    def __init__(self, tokens: Sequence[Token], begin: int, end: int) -> None:
        self.tokens = tokens
        self.begin = begin
        self.end = end
        table: Keywords = keywords()
        self.by_word: Mapping[str, tuple[tuple[tuple[str, ...], Keyword], ...]] = table.by_word

    def choose(self, at: int, accepts: Accepts) -> Choice:
        """The terminal of the word at `at`, given what the parser can take there."""
        token = self.tokens[at]
        if token.kind == "QUOTED" or (at > self.begin and self.kind(at - 1) == "DOT"):
            return Choice(_name(accepts), token.text, 1)
        if self._alone_in_grid(at, accepts):
            return Choice("GRID_NAME", token.text, 1)
        entries = self.by_word.get(token.text)
        if entries is None:
            return Choice(_name(accepts), token.text, 1)
        return self._keyword_or_name(at, token, entries, accepts)

    def _keyword_or_name(
        self,
        at: int,
        token: Token,
        entries: tuple[tuple[tuple[str, ...], Keyword], ...],
        accepts: Accepts,
    ) -> Choice:
        found = [
            Choice(keyword.terminal, keyword.value, len(parts))
            for parts, keyword in entries
            if self._follows(at, parts) and accepts(keyword.terminal)
        ]
        opened = [choice for choice in found if self._opens(choice.terminal, at + choice.length)]
        if accepts("NAME"):
            return opened[0] if opened else Choice("NAME", token.text, 1)
        if accepts("CASE_NAME"):
            if self._is(at, "BECAUSE"):
                return Choice("BECAUSE", "because", 1)
            settled = [choice for choice in opened if self._beats_case_name(choice.terminal, at)]
            return settled[0] if settled else Choice("CASE_NAME", token.text, 1)
        if opened or found:
            return (opened or found)[0]
        return Choice("NAME", token.text, 1)

    def kind(self, at: int) -> str:
        """The kind of the token at `at`; empty outside the stretch."""
        return self.tokens[at].kind if self.begin <= at < self.end else ""

    def _is(self, at: int, *terminals: str) -> bool:
        """Whether a word can be one of these keywords, by its spelling."""
        if self.kind(at) != "WORD":
            return False
        return any(
            keyword.terminal in terminals and len(parts) == 1
            for parts, keyword in self.by_word.get(self.tokens[at].text, ())
        )

    def _follows(self, at: int, parts: tuple[str, ...]) -> bool:
        return all(
            self.kind(at + step) == "WORD" and self.tokens[at + step].text == part
            for step, part in enumerate(parts)
        )

    # ------------------------------------------------------------ before a form's next word

    def _opens(self, terminal: str, following: int) -> bool:
        """Whether what follows is what this keyword needs, where a name could stand as well."""
        test = _OPENING.get(terminal)
        return test is None or test(self, following)

    def _parenthesis(self, at: int) -> bool:
        return self.kind(at) == "LPAR"

    def _number(self, at: int) -> bool:
        return self.kind(at) == "NUMBER"

    def _called_word(self, at: int) -> bool:
        return self.kind(at) in {"WORD", "QUOTED"} and self.kind(at + 1) == "LPAR"

    def _operand(self, at: int) -> bool:
        return self.kind(at) in _OPERANDS and not self._is(at, *_INFIX)

    def _negated(self, at: int) -> bool:
        """In a cell of a table `not >= 5` negates; elsewhere it compares a figure called not."""
        in_cell = self.kind(at - 2) == "VBAR" and self.kind(at) in {"COMPARISON", "EQUAL"}
        return in_cell or self.kind(at) == "MINUS" or self._operand(at)

    def _alone(self, at: int) -> bool:
        return self.kind(at) not in _CARRY_ON

    def _cell_end(self, at: int) -> bool:
        return self.kind(at) not in {"DOT", "LPAR"}

    def _otherwise_row(self, at: int) -> bool:
        return self.kind(at) == "ARROW" or self._is(at, "OR")

    def _time_span(self, at: int) -> bool:
        return self._is(at, "UNIT") or (self.kind(at) == "NUMBER" and self._is(at + 1, "UNIT"))

    def _declared(self, at: int) -> bool:
        """A name, not the purpose, `for` or `on` that follows a contact called policy."""
        if self._is(at, "PURPOSE") and self._is(at + 1, "FOR", "ON_EVENT"):
            return False
        return self._named(at) and not self._is(at, "FOR", "ON_EVENT")

    def _dated(self, at: int) -> bool:
        return self.kind(at) == "DATE"

    def _named(self, at: int) -> bool:
        return self.kind(at) in {"WORD", "QUOTED"}

    def _titled(self, at: int) -> bool:
        return self.kind(at) == "STRING"

    # ------------------------------------------------------------ case and level lists

    def _beats_case_name(self, terminal: str, at: int) -> bool:
        if terminal == "EFFECTIVE" and self._is(at + 1, "FROM_DATE"):
            return True
        if terminal == "FROZEN":  # `frozen from D` alone is a level from that day on
            return self.kind(at + 2) == "DATE" and self._is(at + 3, "TO")
        return not self._heads_case(at)

    def _heads_case(self, at: int) -> bool:
        """Whether a word stands before a label, `when`, `from`, `top` or `otherwise`.

        Behind a label one of the four must follow: in `tags has "vip"` the word is no name. Nor is
        it before `top 5% by`, which is a condition.
        """
        rule = at + 1
        if self.kind(rule) == "STRING":
            rule += 1
            if self._is(rule + 1, *_CASE_RULES) or (
                self.kind(rule + 1) == "STRING" and self._is(rule + 2, *_CASE_RULES)
            ):
                return False
        if self._is(rule, "TOP"):
            return self.kind(rule + 1) == "NUMBER" and not self._is(rule + 3, "BY")
        return self._is(rule, *_CASE_RULES)

    # ------------------------------------------------------------ test grids

    def _alone_in_grid(self, at: int, accepts: Accepts) -> bool:
        return (
            self.kind(at + 1) == "VBAR"
            and self.kind(at - 1) == "VBAR"
            and accepts("GRID_NAME")
            and not self._is(at, "TRUE", "FALSE")
        )


def _name(accepts: Accepts) -> str:
    return "CASE_NAME" if not accepts("NAME") and accepts("CASE_NAME") else "NAME"


_CASE_RULES = ("WHEN", "FROM_LEVEL", "OTHERWISE")
_OPERANDS = frozenset({"WORD", "QUOTED", "NUMBER", "STRING", "DATE", "TIME", "LPAR", "MONEY_SIGN"})
_INFIX = ("AND", "OR", "IS", "IN", "HAS", "BETWEEN", "IS_NOT", "NOT_IN", "IS_KNOWN", "IS_UNKNOWN")
_CARRY_ON = frozenset({"DOT", "LPAR", "PLUS", "MINUS", "STAR", "SLASH"})

_OPENING: Mapping[str, Callable[[Words, int], bool]] = {
    "AGGREGATE": Words._parenthesis,
    "SHARE": Words._parenthesis,
    "POPULATION": Words._called_word,
    "TOP": Words._number,
    "SINCE": Words._operand,
    "UNTIL": Words._operand,
    "SINCE_OPEN": Words._operand,
    "UNTIL_OPEN": Words._operand,
    "ANNIVERSARY_OF": Words._operand,
    "NOT": Words._negated,
    "ALWAYS": Words._operand,
    "NEVER": Words._operand,
    "RAISING": Words._operand,
    "TRUE": Words._cell_end,
    "FALSE": Words._cell_end,
    "PRIORITY": Words._alone,
    "WORTH": Words._alone,
    "COSTS": Words._alone,
    "ANY": Words._cell_end,
    "KNOWN": Words._cell_end,
    "UNKNOWN": Words._cell_end,
    "OTHERWISE": Words._otherwise_row,
    "PER_WINDOW": Words._time_span,
    "EXPECT_NO": Words._operand,
    "CONTACT_POLICY": Words._declared,
    # The last bar of a row may be followed by one more output or by the next declaration.
    "FROZEN": Words._dated,
    "TEST": Words._titled,
    "USE": Words._titled,
    "LIKE": Words._titled,
    "DECISION_LIKE": Words._titled,
    **dict.fromkeys(
        (
            *("POLICY", "PARAM", "METRIC", "VIEW", "SEGMENT", "CLASSIFY", "TIER", "ACCOUNT"),
            *("POINTS", "GROUP", "INCENTIVE", "TABLE", "CONTACT", "SCORE", "INDICATOR"),
            *("RECOMMEND", "ENSURE", "IDENTITY", "CALENDAR"),
        ),
        Words._named,
    ),
}
