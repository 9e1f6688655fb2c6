"""Whole calibrations of small populations: cuts that depend on cuts, pairs, balances."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siyu.core.passes import specialise
from siyu.functions.numbers import half_up
from siyu.population.calibration import Calibration, bindings_of, calibrate, find
from siyu.population.calibration.cuts import in_rounds
from siyu.population.calibration.model import BalancesFound, Band, NotFound, Pair, PairsFound
from siyu.resources import resource
from tests.population.people import People, people

RETAIL = resource("policies", "retail_membership", "retail.yaml").read_text("utf-8")


def person(number: int, **fields: Any) -> dict[str, Any]:
    known = {"member_id": f"M{number}", "joined_on": "2024-01-01", "unsubscribed": False}
    return {**known, "orders": [], "consents": [], **fields}


def spender(number: int, amount: int | None, categories: Sequence[str] = ("x",)) -> dict[str, Any]:
    orders = [
        {"order_id": f"o{number}.{n}", "paid_at": "2026-10-01T10:00:00+08:00", "status": "paid",
         "amount": amount if n == 0 else 0, "category": category}
        for n, category in enumerate(categories)
    ]  # fmt: skip
    return person(number, orders=orders if amount is not None else [])


def found(base: People, before: dict[str, Any] | None = None) -> Calibration:
    return calibrate(
        base.engine, base.program, base.plan, base.facts, base.relations, base.as_of, None, before
    )


# ---------------------------------------------------------------- cuts


SPEND = "metric spend = sum(orders.amount where status is paid)\n"


def test_cuts_are_found_one_after_another() -> None:
    text = SPEND + (
        "segment rest\n  when top 50% by spend among best\n"
        "segment best\n  when top 70% by spend among rich\n"
        "segment rich\n  when spend >= population percentile(spend, 30)\n"
        "segment upper\n  when spend >= population median(spend)\n"
    )
    with people(text, RETAIL, [spender(n, 100 * n) for n in range(1, 11)]) as base:
        rounds = [sorted(r.name for r in rules) for rules in in_rounds(base.program)]
        assert rounds == [
            ["rich.percentile_30", "upper.median"], ["best.top_70"], ["rest.top_50"],
        ]  # fmt: skip
        made = found(base)
        assert dict(made.values) == {
            "rich.percentile_30": 300_00,
            "upper.median": 500_00,
            "best.top_70": 500_00,  # of 300 to 1000, which are 8, the sixth from the top
            "rest.top_50": 800_00,  # of 500 to 1000 the third from the top
        }
        assert made.population == 10
        assert [cut.population for cut in made.cuts if cut.name == "rest.top_50"] == [6]


def test_the_cuts_are_those_that_single_decisions_come_out_with() -> None:
    text = SPEND + "segment best\n  when top 20% by spend among spend > 0 yuan\n"
    with people(text, RETAIL, [spender(n, 100 * max(0, n - 5)) for n in range(16)]) as base:
        made = found(base)
        (cut,) = made.cuts
        assert (cut.population, cut.meant, cut.reached, cut.value) == (10, 2, 2, 900_00)
        known = specialise(base.program, made.values, {})
        relation, columns = base.decided(known, ["best"])
        count = f"SELECT count(*) FROM {relation} WHERE {columns['best']}"
        assert base.engine.rows(count) == [(2,)]


def test_a_population_that_has_no_cut_says_so() -> None:
    text = SPEND + "segment best\n  when top 20% by spend\n"
    for customers in ([], [spender(1, 100)], [spender(n, 100) for n in range(5)]):
        with people(text, RETAIL, customers) as base:
            made = found(base)
            assert dict(made.values) == {"best.top_20": None}
            assert made.population == len(customers)


def test_ties_that_make_a_share_larger_by_a_tenth_are_told() -> None:
    text = SPEND + "segment best\n  when top 50% by spend\n"
    for ties, swollen in ((10, False), (11, True)):
        amounts = [5] * ties + [1] * (20 - ties)
        with people(text, RETAIL, [spender(n, each) for n, each in enumerate(amounts)]) as base:
            (cut,) = found(base).cuts
            assert (cut.meant, cut.reached, cut.swollen) == (10, ties, swollen)


def test_who_stands_between_an_earlier_cut_and_this_one_is_counted() -> None:
    text = SPEND + "segment best\n  when top 20% by spend\n"
    with people(text, RETAIL, [spender(n, n) for n in range(1, 11)]) as base:
        assert [cut.moved for cut in found(base, {"best.top_20": 700}).cuts] == [2]
        assert [cut.moved for cut in found(base, {}).cuts] == [None]


def test_only_what_the_cuts_need_is_asked_for() -> None:
    text = SPEND + "segment best\n  when top 20% by spend\nindicator i = sum(age)\n"
    with people(text, RETAIL, [spender(1, 5)], names=bindings_of) as base:
        assert base.plan.inputs == ()
        assert found(base).cuts[0].population == 1


# ---------------------------------------------------------------- what goes with what


RECOMMEND = "recommend also from orders.category\n"


def pairs_of(text: str, baskets: Sequence[Sequence[str]]) -> PairsFound:
    customers = [spender(n, 1, basket) for n, basket in enumerate(baskets)]
    with people(text, RETAIL, customers) as base:
        (pairs,) = found(base).pairs
        return pairs


def test_the_measures_of_a_pair() -> None:
    pairs = pairs_of(RECOMMEND + "  where lift > 1\n", ["ab", "abc", "c", "bb", "c", "ac"])
    # Of 6: a 3, b 3, c 4; a and b 2, a and c 2, b and c 1.
    assert pairs == PairsFound(
        "also", 6, 3, 3,
        (
            Pair("a", "b", 2, 333333, 666667, 1333333),
            Pair("b", "a", 2, 333333, 666667, 1333333),
        ),
    )  # fmt: skip


def test_the_best_of_each_first_value_are_kept() -> None:
    baskets = ["ab"] * 3 + ["ac"] * 2 + ["ad"] + ["bc"]
    pairs = pairs_of(RECOMMEND + "  by confidence\n  top 2\n", baskets)
    assert [(p.first, p.second) for p in pairs.pairs] == [
        ("a", "b"), ("a", "c"), ("b", "a"), ("b", "c"), ("c", "a"), ("c", "b"), ("d", "a"),
    ]  # fmt: skip


def test_rows_of_the_future_and_of_other_views_do_not_count() -> None:
    text = "view big of orders where amount >= 100 yuan\nrecommend also from big.category\n"
    small = spender(1, 1, ["a", "b"])
    large = spender(2, 100, ["a", "b"])
    for order in large["orders"]:
        order["amount"] = 100
    later = spender(3, 100, ["a", "c"])
    for order in later["orders"]:
        order |= {"amount": 100, "paid_at": "2026-12-01T10:00:00+08:00"}
    with people(text, RETAIL, [small, large, later]) as base:
        (pairs,) = found(base).pairs
    assert (pairs.population, pairs.values) == (1, 2)
    assert [(p.first, p.second) for p in pairs.pairs] == [("a", "b"), ("b", "a")]


def test_what_customers_without_the_table_are_asked() -> None:
    pairs = pairs_of(RECOMMEND, [])
    assert pairs == PairsFound("also", 0, 0, 0, ())


def test_pairs_leave_room_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "ROOM", 2 * 3 * (130 + 20))
    text = RECOMMEND + RECOMMEND.replace("also", "too")
    with people(text, RETAIL, [spender(1, 1, ["a", "b", "c"])]) as base:
        made = found(base).pairs
    assert [(len(each.pairs), each.left_out) for each in made] == [(3, 3), (3, 3)]


BASKETS = st.lists(st.text("abcd", max_size=5), max_size=12)


@settings(max_examples=settings.default.max_examples // 4)
@given(BASKETS, st.sampled_from(["lift", "confidence", "support"]))
def test_pairs_are_what_the_definition_says(baskets: list[str], measure: str) -> None:
    pairs = pairs_of(RECOMMEND + f"  where {measure} > 0.4\n  by {measure}\n", baskets)
    sets = [set(basket) for basket in baskets if basket]
    counts = Counter(value for each in sets for value in each)
    expected = []
    for a in sorted(counts):
        for b in sorted(counts):
            both = sum(a in each and b in each for each in sets)
            if a == b or not both:
                continue
            support, confidence = Fraction(both, len(sets)), Fraction(both, counts[a])
            lift = confidence / Fraction(counts[b], len(sets))
            held = [_millionths(each) for each in (support, confidence, lift)]
            pair = Pair(a, b, both, *held)
            if getattr(pair, measure) > 400_000:
                expected.append(pair)
    expected.sort(key=lambda p: (p.first, -getattr(p, measure), p.second))
    assert list(pairs.pairs) == expected


def _millionths(value: Fraction) -> int:
    return half_up(value.numerator * 10**6, value.denominator) or 0


# ---------------------------------------------------------------- balances


POINTS = """
account growth
account fund in CNY
points buy on order_paid
  earn 1 per 1 yuan of event.amount
