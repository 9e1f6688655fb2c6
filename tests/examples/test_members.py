"""The invented members of the retail policy show what its README says that they show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import siyu

PACK = Path(__file__).resolve().parents[2] / "policies/retail_membership"

# member, level and change, stage, and what became of the wake-up
STORIES = """
M01 standard entered    prospect -
M02 gold     entered    dormant  wecom
M03 gold     upgraded   growth   -
M04 gold     kept       dormant  sms
M05 gold     kept       dormant  app
M06 gold     in_grace   growth   -
M07 gold     downgraded dormant  sms
M08 platinum kept       growth   -
M09 platinum kept       mature   -
M10 silver   entered    growth   -
M11 silver   entered    dormant  never
M12 silver   entered    dormant  limit
M13 silver   entered    dormant  holdout
M14 silver   entered    growth   -
M15 silver   entered    dormant  consent
"""


@pytest.fixture(scope="module")
def decisions() -> dict[str, siyu.Decision]:
    policy = siyu.load(PACK / "tour.siyu", calibration=PACK / "calibration.yaml", cache=False)
    lines = (PACK / "customers.jsonl").read_bytes().splitlines()
    return {found.customer: found for found in map(policy.decide, map(json.loads, lines))}


@pytest.mark.parametrize("story", STORIES.strip().splitlines())
def test_a_member_shows_what_the_readme_says(
    story: str, decisions: dict[str, siyu.Decision]
) -> None:
    member, level, change, stage, woken = story.split()
    decision = decisions[member]
    tier = decision.tiers["member_level"]

    assert (tier["level"], tier["change"]) == (level, change)
    assert decision.classes["lifecycle"] == stage
    assert waking(decision) == woken


def waking(decision: siyu.Decision) -> str:
    """The channel of the wake-up, or what stopped it, or nothing of the kind."""
    sent = [each["channel"] for each in decision.contacts if each["rule"] == "wakeup_push"]
    stopped = [each["by"] for each in decision.stopped if each["rule"].startswith("wakeup")]
    return (sent + stopped or ["-"])[0]


def test_the_readme_tells_of_every_member(decisions: dict[str, siyu.Decision]) -> None:
    english, _, chinese = (PACK / "README.md").read_text(encoding="utf-8").partition("## 中文说明")

    for member in decisions:
        assert f"| {member} " in english
        assert member in chinese


def test_who_is_about_to_leave_is_found(decisions: dict[str, siyu.Decision]) -> None:
    at_risk = [member for member, each in decisions.items() if each.segments["at_risk"]]

    assert at_risk == ["M06", "M14"]
