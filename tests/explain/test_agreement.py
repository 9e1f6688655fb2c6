"""Explanations say what was decided, for generated policies and requests: replaying them gives each
verdict, each status, and what stopped an outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from hypothesis import settings

import siyu
from siyu.core.compiled import Compiled
from siyu.core.ir import Cases, Const, Expr, Ref
from siyu.core.walk import walk
from siyu.evaluators import reference
from siyu.explain import Explanation, Outcome
from siyu.locale import speech
from siyu.records import Read, Rejection
from siyu.types import BOOL
from tests.agreement.engine import compiled_policy, with_cuts
from tests.explain.told import all_steps, steps_of, told
from tests.strategies.customers import People
from tests.strategies.policies import Maker

SEEDS = range(settings.default.max_examples // 8)
VERDICTS = {"true": True, "false": False, "unknown": None}
RULES = ("points", "incentive", "contact")
LISTS = {"points": "points", "incentive": "incentives", "contact": "contacts"}


class Seen:
    """What the reference evaluator and the document say about one request."""

    def __init__(self, policy: siyu.Policy, request: Mapping[str, Any]) -> None:
        read = policy.read(request)
        assert not isinstance(read, Rejection)
        self.read: Read = read
        trace = reference.Trace()
        self.values = reference.evaluate(policy.ready, read.facts, read.event, trace)
        self.document = policy.decide(request).to_dict()
        self.verdicts: dict[str, set[object]] = {}
        for binding in policy.ready.bindings:
            for node in walk(binding.expr):
                if node.code and node.type == BOOL and id(node) in trace.values:
                    self.verdicts.setdefault(node.code, set()).add(trace.values[id(node)])
            self._stops(binding.expr, trace)

    def _stops(self, expr: Expr, trace: reference.Trace) -> None:
        for arm in expr.arms if isinstance(expr, Cases) else ():
            said = arm.value.value if isinstance(arm.value, Const) else None
            if isinstance(said, str) and " " in said:
                when = arm.when
                held = self.values[when.name] if isinstance(when, Ref) else trace.value(when)
                self.verdicts.setdefault(said.partition(" ")[2], set()).add(held)


def policies() -> Iterator[tuple[siyu.Policy, Compiled, Random]]:
    for seed in SEEDS:
        rng = Random(seed)
        compiled = compiled_policy(Maker(rng).policy())
        if compiled.program is not None:
            yield with_cuts(compiled, rng), compiled, rng


def check_verdicts(explanation: Explanation, seen: Seen) -> None:
    """Every verdict with a code is what the reference evaluator found for it."""
    for outcome in explanation.outcomes:
        for step in all_steps(outcome):
            assert step.role == "fact" or step.verdict is not None, step
            preferred = step.code.endswith((".competes.1", ".priority.1"))
            if not step.code or (preferred and not step.reached):
                continue  # of who takes no part it is said what would be
            assert VERDICTS[str(step.verdict)] in seen.verdicts[step.code], step


def check_status(outcome: Outcome, seen: Seen) -> None:
    document, name = seen.document, outcome.name
    if outcome.kind in RULES:
        there = any(item["rule"] == name for item in document[LISTS[outcome.kind]])
        stops = [stop for stop in document["stopped"] if stop["rule"] == name]
        assert (outcome.status == "yes") == there
        assert (outcome.status == "stopped") == bool(stops)
        stopped_by = [s.code for s in outcome.chain if s.role == "stopper" and s.reached
                      and s.verdict == "true"]  # fmt: skip
        assert stopped_by[:1] == [stop["code"] for stop in stops], outcome
        decided = [step.code for step in outcome.chain if step.decisive]
        assert decided == [stop["code"] for stop in stops]
    elif outcome.kind == "segment":
        truth = {"yes": True, "no": False, "unknown": None}
        assert truth[outcome.status] is document["segments"][name]
    elif outcome.kind == "classify":
        assert (outcome.status == "unknown") == (document["classes"][name] is None)
    elif outcome.kind == "tier":
        assert (outcome.status == "unknown") == (document["tiers"][name]["level"] is None)
    elif outcome.kind == "ensure" and name in document["claims"]:
        truth = {"yes": True, "no": False, "unknown": None}
        assert truth[outcome.status] is document["claims"][name]


def check_reasons(outcome: Outcome) -> None:
    """What decided has verdicts that make the status."""
    decided = [step for step in outcome.steps if step.decisive and step.role == "condition"]
    if outcome.kind == "segment" and outcome.status == "yes":
        assert decided and all(step.verdict == "true" for step in decided)
    if outcome.kind in RULES and outcome.status == "no" and outcome.kind != "points":
        assert decided and all(step.verdict != "true" for step in decided)


def check_words(explanation: Explanation) -> None:
    for tongue in ("en", "zh"):
        text = told(explanation, speech(tongue))
        assert "{" not in text.replace("{}", ""), text
        assert "None" not in text, text
    for outcome in explanation.outcomes:
        assert outcome.headline
        assert all(step.text for step in all_steps(outcome)), outcome


def test_explanations_say_what_was_decided() -> None:
    explained = 0
    for policy, compiled, rng in policies():
        for _ in range(2):
            request = People(rng, policy.program.timezone).request()
            seen = Seen(policy, request)
            everything = policy.explain(request)
            named = {outcome.name for outcome in everything.outcomes}
            for section in ("points", "incentives", "contacts", "stopped"):
                assert {item["rule"] for item in seen.document[section]} <= named
            ones = (policy.explain(request, name) for name in compiled.kinds)
            for explanation in (everything, *ones):
                check_verdicts(explanation, seen)
                check_words(explanation)
                for outcome in explanation.outcomes:
                    check_status(outcome, seen)
                    check_reasons(outcome)
                    explained += 1
    assert explained > 500


def parts_of(compiled: Compiled) -> Iterator[str]:
    """Everything a why-not can be asked about."""
    assert compiled.program is not None
    for name, kind in compiled.kinds.items():
        if kind in (*RULES, "segment", "ensure"):
            yield name
    yield from (label for label in compiled.labels if label not in compiled.kinds)
    for binding in compiled.program.bindings:
        owner, _, last = binding.name.rpartition(".")
        if last == "fired" and compiled.kinds.get(owner.rpartition(".")[0]) == "score":
            yield owner
        if last == "row" and isinstance(binding.expr, Cases):
            yield from (f"{binding.name}.{n}" for n in range(1, len(binding.expr.arms) + 2))


def test_what_did_not_happen_has_a_reason() -> None:
    asked = 0
    for policy, compiled, rng in policies():
        request = People(rng, policy.program.timezone).request()
        seen = Seen(policy, request)
        for what in parts_of(compiled):
            explanation = policy.explain(request, why_not=what)
            (outcome,) = explanation.outcomes
            check_verdicts(explanation, seen)
            check_words(explanation)
            if outcome.kind in RULES:
                check_status(outcome, seen)
            if outcome.status == "yes" or (outcome.kind == "ensure" and not outcome.steps):
                continue
            asked += 1
            lacking = [s for s in steps_of(outcome.steps) if s.verdict in ("false", "unknown")]
            stops = [s for s in outcome.chain if s.verdict == "true" and s.reached]
            instead = [s for s in outcome.steps if s.decisive]
            nothing = [s for s in outcome.steps if s.role == "fact" and s.decisive]
            assert lacking or stops or instead or nothing, (what, outcome)
    assert asked > 100


def test_the_chain_of_a_why_not_is_whole() -> None:
    """A why-not has every stage that the rule has, whatever stopped it."""
    for policy, compiled, rng in policies():
        request = People(rng, policy.program.timezone).request()
        for name, kind in compiled.kinds.items():
            if kind not in RULES:
                continue
            (short,) = policy.explain(request, name).outcomes
            (whole,) = policy.explain(request, why_not=name).outcomes
            codes = [step.code for step in whole.chain]
            assert [step.code for step in short.chain] == codes[: len(short.chain)]
            assert all(step.reached for step in short.chain)
