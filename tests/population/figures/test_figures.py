"""Indicators and claims about everyone, worked by hand and against plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siyu.core.passes import specialise
from siyu.functions.numbers import half_up
from siyu.population.figures import FigureFound, bindings_of, figures_document, find_figures
from siyu.population.figures import found as finding
from siyu.resources import resource
from tests.population.people import People, people

RETAIL = resource("policies", "retail_membership", "retail.yaml").read_text("utf-8")


def person(number: int, **fields: Any) -> dict[str, Any]:
    known = {"member_id": f"M{number}", "joined_on": "2024-01-01", "unsubscribed": False}
    return {**known, "orders": [], "consents": [], **fields}


def figures(base: People, cuts: dict[str, Any] | None = None) -> dict[str, FigureFound]:
    program = specialise(base.program, cuts or {}, {})
    relation, columns = base.decided(program, bindings_of(program))
    found = find_figures(base.engine, program, columns, relation)
    return {each.figure.name: each for each in found}


def of(text: str, customers: Sequence[dict[str, Any]], **cuts: Any) -> dict[str, FigureFound]:
    with people(text, RETAIL, customers) as base:
        return figures(base, cuts)


def document(text: str, customers: Sequence[dict[str, Any]], earlier: Any = None) -> dict[str, Any]:
    with people(text, RETAIL, customers) as base:
        found = tuple(figures(base).values())
        labels = base.compiled.labels
        return figures_document(found, labels, base.as_of, "Asia/Shanghai", earlier)


AGES = [person(n, age=age) for n, age in enumerate([10, 20, 20, 50, None])]


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("share(age >= 20)", 600_000),  # unknown stays among the five
        ("share(age >= 20 where age is known)", 750_000),
        ("share(age >= 20 where age > 10)", 1_000_000),  # an unknown `where` leaves out
        ("share(age >= 20 where age > 99)", None),
        ("sum(age)", 100),
        ("sum(age where age > 99)", 0),
        ("avg(age)", 25_000_000),
        ("avg(age where age > 99)", None),
        ("min(age)", 10),
        ("max(age where age < 50)", 20),
        ("max(age where age > 99)", None),
        ("count(age)", 4),
        ("count(age >= 20)", 3),
        ("count(member_id)", 5),
        ("count(member_id where age is unknown)", 1),
        ("distinct(age)", 3),
        ("exists(age > 40)", True),
        ("exists(age > 50)", False),
        ("population median(age)", 20),
        ("population percentile(age, 75)", 20),
        ("population percentile(age, 75.1)", 50),
        ("population percentile(age, 100)", 50),
        ("sum(age) - 2 * count(age)", 92),
        ("share(age > 40) - share(age < 20)", 0),
        ("min(sum(age), count(age))", 4),
    ],
)
def test_what_a_figure_comes_to(figure: str, value: Any) -> None:
    assert of(f"indicator i = {figure}\n", AGES)["i"].value == value


def test_an_indicator_of_indicators_is_made_of_what_they_are_rounded_to() -> None:
    # 3 of the 4 known are 20 or older, 1 of them 50: 0.75 and 0.333333, together 0.25 (not 0.25
    # exactly: 0.75 * 0.333333 = 0.24999975, to six digits 0.25). A claim may name them too.
    text = (
        "indicator grown = share(age >= 20 where age is known)\n"
        "indicator old = share(age >= 50 where age >= 20)\n"
        "indicator both = round(grown * old, 6)\n"
        "ensure few: both <= 25% and grown > old\n"
        "ensure none: never both > 20%\n"
    )
    found = of(text, AGES)
    assert {name: each.value for name, each in found.items()} == {
        "grown": 750_000,
        "old": 333_333,
        "both": 250_000,
        "few": True,
        "none": False,
    }


@pytest.mark.parametrize(
    ("figure", "value"),
    [("share(age > 1)", None), ("sum(age)", 0), ("count(age)", 0), ("avg(age)", None),
     ("max(age)", None), ("population median(age)", None)],
)  # fmt: skip
def test_figures_over_nobody(figure: str, value: Any) -> None:
    assert of(f"indicator i = {figure}\n", [])["i"].value == value


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("share(age >= 20) <= 60%", True),
        ("share(age >= 20) < 60%", False),
        ("never share(age >= 20) > 50%", False),
        ("always sum(age) = 100 and share(age > 1) > 70%", True),
        ("sum(age) = 100 or avg(age where age > 99) > 1", True),
        ("share(age > 1 where age > 99) <= 50%", None),
        ("share(age > 1 where age > 99) <= 50% and sum(age) = 1", False),
        ("never not sum(age) between 1 and 100", True),
    ],
)
def test_whether_a_claim_holds(claim: str, holds: bool | None) -> None:
    assert of(f"ensure e: {claim}\n", AGES)["e"].holds is holds


def test_params_of_the_day_and_cuts_are_put_in() -> None:
    text = (
        "param most = 10%\n  from 2026-11-01 = 20%\n  from 2027-01-01 = 30%\n"
        "ensure e: share(top 20% by age) <= most\n"
    )
    found = of(text, AGES, **{"e.top_20": 20})["e"]
    assert found.holds is False  # three of five reach the cut
    assert found.measured is not None
    assert found.measured[0] == 600_000
    assert of(text, AGES, **{"e.top_20": 50})["e"].holds is True


# ---------------------------------------------------------------- by groups

GROUPS = """
classify age_group
  young when age < 18
  old   when age >= 40
  mid   otherwise
