"""Every condition of a policy as a column: true, false, or null where it cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from siyu.core.ir import Aggregate, Expr
from siyu.core.passes.prune import needed, written
from siyu.core.program import Binding, Program
from siyu.core.walk import parts
from siyu.population.run.columns import Decided, keys
from siyu.types import BoolType

PREFIX = "audit~"


@dataclass(frozen=True, slots=True)
class Audited:
    """A program with a binding for each condition, and their names by code."""

    program: Program
    codes: tuple[tuple[str, str], ...]


def audited(program: Program, event: str | None) -> Audited:
    """The conditions that a decision about an event is made of, by code. Conditions on rows are
    those of rows, not of customers, and are left out."""
    found: dict[str, Expr] = {}
    for binding in needed(program.bindings, written(program.emits(event))):
        for node in _of_records(binding.expr):
            if node.code and isinstance(node.type, BoolType):
                found.setdefault(node.code, node)
    bindings = tuple(
        Binding(f"{PREFIX}{code}", expr, expr.type, span=expr.span)
        for code, expr in sorted(found.items())
    )
    names = tuple((code, f"{PREFIX}{code}") for code in sorted(found))
    return Audited(replace(program, bindings=(*program.bindings, *bindings)), names)


def _of_records(root: Expr) -> list[Expr]:
    """The nodes of an expression that are not about a row."""
    found, waiting, seen = [], [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        found.append(node)
        if not isinstance(node, Aggregate):
            waiting.extend(parts(node))
    return found


def audit_names(codes: Sequence[str]) -> tuple[str, ...]:
    """What the columns of codes are called: engines do not tell large letters from small ones."""
    taken = {"customer", "event", "event_type", "turn"}
    found = []
    for code in codes:
        name, number = code, 2
        while name.casefold() in taken:
            name, number = f"{code}~{number}", number + 1
        taken.add(name.casefold())
        found.append(name)
    return tuple(found)


def audit_select(codes: Sequence[str], bindings: Mapping[str, str], decided: Decided) -> str:
    """The SELECT of audit.parquet: a column for each code, null where the relation has none."""
    items = keys(decided)
    for code, name in zip(codes, audit_names(codes), strict=True):
        held = "CAST(NULL AS BOOLEAN)" if code not in bindings else decided.of(bindings[code])
        items.append(f"{held} AS {decided.dialect.identifier(name)}")
    return f"SELECT {', '.join(items)} FROM {decided.relation}"
