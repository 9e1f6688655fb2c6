"""W0708: a view, account or group that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.errors import HEAD
from siyu.semantics.phrases import KINDS
from siyu.syntax import ast
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class UnusedPart(Finding):
    code: ClassVar[str] = "W0708"
    message: ClassVar[str] = "{kind} `{name}` is never used"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "use it, or take it away"
    page: ClassVar[str] = (
        "A view is there to be counted, an account to be posted to, a group to be competed in. "
        "By itself none of them does anything; one that nothing names is left over, or the rule "
        "that should name it names another."
    )
    wrong: ClassVar[str] = (
        HEAD + "view paid of orders where status is paid\n\nmetric bought = count(orders)\n"
    )
    right: ClassVar[str] = (
        HEAD + "view paid of orders where status is paid\n\nmetric bought = count(paid)\n"
    )

    kind: Words
    name: str
    why: Words


WHY = {
    ast.View: say("no figure counts its rows"),
    ast.Account: say("no points rule posts into it"),
    ast.Group: say("no incentive competes in it"),
}


def find(look: Look) -> Iterator[UnusedPart]:
    for kind, why in WHY.items():
        for declared in look.unused(kind):
            assert isinstance(declared.node, (ast.View, ast.Account, ast.Group))
            span = declared.node.name.span
            yield UnusedPart(span, KINDS[declared.kind], declared.name, why)


LINT = Lint("unused-part", say("a view, an account or a group that nothing uses"), UnusedPart, find)
