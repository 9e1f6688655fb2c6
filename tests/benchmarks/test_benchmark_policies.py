"""The measured policies are what the tables say of them, and every benchmark runs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from benchmarks.__main__ import NAMES
from benchmarks.records import Member, members, request
from benchmarks.report import Finding
from benchmarks.rivals.siyu import read

import siyu
from benchmarks import growth, orders
from siyu.api import check

SCHEMA = growth.POLICY.with_suffix(".yaml")


def rules(text: str) -> int:
    """Segments, cases, score lines, levels, table rows, incentives, contacts and claims."""
    named = len(re.findall(r"^(?:segment|incentive|contact(?! policy)|ensure) ", text, re.M))
    lines = len(re.findall(r"^  (?:add|subtract) ", text, re.M))
    rows = len(re.findall(r"^  \|", text, re.M)) - len(re.findall(r"^table ", text, re.M))
    cases = r'^  \w+ +"[^"]+" +(?:when|from|otherwise)'
    return named + lines + rows + len(re.findall(cases, text, re.M))


def test_the_policy_has_75_rules_over_37_fields() -> None:
    assert rules(growth.POLICY.read_text(encoding="utf-8")) == 75
    fields = SCHEMA.read_text(encoding="utf-8").split("collections:")[0]
    assert len(re.findall(r"^    \w+: +\{type", fields, re.M)) == 37
    assert len(Member.__slots__) == 37 + 1  # and the consents


def test_every_policy_is_valid_without_a_warning() -> None:
    for policy in (growth.POLICY, orders.POLICY):
        assert check(policy).diagnostics == ()


def test_ten_times_the_rules_decide(tmp_path: Path) -> None:
    (tmp_path / "p.siyu").write_text(growth.grown(10), encoding="utf-8")
    (tmp_path / SCHEMA.name).write_text(SCHEMA.read_text(encoding="utf-8"), encoding="utf-8")
    policy = siyu.load(tmp_path / "p.siyu", cache=False)
    assert rules(growth.grown(10)) == 750
    small = siyu.load(growth.POLICY, cache=False)
    for member in members(50):
        found = policy.decide(request(member)).to_dict()
        own = small.decide(request(member)).to_dict()
        assert len(found["segments"]) == 180
        assert found["segments"].items() >= own["segments"].items()
        assert found["scores"].items() >= own["scores"].items()


class Counted(tuple[object, ...]):
    """Rows that count how often somebody goes through them."""

    passes = 0

    def __iter__(self) -> Iterator[object]:
        type(self).passes += 1
        return super().__iter__()


def test_orders_are_gone_through_once() -> None:
    policy = siyu.load(orders.POLICY, cache=False)
    facts = read(policy, orders.request(500)).facts
    expected = policy.engine().decide.decide(facts)
    (rows,) = facts.tables
    counted = type(facts)(facts.values, (Counted(rows),), facts.given)
    Counted.passes = 0
    assert policy.engine().decide.decide(counted) == expected
    assert Counted.passes == 1


@pytest.mark.parametrize("name", [name for name in NAMES if name != "compiling"])
def test_a_benchmark_runs(name: str) -> None:
    finding = import_module(f"benchmarks.{name}").run(True)
    assert isinstance(finding, Finding)
    assert finding.name == name
    assert finding.rows
    assert all(math.isfinite(row.value) for row in finding.rows)
