"""Proofs over cases, levels and rows: that they never overlap, that one of them always holds.

Proven for comparisons with constants, over known values, for all versions of params. What cannot be
proven is an error that says to write `first` or `otherwise`: an unproven promise is no promise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import ClassVar

from siyu.core.ir import Cases, Const, Expr
from siyu.core.walk import refs
from siyu.diagnostics import Diagnostic, Note
from siyu.kinds.boxes import MOST_BOXES, Box, Ground, TooMany, both, where, without
from siyu.semantics import make
from siyu.semantics.build import Build, Scope
from siyu.semantics.errors import HEAD
from siyu.semantics.phrases import KINDS
from siyu.semantics.reach import Reaches
from siyu.syntax import ast
from siyu.text import Span
from siyu.words import Words, say

MOST_VERSIONS = 64


@dataclass(frozen=True, slots=True)
class NoOtherwise(Diagnostic):
    code: ClassVar[str] = "E0621"
    message: ClassVar[str] = "{kind} `{name}` may decide nothing"
    label: ClassVar[str] = "nothing proves that one of its conditions always holds"
    help: ClassVar[str] = "add a last line `otherwise`"
    page: ClassVar[str] = (
        "Every member belongs somewhere. `otherwise` says where those belong of whom no condition "
        "is true. It may be left out where the conditions are comparisons with constants that "
        "leave no value out, such as `< 5` and `>= 5`."
    )
    wrong: ClassVar[str] = (
        HEAD + "metric m = count(orders)\n\nclassify c\n  low when m < 5\n  high when m > 5\n"
    )
    right: ClassVar[str] = (
        HEAD + "metric m = count(orders)\n\nclassify c\n  low when m < 5\n  high when m >= 5\n"
    )

    kind: Words
    name: str


@dataclass(frozen=True, slots=True)
class NotExclusive(Diagnostic):
    code: ClassVar[str] = "E0622"
    message: ClassVar[str] = (
        "{kind} `{name}` says `exclusive`, but `{second}` may overlap with `{first}`"
    )
    label: ClassVar[str] = "nothing proves that only one of the two holds"
    help: ClassVar[str] = "change the conditions, or {instead} to let the first that holds win"
    page: ClassVar[str] = (
        "`exclusive` promises that at most one condition holds for anybody, so that their order "
        "does not matter. It is proven for comparisons with constants; where it cannot be proven, "
        "the promise cannot be made."
    )
    wrong: ClassVar[str] = (
        HEAD + "metric m = count(orders)\n\nclassify c exclusive\n  low when m <= 5\n"
        "  high when m >= 5\n"
    )
    right: ClassVar[str] = (
        HEAD + "metric m = count(orders)\n\nclassify c exclusive\n  low when m < 5\n"
        "  high when m >= 5\n"
    )

    kind: Words
    name: str
    first: str
    second: str
    instead: Words
    earlier: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        return (Note(say("`{name}` stands here", name=self.first), self.earlier),)


@dataclass(frozen=True, slots=True)
class OtherwiseNotLast(Diagnostic):
    code: ClassVar[str] = "E0623"
    message: ClassVar[str] = "`otherwise` must be the last {word}"
    label: ClassVar[str] = "nothing behind `{name}` would ever be reached"
    help: ClassVar[str] = "move it to the end"
    page: ClassVar[str] = "`otherwise` takes what nothing above it took; so nothing can follow it."
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric m = 1\n\nclassify c\n  low otherwise\n  high when m > 5\n"
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric m = 1\n\nclassify c\n  high when m > 5\n  low otherwise\n"
    )

    word: Words
    name: str


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Whether there is one, and where it would be missed."""

    present: bool
    span: Span

    @staticmethod
    def of(last: object | None, span: Span) -> Otherwise:
        return Otherwise(last is not None, span)


def prove(
    conditions: Sequence[Expr],
    scope: Scope,
    otherwise: Otherwise,
    *,
    exclusive: bool,
    kind: str,
    name: str,
    names: Sequence[ast.Ident],
) -> None:
    """Reports what a declaration promises and nothing proves."""
    if make.is_error(*conditions):
        return
    if exclusive:
        for i, j in _overlapping(conditions, scope.build):
            instead = say("write `first`") if kind == "table" else say("leave out `exclusive`")
            scope.build.report(
                NotExclusive(
                    names[j].span,
                    KINDS[kind],
                    name,
                    names[i].text,
                    names[j].text,
                    instead,
                    names[i].span,
                )
            )
    if not otherwise.present and not _complete(conditions, scope.build):
        scope.build.report(NoOtherwise(otherwise.span, KINDS[kind], name))


def _overlapping(conditions: Sequence[Expr], build: Build) -> list[tuple[int, int]]:
    """Pairs of which it is not proven that they never hold together."""
    found: dict[tuple[int, int], None] = {}
    for ground in grounds(conditions, build):
        boxes = [_boxes(condition, ground) for condition in conditions]
        for j, theirs in enumerate(boxes):
            for i, ours in enumerate(boxes[:j]):
                if ours is None or theirs is None or _meet(ours, theirs):
                    found[i, j] = None
    return list(found)


def _meet(ours: list[Box], theirs: list[Box]) -> bool:
    return any(both(a, b) is not None for a in ours for b in theirs)


def _complete(conditions: Sequence[Expr], build: Build) -> bool:
    for ground in grounds(conditions, build):
        left: list[Box] = [{}]
        for condition in conditions:
            for taken in _boxes(condition, ground) or []:
                left = [rest for box in left for rest in without(box, taken, ground)]
                if len(left) > MOST_BOXES:
                    return False
        if left:
            return False
    return True


def _boxes(condition: Expr, ground: Ground) -> list[Box] | None:
    try:
        return where(condition, ground)
    except TooMany:
        return None


def grounds(
    conditions: Sequence[Expr], build: Build, base: Ground | None = None
) -> Iterator[Ground]:
    """A ground for every combination of the params' versions, as far as they can be listed;
    `base` says what else it stands on."""
    base = base or Ground(reaches=Reaches(build.bindings))
    names = sorted(refs(*conditions))
    listed = {name: values for name in names if (values := values_of_param(name, build))}
    count = 1
    for values in listed.values():
        count *= len(values)
    if count > MOST_VERSIONS:
        listed = {}
    for choice in product(*listed.values()):
        chosen = dict(zip(listed, choice, strict=True))
        yield replace(base, params={**base.params, **chosen})


def values_of_param(name: str, build: Build) -> list[Const]:
    """The constants that a param may stand for; empty for anything else."""
    declared = build.declared.get(name)
    if declared is None or not isinstance(declared.node, ast.Param):
        return []
    expr = build.bindings[name].expr
    if isinstance(expr, Const):
        return [expr]
    if not isinstance(expr, Cases):
        return []
    values = [*(arm.value for arm in expr.arms), expr.otherwise]
    return (
        [v for v in values if isinstance(v, Const)]
        if all(isinstance(v, Const) for v in values)
        else []
    )
