"""The tests that a policy lacks: records that show what none of its tests shows.

They are ready to paste, with what comes of them for a person to confirm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from siyu.api.policy import Policy
from siyu.testing.coverage.measure import measure
from siyu.testing.coverage.model import Coverage, Goal
from siyu.testing.suggest.proof import Suggestion, verified
from siyu.testing.suggest.search import Search

__all__ = ["MOST_LOOKS", "Suggested", "Suggestion", "suggest"]

MOST_LOOKS = 60_000  # records that are looked at in all


@dataclass(frozen=True, slots=True)
class Suggested:
    """The tests that were found; `before` and `after` are the coverage without and with them.
    `not_found` are the goals for which no record was found among the `looked_at`."""

    suggestions: tuple[Suggestion, ...]
    before: Coverage
    after: Coverage
    not_found: tuple[Goal, ...]
    looked_at: int

    @property
    def text(self) -> str:
        """All tests, ready to paste."""
        return "\n".join(each.text for each in self.suggestions)


def suggest(
    policy: Policy,
    rules: Sequence[str] = (),
    most: int = MOST_LOOKS,
    step: Callable[[], None] | None = None,
) -> Suggested:
    """Tests for what the tests of a policy do not show; of these declarations where some are
    named. At most about so many records are looked at; `step` is called for each."""
    before = measure(policy)
    wanted = [
        shown.goal
        for rule in before.rules
        if not rules or rule.name in rules
        for shown in rule.everything
        if shown.counts and not shown.met
    ]
    search = Search(policy, dict.fromkeys(wanted), most, step)
    found = search.all()
    suggestions, after = verified(policy, search, found, before)
    shown = {goal for each in suggestions for goal in each.goals}
    left = tuple(goal for goal in wanted if goal not in shown)
    return Suggested(suggestions, before, after, left, search.looks)
