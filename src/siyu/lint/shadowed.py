"""W0703: a row or case that is never reached, since those above it take everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Cases, Expr
from siyu.diagnostics import Note
from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.lint.taken import untaken
from siyu.semantics.build import Declared
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.text import Span
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class Shadowed(Finding):
    code: ClassVar[str] = "W0703"
    message: ClassVar[str] = "{what} is never reached"
    label: ClassVar[str] = "whoever meets this was taken by what stands above it"
    help: ClassVar[str] = "move it up, change what stands above it, or take it away"
    page: ClassVar[str] = (
        "Cases and rows are asked from above, and the first that holds is taken. Here everybody "
        "who could be meant is taken before. Often the order is wrong: what asks for more has to "
        "stand above what asks for less. An `otherwise` may be left out where the conditions "
        "above it leave nobody over."
    )
    wrong: ClassVar[str] = (
        HEAD
        + "classify c\n  often when count(orders) >= 2\n  very_often when count(orders) >= 10\n"
        "  rarely otherwise\n"
    )
    right: ClassVar[str] = (
        HEAD
        + "classify c\n  very_often when count(orders) >= 10\n  often when count(orders) >= 2\n"
        "  rarely otherwise\n"
    )

    what: Words
    above: Span | None

    @property
    def notes(self) -> tuple[Note, ...]:
        """The one that takes everybody, if it is one."""
        return () if self.above is None else (Note(say("this takes everybody first"), self.above),)


@dataclass(frozen=True, slots=True)
class Way:
    """A case or row: what it is called and where it stands."""

    what: Words
    span: Span
    otherwise: bool
    or_unknown: bool


def find(look: Look) -> Iterator[Shadowed]:
    for declared in (*look.of_kind(ast.Classify), *look.of_kind(ast.Table)):
        node = declared.node
        if isinstance(node, ast.Table) and node.policy == "collect":
            continue
        yield from _in(declared, _ways(declared), look)


def _ways(declared: Declared) -> list[Way]:
    node, name = declared.node, declared.name
    if isinstance(node, ast.Classify):
        return [
            Way(say("case `{case}` of `{name}`", case=case.name.text, name=name),
                case.name.span, case.when is None, case.or_unknown)
            for case in node.cases
        ]  # fmt: skip
    assert isinstance(node, ast.Table)
    return [
        Way(say("row {number} of table `{name}`", number=number, name=name),
            row.span, row.cells is None, row.or_unknown)
        for number, row in enumerate(node.rows, 1)
    ]  # fmt: skip


def _in(declared: Declared, ways: list[Way], look: Look) -> Iterator[Shadowed]:
    name = declared.name if isinstance(declared.node, ast.Classify) else f"{declared.name}.row"
    chosen = look.build.bindings[name].expr
    if not isinstance(chosen, Cases):
        return
    conditions = [arm.when for arm in chosen.arms]
    asked = [way for way in ways if not way.otherwise]
    last = [way for way in ways if way.otherwise and not _takes_unknown(way, conditions, look)]
    for each in untaken([*conditions, *(None for _ in last)], look):
        way = [*asked, *last][each.number]
        if not each.impossible:  # that its condition never holds is told at the condition
            above = None if each.by is None else asked[each.by].span
            yield Shadowed(way.span, way.what, above)


def _takes_unknown(way: Way, conditions: list[Expr], look: Look) -> bool:
    """Whether `otherwise or unknown` is reached by those of whom something cannot be told."""
    return way.or_unknown and any(look.may_be_unknown(each) for each in conditions)


LINT = Lint("shadowed", say("a row or case that is never reached"), Shadowed, find)
