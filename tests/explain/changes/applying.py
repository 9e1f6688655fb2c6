"""A change made by hand: on the facts of the request, decided by the whole policy's definition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from siyu.api.policy import Policy
from siyu.core.ir import Aggregate, Const, Expr
from siyu.core.passes.keys import Keys
from siyu.core.passes.prune import needed
from siyu.core.program import Facts, Program
from siyu.core.walk import rewrite, walk
from siyu.decision import Head, document_writer
from siyu.evaluators import reference
from siyu.explain.model import Change
from siyu.records import Read

SECTIONS = {
    "segment": "segments", "classify": "classes", "score": "scores", "tier": "tiers",
    "table": "tables", "points": "points", "incentive": "incentives", "contact": "contacts",
    "ensure": "claims",
}  # fmt: skip


def decided(
    policy: Policy, read: Read, facts: Facts, program: Program | None = None
) -> dict[str, Any]:
    """The decision document, by the reference evaluator; with the levels earned, as `earned`."""
    program = program or policy.ready
    writer = document_writer(program, read.event)
    values = reference.evaluate(program, facts, read.event)
    head = Head(read.key, read.as_of, read.event_key, None)
    made = writer.to_dict([values[name] for name in writer.exports], head)
    return {**made, "earned": {name: values[f"{name}.earned"] for name in made["tiers"]}}


def outcome(document: Mapping[str, Any], kind: str, name: str) -> Any:
    """What the document says of one declaration, as far as it is an outcome."""
    section = document[SECTIONS[kind]]
    match kind:
        case "points" | "incentive" | "contact":
            return any(each["rule"] == name for each in section)
        case "score":
            return sorted(section[name]["reasons"])
        case "tier":
            return section[name]["level"], section[name]["change"], document["earned"][name]
        case "table":
            return _rows(section[name])
        case _:
            return section.get(name)


def _rows(found: Any) -> Any:
    return [row["row"] for row in found] if isinstance(found, list) else found and found["row"]


def changed(policy: Policy, read: Read, facts: Facts, change: Change, value: Any) -> Facts:
    """The facts of the request with another value of the figure that a change is about."""
    needs = policy.program.needs
    match change.origin:
        case "metric":
            others = [(name, held) for name, held in facts.given if name != change.fact]
            return replace(facts, given=(*others, (change.fact, value)))
        case "time":
            start = dt.datetime.combine(dt.date.fromordinal(value), dt.time(),
                                        ZoneInfo(policy.program.timezone))  # fmt: skip
            moment = int(start.timestamp()) * 1_000_000
            held = _levels_held(policy, read, facts, start)
            return _with_input(policy, held, "request", "as_of", moment)
        case "customer" if change.fact.startswith("consents."):
            paths = [table.path for table in needs.tables]
            table = needs.tables[paths.index("consents")]
            names = [column.name for column in table.columns]
            channel = change.fact.partition(".")[2]
            row = {"channel": channel, "granted": value, "since": read.as_of}
            kept = [r for r in facts.tables[paths.index("consents")] or ()
                    if r[names.index("channel")] != channel]  # fmt: skip
            rows = (*kept, tuple(row.get(name) for name in names))
            tables = list(facts.tables)
            tables[paths.index("consents")] = rows
            return replace(facts, tables=tuple(tables))
        case "event":
            return _with_input(policy, facts, "event", f"{read.event}.{change.fact}", value)
        case origin:
            return _with_input(policy, facts, origin, change.fact, value)


def _levels_held(policy: Policy, read: Read, facts: Facts, end: dt.datetime) -> Facts:
    """The facts with the levels that the record holds by then: deciding day by day, at the time of
    day at which it is now, and writing down what is decided."""
    program, fields = policy.ready, policy.compiled.schema.fields
    roles = {field.role: name for name, field in fields.items() if field.role}
    inputs = {need.name for need in program.needs.inputs if need.origin == "customer"}
    tiers = [b.name for b in program.bindings if roles.get(f"held level of {b.name}") in inputs]
    names = [name for tier in tiers for name in (tier, f"{tier}.keep_until")]
    program = replace(program, bindings=needed(program.bindings, names), parts=())
    zone = ZoneInfo(policy.program.timezone)
    now = dt.datetime.fromtimestamp(read.as_of / 1_000_000, zone)
    for days in range((end.date() - now.date()).days if tiers else 0):
        moment = dt.datetime.combine(now.date() + dt.timedelta(days), now.timetz())
        at = int(moment.timestamp()) * 1_000_000 + now.microsecond
        then = _with_input(policy, facts, "request", "as_of", at)
        values = reference.evaluate(program, then, read.event)
        for tier in tiers:
            until = roles.get(f"kept until of {tier}")
            if values[tier] is not None:
                facts = _with_input(policy, facts, "customer", roles[f"held level of {tier}"],
                                    values[tier])  # fmt: skip
            if values[tier] is not None and until in inputs:
                facts = _with_input(policy, facts, "customer", until, values[f"{tier}.keep_until"])
    return facts


def with_changes(policy: Policy, read: Read, *values: tuple[Change, Any]) -> dict[str, Any]:
    """What is decided where the figures that changes are about have these values."""
    program, facts = policy.ready, read.facts
    for change, value in values:
        if change.origin == "rows":
            program = replaced(policy, program, change, value)
        else:
            facts = changed(policy, read, facts, change, value)
    return decided(policy, read, facts, program)


def replaced(policy: Policy, program: Program, change: Change, value: Any) -> Program:
    """The program with this value for an aggregate as it is written, wherever it stands."""
    keys = Keys()
    roots = [binding.expr for binding in program.bindings]
    meant = (
        node
        for node in walk(*roots)
        if _written(policy, node) == change.fact and _counts(node)
        if node.type == change.after.type  # not the same text as another scale takes it
    )
    same = keys.of(next(meant))
    done: dict[int, Expr] = {
        id(node): Const(value, node.type) for node in walk(*roots) if keys.of(node) == same
    }
    bindings = tuple(replace(b, expr=rewrite(b.expr, lambda n: n, done)) for b in program.bindings)
    return replace(program, bindings=bindings)


def _written(policy: Policy, node: Expr) -> str:
    source = policy.compiled.sources.get(node.span.file)
    return " ".join(source.text[node.span.start : node.span.end].split()) if source else ""


def _counts(node: Expr) -> bool:
    """Whether a node is made of rows; `x` in `x = 3` alone is not what such a text means."""
    return any(isinstance(each, Aggregate) for each in walk(node))


def _with_input(policy: Policy, facts: Facts, origin: str, name: str, value: Any) -> Facts:
    places = [(need.origin, need.name) for need in policy.program.needs.inputs]
    place = next(n for n, each in enumerate(places) if each == (origin, name))
    values = list(facts.values)
    values[place] = value
    return replace(facts, values=tuple(values))
