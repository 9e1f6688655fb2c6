"""What a score can come to: its range counts lines that do not fire, too."""

from __future__ import annotations

from pathlib import Path

import pytest

import siyu
from siyu.types import DecimalType, IntType

POLICY = """policy p
  language 1
  timezone "Asia/Shanghai"
  schema "s.yaml"

score s from {ends}
  start 10
  add 40 when a >= 1
  add 30 when a >= 2
  subtract {less} when a >= 3
"""
SCHEMA = """schema: s
version: 1
customer: {key: m, fields: {m: {type: text}, a: {type: int}}}
"""


@pytest.mark.parametrize(
    ("ends", "less", "low", "high"),
    [("-100 to 100", "25", -15, 80), ("0 to 60", "25", 0, 60), ("0 to 60", "2.5", 75, 600)],
)
def test_the_range_holds_every_value(
    tmp_path: Path, ends: str, less: str, low: int, high: int
) -> None:
    (tmp_path / "s.yaml").write_text(SCHEMA, encoding="utf-8")
    file = tmp_path / "p.siyu"
    file.write_text(POLICY.format(ends=ends, less=less), encoding="utf-8")
    policy = siyu.load(file, cache=False)
    (found,) = (each.type for each in policy.program.bindings if each.name == "s")
    assert isinstance(found, IntType | DecimalType)
    assert (found.low, found.high) == (low, high)
    request = {"customer": {"m": "M", "a": 0}, "as_of": "2026-11-21T10:00:00+08:00"}
    assert policy.decide(request).scores["s"]["value"] in (10, "10.0")
