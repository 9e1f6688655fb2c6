"""Two figures at once, where one is not enough; each worked out by hand."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import siyu
from siyu.explain import Explanation
from siyu.explain.changes import find_changes
from siyu.explain.document import explanation_schema
from siyu.explain.model import Changes, Level
from siyu.records import Rejection
from siyu.words import Tongue
from tests.agreement.engine import compiled_policy, with_cuts
from tests.explain.changes.test_figures import AS_OF, HEAD, request

RETAIL = Path(__file__).parents[3] / "policies" / "retail_membership"
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


# ---------------------------------------------------------------- as people read it


@pytest.fixture(scope="module")
def prospect() -> Explanation:
    """Why somebody who has bought nothing is a prospect, and what would change it."""
    policy = siyu.load(RETAIL / "tour.siyu", calibration=RETAIL / "calibration.yaml", cache=False)
    customer = {"member_id": "M1", "joined_on": "2026-11-01", "unsubscribed": False,
                "orders": [], "consents": []}  # fmt: skip
    return policy.explain({"as_of": AS_OF, "customer": customer}, "lifecycle", what_if=True)


@pytest.mark.parametrize(
    ("tongue", "level", "lines"),
    [
        ("en", "full", """\
  ├─ · no single change within what the schema allows and 366 days found (4 figures were tried)
  └─ → both at once  ⇒ the case becomes 成长期 (growth)
     ├─ → 距上次购买 (recency)  unknown → 0 days
     └─ → exists(purchases)     no → yes
"""),
        ("zh", "full", """\
  ├─ · 在数据结构允许的取值和 366 天的范围内，没有哪一项单独变化就能改变结果（试了 4 项）
  └─ → 两项同时改变  ⇒ 分类变为成长期 (growth)
     ├─ → 距上次购买 (recency)  未知 → 0 天
     └─ → exists(purchases)     否 → 是
"""),
        ("en", "short", """\
  → both at once  ⇒ the case becomes 成长期 (growth)
    → 距上次购买 (recency)  unknown → 0 days
    → exists(purchases)     no → yes
"""),
    ],
)  # fmt: skip
def test_two_are_told_below_what_comes_of_them(
    prospect: Explanation, tongue: Tongue, level: Level, lines: str
) -> None:
    assert prospect.text(tongue, level).endswith(lines)


def test_two_are_rows_of_a_table_with_one_result(prospect: Explanation) -> None:
    page = prospect.html("en")
    (table,) = re.findall('<table class="changes">.*?</table>', page)
    then = "the case becomes 成长期 (growth)<small>both at once</small>"
    assert re.findall(r'<td rowspan="2">(.*?)</td>', table) == [then]
    assert table.count("<tr>") == 3  # the heads and two rows
    assert page.count("no single change within") == 1


def test_two_are_a_list_in_json(prospect: Explanation) -> None:
    document = json.loads(json.dumps(prospect.to_dict("en")))
    Draft202012Validator(explanation_schema()).validate(document)
    changes = document["outcomes"][0]["changes"]
    assert changes["found"] == []
    assert [[(each["fact"], each["origin"]) for each in both] for both in changes["together"]] == [
        [("recency", "metric"), ("exists(purchases)", "rows")]
    ]
