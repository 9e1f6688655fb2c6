"""Explanations: complete, true, and fit to be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from siyu import api
from siyu.explain import Explanation, NoSuchOutcome
from siyu.locale import speech
from siyu.words import ENGLISH
from tests.explain.packs import AT, PACK, asked, loaded, requests, tour
from tests.explain.told import all_steps, told

# ---------------------------------------------------------------- what is read


@pytest.mark.parametrize("member", ["M01", "M04", "M06", "M12", "M15"])
def test_members_of_the_retail_policy(member: str, snapshot: SnapshotAssertion) -> None:
    assert told(tour().explain(asked(member))) == snapshot


def test_a_member_in_chinese() -> None:
    text = told(tour().explain(asked("M06")), speech("zh"))
    assert "近12个月消费 (spend_12m) = 500.00元" in text
    assert "2026年12月14日" in text
    assert "未知" in text, "that no_minors cannot be told"


def test_events_of_the_retail_policy(snapshot: SnapshotAssertion) -> None:
    said = [
        told(tour().explain(each, part["rule"]))
        for each in requests()
        if "event" in each
        for part in tour().decide(each).points
    ]
    assert "\n".join(said) == snapshot


@pytest.mark.parametrize(
    ("member", "what"),
    [("M12", "wakeup"), ("M12", "wakeup_push"), ("M01", "唤醒大额券"), ("M04", "白金卡"),
     ("M04", "lifecycle.growth"), ("M04", "offer.row.3"), ("M04", "churn_risk.2"),
     ("M07", "at_risk")],
)  # fmt: skip
def test_why_not(member: str, what: str, snapshot: SnapshotAssertion) -> None:
    assert told(tour().explain(asked(member), why_not=what)) == snapshot


# ---------------------------------------------------------------- what is asked for


@pytest.mark.parametrize(
    ("what", "name"),
    [("wakeup", "wakeup"), ("唤醒大额券", "wakeup"), ("wakeup.limit.1", "wakeup"),
     ("member_level.gold", "member_level"), ("生命周期", "lifecycle"), ("金卡", "member_level"),
     ("platinum", "member_level"), ("dormant", "lifecycle")],
)  # fmt: skip
def test_names_labels_and_codes_are_understood(what: str, name: str) -> None:
    (outcome,) = tour().explain(asked("M04"), what).outcomes
    assert outcome.name == name


@pytest.mark.parametrize(
    ("what", "near"),
    [
        ("wakup", "`wakeup`"),
        ("生命周", "`生命周期`"),
        ("白金", "`白金卡`"),
        ("zzzzzzzzzz", None),
        ("", None),
    ],
)
def test_unknown_names_are_told_with_the_nearest(what: str, near: str | None) -> None:
    with pytest.raises(NoSuchOutcome) as caught:
        tour().explain(asked("M04"), what)
    assert isinstance(caught.value, KeyError)
    assert f"`{what}`" in str(caught.value)
    assert near is None or near in str(caught.value)


@pytest.mark.parametrize(
    "what", ["lifecycle.groth", "offer.row.9", "churn_risk.7", "member_level.diamond"]
)
def test_parts_that_are_not_there_are_refused(what: str) -> None:
    with pytest.raises(NoSuchOutcome):
        tour().explain(asked("M04"), why_not=what)


@pytest.mark.parametrize(
    ("what", "status", "headline"),
    [("repurchase_rate", "elsewhere", "a figure about everyone"),
     ("also_bought", "elsewhere", "a figure about everyone"),
     ("gold_entry", "yes", "¥5,000.00"), ("growth", "elsewhere", "an account decides nothing"),
     ("recency", "yes", "156 days"), ("purchase", "elsewhere", "only decided on the event"),
     ("wakeup", "yes", "given: coupon 50 off 199, worth ¥50.00"), ("at_risk", "no", "not in")],
)  # fmt: skip
def test_what_a_declaration_says_of_one_customer(what: str, status: str, headline: str) -> None:
    (outcome,) = tour().explain(asked("M04"), what).outcomes
    assert outcome.status == status
    assert ENGLISH.of(outcome.headline).startswith(headline)


# ---------------------------------------------------------------- how it is told


def about(member: str, what: str, **more: Any) -> str:
    return told(tour().explain({**asked(member), **more}, what))


def test_what_stopped_an_outcome_decided_it() -> None:
    (outcome,) = tour().explain(asked("M12"), "wakeup").outcomes
    assert [step.code for step in outcome.chain if step.decisive] == ["wakeup.limit.1"]
    assert outcome.chain[-1].code == "wakeup.limit.1", "a why shows nothing behind it"
    assert not any(step.decisive for step in outcome.steps)
    assert "(1 of at most 1, again from 18 Jan 2027 10:00)" in about("M12", "wakeup")


def test_a_metric_is_told_once() -> None:
    explanation = tour().explain(asked("M04"))
    shown = [
        step for outcome in explanation.outcomes for step in all_steps(outcome)
        if step.text == "近12个月消费 (spend_12m)"
    ]  # fmt: skip
    assert len(shown) > 2
    assert [bool(step.below) for step in shown] == [True] + [False] * (len(shown) - 1)
    assert all(ENGLISH.of(step.remark) == "see above" for step in shown[1:])


def test_consent_says_what_grants_and_what_refuses() -> None:
    consents = [{"channel": "sms", "granted": True}, {"channel": "sms", "granted": False}]
    request = asked("M04")
    request["customer"]["consents"] = consents
    assert (
        "         ✗ consent to sms  [wakeup_push.via.2.consent]\n"
        "           · 1 row of consents grants it\n"
        "             · channel 短信 (sms), granted yes\n"
        "           · 1 row of consents refuses it\n"
    ) in told(tour().explain(request, "wakeup_push"))


def test_the_authors_words_are_said_where_they_hold() -> None:
    assert "“您已 156 天 没有光临”" in about("M04", "wakeup")
    assert "没有光临" not in about("M01", "wakeup")
    assert "没有光临" not in about("M12", "wakeup"), "it was stopped"


def test_given_metrics_are_told_as_given() -> None:
    given = {"ltv": "900.00", "orders_12m": 7}
    text = about("M04", "wakeup", metrics=given)
    assert "· 客户终身价值 (ltv) = ¥900.00 (as the request gives it)\n" in text
    assert "(aov)" not in text
    text = about("M04", "orders_12m", metrics=given)
    assert text.splitlines()[1:] == ["  7, as the request gives it"]


def test_levels_and_cut_points_are_told() -> None:
    text = about("M04", "member_level")
    assert "· cut-point of `top 5% among orders_12m >= 1` = ¥20,000.00" in text
    assert "to reach 白金卡 (platinum) (¥14,500.00 more of 近12个月消费 (spend_12m))" in text
    assert "· 会员等级 (member_level) = 金卡 (gold)" in about("M04", "monthly_offer")


def test_rows_are_told_by_key_and_no_more_than_five() -> None:
    request = asked("M04")
    order = request["customer"]["orders"][0]
    request["customer"]["orders"] = [{**order, "order_id": f"x{n}"} for n in range(17)]
    text = told(tour().explain(request, "orders_12m"))
    assert "· x0: paid_at 12 Dec 2025 12:00, status 已支付 (paid)\n" in text
    assert "· and 12 more\n" in text


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
LOG = """\
  points_log:
    role: points log
    default: []
    time: at
    fields: {at: {type: datetime}, rule: {type: text}, account: {type: text}, points: {type: int},
      event: {type: text}}