segment adult
  when age >= 18
indicator by_class = count(member_id) by age_group
indicator by_segment = avg(age) by adult
indicator by_word = sum(age) by advisor
indicator by_tag = count(member_id) by tags
indicator middle = population median(age) by adult
"""
MEMBERS = [
    person(0, age=10, advisor="li", tags=["a"]),
    person(1, age=20, advisor="wang", tags=["a", "b"]),
    person(2, age=30, advisor="li", tags=[]),
    person(3, age=50, tags=["b"]),
    person(4, advisor="unknown", tags=["a"]),
]


def test_figures_by_groups() -> None:
    found = of(GROUPS, MEMBERS)
    assert found["by_class"].groups == (("young", 1), ("old", 1), ("mid", 2), (None, 1))
    assert found["by_segment"].groups == ((True, 33_333_333), (False, 10_000_000), (None, None))
    assert found["by_word"].groups == (("li", 40), ("unknown", 0), ("wang", 20), (None, 50))
    assert found["by_tag"].groups == (("a", 3), ("b", 2))
    assert found["middle"].groups == ((True, 30), (False, 10), (None, None))
    assert found["by_class"].value == 5


def test_the_document_of_figures() -> None:
    text = GROUPS + 'ensure few "Few": share(adult) <= 50%\nindicator spend = avg(total_spend)\n'
    made = document(text, MEMBERS)
    assert made["as_of"] == "2026-11-21T10:00:00+08:00"
    assert made["indicators"]["by_word"] == {
        "label": "by_word", "type": "int", "value": "110",
        "by": {"declaration": "advisor",
               "groups": {"li": "40", "unknown": "0", "wang": "20", "(unknown)": "50"}},
        "before": None,
    }  # fmt: skip
    assert made["indicators"]["by_segment"]["by"]["groups"] == {
        "true": "33.333333", "false": "10.000000", "unknown": None,
    }  # fmt: skip
    assert made["indicators"]["spend"]["value"] == "0.00"
    assert made["claims"] == {"few": {"label": "Few", "holds": False, "value": "0.600000"}}


def test_what_an_indicator_was_before() -> None:
    before = document(GROUPS, MEMBERS[:2])
    made = document(GROUPS, MEMBERS, before)["indicators"]["by_tag"]
    assert made["before"] == {
        "as_of": "2026-11-21T10:00:00+08:00", "value": "2", "groups": {"a": "2", "b": "1"},
    }  # fmt: skip
    new = document(GROUPS, MEMBERS, {"as_of": "x", "indicators": {}})["indicators"]["by_tag"]
    assert new["before"] is None


def test_a_division_into_very_many_groups_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_GROUPS", 3)
    text = "indicator i = population median(age) by advisor\n"
    few, many = ([person(n, age=n, advisor=f"a{n}") for n in range(count)] for count in (3, 4))
    assert (len(of(text, few)["i"].groups), of(text, few)["i"].too_many) == (3, False)
    found = of(text, many)["i"]
    assert (found.groups, found.too_many, found.value) == ((), True, 1)


# ---------------------------------------------------------------- the definition


@settings(max_examples=settings.default.max_examples // 4)
@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(0, 120)), st.sampled_from(["x", "y", None])),
        max_size=12,
    )
)
def test_figures_are_what_the_definition_says(rows: list[tuple[int | None, str | None]]) -> None:
    text = (
        "indicator parts = share(age >= 40) by advisor\n"
        "indicator mean = avg(age) by advisor\n"
        "indicator high = population percentile(age, 90) by advisor\n"
    )
    found = of(text, [person(n, age=a, advisor=g) for n, (a, g) in enumerate(rows)])
    groups: dict[str | None, list[int | None]] = {}
    for age, group in rows:
        groups.setdefault(group, []).append(age)
    assert set(dict(found["parts"].groups)) == set(groups)
    for group, ages in groups.items():
        known = sorted(age for age in ages if age is not None)
        reached = sum(age >= 40 for age in known)
        assert dict(found["parts"].groups)[group] == half_up(reached * 10**6, len(ages))
        assert dict(found["mean"].groups)[group] == half_up(sum(known) * 10**6, len(known))
        high = known[ceil(len(known) * 9 / 10) - 1] if known else None
        assert dict(found["high"].groups)[group] == high


def test_what_was_proven_holds_whatever_the_data_are() -> None:
    document = figures_document((), {"one_price": "一口价"}, 0, "UTC", None, ("one_price",))
    assert document["claims"] == {
        "one_price": {"label": "一口价", "holds": True, "value": None, "proven": True}
    }
