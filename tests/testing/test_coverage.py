"""What tests show of rules and conditions, and that it is so: verdicts are those of the evaluators,
and what decides alone makes the rule come out otherwise when it is forced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import siyu
from siyu.api.policy import Policy
from siyu.core.ir import Const, Expr
from siyu.core.program import Binding
from siyu.core.walk import rewrite
from siyu.evaluators import record, reference
from siyu.faces.render import seen_from_here
from siyu.locale import speech
from siyu.records import Read, Rejection
from siyu.testing.coverage.lens import Lens, Seen, look
from siyu.testing.coverage.measure import measure
from siyu.testing.coverage.model import Coverage, Goal
from siyu.testing.coverage.report import report
from siyu.testing.coverage.rules import Condition, rules_of
from siyu.types import BOOL
from siyu.words import ENGLISH
from tests.agreement.engine import compiled_policy, with_cuts
from tests.strategies.customers import People
from tests.strategies.policies import Maker

FACTS = """\
schema: shop
customer:
  key: id
  fields:
    id:    {type: text}
    spend: {type: money, default: 0, min: 0, max: 1000}
    n:     {type: int, optional: true}
    vip:   {type: bool, default: false}
collections:
  grants:
    role: incentive log
    default: []
    time: at
    fields:
      at:        {type: datetime}
      incentive: {type: text}
events:
  paid: {key: no, fields: {no: {type: text}}}
