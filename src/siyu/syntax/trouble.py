"""Why a stretch could not be read: from the place where the machine stopped to one message.

The likely causes are tried in turn, from the surest; what remains says what could have stood there.
A guess that the author may have meant another word is believed only when the machine gets further
with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from siyu.diagnostics import Diagnostic, nearest
from siyu.syntax.compiled import Table
from siyu.syntax.errors import (
    ChainedComparison,
    EndsTooEarly,
    MalformedNumber,
    MissingSpace,
    Misspelt,
    MixedAndOr,
    StrayParenthesis,
    UnclosedParenthesis,
    UnexpectedText,
    UnquotedLabel,
    brief,
)
from siyu.syntax.expected import DECLARATIONS, clause_words, expected, in_words, spellings
from siyu.syntax.keywords import Language, keywords, must_quote
from siyu.syntax.lexer import Token
from siyu.syntax.machine import Machine, Stopped, simulate
from siyu.text import Source, Span
from siyu.words import Words, either, say

# Guesses cost a reading each; in a stretch longer than this none is made.
_LONGEST = 5_000
_LONGEST_WORD = 60
# As many tokens as may be needed to tell what a word is.
_LOOKAHEAD = 4
_LONGEST_CLAUSE, _MOST_CLAUSES = 100, 3
_THOUSANDS = re.compile(r"[0-9]{1,3}[,，][0-9]{3}")
# Words for which the language has others.
OTHERWISE_SAID: Mapping[str, str] = {
    **dict.fromkeys(("大于", "高于", "超过", "多于", "晚于"), ">"),
    **dict.fromkeys(("小于", "低于", "少于", "不足", "早于"), "<"),
    **dict.fromkeys(("大于等于", "不小于", "不低于", "不少于", "至少", "达到"), ">="),
    **dict.fromkeys(("小于等于", "不大于", "不高于", "不超过", "不多于", "至多"), "<="),
    **dict.fromkeys(("等于", "equals"), "="),
    "不等于": "!=",
    **dict.fromkeys(("并且", "而且", "同时", "与", "和"), "且"),
    **dict.fromkeys(("contains", "includes"), "has"),
    **dict.fromkeys(("赠送", "发放", "送"), "给予"),
    **dict.fromkeys(("圆", "块钱"), "元"),
    **dict.fromkeys(("到", "直到"), "至"),
    **dict.fromkeys(("until", "till", "through"), "to"),
    **dict.fromkeys(("进", "最近", "过去"), "近"),
    "或者": "或",
    "如果": "当",
    "否则": "其余",
    **dict.fromkeys(("if", "where"), "when"),
    "else": "otherwise",
}


def explain(
    table: Table, source: Source, tokens: Sequence[Token], begin: int, end: int, stopped: Stopped
) -> Diagnostic:
    """The one message for a stretch that stopped."""
    if stopped.diagnostic is not None:
        return stopped.diagnostic
    return _Trouble(table, source, tokens, begin, end, stopped).explain()


class _Trouble:
    def __init__(
        self,
        table: Table,
        source: Source,
        tokens: Sequence[Token],
        begin: int,
        end: int,
        stopped: Stopped,
    ) -> None:
        self.table = table
        self.source = source
        self.tokens = tokens
        self.begin = begin
        self.end = end
        self.at = stopped.at
        self.states = stopped.states
        self.expected = expected(table, stopped.states)
        self.guesses = self.at - begin <= _LONGEST and end > begin

    def explain(self) -> Diagnostic:
        causes = (
            self._stray_parenthesis,
            self._mixed,
            self._chained,
            self._nameless,
            self._thousands,
            self._misspelt_phrase,
            self._too_early,
            self._said_otherwise,
            self._other_place,
            self._missing_chinese_space,
            self._misspelt,
            self._missing_space,
            self._unquoted_label,
            self._unclosed_parenthesis,
            self._ends,
            self._line_ends,
        )
        return next(filter(None, (cause() for cause in causes)), None) or self._unexpected()

    # ------------------------------------------------------------ causes

    def _stray_parenthesis(self) -> Diagnostic | None:
        if self._kind(self.at) == "RPAR" and self._open_parenthesis() is None:
            return StrayParenthesis(self._span(self.at))
        return None

    def _mixed(self) -> Diagnostic | None:
        """`or` behind `a and b`: the list of conditions on top of the stack is the other one."""
        for word, other, items in (("OR", "AND", "conjuncts"), ("AND", "OR", "disjuncts")):
            if not self._can_be(self.at, word):
                continue
            stack = simulate(self.table, self.states, other)
            if stack and self.table.reached_by[stack[-1]] == items:
                written = self.tokens[self.at].text
                joint = self.tokens[self._joint(other)].text
                return MixedAndOr(self._span(self.at), written, f"a {joint} b")
        return None

    def _joint(self, terminal: str) -> int:
        """The last word before the trouble that joins conditions the other way."""
        before = reversed(range(self.begin, self.at))
        return next(at for at in before if self._can_be(at, terminal))

    def _chained(self) -> Diagnostic | None:
        if self._kind(self.at) not in {"COMPARISON", "EQUAL"}:
            return None
        for state in reversed(self.states):
            symbol = self.table.reached_by[state]
            if symbol == "compare_sign":
                return ChainedComparison(self._span(self.at))
            if symbol.isupper() and symbol not in _OPERANDS:
                return None
        return None

    def _nameless(self) -> Diagnostic | None:
        """`segment` and then `when` on the next line: it was read as the segment's name."""
        name = self.begin + 1
        if self._kind(name) != "WORD" or not must_quote(self.tokens[name].text):
            return None
        if not self._starts_line(name) or not self._can_be(self.begin, *DECLARATIONS):
            return None
        return UnexpectedText(self._span(name), self.tokens[name].text, say("a name"))

    def _thousands(self) -> Diagnostic | None:
        """`5,000`: one number to its author, two to the reader."""
        before, after = self.at - 1, self.at + 1
        kinds = tuple(map(self._kind, (before, self.at, after)))
        if kinds != ("NUMBER", "COMMA", "NUMBER"):
            return None
        written = self.source.text[self.tokens[before].start : self.tokens[after].end]
        if not _THOUSANDS.fullmatch(written):
            return None
        span = Span(self.source.name, self.tokens[before].start, self.tokens[after].end)
        plain = self.tokens[before].text + self.tokens[after].text
        return MalformedNumber(span, brief(written), plain)

    def _too_early(self) -> Diagnostic | None:
        """`give` before `for`: what is expected stands further down."""
        if self._kind(self.at) != "WORD" or not self.guesses:
            return None
        if not self._starts_line(self.at) and not self._can_be(self.at, *_RIDERS):
            return None
        end = min(self.end, self.at + _LONGEST_CLAUSE)
        starts = [
            at for at in range(self.at + 1, end)
            if self._starts_line(at) or self._can_be(at, *self.expected)
        ]  # fmt: skip
        clauses = [
            each for each in pairwise([*starts, end]) if self._can_be(each[0], *self.expected)
        ]
        for first, last in clauses[:_MOST_CLAUSES]:
            clause = list(self.tokens[first:last])
            trial = [*self.tokens[self.begin : self.at], *clause, *self.tokens[self.at : first]]
            machine = Machine(self.table, "", trial, 0, len(trial))
            if not isinstance(machine.run(until=self.at - self.begin + len(clause) + 1), Stopped):
                words = {"first": self.tokens[first].text, "word": self.tokens[self.at].text}
                hint = say("`{first}` comes before `{word}`", **words)
                said = in_words(self.expected, self._language())
                return UnexpectedText(self._span(self.at), brief(words["word"]), said, hint)
        return None

    def _said_otherwise(self) -> Diagnostic | None:
        """A word that people and other languages have for a keyword or a sign."""
        word = self.tokens[self.at].text if self._kind(self.at) == "WORD" else ""
        meant = OTHERWISE_SAID.get(word)
        if meant is None or not self.guesses:
            return None
        kind = "WORD" if meant[0].isalpha() else "EQUAL" if meant == "=" else "COMPARISON"
        token = self.tokens[self.at]
        instead = Token(kind, meant, token.start, token.end)
        if not self._reads(self.at, [instead], self.at + 1):
            return None
        return Misspelt(self._span(self.at), word, (meant,))

    def _other_place(self) -> Diagnostic | None:
        """缺省 for 其余: the same keyword in English, but of another place."""
        if self._kind(self.at) != "WORD":
            return None
        word = self.tokens[self.at].text
        entries = keywords().by_word.get(word, ())
        meant = {en for parts, keyword in entries if len(parts) == 1 for en in keyword.en}
        here = [
            keyword.zh[0]
            for keyword in keywords().by_position.values()
            if keyword.terminal in self.expected and keyword.zh and meant & {*keyword.en}
        ]
        if not here:
            return None
        return Misspelt(self._span(self.at), brief(word), tuple(dict.fromkeys(here)))

    def _misspelt_phrase(self) -> Diagnostic | None:
        """`at mots`, `fall one levl`: a later word of several that are one keyword."""
        if self._kind(self.at) != "WORD":
            return None
        later: dict[int, list[str]] = {}
        for parts, keyword in keywords().by_word.get(self.tokens[self.at].text, ()):
            step = next((s for s, part in enumerate(parts) if not self._is(self.at + s, part)), 0)
            if step and keyword.terminal in self.expected:
                later.setdefault(step, []).append(parts[step])
        for step in sorted(later, reverse=True):
            word = self.tokens[self.at + step].text if self._kind(self.at + step) == "WORD" else ""
            near = nearest(word, later[step]) if _worth_guessing(word) else ()
            near = near or tuple(each for each in later[step] if each == OTHERWISE_SAID.get(word))
            if near:
                return Misspelt(self._span(self.at + step), brief(word), near)
        return None

    def _is(self, at: int, word: str) -> bool:
        return self._kind(at) == "WORD" and self.tokens[at].text == word

    def _misspelt(self) -> Diagnostic | None:
        for place in (self.at, self.at - 1, self.at - 2):
            if self._kind(place) != "WORD" or not self.guesses or self._after_dot(place):
                continue
            word = self.tokens[place].text
            if not _worth_guessing(word) or (place < self.at and word in keywords().by_word):
                continue
            near = [
                candidate
                for candidate in nearest(word, spellings(self._expected_at(place)))
                if self._gets_further(place, [candidate])
            ]
            if near:
                return Misspelt(self._span(place), brief(word), tuple(near))
        return None

    def _missing_chinese_space(self) -> Diagnostic | None:
        """Surer than a slip of spelling where the word that stopped the reading is Chinese."""
        if self._kind(self.at) != "WORD" or self.tokens[self.at].text.isascii():
            return None
        return self._missing_space(self.at)

    def _missing_space(self, *at: int) -> Diagnostic | None:
        for place in at or (self.at, self.at - 1, self.at - 2):
            if self._kind(place) != "WORD" or not self.guesses:
                continue
            word = self.tokens[place].text
            for left, right in _splits(word):
                if self._gets_further(place, [left, right]):
                    return MissingSpace(self._span(place), brief(word), f"{left} {right}")
        return None

    def _unquoted_label(self) -> Diagnostic | None:
        if "STRING" not in self.expected or self._kind(self.at) != "WORD" or not self.guesses:
            return None
        if self._starts_line(self.at) or self._can_be(self.at, *_RIDERS):
            return None
        for last in range(self.at + 1, min(self.at + 6, self.end + 1)):
            text = self.source.text[self.tokens[self.at].start : self.tokens[last - 1].end]
            label = Token("STRING", text, self.tokens[self.at].start, self.tokens[last - 1].end)
            if "\n" in text or '"' in text:
                return None
            if self._reads(self.at, [label], last):
                span = Span(self.source.name, label.start, label.end)
                return UnquotedLabel(span, brief(text))
        return None

    def _unclosed_parenthesis(self) -> Diagnostic | None:
        opening = self._open_parenthesis()
        if opening is None or "RPAR" not in self.expected:
            return None
        if self.at < self.end and not self._starts_line(self.at):
            return None
        return UnclosedParenthesis(self._span(opening), self._end_span())

    def _ends(self) -> Diagnostic | None:
        if self.at < self.end:
            return None
        return EndsTooEarly(self._end_span(), in_words(self.expected, self._language()))

    def _line_ends(self) -> Diagnostic | None:
        """`limit 1 per 90`, and the next clause: the line before lacks something."""
        if self._kind(self.at) != "WORD" or not self._starts_line(self.at):
            return None
        if self.expected & clause_words() or not self._can_be(self.at, *clause_words()):
            return None
        said = in_words(self.expected, self._language())
        return EndsTooEarly(self._span(self.at - 1), said, say("the line"))

    def _unexpected(self) -> Diagnostic:
        said = in_words(self.expected, self._language())
        return UnexpectedText(self._span(self.at), self._text(), said, self._hint())

    def _hint(self) -> Words:
        if self._kind(self.at) == "MINUS" and self._within_word():
            return say("a name holds no `-`: write `_` in its place, or the name in backticks")
        if self._kind(self.at) == "ARROW" and self._kind(self.at - 1) == "VBAR":
            return say("leave the bar before `->` out, or write `any` in the empty cell")
        if self._kind(self.at) == "VBAR" and self._kind(self.at - 1) == "VBAR":
            return say("a cell holds something: `any` where the value does not matter")
        if self._kind(self.at) == "STRING" and self.at == self.begin + 1:
            return say("a name stands before the label: it is what rules use")
        if self._kind(self.at - 1) == "WORD" and self.tokens[self.at - 1].text in {"if", "如果"}:
            return say("there is no `if`: write `classify` or `table` to choose between values")
        if self._kind(self.at) == "NUMBER" and self.expected == {"TIME"}:
            return say("write a time of day, as in `20:00`")
        if self._kind(self.at) == "STRING" and self._can_be(self.at - 1, "GIVE"):
            text = self._text()
            return say("say first what it is, in one word, as in `coupon {text}`", text=text)
        if self._can_be(self.at - 2, "EXPECT") and self.tokens[self.at - 1].text in _NONE:
            return say("write `{word}`", word="期望没有")
        if self._can_be(self.at, "OVER_LAST", "OVER_NEXT", "WHERE") and "RPAR" in self.expected:
            return self._of_rows()
        return ""

    def _text(self) -> str:
        """The token in trouble as it is written."""
        return brief(self.source.text[self.tokens[self.at].start : self.tokens[self.at].end])

    def _of_rows(self) -> Words:
        """A period or a filter behind a function that is no aggregate."""
        opening = self._open_parenthesis()
        if opening is None or self._kind(opening - 1) != "WORD":
            return ""
        word = self.tokens[opening - 1].text
        aggregates = [k for k in keywords().by_position.values() if k.section == "aggregate"]
        spelt = [k.en[0] if word.isascii() else k.zh[0] for k in aggregates]
        return say("`{word}` takes no rows; what does is {names}", word=word, names=either(spelt))

    # ------------------------------------------------------------ trying a guess

    def _expected_at(self, place: int) -> frozenset[str]:
        if place == self.at:
            return self.expected
        machine = Machine(self.table, "", self.tokens, self.begin, self.end, careful=True)
        machine.run(until=place)
        return expected(self.table, tuple(machine.states))

    def _gets_further(self, place: int, words: list[str]) -> bool:
        """Whether reading goes beyond the place of trouble with `words` in place of one."""
        token = self.tokens[place]
        instead = [Token("WORD", word, token.start, token.end) for word in words]
        return self._reads(place, instead, place + 1)

    def _reads(self, place: int, instead: list[Token], resume: int) -> bool:
        """Whether two tokens more are read with `instead` from `place` to `resume`, or all up to a
        line that begins with a word unknown to the language: that is a mistake of its own."""
        more = max(self.at + 2, resume + 1) - resume
        seen = list(self.tokens[resume : min(resume + more + _LOOKAHEAD, self.end)])
        trial = [*self.tokens[self.begin : place], *instead, *seen]
        until = None if more > self.end - resume else len(trial) - len(seen) + more
        machine = Machine(self.table, "", trial, 0, len(trial))
        read = machine.run(until)
        if not isinstance(read, Stopped):
            return True
        at = read.at - (len(trial) - len(seen)) + resume
        unknown = self._kind(at) == "WORD" and self.tokens[at].text not in keywords().by_word
        return at >= resume and unknown and self._starts_line(at)

    # ------------------------------------------------------------ looking around

    def _kind(self, at: int) -> str:
        return self.tokens[at].kind if self.begin <= at < self.end else ""

    def _after_dot(self, at: int) -> bool:
        return self._kind(at - 1) == "DOT"

    def _can_be(self, at: int, *terminals: str) -> bool:
        if self._kind(at) != "WORD":
            return False
        entries = keywords().by_word.get(self.tokens[at].text, ())
        return any(keyword.terminal in terminals for _, keyword in entries)

    def _open_parenthesis(self) -> int | None:
        open_at: list[int] = []
        for at in range(self.begin, min(self.at, self.end)):
            if self.tokens[at].kind == "LPAR":
                open_at.append(at)
            elif self.tokens[at].kind == "RPAR" and open_at:
                open_at.pop()
        return open_at[-1] if open_at else None

    def _within_word(self) -> bool:
        """Whether the sign stands between two words without a space."""
        before, sign, after = (self._kind(self.at + step) for step in (-1, 0, 1))
        return (before, sign, after) == ("WORD", "MINUS", "WORD") and (
            self.tokens[self.at - 1].end == self.tokens[self.at].start
            and self.tokens[self.at].end == self.tokens[self.at + 1].start
        )

    def _starts_line(self, at: int) -> bool:
        before = self.tokens[at - 1].end
        return "\n" in self.source.text[before : self.tokens[at].start]

    def _span(self, at: int) -> Span:
        return Span(self.source.name, self.tokens[at].start, self.tokens[at].end)

    def _end_span(self) -> Span:
        return self._span(min(self.at, self.end) - 1 if self.at > self.begin else self.begin)

    def _language(self) -> Language:
        return "en" if self.tokens[self.begin].text.isascii() else "zh"


