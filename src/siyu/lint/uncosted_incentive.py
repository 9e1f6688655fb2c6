"""W0711: an incentive of which nobody knows what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.kinds.kind import clauses
from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.words import say


@dataclass(frozen=True, slots=True)
class UncostedIncentive(Finding):
    code: ClassVar[str] = "W0711"
    message: ClassVar[str] = "incentive `{name}` has neither a cost nor a budget"
    label: ClassVar[str] = "nobody can tell what it will cost"
    help: ClassVar[str] = "add a line such as `costs 5 yuan`; `costs 0 yuan` if it is free"
    page: ClassVar[str] = (
        "What an incentive costs is added up in reports and held against budgets. Without `costs` "
        "and without `budget` it is given to whoever qualifies, and nobody sees what is spent."
    )
    wrong: ClassVar[str] = HEAD + 'incentive gift\n  for true\n  give coupon "A"\n  soft internal\n'
    right: ClassVar[str] = (
        HEAD + 'incentive gift\n  for true\n  give coupon "A"\n  costs 5 yuan\n  soft internal\n'
    )

    name: str


def find(look: Look) -> Iterator[UncostedIncentive]:
    for declared in look.of_kind(ast.Incentive):
        node = declared.node
        assert isinstance(node, ast.Incentive)
        if not clauses(node, ast.Costs) and not clauses(node, ast.Budget):
            yield UncostedIncentive(node.name.span, declared.name)


LINT = Lint(
    "uncosted-incentive", say("an incentive without cost or budget"), UncostedIncentive, find
)