points off on checkout
  redeem 100 for 1 yuan of event.points_offered
  formerly cash
points g on order_paid
  into growth
  earn 1 per 10 yuan of event.amount
points f on order_paid
  into fund of referrer
  earn 1 yuan per 10 yuan of event.amount
  when referrer is known
"""


def posted(*rows: tuple[str, str, int | None]) -> list[dict[str, Any]]:
    """Rows of the log: the day of October, the rule, how many points."""
    return [
        {"at": f"2026-10-{day}T10:00:00+08:00", "rule": rule, "account": "points",
         "points": points, "event": str(n)}
        for n, (day, rule, points) in enumerate(rows)
    ]  # fmt: skip


def test_what_members_hold_when_they_redeem() -> None:
    logs = [
        posted(("01", "buy", 1000), ("02", "off", -300), ("03", "cash", -300)),
        posted(("01", "buy", 2000), ("02", "off", -100), ("03", "buy", 50)),
        posted(("01", "buy", 1500)),
        # Points of one moment can be spent at once; what is taken back is no redemption.
        posted(("01", "off", -400), ("01", "buy", 700), ("05", "refund", -100)),
        posted(("01", "buy", None)),
    ]
    customers = [person(n, points_log=log) for n, log in enumerate(logs)]
    with people(POINTS, RETAIL, [*customers, person(9)]) as base:
        spread = {each.account: each for each in found(base).distributions}
    assert spread["fund"] == NotFound("fund", "others")
    assert spread["growth"] == NotFound("growth", "rows")
    points = spread["points"]
    assert isinstance(points, BalancesFound)
    assert (points.members, points.redeemers, points.redemptions) == (4, 3, 4)
    assert points.before_first == (700, 700, 700, 1000, 1000, 1000, 2000, 2000, 2000)
    assert points.before_each == (700, 700, 700, 700, 700, 1000, 1000, 2000, 2000)
    assert points.deciles == (200, 200, 400, 400, 400, 1500, 1500, 1950, 1950)
    assert points.bands == (Band(None, 2), Band(700, 0), Band(1000, 2), Band(2000, 0))


def test_a_log_that_lacks_what_is_needed_is_told() -> None:
    worth = "      worth:   {type: money, optional: true}     # of money accounts\n"
    assert worth in RETAIL
    text = "account fund in CNY\npoints p on order_paid\n  into fund\n  earn 1 yuan\n"
    with people(text, RETAIL.replace(worth, ""), [person(1)]) as base:
        assert found(base).distributions == (NotFound("fund", "columns"),)
