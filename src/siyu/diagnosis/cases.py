"""What members are told apart by, and which rules are meant for each case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from siyu.compiler import of_library
from siyu.diagnosis.audience import Assumed, reading
from siyu.diagnosis.model import Case, Family, Verdict
from siyu.semantics.build import Build, Declared
from siyu.syntax import ast
from siyu.text import Span

LEAST = 3  # segments that make a family
RULES = (ast.Incentive, ast.Contact, ast.Points)


def families(build: Build) -> tuple[Family, ...]:
    """Classifications, tiers and families of segments (`churn_light`, `churn_medium`,
    `churn_severe`: three or more whose names are the same up to the last `_`), as written.

    Those of a library are looked at where some rule asks for one of their cases: a policy that uses
    a library's figures has not promised to treat all that it tells apart."""
    rules = [each for each in build.declared.values() if isinstance(each.node, RULES)]
    found: list[Family] = []
    for each in build.declared.values():
        match each.node:
            case ast.Classify(cases=cases):
                members = tuple(case.name.text for case in cases)
                parts = [(case.name.text, case.label) for case in cases]
                found.append(_family("classify", each, parts, members, rules, build))
            case ast.Tier(levels=levels):
                parts = [(level.name.text, level.label) for level in levels]
                members = tuple(level.name.text for level in reversed(levels))
                found.append(_family("tier", each, parts, members, rules, build))
            case _:
                pass
    found += _segments(rules, build)
    return tuple(each for each in found if _is_own(each, build) or _is_asked_for(each))


def _is_own(family: Family, build: Build) -> bool:
    names = [family.name] if family.kind != "segments" else [each.name for each in family.cases]
    return not all(of_library(place(build.declared[name]).file) for name in names)


def place(declared: Declared) -> Span:
    """Where a declaration has its name."""
    assert not isinstance(declared.node, ast.Test)
    return declared.node.name.span


def _is_asked_for(family: Family) -> bool:
    return any(each.verdict != "nothing" for each in family.cases)


def _family(
    kind: str,
    owner: Declared,
    parts: Sequence[tuple[str, str | None]],
    members: tuple[str, ...],
    rules: Sequence[Declared],
    build: Build,
) -> Family:
    ordered = kind == "tier"
    cases = tuple(
        _case(name, label or name, Assumed(owner.name, name, members, ordered), rules, build)
        for name, label in parts
    )
    return Family("tier" if ordered else "classify", owner.name, owner.label, cases)


def _segments(rules: Sequence[Declared], build: Build) -> Iterator[Family]:
    stems: dict[str, list[Declared]] = {}
    for each in build.declared.values():
        if isinstance(each.node, ast.Segment):
            stem, _, last = each.name.rpartition("_")
            if stem and last:
                stems.setdefault(stem, []).append(each)
    for stem, members in stems.items():
        if len(members) >= LEAST:
            cases = tuple(
                _case(each.name, each.label, Assumed(each.name, each.name), rules, build)
                for each in members
            )
            yield Family("segments", stem, stem, cases)


def _case(name: str, label: str, assumed: Assumed, rules: Sequence[Declared], build: Build) -> Case:
    read = {rule.name: reading(rule, assumed, build) for rule in rules}
    by = {how: tuple(n for n, r in read.items() if r == how) for how in ("named", "open", "unsure")}
    verdict: Verdict = "served" if by["named"] else "cannot tell" if by["unsure"] else "nothing"
    return Case(name, label, verdict, by["named"], by["open"], by["unsure"])