events: {paid: {key: no, fields: {no: {type: text}, amount: {type: money, min: 0}}}}
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


def explained(folder: Path, text: str, what: str, **facts: Any) -> Explanation:
    customer = {"id": "a", **facts}
    return loaded(folder, text, FACTS).explain({"customer": customer, "as_of": AT}, what)


def test_who_was_preferred_is_told(tmp_path: Path) -> None:
    text = told(explained(tmp_path, GROUP, "two"))
    assert "*✓ stopper another one of g is preferred (group g choose 1 by priority)" in text
    assert "· First (one) is chosen (ranked by 2)\n" in text
    assert "· two is not chosen (ranked by 1)\n" in text


def test_an_incentive_outside_its_audience_is_not_stopped(tmp_path: Path) -> None:
    held = GROUP.replace("for true", 'for city = "Rome"').replace(
        "  priority 1\n", "  priority 1\n  holdout 100%\n"
    )
    policy = loaded(tmp_path, held, FACTS)
    request = {"customer": {"id": "a", "city": "Bern"}, "as_of": AT}
    (why,) = policy.explain(request, "two").outcomes
    assert (why.status, why.chain) == ("no", ())
    (why_not,) = policy.explain(request, why_not="two").outcomes
    assert [step.code for step in why_not.chain] == ["two.competes.1", "two.holdout.1"]
    assert not any(step.reached or step.decisive for step in why_not.chain)
    assert why_not.chain[1].verdict == "true", "it would have stopped it"
    assert [step.code for step in why_not.steps if step.decisive] == ["two.for.1"]


