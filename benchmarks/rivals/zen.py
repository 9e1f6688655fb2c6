"""The benchmark policy for zen-engine: one expression node, compiled once, one call a decision.

The engine compiles expressions beforehand only for content that its own loader holds; a decision
made from JSON text compiles them again at every call, five times as slow. Other shapes were tried:
a node for every stratum, one program of assignments, decision tables, JSON text for the record.
None was faster beyond the noise; this one is the shortest.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from benchmarks.handwritten import Decided
from benchmarks.records import Member
from benchmarks.rivals.policy import PLAN, decided, identify, record
from benchmarks.rivals.terms import Term

__all__ = ["load", "outcome", "record"]


def load() -> Callable[[Any], Any]:
    """The compiled policy: a record as `record` gives it in, named outcomes out."""
    import zen

    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"policy": graph()}}})
    evaluate = engine.evaluate
    return lambda record: identify(evaluate("policy", record)["result"], record)


def load_text() -> Callable[[Any], Any]:
    """The same from JSON text, as the engine's documentation begins."""
    import zen

    decision = zen.ZenEngine().create_decision(json.dumps(graph(), ensure_ascii=False))
    evaluate = decision.evaluate
    return lambda record: identify(evaluate(record)["result"], record)


def outcome(found: dict[str, Any], member: Member) -> Decided:
    """The engine's output as a decision; its numbers come back as floats of whole numbers."""
    whole = {name: _whole(found.get(name)) for name in PLAN.outputs}
    return decided(whole | {"member_level_held": member.member_level_held})


def _whole(value: Any) -> Any:
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_whole(item) for item in value]
        case _:
            return value


def graph() -> dict[str, Any]:
    """The policy as a JSON Decision Model."""
    expressions = [
        {"id": f"e{n}", "key": name, "value": _term(term)}
        for n, (name, term) in enumerate(PLAN.lets.items())
    ]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "content": {}},
        {
            "id": "rules",
            "type": "expressionNode",
            "name": "rules",
            "content": {"expressions": expressions, "passThrough": False},
        },
        {"id": "out", "type": "outputNode", "name": "out", "content": {}},
    ]
    for node in nodes:
        node["position"] = {"x": 0, "y": 0}
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "rules"},
        {"id": "b", "type": "edge", "sourceId": "rules", "targetId": "out"},
    ]
    return {"nodes": nodes, "edges": edges}


def _name(name: str) -> str:
    return f"$.{name}" if name in PLAN.lets else name


def _term(term: Term) -> str:
    match term:
        case None | bool() | int():
            return json.dumps(term)
        case str():
            return f"'{term}'"
        case ("get", name):
            return _name(name)
        case ("+" | "-" | "*" as operator, a, b):
            return f"({_term(a)} {operator} {_term(b)})"
        case ("half_up", a, b):
            return f"floor((2 * {_term(a)} + {_term(b)}) / (2 * {_term(b)}))"
        case ("if", condition, yes, no):
            if yes is True and no is False:
                return _condition(condition)
            return f"({_condition(condition)} ? {_term(yes)} : {_term(no)})"
        case ("item", name, index):
            return f"{_name(name)}[{index}]"
        case ("list", items):
            return f"[{', '.join(map(_term, items))}]"
        case ("chosen", pairs):
            parts = (f"{_condition(c)} ? {_term(item)} : null" for c, item in pairs)
            return f"filter([{', '.join(parts)}], # != null)"
        case _:
            raise ValueError(term)


def _condition(condition: Term) -> str:
    match condition:
        case ("and" | "or" as word, *parts):
            return "(" + f" {word} ".join(map(_condition, parts)) + ")"
        case ("not", part):
            return f"not {_condition(part)}" if part[0] == "flag" else f"not ({_condition(part)})"
        case ("known", name):
            return f"{_name(name)} != null"
        case ("unknown", name):
            return f"{_name(name)} == null"
        case ("flag", name):
            return _name(name)
        case ("is", name, truth):
            return f"{_name(name)} == {json.dumps(truth)}"
        case ("in", term, constants):
            return f"{_term(term)} in [{', '.join(map(_term, constants))}]"
        case ("granted", channel):
            row = f"#.channel == '{channel}'"
            given = f"some(consents, {row} and #.granted)"
            return f"({given} and not some(consents, {row} and not #.granted))"
        case (operator, a, b):
            return f"{_term(a)} {operator} {_term(b)}"
        case _:
            raise ValueError(condition)
