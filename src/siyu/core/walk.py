"""Going through expressions and rebuilding them, without recursion.

Trees may be deep, and the same node may be reached in several ways: every function here visits a
node (by identity) once.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from siyu.core.ir import (
    Aggregate,
    And,
    Arm,
    Call,
    Candidate,
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
    Use,
)

LEAVES = frozenset({Const, Input, Ref, Column})


def parts(node: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside a node, in evaluation order."""
    if type(node) in LEAVES:  # most nodes are, and nothing is asked more often
        return ()
    match node:
        case Const() | Input() | Ref() | Column():
            return ()
        case Call():
            return node.args
        case Not() | Known():
            return (node.value,)
        case And() | Or():
            return node.items
        case Coalesce():
            return (node.value, node.default)
        case Cases():
            return (*(e for arm in node.arms for e in (arm.when, arm.value)), node.otherwise)
        case Aggregate():
            return tuple(e for e in (node.where, node.value, node.by, node.tie) if e is not None)
        case Contest():
            return (*(e for c in node.candidates for e in _of_candidate(c)), *node.rooms)
        case _:
            assert_never(node)


def _of_candidate(candidate: Candidate) -> tuple[Expr, ...]:
    return (candidate.eligible, *candidate.keys, *(use.when for use in candidate.uses))


def with_parts(node: Expr, new: Sequence[Expr]) -> Expr:
    """The node with other expressions inside, in the order of `parts`; itself if none differs."""
    if all(a is b for a, b in zip(parts(node), new, strict=True)):
        return node
    following = iter(new)

    def take(old: Expr) -> Expr:
        return next(following)

    match node:
        case Const() | Input() | Ref() | Column():
            return node
        case Call():
            return replace(node, args=tuple(new))
        case Not() | Known():
            return replace(node, value=take(node.value))
        case And() | Or():
            return replace(node, items=tuple(new))
        case Coalesce():
            return replace(node, value=take(node.value), default=take(node.default))
        case Cases():
            arms = tuple(Arm(take(arm.when), take(arm.value)) for arm in node.arms)
            return replace(node, arms=arms, otherwise=take(node.otherwise))
        case Aggregate():
            where = node.where and take(node.where)
            value = node.value and take(node.value)
            by = node.by and take(node.by)
            return replace(node, where=where, value=value, by=by, tie=node.tie and take(node.tie))
        case Contest():
            candidates = tuple(_with_candidate(c, take) for c in node.candidates)
            return replace(node, candidates=candidates, rooms=tuple(map(take, node.rooms)))
        case _:
            assert_never(node)


def _with_candidate(candidate: Candidate, take: Callable[[Expr], Expr]) -> Candidate:
    eligible = take(candidate.eligible)
    keys = tuple(map(take, candidate.keys))
    uses = tuple(Use(use.room, take(use.when)) for use in candidate.uses)
    return Candidate(candidate.name, eligible, keys, uses)


def walk(*roots: Expr) -> Iterator[Expr]:
    """Every node of these expressions, once, outer before inner, left to right."""
    seen: set[int] = set()
    waiting = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting += parts(node)[::-1]


def inner_first(root: Expr, done: Container[int]) -> Iterator[tuple[Expr, tuple[Expr, ...]]]:
    """Every node that is not done, with its parts, inner before outer, left to right.

    Whoever asks puts a node's identity among `done` before asking for the next, and keeps nodes
    alive as long as their identities stand there.
    """
    waiting: list[tuple[Expr, tuple[Expr, ...]]] = [(root, ())]
    while waiting:
        node, inner = waiting.pop()
        if id(node) in done:
            continue
        if inner:
            yield node, inner
            continue
        inner = parts(node)
        if not inner:
            yield node, inner
            continue
        waiting.append((node, inner))
        waiting += [(part, ()) for part in reversed(inner)]


def rewrite(
    root: Expr, change: Callable[[Expr], Expr], done: dict[int, Expr] | None = None
) -> Expr:
    """The expression with `change` applied to every node, inner before outer.

    `done` may be shared between calls on nodes that all stay alive, so that what they have in
    common is rewritten once.
    """
    done = {} if done is None else done
    for node, inner in inner_first(root, done):
        made = node
        if inner:
            new = [done[id(part)] for part in inner]
            if any(a is not b for a, b in zip(inner, new, strict=True)):
                made = with_parts(node, new)
        done[id(node)] = change(made)
    return done[id(root)]


def refs(*roots: Expr) -> set[str]:
    """Names of the bindings that are read."""
    return {node.name for node in walk(*roots) if isinstance(node, Ref)}


def top_most(roots: Sequence[Expr], found: Callable[[Expr], bool]) -> Iterator[Expr]:
    """The outermost nodes that are looked for, each once; inside them nobody looks."""
    seen: set[int] = set()
    waiting = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if found(node):
            yield node
        else:
            waiting.extend(reversed(parts(node)))


class Reach:
    """How many rows out the columns in an expression look: 0 where it stands on its own.

    >>> from siyu.types import INT
    >>> from siyu.core.ir import Rows
    >>> total = Aggregate("sum", Rows("orders"), Column("amount", INT), None, INT)
    >>> Reach().of(Column("amount", INT)), Reach().of(total)
    (1, 0)
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[Expr, int]] = {}  # holds the nodes: identities stay theirs

    def of(self, root: Expr) -> int:
        found = self._known.get(id(root))
        if found is None:
            for node, inner in inner_first(root, self._known):
                self._known[id(node)] = (node, self._own(node, inner))
            found = self._known[id(root)]
        return found[1]

    def _own(self, node: Expr, parts_inside: tuple[Expr, ...]) -> int:
        inner = 0
        for part in parts_inside:
            inner = max(inner, self._known[id(part)][1])
        match node:
            case Column():
                return node.level + 1
            case Aggregate():
                return max(inner - 1, node.rows.level + 1 if node.rows.nested else 0)
            case _:
                return inner
