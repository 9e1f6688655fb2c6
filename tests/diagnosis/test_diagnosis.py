"""What a policy leaves out: each finding where it belongs, and none where nothing is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

import siyu
from siyu.api import PolicyError
from siyu.diagnosis import CODES, Diagnosis

FACTS = """schema: facts
enums:
  channel: {wecom: 企业微信, sms: 短信, store: 门店}
customer:
  key: id
  fields:
    id: {type: text}
    n: {type: int, default: 0}
    city: {type: text, optional: true}
collections:
  contacts:
    role: contact log
    default: []
    time: at
    fields:
      at: {type: datetime}
      contact: {type: text}
      channel: {type: enum channel}
  consents:
    role: consents
    time: at
    fields:
      at: {type: datetime}
      channel: {type: enum channel}
      granted: {type: bool}
  points_log:
    role: points log
    default: []
    time: at
    fields:
      at: {type: datetime}
      rule: {type: text}
      account: {type: text, default: points}
      points: {type: int}
      event: {type: text}
      amount: {type: money}
  grants:
    role: incentive log
    default: []
    time: at
    fields:
      at: {type: datetime}
      incentive: {type: text}
      cost: {type: money, optional: true}
      worth: {type: money, optional: true}
events:
  visited: {key: no, fields: {no: {type: text}, amount: {type: money}}}
context:
  fields:
    place: {type: text, optional: true}
"""
HEAD = """policy p "会员"
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "facts.yaml"

classify stage "生命周期"
  lead   "潜客"   when n = 0
  fresh  "新客"   when n = 1
  asleep "沉睡"   when n > 9
  steady "稳定"   otherwise
tier level "等级" by n
  gold   "金卡" from 10
  silver "银卡" from 5
  plain  "普卡" otherwise
