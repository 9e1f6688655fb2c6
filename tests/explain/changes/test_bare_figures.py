"""Aggregates in conditions, where no metric names them: figures by their written text."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest

from siyu.explain.changes import find_changes
from siyu.locale import speech
from siyu.records import Rejection
from siyu.words import TONGUES
from tests.agreement.engine import compiled_policy, with_cuts
from tests.explain.changes.applying import outcome, with_changes
from tests.explain.changes.test_figures import HEAD, found, request


def order(day: str, **more: Any) -> dict[str, Any]:
    base = {"order_id": day, "paid_at": f"{day}T10:00:00+08:00", "amount": "50.00", "paid": True}
    return {**base, "lines": [], **more}


OLD, NEW = order("2026-03-01"), order("2026-11-11")  # 265 and 10 days before the decision
NO_ORDERS: list[dict[str, Any]] = []


@pytest.mark.parametrize(
    ("condition", "orders", "text", "before", "after", "bound"),
    [
        ("exists(orders)", NO_ORDERS, "exists(orders)", False, True, "exactly"),
        ("not exists(orders)", NO_ORDERS, "exists(orders)", False, True, "exactly"),
        ("exists(orders where not paid)", [NEW], "exists(orders where not paid)",
         False, True, "exactly"),
        ("count(orders over last 30 days) >= 2", [OLD, NEW], "count(orders over last 30 days)",
         1, 2, "at least"),
        ("count(orders)  *  3 > 10", [OLD, NEW], "count(orders)", 2, 4, "at least"),
        ("n + 2 * count(orders) = 9", [OLD], "count(orders)", 1, 2, "exactly"),  # n is 5
        ("sum(orders.amount) >= 120 yuan", [OLD, NEW], "sum(orders.amount)",
         10_000, 12_000, "at least"),
        ("avg(orders.amount) >= 80 yuan", [OLD], "avg(orders.amount)",
         50_000_000, 80_000_000, "at least"),
        ("distinct(orders.hue) >= 1", [OLD], "distinct(orders.hue)", 0, 1, "at least"),
        ("max(orders.amount) >= 80 yuan", [OLD], "max(orders.amount)", 5_000, 8_000, "at least"),
        ("min(orders.amount) < 10 yuan", [OLD], "min(orders.amount)", 5_000, 999, "at most"),
        ("days since max(orders.paid_at) <= 100 days", [OLD], "max(orders.paid_at)",
         1_772_330_400_000_000, 1_795_226_400_000_000, "exactly"),
        ("latest(orders.hue) is blue", [order("2026-11-11", hue="red")], "latest(orders.hue)",
         "red", "blue", "exactly"),
    ],
)  # fmt: skip
def test_what_rows_would_have_to_come_to(
    condition: str, orders: list[dict[str, Any]], text: str, before: Any, after: Any, bound: str
) -> None:
    change = found(condition, orders=orders)[text]
    assert (change.origin, change.bound) == ("rows", bound)
    assert (change.before.held, change.after.held) == (before, after)
    assert [speech(tongue).of(change.label) for tongue in TONGUES] == [text, text]


@pytest.mark.parametrize(
    "condition",
    [
        "not exists(orders)",  # what has been bought has been bought
        "count(orders) <= 1",
        "sum(orders.amount) < 70 yuan",
        "max(orders.amount) < 20 yuan",
        "min(orders.amount) > 60 yuan",
        "days since min(orders.paid_at) < 3 days",
        "days since max(orders.paid_at) between 1 day and 3 days",
        "exists(orders where paid_at < 2026-02-01 00:00)",  # nobody buys in the past
        "exists(contacts where channel is sms)",  # logs are written by whoever sends
        "exists(consents)",  # consents have changes of their own
    ],
)
def test_what_no_new_row_brings(condition: str) -> None:
    assert set(found(condition, orders=[OLD, NEW])) <= {"as_of"}


def test_what_asks_about_rows_stays_while_they_are_added() -> None:
    # Fewer orders are above a higher bound, but that is a change of the bound.
    changes = found("count(orders where amount > cash) <= 1", cash="40.00", orders=[OLD, NEW])
    assert set(changes) == {"cash"}


def test_the_last_day_on_which_a_new_row_is_enough() -> None:
    # That of 11 November counts until 11 December at 10:00; then two would be needed.
    change = found("count(orders over last 30 days) >= 2", orders=[OLD, NEW])
    assert change["count(orders over last 30 days)"].by == dt.date(2026, 12, 10).toordinal()


def test_the_same_rows_are_one_figure() -> None:
    more = "view paid_ones of orders where paid\n\nmetric times = count(orders where paid)\n\n"
    condition = "count(paid_ones) >= 2 and count(orders where paid) + times >= 4"
    changes = found(condition, more=more, orders=[OLD])
    assert set(changes) == {"count(paid_ones)"}
    assert changes["count(paid_ones)"].after.held == 2


def test_a_metric_that_the_request_brings_is_a_figure_beside_it() -> None:
    text = f"{HEAD}metric times = count(orders)\n\nsegment s\n  when count(orders) + times >= 7\n"
    policy = with_cuts(compiled_policy(text), Random(0))
    read = policy.read({**request(orders=[OLD]), "metrics": {"times": 3}})
    assert not isinstance(read, Rejection), read
    changes = find_changes(policy.compiled, policy.ready, read, "s").found
    assert {each.fact: each.after.held for each in changes} == {"count(orders)": 4, "times": 6}
    for each in changes:
        made = with_changes(policy, read, (each, each.after.held))
        assert outcome(made, "segment", "s") is True


def test_personal_rows_only_where_they_may_be_shown() -> None:
    facts = """schema: f
version: 1
customer:
  key: id
  fields:
    id: {type: text}
collections:
  visits:
    fields:
      ill: {type: bool, pii: true}
"""
    text = f"{HEAD}segment s\n  when exists(visits where ill)\n"
    policy = with_cuts(compiled_policy(text, facts), Random(0))
    read = policy.read(
        {"as_of": "2026-11-21T10:00:00+08:00", "customer": {"id": "1", "visits": []}}
    )
    assert not isinstance(read, Rejection), read

    def names(pii: bool) -> list[str]:
        changes = find_changes(policy.compiled, policy.ready, read, "s", pii)
        return [change.fact for change in changes.found]

    assert names(False) == []
    assert names(True) == ["exists(visits where ill)"]
