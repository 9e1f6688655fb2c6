"""What a reason costs: the whole explanation of a decision, one outcome's, and what would change
it, beside the decision itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import siyu
from benchmarks.growth import POLICY
from benchmarks.harness import Paired, Rival, compare, over
from benchmarks.records import members, request
from benchmarks.report import Finding, Row, Target

SHARE = 6  # members in one turn; no turn meets them again
NOTES = (
    "The 75 rules over 37 fields, in a process that has the policy loaded. Everything: all rules",
    "explained down to the facts, as data; text, JSON and HTML write that. What would change: each",
    "figure is tried for the rule asked about, and every proposal verified. Rules take turns.",
)


def run(quick: bool) -> Finding:
    """Measure explanations of the benchmark policy."""
    turns = 3 if quick else 15
    policy = siyu.load(str(POLICY))
    asked = [request(member) for member in members(SHARE * turns)]
    rules = _rules(policy)

    def each(what: Callable[[dict[str, Any], int], object]) -> Callable[[dict[str, Any]], object]:
        def work(record: dict[str, Any]) -> object:
            return what(record, asked.index(record))

        return work

    def rivals(name: str, work: Callable[[dict[str, Any]], object]) -> Rival:
        return over(name, work, asked, turns)

    found = compare(
        [
            rivals("decide", policy.decide),
            rivals("explain everything", policy.explain),
            rivals("explain everything, as text", lambda r: policy.explain(r).text()),
            rivals("explain everything, as a page", lambda r: policy.explain(r).html()),
            rivals(
                "explain one rule",
                each(lambda r, n: policy.explain(r, rules[n % len(rules)])),
            ),
            rivals(
                "why not one rule",
                each(lambda r, n: policy.explain(r, why_not=rules[n % len(rules)])),
            ),
            rivals(
                "what would change one rule",
                each(lambda r, n: policy.explain(r, rules[n % len(rules)], what_if=True)),
            ),
        ],
        turns,
    )
    targets = {"explain everything": 5.0, "what would change one rule": 50.0}
    rows = tuple(_row(each, targets.get(each.name)) for each in found)
    return Finding("explaining", "Explanations", rows, NOTES)


def _row(found: Paired, target: float | None) -> Row:
    bound = None if target is None else Target(target)
    value = found.nanoseconds / 1e6
    return Row(found.name, value, "ms", time=f"{found.ratio:,.0f} × decide", target=bound)


def _rules(policy: siyu.Policy) -> tuple[str, ...]:
    """The names of all that the policy decides, metrics aside."""
    return tuple(
        name
        for name, kind in policy.compiled.kinds.items()
        if kind in ("segment", "classify", "score", "tier", "table", "incentive", "contact")
    )
