"""A small shop whose policies the tests of this folder write, with a folder to keep them in."""

from __future__ import annotations

import json
from pathlib import Path

import siyu
from siyu.api import Checked, Policy, check
from siyu.testing import TestResult, run_tests

FACTS = """\
schema: shop
version: 1
customer:
  key: id
  fields:
    id:    {type: text}
    spend: {type: money, default: 0, max: 1000}
    n:     {type: int, optional: true}
    tags:  {type: set of text, default: []}
    level: {type: level of tier, optional: true, role: held level of tier}
    until: {type: date, optional: true, role: kept until of tier}
collections:
  orders:
    key: no
    time: at
    fields:
      no:     {type: text}
      at:     {type: datetime}
      amount: {type: money}
    collections:
      lines:
        key: sku
        fields:
          sku: {type: text}
          qty: {type: int}
  visits:
    default: []
    time: at
    fields:
      at: {type: datetime}
events:
  paid: {key: no, fields: {no: {type: text}, amount: {type: money, min: 0}}}
context:
  fields:
    weather: {type: text, optional: true}
"""
HEADER = """\
policy shop
  language 1
  timezone "Asia/Shanghai"
  currency CNY
  schema "shop.yaml"

metric total = sum(orders.amount)
metric pieces = sum(orders.lines.qty)

segment best
  when top 5% by spend

segment rich
  when spend > 500 yuan or total > 500 yuan

incentive coupon
  for rich
  give coupon
  costs 5 yuan

"""


def write(folder: Path, text: str, header: str = HEADER) -> Path:
    """A pack of this shop; its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shop.yaml").write_text(FACTS, encoding="utf-8")
    (folder / "policy.siyu").write_text(header + text, encoding="utf-8")
    return folder


def load(folder: Path, text: str) -> Policy:
    return siyu.load(write(folder, text), cache=False)


def run(folder: Path, text: str, *names: str) -> tuple[TestResult, ...]:
    """The results of the reference; those of the generated code must be the same."""
    ran = run_tests(load(folder, text), names)
    for one, other in zip(ran[::2], ran[1::2], strict=True):
        assert (one.evaluator, other.evaluator) == ("reference", "python")
        assert (one.name, one.span, one.failures) == (other.name, other.span, other.failures)
    return ran[::2]


def said(results: tuple[TestResult, ...]) -> dict[str, list[str]]:
    """What failed, by test."""
    return {each.name: [str(failure.text) for failure in each.failures] for each in results}


def mistakes(folder: Path, text: str) -> Checked:
    return check(write(folder, text))


def write_json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
