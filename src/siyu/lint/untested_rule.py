"""W0715: a rule that no test expects anything of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look, Written
from siyu.semantics.errors import HEAD
from siyu.semantics.order import tree
from siyu.semantics.phrases import KINDS
from siyu.syntax import ast
from siyu.words import Words, say

RULES = (
    ast.Segment, ast.Classify, ast.Score, ast.Tier, ast.Table, ast.Points, ast.Incentive,
    ast.Contact,
)  # fmt: skip
TEST = '\ntest "two orders" at 2026-11-21\n  given metrics\n    bought = 2\n'
GOOD = "metric bought = count(orders)\n\nsegment good\n  when bought >= 2\n"
BEST = "\nclassify kind\n  best when bought >= 9\n  other otherwise\n"


@dataclass(frozen=True, slots=True)
class UntestedRule(Finding):
    code: ClassVar[str] = "W0715"
    message: ClassVar[str] = "no test expects anything of {kind} `{name}`"
    label: ClassVar[str] = "whoever changes it is not told what changes with it"
    help: ClassVar[str] = "name it behind `expect` in a test; `siyu test --suggest` proposes some"
    page: ClassVar[str] = (
        "A test says with an example what a rule is meant to do. It is read by people, and it "
        "fails when a change of something else changes this rule. Every segment, class, score, "
        "tier, table, points rule, incentive and contact should be named behind an `expect`, by "
        "itself or by one of its fields. Of a policy without any test that is said once, and only "
        "where it posts, gives or sends something. "
        "`siyu test --suggest` writes tests for what is missing."
    )
    wrong: ClassVar[str] = HEAD + GOOD + BEST + TEST + "  expect good\n"
    right: ClassVar[str] = (
        HEAD + GOOD + BEST + TEST
        + "  expect good\n  expect kind is other\n"
    )  # fmt: skip

    kind: Words
    name: str


def find(look: Look) -> Iterator[UntestedRule]:
    tests = [each for each in look.written if isinstance(each.node, ast.Test)]
    header = look.pack.files[0].parsed.file.header
    rules = [each for each in look.written if isinstance(each.node, RULES)]
    if not tests and header is not None:
        if look.acts:
            yield UntestedRule(header.name.span, say("policy"), header.name.text)
        return
    expected = _expected(tests, look)
    for each in rules if expected is not None else ():
        assert isinstance(each.node, RULES) and each.declared is not None
        if expected is not None and each.name not in expected and not _idle(each, look):
            yield UntestedRule(each.node.name.span, KINDS[each.declared.kind], each.name)


def _idle(rule: Written, look: Look) -> bool:
    """Whether nothing names a segment: that is told already, and a test would make it used."""
    return isinstance(rule.node, ast.Segment) and not look.named[rule.name]


def _expected(tests: list[Written], look: Look) -> set[str] | None:
    """The declarations that some test expects something of; None: all of them, since a whole
    decision is expected."""
    found: set[str] = set()
    for written in tests:
        assert isinstance(written.node, ast.Test)
        for clause in written.node.clauses:
            match clause:
                case ast.Expect() | ast.ExpectNo():
                    found |= _named(clause, written.prefix, look)
                case ast.ExpectDecision():
                    return None
                case _:
                    pass
    return found


def _named(clause: ast.Node, prefix: str, look: Look) -> set[str]:
    names = (node.text for node in tree(clause) if isinstance(node, ast.Name))
    meant = (look.meant(name, prefix) for name in names)
    return {declared.name for declared in meant if declared is not None}


LINT = Lint("untested-rule", say("a rule that no test expects anything of"), UntestedRule, find)
