"""Explanations: complete, true, and fit to be read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import siyu
from siyu import api
from siyu.core.walk import walk
from siyu.evaluators import reference
from siyu.explain import Explanation, Line, NoSuchOutcome
from siyu.explain.model import MARKS
from siyu.records import Rejection
from tests.agreement.engine import compiled_policy, with_cuts
from tests.strategies.customers import People
from tests.strategies.policies import Maker

PACK = Path(__file__).resolve().parents[2] / "policies/retail_membership"
AT = "2026-11-21T10:00:00+08:00"


@pytest.fixture(scope="module")
def tour() -> siyu.Policy:
    return siyu.load(PACK / "tour.siyu", calibration=PACK / "calibration.yaml", cache=False)


def requests() -> Iterator[dict[str, Any]]:
    for name in ("customers.jsonl", "events.jsonl"):
        for line in (PACK / name).read_text(encoding="utf-8").splitlines():
            yield json.loads(line, parse_float=Decimal)


def asked(member: str, event: str | None = None) -> dict[str, Any]:
    return next(
        each
        for each in requests()
        if each["customer"]["member_id"] == member and each.get("event", {}).get("type") == event
    )


# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize("member", ["M01", "M04", "M06", "M12", "M15"])
def test_members_of_the_retail_policy(
    member: str, tour: siyu.Policy, snapshot: SnapshotAssertion
) -> None:
    assert tour.explain(asked(member)).text() == snapshot


def test_events_of_the_retail_policy(tour: siyu.Policy, snapshot: SnapshotAssertion) -> None:
    said = [
        tour.explain(each, part["rule"]).text()
        for each in requests()
        if "event" in each
        for part in tour.decide(each).points
    ]
    assert "\n".join(said) == snapshot


# ---------------------------------------------------------------- what is true


def lines(found: tuple[Line, ...]) -> Iterator[Line]:
    for line in found:
        yield line
        yield from lines(line.below)


VERDICTS = {
    "true": True,
    "false": False,
    "unknown": None,
    "stopped": True,
    "free": False,
    "cut": True,
    "uncut": False,
}


def check(policy: siyu.Policy, request: dict[str, Any], explanation: Explanation) -> None:
    """Every verdict with a code is what the reference evaluator found for a node of that code."""
    read = policy.read(request)
    assert not isinstance(read, Rejection)
    trace = reference.Trace()
    reference.evaluate(policy.ready, read.facts, read.event, trace)
    known: dict[str, set[object]] = {}
    for binding in policy.ready.bindings:
        for node in walk(binding.expr):
            if node.code and id(node) in trace.values:
                known.setdefault(node.code, set()).add(trace.values[id(node)])
    for outcome in explanation.outcomes:
        assert outcome.headline
        for line in lines(outcome.lines):
            assert line.text
            assert line.verdict in MARKS
            if line.code in known:
                assert VERDICTS[line.verdict] in known[line.code], (line, known[line.code])
            elif line.code:
                assert line.verdict == "stopped", line


def test_verdicts_are_those_of_the_reference(tour: siyu.Policy) -> None:
    for request in requests():
        check(tour, request, tour.explain(request))


def test_every_declaration_of_generated_policies_can_be_explained() -> None:
    explained = 0
    for seed in range(25):
        rng = Random(seed)
        compiled = compiled_policy(Maker(rng).policy())
        if compiled.program is None:
            continue
        policy = with_cuts(compiled, rng)
        for _ in range(2):
            request = People(rng, policy.program.timezone).request()
            everything = policy.explain(request)
            check(policy, request, everything)
            decided = policy.decide(request)
            named = {outcome.name for outcome in everything.outcomes}
            for section in ("points", "incentives", "contacts", "stopped"):
                assert {item["rule"] for item in getattr(decided, section)} <= named
            for section in ("tiers", "classes", "segments", "scores", "tables", "claims"):
                assert set(getattr(decided, section)) <= named
            for name in compiled.kinds:
                one = policy.explain(request, name)
                assert [outcome.name for outcome in one.outcomes] == [name]
                assert json.loads(json.dumps(one.to_dict())) == one.to_dict()
                explained += 1
    assert explained > 500


# ---------------------------------------------------------------- what is asked for


@pytest.mark.parametrize(
    ("what", "name"),
    [("wakeup", "wakeup"), ("唤醒大额券", "wakeup"), ("wakeup.limit.1", "wakeup"),
     ("member_level.gold", "member_level"), ("生命周期", "lifecycle")],
)  # fmt: skip
def test_names_labels_and_codes_are_understood(what: str, name: str, tour: siyu.Policy) -> None:
    (outcome,) = tour.explain(asked("M04"), what).outcomes
    assert outcome.name == name


@pytest.mark.parametrize(
    ("what", "near"),
    [("wakup", "`wakeup`"), ("生命周", "`生命周期`"), ("zzzzzzzzzz", None), ("", None)],
)
def test_unknown_names_are_told_with_the_nearest(
    what: str, near: str | None, tour: siyu.Policy
) -> None:
    with pytest.raises(NoSuchOutcome) as caught:
        tour.explain(asked("M04"), what)
    assert isinstance(caught.value, KeyError)
    assert f"`{what}`" in str(caught.value)
    assert near is None or near in str(caught.value)


@pytest.mark.parametrize(
    ("what", "headline"),
    [("repurchase_rate", "a figure about everyone"), ("also_bought", "a figure about everyone"),
     ("gold_entry", "5000.00"), ("growth", "an account decides nothing by itself"),
     ("recency", "156 days"), ("purchase", "only decided on order_paid")],
)  # fmt: skip
def test_what_a_declaration_says_of_one_customer(
    what: str, headline: str, tour: siyu.Policy
) -> None:
    (outcome,) = tour.explain(asked("M04"), what).outcomes
    assert outcome.headline.startswith(headline)


# ---------------------------------------------------------------- how it is told


def told(tour: siyu.Policy, member: str, what: str, **more: Any) -> str:
    return tour.explain({**asked(member), **more}, what).text()


def test_what_stopped_an_outcome_stands_first(tour: siyu.Policy) -> None:
    text = told(tour, "M12", "wakeup")
    assert text.splitlines()[2:5] == [
        "incentive 唤醒大额券 (wakeup): not given, stopped by a limit (wakeup.limit.1)",
        "  ■ stopped by limit 1 per 90 days   [wakeup.limit.1]",
        "    · 1 row of grants",
    ]


def test_consent_says_what_grants_and_what_refuses(tour: siyu.Policy) -> None:
    consents = [{"channel": "sms", "granted": True}, {"channel": "sms", "granted": False}]
    request = asked("M04")
    request["customer"]["consents"] = consents
    assert (
        "  ✗ consent to sms   [wakeup_push.via.2.consent]\n"
        "    · 1 row of consents grants it\n"
        "    · 1 row of consents refuses it\n"
    ) in tour.explain(request, "wakeup_push").text()


def test_the_authors_words_are_said_where_they_hold(tour: siyu.Policy) -> None:
    assert "“您已 156 天 没有光临”" in told(tour, "M04", "wakeup")
    assert "没有光临" not in told(tour, "M01", "wakeup")
    assert "没有光临" not in told(tour, "M12", "wakeup"), "it was stopped"


def test_given_metrics_are_told_as_given(tour: siyu.Policy) -> None:
    given = {"ltv": "900.00", "orders_12m": 7}
    text = told(tour, "M04", "wakeup", metrics=given)
    assert "· 客户终身价值 (ltv) = 900.00, as the request gives it\n" in text
    assert "(aov)" not in text
    text = told(tour, "M04", "orders_12m", metrics=given)
    assert text.splitlines()[2:] == [
        "metric 近12个月订单数 (orders_12m): 7, as the request gives it"
    ]


def test_levels_and_cut_points_are_told(tour: siyu.Policy) -> None:
    text = told(tour, "M04", "member_level")
    assert "· cut of top 5% among orders_12m >= 1 = 20000.00" in text
    assert "14500.00 of spend_12m short of 白金卡" in text
    assert "· 会员等级 (member_level) = 金卡 (gold)" in told(tour, "M04", "offer")


GROUP = """\
policy p
  language 1
  currency CNY
  schema "facts.yaml"

