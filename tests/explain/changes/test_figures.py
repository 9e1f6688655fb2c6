"""Where figures turn an outcome, each worked out by hand on a policy of one rule."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import pytest

from siyu.core.walk import walk
from siyu.explain.changes import Board, Probe, coded, every_lever, find_changes, flips
from siyu.explain.model import Change
from siyu.locale import speech
from siyu.records import Read, Rejection
from siyu.types import DateType
from siyu.words import TONGUES
from tests.agreement.engine import compiled_policy, with_cuts

HEAD = """policy p
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "facts.yaml"

"""
AS_OF = "2026-11-21T10:00:00+08:00"


def request(**more: Any) -> dict[str, Any]:
    customer = {"id": "C1", "n": 5, "d": "1.00", "cash": "10.00", "joined": "2026-01-31",
                "fit": "s", "stopped_all": False, "orders": [], "consents": []}  # fmt: skip
    return {"as_of": AS_OF, "customer": {**customer, **more}}


def found(condition: str, pii: bool = False, more: str = "", **facts: Any) -> dict[str, Change]:
    """What would change the segment with this condition."""
    policy = with_cuts(compiled_policy(f"{HEAD}{more}segment s\n  when {condition}\n"), Random(0))
    read = policy.read(request(**facts))
    assert not isinstance(read, Rejection), read
    changes = find_changes(policy.compiled, policy.ready, read, "s", pii)
    return {change.fact: change for change in changes.found}


@pytest.mark.parametrize(
    ("condition", "facts", "fact", "after"),
    [
        ("n > 7", {}, "n", 8),
        ("n <= 3", {}, "n", 3),
        ("n = 9", {}, "n", 9),
        ("n * 3 - 5 >= 11", {}, "n", 6),  # 6 × 3 − 5 = 13; 5 gives 10
        ("0 - n >= 2", {}, "n", -2),
        ("n * -2 > 9", {}, "n", -5),  # −5 gives 10, −4 gives 8
        ("n between 20 and 30", {}, "n", 20),
        ("n between 20 and 30", {"n": 40}, "n", 30),
        ("n in (2, 9)", {}, "n", 2),  # 3 away; 9 is 4 away
        ("n / 3 >= 2.5", {}, "n", 8),  # 7 / 3 = 2.333333, 8 / 3 = 2.666667
        ("round(d / 3, 2) >= 3.34", {}, "d", 1001),  # 10.01 / 3 = 3.336667; 10.00 gives 3.33
        ("floor(d) >= 3", {}, "d", 300),
        ("ceil(d) >= 3", {}, "d", 201),
        ("abs(n) >= 20", {}, "n", 20),
        ("abs(n) >= 20", {"n": -15}, "n", -20),
        ("100 / n <= 12.5", {}, "n", 8),
        ("min(n, 3) >= 2 and max(n, 30) > 40", {}, "n", 41),
        ("n + n * n >= 42", {}, "n", 6),  # the figure stands in it several times
        ("cash / 3 > 33.33 yuan", {}, "cash", 10000),  # 99.99 / 3 is exactly 33.33
        ("cash_opt >= 5 yuan", {}, "cash_opt", 500),
        ("(n_opt otherwise 7) < 3", {}, "n_opt", 0),
        ("fit > m", {}, "fit", "l"),
        ("hue is blue", {}, "hue", "blue"),
        ('tags has "x"', {}, "tags", frozenset({"x"})),
        ('word in ("b", "c")', {}, "word", "b"),
        ("not vip", {"vip": True}, "vip", False),
        ("shy", {}, "shy", True),
    ],
)  # fmt: skip
def test_the_nearest_value_that_does_it(
    condition: str, facts: dict[str, Any], fact: str, after: Any
) -> None:
    change = found(condition, **facts)[fact]
    assert change.after.held == after
    assert str(change.result) == "in the segment"


@pytest.mark.parametrize("condition", ["n > 1000", "n < -100", "cash > 100000 yuan", "n * 2 = 7"])
def test_nothing_beyond_the_schema_s_ranges(condition: str) -> None:
    assert found(condition) == {}


@pytest.mark.parametrize(
    "condition",
    [
        "born in this month",  # immutable
        "joined < 2025-01-01",  # a day that has been can only come again
        "joined > 2027-06-30",  # and not in the future
        "rank_held is known",  # what is held is written by the policy itself
        "rank_until is known",
    ],
)
def test_what_cannot_be_otherwise_is_never_proposed(condition: str) -> None:
    tier = "tier rank by cash\n  gold from 100 yuan\n  plain otherwise\n\n"
    assert set(found(condition, more=tier, born="1990-01-01")) <= {"as_of"}


def test_a_day_comes_again_today() -> None:
    joined = found("days since joined <= 3 days")["joined"]
    assert (joined.after.type, joined.bound) == (DateType(), "exactly")
    assert joined.after.held - joined.before.held == 294  # from 31 January to 21 November
    assert joined.gap is not None and joined.gap.held == 294


def test_time_alone() -> None:
    # 3 February 2026 and 365 days are 3 February 2027; 31 January and 365 days 31 January 2027.
    waiting = found("days since joined >= 365 days")["as_of"]
    assert waiting.after.held - waiting.before.held == 71


def test_the_last_day_on_which_it_works() -> None:
    # From 31 January the 300th day is 27 November: until then more of n does it.
    n = found("n >= 8 and days since joined <= 300 days")["n"]
    assert n.by == dt.date(2026, 11, 27).toordinal()


def test_rows_can_only_be_added() -> None:
    order = {"order_id": "o", "paid_at": "2026-11-01T10:00:00+08:00", "amount": "50.00",
             "paid": True, "lines": []}  # fmt: skip
    metrics = ("metric spend = sum(orders.amount)\n\n"
               "metric least = min(orders.amount) otherwise 0 yuan\n\n"
               "metric gap = days since max(orders.paid_at)\n\n"
               "metric first = days since earliest(orders.paid_at)\n\n"
               "metric later = count(orders over last 3 days)\n\n")  # fmt: skip

    def names(condition: str) -> set[str]:
        return set(found(condition, more=metrics, orders=[order]))

    assert names("spend >= 80 yuan") == {"spend"}
    assert names("spend < 50 yuan") == set()
    assert names("least < 20 yuan") == {"least"}
    assert names("least > 60 yuan") == set()
    assert names("gap < 3 days") == {"gap"}  # a new order: 0 days
    assert names("gap = 3 days") == set()
    assert names("gap > 40 days") == {"as_of"}
    assert names("first < 3 days") == set()  # the first order stays the first
    assert names("later >= 2") == {"later"}


def test_personal_figures_only_where_they_may_be_shown() -> None:
    facts = """schema: f
