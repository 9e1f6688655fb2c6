"""Exceptions that an author writes beside what they are about: `# allow: W0703 because …`.

Such a comment speaks of the line it stands on, or where it stands alone, of the next line that is
no comment. `# 允许：…因为…` says the same; a lint may be called by its code or by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from siyu.compiler import Pack
from siyu.diagnostics import nearest, perhaps
from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.text import Source, Span
from siyu.words import Words, say

_ALLOW = re.compile(r"#\s*(?:allow|允许)\s*[:：]\s*(?P<names>.*?)(?:\s*(?:because|因为).*)?$")
_NAME = re.compile(r"[^\s,，、]+")
NEAR = 10  # lines within which an exception seems to be meant for a finding
GIFT = "segment loyal\n  when count(orders) >= 3\n\n"


@dataclass(frozen=True, slots=True)
class IdleAllow(Finding):
    code: ClassVar[str] = "W0718"
    message: ClassVar[str] = "`{name}` is allowed here in vain"
    label: ClassVar[str] = "{why}"
    page: ClassVar[str] = (
        "`# allow: never-holds because …` keeps a finding from being told on its own line, or "
        "where the comment stands alone, on the line below it. This one keeps nothing from being "
        "told: what it was written for is gone, or it is spelt in another way. Left where it is, "
        "it would hide the next mistake."
    )
    wrong: ClassVar[str] = (
        HEAD + "# allow: never-holds because the range will be widened\n"
        "segment old\n  when age > 65\n"
    )
    right: ClassVar[str] = (
        HEAD + "segment old\n  when age > 150  # allow: never-holds because it will be widened\n"
    )

    name: str
    why: Words
    near: tuple[str, ...] = ()
    there: int = 0

    def what_to_do(self) -> Words:
        """Perhaps another lint was meant, or another line."""
        if self.there:
            return say("write it at the end of line {line}, where that is told", line=self.there)
        return perhaps(self.near) if self.near else say("take the comment away")


@dataclass(frozen=True, slots=True)
class Allow:
    """A lint that is allowed in one line of a file; `lint` is None where none is called so."""

    name: str
    span: Span
    line: int
    lint: Lint | None
    near: tuple[str, ...] = ()


def found_by_comments(look: Look) -> Iterator[IdleAllow]:
    """What can only be told when every other lint has spoken: see `left_over`."""
    return iter(())


def allows(pack: Pack, lints: Mapping[str, Lint]) -> tuple[Allow, ...]:
    """Every exception in a pack, in files that are used twice once."""
    files = {used.path: used.parsed.file for used in pack.files}
    return tuple(
        allow
        for path, file in files.items()
        for comment in file.comments
        if "allow" in comment.text or "允许" in comment.text
        for allow in _of_comment(comment, pack.sources[path], lints)
    )


def _of_comment(comment: ast.Comment, source: Source, lints: Mapping[str, Lint]) -> Iterator[Allow]:
    match = _ALLOW.match(comment.text)
    if match is None:
        return
    line = _about(comment, source)
    start = comment.span.start + match.start("names")
    for name in _NAME.finditer(match["names"]):
        span = Span(comment.span.file, start + name.start(), start + name.end())
        lint = lints.get(name[0]) or lints.get(name[0].upper())
        yield Allow(name[0], span, line, lint, () if lint else nearest(name[0], lints))


def _about(comment: ast.Comment, source: Source) -> int:
    """The line that a comment speaks of."""
    line = source.place(comment.span.start).line
    if not comment.own_line:
        return line
    after = range(line + 1, len(source.line_starts) + 1)
    words = ((n, source.line(n).strip()) for n in after)
    return next((n for n, text in words if text and not text.startswith("#")), line)


def left_over(
    found: Iterable[Finding], allowed: Sequence[Allow], pack: Pack, run: frozenset[str]
) -> Iterator[Finding]:
    """The findings that no exception covers, and the exceptions that cover none. `run` are the
    codes that were looked for: of others nobody can tell whether they would be found."""
    covering = {(each.span.file, each.line, each.lint.code): each
                for each in allowed if each.lint is not None}  # fmt: skip
    used: set[Allow] = set()
    told: dict[tuple[str, str], list[int]] = {}
    for finding in found:
        place = pack.sources[finding.span.file].place(finding.span.start)
        allow = covering.get((finding.span.file, place.line, finding.code))
        if allow is None:
            told.setdefault((finding.span.file, finding.code), []).append(place.line)
            yield finding
        else:
            used.add(allow)
    if IdleAllow.code in run:
        yield from (_idle(each, told) for each in allowed if _is_idle(each, used, run))


def _is_idle(allow: Allow, used: set[Allow], run: frozenset[str]) -> bool:
    return allow.lint is None or (allow.lint.code in run and allow not in used)


def _idle(allow: Allow, told: Mapping[tuple[str, str], Sequence[int]]) -> IdleAllow:
    if allow.lint is None:
        return IdleAllow(allow.span, allow.name, say("nothing is called so"), allow.near)
    lines = told.get((allow.span.file, allow.lint.code), ())
    there = min((line for line in lines if abs(line - allow.line) <= NEAR), default=0)
    return IdleAllow(allow.span, allow.name, say("nothing of the kind is found here"), there=there)


LINT = Lint("idle-allow", say("an exception that allows nothing"), IdleAllow, found_by_comments)
