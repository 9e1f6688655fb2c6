"""`siyu.yaml` beside a policy: how severe each lint is taken there, and the folders it shares.

lints:
  unused-metric: off          # our dashboard reads them all
  W0715: error
libraries:
  shared: ../shared           # use "shared/rfm.siyu"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from siyu.diagnostics import Diagnostic, Note, in_source_order, nearest, perhaps
from siyu.lint.finding import LEVELS, Level
from siyu.lint.table import BY_NAME, lint_called
from siyu.schema.loading import Loading
from siyu.schema.tree import Map, Pair, Scalar, read_tree
from siyu.text import Source, Span
from siyu.words import Words, either, say

SETTINGS = "siyu.yaml"
RIGHT = "lints:\n  unused-metric: off\n  W0715: error\n"


@dataclass(frozen=True, slots=True)
class NoSuchLint(Diagnostic):
    code: ClassVar[str] = "E0701"
    message: ClassVar[str] = "no lint is called `{name}`"
    label: ClassVar[str] = "not known here"
    page: ClassVar[str] = (
        "`siyu.yaml` beside a policy says how severe each lint is taken, by its name or its code. "
        "`siyu lint` lists them."
    )
    wrong: ClassVar[str] = "lints:\n  unused-metrik: off\n"
    right: ClassVar[str] = RIGHT

    name: str
    near: tuple[str, ...]

    def what_to_do(self) -> Words:
        """The nearest names, or where to find them all."""
        return perhaps(self.near) if self.near else say("`siyu lint` lists them all")


@dataclass(frozen=True, slots=True)
class NoSuchSeverity(Diagnostic):
    code: ClassVar[str] = "E0702"
    message: ClassVar[str] = "`{word}` is no severity"
    label: ClassVar[str] = "lint `{name}` cannot be taken so"
    page: ClassVar[str] = (
        "A lint that is `off` is not looked for, a `warning` is told, and an `error` is told and "
        "makes `siyu check` fail."
    )
    wrong: ClassVar[str] = "lints:\n  unused-metric: none\n"
    right: ClassVar[str] = RIGHT

    word: str
    name: str

    def what_to_do(self) -> Words:
        """The severities there are."""
        return say("write {levels}", levels=either(LEVELS))


@dataclass(frozen=True, slots=True)
class SetTwice(Diagnostic):
    code: ClassVar[str] = "E0703"
    message: ClassVar[str] = "lint `{name}` is set twice"
    label: ClassVar[str] = "it is set above already"
    help: ClassVar[str] = "keep one of the two"
    page: ClassVar[str] = "A lint may be called by its name or by its code, but be set only once."
    wrong: ClassVar[str] = "lints:\n  unused-metric: off\n  W0707: error\n"
    right: ClassVar[str] = RIGHT

    name: str
    earlier: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        """Where it was set first."""
        return (Note(say("it is set here"), self.earlier),)


@dataclass(frozen=True, slots=True)
class NoLibrary(Diagnostic):
    code: ClassVar[str] = "E0704"
    message: ClassVar[str] = "library `{name}` cannot be `{path}`: {problem}"
    label: ClassVar[str] = "a library is a folder of policy files"
    help: ClassVar[str] = "write a path as seen from this folder, such as `shared: ../shared`"
    page: ClassVar[str] = (
        "`libraries` gives names to folders of policy files that several policies share; "
        '`use "shared/rfm.siyu"` then reads from there. The path is seen from the folder of '
        "`siyu.yaml`, and may leave it. The name is the first part of a path, so it has no slash."
    )
    wrong: ClassVar[str] = "libraries:\n  shared: /policies/shared\n"
    right: ClassVar[str] = "libraries:\n  shared: ../shared\n"

    name: str
    path: str
    problem: Words


@dataclass(frozen=True, slots=True)
class Settings:
    """`levels` by a lint's code, for those that are set; `diagnostics` in the file's order;
    `libraries` are folders by name, as written: relative paths without `\\`."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    libraries: Mapping[str, str] = field(default_factory=dict)


def read_settings(source: Source) -> Settings:
    """What a settings file says, and everything that is wrong with it."""
    tree, found = read_tree(source)
    loading = Loading("", found)
    whole = loading.object(tree, f"`{SETTINGS}`")
    if whole is None:
        return Settings({}, tuple(found))
    loading.check_keys(whole, ("lints", "libraries"), f"`{SETTINGS}`")
    levels = _levels(source, _pairs(whole, "lints", loading), found)
    libraries = _libraries(_pairs(whole, "libraries", loading), loading)
    return Settings(levels, in_source_order(found), libraries)


def _pairs(whole: Map, key: str, loading: Loading) -> tuple[Pair, ...]:
    """What stands under a key; nothing behind it is nothing."""
    tree = whole.get(key)
    empty = isinstance(tree, Scalar) and tree.value is None
    pairs = None if empty else loading.object(tree, f"`{key}`")
    return pairs.pairs if pairs is not None else ()


def _libraries(pairs: tuple[Pair, ...], loading: Loading) -> dict[str, str]:
    libraries: dict[str, str] = {}
    for pair in pairs:
        path = loading.word(pair.value, say("library `{name}`", name=pair.key))
        if path is None:
            continue
        problem = _unfit(pair.key, path)
        if problem is None:
            libraries[pair.key] = path
        else:
            loading.report(NoLibrary(pair.value.span, pair.key, path, problem))
    return libraries


def _unfit(name: str, path: str) -> Words | None:
    """Why a name and a path are no library, whatever lies there."""
    if not name or name in (".", "..") or any(sign in name for sign in "/\\~\0"):
        return say("`{name}` cannot be the first part of a path", name=name)
    if not path or path.startswith(("/", "~")) or any(sign in path for sign in "\\\0"):
        return say("it is not a path as seen from this folder")
    return None


def _levels(source: Source, pairs: tuple[Pair, ...], found: list[Diagnostic]) -> dict[str, Level]:
    levels: dict[str, Level] = {}
    first: dict[str, Span] = {}
    for pair in pairs:
        lint = lint_called(pair.key)
        if lint is None:
            found.append(NoSuchLint(pair.key_span, pair.key, nearest(pair.key, BY_NAME)))
            continue
        if lint.code in first:
            found.append(SetTwice(pair.key_span, lint.name, first[lint.code]))
            continue
        first[lint.code] = pair.key_span
        span = pair.value.span
        written = source.text[span.start : span.end]
        word = pair.value.text if isinstance(pair.value, Scalar) else written
        level = next((each for each in LEVELS if each == word), None)
        if level is None:
            found.append(NoSuchSeverity(span, word, pair.key))
        else:
            levels[lint.code] = level
    return levels
