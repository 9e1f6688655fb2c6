"""What the shared modules say of everyone, worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from siyu.population.calibration.model import Pair
from tests.policies.bases import figures, pairs

SHARED = "shared/tests.siyu"


def member(number: int, **rows: Any) -> dict[str, Any]:
    known = {"member_id": f"M{number}", "unsubscribed": False, "orders": [], "consents": []}
    return {**known, **rows}


def order(number: int, *lines: dict[str, Any], status: str = "paid") -> dict[str, Any]:
    return {"order_id": f"o{number}", "paid_at": "2026-10-01T10:00:00+08:00", "amount": 1,
            "status": status, "lines": list(lines)}  # fmt: skip


def line(number: int, category: str = "x", **more: Any) -> dict[str, Any]:
    return {"line_no": number, "sku": "s", "category": category, "qty": 1, "price": 1, **more}


def basket(number: int, categories: Sequence[str]) -> dict[str, Any]:
    return member(number, orders=[order(number, *map(line, range(9), categories))])


def test_pairs_by_hand() -> None:
    """Of 10 buyers 5 bought tea, 4 cups, 8 cake; 3 tea and cup, 4 tea and cake, 3 cup and cake.

    tea, cup: support 3/10 = 30 %, confidence 3/5 = 60 %, lift 0.6 / (4/10) = 1.5
    cup, tea: support 30 %, confidence 3/4 = 75 %, lift 0.75 / (5/10) = 1.5
    tea, cake: support 40 %, confidence 4/5 = 80 %, lift 0.8 / (8/10) = 1: not more often than
    chance, so it is not recommended; cup, cake: 3/4 = 0.75 / 0.8 = 0.9375, less often.
    """
    baskets = ["tck", "tck", "tck", "tk", "t", "c", "k", "k", "k", "k"]
    unpaid = member(99, orders=[order(99, line(1, "t"), line(2, "k"), status="refunded")])
    found = pairs(SHARED, [*(basket(n, each) for n, each in enumerate(baskets)), unpaid])
    assert found.population == 10
    assert found.pairs == (
        Pair("c", "t", 3, 300_000, 750_000, 1_500_000),
        Pair("t", "c", 3, 300_000, 600_000, 1_500_000),
    )


def posted(at: str, rule: str, points: int, event: str) -> dict[str, Any]:
    return {"at": f"{at}T10:00:00+08:00", "rule": rule, "account": "points", "points": points,
            "event": event}  # fmt: skip


def test_real_promotion_cost_by_hand() -> None:
    """1,000 points earned and 600 redeemed: 60 % ever used. Goods of 200 yuan cost 100: 50 %.
    100 points are 1 yuan and 1 yuan earns 1 point: 1 %. 1 % × 60 % × 50 % ÷ 2 = 0.15 %."""
    first = member(
        1,
        points_log=[
            posted("2026-03-01", "purchase_points", 700, "a"),
            posted("2026-10-01", "cash_off", -600, "b"),
        ],
        orders=[order(1, line(1, qty=2, price=50, unit_cost=20))],
    )
    second = member(
        2,
        points_log=[posted("2026-03-01", "purchase_points", 300, "c")],
        orders=[order(2, line(1, price=100, unit_cost=60))],
    )
    found = figures(SHARED, [first, second])
    assert found["share_of_points_used"]["value"] == "0.600000"
    assert found["average_cost_rate"]["value"] == "0.500000"
    assert found["real_promotion_cost"]["value"].rstrip("0") == "0.0015"


def test_the_threshold_is_found_in_the_base() -> None:
    """Three have redeemed; before the first time they held 1,400, 1,500 and 1,900: the middle is
    1,500. The fourth has never redeemed and does not count."""
    base = [
        member(
            n,
            points_log=[
                posted("2026-03-01", "purchase_points", held - 100, "a"),
                posted("2026-04-01", "purchase_points", 100, "b"),
                posted("2026-05-01", "cash_off", -1000, "c"),
                posted("2026-06-01", "purchase_points", 5000, "d"),
                posted("2026-07-01", "cash_off", -1000, "e"),
            ],
        )
        for n, held in enumerate([1400, 1900, 1500])
    ]
    never = member(9, points_log=[posted("2026-03-01", "purchase_points", 9000, "a")])
    assert figures(SHARED, [*base, never])["threshold_found"]["value"] == "1500.000000"
