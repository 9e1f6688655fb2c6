"""The three sides of the triangle, and its area, worked out by hand."""

from __future__ import annotations

from typing import Any

import siyu
from tests.policies.bases import POLICIES, figures

AS_OF = "2026-11-21T10:00:00+08:00"


def member(number: int, *, friend: bool, paid: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    orders = [
        {"order_id": f"o{n}", "paid_at": f"{day}T10:00:00+08:00", "amount": "500.00",
         "status": "paid"}
        for n, day in enumerate(paid)
    ]  # fmt: skip
    return {"member_id": f"M{number}", "wecom_friend": friend, "unsubscribed": False,
            "orders": orders, "consents": [], **more}  # fmt: skip


AGREED = [{"at": "2026-01-01T10:00:00+08:00", "channel": "wecom", "granted": True}]
BROUGHT = [{"referral_id": "r1", "invited_at": "2026-01-01T10:00:00+08:00", "status": "confirmed"}]
TWICE = ("2025-11-21", "2026-11-01")


def test_the_three_sides_and_the_area() -> None:
    """Ten people, eight of them connected, six of these within reach: 0.8 × 0.75 = 0.6.

    Four have bought for 500 yuan each time, first a year (365 days) ago. Three came twice, so
    1 year × 500 × 2 = 1000 yuan; one came three times: 1500 yuan. On average 4500 / 4 = 1125
    yuan, of a target of 2000: 0.5625. The purchase of a year ago lies outside the last 12 months
    (2025-11-21 10:00 is their beginning), so only the fourth bought twice in them: 1 of 4. Value:
    0.5625 × 0.25 = 0.140625.

    Two of the four have brought somebody: 0.5.

    Area: (0.6 × 0.140625 + 0.140625 × 0.5 + 0.5 × 0.6) / 3 = (0.084375 + 0.0703125 + 0.3) / 3
    = 0.4546875 / 3 = 0.1515625.
    """
    people = [
        member(1, friend=True, consents=AGREED, paid=TWICE, referrals=BROUGHT),
        member(2, friend=True, consents=AGREED, paid=TWICE, referrals=BROUGHT),
        member(3, friend=True, consents=AGREED, paid=TWICE),
        member(4, friend=True, consents=AGREED, paid=(*TWICE, "2026-05-01")),
        *(member(n, friend=True, consents=AGREED) for n in (5, 6)),
        *(member(n, friend=True) for n in (7, 8)),
        *(member(n, friend=False, consents=AGREED) for n in (9, 10)),
    ]
    found = figures("triangle", people, as_of=AS_OF)
    assert found["reach_power"]["value"] == "0.600000000"
    assert found["average_ltv"]["value"] == "1125.00"
    assert found["repurchase_rate"]["value"] == "0.250000"
    assert found["value_power"]["value"] == "0.140625000"
    assert found["referral_power"]["value"] == "0.500000"
    assert found["triangle_area"]["value"] == "0.151563"


def test_the_self_diagnosis_of_the_pack() -> None:
    """What the rules can answer of the nineteen questions, for the pack itself."""
    one = siyu.diagnose(POLICIES / "triangle")
    stages = {family.name: family for family in one.families}
    # 7: each of the five life stages has its treatment; 9: nothing pushes a KOC further up.
    assert [case.verdict for case in stages["lifecycle"].cases] == ["served"] * 5
    assert {case.name for case in stages["role"].cases if case.verdict == "nothing"} == {
        "fan",
        "stranger",
    }
    # 15: each of the six principles has an incentive; 16: every rule has a test.
    assert all(each.rules for each in one.principles)
    assert "D13" not in {gap.code for gap in one.gaps}
    # 4: nothing here reminds anybody of anything: the finding that the pack leaves to its users.
    assert [gap.about for gap in one.gaps if gap.code == "D03"] == ["opportunity", "remind"]