def test_a_rule_outside_its_period_says_so(tmp_path: Path) -> None:
    for name in ("season", "gift"):
        text = told(explained(tmp_path, OUT_OF_SEASON, name, city="Rome"))
        assert f"✗ effective from 2026-01-01 to 2026-03-31  [{name}.effective.1]\n" in text


def test_what_is_below_the_minimum_says_so(tmp_path: Path) -> None:
    text = SECRETS.partition("metric")[0] + (
        "points buy on paid\n  earn 1 per 1 yuan of event.amount\n  at least 500\n"
    )
    policy = loaded(tmp_path, text, FACTS + LOG)
    event = {"type": "paid", "no": "1", "amount": "499.99"}
    request = {"customer": {"id": "a"}, "event": event, "as_of": AT}
    said = told(policy.explain(request, "buy"))
    assert (
        "points buy [buy] no\n  nothing posted\n  steps\n    *✗ at least 500 (it comes to 499)  ["
        in said
    )


def test_a_claim_about_everyone_is_not_called_unknown(tmp_path: Path) -> None:
    text = told(explained(tmp_path, OUT_OF_SEASON, "few"))
    assert "ensure few [few] elsewhere\n  a claim about everyone, not about one decision\n" in text


def test_a_condition_alone_is_shown_without_its_declaration(tmp_path: Path) -> None:
    text = told(explained(tmp_path, OUT_OF_SEASON, "romans"))
    assert '*? city = "Rome"  [romans.when.1]\n' in text


def test_personal_values_are_masked_unless_they_are_asked_for(tmp_path: Path) -> None:
    policy = loaded(tmp_path, SECRETS.replace("years since born", "months since born").replace(
        "100 years", "1200 months"), FACTS)  # fmt: skip
    orders = [{"no": "1", "at": AT, "to": "Ann Smith"}]
    customer = {"id": "Joe@x", "phone": "0555-1234", "born": "1990-02-03", "city": "Rome"}
    request = {"customer": {**customer, "orders": orders}, "as_of": AT}
    secrets = ("Joe@x", "0555-1234", "3 Feb 1990", "3 Feb", "1990-02-03", "Ann Smith")

    hidden = policy.explain(request)
    everything = [policy.explain(request, name) for name in policy.compiled.kinds]
    everything += [policy.explain(request, why_not=name) for name in policy.compiled.kinds]
    for explanation in (hidden, *everything):
        document = json.dumps(explanation.to_dict(), ensure_ascii=False)
        for text in (told(explanation), document, explanation.text(), explanation.html()):
            assert not any(secret in text for secret in secrets), text
    assert "phone = •••" in told(hidden)
    assert "city = Rome" in told(hidden)
    assert "“••• ••• Rome •••”" in told(hidden)
    shown = policy.explain(request, show_pii=True)
    assert shown.customer == "Joe@x"
    assert all(secret in told(shown) for secret in ("0555-1234", "3 Feb 1990", "Ann Smith"))
    assert "•••" not in told(shown)
    empty = policy.explain({"customer": {"id": "b"}, "as_of": AT})
    assert "born = unknown" in told(empty), "what is not there needs no mask"