group g choose 1 by priority

incentive one "First"
  for true
  give coupon "A"
  soft internal
  competes in g
  priority 2

incentive two
  for true
  give coupon "B"
  soft internal
  competes in g
  priority 1
"""
FACTS = """\
schema: s
version: 1
customer:
  key: id
  fields:
    id:    {type: text, pii: true}
    phone: {type: text, optional: true, pii: true}
    born:  {type: date, optional: true, pii: true}
    city:  {type: text, optional: true}
collections:
  orders:
    key: no
    time: at
    default: []
    fields: {no: {type: text}, at: {type: datetime}, to: {type: text, pii: true}}
"""
OUT_OF_SEASON = """\
policy p "…"
  language 1
  currency CNY
  schema "facts.yaml"

segment romans
  when city = "Rome"

segment season
  when city = "Rome"
  effective from 2026-01-01 to 2026-03-31

ensure few: share(romans) <= 40%

incentive gift
  for romans
  give coupon "A"
  effective from 2026-01-01 to 2026-03-31
"""
SECRETS = """\
policy p "…"
  language 1
  currency CNY
  schema "facts.yaml"

metric number = phone otherwise "none"
metric last_to = latest(orders.to by at)
metric birthday = anniversary of born
metric age = years since born

segment near
  when city = "Rome" or phone = "555" or last_to = "Ann" or born < 2000-01-01 or number = "5"
  or birthday > 2026-01-01 or age > 100 years
  because "{phone} {number} {city} {last_to}"
