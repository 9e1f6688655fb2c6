"""What tests can show of a policy, and what they have shown.

A goal is one thing that some test should show: of a rule that it fired, did not fire, cannot be
told, gave each of its outcomes, was stopped by each of its stoppers; of a condition that it was
true, was false, was unknown (where it can be), and that it decided alone: with every other
condition as it is, its verdict flips, and the rule comes out otherwise (MC/DC in the masking form).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from siyu.text import Span
from siyu.words import Words

OfCondition = Literal["true", "false", "unknown", "decides_true", "decides_false"]
OfRule = Literal["fired", "not_fired", "cannot_tell", "outcome", "stopped"]
Aim = OfCondition | OfRule
CONDITION_AIMS: tuple[OfCondition, ...] = (
    "true", "false", "unknown", "decides_true", "decides_false",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Goal:
    """`code` is the condition's; of an outcome that of the case, level or row; of a stopper "by
    code" as decisions write it; else the rule's name. `rule` is the declaration that it is counted
    with."""

    rule: str
    aim: Aim
    code: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A goal and the titles of the tests that show it, or why no test ever could."""

    goal: Goal
    tests: tuple[str, ...]
    unreachable: Words | None = None

    @property
    def met(self) -> bool:
        """Whether some test shows it."""
        return bool(self.tests)

    @property
    def counts(self) -> bool:
        """Whether it is one of those that can be shown."""
        return self.met or self.unreachable is None


@dataclass(frozen=True, slots=True)
class ConditionCoverage:
    """One condition that has a code, and where it stands."""

    code: str
    span: Span
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """One declaration: what is shown of it, and of its conditions in the order written."""

    name: str
    kind: str
    label: str
    span: Span
    shown: tuple[Shown, ...]
    conditions: tuple[ConditionCoverage, ...]

    @property
    def everything(self) -> Iterator[Shown]:
        """The goals of the rule and of its conditions."""
        yield from self.shown
        for condition in self.conditions:
            yield from condition.shown

    @property
    def tests(self) -> tuple[str, ...]:
        """The titles of the tests that show something of it."""
        return tuple(dict.fromkeys(title for shown in self.everything for title in shown.tests))


@dataclass(frozen=True, slots=True)
class Coverage:
    """All rules of a policy in source order. `left_out` are the titles of the tests that show
    nothing, because they fail or cannot be run."""

    policy: str
    rules: tuple[RuleCoverage, ...]
    left_out: tuple[str, ...] = ()

    @property
    def counted(self) -> tuple[Shown, ...]:
        """All goals that can be shown."""
        return tuple(s for rule in self.rules for s in rule.everything if s.counts)

    @property
    def met(self) -> int:
        """How many of them are shown."""
        return sum(shown.met for shown in self.counted)

    @property
    def percent(self) -> float:
        """The shown among those that can be shown, of 100; 100 where there is nothing to show."""
        return share(self.met, len(self.counted))


def share(part: int, whole: int) -> float:
    """Percent, rounded down to a tenth: 100 is said of everything only.

    >>> share(1, 3), share(2999, 3000), share(0, 0)
    (33.3, 99.9, 100.0)
    """
    return part * 1000 // whole / 10 if whole else 100.0
