"""Generated policies about generated customers: the generated Python decides as the reference does,
to the byte. A heap from fixed seeds must also reach every kind, verdict and boundary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siyu.api.policy import Policy
from siyu.evaluators import reference
from siyu.records import Rejection
from tests.agreement.engine import by_reference, compiled_policy, with_cuts
from tests.agreement.reached import Reached
from tests.strategies.customers import People
from tests.strategies.policies import Maker

PER_POLICY = 12


@pytest.fixture(scope="session")
def heap_size(request: pytest.FixtureRequest) -> int:
    """Policies in the heap: enough for 2,000 decisions, or in the long profile for 20,000."""
    long = request.config.getoption("--hypothesis-profile") == "long"
    return 1_800 if long else 230


def made_policy(rng: Random) -> tuple[str, Policy | None]:
    """A policy's text, and the policy unless its author made a mistake (a few do)."""
    text = Maker(rng).policy()
    compiled = compiled_policy(text)
    return text, with_cuts(compiled, rng) if compiled.program is not None else None


def check(text: str, policy: Policy, request: Mapping[str, Any], reached: Reached | None) -> None:
    """Fails with everything that is needed to look into a difference."""
    read = policy.read(request)
    assert not isinstance(read, Rejection), f"{read}\n{request}"
    trace = reference.Trace()
    expected = by_reference(policy, read, trace)
    found = policy.decide(request).to_json()
    if found != expected:
        one, two = json.loads(expected), json.loads(found)
        parts = {k: (one[k], two[k]) for k in one if one[k] != two[k]}
        pytest.fail(f"the evaluators differ: {parts}\n{text}\n{json.dumps(request)}")
    if reached is not None:
        reached.decision(expected, "metrics" in request)
        if reached.decisions % 4 == 0:
            reached.trace(policy.ready, trace)


def test_a_heap_of_policies_agrees_and_reaches_everything(heap_size: int) -> None:
    reached = Reached()
    for seed in range(heap_size):
        rng = Random(seed)
        text, policy = made_policy(rng)
        if policy is None:
            continue
        reached.policy(policy.ready)
        for _ in range(PER_POLICY):
            request = People(rng, policy.program.timezone).request()
            check(text, policy, request, reached)
    assert reached.policies >= heap_size * 9 // 10, "too many generated policies have mistakes"
    assert reached.decisions >= 2_000
    assert reached.missing() == []


@given(st.randoms(use_true_random=False))
@settings(max_examples=max(10, settings.default.max_examples // 4 if settings.default else 25))
def test_policies_that_a_search_comes_upon_agree(rng: Random) -> None:
    text, policy = made_policy(rng)
    if policy is None:
        return
    for _ in range(3):
        check(text, policy, People(rng, policy.program.timezone).request(), None)
