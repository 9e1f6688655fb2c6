"""Explanations say what was decided, for generated policies and requests: replaying them gives each
verdict, each status, and what stopped an outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
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
from siyu.population.files import PopulationValues
from siyu.records import Read, Rejection
from siyu.types import BOOL
from tests.agreement.engine import compiled_policy, with_cuts
from tests.explain.packs import loaded
from tests.explain.test_progress import FACTS, HEAD
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


def check_values(explanation: Explanation, compiled: Compiled, seen: Seen) -> None:
    """The value beside a declaration's name is the one that it had."""
    for outcome in explanation.outcomes:
        for step in all_steps(outcome):
            if step.role == "fact" and step.value is not None and step.text in compiled.kinds:
                assert step.value.held == seen.values[str(step.text)], step


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
    stopped: set[str] = set()
    for policy, compiled, rng in policies():
        for _ in range(2):
            request = People(rng, policy.program.timezone).request()
            seen = Seen(policy, request)
            stopped |= {stop["by"] for stop in seen.document["stopped"]}
            everything = policy.explain(request)
            named = {outcome.name for outcome in everything.outcomes}
            for section in ("points", "incentives", "contacts", "stopped"):
                assert {item["rule"] for item in seen.document[section]} <= named
            ones = (policy.explain(request, name) for name in compiled.kinds)
            for explanation in (everything, *ones):
                check_verdicts(explanation, seen)
                check_words(explanation)
                check_values(explanation, compiled, seen)
                for outcome in explanation.outcomes:
                    check_status(outcome, seen)
                    check_reasons(outcome)
                    explained += 1
    assert explained > 500
    assert len(stopped) >= 4, stopped


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


# ---------------------------------------------------------------- every way to be stopped

STOPS = (
    HEAD
    + """\
group gifts choose 1 by priority, worth

incentive big
  for n >= 1
  unless vip
  give coupon "A"
  worth 9 yuan
  soft internal
  competes in gifts
  priority 2
  limit 1 per 30 days
  limit 2 per year

incentive small
  for n >= 0
  give coupon "B"
  worth 5 yuan
  costs 5 yuan
  soft internal
  competes in gifts
  priority 2
  holdout 30%
  budget 100 yuan per month by spent

contact first greeting
  for n >= 1
  via sms when vip, app
  send "a"
  limit 1 per 7 days
  during 11:00 to 20:00
  discard after 30 minutes
  priority 3

contact second recover
  for big or small
  unless spent > 500 yuan
  via sms, app
  send "b"
  priority 2
  holdout 20%

contact third recover
  for n >= 0
  via app, sms
  send "c"
  priority 1

contact policy house
  limit 2 per week for recover
  limit 1 per 3 days on sms
  quota 10 per day on app by spent
  quiet 21:00 to 09:00
  never when off
  choose 2 by priority
"""
)
ALLOTTED = {
    "small.budget.1": (("", "cut", True, 20_000, "small 8"),),
    "small.budget.1.period": "2026-11",
    "house.quota.1": (("", "cut", True, 10_000, "third 8"),),
    "house.quota.1.period": "2026-11-21",
}


def anybody(rng: Random) -> dict[str, Any]:
    """A member who may be stopped by anything."""

    def rows(names: tuple[str, ...], column: str, **more: tuple[str, ...]) -> list[dict[str, Any]]:
        return [
            {
                "at": f"2026-11-{rng.randrange(10, 22):02d}T09:30:00+08:00",
                column: rng.choice(names),
                **{key: rng.choice(values) for key, values in more.items()},
            }
            for _ in range(rng.choice((0, 0, 1, 3)))
        ]

    channels = rng.sample(("sms", "app"), rng.randrange(3))
    customer = {
        "id": f"m{rng.randrange(10**6)}",
        "n": rng.randrange(3),
        "spent": f"{rng.choice((0, 100, 200, 501))}.00",
        "vip": rng.random() < 0.3,
        "off": rng.random() < 0.1,
        "grants": rows(("big", "small"), "incentive"),
        "sent": rows(("first", "second", "third"), "contact", channel=("sms", "app")),
        "consents": [{"channel": each, "granted": rng.random() < 0.9} for each in channels],
    }
    hour = rng.choice(("10:00", "10:45", "12:00", "22:00"))
    return {"customer": customer, "as_of": f"2026-11-21T{hour}:00+08:00"}


def test_whatever_stops_a_rule_is_told(tmp_path: Path) -> None:
    rng = Random(7)
    policy = loaded(tmp_path, STOPS, FACTS)
    policy = policy.with_values(None, PopulationValues(ALLOTTED, "sha256:" + "0" * 64))
    stopped: set[str] = set()
    for _ in range(settings.default.max_examples):
        request = anybody(rng)
        seen = Seen(policy, request)
        stopped |= {stop["by"] for stop in seen.document["stopped"]}
        everything = policy.explain(request)
        asked = [policy.explain(request, why_not=name) for name in policy.compiled.kinds]
        for explanation in (everything, *asked):
            check_verdicts(explanation, seen)
            check_words(explanation)
            for outcome in explanation.outcomes:
                check_status(outcome, seen)
                check_reasons(outcome)
    assert stopped == {
        "unless", "never", "consent", "limit", "group", "holdout", "budget", "quota",
        "arbitration", "discard",
    }  # fmt: skip
