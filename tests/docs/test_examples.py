"""Every example that the pages show is compiled, and does what they say it does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from siyu.functions.identity import bucket, outcome_id
from siyu.kinds import KINDS
from siyu.population.files import read_allocation, read_calibration
from siyu.syntax.parse import parse
from siyu.testing import run_tests
from siyu.text import Source
from tests.docs.fences import (
    Fence,
    Shown,
    as_request,
    compiled,
    differs,
    fences,
    policy_of,
    policy_text,
    said,
    shown,
    values_files,
)  # fmt: skip

PAGES = ("README.md", "docs/language.md", "docs/reference/kinds.md")
EXAMPLES = [each for page in PAGES for each in fences(page) if each.language == "siyu"]
RIGHT = [each for each in EXAMPLES if each.error is None]
WRONG = [each for each in EXAMPLES if each.error is not None]
TESTED = [each for each in fences("docs/language.md") if each in RIGHT]
FILES = list(values_files("docs/language.md"))
READERS = {"calibration": read_calibration, "allocation": read_allocation}
DECIDED = [each for page in PAGES for each in shown(page)]


@pytest.mark.parametrize("fence", RIGHT, ids=str)
def test_an_example_is_right(fence: Fence) -> None:
    assert said(compiled(fence)) == []


@pytest.mark.parametrize("fence", WRONG, ids=str)
def test_an_example_of_a_mistake_is_refused_for_it(fence: Fence) -> None:
    assert {each.code for each in compiled(fence).diagnostics} == {fence.error}


@pytest.mark.parametrize("fence", TESTED, ids=str)
def test_the_tests_in_an_example_pass(fence: Fence) -> None:
    for result in run_tests(policy_of(fence)):
        assert result.passed, (result.name, result.evaluator, result.failures)


@pytest.mark.parametrize("each", DECIDED, ids=lambda each: str(each.outcome))
def test_a_decision_is_as_shown(each: Shown) -> None:
    decision = policy_of(each.policy).decide(as_request(each.request))
    assert differs(as_request(each.outcome), json.loads(decision.to_json())) == []


@pytest.mark.parametrize(("policy", "fence"), FILES, ids=str)
def test_a_calibration_and_an_allocation_can_be_read(policy: Fence, fence: Fence) -> None:
    program = policy_of(policy).program
    reader = READERS[fence.words[0]]
    found = reader(Source.of("shown.yaml", fence.text), program)
    assert found.problems == ()
    assert found.values


def test_hold_outs_and_ids_are_found_as_the_page_says() -> None:
    names: dict[str, Any] = {}
    for fence in fences("docs/language.md"):
        if fence.language == "python":
            exec(fence.text, names)
    for customer in ("M1", "M2", "会员"):
        place = bucket("wakeup-2026q4", customer)
        for percent in (10, 88.13, 88.14, 92.51, 92.52):
            held = names["held_out"]("wakeup-2026q4", customer, percent)
            assert held is (place < percent * 100)
        words = ("retail", "wakeup", customer, "2026-11-21")
        assert names["outcome_id"](*words) == outcome_id(*words)


def test_every_kind_has_an_example() -> None:
    shown_kinds = {
        type(node)
        for fence in fences("docs/language.md")
        if fence.language == "siyu" and fence.error is None
        for node in parse(Source.of("example.siyu", policy_text(fence))).file.declarations
    }
    assert {kind.node for kind in KINDS} <= shown_kinds


def test_mistakes_and_decisions_are_shown() -> None:
    assert len(WRONG) > 5
    assert len(DECIDED) > 3
    assert {fence.words[0] for _, fence in FILES} == set(READERS)


@pytest.mark.parametrize("expected", [{"a": 1}, {"b": {"c": [1, "…"]}}, {"b": {"c": [2]}}])
def test_what_differs_from_what_is_shown_is_told(expected: object) -> None:
    found = {"a": 1, "b": {"c": [2, 3]}}
    assert (differs(expected, found) == []) is (expected == {"a": 1})
