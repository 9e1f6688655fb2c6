"""What a frozen rule reads beside the policy: defaults, calendars, messages, rivals of rivals."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from siyu.api.checking import check
from siyu.api.publishing import publish

POLICY = """policy p
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "facts.yaml"
  messages "messages.yaml"

calendar cal from "days.yaml"

group g choose 1 by priority

incentive rival
  for true
  give coupon "R"
  priority 1
  competes in g
  soft internal

incentive gift
  for vip and cash >= 0 yuan and count(orders) >= 0 and today is cal.sale
  give coupon "A"
  priority 2
  competes in g
  soft internal

contact follow greeting
  for rival
  via sms
  send "hi"
  frozen from 2026-11-01 to 2026-11-12
"""
FACTS = """schema: facts
enums: {channel: {app: App, sms: SMS}}
customer:
  key: id
  fields:
    id: {type: text}
    vip: {type: bool, default: false}
    cash: {type: money, default: 0}
collections:
  orders: {key: no, default: [], fields: {no: {type: text}}}
  consents:
    role: consents
    time: since
    fields:
      channel: {type: enum channel}
      granted: {type: bool, optional: true}
      since: {type: datetime}
"""
DAYS = """calendar: 1
source: our own plan
covers: {from: 2026-01-01, to: 2026-12-31}
days:
  sale: {dates: [2026-06-18, 2026-11-01..2026-11-11]}
  other: {dates: [2026-06-19]}
"""
MESSAGES = """messages: 1
templates:
  hi: {title: 5 for you, body: come}
  ho: {title: 6 for you, body: go}
"""
FILES = {"p.siyu": POLICY, "facts.yaml": FACTS, "days.yaml": DAYS, "messages.yaml": MESSAGES}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    publish(tmp_path, dt.date(2026, 10, 20))
    return tmp_path


def told(pack: Path, file: str, old: str, new: str) -> list[str]:
    """What is wrong after an edit."""
    assert FILES[file].count(old) == 1
    (pack / file).write_text(FILES[file].replace(old, new), encoding="utf-8")
    return [f"{each.code} {each.text()}" for each in check(pack, lints=False).diagnostics]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("facts.yaml", "default: false", "default: true",
         "the fact `customer.vip` was `bool = false` and is `bool = true`"),
        ("facts.yaml", "default: 0", "default: 5", "the fact `customer.cash` was"),
        ("facts.yaml", "default: [], ", "optional: true, ",
         "the fact `orders` was `rows = []` and is `rows?`"),
        ("facts.yaml", "default: [], ", "", "the fact `orders` was `rows = []` and is `rows`"),
        ("days.yaml", "2026-06-18", "2026-06-17", "`cal` has changed: it said `# sale, "),
        ("days.yaml", "to: 2026-12-31", "to: 2026-12-30", "to 2026-12-30: 2026-06-18"),
        ("messages.yaml", "5 for you", "7 for you", "the fact `messages.hi` was"),
        ("p.siyu", "priority 2", "priority 0", "`gift` has changed"),
    ],
)  # fmt: skip
def test_what_a_frozen_rule_reads_may_not_change(
    pack: Path, file: str, old: str, new: str, said: str
) -> None:
    (found,) = told(pack, file, old, new)
    assert found.startswith("E0006 ")
    assert said in found


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("days.yaml", "2026-06-19", "2026-06-20"),
        ("days.yaml", "our own plan", "the plan of the shop"),
        ("days.yaml", "sale: {", "sale: {label: 大促, "),
        ("messages.yaml", "6 for you", "8 for you"),
        ("facts.yaml", "sms: SMS", "sms: 短信"),
    ],
)
def test_what_it_does_not_read_may(pack: Path, file: str, old: str, new: str) -> None:
    assert told(pack, file, old, new) == []


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\x0c", "\x1c", "\u00a0", "\ufeff", "\t", "😀"])
def test_odd_characters_are_published_and_read_again(tmp_path: Path, odd: str) -> None:
    text = f'policy p\n  language 1\n\nincentive gift\n  for true\n  give coupon "a{odd}b"\n'
    text += "  soft internal\n  frozen from 2026-11-01 to 2026-11-12\n"
    (tmp_path / "p.siyu").write_text(text, encoding="utf-8")
    assert publish(tmp_path, dt.date(2026, 10, 20)).new
    assert check(tmp_path, lints=False).diagnostics == ()
    assert not publish(tmp_path, dt.date(2026, 10, 21)).changed
