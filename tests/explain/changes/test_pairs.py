"""Two figures at once, where one is not enough; each worked out by hand."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest

from siyu.explain.changes import find_changes
from siyu.explain.model import Changes
from siyu.records import Rejection
from tests.agreement.engine import compiled_policy, with_cuts
from tests.explain.changes.test_figures import HEAD, request

Told = list[dict[str, Any]]


def sought(condition: str, more: str = "", **facts: Any) -> Changes:
    """What would change the segment with this condition: n is 5, d 1.00, cash 10.00 yuan."""
    policy = with_cuts(compiled_policy(f"{HEAD}{more}segment s\n  when {condition}\n"), Random(0))
    read = policy.read(request(**facts))
    assert not isinstance(read, Rejection), read
    return find_changes(policy.compiled, policy.ready, read, "s")


def told(changes: Changes) -> Told:
    return [{each.fact: each.after.held for each in both} for both in changes.together]


@pytest.mark.parametrize(
    ("condition", "pairs"),
    [
        ("n >= 8 and cash >= 30 yuan", [{"n": 8, "cash": 3_000}]),
        ("n >= 8 and fit is l", [{"n": 8, "fit": "l"}]),
        ("vip and shy", [{"vip": True, "shy": True}]),
        ("n >= 8 and exists(orders)", [{"n": 8, "exists(orders)": True}]),
        ("n <= 3 and count(orders) >= 2", [{"n": 3, "count(orders)": 2}]),
        # Whichever needs the smaller share comes first: 8 of 5 are 60 %, 30 of 10 yuan 200 %.
        ("n >= 8 and (cash >= 30 yuan or d >= 1.50)",
         [{"d": 150, "n": 8}, {"n": 8, "cash": 3_000}]),
        ("n >= 8 and cash >= 30 yuan and vip", []),  # it would take three
        ("n >= 8 and n <= 3 and vip", []),
    ],
)  # fmt: skip
def test_two_figures(condition: str, pairs: Told) -> None:
    changes = sought(condition)
    assert changes.found == ()
    assert told(changes) == pairs
    for both in changes.together:
        assert {str(each.result) for each in both} == {"in the segment"}


def test_one_that_is_enough_stands_alone() -> None:
    changes = sought("n >= 8 or (cash >= 30 yuan and vip)")
    assert [each.fact for each in changes.found] == ["n"]
    assert changes.together == ()


def test_nobody_looks_for_two_that_end_what_happens() -> None:
    # Out of the segment it would take both.
    changes = sought("n >= 3 or cash >= 5 yuan")
    assert (changes.found, changes.together) == ((), ())


def test_figures_that_hang_on_each_other_are_no_pair() -> None:
    more = "metric double = n * 2\n\n"
    assert told(sought("n >= 8 and double <= 4", more=more)) == []
    # Brought to 16, n alone would be twice told: `double` is what n makes it.
    assert [each.fact for each in sought("n >= 8 and double >= 16", more=more).found] == ["n"]


def test_the_last_day_on_which_two_are_enough() -> None:
    # Joined on 31 January 2026: the 300th day is 27 November.
    changes = sought("n >= 8 and vip and days since joined <= 300 days")
    ((one, other),) = changes.together
    assert one.by == other.by == dt.date(2026, 11, 27).toordinal()
