"""What a heap of decisions has reached: labels of outcomes, verdicts and boundaries."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)  # fmt: skip
from siyu.core.program import Program
from siyu.core.walk import walk
from siyu.evaluators.reference import Trace

AGGREGATES = ("count", "sum", "min", "max", "distinct", "exists", "latest", "earliest")
NODES = (Aggregate, And, Call, Cases, Coalesce, Column, Const, Contest, Input, Known, Not, Or, Ref)
CALLS = (
    "on_day", "next_day", "last_day", "next_open", "weekday", "day_of_month", "month_of", "year_of",
    "days_in_month", "local_date", "local_time", "length", "has_digit", "contains", "starts_with",
)  # fmt: skip

WANTED = {
    *(f"node {node.__name__}" for node in NODES),
    *(f"aggregate {op}" for op in AGGREGATES),
    *(f"call {function}" for function in CALLS),
    *(f"segment {verdict}" for verdict in ("true", "false", "unknown")),
    *(f"claim {verdict}" for verdict in ("true", "false", "unknown")),
    "class case", "class otherwise", "class unknown",
    "score reason", "score unknown line", "score at its low end", "score at its high end",
    *(f"tier {c}" for c in ("entered", "upgraded", "kept", "in_grace", "downgraded", "unknown")),
    "tier next missing", "tier keep missing", "tier grace date",
    "table row", "table no row", "table collected several", "table collected none",
    "posted points", "posted money", "posted to another", "redeemed", "taken back", "points expire",
    "points usable later", "capped posting", "incentive given", "incentive with budget",
    "contact sent", "contact moved", "contact at once", "two contacts", "quota not applied",
    *(f"stopped by {by}" for by in ("unless", "never", "consent", "limit", "cap", "posted", "group",
                                    "holdout", "arbitration", "discard")),
    *(f"{op} on its boundary" for op in ("lt", "le", "gt", "ge")),
    "and false before unknown", "or true before unknown", "and unknown", "or unknown",
    "empty sum", "empty maximum", "division by zero", "metric unknown", "metric given",
    *(f"event {event}" for event in ("none", "paid", "refunded", "checkout")),
}  # fmt: skip


class Reached:
    """Counts labels."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.policies = 0
        self.decisions = 0

    def missing(self) -> list[str]:
        return sorted(WANTED - set(self.seen))

    def policy(self, program: Program) -> None:
        self.policies += 1
        for binding in program.bindings:
            for node in walk(binding.expr):
                self.seen[f"node {type(node).__name__}"] += 1
                if isinstance(node, Call):
                    self.seen[f"call {node.function}"] += 1
                if isinstance(node, Aggregate):
                    self.seen[f"aggregate {node.op}"] += 1

    def decision(self, document: bytes, given: bool) -> None:
        self.decisions += 1
        self.seen.update(_labels(json.loads(document)))
        if given:
            self.seen["metric given"] += 1

    def trace(self, program: Program, trace: Trace) -> None:
        for binding in program.bindings:
            for node in walk(binding.expr):
                if id(node) in trace.values:
                    self.seen.update(_of_node(node, trace))


def _of_node(node: Expr, trace: Trace) -> Iterator[str]:
    value = trace.values[id(node)]
    match node:
        case Call(function=op, args=args) if op in ("lt", "le", "gt", "ge"):
            held = [trace.values.get(id(arg)) for arg in args]
            if held[0] is not None and held[0] == held[1]:
                yield f"{op} on its boundary"
        case Call(function="div", args=args) if trace.values.get(id(args[1])) == 0:
            yield "division by zero"
        case And(items=items):
            held = [trace.values.get(id(item)) for item in items]
            if value is None:
                yield "and unknown"
            if value is False and None in held:
                yield "and false before unknown"
        case Or(items=items):
            held = [trace.values.get(id(item)) for item in items]
            if value is None:
                yield "or unknown"
            if value is True and None in held:
                yield "or true before unknown"
        case Aggregate(op="sum") if not trace.rows(node):
            yield "empty sum"
        case Aggregate(op="max") if not trace.rows(node):
            yield "empty maximum"


def _word(value: bool | None) -> str:
    return "unknown" if value is None else str(value).lower()


def _labels(made: Mapping[str, Any]) -> Iterator[str]:
    yield f"event {made['event']['type'] if made['event'] else 'none'}"
    yield from (f"segment {_word(v)}" for v in made["segments"].values())
    yield from (f"claim {_word(v)}" for v in made["claims"].values())
    for case in made["classes"].values():
        yield (
            "class unknown"
            if case is None
            else "class otherwise"
            if case == "three"
            else "class case"
        )
    yield from ("metric unknown" for value in made["metrics"].values() if value is None)
    for score in made["scores"].values():
        yield from ("score reason" for _ in score["reasons"])
        yield from ("score unknown line" for _ in score["unknown"])
        number = None if score["value"] is None else float(score["value"])
        if number in (0, 100):
            yield f"score at its {'low' if number == 0 else 'high'} end"
    for tier in made["tiers"].values():
        yield f"tier {tier['change'] or 'unknown'}"
        if tier["next"] and tier["next"]["missing"]:
            yield "tier next missing"
        if tier["keep"]["missing"]:
            yield "tier keep missing"
        if tier["grace_until"]:
            yield "tier grace date"
    for table in made["tables"].values():
        if isinstance(table, list):
            yield (
                "table collected several"
                if len(table) > 1
                else "table collected none"
                if not table
                else "table row"
            )
        else:
            yield "table no row" if table is None else "table row"
    yield from _of_points(made)
    for incentive in made["incentives"]:
        yield "incentive given"
        if incentive["budget"]:
            yield "incentive with budget"
    if len(made["contacts"]) > 1:
        yield "two contacts"
    for contact in made["contacts"]:
        yield "contact sent"
        yield "contact at once" if contact["not_before"] == made["as_of"] else "contact moved"
        if contact["quota"] == "not applied":
            yield "quota not applied"
    yield from (f"stopped by {stop['by']}" for stop in made["stopped"])


def _of_points(made: Mapping[str, Any]) -> Iterator[str]:
    for posting in made["points"]:
        yield "posted money" if posting["points"] is None else "posted points"
        if posting["to"] != made["customer"]:
            yield "posted to another"
        if posting["rule"] == "spend_it":
            yield "redeemed"
        if posting["rule"].startswith("undo"):
            yield "taken back"
        if posting["expires_on"]:
            yield "points expire"
        if posting["usable_on"] and posting["usable_on"] > made["as_of"][:10]:
            yield "points usable later"
        if any(".at_most." in reason for reason in posting["reasons"]):
            yield "capped posting"
