"""`exclusive` and completeness: what is proven is so; what is so and simple is proven."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from siyu.api.policy import Policy
from tests.kinds.proofs import compile_text, conditions, points, request


def codes(text: str) -> list[str]:
    return [each.code for each in compile_text(text).diagnostics]


@given(
    st.lists(conditions, min_size=1, max_size=3),
    st.booleans(),
    st.lists(points, min_size=8, max_size=12),
)
def test_what_is_proven_holds(
    cases: list[str], negate: bool, several: list[dict[str, Any]]
) -> None:
    if negate:
        cases = [cases[0], f"not {cases[0]}"]
    lines = "".join(f"  c{n} when {case}\n" for n, case in enumerate(cases))
    apart = "".join(f"segment s{n}\n  when {case}\n" for n, case in enumerate(cases))
    exclusive = compile_text(f"classify c exclusive\n{lines}  rest otherwise\n{apart}")
    complete = compile_text(f"classify c\n{lines}{apart}")
    found = {d.code for made in (exclusive, complete) for d in made.diagnostics}
    assert found <= {"E0621", "E0622"}
    if negate:
        # A condition and its negation are the simplest proof of all.
        assert found == set()
    event(f"proven: {sorted({'E0621', 'E0622'} - found)}")
    for made in (exclusive, complete):
        if made.program is None:
            continue
        policy = Policy(made, Path("p.siyu"))
        for point in several:
            segments = policy.decide(request(point)).segments
            true = sum(segments[f"s{n}"] is True for n in range(len(cases)))
            assert true <= 1 if made is exclusive else true >= 1


PROVEN = [
    "  a when n < 5\n  b when n >= 5\n",
    "  a when n <= 4\n  b when n >= 5\n",
    "  a when 5 > n\n  b when 5 <= n\n",
    "  a when n = 5\n  b when n != 5\n",
    "  a when n in (1, 2)\n  b when n not in (1, 2)\n",
    "  a when n between 1 and 3\n  b when n < 1\n  c when n > 3\n",
    "  a when vip\n  b when not vip\n",
    "  a when vip is true\n  b when vip is false\n",
    "  a when day is workday\n  b when day is weekend\n  c when day is festival\n",
    "  a when day <= workday\n  b when day > workday\n",
    "  a when day >= weekend\n  b when day is workday\n",
    "  a when day in (weekend, festival)\n  b when day < weekend\n",
    "  a when rate < 1.5\n  b when rate >= 1.50\n",
    "  a when rate <= 1.499\n  b when rate >= 1.5\n",
    "  a when spend < 10 yuan\n  b when spend >= 10 yuan\n",
    "  a when spend <= 9.99 yuan\n  b when spend >= 10 yuan\n",
    "  a when spend * 2 < 10 yuan\n  b when spend * 2 >= 10 yuan\n",
    "  a when joined < 2026-01-01\n  b when joined >= 2026-01-01\n",
    "  a when days since joined < 30 days\n  b when days since joined >= 30 days\n",
    "  a when vip and n < 5\n  b when vip and n >= 5\n  c when not vip\n",
    '  a when city = "x"\n  b when city != "x"\n',
    '  a when tags has "x"\n  b when not tags has "x"\n',
    "  a when n < edge\n  b when n >= edge\n",
    "  a when n < edge\n  b when n between edge and top_edge\n  c when n > top_edge\n",
    "  a when m < 5\n  b when m >= 5\n",
    "  a when count(orders) < 5\n  b when count(orders) >= 5\n",
    "  a when n_opt < 5\n  b when n_opt >= 5\n",
]
BEFORE = (
    "param edge = 3\n  from 2027-01-01 = 4\nparam top_edge = 4\n  from 2027-06-01 = 9\n"
    "metric m = n + 1\n"
)


@pytest.mark.parametrize("cases", PROVEN)
def test_what_is_simple_is_proven(cases: str) -> None:
    assert codes(f"{BEFORE}classify c exclusive\n{cases}") == []


@pytest.mark.parametrize(
    ("cases", "found"),
    [
        ("  a when n < 5\n  b when n > 5\n", ["E0621"]),
        ("  a when n <= 5\n  b when n >= 5\n", ["E0622"]),
        ("  a when rate <= 1.49\n  b when rate >= 1.5\n", ["E0621"]),
        ("  a when vip or n < 5\n  b when not vip\n", ["E0622"]),
        ("  a when day is workday\n  b when day is festival\n", ["E0621"]),
        # A version of a param that breaks the promise breaks it.
        ("  a when n < 4\n  b when n >= edge\n", ["E0622"]),
        ("  a when n < 3\n  b when n >= edge\n", ["E0621"]),
        # What compares two things that are both not constant is not looked into.
        ("  a when n < m\n  b when n >= m\n", ["E0621", "E0622"]),
        ("  a when spend < 5 yuan\n  b when m >= 5\n", ["E0621", "E0622"]),
    ],
)
def test_what_is_not_proven_is_an_error(cases: str, found: list[str]) -> None:
    assert codes(f"{BEFORE}classify c exclusive\n{cases}") == found


def test_each_pair_that_may_overlap_is_told_once() -> None:
    made = compile_text(
        "classify c exclusive\n  a when n < 5\n  b when n < 6\n  d when n < 7\n  e otherwise\n"
    )
    pairs = [(d.facts()["first"], d.facts()["second"]) for d in made.diagnostics]
    assert pairs == [("a", "b"), ("a", "d"), ("b", "d")]


def test_too_many_boxes_prove_nothing_and_take_no_time() -> None:
    many = " and ".join(f"(n != {i} or rate != {i})" for i in range(30))
    assert codes(f"classify c exclusive\n  a when {many}\n  b when not vip\n") == ["E0621", "E0622"]


def test_params_with_many_versions_are_no_hang() -> None:
    params = "".join(
        f"param p{i} = {i}\n" + "".join(f"  from 20{20 + v}-01-01 = {v}\n" for v in range(9))
        for i in range(6)
    )
    edges = " and ".join(f"n < p{i}" for i in range(6))
    assert codes(f"{params}classify c\n  a when {edges}\n  b when not ({edges})\n") == []


def test_a_figure_that_a_table_gives_is_not_only_what_its_first_row_gives() -> None:
    table = "table t first gives x\n  | n -> x |\n  | 1 -> 5 |\n  | otherwise -> 9 |\n"
    assert codes(f"{table}classify c\n  a when t.x = 5\n") == ["E0621"]
    assert codes(f"{table}classify c\n  a when t.x <= 9\n") == []
    assert codes("param p = 5\n  from 2027-01-01 = 9\nclassify c\n  a when p * 2 = 10\n") == [
        "E0621"
    ]
