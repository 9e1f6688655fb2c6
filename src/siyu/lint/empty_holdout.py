"""W0713: a hold-out that compares nobody with nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class EmptyHoldout(Finding):
    code: ClassVar[str] = "W0713"
    message: ClassVar[str] = "a hold-out of {percent}% measures nothing"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "write a share such as `10%`, or take the line away"
    page: ClassVar[str] = (
        "A hold-out keeps some members out, so that what they do can be compared with what the "
        "others do. With 0% nobody is kept out, with 100% everybody is: there is nothing to "
        "compare. To stop a rule for a while, `effective from … to …` says it more plainly."
    )
    wrong: ClassVar[str] = (
        HEAD + 'incentive gift\n  for true\n  give coupon "A"\n  costs 5 yuan\n  soft internal\n'
        "  holdout 100%\n"
    )
    right: ClassVar[str] = (
        HEAD + 'incentive gift\n  for true\n  give coupon "A"\n  costs 5 yuan\n  soft internal\n'
        "  holdout 10%\n"
    )

    percent: str
    why: Words


WHY = {0: say("nobody is kept out"), 100: say("everybody is kept out, so nothing is ever done")}


def find(look: Look) -> Iterator[EmptyHoldout]:
    for written in look.written:
        for node in written.nodes:
            if isinstance(node, ast.Holdout):
                why = next((why for end, why in WHY.items()
                            if Decimal(node.percent.digits) == end), None)  # fmt: skip
                if why is not None:
                    yield EmptyHoldout(node.span, node.percent.digits, why)


LINT = Lint("empty-holdout", say("a hold-out of 0 or 100 %"), EmptyHoldout, find)