"""


def loaded(folder: Path, text: str, facts: str = FACTS) -> siyu.Policy:
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    (folder / "p.siyu").write_text(text, encoding="utf-8")
    return siyu.load(folder, cache=False)


def test_who_was_preferred_is_told(tmp_path: Path) -> None:
    policy = loaded(tmp_path, GROUP)
    text = policy.explain({"customer": {"id": "a"}, "as_of": AT}, "two").text()
    assert "  ■ stopped by what is preferred: First (one)   [two.competes.1]\n" in text


def test_a_rule_outside_its_period_says_so(tmp_path: Path) -> None:
    policy = loaded(tmp_path, OUT_OF_SEASON)
    request = {"customer": {"id": "a", "city": "Rome"}, "as_of": AT}
    for name in ("season", "gift"):
        text = policy.explain(request, name).text()
        assert f"  ✗ effective from 2026-01-01 to 2026-03-31   [{name}.effective.1]\n" in text


def test_what_is_below_the_minimum_says_so(tmp_path: Path) -> None:
    facts = FACTS + (
        "  points_log:\n    role: points log\n    default: []\n    time: at\n    fields: {at: "
        "{type: datetime}, rule: {type: text}, account: {type: text}, points: {type: int}, "
        "event: {type: text}}\n"
        "events: {paid: {key: no, fields: {no: {type: text}, amount: {type: money, min: 0}}}}\n"
    )
    text = SECRETS.partition("metric")[0] + (
        "points buy on paid\n  earn 1 per 1 yuan of event.amount\n  at least 500\n"
    )
    policy = loaded(tmp_path, text, facts)
    event = {"type": "paid", "no": "1", "amount": "499.99"}
    request = {"customer": {"id": "a"}, "event": event, "as_of": AT}
    said = policy.explain(request, "buy").text()
    assert "points buy: nothing posted\n  ✗ at least 500   [buy.at_least.1]\n" in said


def test_a_claim_about_everyone_is_not_called_unknown(tmp_path: Path) -> None:
    policy = loaded(tmp_path, OUT_OF_SEASON)
    text = policy.explain({"customer": {"id": "a"}, "as_of": AT}, "few").text()
    assert "ensure few: a claim about everyone, not about one decision\n" in text


def test_a_condition_alone_is_shown_without_its_declaration(tmp_path: Path) -> None:
    policy = loaded(tmp_path, OUT_OF_SEASON)
    text = policy.explain({"customer": {"id": "a"}, "as_of": AT}, "romans").text()
    assert '  ? city = "Rome"   [romans.when.1]\n' in text


def test_personal_values_are_masked_unless_they_are_asked_for(tmp_path: Path) -> None:
    policy = loaded(tmp_path, SECRETS.replace("years since born", "months since born").replace(
        "100 years", "1200 months"))  # fmt: skip
    orders = [{"no": "1", "at": AT, "to": "Ann Smith"}]
    customer = {"id": "Joe@x", "phone": "0555-1234", "born": "1990-02-03", "city": "Rome"}
    request = {"customer": {**customer, "orders": orders}, "as_of": AT}
    secrets = ("Joe@x", "0555-1234", "1990-02-03", "02-03", "Ann Smith")

    hidden = policy.explain(request)
    everything = [policy.explain(request, name).text() for name in policy.compiled.kinds]
    for text in (hidden.text(), json.dumps(hidden.to_dict(), ensure_ascii=False), *everything):
        assert not any(secret in text for secret in secrets), text
    assert "phone = •••" in hidden.text()
    assert "city = Rome" in hidden.text()
    assert "“••• ••• Rome •••”" in hidden.text()
    shown = policy.explain(request, show_pii=True).text()
    assert all(secret in shown for secret in secrets)
    assert "•••" not in shown
    assert "born = unknown" in policy.explain({"customer": {"id": "b"}, "as_of": AT}).text(), (
        "what is not there needs no mask"
    )


def test_an_explanation_needs_what_a_decision_needs(tour: siyu.Policy) -> None:
    with pytest.raises(api.Rejected, match="member_id"):
        tour.explain({"customer": {}, "as_of": AT})
    with pytest.raises(api.CalibrationNeeded):
        siyu.load(PACK / "tour.siyu", cache=False).explain(asked("M04"))
