"""W0707: a metric that nothing reads."""

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
class UnusedMetric(Finding):
    code: ClassVar[str] = "W0707"
    message: ClassVar[str] = "metric `{name}` is never used"
    label: ClassVar[str] = "no rule, no indicator and no test names it"
    help: ClassVar[str] = "use it, take it away, or write a test of it if others read it"
    page: ClassVar[str] = (
        "The metric is worked out for every member, and nothing in the policy reads it. Decisions "
        "tell of every metric, so somebody outside may read it: a test that expects a value of it "
        "says so, and then it counts as used. In a policy that posts, gives and sends nothing, "
        "metrics may be what it is for, and none of them is told to be unused."
    )
    wrong: ClassVar[str] = (
        HEAD + "metric bought = count(orders)\n\n"
        'incentive gift\n  for count(orders) >= 3\n  give coupon "A"\n  soft internal\n'
    )
    right: ClassVar[str] = (
        HEAD + "metric bought = count(orders)\n\n"
        'incentive gift\n  for bought >= 3\n  give coupon "A"\n  soft internal\n'
    )

    name: str


def find(look: Look) -> Iterator[UnusedMetric]:
    for declared in look.unused(ast.Metric) if look.acts else ():
        assert isinstance(declared.node, ast.Metric)
        yield UnusedMetric(declared.node.name.span, declared.name)


LINT = Lint("unused-metric", say("a metric that nothing reads"), UnusedMetric, find)
