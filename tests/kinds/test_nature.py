"""What an incentive serves is kept for tools, said in explanations, and changes no decision."""

from __future__ import annotations

from pathlib import Path

import pytest

import siyu

POLICY = """policy p
  language 1
  timezone "Asia/Shanghai"

incentive gift
  for true
  give coupon "A"
  hard internal
{serves}
incentive plain
  for true
  give coupon "B"
"""
REQUEST = {"customer": {"key": "M1"}}


def loaded(folder: Path, serves: str) -> siyu.Policy:
    file = folder / "p.siyu"
    file.write_text(POLICY.format(serves=serves), encoding="utf-8")
    return siyu.load(file, cache=False)


@pytest.mark.parametrize("written", ["serves join, affection", "服务于 入会理由, 情感归属"])
def test_tools_read_it_in_both_languages(tmp_path: Path, written: str) -> None:
    gift, plain = loaded(tmp_path, f"  {written}\n").natures
    assert (gift.name, gift.cost, gift.source) == ("gift", "hard", "internal")
    assert gift.serves == ("join", "affection")
    assert (plain.name, plain.cost, plain.source, plain.serves) == ("plain", "", "", ())


def test_it_is_explained_and_changes_no_decision(tmp_path: Path) -> None:
    at = "2026-11-21T10:00:00+08:00"
    bare = loaded(tmp_path, "")
    without = bare.decide(REQUEST, as_of=at)
    policy = loaded(tmp_path, "  serves join, affection\n")
    with_it = policy.decide(REQUEST, as_of=at)
    assert (with_it.incentives, with_it.stopped) == (without.incentives, without.stopped)
    assert len(with_it.incentives) == 2
    assert "it serves a reason to join, affection" in policy.explain(REQUEST, as_of=at).text()
    assert "serves" not in bare.explain(REQUEST, as_of=at).text()
