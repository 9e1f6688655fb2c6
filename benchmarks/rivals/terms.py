"""Terms and conditions that every rival can express, as nested tuples.

Terms: a constant, `("get", name)`, `("+" | "-" | "*", a, b)`, `("half_up", a, b)` (a ÷ b rounded),
`("if", condition, a, b)`, `("list", items)`, `("chosen", pairs)`: the terms whose condition holds.
Conditions: `("<" | "<=" | ">" | ">=" | "==" | "!=", a, b)`, `("in", a, constants)`, `("and", …)`,
`("or", …)`, `("not", c)`, `("known" | "unknown", name)`, `("flag", name)`, `("granted", channel)`;
in two-valued form also `("is", name, verdict)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

Term = Any
Condition = tuple[Any, ...]


def get(name: str) -> Term:
    """The value of a field or of an earlier term."""
    return ("get", name)


def between(term: Term, low: int, high: int) -> Condition:
    """Both ends included."""
    return ("and", (">=", term, low), ("<=", term, high))


def names(term: Term) -> Iterator[str]:
    """Every field or earlier term that a term reads."""
    match term:
        case ("get" | "known" | "unknown" | "flag", str(name)) | ("is" | "item", str(name), _):
            yield name
        case tuple():
            for part in term[1:] if term and isinstance(term[0], str) else term:
                yield from names(part)


def may_be_unknown(condition: Condition, optional: Set[str]) -> bool:
    """Whether an unknown value can leave the condition undecided."""
    match condition:
        case ("known" | "unknown" | "granted", _):
            return False
        case ("and" | "or" | "not", *parts):
            return any(may_be_unknown(part, optional) for part in parts)
        case _:
            return any(name in optional for name in names(condition))


def holds(condition: Condition, optional: Set[str]) -> Condition:
    """True where the condition is true, false where it is false or unknown."""
    if not may_be_unknown(condition, optional):
        return condition
    match condition:
        case ("and" | "or" as word, *parts):
            return (word, *(holds(part, optional) for part in parts))
        case ("not", part):
            return fails(part, optional)
        case ("flag", name):
            return ("is", name, True)
        case _:
            return ("and", *_guards(condition, optional), condition)


def fails(condition: Condition, optional: Set[str]) -> Condition:
    """True where the condition is false, false where it is true or unknown."""
    if not may_be_unknown(condition, optional):
        return ("not", condition)
    match condition:
        case ("and" | "or" as word, *parts):
            other = "or" if word == "and" else "and"
            return (other, *(fails(part, optional) for part in parts))
        case ("not", part):
            return holds(part, optional)
        case ("flag", name):
            return ("is", name, False)
        case _:
            return ("and", *_guards(condition, optional), ("not", condition))


def _guards(condition: Condition, optional: Set[str]) -> list[Condition]:
    return [("known", name) for name in dict.fromkeys(names(condition)) if name in optional]


def verdict(condition: Condition, optional: Set[str]) -> Term:
    """The condition as a value: true, false or null."""
    if not may_be_unknown(condition, optional):
        return ("if", condition, True, False)
    sure = ("if", fails(condition, optional), False, None)
    return ("if", holds(condition, optional), True, sure)


def first(
    cases: list[tuple[Condition, Term]], otherwise: Term, unknown: Term, optional: Set[str]
) -> Term:
    """The term of the first case that holds; `unknown` where an earlier one cannot be told."""
    rest = otherwise
    for condition, term in reversed(cases):
        if may_be_unknown(condition, optional):
            rest = ("if", fails(condition, optional), rest, unknown)
        rest = ("if", holds(condition, optional), term, rest)
    return rest
