"""What the parser says about text it cannot read: codes E0101 to E0199.

Each is found before anything is known of names and types, so no example needs a schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.diagnostics import Diagnostic, Note
from siyu.text import Span
from siyu.words import Words, either, say

_HEAD = "policy p\n  language 1\n\n"


def brief(text: str, limit: int = 40) -> str:
    """Author's text short enough for a message."""
    plain = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def _set_off(sign: str) -> Words:
    return say("a backtick") if sign == "`" else f"`{sign}`"


@dataclass(frozen=True, slots=True)
class UnexpectedText(Diagnostic):
    """Text that cannot stand where it stands."""

    code: ClassVar[str] = "E0101"
    message: ClassVar[str] = "`{found}` cannot stand here"
    label: ClassVar[str] = "expected {expected}"
    help: ClassVar[str] = "{hint}"
    page: ClassVar[str] = """\
A policy is read word by word, and at each word only some can follow: behind `when` a condition,
behind a declaration's name its label or its first clause. The message lists what could have stood
here. Where the word that stands there looks like one of them, the message offers that one.

A word that is a keyword elsewhere can be a name here, and the other way round; backticks make any
word a name.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  when 2 > > 1\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when 2 > 1\n"

    found: str
    expected: Words
    hint: Words = ""


@dataclass(frozen=True, slots=True)
class Misspelt(Diagnostic):
    """A word that is nearly a keyword that could stand here."""

    code: ClassVar[str] = "E0102"
    message: ClassVar[str] = "`{found}` is not known here"
    label: ClassVar[str] = "did you mean {candidates}?"
    page: ClassVar[str] = """\
The word is not a keyword that can stand here, but it is spelt nearly like one, or means the same.
Every keyword has an English and a Chinese spelling, and a file may mix them.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  whne 2 > 1\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when 2 > 1\n"

    found: str
    candidates: tuple[str, ...]

    def facts(self) -> dict[str, object]:
        return {"found": self.found, "candidates": either(self.candidates)}


_DECLARATION = say("the declaration")


@dataclass(frozen=True, slots=True)
class EndsTooEarly(Diagnostic):
    """A declaration, or a line of it, that ends before it is complete."""

    code: ClassVar[str] = "E0103"
    message: ClassVar[str] = "{what} ends before it is complete"
    label: ClassVar[str] = "expected {expected} after this"
    page: ClassVar[str] = """\
A declaration runs to the next declaration or to the end of the file. This one stops where something
must follow: a condition behind `when`, a name behind `segment`.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  when\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when 2 > 1\n"

    expected: Words
    what: Words = _DECLARATION


@dataclass(frozen=True, slots=True)
class UnclosedQuote(Diagnostic):
    """A string, or a name in backticks, that is not closed on its line."""

    code: ClassVar[str] = "E0104"
    message: ClassVar[str] = "the text that begins with {quote} does not end on its line"
    label: ClassVar[str] = "begins here"
    help: ClassVar[str] = "close it with {partner}"
    page: ClassVar[str] = """\
Text stands between quotes and ends on the line on which it began, with the partner of the quote
that opened it: `"` ends with `"`, `“` with `”`. Inside, the other kind of quote is plain text.
Names in backticks follow the same rule, and `「` ends with `」`.
"""
    wrong: ClassVar[str] = _HEAD + 'segment loyal "熟客\n  when 2 > 1\n'
    right: ClassVar[str] = _HEAD + 'segment loyal "熟客"\n  when 2 > 1\n'

    quote: str

    def facts(self) -> dict[str, object]:
        partner = {"“": "”", "「": "」", "‘": "”", "'": '"'}.get(self.quote, self.quote)
        return {"quote": _set_off(self.quote), "partner": _set_off(partner)}


@dataclass(frozen=True, slots=True)
class UnclosedParenthesis(Diagnostic):
    """`(` without its `)`. The span is the opening one."""

    code: ClassVar[str] = "E0105"
    message: ClassVar[str] = "this parenthesis is never closed"
    label: ClassVar[str] = "opened here"
    help: ClassVar[str] = "add `)` where its content ends"
    page: ClassVar[str] = """\
