"""What a value is made of, down to the facts, and the shortest way there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from siyu.core.ir import Aggregate, Column, Expr, Input, Known, Ref
from siyu.core.walk import parts

Context = tuple[str, ...]  # tables of the rows around an expression, innermost first


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """What is not worked out: an `Input` by its origin and name, or with the origin "rows" a table
    ("orders": which rows there are) or one of its columns ("orders.amount")."""

    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Direct:
    """What an expression reads itself, in the order in which it does."""

    names: tuple[str, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How one gets from an expression to what it is made of: to facts, and to bindings that were
    not looked into. A way names the bindings passed, the last one included; shortest first."""

    facts: Mapping[Fact, tuple[str, ...]]
    stops: Mapping[str, tuple[str, ...]]


def direct(root: Expr) -> Direct:
    """What an expression reads without asking other bindings.

    >>> from siyu.core.passes.samples import PROGRAM
    >>> direct(PROGRAM.bindings[0].expr).facts[0]
    Fact(origin='rows', name='orders')
    """
    names: dict[str, None] = {}
    facts: dict[Fact, None] = {}
    seen: set[tuple[int, Context]] = set()
    waiting: list[tuple[Expr, Context]] = [(root, ())]
    while waiting:
        node, rows = waiting.pop()
        if (id(node), rows) in seen:
            continue
        seen.add((id(node), rows))
        match node:
            case Known(value=Input(optional=False)):
                continue  # whether it is known is known
            case Ref():
                names[node.name] = None
            case Input():
                facts[Fact(node.origin, node.name)] = None
            case Column():
                table = rows[node.level] if node.level < len(rows) else ""
                whole = node.name if "." in node.name or not table else f"{table}.{node.name}"
                facts[Fact("rows", whole)] = None
            case Aggregate():
                inner = node.rows.table
                if node.rows.nested and node.rows.level < len(rows):
                    inner = f"{rows[node.rows.level]}.{inner}"
                facts[Fact("rows", inner)] = None
                rows = (inner, *rows)
            case _:
                pass
        waiting.extend((part, rows) for part in reversed(parts(node)))
    return Direct(tuple(names), tuple(facts))


def ways(
    roots: Iterable[Expr],
    expr_of: Callable[[str], Expr | None],
    stop: Callable[[str], bool],
    behind: Callable[[Fact], Iterable[str]] = lambda fact: (),
) -> Ways:
    """The shortest way from expressions to each fact, and to each binding at which one is to
    `stop`. `behind` names the bindings that a fact was found from (of cuts)."""
    facts: dict[Fact, tuple[str, ...]] = {}
    stops: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    level: list[tuple[Expr, tuple[str, ...]]] = [(root, ()) for root in roots]
    while level:
        below: list[tuple[Expr, tuple[str, ...]]] = []
        for expr, way in level:
            read = direct(expr)
            names = list(read.names)
            for fact in read.facts:
                facts.setdefault(fact, way)
                names.extend(behind(fact))
            for name in names:
                if name in seen:
                    continue
                seen.add(name)
                if stop(name):
                    stops[name] = (*way, name)
                elif (inner := expr_of(name)) is not None:
                    below.append((inner, (*way, name)))
        level = below
    return Ways(facts, stops)