"""
HEAD = 'policy shop\n  language 1\n  currency CNY\n  schema "shop.yaml"\n\n'
RICH = HEAD + "segment rich\n  when spend >= 100 yuan or vip\n"

Load = Callable[[str], Policy]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(text: str) -> Policy:
        (tmp_path / "shop.yaml").write_text(FACTS, encoding="utf-8")
        (tmp_path / "shop.siyu").write_text(text, encoding="utf-8")
        return siyu.load(tmp_path / "shop.siyu")

    return load


def test(title: str, *lines: str) -> str:
    """A test at a moment that does not matter."""
    return "\n".join(
        (f'\ntest "{title}" at 2026-06-15 10:00', *(f"  {line}" for line in lines), "")
    )


test.__test__ = False  # type: ignore[attr-defined]  # it writes tests, and is none


def shown(coverage: Coverage) -> dict[str, set[str]]:
    """What is shown, by code."""
    found: dict[str, set[str]] = {}
    for rule in coverage.rules:
        for each in rule.everything:
            if each.met:
                found.setdefault(each.goal.code, set()).add(each.goal.aim)
    return found


# ---------------------------------------------------------------- what one test shows


def test_a_condition_decides_alone_where_the_others_let_it(load: Load) -> None:
    poor = test("poor", "given customer spend = 5 yuan", "expect no rich")
    assert shown(measure(load(RICH + poor))) == {
        "rich": {"not_fired"},
        "rich.when.1": {"false", "decides_false"},
        "rich.when.1.1": {"false", "decides_false"},
        "rich.when.1.2": {"false", "decides_false"},
    }
    both = test("both", "given customer spend = 100 yuan, vip = true", "expect rich")
    assert shown(measure(load(RICH + both))) == {
        "rich": {"fired"},
        "rich.when.1": {"true", "decides_true"},
        "rich.when.1.1": {"true"},  # the other would have done
        "rich.when.1.2": {"true"},
    }


def test_it_says_which_tests_showed_it(load: Load) -> None:
    tests = test("rich by money", "given customer spend = 100 yuan", "expect rich")
    tests += test("rich by rank", "given customer vip = true", "expect rich")
    (rule,) = measure(load(RICH + tests)).rules
    by_aim = {s.goal.aim: s.tests for s in rule.shown}
    assert by_aim == {"fired": ("rich by money", "rich by rank"), "not_fired": ()}
    money = {s.goal.aim: s.tests for s in rule.conditions[1].shown}
    assert money["decides_true"] == ("rich by money",)
    assert money["decides_false"] == ()


def test_a_rule_of_which_nothing_is_expected_is_not_shown(load: Load) -> None:
    text = RICH + "\nsegment other\n  when n > 5\n"
    found = measure(load(text + test("other", "given customer n = 6", "expect other")))
    assert "other" in shown(found)
    assert not any(code.startswith("rich") for code in shown(found))


def test_what_a_rule_hangs_on_is_shown_with_it(load: Load) -> None:
    text = RICH + '\nincentive gift\n  for rich\n  give coupon "A"\n  soft internal\n'
    found = shown(measure(load(text + test("gift", "given customer vip = true", "expect gift"))))
    assert found["rich.when.1.2"] == {"true", "decides_true"}
    assert found["gift.for.1"] == {"true", "decides_true"}


def test_a_failing_test_shows_nothing(load: Load) -> None:
    found = measure(load(RICH + test("wrong", "given customer vip = true", "expect no rich")))
    assert found.met == 0
    assert found.left_out == ("wrong",)


def test_stoppers_are_shown_one_by_one(load: Load) -> None:
    text = HEAD + (
        'incentive gift\n  for n > 5\n  unless vip\n  give coupon "A"\n'
        "  soft internal\n  limit 1 per 30 days\n"
    )
    had = (
        "given grants",
        "  | at         | incentive |",
        '  | 2026-06-01 | "gift"    |',
    )
    tests = test("vip", "given customer n = 6, vip = true", "expect no gift")
    tests += test("had one", "given customer n = 6", *had, "expect no gift")
    (rule,) = measure(load(text + tests)).rules
    stopped = {s.goal.code: s.tests for s in rule.shown if s.goal.aim == "stopped"}
    assert stopped == {"unless gift.unless.1": ("vip",), "limit gift.limit.1": ("had one",)}


def test_a_rule_on_an_event_is_shown_by_tests_of_that_event_only(load: Load) -> None:
    text = HEAD + 'incentive gift on paid\n  for vip\n  give coupon "A"\n  soft internal\n'
    quiet = test("no event", "given customer vip = true", "expect no gift")
    assert measure(load(text + quiet)).met == 0
    paid = test("paid", "given customer vip = true", 'given paid no = "1"', "expect gift")
    assert shown(measure(load(text + quiet + paid)))["gift"] == {"fired"}


# ---------------------------------------------------------------- what can be shown


def test_what_cannot_be_is_not_counted(load: Load) -> None:
    text = HEAD + "segment never\n  when spend > 2000 yuan\n\nsegment rich\n  when vip\n"
    coverage = measure(load(text))
    never = next(rule for rule in coverage.rules if rule.name == "never")
    reasons = {s.goal.aim: s.unreachable for s in never.conditions[0].shown}
    assert str(reasons["true"]) == "it can never hold within the schema's ranges"
    assert reasons["false"] is None
    assert len(coverage.counted) == (2 + 2) + (2 + 4)


def test_what_is_masked_cannot_decide(load: Load) -> None:
    text = HEAD + (
        "classify size\n  big when spend >= 100 yuan\n  huge when spend >= 500 yuan\n"
        "  small otherwise\n"
    )
    (rule,) = measure(load(text)).rules
    huge = {s.goal.aim: s.unreachable for s in rule.conditions[1].shown}
    assert str(huge["decides_true"]) == "the conditions around it never let it decide alone"
    assert huge["true"] is None


def test_what_is_missing_may_be_decided_by_something_else(load: Load) -> None:
    text = HEAD + (
        "segment lately\n  when count(grants) >= 2 and days since max(grants.at) <= 30 days\n\n"
        "segment open\n  when vip and days since max(grants.at) <= 30 days\n"
    )
    goals = {
        (s.goal.code, s.goal.aim): s.unreachable
        for rule in measure(load(text)).rules
        for s in rule.everything
    }
    always = "whatever is missing, something else decides it then"
    assert str(goals["lately", "cannot_tell"]) == always  # without rows there are not two either
    assert str(goals["lately.when.1", "unknown"]) == always
    assert goals["lately.when.1.2", "unknown"] is None
    assert goals["open", "cannot_tell"] is None


def test_nobody_is_stopped_by_a_group_of_one(load: Load) -> None:
    text = HEAD + (
        "group g choose 1 by worth\n\n"
        'incentive gift\n  for vip\n  give coupon "A"\n  worth 5 yuan\n  soft internal\n'
        "  competes in g\n"
    )
    rule = next(rule for rule in measure(load(text)).rules if rule.name == "gift")
    (group,) = [s for s in rule.shown if s.goal.aim == "stopped"]
    assert str(group.unreachable) == "nothing that competes with it comes before it"


def test_a_policy_without_rules_is_covered(load: Load) -> None:
    assert measure(load(HEAD + "metric m = 1\n")).percent == 100.0


# ---------------------------------------------------------------- the page


def test_the_page_shows_each_condition_beside_the_text(load: Load, tmp_path: Path) -> None:
    policy = load(RICH + test("<poor> & sad", "given customer spend = 5 yuan", "expect no rich"))
    sources = seen_from_here(policy.compiled.sources, tmp_path)
    page = report([(measure(policy), sources)], ENGLISH)
    assert '<mark class="some" tabindex="0">spend &gt;= 100 yuan' in page
    assert "&lt;poor&gt; &amp; sad" in page
    assert "<script" not in page
    assert "http" not in page.split("</style>")[1]
    assert "测试覆盖" in report([(measure(policy), sources)], speech("zh"))


# ---------------------------------------------------------------- it is so


def generated(rng: Random) -> Iterator[tuple[Policy, Lens, Seen]]:
    """A policy of chance, and what the reference sees of members of chance."""
    compiled = compiled_policy(Maker(rng).policy())
    if compiled.program is None:
        return
    policy = with_cuts(compiled, rng)
    kinds = policy.compiled.kinds
    lens = Lens(policy.ready, rules_of(policy.program, kinds), kinds)
    for _ in range(2):
        read = policy.read(People(rng, policy.program.timezone).request())
        assert isinstance(read, Read), isinstance(read, Rejection)
        yield policy, lens, look(policy.ready, read)


@given(st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None)
def test_verdicts_are_those_of_the_generated_code(rng: Random) -> None:
    for _, lens, seen in generated(rng):
        found = set(lens.shows(seen, lens.rules))
        conditions = [
            condition
            for name, rule in lens.rules.items()
            if rule.decided_on(seen.read.event)
            for condition in lens.conditions[name]
        ]
        for condition, value in zip(conditions, asked_alone(conditions, seen), strict=True):
            aim = {True: "true", False: "false", None: "unknown"}[value]
            assert Goal(condition.owner, aim, condition.code) in found  # type: ignore[arg-type]  # aims are words


def asked_alone(conditions: list[Condition], seen: Seen) -> list[bool | None]:
    """The conditions as bindings of their own, decided by generated code."""
    probes = tuple(
        Binding(f"~probe.{n}", condition.node, BOOL) for n, condition in enumerate(conditions)
    )
    program = replace(seen.program, bindings=(*seen.program.bindings, *probes))
    given = tuple(name for name, _ in seen.read.facts.given)
    names = tuple(probe.name for probe in probes)
    values = record.compile_record(program, seen.read.event, given, names).values(seen.read.facts)
    return [values[name] for name in names]


@given(st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None)
def test_what_decides_alone_makes_the_rule_come_out_otherwise(rng: Random) -> None:
    for _, lens, seen in generated(rng):
        for name, rule in lens.rules.items():
            some = lens.conditions[name]
            for condition in rng.sample(some, min(2, len(some))):
                verdict = seen.trace.values.get(id(condition.node))
                if verdict is None:
                    continue
                forced = with_verdict(seen, condition, not verdict)
                differs = any(
                    outcome(forced[shown]) != outcome(seen.values[shown]) for shown in rule.shown
                )
                assert lens.decides(condition, seen) is differs, condition.code


def with_verdict(seen: Seen, condition: Condition, verdict: bool) -> dict[str, object]:
    """All values where the condition is a constant, evaluated anew; other rules see nothing of it,
    since only bindings of its own rule are taken."""
    constant = Const(verdict, BOOL)

    def forced(node: Expr) -> Expr:
        return constant if node is condition.node else node

    done: dict[int, Expr] = {}
    bindings = tuple(
        replace(binding, expr=rewrite(binding.expr, forced, done))
        for binding in seen.program.bindings
    )
    program = replace(seen.program, bindings=bindings)
    return reference.evaluate(program, seen.read.facts, seen.read.event)


def outcome(value: object) -> object:
    """A value as an outcome: not fired is not fired."""
    return False if value is None else value


@pytest.mark.parametrize("seed", range(6))
def test_what_is_called_unreachable_is_never_seen(seed: int) -> None:
    rng = Random(seed)
    compiled = compiled_policy(Maker(rng).policy())
    if compiled.program is None:
        return
    never = unreachable(Policy(compiled, Path("policy.siyu")))
    for _ in range(6):
        policy = with_cuts(compiled, rng)
        lens = Lens(policy.ready, rules_of(policy.program, compiled.kinds), compiled.kinds)
        request = People(rng, policy.program.timezone).request()
        request.pop("metrics", None)  # what they bring need not fit the rows
        read = policy.read(request)
        assert isinstance(read, Read), isinstance(read, Rejection)
        assert never.isdisjoint(lens.shows(look(policy.ready, read), lens.rules))


def unreachable(policy: Policy) -> set[Goal]:
    """The goals that no test is said to show."""
    return {s.goal for rule in measure(policy).rules for s in rule.everything if s.unreachable}