Every `(` needs its `)` within the same declaration.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  when (2 > 1\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when (2 > 1)\n"

    ends: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        return (Note(say("its content must have ended before this"), self.ends),)

    def facts(self) -> dict[str, object]:
        return {}


@dataclass(frozen=True, slots=True)
class StrayParenthesis(Diagnostic):
    """`)` that closes nothing."""

    code: ClassVar[str] = "E0106"
    message: ClassVar[str] = "this parenthesis closes nothing"
    label: ClassVar[str] = "no `(` is open here"
    help: ClassVar[str] = "leave it out, or open the parenthesis where its content begins"
    page: ClassVar[str] = """\
Every `)` closes a `(` of the same declaration.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  when 2 > 1)\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when (2 > 1)\n"


@dataclass(frozen=True, slots=True)
class MixedAndOr(Diagnostic):
    """`a and b or c` without parentheses. The span is the second word."""

    code: ClassVar[str] = "E0107"
    message: ClassVar[str] = "`and` and `or` stand side by side without parentheses"
    label: ClassVar[str] = "which of the two comes first?"
    help: ClassVar[str] = "write `({left}) {word} …` or put the last two conditions in parentheses"
    page: ClassVar[str] = """\
`a and b or c` can be read in two ways, and people read it in both. Parentheses say which one is
meant: `(a and b) or c` holds when `c` holds alone; `a and (b or c)` does not.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  when 2 > 1 and 3 > 2 or 4 > 3\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when (2 > 1 and 3 > 2) or 4 > 3\n"

    word: str
    left: str


@dataclass(frozen=True, slots=True)
class ChainedComparison(Diagnostic):
    """`a < b < c`. The span is the second sign."""

    code: ClassVar[str] = "E0108"
    message: ClassVar[str] = "two comparisons stand in a row"
    label: ClassVar[str] = "a comparison has two sides"
    help: ClassVar[str] = "write `x between 1 and 5`, or two comparisons joined by `and`"
    page: ClassVar[str] = """\
A comparison has two sides and is true, false or unknown; that answer cannot be compared again. For
a range write `x between 1 and 5` (both ends are in), or `x > 1 and x < 5`.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  when 1 < 2 < 3\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when 2 between 1 and 3\n"


@dataclass(frozen=True, slots=True)
class UnquotedLabel(Diagnostic):
    """A label without quotes."""

    code: ClassVar[str] = "E0109"
    message: ClassVar[str] = "`{words}` stands without quotes"
    label: ClassVar[str] = "text for people stands in quotes"
    help: ClassVar[str] = 'write `"{words}"`'
    page: ClassVar[str] = """\
A declaration is its kind, a name, and a label: the name is one word that rules use, the label is
what people see and stands in quotes.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal 熟客\n  when 2 > 1\n"
    right: ClassVar[str] = _HEAD + 'segment loyal "熟客"\n  when 2 > 1\n'

    words: str


@dataclass(frozen=True, slots=True)
class MissingSpace(Diagnostic):
    """Two words written as one."""

    code: ClassVar[str] = "E0110"
    message: ClassVar[str] = "`{found}` is read as one word"
    label: ClassVar[str] = "a space is missing"
    help: ClassVar[str] = "write `{split}`"
    page: ClassVar[str] = """\
Words are told apart by spaces and signs, in Chinese too. Only a unit written onto a number is split
from what follows it: `1000元且` is `1000 元 且`. Elsewhere `距今介于` is one word, and a name.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  当2 > 1\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  当 2 > 1\n"

    found: str
    split: str


@dataclass(frozen=True, slots=True)
class TextBeforeDeclarations(Diagnostic):
    """Text before the first declaration."""

    code: ClassVar[str] = "E0111"
    message: ClassVar[str] = "`{found}` begins no declaration"
    label: ClassVar[str] = "expected `policy`, `use`, or a declaration such as `segment`"
    help: ClassVar[str] = "begin each declaration with its kind; a remark begins with `#`"
    page: ClassVar[str] = """\
A file begins with `policy` (or, where others use it, with any declaration). Each declaration begins
with its kind, such as `segment` or 分群. A line for the reader begins with `#`.
"""
    wrong: ClassVar[str] = "for winter\n\n" + _HEAD + "segment loyal\n  when 2 > 1\n"
    right: ClassVar[str] = "# for winter\n\n" + _HEAD + "segment loyal\n  when 2 > 1\n"

    found: str


@dataclass(frozen=True, slots=True)
class UnknownDeclaration(Diagnostic):
    """A line that looks like a declaration of no known kind."""

    code: ClassVar[str] = "E0112"
    message: ClassVar[str] = "no kind of declaration is called `{found}`"
    label: ClassVar[str] = "did you mean {candidates}?"
    page: ClassVar[str] = """\
A declaration begins with its kind. The kinds are policy 策略, use 引用, param 参数, metric 指标,
view 视图, segment 分群, classify 分类, tier 等级, account 账户, points 积分, group 择优组,
incentive 激励, table 决策表, contact 触达, contact policy 触达策略, score 评分, indicator 统计,
recommend 推荐, ensure 保证 and test 测试.
"""
    wrong: ClassVar[str] = _HEAD + "segmant loyal\n  when 2 > 1\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when 2 > 1\n"

    found: str
    candidates: tuple[str, ...]

    def facts(self) -> dict[str, object]:
        return {"found": self.found, "candidates": either(self.candidates)}


@dataclass(frozen=True, slots=True)
class Repeated(Diagnostic):
    """A clause that may stand once and stands twice, or a second header."""

    code: ClassVar[str] = "E0113"
    message: ClassVar[str] = "`{what}` is said twice"
    label: ClassVar[str] = "said again here"
    help: ClassVar[str] = "keep the one that is meant"
    page: ClassVar[str] = """\
A file has one `policy` line, and each of its clauses stands once: with two versions or two time
zones nobody could say which holds. The same goes for the channel of a limit.
"""
    wrong: ClassVar[str] = "policy p\n  language 1\n  version 1\n  version 2\n"
    right: ClassVar[str] = "policy p\n  language 1\n  version 2\n"

    what: str
    first: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        return (Note(say("said first here"), self.first),)

    def facts(self) -> dict[str, object]:
        return {"what": self.what}


@dataclass(frozen=True, slots=True)
class NulCharacter(Diagnostic):
    """A NUL character."""

    code: ClassVar[str] = "E0114"
    message: ClassVar[str] = "the text holds a character of value 0"
    label: ClassVar[str] = "it cannot be seen, but it is here"
    help: ClassVar[str] = "save the file as UTF-8 text"
    page: ClassVar[str] = """\
A character of value 0 does not occur in text. It mostly means that the file is no text, or that it
was saved as UTF-16.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  when \0 2 > 1\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when 2 > 1\n"


@dataclass(frozen=True, slots=True)
class UnknownCharacter(Diagnostic):
    """A character that has no meaning here."""

    code: ClassVar[str] = "E0115"
    message: ClassVar[str] = "`{found}` has no meaning in a policy"
    label: ClassVar[str] = "not a word, a number or a sign"
    help: ClassVar[str] = "put text in quotes; write a name that holds this character in backticks"
    page: ClassVar[str] = """\
Outside quotes and remarks a policy holds words, numbers and the signs
`+ - * / = != < <= > >= ( ) , . .. ..< -> | : %` and currency signs. The full-width signs that a
Chinese keyboard types count as these.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  when 2 > 1 。\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when 2 > 1\n"

    found: str


@dataclass(frozen=True, slots=True)
class MalformedNumber(Diagnostic):
    """A number that is not written as one."""

    code: ClassVar[str] = "E0116"
    message: ClassVar[str] = "`{found}` is not a number"
    label: ClassVar[str] = "a number is digits, and a point with digits behind it"
    help: ClassVar[str] = "write it as in `1000`, `1_000`, `0.5` or `5 万`, with at most 100 digits"
    page: ClassVar[str] = """\
A number is digits, perhaps a point, and digits behind it. Single underscores may part the digits
before the point: `1_000`. A comma may not: it parts the items of a list, so `1,000` would be two
numbers.
"""
    wrong: ClassVar[str] = _HEAD + "param entry = 1,000\n"
    right: ClassVar[str] = _HEAD + "param entry = 1_000\n"

    found: str
    plain: str = ""

    def what_to_do(self) -> Words:
        """The number without commas, or how numbers are written."""
        if not self.plain:
            return Diagnostic.what_to_do(self)
        parted = f"{int(self.plain):_}"
        return say("write `{plain}` or `{parted}`", plain=self.plain, parted=parted)


@dataclass(frozen=True, slots=True)
class MalformedDate(Diagnostic):
    """A date that is not written as year-month-day."""

    code: ClassVar[str] = "E0117"
    message: ClassVar[str] = "`{found}` is not written as a date"
    label: ClassVar[str] = "a date is year-month-day, with 4, 2 and 2 digits"
    help: ClassVar[str] = "write `{written}`, and a time of day behind it as in `10:00`"
    page: ClassVar[str] = """\
A date is written `2026-11-21`, a moment `2026-11-21 10:00`; both are in the policy's time zone.
"""
    wrong: ClassVar[str] = _HEAD + "param opening = 2026/1/5\n"
    right: ClassVar[str] = _HEAD + "param opening = 2026-01-05\n"

    found: str
    written: str


@dataclass(frozen=True, slots=True)
class MalformedTime(Diagnostic):
    """A time of day that is not written as hour:minute."""

    code: ClassVar[str] = "E0118"
    message: ClassVar[str] = "`{found}` is not written as a time of day"
    label: ClassVar[str] = "a time of day is hour:minute, with 2 digits each"
    help: ClassVar[str] = "write `{written}`"
    page: ClassVar[str] = """\
A time of day is written `09:00`, from `00:00` to `23:59`, in the policy's time zone.
"""
    wrong: ClassVar[str] = _HEAD + "contact policy house\n  quiet 21:00 to 9:00\n"
    right: ClassVar[str] = _HEAD + "contact policy house\n  quiet 21:00 to 09:00\n"

    found: str
    written: str


@dataclass(frozen=True, slots=True)
class TooDeep(Diagnostic):
    """Nesting beyond what anybody could read."""

    code: ClassVar[str] = "E0119"
    message: ClassVar[str] = "the expression is nested more than {limit} levels deep"
    label: ClassVar[str] = "too deep here"
    help: ClassVar[str] = "give its parts names with `metric`"
    page: ClassVar[str] = """\
An expression may be nested 100 levels deep; each further item of a sum is a level, a pair of
parentheses half of one. Give the parts names of their own with `metric`: the explanations get
better, too.
"""
    wrong: ClassVar[str] = _HEAD + f"param entry = {'(' * 201}2{')' * 201}\n"
    right: ClassVar[str] = _HEAD + "param entry = (2)\n"

    limit: int


@dataclass(frozen=True, slots=True)
class WordOnNumber(Diagnostic):
    """A word written onto a number that is no unit."""

    code: ClassVar[str] = "E0120"
    message: ClassVar[str] = "`{word}` is written onto the number `{number}`"
    label: ClassVar[str] = "not a unit"
    help: ClassVar[str] = "put a space between them, or use a unit such as `days`, `yuan` or `万`"
    page: ClassVar[str] = """\
Only a unit may be written onto a number: `30天`, `199元`, `5万`. A name never begins with a digit;
backticks make one that does: `` `7days` ``.
"""
    wrong: ClassVar[str] = _HEAD + "param entry = 100x\n"
    right: ClassVar[str] = _HEAD + "param entry = 100\n"

    number: str
    word: str


@dataclass(frozen=True, slots=True)
class ForeignSign(Diagnostic):
    """A sign of another language."""

    code: ClassVar[str] = "E0121"
    message: ClassVar[str] = "`{found}` is not a sign of policies"
    label: ClassVar[str] = "{instead}"
    page: ClassVar[str] = """\
Policies compare with one `=`, join with `and`, `or` and `not`, put text in double quotes and lists
in parentheses, begin remarks with `#`, and need no braces and no semicolons.
"""
    wrong: ClassVar[str] = _HEAD + "segment loyal\n  when 2 == 2\n"
    right: ClassVar[str] = _HEAD + "segment loyal\n  when 2 = 2\n"

    found: str
    instead: Words


ERRORS: tuple[type[Diagnostic], ...] = (
    UnexpectedText,
    Misspelt,
    EndsTooEarly,
    UnclosedQuote,
    UnclosedParenthesis,
    StrayParenthesis,
    MixedAndOr,
    ChainedComparison,
    UnquotedLabel,
    MissingSpace,
    TextBeforeDeclarations,
    UnknownDeclaration,
    Repeated,
    NulCharacter,
    UnknownCharacter,
    MalformedNumber,
    MalformedDate,
    MalformedTime,
    TooDeep,
    WordOnNumber,
    ForeignSign,
)