_NONE = frozenset({"无", "没有", "没", "不"})
# Clauses that belong to many kinds; no label begins with one of these words.
_RIDERS = ("FORMERLY", "BECAUSE", "UNLESS", "EFFECTIVE")
_OPERANDS = frozenset(
    {"PLUS", "MINUS", "STAR", "SLASH", "NUMBER", "UNIT", "MONEY", "BIG", "PERCENT", "STRING"}
    | {"NAME", "DATE", "TIME", "TRUE", "FALSE", "MONEY_SIGN", "DOT", "RPAR"}
)


def _worth_guessing(word: str) -> bool:
    if len(word) > _LONGEST_WORD:
        return False
    return len(word) > 1


def _splits(word: str) -> Iterator[tuple[str, str]]:
    """The ways to part a word so that one side is a keyword, the longest keyword first."""
    if len(word) > _LONGEST_WORD:
        return
    known = keywords().by_word
    places = [place for place in range(1, len(word)) if _may_part(word, place)]
    sides = [(word[:place], word[place:]) for place in places]
    worth = [(left, right) for left, right in sides if left in known or right in known]
    yield from sorted(worth, key=lambda sides: -_keyword_length(*sides))


def _keyword_length(left: str, right: str) -> int:
    known = keywords().by_word
    return max(len(left) if left in known else 0, len(right) if right in known else 0)


def _may_part(word: str, place: int) -> bool:
    """Latin words are parted only from Chinese ones: `android` hides no `and`."""
    return not (word[place - 1].isascii() and word[place].isascii())
