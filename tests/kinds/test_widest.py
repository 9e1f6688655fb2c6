"""What a table or a param gives reaches as far as all of its values, not as one of them."""

from __future__ import annotations

import pytest

from siyu.semantics.ranges import bounds
from tests.population.people import compiled

SCHEMA = """schema: s
customer:
  key: member_id
  fields:
    member_id: {type: text}
    visits:    {type: int, min: 0, max: 100}
"""
TABLE = """
table care first gives turn, value
  | visits    -> turn | value   |
  | > 10      -> {0}  | 15 yuan |
  | > 5       -> {1}  | 3.50    |
  | otherwise -> {2}  | 20 yuan |
"""


@pytest.mark.parametrize("turns", [("3", "2", "0"), ("0", "2", "3"), ("2", "0", "3")])
def test_a_table_reaches_all_its_rows(turns: tuple[str, str, str]) -> None:
    text = TABLE.replace("3.50 ", "3.50 yuan ").format(*turns)
    found = compiled(text, SCHEMA).program
    assert found is not None
    kinds = {each.name: each.type for each in found.bindings}
    assert bounds(kinds["care.turn"]) == (0, 3)
    assert bounds(kinds["care.value"]) == (350, 2000)  # held with two digits


def test_a_table_of_different_digits() -> None:
    rows = "  | visits -> rate |\n  | > 10 -> 0.25 |\n  | otherwise -> 7 |\n"
    found = compiled(f"\ntable t first gives rate\n{rows}", SCHEMA).program
    assert found is not None
    assert bounds({each.name: each.type for each in found.bindings}["t.rate"]) == (25, 700)


def test_a_param_reaches_all_its_versions() -> None:
    text = "\nparam most = 5\n  from 2027-01-01 = 60\n  from 2028-01-01 = 7\n"
    found = compiled(text, SCHEMA).program
    assert found is not None
    assert bounds({each.name: each.type for each in found.bindings}["most"]) == (5, 60)
