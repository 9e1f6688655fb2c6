"""What people are told, before it is in any language.

A `Said` is a template (the English sentence, which is also its key in the catalogues) with the
facts that fill it. It becomes words where it is shown, by a `Speech`. Author's text is never
translated: it comes in as a fact.
"""

from __future__ import annotations

import errno
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, get_args, runtime_checkable

Tongue = Literal["en", "zh"]
TONGUES: tuple[Tongue, ...] = get_args(Tongue)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence or phrase. `facts` fill the template's `{names}`: texts as they are, a `Said` in
    the language of the whole, a tuple as a list of words in backticks. `many` is the template for
    other counts than one, where the fact `count` decides.

    >>> str(say("`{name}` has {rows}", name="orders", rows=say_n("1 row", "{count} rows", 2)))
    '`orders` has 2 rows'
    """

    template: str
    facts: tuple[tuple[str, object], ...] = ()
    many: str = ""

    def __str__(self) -> str:
        return ENGLISH.of(self)

    @property
    def count(self) -> int:
        """What decides between the template and `many`."""
        found = dict(self.facts).get("count", 1)
        return found if isinstance(found, int) else 1


Words: TypeAlias = str | Said


def say(template: str, /, **facts: object) -> Said:
    """A sentence with its facts. The template is a literal, so that catalogues find it."""
    return Said(template, tuple(facts.items()))


def say_n(one: str, many: str, count: int, /, **facts: object) -> Said:
    """A sentence about a number of things: `one` where `count` is 1, else `many`."""
    return Said(one, (("count", count), *facts.items()), many)


def either(words: Sequence[Words]) -> Words:
    """Things of which one is meant; plain texts stand in backticks.

    >>> str(either(("gold", "silver", "plain")))
    '`gold`, `silver` or `plain`'
    """
    if not words:
        return ""
    last = f"`{words[-1]}`" if isinstance(words[-1], str) else words[-1]
    return say("{several} or {last}", several=tuple(words[:-1]), last=last) if words[1:] else last


def of_system(error: OSError) -> Words:
    """Why the system refuses something; its own words where the reason is a rare one."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


_REASONS = {
    errno.ENOENT: say("No such file or directory"), errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Operation not permitted"), errno.EISDIR: say("Is a directory"),
    errno.ENOTDIR: say("Not a directory"), errno.EEXIST: say("File exists"),
    errno.ENOSPC: say("No space left on device"), errno.EDQUOT: say("Disk quota exceeded"),
    errno.EFBIG: say("File too large"), errno.EIO: say("Input/output error"),
    errno.EROFS: say("Read-only file system"), errno.ENAMETOOLONG: say("File name too long"),
    errno.EMFILE: say("Too many open files"), errno.EPIPE: say("Broken pipe"),
    errno.ELOOP: say("Too many levels of symbolic links"), errno.EBUSY: say("Resource busy"),
}  # fmt: skip


@runtime_checkable
class Spoken(Protocol):
    """A fact that is written in each language in its own way."""

    def spoken(self, speech: Speech) -> str:
        """The fact in a language."""
        ...


class Catalogue(Protocol):
    """Texts of one language by their English ones, as `gettext` has them."""

    def gettext(self, message: str) -> str:
        """The text, or the English one where there is none."""
        ...

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The text for a number of things."""
        ...


class _English:
    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many


@dataclass(frozen=True, slots=True)
class Speech:
    """One language: how texts are said in it."""

    tongue: Tongue
    catalogue: Catalogue

    def of(self, words: Words) -> str:
        """The words in this language; a plain text is somebody's own, and stays."""
        if isinstance(words, str):
            return words
        if words.many:
            template = self.catalogue.ngettext(words.template, words.many, words.count)
        else:
            template = self.text(words.template)
        return self._filled(template, dict(words.facts)) if words.facts else template

    def text(self, template: str) -> str:
        """A text without facts: a page, a heading."""
        return self.catalogue.gettext(template) if template else ""

    def fill(self, template: str, facts: Mapping[str, object]) -> str:
        """A template in this language, with its facts."""
        return self._filled(self.text(template), facts) if template else ""

    def shown(self, fact: object) -> str:
        """A fact inside a sentence."""
        if isinstance(fact, str | Said):
            return self.of(fact)
        if isinstance(fact, tuple):
            words = (f"`{item}`" if isinstance(item, str) else self.shown(item) for item in fact)
            return ("、" if self.tongue == "zh" else ", ").join(words)
        return fact.spoken(self) if isinstance(fact, Spoken) else str(fact)

    def _filled(self, template: str, facts: Mapping[str, object]) -> str:
        shown = {name: self.shown(fact) for name, fact in facts.items()}
        filled = string.Formatter().vformat(template, (), shown)
        return _spaced(filled) if self.tongue == "zh" else filled


# A text in backticks with the Chinese characters beside it.
_BESIDE = re.compile(r"([\u4e00-\u9fff]?)(`[^`]+`)(?=([\u4e00-\u9fff]?))")


def _spaced(text: str) -> str:
    """A space between Chinese and what stands in backticks.

    >>> _spaced("从`a`到 `b`。")
    '从 `a` 到 `b`。'
    """
    return _BESIDE.sub(lambda m: f"{m[1]}{m[1] and ' '}{m[2]}{m[3] and ' '}", text)


ENGLISH = Speech("en", _English())
