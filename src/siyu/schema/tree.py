"""YAML text as a tree that remembers where everything stands.

Built from the parser's events with an explicit stack, so that neither deep nor endless files hurt.
Aliases and tags are refused: a schema file needs neither, and aliases can make a small file huge.
Numbers are read digit by digit; nothing here is ever a binary fraction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from siyu.diagnostics import Diagnostic
from siyu.schema import diagnostics as problems
from siyu.text import Source, Span
from siyu.words import Words, say

MAX_DEPTH = 24
MAX_LENGTH = 1_000_000  # characters
MAX_NUMBER = 60  # digits of a number that is worth reading


@dataclass(frozen=True, slots=True)
class Scalar:
    """`value` is None, a bool, an int, a Decimal or a str; `text` is what was written."""

    text: str
    value: bool | int | Decimal | str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Pair:
    key: str
    key_span: Span
    value: Tree


@dataclass(frozen=True, slots=True)
class Map:
    """Keys as they were written, each once."""

    pairs: tuple[Pair, ...]
    span: Span

    def get(self, key: str) -> Tree | None:
        """The value of a key, or None where there is no such key."""
        return next((pair.value for pair in self.pairs if pair.key == key), None)

    def key_span(self, key: str) -> Span:
        """Where a key stands; the whole object where it is missing."""
        return next((pair.key_span for pair in self.pairs if pair.key == key), self.span)


@dataclass(frozen=True, slots=True)
class List:
    items: tuple[Tree, ...]
    span: Span


Tree = Scalar | Map | List


def read_tree(source: Source) -> tuple[Tree | None, list[Diagnostic]]:
    """The tree of a YAML file and what is wrong with it as YAML; None where nothing was read."""
    found: list[Diagnostic] = []
    if len(source.text) > MAX_LENGTH:
        found.append(problems.TooLarge(Span(source.name, 0, 1), MAX_LENGTH))
        return None, found
    return _Builder(source, found).build(), found


class _EndError(Exception):
    """Reading on makes no sense; what is wrong has been noted."""


@dataclass(slots=True)
class _Open:
    """A list or an object that has begun."""

    is_map: bool
    start: int
    items: list[Tree]
    pairs: dict[str, Pair]
    key: Scalar | None = None


class _Builder:
    def __init__(self, source: Source, found: list[Diagnostic]) -> None:
        self.source = source
        self.found = found
        self.stack: list[_Open] = []
        self.root: Tree | None = None
        self.documents = 0
        self.aliased = False

    def build(self) -> Tree | None:
        try:
            for event in self._events():
                self._take(type(event).__name__, event)
        except _EndError:
            return None
        return None if self.aliased else self.root

    def _events(self) -> Iterator[Any]:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            yield from YAML(typ="rt", pure=True).parse(self.source.text)
        except MarkedYAMLError as error:
            self._refuse_marked(error)
        except (YAMLError, RecursionError) as error:
            self._refuse(getattr(error, "position", 0), UNREADABLE)
        except (ValueError, TypeError, LookupError, AttributeError):
            self._refuse(0, UNREADABLE)

    def _refuse_marked(self, error: Any) -> NoReturn:
        """Where a bracket or quote is not closed, behind the last word; with where it begins."""
        mark, context = error.problem_mark or error.context_mark, error.context_mark
        index = mark.index if mark else 0
        if self.source.text[index : index + 1] == "\t":
            self._refuse(index, UNREADABLE)
        begins = None
        opened = "" if context is None else self.source.text[context.index : context.index + 1]
        if opened and opened in "{[\"'":
            begins = Span(self.source.name, context.index, context.index + 1)
            index = max(context.index, len(self.source.text[:index].rstrip()) - 1)
        span = Span(self.source.name, index, min(index + 1, len(self.source.text)))
        problem = _in_our_words(str(error.problem or ""))
        self.found.append(problems.NotYaml(span, problem, begins))
        raise _EndError

    def _refuse(self, index: int, problem: Words) -> NoReturn:
        span = Span(self.source.name, index, min(index + 1, len(self.source.text)))
        if self.source.text[index : index + 1] == "\t":
            self.found.append(problems.TabInsteadOfSpaces(span))
        else:
            self.found.append(problems.NotYaml(span, problem))
        raise _EndError

    def _take(self, kind: str, event: Any) -> None:
        match kind:
            case "DocumentStartEvent":
                self.documents += 1
                if self.documents > 1:
                    self._refuse(event.start_mark.index, say("a second document begins here"))
            case "ScalarEvent":
                self._check_tag(event)
                self._put(_scalar(event, self._span(event)))
            case "MappingStartEvent" | "SequenceStartEvent":
                self._check_tag(event)
                self._open(kind == "MappingStartEvent", event)
            case "MappingEndEvent" | "SequenceEndEvent":
                self._close(event.end_mark.index)
            case "AliasEvent":
                self.aliased = True
                self.found.append(problems.AliasUsed(self._span(event), f"*{event.anchor}"))
                self._put(Scalar("", None, self._span(event)))
            case _:
                pass

    def _span(self, event: Any) -> Span:
        return Span(self.source.name, event.start_mark.index, event.end_mark.index)

    def _check_tag(self, event: Any) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) != "":
            start = event.start_mark.index
            self.found.append(problems.TagUsed(Span(self.source.name, start, start + 1), str(tag)))

    def _open(self, is_map: bool, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self.found.append(problems.TooDeep(self._span(event), MAX_DEPTH))
            raise _EndError
        self.stack.append(_Open(is_map, event.start_mark.index, [], {}))

    def _close(self, end: int) -> None:
        top = self.stack.pop()
        span = Span(self.source.name, top.start, self._trimmed(top.start, end))
        self._put(
            Map(tuple(top.pairs.values()), span) if top.is_map else List(tuple(top.items), span)
        )

    def _trimmed(self, start: int, end: int) -> int:
        """Blocks end where the next thing begins; people see them end with their last word."""
        return start + len(self.source.text[start:end].rstrip())

    def _put(self, tree: Tree) -> None:
        if not self.stack:
            self.root = tree
        elif not self.stack[-1].is_map:
            self.stack[-1].items.append(tree)
        elif self.stack[-1].key is None:
            self.stack[-1].key = self._as_key(tree)
        else:
            self._put_pair(self.stack[-1], self.stack[-1].key, tree)

    def _as_key(self, tree: Tree) -> Scalar:
        if isinstance(tree, Scalar):
            return tree
        self.found.append(problems.NotYaml(tree.span, say("a name is expected before the colon")))
        raise _EndError

    def _put_pair(self, top: _Open, key: Scalar, value: Tree) -> None:
        top.key = None
        if key.text in top.pairs:
            first = top.pairs[key.text].key_span
            self.found.append(problems.DuplicateKey(key.span, key.text, first))
        else:
            top.pairs[key.text] = Pair(key.text, key.span, value)


# What the YAML reader's own words begin with, and ours for it.
UNREADABLE = say("it cannot be read here")
_PROBLEMS: Mapping[str, Words] = {
    "expected ',' or '}'": say("a comma or a closing brace is missing"),
    "expected ',' or ']'": say("a comma or a closing bracket is missing"),
    "could not find expected ':'": say("a colon is missing"),
    "mapping values are not allowed": say("a colon stands where there can be none"),
    "found unexpected end of stream": say("a quote is not closed"),
    "expected <block end>": say("the indentation does not fit the lines before"),
    "expected the node content": say("a value is missing"),
    "sequence entries are not allowed": say("a list item stands where there can be none"),
    "found unknown escape character": say("a backslash in quotes stands for nothing known"),
}


def _in_our_words(problem: str) -> Words:
    known = (words for begins, words in _PROBLEMS.items() if problem.startswith(begins))
    return next(known, UNREADABLE)


NULLS = {"", "~", "null", "Null", "NULL"}
BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?[0-9][0-9_]*", re.ASCII)
NUMBER = re.compile(r"[-+]?[0-9][0-9_]*\.[0-9_]+", re.ASCII)


def _scalar(event: Any, span: Span) -> Scalar:
    text: str = event.value
    return Scalar(text, text if event.style is not None else plain_value(text), span)


def plain_value(text: str) -> bool | int | Decimal | str | None:
    """What a word without quotes means in YAML 1.2; numbers may carry underscores.

    >>> plain_value("1_000_000"), plain_value("0.10"), plain_value("on")
    (1000000, Decimal('0.10'), 'on')
    """
    if text in NULLS:
        return None
    if text in BOOLS:
        return BOOLS[text]
    if len(text) <= MAX_NUMBER and INTEGER.fullmatch(text):
        return int(text.replace("_", ""))
    if len(text) <= MAX_NUMBER and NUMBER.fullmatch(text):
        return Decimal(text.replace("_", ""))
    return text