def test_an_explanation_needs_what_a_decision_needs() -> None:
    import siyu

    with pytest.raises(api.Rejected, match="member_id"):
        tour().explain({"customer": {}, "as_of": AT})
    with pytest.raises(api.CalibrationNeeded):
        siyu.load(PACK / "tour.siyu", cache=False).explain(asked("M04"))


DATED = """\
policy p
  language 1
  schema "facts.yaml"

param town = "Rome"
  from 2026-06-01 = "Bern"
  from 2027-01-01 = "Oslo"

segment locals
  when city = town
"""


@pytest.mark.parametrize(
    ("day", "holding", "decided"),
    [("2026-05-31", "until 31 May 2026, then Bern", "at first"),
     ("2026-06-01", "from 1 Jun 2026 until 31 Dec 2026, then Oslo", "from 1 Jun 2026"),
     ("2027-01-01", "since 1 Jan 2027", "from 1 Jan 2027")],
)  # fmt: skip
def test_params_say_when_they_hold(tmp_path: Path, day: str, holding: str, decided: str) -> None:
    policy = loaded(tmp_path, DATED, FACTS)
    request = {"customer": {"id": "a", "city": "Bern"}, "as_of": f"{day}T10:00:00+00:00"}
    (outcome,) = policy.explain(request, "locals").outcomes
    (param,) = (step for step in all_steps(outcome) if step.text == "town")
    assert ENGLISH.of(param.remark) == holding
    (outcome,) = policy.explain(request, "town").outcomes
    assert len(outcome.steps) == 3
    assert [ENGLISH.of(step.text) for step in outcome.steps if step.decisive] == [decided]


def test_what_would_change_it_is_told_where_it_is_asked_for() -> None:
    (outcome,) = tour().explain(asked("M02"), why_not="白金卡", what_if=True).outcomes
    assert outcome.changes is not None
    assert outcome.changes.found[0].fact == "spend_12m"
    (outcome,) = tour().explain(asked("M02"), "member_level").outcomes
    assert outcome.changes is None


PHONES = """\
policy p "…"
  language 1
  currency CNY
  schema "facts.yaml"

segment called
  when phone >= "0"

table card first gives kind
  | phone     -> kind                     |
  | known     -> (phone otherwise "none") |
  | otherwise -> "none"                   |

incentive ring
  for called
  give card.kind
  soft internal
"""


def test_what_hands_a_personal_value_on_is_masked_too(tmp_path: Path) -> None:
    policy = loaded(tmp_path, PHONES, FACTS)
    request = {"customer": {"id": "a", "phone": "0555-1234"}, "as_of": AT}
    said = policy.explain(request, "ring", what_if=True)
    assert "0555-1234" not in said.html()
    assert "given: •••" in said.text()
    assert "given: 0555-1234" in policy.explain(request, "ring", show_pii=True).text()


def test_that_all_that_could_change_it_is_personal_is_said(tmp_path: Path) -> None:
    policy = loaded(tmp_path, PHONES, FACTS)
    request = {"customer": {"id": "a", "phone": "0555-1234"}, "as_of": AT}
    text = policy.explain(request, "called", what_if=True).text()
    assert "all that could change it is personal, and is not looked at" in text
    shown = policy.explain(request, "called", what_if=True, show_pii=True)
    assert shown.outcomes[0].changes is not None
    assert (shown.outcomes[0].changes.hidden, shown.outcomes[0].changes.tried) == (False, 1)
