"""What ten times the rules cost: over the same facts, a decision should grow by well under ten."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import siyu
from benchmarks.growth import POLICY, grown
from benchmarks.harness import Rival, compare, over
from benchmarks.records import members, request
from benchmarks.report import Finding, Row, Target, duration
from benchmarks.rivals.siyu import read

NOTES = (
    "Ten copies of the policy with other names and other numbers, 750 rules, over the same 37",
    "fields: nothing but facts and metrics is shared between copies.",
)
SHARE = 50  # members in one turn; no turn meets them again


def run(quick: bool) -> Finding:
    """Measure the evaluation and the whole of decide with once and ten times the rules."""
    turns = 5 if quick else 30
    requests = [request(member) for member in members(SHARE * turns)]
    pair = (siyu.load(str(POLICY)), _load(10))
    rows = (
        _row("evaluate", [_evaluation(policy, requests, turns) for policy in pair], turns),
        _row("decide, dict to bytes", [_whole(policy, requests, turns) for policy in pair], turns),
    )
    return Finding("growing", "Ten times the rules", rows, NOTES)


def _row(name: str, rivals: list[Rival], turns: int) -> Row:
    one, ten = compare(rivals, turns)
    time = f"{duration(ten.nanoseconds)} ÷ {duration(one.nanoseconds)}"
    what = f"{name}: 750 rules ÷ 75"
    return Row(what, ten.ratio, "×", ten.lowest, ten.highest, time, Target(10))


def _evaluation(policy: siyu.Policy, requests: list[dict[str, Any]], turns: int) -> Rival:
    facts = [read(policy, asked).facts for asked in requests]
    return over("evaluate", policy.engine().decide.decide, facts, turns)


def _whole(policy: siyu.Policy, requests: list[dict[str, Any]], turns: int) -> Rival:
    return over("decide", lambda asked: policy.decide(asked).to_json(), requests, turns)


def _load(copies: int) -> siyu.Policy:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.siyu"
        path.write_text(grown(copies), encoding="utf-8")
        schema = POLICY.with_suffix(".yaml").read_text(encoding="utf-8")
        path.with_name("growth75.yaml").write_text(schema, encoding="utf-8")
        return siyu.load(str(path), cache=False)
