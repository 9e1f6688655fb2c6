"""What would change outcomes of the retail policy, with figures worked out by hand.

The calibration says: platinum from 20,000 yuan, gold from 5,000; silver is from 1,000. Every
request is decided about at 10:00 on 21 November 2026 in Shanghai.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

import siyu
from siyu import Policy
from siyu.explain.changes import find_changes
from siyu.explain.model import Change, Changes
from siyu.records import Rejection
from siyu.words import ENGLISH

RETAIL = Path(__file__).parents[3] / "policies" / "retail_membership"
AS_OF = "2026-11-21T10:00:00+08:00"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return siyu.load(RETAIL / "tour.siyu", calibration=RETAIL / "calibration.yaml", cache=False)


def paid(day: str, amount: str) -> dict[str, Any]:
    return {"order_id": f"{day} {amount}", "paid_at": f"{day}T12:00:00+08:00", "amount": amount,
            "status": "paid", "lines": []}  # fmt: skip


def member(*orders: dict[str, Any], **more: Any) -> dict[str, Any]:
    base = {"member_id": "M1", "joined_on": "2024-01-01", "unsubscribed": False, "consents": []}
    return {**base, "orders": list(orders), **more}


def changes(
    policy: Policy, customer: dict[str, Any], what: str, event: dict[str, Any] | None = None
) -> Changes:
    request = {"as_of": AS_OF, "customer": customer, **({"event": event} if event else {})}
    read = policy.read(request)
    assert not isinstance(read, Rejection), read
    return find_changes(policy.compiled, policy.ready, read, what)


def by_fact(found: Changes) -> dict[str, Change]:
    return {change.fact: change for change in found.found}


def day(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal()


# ---------------------------------------------------------------- levels


def test_more_spending_reaches_the_next_level(policy: Policy) -> None:
    # 9,000 is gold; platinum begins at 20,000: 11,000.00 more. The order of 1 March 2026 counts
    # for twelve months, so that from 2 March 2027 on 11,000.00 more would not be enough.
    found = changes(policy, member(paid("2026-03-01", "9000.00")), "member_level")
    spend = by_fact(found)["spend_12m"]
    assert (spend.before.held, spend.after.held) == (900_000, 2_000_000)
    assert spend.gap is not None and spend.gap.held == 1_100_000
    assert spend.share == pytest.approx(11_000 / 9_000)
    assert (spend.origin, spend.bound) == ("metric", "at least")
    assert str(spend.result) == "the level becomes 白金卡 (platinum)"
    assert spend.by == day("2027-03-01")


def test_a_lifetime_promise_is_another_way(policy: Policy) -> None:
    # `lifetime platinum when total_spend >= 100000 yuan`; the member's total is 0: no share.
    total = by_fact(changes(policy, member(paid("2026-03-01", "9000.00")), "member_level"))[
        "total_spend"
    ]
    assert (total.after.held, total.share, total.by) == (10_000_000, None, None)


def silver(until: str) -> dict[str, Any]:
    """Who spent 1,200 yuan on 1 March 2026, and is silver until a day."""
    held = {"member_level_held": "silver", "member_level_until": until}
    return member(paid("2026-03-01", "1200.00"), **held)


def test_spending_never_falls_by_itself(policy: Policy) -> None:
    # Only time takes the order out of the twelve months, on 2 March 2027. Silver that is kept until
    # the 5th is then shown for 60 days of grace, until 4 May.
    found = by_fact(changes(policy, silver("2027-03-05"), "member_level.standard"))
    assert set(found) == {"as_of"}
    assert found["as_of"].origin == "time"
    assert found["as_of"].after.held == day("2027-05-05")
    assert found["as_of"].gap is not None and found["as_of"].gap.held == 165


def test_time_brings_no_loss_of_a_level_that_is_kept_for_a_year(policy: Policy) -> None:
    # Kept until 1 March 2027, it is earned once more on that day, and kept for another year; and
    # who has none is given silver now, until 21 November 2027 and 60 days beyond.
    assert changes(policy, silver("2027-03-01"), "member_level.standard").found == ()
    entered = member(paid("2026-03-01", "1200.00"))
    assert changes(policy, entered, "member_level.standard").found == ()


def test_what_keeps_a_level_in_danger_and_by_when(policy: Policy) -> None:
    # 1,200 earns silver only. Gold is held until 31 January 2027 and for 60 days of grace, so that
    # 1 April is the last day to come back to 5,000: 3,800.00 more.
    customer = member(paid("2026-10-01", "1200.00"), member_level_held="gold",
                      member_level_until="2027-01-31")  # fmt: skip
    found = by_fact(changes(policy, customer, "member_level"))
    spend = found["spend_12m"]
    assert spend.gap is not None and spend.gap.held == 380_000
    assert str(spend.result) == "the level stays 金卡 (gold)"
    assert spend.by == day("2027-04-01")
    assert found["as_of"].after.held == day("2027-04-02")
    assert str(found["as_of"].result) == "the level becomes 银卡 (silver)"


def test_a_named_level_above_the_next(policy: Policy) -> None:
    found = changes(policy, member(paid("2026-11-01", "500.00")), "member_level.platinum")
    # 19,500.00 more; total_spend is 0 and would have to be 100,000.00.
    assert [(c.fact, c.after.held) for c in found.found] == [
        ("spend_12m", 2_000_000), ("total_spend", 10_000_000),
    ]  # fmt: skip


# ---------------------------------------------------------------- segments, cases, rows, scores


def test_recency_can_only_begin_anew(policy: Policy) -> None:
    # 265 days ago: dormant. A purchase makes it 0 days; nothing makes it 90.
    found = by_fact(changes(policy, member(paid("2026-03-01", "9000.00")), "lifecycle"))
    recency = found["recency"]
    assert (recency.before.held, recency.after.held, recency.bound) == (265, 0, "exactly")
    assert recency.share == -1.0
    assert str(recency.result) == "the case becomes 成长期 (growth)"


def test_time_brings_a_member_into_a_segment(policy: Policy) -> None:
    # The last purchase was on 2 November; 60 days later it is 1 January 2027.
    customer = member(paid("2026-09-10", "2500.00"), paid("2026-11-02", "1500.00"))
    found = by_fact(changes(policy, customer, "at_risk"))
    assert set(found) == {"as_of"}
    assert found["as_of"].after.held == day("2027-01-01")
    assert str(found["as_of"].result) == "in the segment"


def test_a_first_purchase_takes_a_member_out_of_the_prospects(policy: Policy) -> None:
    # `prospect when not exists(purchases)`: with one, it is asked how long ago, which cannot be
    # told of nobody's; a purchase today is 0 days ago.
    found = changes(policy, member(), "lifecycle")
    assert found.found == ()
    ((recency, purchases),) = found.together
    assert (recency.fact, recency.before.held, recency.after.held) == ("recency", None, 0)
    assert (purchases.origin, purchases.fact) == ("rows", "exists(purchases)")
    assert (purchases.before.held, purchases.after.held) == (False, True)
    assert str(purchases.result) == str(recency.result) == "the case becomes 成长期 (growth)"


def test_a_metric_that_the_request_brings_leaves_a_first_purchase_alone(policy: Policy) -> None:
    # With 30 days told, one fact is enough; the metric itself does not matter to a prospect.
    request = {"as_of": AS_OF, "customer": member(), "metrics": {"recency": "30 days"}}
    read = policy.read(request)
    assert not isinstance(read, Rejection), read
    found = find_changes(policy.compiled, policy.ready, read, "lifecycle")
    assert [(each.fact, str(each.result)) for each in found.found] == [
        ("exists(purchases)", "the case becomes 成长期 (growth)")
    ]
    assert found.together == ()


def test_two_at_once_where_one_is_not_enough(policy: Policy) -> None:
    # At risk: two orders and 60 to 120 days. With one order of 20 days ago the days only pass, so
    # no figure of rows brings it; the tier is not asked. Nothing single, nothing in pairs.
    found = changes(policy, member(paid("2026-11-01", "300.00")), "at_risk")
    assert (found.found, found.together) == ((), ())


def test_a_tag_takes_a_member_out_of_a_segment_for_a_while(policy: Policy) -> None:
    # 72 days ago and two orders: in. `vip` is what `unless` asks for. Spending 20,000 does it too.
    customer = member(paid("2026-09-10", "2500.00"), paid("2026-08-10", "1500.00"))
    found = by_fact(changes(policy, customer, "at_risk"))
    assert found["tags"].after.held == frozenset({"vip"})
    assert found["spend_12m"].after.held == 2_000_000
    assert found["recency"].after.held == 0
    # In any case the member leaves on the 121st day: 9 January 2027.
    assert found["as_of"].after.held == day("2027-01-09")


def test_a_named_case(policy: Policy) -> None:
    customer = member(paid("2026-10-01", "100.00"), paid("2026-10-02", "100.00"))
    found = by_fact(changes(policy, customer, "lifecycle.mature"))
    assert found["orders_12m"].after.held == 6
    assert found["orders_12m"].share == 2.0  # 4 more than 2
    assert set(found) == {"orders_12m"}


def test_another_row_of_a_table(policy: Policy) -> None:
    # Gold and dormant is row 2. With 0 days since the last purchase the member is growing: row 3.
    found = by_fact(changes(policy, member(paid("2026-03-01", "9000.00")), "offer"))
    assert str(found["recency"].result) == "row 3 applies"


def test_another_set_of_reasons(policy: Policy) -> None:
    # 265 days add 40 to 20. Six orders subtract 30 more: 30; a purchase today takes the 40 away.
    found = by_fact(changes(policy, member(paid("2026-03-01", "9000.00")), "churn_risk"))
    assert str(found["orders_12m"].result) == "the score becomes 30"
    assert str(found["recency"].result) == "the score becomes 20"


def test_one_reason_of_a_score(policy: Policy) -> None:
    found = by_fact(changes(policy, member(paid("2026-03-01", "9000.00")), "churn_risk.2"))
    assert set(found) == {"orders_12m"}


@pytest.mark.parametrize("what", ["lifecycle.mature", "成熟期"])
def test_asking_for_a_case_by_its_name_or_label(policy: Policy, what: str) -> None:
    customer = member(paid("2026-10-01", "100.00"), paid("2026-10-02", "100.00"))
    request = {"as_of": AS_OF, "customer": customer}
    (made,) = policy.explain(request, what, what_if=True).outcomes
    assert made.changes is not None
    assert [(each.fact, each.after.held) for each in made.changes.found] == [("orders_12m", 6)]


# ---------------------------------------------------------------- what happens, or does not


def test_a_limit_is_free_again(policy: Policy) -> None:
    # Given on 11 November at 10:00, once per 90 days: counted until 9 February at 10:00. The first
    # day that is free from its beginning is 10 February.
    given = {"at": "2026-11-11T10:00:00+08:00", "incentive": "wakeup"}
    customer = member(paid("2026-03-01", "9000.00"), lifetime_years="2.5", grants=[given])
    found = by_fact(changes(policy, customer, "wakeup"))
    assert found["as_of"].after.held == day("2027-02-10")
    assert str(found["as_of"].result) == "given"
    assert set(found) == {"as_of"}


def test_what_an_incentive_that_is_given_hangs_on(policy: Policy) -> None:
    # ltv is 2.50 × 9,000 × 1 = 22,500 and must be 500: 499.99 is too little, so are 0.05 years
    # (450). 0.06 years are 540.
    customer = member(paid("2026-03-01", "9000.00"), lifetime_years="2.5", member_id="M02")
    found = by_fact(changes(policy, customer, "wakeup"))
    assert (found["ltv"].after.held, found["ltv"].bound) == (49_999_000_000, "at most")
    assert found["lifetime_years"].after.held == 5
    assert {str(change.result) for change in found.values()} == {"not given"}


def test_consent_lets_a_contact_through(policy: Policy) -> None:
    customer = member(paid("2026-03-01", "9000.00"), lifetime_years="2.5", member_id="M02")
    found = by_fact(changes(policy, customer, "wakeup_push"))
    assert {name for name in found if name.startswith("consents.")} == {
        "consents.sms", "consents.app",  # not through wecom: the member is no friend there
    }  # fmt: skip
    sms = found["consents.sms"]
    assert (sms.before.held, sms.after.held, str(sms.label)) == (
        False,
        True,
        "consent to 短信 (sms)",
    )
    assert str(sms.result) == "sent through 短信 (sms)"


def test_consent_taken_back_and_unsubscribing_stop_a_contact(policy: Policy) -> None:
    customer = member(paid("2026-03-01", "9000.00"), lifetime_years="2.5", member_id="M02",
                      consents=[{"channel": "sms", "granted": True}])  # fmt: skip
    found = by_fact(changes(policy, customer, "wakeup_push"))
    assert found["consents.sms"].after.held is False
    assert found["unsubscribed"].after.held is True
    assert str(found["unsubscribed"].result) == "not sent"


def test_an_order_that_is_a_cent_short(policy: Policy) -> None:
    # One point of growth per full 10 yuan.
    event = {"type": "order_paid", "order_id": "o1", "amount": "9.99"}
    found = by_fact(changes(policy, member(), "growth_value", event))
    amount = found["amount"]
    assert (amount.origin, amount.after.held, amount.label) == ("event", 1_000, "amount")
    assert amount.gap is not None and amount.gap.held == 1
    assert str(amount.result) == "posted"


def test_the_least_points_that_can_be_redeemed(policy: Policy) -> None:
    # 100 for 1 yuan, at least 1,000, at most half of the amount: 10 yuan of 40.
    event = {"type": "checkout", "cart_id": "c1", "amount": "40.00", "points_offered": 950}
    found = by_fact(changes(policy, member(), "cash_off", event))
    assert found["points_offered"].after.held == 1_000
    assert "amount" not in found  # a larger cart does not help


def test_a_referrer_is_all_that_lacks(policy: Policy) -> None:
    event = {"type": "order_paid", "order_id": "o1", "amount": "100.00"}
    found = by_fact(changes(policy, member(), "referral", event))
    # Effective until the end of 2026.
    assert (found["referrer"].before.held, found["referrer"].by) == (None, day("2026-12-31"))


def test_nothing_alone_would_change_it(policy: Policy) -> None:
    found = changes(policy, member(), "wakeup_push")
    assert found.found == ()
    assert found.tried == 14
    assert ENGLISH.of(found.within) == "what the schema allows and 366 days"


def test_what_is_not_decided_in_such_a_request(policy: Policy) -> None:
    assert changes(policy, member(), "growth_value").tried == 0
    assert changes(policy, member(), "spend_12m").tried == 0


def test_shares_come_first_and_time_last(policy: Policy) -> None:
    customer = member(paid("2026-03-01", "9000.00"), lifetime_years="2.5", member_id="M02",
                      consents=[{"channel": "sms", "granted": True}])  # fmt: skip
    found = changes(policy, customer, "wakeup_push").found
    shares = [change.share for change in found if change.share is not None]
    assert shares and [abs(s) for s in shares] == sorted(abs(s) for s in shares)
    assert all(change.share is not None for change in found[: len(shares)])
    assert found[-1].origin == "time"
