"""W0706: a param that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.words import say


@dataclass(frozen=True, slots=True)
class UnusedParam(Finding):
    code: ClassVar[str] = "W0706"
    message: ClassVar[str] = "param `{name}` is never used"
    label: ClassVar[str] = "changing it changes nothing"
    help: ClassVar[str] = "write its name where the figure is meant, or take it away"
    page: ClassVar[str] = (
        "A param is a figure to be changed by hand. Nothing reads this one, so whoever changes it "
        "waits in vain for something to happen. Often the figure itself still stands in a rule."
    )
    wrong: ClassVar[str] = HEAD + "param enough = 4\n\nsegment loyal\n  when count(orders) >= 4\n"
    right: ClassVar[str] = (
        HEAD + "param enough = 4\n\nsegment loyal\n  when count(orders) >= enough\n"
    )

    name: str


def find(look: Look) -> Iterator[UnusedParam]:
    for declared in look.unused(ast.Param):
        assert isinstance(declared.node, ast.Param)
        yield UnusedParam(declared.node.name.span, declared.name)


LINT = Lint("unused-param", say("a param that nothing reads"), UnusedParam, find)
