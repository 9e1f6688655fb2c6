"""The day on which something becomes another does not tell of a day that is masked."""

from __future__ import annotations

from pathlib import Path

import pytest

from siyu.explain.model import Changes
from tests.explain.packs import loaded

FACTS = """\
schema: s
version: 1
customer:
  key: id
  fields:
    id:     {type: text}
    born:   {type: date, pii: true, immutable: true}
    joined: {type: date, immutable: true}
    n:      {type: int, default: 0}
"""
POLICY = """\
policy p
  language 1
  timezone "Asia/Shanghai"
  schema "facts.yaml"

metric age = years since born

segment grown
  when age >= 18 years and n >= 1

segment settled
  when years since joined >= 10 years
"""


def changes(folder: Path, what: str, n: int, show_pii: bool) -> Changes:
    policy = loaded(folder, POLICY, FACTS)
    customer = {"id": "a", "born": "2008-12-24", "joined": "2017-03-01", "n": n}
    request = {"customer": customer, "as_of": "2026-11-21T10:00:00+08:00"}
    (outcome,) = policy.explain(request, what, what_if=True, show_pii=show_pii).outcomes
    assert outcome.changes is not None
    return outcome.changes


@pytest.mark.parametrize("show_pii", [True, False])
def test_a_birthday_is_not_told_by_waiting(tmp_path: Path, show_pii: bool) -> None:
    found = changes(tmp_path, "grown", 1, show_pii).found
    assert [change.fact for change in found if change.origin == "time"] == (
        ["as_of"] if show_pii else []
    )
    assert all(change.by is None for change in found)


def test_other_days_are_told(tmp_path: Path) -> None:
    assert [change.fact for change in changes(tmp_path, "settled", 1, False).found] == ["as_of"]
