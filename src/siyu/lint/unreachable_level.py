"""W0704: a level that nobody can earn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Cases
from siyu.lint.amounts import confines
from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.lint.taken import Untaken, untaken
from siyu.semantics.build import Declared
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class UnreachableLevel(Finding):
    code: ClassVar[str] = "W0704"
    message: ClassVar[str] = "nobody can ever reach `{level}` of tier `{tier}`"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "correct where the levels begin, or take this one away"
    page: ClassVar[str] = (
        "A level is earned where its rule holds and none above it does. Here that cannot be: the "
        "rule asks for what the schema does not allow, or the levels above it take everybody. "
        "Nobody enters such a level, and whatever is meant for it waits in vain."
    )
    wrong: ClassVar[str] = (
        HEAD + "tier t by count(orders)\n  gold from 10\n  silver from 0\n  plain otherwise\n"
    )
    right: ClassVar[str] = (
        HEAD + "tier t by count(orders)\n  gold from 10\n  silver from 1\n  plain otherwise\n"
    )

    level: str
    tier: str
    why: Words


def find(look: Look) -> Iterator[UnreachableLevel]:
    for declared in look.of_kind(ast.Tier):
        yield from _in(declared, look)


def _in(declared: Declared, look: Look) -> Iterator[UnreachableLevel]:
    node = declared.node
    assert isinstance(node, ast.Tier)
    chosen = look.build.bindings[f"{declared.name}.earned"].expr
    if not isinstance(chosen, Cases):
        return
    conditions = [arm.when for arm in chosen.arms]
    last = node.levels[-1].rule
    lowest = isinstance(last, ast.OtherwiseLevel) and not (
        last.or_unknown and any(map(look.may_be_unknown, conditions))
    )
    for each in untaken([*conditions, *([None] if lowest else [])], look):
        level = node.levels[each.number]
        if not (each.impossible and isinstance(level.rule, ast.When)):
            why = _why(each, node, declared.name, look)
            yield UnreachableLevel(level.name.span, level.name.text, declared.name, why)


def _why(each: Untaken, node: ast.Tier, name: str, look: Look) -> Words:
    if each.impossible:
        by = look.build.bindings[f"{name}.by"].expr
        return confines(by, look.text(node.by.span), look.ground) or TAKEN
    if each.by is None:
        return TAKEN
    return say("whoever could is `{level}` already", level=node.levels[each.by].name.text)


TAKEN = say("the levels above it take everybody")

LINT = Lint("unreachable-level", say("a level that nobody can earn"), UnreachableLevel, find)
