"""What a points rule posts, with what multiplied it, and what a reversal takes back of what."""

from __future__ import annotations

from pathlib import Path

import pytest

from siyu.words import ENGLISH
from tests.explain.packs import asked, tour
from tests.explain.test_progress import one, request, said

FACTORS = """\
points buy on paid
  earn 1 per 1 yuan of event.amount
  times 2 when n >= 1
  times 3 when n >= 2
  times 1.5 when vip
  multipliers {how}
"""


@pytest.mark.parametrize(
    ("how", "n", "factor", "points"),
    [("highest", 2, "3", 300), ("product", 2, "9", 900), ("sum", 2, "6.5", 650),
     ("highest", 1, "2", 200)],
)  # fmt: skip
def test_the_factor_that_was_earned_by_is_told(
    tmp_path: Path, how: str, n: int, factor: str, points: int
) -> None:
    event = {"type": "paid", "amount": "100.00"}
    asked_for = request(event, n=n, vip=True)
    outcome = one(tmp_path, FACTORS.format(how=how), asked_for, "buy")
    (earned,) = (step for step in outcome.steps if step.role == "fact")
    assert earned.value is not None
    assert earned.value.held == points
    assert ENGLISH.of(earned.remark) == f"times {factor}"
    idle = [step for step in outcome.steps if ENGLISH.of(step.remark) == "a higher one counts"]
    assert len(idle) == (n if how == "highest" else 0)
    assert not any(step.decisive for step in idle)


def test_where_no_factor_holds_none_is_told(tmp_path: Path) -> None:
    event = {"type": "paid", "amount": "100.00"}
    outcome = one(tmp_path, FACTORS.format(how="sum"), request(event), "buy")
    assert "earn 1 per 1 yuan of event.amount" in said(outcome.steps)


def test_a_fixed_number_has_no_next_one(tmp_path: Path) -> None:
    text = "points gift on paid\n  earn 50\n  at least 60\n"
    outcome = one(tmp_path, text, request({"type": "paid", "amount": "1"}), "gift")
    assert outcome.progress == ()
    assert said(outcome.steps)[0] == "at least 60 (it comes to 50)"


def test_what_is_taken_back_of_what() -> None:
    (outcome,) = tour().explain(asked("M09", "order_refunded"), "refund").outcomes
    (step,) = outcome.steps
    assert [(ENGLISH.of(each.text), each.value and each.value.held) for each in step.below] == [
        ("the amount it was posted for", 320000),
        ("posted for this event", 4800),
        ("累计退款额 (amount)", 80000),
        ("taken back of it before", 0),
    ]
