"""What is computed once for each row of a loop, because it is asked for twice or is too large.

The counterpart of `plan` inside of a loop: inner aggregates get loops of their own, functions that
several aggregates call on the same columns are called once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from siyu.core.ir import Aggregate, Call, Cases, Contest, Expr, Ref
from siyu.core.passes.keys import Keys
from siyu.core.walk import parts, top_most, with_parts
from siyu.evaluators.record.plan import DEEP, LONG, Heights
from siyu.functions import FUNCTIONS


@dataclass(slots=True)
class RowLayout:
    """`inner` aggregates and then `lets` are to be computed first, in order; `name` makes names
    that nobody else uses."""

    stem: str
    inner: dict[str, Aggregate] = field(default_factory=dict)
    lets: dict[str, Expr] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)
    heights: Heights = field(default_factory=Heights)
    uses: Counter[int] = field(default_factory=Counter)
    names: dict[int, Ref] = field(default_factory=dict)
    done: dict[int, Expr] = field(default_factory=dict)

    def lay_out(self, roots: Sequence[Expr]) -> list[Expr]:
        """The expressions, reading what is computed before them by its name."""
        for node in top_most(roots, lambda e: isinstance(e, Aggregate)):
            assert isinstance(node, Aggregate)
            ref = self.ref(node)
            self.inner[ref.name] = node
            self.done[id(node)] = ref
        self.count(roots)
        return [self.laid_out(root) for root in roots]

    def count(self, roots: Sequence[Expr]) -> None:
        self.uses.update(map(self.keys.of, roots))
        seen: set[int] = set()
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            if id(node) in seen or isinstance(node, Aggregate):
                continue
            seen.add(id(node))
            self.uses.update(map(self.keys.of, parts(node)))
            waiting.extend(parts(node))

    def laid_out(self, root: Expr) -> Expr:
        waiting = [root]
        while waiting:
            node = waiting[-1]
            if id(node) in self.done:
                waiting.pop()
                continue
            missing = [part for part in parts(node) if id(part) not in self.done]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            made = with_parts(node, [self.done[id(part)] for part in parts(node)])
            self.done[id(node)] = self.named(node, made) if self.apart(node, made) else made
        return self.done[id(root)]

    def apart(self, node: Expr, made: Expr) -> bool:
        match node:
            case Contest():
                return True
            case Cases():
                heavy = node.on_unknown == "otherwise" and bool(parts(node.otherwise))
                return heavy or len(node.arms) > LONG or self.heights.of(made) >= DEEP
            case Call() if FUNCTIONS[node.function].source is None:
                repeated = self.uses[self.keys.of(node)] > 1
                return repeated or self.heights.of(made) >= DEEP
            case _:
                return self.heights.of(made) >= DEEP

    def named(self, node: Expr, made: Expr) -> Ref:
        ref = self.ref(node)
        self.lets.setdefault(ref.name, made)
        return ref

    def ref(self, node: Expr) -> Ref:
        key = self.keys.of(node)
        if key not in self.names:
            self.names[key] = Ref(f"{self.stem}~{key}", node.type)
        return self.names[key]