version: 1
customer:
  key: id
  fields:
    id: {type: text}
    income: {type: money, min: 0, pii: true}
    rent: {type: money, min: 0}
"""
    text = f"{HEAD}metric left = income - rent\n\nsegment s\n  when left >= 100 yuan\n"
    policy = with_cuts(compiled_policy(text, facts), Random(0))
    read = policy.read({"as_of": AS_OF, "customer": {"id": "1", "income": "90", "rent": "50"}})
    assert not isinstance(read, Rejection)

    def names(pii: bool) -> list[str]:
        changes = find_changes(policy.compiled, policy.ready, read, "s", pii)
        return [change.fact for change in changes.found]

    assert names(False) == []  # rent could not be low enough
    assert names(True) == ["income", "left"]


def test_records_that_are_made_up_may_say_anything() -> None:
    # For whoever looks for a customer rather than advising one: immutable and unknown too.
    text = f"{HEAD}segment s\n  when born is known and n_opt > 3 and n >= 0\n"
    policy = with_cuts(compiled_policy(text), Random(0))
    read = policy.read(request(n_opt=4))
    assert not isinstance(read, Rejection)
    node = coded(policy.ready, "s.when.1")
    assert node is not None and node in tuple(walk(policy.ready.bindings[-1].expr))
    probe = Probe(policy.ready, None, (node,))
    board = Board(policy.compiled, probe, every_lever(policy.compiled, probe))

    def made(read: Read, verdict: bool | None) -> dict[str, Any]:
        found = flips(board, read.facts, read.as_of, lambda then: then[0] is verdict, invent=True)
        return {flip.lever.name: flip.after for flip in found}

    assert set(made(read, True)) == {"born"}
    second = policy.read(request(n_opt=4, born="1990-01-01"))
    assert not isinstance(second, Rejection)
    assert made(second, None) == {"n_opt": None}


def test_a_field_is_called_as_each_language_calls_it() -> None:
    facts = """schema: f
version: 1
customer:
  key: id
  fields:
    id: {type: text}
    visits: {type: int, min: 0, label: {zh: 到店次数, en: Visits}}
"""
    policy = with_cuts(compiled_policy(f"{HEAD}segment s\n  when visits > 3\n", facts), Random(0))
    read = policy.read({"as_of": AS_OF, "customer": {"id": "1", "visits": 1}})
    assert not isinstance(read, Rejection)
    (change,) = find_changes(policy.compiled, policy.ready, read, "s").found
    assert [speech(tongue).of(change.label) for tongue in TONGUES] == ["Visits", "到店次数"]
