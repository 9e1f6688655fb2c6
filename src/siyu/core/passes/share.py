"""Naming what is computed in several places, so that it is computed once.

Only what costs more than remembering it is shared: aggregates, contests, functions that are called,
and larger conditions. What stands only in arms that may not be taken stays there, unless it is
large. Expressions over a row's columns are not shared here: evaluators see them in their loop.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Contest,
    Expr,
    Or,
    Ref,
)
from siyu.core.passes.keys import Keys
from siyu.core.program import Binding, Program
from siyu.core.walk import LEAVES, Reach, inner_first, parts, with_parts
from siyu.functions import FUNCTIONS

SMALL = 6  # nodes; a condition of fewer is computed again
LARGE = 60  # nodes; computed even where it may not be asked for


def share(program: Program) -> Program:
    """The program with bindings, named `shared~0`, …, for expressions that occur several times.

    >>> from siyu.core.passes.samples import PROGRAM, SPEND
    >>> twice = replace(PROGRAM, bindings=(*PROGRAM.bindings, Binding("again", SPEND, SPEND.type)))
    >>> [b.name for b in share(twice).bindings]
    ['shared~0', 'spend', 'high', 'earned', 'again']
    """
    sharing = _Sharing()
    for binding in program.bindings:
        sharing.count(binding.expr)
    for binding in program.bindings:
        expr = sharing.replaced(binding.expr)
        sharing.bindings.append(replace(binding, expr=expr))
    shared = tuple(sharing.bindings)
    later = tuple(replace(b, expr=sharing.known(b.expr)) for b in program.everyone.bindings)
    return replace(program, bindings=shared, everyone=replace(program.everyone, bindings=later))


@dataclass(slots=True)
class _Sharing:
    keys: Keys = field(default_factory=Keys)
    uses: Counter[int] = field(default_factory=Counter)  # by key, in whatever place
    strict: set[int] = field(default_factory=set)  # keys computed in any case
    sizes: dict[int, int] = field(default_factory=dict)  # by identity
    reach: Reach = field(default_factory=Reach)
    names: dict[int, Ref] = field(default_factory=dict)  # by key
    bindings: list[Binding] = field(default_factory=list)

    def count(self, root: Expr) -> None:
        """Counts every distinct occurrence; inside what was seen before nothing counts again."""
        self.measure(root)
        waiting = [(root, False)]
        while waiting:
            node, lazy = waiting.pop()
            key = self.keys.of(node)
            self.uses[key] += 1
            seen_strict = key in self.strict
            if not lazy:
                self.strict.add(key)
            if self.uses[key] == 1 or (not lazy and not seen_strict):
                waiting.extend((part, lazy or late) for part, late in _parts(node))

    def measure(self, root: Expr) -> None:
        for node, inner in inner_first(root, self.sizes):
            size = 1
            for part in inner:
                size += self.sizes[id(part)]
            self.sizes[id(node)] = min(10**6, size)

    def known(self, root: Expr) -> Expr:
        """The expression with references to what decisions share; nothing new is shared."""
        done: dict[int, Expr] = {}
        for node, inner in inner_first(root, done):
            made = with_parts(node, [done[id(part)] for part in inner]) if inner else node
            done[id(node)] = self.names.get(self.keys.of(node), made)
        return done[id(root)]

    def replaced(self, root: Expr) -> Expr:
        """The expression with references to what is shared."""
        done: dict[int, Expr] = {}
        for node, inner in inner_first(root, done):
            made = with_parts(node, [done[id(part)] for part in inner]) if inner else node
            done[id(node)] = self.named(node, made)
        return done[id(root)]

    def named(self, node: Expr, made: Expr) -> Expr:
        if not self.worth(node):
            return made
        key = self.keys.of(node)
        if key not in self.names:
            name = f"shared~{len(self.names)}"
            self.bindings.append(Binding(name, made, node.type, span=node.span))
            self.names[key] = Ref(name, node.type, span=node.span)
        return self.names[key]

    def worth(self, node: Expr) -> bool:
        if type(node) in LEAVES:
            return False
        key = self.keys.of(node)
        if self.uses[key] < 2:
            return False
        if self.reach.of(node):
            return False
        size = self.sizes[id(node)]
        return size > LARGE or (key in self.strict and _costly(node, size))


def _costly(node: Expr, size: int) -> bool:
    match node:
        case Aggregate() | Contest():
            return True
        case Call():
            return FUNCTIONS[node.function].source is None or size > SMALL
        case And() | Or() | Cases():
            return size > SMALL
        case _:
            return False


def _parts(node: Expr) -> list[tuple[Expr, bool]]:
    """A node's parts, and whether each may be left out at run time."""
    if isinstance(node, Cases):
        whens = [(arm.when, place > 0) for place, arm in enumerate(node.arms)]
        return [*whens, *((arm.value, True) for arm in node.arms), (node.otherwise, True)]
    return [(part, False) for part in parts(node)]
