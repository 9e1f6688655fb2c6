"""Consents that grant nothing, though there is a row: expired, without a basis, overtaken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from siyu.explain import Outcome
from siyu.words import ENGLISH
from tests.explain.packs import loaded
from tests.explain.told import all_steps

FACTS = """\
schema: s
version: 1
enums: {channel: {app: App, sms: SMS}}
customer:
  key: id
  fields: {id: {type: text}}
collections:
  consents:
    role: consents
    time: at
    fields: {at: {type: datetime}, channel: {type: enum channel}, granted: {type: bool},
      basis: {type: text, optional: true}, expiry: {type: date, optional: true}}
"""
POLICY = """\
policy p
  language 1
  timezone "Asia/Shanghai"
  schema "facts.yaml"

contact hello
  for true
  via sms
  send "hello"
"""
AT = "2026-11-21T10:00:00+08:00"


def consent(granted: bool, at: str, **more: Any) -> dict[str, Any]:
    moment = f"{at}T00:00:00+08:00"
    return {"at": moment, "channel": "sms", "granted": granted, "basis": "form", **more}


def hello(folder: Path, *rows: dict[str, Any]) -> Outcome:
    policy = loaded(folder, POLICY, FACTS)
    request = {"customer": {"id": "a", "consents": list(rows)}, "as_of": AT}
    (outcome,) = policy.explain(request, "hello", what_if=True).outcomes
    return outcome


def texts(outcome: Outcome) -> list[str]:
    return [ENGLISH.of(step.text) for step in all_steps(outcome)]


@pytest.mark.parametrize(
    "row",
    [
        consent(True, "2026-01-01", expiry="2026-11-20"),
        consent(True, "2026-01-01", basis=None),
    ],
)
def test_a_row_that_grants_nothing_is_shown(tmp_path: Path, row: dict[str, Any]) -> None:
    outcome = hello(tmp_path, row)
    assert "1 row of consents is about this channel, and grants nothing now" in texts(outcome)
    assert outcome.changes is not None
    (change,) = outcome.changes.found
    assert (change.fact, change.before.held, change.after.held) == ("consents.sms", False, True)


def test_the_last_day_of_a_consent_counts(tmp_path: Path) -> None:
    outcome = hello(tmp_path, consent(True, "2026-01-01", expiry="2026-11-21"))
    assert outcome.status == "yes"
    assert "1 row of consents grants it" in texts(outcome)


def test_a_later_consent_can_be_taken_back(tmp_path: Path) -> None:
    outcome = hello(tmp_path, consent(False, "2026-01-01"), consent(True, "2026-02-01"))
    assert outcome.status == "yes"
    assert outcome.changes is not None
    (change,) = outcome.changes.found
    assert (change.fact, change.before.held, change.after.held) == ("consents.sms", True, False)
