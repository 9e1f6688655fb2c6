"""The figures of the loyalty course over a small base, worked out by hand."""

from __future__ import annotations

from typing import Any

from tests.policies.bases import figures


def member(number: int, **rows: Any) -> dict[str, Any]:
    known = {"member_id": f"M{number}", "unsubscribed": False, "orders": [], "consents": []}
    return {**known, **rows}


def answers(*given: tuple[str, dict[str, int]]) -> list[dict[str, Any]]:
    return [{"survey_id": at, "answered_at": f"{at}T10:00:00+08:00", **said} for at, said in given]


def paid(*days: str) -> list[dict[str, Any]]:
    return [{"order_id": day, "paid_at": f"{day}T10:00:00+08:00", "amount": 100, "status": "paid",
             "lines": []} for day in days]  # fmt: skip


def scored(*scores: int) -> list[dict[str, Any]]:
    return [
        member(n, surveys=answers(("2026-11-01", {"nps_score": score})))
        for n, score in enumerate(scores)
    ]


def test_net_promoter_score_by_hand() -> None:
    """Of ten answers 10, 10, 9, 9, 9 are promoters (50 %), 8 and 7 passive, 6, 3 and 0 detractors
    (30 %): 50 % - 30 % = 20 %. Who has not answered does not count."""
    base = [*scored(10, 10, 9, 9, 9, 8, 7, 6, 3, 0), member(99)]
    assert figures("loyalty", base)["净推荐值"]["value"] == "0.200000"


def test_only_the_latest_answer_counts() -> None:
    """Two members: 3 and later 10, 10 and later 3: 50 % - 50 % = 0."""
    low, high = {"nps_score": 3}, {"nps_score": 10}
    base = [
        member(1, surveys=answers(("2026-01-01", low), ("2026-10-01", high))),
        member(2, surveys=answers(("2026-01-01", high), ("2026-10-01", low))),
    ]
    assert figures("loyalty", base)["净推荐值"]["value"] == "0.000000"


def test_churn_rate_by_hand() -> None:
    """Four bought between 2025-11-22 and 2026-05-21; of them one has bought nothing since: 1 / 4.
    The fifth is new and is not among those who could be lost."""
    base = [
        member(1, orders=paid("2026-01-05")),
        member(2, orders=paid("2026-01-05", "2026-06-05")),
        member(3, orders=paid("2026-05-21", "2026-11-21")),
        member(4, orders=paid("2025-12-05", "2026-10-05")),
        member(5, orders=paid("2026-11-01")),
    ]
    assert figures("loyalty", base)["流失率"]["value"] == "0.250000"


def test_satisfaction_by_hand() -> None:
    """5, 4, 3 and 2 of five: 2 of 4 are satisfied (4 and more), 14 / 4 = 3.5 on average."""
    base = [
        member(n, surveys=answers(("2026-11-01", {"satisfaction": score})))
        for n, score in enumerate([5, 4, 3, 2])
    ]
    found = figures("loyalty", [*base, member(99)])
    assert found["满意率"]["value"] == "0.500000"
    assert found["平均满意度"]["value"] == "3.500000"


def test_purchase_frequency_by_hand() -> None:
    """Buyers of the last 12 months with 3, 1 and 2 purchases: 6 / 3 = 2. One who bought 13 months
    ago and one who never did are no buyers of the period."""
    base = [
        member(1, orders=paid("2026-01-05", "2026-02-05", "2026-03-05")),
        member(2, orders=paid("2026-01-05", "2025-10-05")),
        member(3, orders=paid("2026-01-05", "2026-11-05")),
        member(4, orders=paid("2025-10-05")),
        member(5),
    ]
    assert figures("loyalty", base)["购买频次"]["value"] == "2.000000"
