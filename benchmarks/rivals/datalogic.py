"""The benchmark policy for datalogic-py: one JSONLogic template, compiled once, one session.

JSONLogic has no names for intermediate values. Mapping a body over a list of one object gives
them: each stratum of the policy is such an object, and inner bodies climb to the outer ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.handwritten import Decided
from benchmarks.records import Member
from benchmarks.rivals.policy import PLAN, decided, identify, record
from benchmarks.rivals.terms import Term, names

__all__ = ["load", "outcome", "record"]


def load() -> Callable[[Any], Any]:
    """The compiled policy: a record as `record` gives it in, named outcomes out."""
    from datalogic_py import Engine

    engine = Engine(templating=True)
    rule = engine.compile(logic())
    evaluate = engine.session().evaluate

    def run(record: Any) -> Any:
        found = evaluate(rule, record)
        for _ in range(DEPTH):
            (found,) = found
        return identify(found, record)

    return run


def outcome(found: dict[str, Any], member: Member) -> Decided:
    """The engine's output as a decision."""
    return decided(found | {"member_level_held": member.member_level_held})


def _strata() -> list[list[str]]:
    """The names by how many lets deep they read; what only outputs read comes last."""
    level: dict[str, int] = {}
    for name, term in PLAN.lets.items():
        level[name] = 1 + max((level.get(read, 0) for read in names(term)), default=0)
    return [[n for n in level if level[n] == depth] for depth in range(1, max(level.values()) + 1)]


STRATA = _strata()
DEPTH = len(STRATA)
_DEPTH_OF = {name: depth for depth, stratum in enumerate(STRATA, start=1) for name in stratum}


def logic() -> Any:
    """The policy as one nested JSONLogic template."""
    body: Any = {name: _read(name, DEPTH) for name in PLAN.outputs}
    for depth in range(DEPTH, 0, -1):
        stratum = {name: _term(PLAN.lets[name], depth - 1) for name in STRATA[depth - 1]}
        body = {"map": [[stratum], body]}
    return body


def _read(name: str, depth: int, *path: int) -> Any:
    """Read a name from inside `depth` bodies; a body is two contexts deep."""
    home = _DEPTH_OF.get(name, 0)
    if home == depth:
        return {"val": [name, *path]} if path else {"var": name}
    return {"val": [[2 * (depth - home)], name, *path]}


def _term(term: Term, depth: int) -> Any:
    match term:
        case None | bool() | int() | str():
            return term
        case ("get", name):
            return _read(name, depth)
        case ("+" | "-" | "*" as operator, a, b):
            return {operator: [_term(a, depth), _term(b, depth)]}
        case ("half_up", a, b):
            divisor = {"*": [2, _term(b, depth)]}
            dividend = {"+": [{"*": [2, _term(a, depth)]}, _term(b, depth)]}
            return {"floor": [{"/": [dividend, divisor]}]}
        case ("if", condition, yes, no):
            if yes is True and no is False:
                return _condition(condition, depth)
            return {"if": [_condition(condition, depth), _term(yes, depth), _term(no, depth)]}
        case ("item", name, index):
            return _read(name, depth, index)
        case ("list", items):
            return [_term(item, depth) for item in items]
        case ("chosen", pairs):
            parts = [{"if": [_condition(c, depth), [_term(item, depth)], []]} for c, item in pairs]
            return {"merge": parts}
        case _:
            raise ValueError(term)


def _condition(condition: Term, depth: int) -> Any:
    match condition:
        case ("and" | "or" as word, *parts):
            return {word: [_condition(part, depth) for part in parts]}
        case ("not", part):
            return {"!": [_condition(part, depth)]}
        case ("known", name):
            return {"!==": [_read(name, depth), None]}
        case ("unknown", name):
            return {"===": [_read(name, depth), None]}
        case ("flag", name):
            return _read(name, depth)
        case ("is", name, truth):
            return {"===": [_read(name, depth), truth]}
        case ("in", term, constants):
            return {"in": [_term(term, depth), list(constants)]}
        case ("granted", channel):
            rows = _read("consents", depth)
            same = {"===": [{"var": "channel"}, channel]}
            yes = {"some": [rows, {"and": [same, {"var": "granted"}]}]}
            no = {"none": [rows, {"and": [same, {"!": [{"var": "granted"}]}]}]}
            return {"and": [yes, no]}
        case ("==" | "!=" as operator, a, b):
            return {operator + "=": [_term(a, depth), _term(b, depth)]}
        case (operator, a, b):
            return {operator: [_term(a, depth), _term(b, depth)]}
        case _:
            raise ValueError(condition)
