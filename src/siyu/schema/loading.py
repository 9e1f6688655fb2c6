"""What every part of the loader shares: where to report, and how to ask a tree for its settings.

Every question is answered, rightly or not; what is wrong is noted once, and the loader goes on
with something harmless, so that one run reports every mistake.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from siyu.diagnostics import Diagnostic, nearest
from siyu.schema import diagnostics as problems
from siyu.schema.mistakes import A_LIST, AN_OBJECT, shown
from siyu.schema.model import NO_LABELS, Enum, Labels
from siyu.schema.shape import LANGUAGES
from siyu.schema.tree import List, Map, Pair, Scalar, Tree
from siyu.words import Words, say


@dataclass(slots=True)
class Loading:
    """One run over one file. `currency` is that of the policy, or "" where none is known."""

    currency: str
    found: list[Diagnostic]
    enums: Mapping[str, Enum] = field(default_factory=dict)

    def report(self, diagnostic: Diagnostic) -> None:
        """Note a mistake."""
        self.found.append(diagnostic)

    def object(self, tree: Tree | None, what: Words) -> Map | None:
        """The tree as an object; None is silent where there is none."""
        if isinstance(tree, Map) or tree is None:
            return tree
        self.wrong(tree, what, say("an object of `name: …` pairs"))
        return None

    def wrong(self, tree: Tree, what: Words, wanted: Words) -> None:
        """Note that a part of the file is not what it must be."""
        self.report(problems.WrongShape(tree.span, what, wanted, described(tree)))

    def check_keys(self, of: Map, known: tuple[str, ...], where: Words) -> None:
        """Note every setting that is not known here."""
        for pair in of.pairs:
            if pair.key not in known:
                near = nearest(pair.key, known)
                self.report(problems.UnknownKey(pair.key_span, pair.key, where, known, near))

    def need(self, of: Map, key: str, where: Words) -> Tree | None:
        """A setting that must be there."""
        found = of.get(key)
        if found is None:
            self.report(problems.KeyMissing(of.span, where, key))
        return found

    def word(self, tree: Tree | None, what: Words) -> str | None:
        """A setting that is a word; a number is read as it was written."""
        if tree is None:
            return None
        if isinstance(tree, Scalar) and tree.value is not None:
            return tree.text
        self.wrong(tree, what, say("a word"))
        return None

    def flag(self, of: Map, key: str, where: Words) -> bool:
        """A setting that is true or false, and false where it is missing."""
        tree = of.get(key)
        if tree is None:
            return False
        if isinstance(tree, Scalar) and isinstance(tree.value, bool):
            return tree.value
        self.wrong(tree, setting(key, where), say("true or false"))
        return False

    def ignores_extra(self, of: Map, where: Words) -> bool:
        """Whether the part says `extra: ignore`."""
        tree = of.get("extra")
        if tree is None or (isinstance(tree, Scalar) and tree.value == "ignore"):
            return tree is not None
        self.wrong(tree, setting("extra", where), say("`ignore` (or left out)"))
        return False

    def labels(self, tree: Tree | None, what: Words) -> Labels:
        """Labels per language, or one text for both."""
        match tree:
            case None:
                return NO_LABELS
            case Scalar():
                return Labels(tree.text, tree.text) if tree.value is not None else NO_LABELS
            case Map():
                self.check_keys(tree, LANGUAGES, what)
                texts = (self.word(tree.get(each), what) for each in LANGUAGES)
                return Labels(*texts)
            case List():
                self.wrong(tree, what, say("text, or one text for each of `zh` and `en`"))
                return NO_LABELS

    def named(self, tree: Tree | None, what: Words) -> tuple[Pair, ...]:
        """The `name: …` pairs of an object, without those that cannot be names."""
        pairs = tree.pairs if (tree := self.object(tree, what)) is not None else ()
        return tuple(pair for pair in pairs if self._is_name(pair))

    def _is_name(self, pair: Pair) -> bool:
        if good_name(pair.key):
            return True
        self.report(problems.BadName(pair.key_span, pair.key))
        return False


def setting(key: str, where: Words) -> Words:
    """A setting by its place: "`time` of `orders`"."""
    return say("`{key}` of {where}", key=key, where=where)


def good_name(name: str) -> bool:
    """Whether a policy can write the name, in backticks at need.

    >>> good_name("沉睡"), good_name("first name"), good_name("a.b"), good_name("")
    (True, True, False, False)
    """
    whole = bool(name) and name == name.strip() and name.isprintable()
    return whole and not any(c in ".`" or unicodedata.category(c) in ("Cf", "Zl") for c in name)


def described(tree: Tree) -> Words:
    """What a part of the file is, in a message."""
    match tree:
        case Scalar():
            return shown(tree.value)
        case Map():
            return AN_OBJECT
        case List():
            return A_LIST
