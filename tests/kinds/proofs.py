"""Conditions that can be reasoned about, and what a customer must bring to make them true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from siyu.core.compiled import Compiled
from tests.corpus.engines import compiled
from tests.corpus.read import Chapter, facts

HEAD = 'policy p\n  language 1\n  currency CNY\n  schema "facts.yaml"\n\n'
SIGNS = ("<", "<=", ">", ">=", "=", "!=")
DAYS = ("workday", "weekend", "festival")

# The optional fields are required here: proofs are about known values.
FACTS = (
    facts()
    .replace("day:       {type: enum day_kind, optional: true}", "day:       {type: enum day_kind}")
    .replace("city:      {type: text, optional: true}", "city:      {type: text}")
    .replace(
        "rate:      {type: decimal, scale: 3, optional: true}", "rate: {type: decimal, scale: 3}"
    )
)


def compile_text(text: str) -> Compiled:
    return compiled(Chapter("proofs", 1, "", HEAD + text, FACTS, "UTC", None))


@st.composite
def simple(draw: st.DrawFn) -> str:
    match draw(st.integers(0, 7)):
        case 0 | 1:
            return f"n {draw(st.sampled_from(SIGNS))} {draw(st.integers(0, 4))}"
        case 2:
            low = draw(st.integers(0, 4))
            return f"n between {low} and {draw(st.integers(0, 4))}"
        case 3:
            tenths = draw(st.integers(0, 40))
            return f"rate {draw(st.sampled_from(SIGNS))} {tenths / 10}"
        case 4:
            return draw(st.sampled_from(("vip", "not vip", "vip is true", "vip = false")))
        case 5:
            day = draw(st.sampled_from(DAYS))
            return f"day {draw(st.sampled_from((*SIGNS, 'is', 'is not')))} {day}"
        case 6:
            days = ", ".join(draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=2)))
            return f"day {draw(st.sampled_from(('in', 'not in')))} ({days})"
        case _:
            few = ", ".join(map(str, draw(st.lists(st.integers(0, 4), min_size=1, max_size=3))))
            return f"n {draw(st.sampled_from(('in', 'not in')))} ({few})"


def joined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    both = st.tuples(parts, st.sampled_from(("and", "or")), parts)
    return both.map(lambda p: f"({p[0]} {p[1]} {p[2]})") | parts.map(lambda p: f"(not {p})")


conditions = st.recursive(simple(), joined, max_leaves=4)
points = st.fixed_dictionaries(
    {
        "n": st.integers(-1, 5),
        "rate": st.integers(-1, 41).map(lambda tenths: f"{tenths / 10}"),
        "vip": st.booleans(),
        "day": st.sampled_from(DAYS),
    }
)


def request(point: Mapping[str, Any]) -> dict[str, Any]:
    customer = {"id": "M1", "unsubscribed": False, "consents": [], "city": "x", **point}
    return {"customer": customer, "as_of": "2026-11-21T10:00:00+08:00"}
