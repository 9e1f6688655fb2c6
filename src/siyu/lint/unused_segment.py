"""W0705: a segment that nothing asks for."""

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
class UnusedSegment(Finding):
    code: ClassVar[str] = "W0705"
    message: ClassVar[str] = "segment `{name}` is never used"
    label: ClassVar[str] = "no rule and no test names it"
    help: ClassVar[str] = "use it, take it away, or write a test of it if others read it"
    page: ClassVar[str] = (
        "Nothing in the policy asks who is in this segment. Perhaps the rule that should use it "
        "names another one. Decisions tell of every segment, so somebody outside may read it: a "
        "test that expects it says so, and then it counts as used. In a policy that posts, gives "
        "and sends nothing, segments are what it is for, and none of them is told to be unused."
    )
    wrong: ClassVar[str] = (
        HEAD + "segment loyal\n  when count(orders) >= 4\n\n"
        'incentive gift\n  for count(orders) >= 3\n  give coupon "A"\n  soft internal\n'
    )
    right: ClassVar[str] = (
        HEAD + "segment loyal\n  when count(orders) >= 4\n\n"
        'incentive gift\n  for loyal\n  give coupon "A"\n  soft internal\n'
    )

    name: str


def find(look: Look) -> Iterator[UnusedSegment]:
    for declared in look.unused(ast.Segment) if look.acts else ():
        assert isinstance(declared.node, ast.Segment)
        yield UnusedSegment(declared.node.name.span, declared.name)


LINT = Lint("unused-segment", say("a segment that no rule and no test names"), UnusedSegment, find)
