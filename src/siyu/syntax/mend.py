"""A declaration with a mistake is read on, so that one run finds its other mistakes too.

A word that can only mean one other is taken as that one. Of any other mistake as little is left out
as lets the next line go on with a clause, a case or a row; what cannot go on so is not guessed at:
a mistake that only follows from another is worse than one that is found a run later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from siyu.diagnostics import Diagnostic
from siyu.syntax import ast
from siyu.syntax.compiled import Table
from siyu.syntax.errors import MissingSpace, Misspelt, UnknownDeclaration, UnquotedLabel
from siyu.syntax.expected import expected
from siyu.syntax.keywords import keywords
from siyu.syntax.lexer import Token
from siyu.syntax.machine import Machine, Stopped
from siyu.syntax.trouble import explain
from siyu.text import Source

# Each mistake costs some readings of its declaration.
_MOST_MISTAKES = 12
_MOST_TOKENS = 1_000
_MOST_LEFT_OUT = 40


class Mended(NamedTuple):
    """What a declaration says if its mistakes are what they seem, none where that is not sure, and
    its mistakes behind the first."""

    items: list[Any]
    diagnostics: list[Diagnostic]


class _Text(NamedTuple):
    """The tokens of a declaration after a mistake was mended; what stands before `since` was
    read. `sure`: they are what the author meant."""

    tokens: list[Token]
    since: int
    sure: bool


def read_on(
    table: Table, source: Source, tokens: Sequence[Token], at: int, found: Diagnostic
) -> Mended:
    """Reads a declaration on from its first mistake, which was found at the token `at`."""
    more: list[Diagnostic] = []
    text = _Text(list(tokens), at, True)
    if len(tokens) > _MOST_TOKENS:
        return Mended([], more)
    for _ in range(_MOST_MISTAKES):
        mended = _mended(table, source, text, at, found)
        if mended is None:
            return Mended([], more)
        text, guessed = mended._replace(sure=text.sure and mended.sure), mended.sure
        read = _run(table, source, text.tokens)
        if not isinstance(read, Stopped):
            return Mended(
                [item for item in read if text.sure or isinstance(item, ast.Header)], more
            )
        if read.at < text.since or read.at >= len(text.tokens):
            return Mended([], more)
        at = read.at
        follows = guessed and _same_line(source, text.tokens, text.since, at)
        found = explain(table, source, text.tokens, 0, len(text.tokens), read)
        if follows and not isinstance(found, Misspelt | MissingSpace):
            text = text._replace(sure=False)
        else:
            more.append(found)
    return Mended([], more)


def _run(table: Table, source: Source, tokens: list[Token]) -> list[Any] | Stopped:
    quick = Machine(table, source.name, tokens, 0, len(tokens)).run()
    assert quick is not None
    if not isinstance(quick, Stopped) or quick.diagnostic is not None:
        return quick
    careful = Machine(table, source.name, tokens, 0, len(tokens), careful=True).run()
    assert careful is not None
    return careful


def _mended(table: Table, source: Source, text: _Text, at: int, found: Diagnostic) -> _Text | None:
    return _as_meant(text.tokens, found) or _left_out(table, source, text.tokens, at)


# ------------------------------------------------------------ what was meant


def _as_meant(tokens: list[Token], found: Diagnostic) -> _Text | None:
    """With the one word, or the words, that the author must have meant."""
    match found:
        case Misspelt(candidates=(word,)) | UnknownDeclaration(candidates=(word,)):
            meant = [word]
        case MissingSpace(split=split):
            meant = split.split(" ")
        case UnquotedLabel():
            meant = []
        case _:
            return None
    first, last = found.span.start, found.span.end
    places = [at for at, token in enumerate(tokens) if first <= token.start < last]
    if not places:
        return None
    instead = [Token(_kind(word), word, first, last) for word in meant]
    if isinstance(found, UnquotedLabel):
        instead = [Token("STRING", found.words, first, last)]
    after = places[0] + len(instead)
    return _Text([*tokens[: places[0]], *instead, *tokens[places[-1] + 1 :]], after, True)


def _kind(word: str) -> str:
    return "WORD" if word[0].isalpha() else "EQUAL" if word == "=" else "COMPARISON"


# ------------------------------------------------------------ what is left out


def _left_out(table: Table, source: Source, tokens: list[Token], at: int) -> _Text | None:
    """Without the end of the line of the mistake, or of the line before where it shows at the
    beginning of one; the next line then begins a clause or a case. A row is left out whole."""
    if at >= len(tokens):
        return None
    starts = [place for place in range(1, len(tokens)) if _begins_line(source, tokens, place)]
    if any(_at_margin(source, tokens[place]) for place in starts if place <= at):
        return None  # perhaps another declaration, the kind of which is missing
    onward = next((place for place in starts if place > at), len(tokens))
    for resume in (at, onward) if at in starts else (onward,):
        if resume == len(tokens):
            return None
        earliest = max((place for place in (2, *starts) if place < min(at, resume)), default=2)
        if resume == onward and at in starts:
            earliest = at
        for place in range(min(at, resume), max(earliest, at - _MOST_LEFT_OUT) - 1, -1):
            whole = tokens[resume].kind != "VBAR" or _is_row(tokens, place, starts)
            if place < resume and whole and _goes_on(table, source, tokens, place, resume):
                kept = [*tokens[:place], *tokens[resume:]]
                return _Text(kept, place + 1, False)
    return None


def _is_row(tokens: list[Token], place: int, starts: Sequence[int]) -> bool:
    """Whether a row behind a whole one begins at a token: the first heads the others."""
    above = max((start for start in starts if start < place), default=0)
    return place in starts and tokens[above].kind == tokens[place - 1].kind == "VBAR"


def _goes_on(table: Table, source: Source, tokens: list[Token], place: int, resume: int) -> bool:
    """Whether behind the tokens before `place` the one at `resume` begins something new."""
    machine = Machine(table, "", tokens, 0, place, careful=True)
    if isinstance(machine.run(until=place), Stopped):
        return False
    can = expected(table, tuple(machine.states))
    token = tokens[resume]
    if token.kind != "WORD":
        return token.kind == "VBAR" and "VBAR" in can
    if "CASE_NAME" in can:
        return _margin(source, tokens, resume) == _margin(source, tokens, place)
    entries = keywords().by_word.get(token.text, ())
    return any(keyword.terminal in can - _GO_ON for _, keyword in entries)


# Words that go on with what stands before them: they do not begin a clause.
_GO_ON = frozenset({"AND", "OR", "IS", "IN", "HAS", "BETWEEN", "NOT", "TO", "DEFAULT"})


def _begins_line(source: Source, tokens: Sequence[Token], at: int) -> bool:
    return "\n" in source.text[tokens[at - 1].end : tokens[at].start]


def _at_margin(source: Source, token: Token) -> bool:
    return source.text[token.start - 1 : token.start] == "\n"


def _margin(source: Source, tokens: Sequence[Token], at: int) -> int:
    """The blanks before the line of a token."""
    line = source.text[source.text.rfind("\n", 0, tokens[at].start) + 1 :]
    return len(line) - len(line.lstrip(" "))


def _same_line(source: Source, tokens: Sequence[Token], before: int, at: int) -> bool:
    """Whether no line ends between the tokens before `before` and `at`."""
    first = tokens[max(before - 1, 0)].start
    return "\n" not in source.text[first : tokens[at].start]
