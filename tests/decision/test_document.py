"""The document of the contract, from a real policy; its model, its JSON Schema, its Python face."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

import siyu
from siyu.decision import canonical
from siyu.decision.model import DecisionModel, decision_schema
from siyu.faces.schema import published

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "policies" / "retail_membership"
PAGE = ROOT / "docs" / "reference" / "decision.schema.json"


@cache
def policy() -> siyu.Policy:
    return siyu.load(PACK / "tour.siyu", calibration=PACK / "calibration.yaml")


@cache
def decisions() -> tuple[siyu.Decision, ...]:
    files = (PACK / name for name in ("customers.jsonl", "events.jsonl"))
    lines = [line for file in files for line in file.read_bytes().splitlines()]
    return tuple(policy().decide_json(line) for line in lines)


FIRST = {
    "as_of": "2026-11-21T10:00:00+08:00",
    "customer": {
        "member_id": "M1",
        "joined_on": "2024-01-01",
        "lifetime_years": "2.5",
        "wecom_friend": True,
        "unsubscribed": False,
        "orders": [
            {"order_id": "o1", "paid_at": "2026-03-01T00:00:00+08:00", "amount": 9000,
             "status": "paid", "lines": []}
        ],
        "consents": [{"channel": "wecom", "granted": True}],
    },
}  # fmt: skip
# The example of the contract; ids and digests are not spelt out there.
CONTRACT = {
    "policy": {"name": "retail_membership", "version": 3, "digest": ...},
    "as_of": "2026-11-21T10:00:00+08:00",
    "customer": "M1",
    "event": None,
    "metrics": {"aov": "9000.00", "ltv": "22500.00", "orders_12m": 1, "recency": "265 days",
                "spend_12m": "9000.00"},
    "segments": {"at_risk": False},
    "classes": {"lifecycle": "dormant"},
    "scores": {"churn_risk": {"value": 60, "reasons": ["churn_risk.1"], "unknown": []}},
    "tiers": {"member_level": {
        "level": "gold", "held": None, "change": "entered", "keep_until": "2027-11-21",
        "grace_until": None,
        "next": {"level": "platinum", "missing": {"spend_12m": "11000.00"}},
        "keep": {"missing": {}}}},
    "tables": {"offer": {"row": 2, "out": {"benefit": "大额券", "cost": "30.00"}}},
    "points": [],
    "incentives": [
        {"id": ..., "rule": "monthly_offer", "benefit": "大额券", "detail": None, "worth": None,
         "cost": "30.00", "valid_until": None, "budget": None},
        {"id": ..., "rule": "wakeup", "benefit": "coupon", "detail": "50 off 199",
         "worth": "50.00", "cost": "17.50", "valid_until": "2026-12-05", "budget": "not applied"}],
    "contacts": [
        {"id": ..., "rule": "wakeup_push", "purpose": "recover", "channel": "wecom",
         "send": "wakeup_v2", "params": {"amount": "50.00"},
         "not_before": "2026-11-21T10:00:00+08:00", "quota": "not applied"}],
    "stopped": [],
    "claims": {"no_minors": None},
    "calibration": ...,
}  # fmt: skip


def same(found: Any, wanted: Any) -> bool:
    """Equal with the same keys in the same order; `...` is any text."""
    if wanted is ...:
        return isinstance(found, str) and bool(found)
    if isinstance(wanted, dict):
        return list(found) == list(wanted) and all(same(found[k], v) for k, v in wanted.items())
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    return bool(found == wanted)


def test_the_example_of_the_contract() -> None:
    decision = policy().decide(FIRST)
    made = json.loads(decision.to_json())
    for key, wanted in CONTRACT.items():
        assert same(made[key], wanted), key
    assert list(made) == list(CONTRACT)


@pytest.mark.parametrize("number", range(0, 24, 3))
def test_decisions_fit_the_model_and_are_canonical(number: int) -> None:
    decision = decisions()[number]
    written = decision.to_json()
    model = DecisionModel.model_validate_json(written)
    assert model.model_dump() == decision.to_dict()
    assert canonical(model.model_dump()) == written
    Draft202012Validator(decision_schema()).validate(json.loads(written))


def test_decisions_reach_every_part() -> None:
    parts = [name for name in CONTRACT if name not in ("policy", "as_of", "customer")]
    for name in parts:
        assert any(getattr(each, name) for each in decisions()), name


def test_the_published_schema_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == published(decision_schema()), (
        "docs/reference/decision.schema.json is stale: write it again with `siyu schema decision`"
    )


@pytest.mark.parametrize(
    "spoilt",
    [
        {"as_of": "yesterday"},
        {"points": None},
        {"stopped": [{"rule": "a", "by": "mood", "code": "b"}]},
        {"segments": {"at_risk": "yes"}},
        {"more": 1},
        {"customer": 5},
    ],
)
def test_the_model_refuses_what_is_no_decision(spoilt: dict[str, Any]) -> None:
    document = {**decisions()[0].to_dict(), **spoilt}
    with pytest.raises(ValidationError):
        DecisionModel.model_validate(document)
    assert not Draft202012Validator(decision_schema()).is_valid(document)


def test_a_decision_can_be_read_by_its_attributes() -> None:
    decision = policy().decide(FIRST)
    document = decision.to_dict()
    for name in CONTRACT:
        assert getattr(decision, name) == document[name]
    assert repr(decision) == "Decision(customer='M1', as_of='2026-11-21T10:00:00+08:00')"
    assert decision == policy().decide(FIRST)
    assert len({decision, policy().decide(FIRST), decisions()[0]}) == 2


def test_a_document_is_the_callers_own() -> None:
    decision = policy().decide(FIRST)
    decision.to_dict()["segments"].clear()
    assert decision.segments == {"at_risk": False}
    assert decision.to_dict()["segments"] == {"at_risk": False}
