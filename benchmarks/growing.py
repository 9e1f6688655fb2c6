"""What ten times the rules cost: over the same facts, a decision should grow by well under ten."""

from __future__ import annotations

import tempfile
from pathlib import Path

import siyu
from benchmarks.growth import POLICY, grown
from benchmarks.harness import compare, over
from benchmarks.records import members, request
from benchmarks.report import Finding, Row, Target, duration
from benchmarks.rivals.siyu import read

NOTES = (
    "Ten copies of the policy with other names and other numbers, 750 rules, over the same 37",
    "fields: nothing but facts and metrics is shared between copies.",
)


def run(quick: bool) -> Finding:
    """Measure the evaluation and the whole of decide with once and ten times the rules."""
    people = members(60 if quick else 200)
    requests = [request(member) for member in people]
    small = siyu.load(str(POLICY))
    large = _load(10)
    rows = []
    for name, times in (("evaluate", 3), ("decide, dict to bytes", 1)):
        rivals = [
            over(name, _work(policy, name), _inputs(policy, name, requests), times)
            for policy in (small, large)
        ]
        one, ten = compare(rivals, 5 if quick else 30)
        time = f"{duration(ten.nanoseconds)} ÷ {duration(one.nanoseconds)}"
        target = Target(10)
        what = f"{name}: 750 rules ÷ 75"
        rows.append(Row(what, ten.ratio, "×", ten.lowest, ten.highest, time, target))
    return Finding("growing", "Ten times the rules", tuple(rows), NOTES)


def _load(copies: int) -> siyu.Policy:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.siyu"
        path.write_text(grown(copies), encoding="utf-8")
        schema = POLICY.with_suffix(".yaml").read_text(encoding="utf-8")
        path.with_name("growth75.yaml").write_text(schema, encoding="utf-8")
        return siyu.load(str(path), cache=False)


def _work(policy: siyu.Policy, name: str):  # type: ignore[no-untyped-def]
    if name == "evaluate":
        return policy.engine().decide.decide
    return lambda asked: policy.decide(asked).to_json()


def _inputs(policy: siyu.Policy, name: str, requests: list[dict]) -> list:  # type: ignore[type-arg]
    if name == "evaluate":
        return [read(policy, asked).facts for asked in requests]
    return requests