"""
GIVE = "  give coupon\n"
SEND = '  via wecom\n  send "x"\n'


def diagnosed(folder: Path, rules: str) -> Diagnosis:
    (folder / "p.siyu").write_text(HEAD + rules, encoding="utf-8")
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    return siyu.diagnose(folder)


def verdicts(found: Diagnosis, family: str) -> dict[str, str]:
    (one,) = (each for each in found.families if each.name == family)
    return {case.name: case.verdict for case in one.cases}


@pytest.mark.parametrize(
    ("audience", "served"),
    [
        ("stage is lead", {"lead"}),
        ("stage = lead", {"lead"}),
        ("stage in (lead, fresh)", {"lead", "fresh"}),
        ("stage is lead or stage is asleep", {"lead", "asleep"}),
        ("stage is lead and n < 3", {"lead"}),
        ("stage is lead or n < 3", {"lead"}),
        ("not (stage is lead)", set()),
        ("stage is not lead", set()),
        ("stage is known", set()),
        ("n < 3", set()),
        ("stage is lead and stage is fresh", set()),
        ("sleepers", {"asleep"}),
        ("sleepers and n > 3", {"asleep"}),
    ],
)
def test_a_rule_is_for_the_cases_that_its_audience_names(
    tmp_path: Path, audience: str, served: set[str]
) -> None:
    rules = f"segment sleepers\n  when stage is asleep\nincentive gift\n  for {audience}\n{GIVE}"
    found = verdicts(diagnosed(tmp_path, rules), "stage")
    assert {case for case, verdict in found.items() if verdict == "served"} == served
    assert "cannot tell" not in found.values()


def test_levels_are_named_by_order(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, f"incentive gift\n  for level >= silver\n{GIVE}")
    assert verdicts(found, "level") == {"gold": "served", "silver": "served", "plain": "nothing"}


def test_points_serve_by_when_and_by_times(tmp_path: Path) -> None:
    rules = (
        "points a on visited\n  earn 1 per 1 yuan of event.amount\n"
        "  times 2 when level is gold\n"
        "points b on visited\n  earn 1\n  when stage is fresh\n"
    )
    found = diagnosed(tmp_path, rules)
    assert verdicts(found, "level")["gold"] == "served"
    assert verdicts(found, "level")["plain"] == "nothing"
    assert verdicts(found, "stage") == {
        "lead": "nothing", "fresh": "served", "asleep": "nothing", "steady": "nothing"
    }  # fmt: skip


def test_a_contact_for_an_incentive_serves_whom_that_serves(tmp_path: Path) -> None:
    rules = f"incentive gift\n  for stage is fresh\n{GIVE}contact note\n  for gift\n{SEND}"
    (stage, _) = diagnosed(tmp_path, rules).families
    assert {case.name: case.named_by for case in stage.cases}["fresh"] == ("gift", "note")


def test_what_rests_on_a_table_cannot_be_told(tmp_path: Path) -> None:
    rules = (
        "table offer first gives price\n  | stage -> price |\n  | lead  -> 1 |\n"
        f"  | any   -> 2 |\nincentive gift\n  for offer.price > 1\n{GIVE}"
    )
    found = diagnosed(tmp_path, rules)
    assert set(verdicts(found, "stage").values()) == {"cannot tell"}
    assert set(verdicts(found, "level").values()) == {"nothing"}
    assert [gap.code for gap in found.gaps if gap.about == "stage.lead"] == ["D02"]


def test_segments_of_one_family_are_looked_at_together(tmp_path: Path) -> None:
    rules = (
        'segment churn_light "轻度"\n  when n > 1\nsegment churn_medium "中度"\n  when n > 2\n'
        'segment churn_severe "重度"\n  when n > 3\nsegment other_one\n  when n > 4\n'
        f"incentive gift\n  for churn_light\n{GIVE}"
    )
    found = diagnosed(tmp_path, rules)
    assert [family.name for family in found.families] == ["stage", "level", "churn"]
    assert verdicts(found, "churn") == {
        "churn_light": "served", "churn_medium": "nothing", "churn_severe": "nothing"
    }  # fmt: skip


FULL = (
    "incentive gift\n  for stage is lead\n  give coupon\n  costs 5 yuan\n  limit 1 per 9 days\n"
    "  budget 100 yuan per month by n\n  holdout 10%\n  hard internal\n  serves join, affection\n"
)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("  costs 5 yuan\n", "D05"),
        ("  limit 1 per 9 days\n", "D06"),
        ("  budget 100 yuan per month by n\n", "D07"),
        ("  holdout 10%\n", "D08"),
        ("  serves join, affection\n", "D10"),
        ("  hard internal\n", "D11"),
    ],
)
def test_what_an_incentive_lacks(tmp_path: Path, line: str, code: str) -> None:
    worth = "  worth 5 yuan\n" if code == "D05" else ""
    whole, without = (
        {gap.code for gap in diagnosed(tmp_path, rules).gaps if gap.about == "gift"}
        for rules in (FULL, FULL.replace(line, worth))
    )
    assert whole == {"D13"}
    assert without == {"D13", code}


def test_purposes_channels_and_principles(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, f"{FULL}contact note recover\n  for stage is asleep\n{SEND}")
    about = {(gap.code, gap.about) for gap in found.gaps}
    assert ("D03", "recover") not in about and ("D03", "greeting") in about
    assert ("D04", "wecom") not in about and ("D04", "sms") in about
    assert ("D09", "join") not in about and ("D09", "social_face") in about
    assert {each.name: each.rules for each in found.principles}["affection"] == ("gift",)
    (cell,) = found.matrix
    assert (cell.cost, cell.source, cell.benefit) == ("hard", "internal", "coupon")


def test_quadrants_of_contacts(tmp_path: Path) -> None:
    rules = (
        f"contact a\n  for n > 1\n{SEND}"
        f"contact b on visited\n  for n > 1\n{SEND}"
        f'contact c\n  for context.place = "mall"\n  via store, sms\n  send "x"\n'
        'contact d\n  for n > 2\n  via store\n  send "x"\n'
    )
    found = diagnosed(tmp_path, rules)
    assert {(q.timing, q.direction): q.contacts for q in found.quadrants} == {
        ("planned", "outbound"): ("a",),
        ("planned", "inbound"): ("d",),
        ("triggered", "outbound"): ("b", "c"),
        ("triggered", "inbound"): ("c",),
    }


def test_tests_and_indicators(tmp_path: Path) -> None:
    rules = (
        "indicator sleepers = share(stage is asleep)\n"
        'test "t" at 2026-11-21\n  given customer\n    n = 1\n  expect stage is fresh\n'
    )
    about = {(gap.code, gap.about) for gap in diagnosed(tmp_path, rules).gaps}
    assert {("D13", "level"), ("D14", "level")} <= about
    assert not {("D13", "stage"), ("D14", "stage")} & about


def test_every_finding_says_where_and_what_to_write(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, f"incentive gift\n  for n > 1\n{GIVE}")
    assert not found.complete
    assert {gap.code for gap in found.gaps} <= CODES.keys()
    text = (tmp_path / "p.siyu").read_text(encoding="utf-8")
    for gap in found.gaps:
        assert text[gap.span.start : gap.span.end].strip()
        assert str(gap.said) and str(gap.todo)


def test_a_policy_with_errors_is_not_diagnosed(tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        diagnosed(tmp_path, "segment s\n  when nobody\n")


def test_what_a_library_tells_apart_is_looked_at_where_a_rule_asks_for_it() -> None:
    policies = Path(__file__).parents[2] / "policies"
    six, four = siyu.diagnose(policies / "six_r"), siyu.diagnose(policies / "four_r")
    assert [family.name for family in six.families] == ["stage"]
    assert {family.name for family in four.families} >= {"churn_grade", "member_level"}
    assert "rfm_group" not in {family.name for family in four.families}
    assert not any(gap.span.file.startswith("..") for gap in six.gaps)
