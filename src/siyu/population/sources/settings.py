"""Reading settings out of a YAML tree: each is what it should be, or a problem is noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from siyu.diagnostics import nearest
from siyu.population.files import Problem
from siyu.population.sources.model import Scalar as Value
from siyu.schema.tree import List, Map, Scalar, Tree
from siyu.text import Span
from siyu.words import Words, either, say

DURATION = re.compile(r"([0-9]{1,6}) (minute|hour|day|week)s?", re.ASCII)
MINUTES = {"minute": 1, "hour": 60, "day": 1_440, "week": 10_080}
Known = TypeVar("Known")


@dataclass(slots=True)
class Settings:
    """Collects what is wrong while a file is read."""

    problems: list[Problem] = field(default_factory=list)

    def wrong(self, said: Words, span: Span) -> None:
        """Notes what is wrong at a place."""
        self.problems.append(Problem(said, span))

    def map(self, tree: Tree | None, what: str) -> Map | None:
        """A tree that has settings inside; None, noted, where it is something else."""
        if isinstance(tree, Map):
            return tree
        if tree is not None:
            self.wrong(say("`{what}` must have settings below it", what=what), tree.span)
        return None

    def names(self, tree: Map, known: Iterable[str], what: str) -> None:
        """Notes settings that there are none of."""
        known = tuple(known)
        for pair in tree.pairs:
            if pair.key not in known:
                self.wrong(self._unknown(pair.key, known, what), pair.key_span)

    def _unknown(self, name: str, known: tuple[str, ...], what: str) -> Words:
        near = nearest(name, known)
        if near:
            return say("`{what}` has no setting `{name}`; did you mean {near}", what=what,
                       name=name, near=either(near))  # fmt: skip
        return say("`{what}` has no setting `{name}`; there are {known}", what=what, name=name,
                   known=known)  # fmt: skip

    def named(self, name: str, known: Mapping[str, Known], said: Words, span: Span) -> Known | None:
        """The one that a name stands for; where there is none, `said` and what was meant."""
        if name in known:
            return known[name]
        near = nearest(name, known)
        if near:
            said = say("{said}; did you mean {near}", said=said, near=either(near))
        elif known:
            said = say("{said}; there are {known}", said=said, known=tuple(known)[:12])
        self.wrong(said, span)
        return None

    def text(self, tree: Map, key: str) -> str | None:
        """A setting that is one text."""
        found = tree.get(key)
        if found is None:
            return None
        if isinstance(found, Scalar) and found.value is not None and found.text:
            return found.text
        self.wrong(say("`{key}` must be one text", key=key), found.span)
        return None

    def texts(self, tree: Map, key: str) -> tuple[str, ...] | None:
        """A setting that is one text or a list of them."""
        found = tree.get(key)
        if found is None:
            return None
        items = found.items if isinstance(found, List) else (found,)
        texts = [each.text for each in items if isinstance(each, Scalar)]
        if len(texts) == len(items) and texts:
            return tuple(texts)
        self.wrong(say("`{key}` must be a text or a list of texts", key=key), found.span)
        return None

    def choice(self, tree: Map, key: str, known: Iterable[str], otherwise: str) -> str:
        """A setting that is one of some words."""
        found = self.text(tree, key)
        if found is None:
            return otherwise
        words = {word: word for word in known}
        said = say("`{key}` cannot be `{found}`", key=key, found=found)
        return self.named(found, words, said, self.at(tree, key)) or otherwise

    def count(self, tree: Map, key: str) -> int | None:
        """A setting that is a whole number, not negative."""
        found = tree.get(key)
        if found is None:
            return None
        value = found.value if isinstance(found, Scalar) else None
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.wrong(say("`{key}` must be a whole number", key=key), found.span)
        return None

    def minutes(self, tree: Map, key: str) -> int | None:
        """A setting like `36 hours`, in minutes."""
        found = self.text(tree, key)
        if found is None:
            return None
        match = DURATION.fullmatch(found)
        if match is not None:
            return int(match[1]) * MINUTES[match[2]]
        said = say("`{key}` must be a duration like `36 hours` or `2 days`", key=key)
        self.wrong(said, self.at(tree, key))
        return None

    def zone(self, tree: Map, key: str = "timezone") -> str | None:
        """A setting that is the name of a time zone."""
        found = self.text(tree, key)
        if found is None:
            return None
        try:
            ZoneInfo(found)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            said = say("there is no time zone `{zone}`; write one like `Asia/Shanghai`", zone=found)
            self.wrong(said, self.at(tree, key))
            return None
        return found

    def value(self, tree: Tree, what: str) -> Value:
        """One value, as YAML has it."""
        if isinstance(tree, Scalar):
            return tree.value
        self.wrong(say("`{what}` must be one value", what=what), tree.span)
        return None

    def at(self, tree: Map, key: str) -> Span:
        """Where a setting's value stands."""
        found = tree.get(key)
        return tree.span if found is None else found.span
