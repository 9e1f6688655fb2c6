"""Generated policies about generated customers: every change that is proposed does what it says.

It is made by hand, on the facts of the request, and decided by the definition of the whole policy.
A heap from fixed seeds must also reach every kind of outcome, figure and value.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siyu.api.policy import Policy
from siyu.explain.changes import Situation, board_of, find_changes
from siyu.explain.changes.goals import goal_of
from siyu.explain.changes.levers import step_of
from siyu.explain.model import Change, Changes
from siyu.records import Read, Rejection
from siyu.schema import Field, Schema
from siyu.types import DateTimeType, DateType, IntType, NumberType
from tests.agreement.engine import compiled_policy, with_cuts
from tests.explain.changes.applying import SECTIONS, decided, outcome, with_changes
from tests.strategies.customers import People
from tests.strategies.policies import Maker

TARGETS = 6  # declarations asked about per request
RANKS = {"plain": 0, "silver": 1, "gold": 2}

WANTED = {
    *(f"kind {kind}" for kind in SECTIONS if kind != "ensure"),
    *(f"origin {origin}" for origin in ("customer", "event", "context", "metric", "rows", "time")),
    *(f"type {kind}" for kind in ("BoolType", "IntType", "DecimalType", "MoneyType",
                                  "EnumType", "SetType", "TextType", "DateType",
                                  "DateTimeType")),
    *(f"bound {bound}" for bound in ("at least", "at most", "exactly")),
    "consent", "from unknown", "from zero", "with a last day", "nothing found", "searched",
    "more", "less", "tried one by one",
    *(f"two of kind {kind}" for kind in ("segment", "classify", "incentive", "contact")),
    *(f"two with {origin}" for origin in ("customer", "metric")),
}  # fmt: skip


def targets(policy: Policy, event: str | None) -> list[tuple[str, str]]:
    """Declarations with outcomes in a request about this event: (kind, name)."""
    kinds = policy.compiled.kinds
    emitted = {part.name for part in policy.ready.emits(event)}
    return [(kind, name) for name, kind in kinds.items() if kind in SECTIONS and name in emitted]


def check(policy: Policy, read: Read, kind: str, name: str, before: Any) -> Iterator[str]:
    """Labels of what was found; fails where a change does not do what it says."""
    found = find_changes(policy.compiled, policy.ready, read, name)
    facts = [change.fact for change in found.found]
    assert len(facts) == len(set(facts)), "one entry for each figure"
    shares = [abs(change.share) for change in found.found if change.share is not None]
    assert shares == sorted(shares)
    assert len(found.found) <= found.tried
    if not found.found:
        yield "nothing found"
    if "tried" in str(found.within):
        yield "searched"
    else:
        yield from check_nearest(policy, read, name, found)
    for change in found.found:
        yield from check_change(policy, read, kind, name, change, before)
    assert not (found.found and found.together), "two only where one is not enough"
    for both in found.together:
        yield from check_both(policy, read, kind, name, both, before)


def check_nearest(policy: Policy, read: Read, name: str, found: Changes) -> Iterator[str]:
    """Every whole number that the schema allows is tried: none nearer does it, on either side."""
    goal = goal_of(policy.compiled, policy.ready, read.event, name)
    assert goal is not None
    board = board_of(policy.compiled, policy.ready, read.event, goal.watched, False)
    situation = Situation(board, read.facts, read.as_of)
    for lever in board.levers:
        if lever.origin != "customer" or not isinstance(lever.type, IntType):
            continue
        here = situation.present(lever)
        if here is None:
            continue
        near = [
            abs(value - here)
            for value in range(lever.type.low, lever.type.high + 1)
            if goal.reached(
                situation.before, situation.outcome(lever.moved(situation.facts, value))
            )
        ]
        change = next((each for each in found.found if each.fact == lever.name), None)
        distance = None if change is None else abs(change.after.held - here)
        assert distance == min(near, default=None), (lever.name, here, change)
        yield "tried one by one"


def check_change(
    policy: Policy, read: Read, kind: str, name: str, change: Change, before: Any
) -> Iterator[str]:
    def becomes(value: Any) -> Any:
        return outcome(with_changes(policy, read, (change, value)), kind, name)

    after = becomes(change.after.held)
    if kind == "tier" and change.origin == "time":
        assert after[0] != before[0]
    else:
        assert flipped(kind, before, after), (kind, before, after, change)
    within_schema(policy.compiled.schema, read, change)
    less = one_less(change)
    if less is not None:
        assert not flipped(kind, before, becomes(less)), (kind, before, change)
    yield from labels(kind, change)


def check_both(
    policy: Policy, read: Read, kind: str, name: str, both: tuple[Change, Change], before: Any
) -> Iterator[str]:
    """Two changes do it together, neither does it alone, and none is larger than it must be."""

    def flips(*values: tuple[Change, Any]) -> bool:
        return flipped(kind, before, outcome(with_changes(policy, read, *values), kind, name))

    (one, here), (other, there) = values = [(each, each.after.held) for each in both]
    assert one.fact != other.fact and one.result == other.result and one.by == other.by
    assert flips(*values), (kind, before, both)
    for change, value in values:
        within_schema(policy.compiled.schema, read, change)
        assert not flips((change, value)), (kind, before, change)
    less, fewer = one_less(one), one_less(other)
    assert less is None or not flips((one, less), (other, there)), (kind, before, both)
    assert fewer is None or not flips((one, here), (other, fewer)), (kind, before, both)
    yield f"two of kind {kind}"
    yield from (f"two with {each.origin}" for each in both)


def flipped(kind: str, before: Any, after: Any) -> bool:
    """Whether it is another outcome, as far as the document tells."""
    if kind == "tier" and threatened(*before):
        return RANKS[after[0]] >= RANKS[before[0]] and not threatened(*after)
    if kind == "tier":
        return after[0] is not None and bool(after[0] != before[0])
    if kind == "segment":
        return (before is True) != (after is True)
    return after is not None and bool(after != before)


def threatened(level: str | None, change: str | None, earned: str | None) -> bool:
    """Whether a level is only kept, for a time."""
    if change not in ("kept", "in_grace") or level is None or earned is None:
        return False
    return RANKS[earned] < RANKS[level]


def one_less(change: Change) -> Any:
    """A value nearer to the present one by the least that such a figure can move; None where
    there is none."""
    before, after = change.before.held, change.after.held
    if change.origin == "time":
        return after - 1 if after - 1 > before else None
    if not isinstance(change.after.type, (NumberType, DateType, DateTimeType)) or before is None:
        return None
    if change.origin in ("metric", "rows") and change.bound == "exactly":
        return None  # what is made of moments goes nowhere but to now
    step = step_of(change.after.type) if change.origin in ("metric", "rows") else 1
    if isinstance(change.after.type, DateType | DateTimeType) or abs(after - before) <= step:
        return None
    return after - step if after > before else after + step


def within_schema(schema: Schema, read: Read, change: Change) -> None:
    """Nothing immutable, nothing personal, no keys, and values as the schema takes them."""
    fields: dict[str, Field] = {}
    match change.origin:
        case "customer":
            fields = dict(schema.fields)
        case "context":
            fields = dict(schema.context)
        case "event":
            assert read.event is not None
            fields = dict(schema.events[read.event].fields)
    field = fields.get(change.fact)
    if field is None:
        assert change.origin in ("metric", "rows", "time") or change.fact.startswith("consents.")
        return
    assert not field.immutable and not field.pii and field.name != schema.key
    assert field.role in (None, "opt-out")
    value = change.after.held
    assert value is not None
    if isinstance(field.type, NumberType):
        assert field.type.low <= value <= field.type.high


def labels(kind: str, change: Change) -> Iterator[str]:
    yield f"kind {kind}"
    yield f"origin {change.origin}"
    yield f"type {type(change.after.type).__name__}"
    yield f"bound {change.bound}"
    if change.fact.startswith("consents."):
        yield "consent"
    if change.before.held is None:
        yield "from unknown"
    if change.before.held == 0 and change.before.held is not False:
        yield "from zero"
    if change.by is not None:
        yield "with a last day"
    if change.gap is not None and change.origin != "time":
        yield "more" if change.gap.held > 0 else "less"


def try_policy(rng: Random, requests: int, seen: Counter[str]) -> None:
    text = Maker(rng).policy()
    compiled = compiled_policy(text)
    if compiled.program is None:
        return
    policy = with_cuts(compiled, rng)
    for _ in range(requests):
        request = People(rng, policy.program.timezone).request()
        read = policy.read(request)
        assert not isinstance(read, Rejection)
        wanted = targets(policy, read.event)
        made = decided(policy, read, read.facts)
        for kind, name in rng.sample(wanted, min(TARGETS, len(wanted))):
            try:
                seen.update(check(policy, read, kind, name, outcome(made, kind, name)))
            except AssertionError as error:
                error.add_note(f"{name} of\n{text}\nfor\n{json.dumps(request)}")
                raise


@pytest.fixture(scope="session")
def heap_size(request: pytest.FixtureRequest) -> int:
    """Policies in the heap."""
    return 400 if request.config.getoption("--hypothesis-profile") == "long" else 90


def test_a_heap_of_changes_flips_and_reaches_everything(heap_size: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(heap_size):
        try_policy(Random(seed), 1, seen)
    assert sorted(WANTED - set(seen)) == []


@given(st.randoms(use_true_random=False))
@settings(max_examples=max(5, settings.default.max_examples // 20 if settings.default else 5))
def test_changes_that_a_search_comes_upon_flip(rng: Random) -> None:
    try_policy(rng, 1, Counter())
