"""Boxes: the values that make a condition true are those for which it evaluates to true."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.api.policy import Policy
from siyu.evaluators import reference
from siyu.kinds.boxes import Box, Ground, Span, Spans, Values, Words, both, where, without
from siyu.records import Read
from tests.kinds.proofs import compile_text, conditions, points, request


def inside(box: Box, worth: Any) -> bool:
    return all(holds(values, worth(subject)) for subject, values in box.items())


def holds(values: Values, value: Any) -> bool:
    if isinstance(values, Words):
        return (value in values.words) != values.other
    return any(
        (s.low is None or s.low <= value) and (s.high is None or value <= s.high)
        for s in values.spans
    )


@given(conditions, conditions, st.lists(points, min_size=5, max_size=10))
def test_boxes_say_what_evaluating_says(one: str, two: str, several: list[dict[str, Any]]) -> None:
    made = compile_text(f"segment a\n  when {one}\nsegment b\n  when {two}\n")
    assert made.program is not None, [d.text() for d in made.diagnostics]
    policy = Policy(made, Path("p.siyu"))
    exprs = {binding.name: binding.expr for binding in policy.ready.bindings}
    a, b = exprs["a"], exprs["b"]
    ground = Ground()
    true, false, other = where(a, ground), where(a, ground, False), where(b, ground)
    left: list[Box] = [{}]
    for taken in true:
        left = [rest for box in left for rest in without(box, taken, ground)]
    met = [box for x in true for y in other if (box := both(x, y)) is not None]
    for point in several:
        read = policy.read(request(point))
        assert isinstance(read, Read), read
        trace = reference.Trace()
        values = reference.evaluate(policy.ready, read.facts, None, trace)
        worth = trace.value
        assert any(inside(box, worth) for box in true) is values["a"]
        assert any(inside(box, worth) for box in false) is not values["a"]
        assert any(inside(box, worth) for box in left) is not values["a"]
        assert any(inside(box, worth) for box in met) is (values["a"] and values["b"])


spans = st.lists(st.integers(-5, 5), min_size=0, max_size=6, unique=True).map(
    lambda ends: Spans(tuple(map(Span, *[iter(sorted(ends)[: len(ends) // 2 * 2])] * 2)))
)
words = st.builds(Words, st.frozensets(st.sampled_from("abc")), st.booleans())


@given(spans, spans, st.integers(-7, 7))
def test_spans_meet_and_leave_a_rest(a: Spans, b: Spans, value: int) -> None:
    assert holds(a.meets(b), value) is (holds(a, value) and holds(b, value))
    assert holds(a.rest(), value) is not holds(a, value)
    assert bool(a) is any(holds(a, each) for each in range(-7, 8))


@given(words, words, st.sampled_from("abcd"))
def test_words_meet_and_leave_a_rest(a: Words, b: Words, value: str) -> None:
    assert holds(a.meets(b), value) is (holds(a, value) and holds(b, value))
    assert holds(a.rest(), value) is not holds(a, value)


@pytest.mark.parametrize(
    ("spans", "rest"),
    [
        ((), (Span(None, None),)),
        ((Span(None, None),), ()),
        ((Span(None, 3),), (Span(4, None),)),
        ((Span(4, None),), (Span(None, 3),)),
        ((Span(1, 1), Span(3, 3)), (Span(None, 0), Span(2, 2), Span(4, None))),
        ((Span(1, 1), Span(2, 3)), (Span(None, 0), Span(4, None))),
    ],
)
def test_the_rest_of_spans(spans: tuple[Span, ...], rest: tuple[Span, ...]) -> None:
    assert Spans(spans).rest() == Spans(rest)
