"""`or more` is only said where everything beyond comes to the same, `by` only where it must be."""

from __future__ import annotations

import datetime as dt

import pytest

from siyu.explain.model import Change
from tests.explain.packs import asked, tour


def changes(member: str, what: str) -> dict[str, Change]:
    (outcome,) = tour().explain(asked(member), what, what_if=True).outcomes
    assert outcome.changes is not None
    return {change.fact: change for change in outcome.changes.found}


@pytest.mark.parametrize(
    ("member", "what", "fact", "after", "bound"),
    [
        ("M10", "member_level", "spend_12m", 500_000, "exactly"),  # platinum from 20,000 yuan on
        ("M10", "member_level", "total_spend", 10_000_000, "at least"),
        ("M02", "member_level", "spend_12m", 2_000_000, "at least"),
        ("M02", "no_minors", "age", 0, "exactly"),  # it is kept from 18 on
        ("M02", "churn_risk", "orders_12m", 6, "at least"),
    ],
)
def test_beyond(member: str, what: str, fact: str, after: int, bound: str) -> None:
    change = changes(member, what)[fact]
    assert (change.after.held, change.bound) == (after, bound)


def test_only_what_keeps_a_level_has_to_come_before_its_loss() -> None:
    found = changes("M06", "member_level")
    assert found["spend_12m"].by == dt.date(2026, 12, 14).toordinal()
    assert found["total_spend"].by is None
