"""What one generated function computes, in which order, and for whom.

Takes a program and the event it is to decide about, and gives bindings that are ready to be
written down one after another: shallow, with every aggregate, contest and long case in a binding
of its own; what depends on the moment alone apart; and aggregates over one table that can share a
loop in one stage.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from siyu.core.ir import (
    Aggregate,
    Cases,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Ref,
)
from siyu.core.passes import PASSES, given_metrics, written
from siyu.core.passes.keys import Keys
from siyu.core.passes.prune import needed
from siyu.core.program import Binding, Program
from siyu.core.walk import Reach, parts, refs, rewrite, top_most, with_parts
from siyu.evaluators.record.demand import Demand, demands

DEEP = 10  # levels of an expression that stay together
LONG = 6  # arms of cases that stay an expression


@dataclass(frozen=True, slots=True)
class Plan:
    """`moments` depend on as_of alone. `stages` are in order; `exports` name what is returned, and
    `demand` says when each binding is asked for."""

    moments: tuple[Binding, ...]
    stages: tuple[Stage, ...]
    exports: tuple[str, ...]
    demand: Demand


@dataclass(frozen=True, slots=True)
class Stage:
    """Bindings that can be computed before the loops, then the loops' aggregates by table."""

    bindings: tuple[Binding, ...]
    loops: tuple[tuple[str, tuple[Binding, ...]], ...]


def plan(
    program: Program, event: str | None, given: Collection[str], exports: Sequence[str] | None
) -> Plan:
    program = given_metrics(program, given)
    parts_written = program.emits(event)
    asked = set(written(parts_written) if exports is None else exports)
    wanted = tuple(b.name for b in program.bindings if b.name in asked)
    program = replace(program, bindings=needed(program.bindings, wanted))
    program = _of_event(program, event)
    for improve in PASSES:
        program = improve(program)
    layout = _Layout()
    for binding in needed(program.bindings, wanted):
        layout.add(binding)
    bindings = needed(layout.bindings, wanted)
    reads = {binding.name: refs(binding.expr) for binding in bindings}
    moments = needed(layout.moments, set(wanted).union(*reads.values()))
    demand = demands(bindings, reads, parts_written if exports is None else None, wanted)
    return Plan(moments, _stages(bindings, reads), wanted, demand)


def _of_event(program: Program, event: str | None) -> Program:
    """Fields of other events are unknown, and the event's type is a constant."""

    def change(node: Expr) -> Expr:
        if isinstance(node, Input) and (node.origin, node.name) == ("request", "event"):
            return Const(event, node.type)
        if not (isinstance(node, Input) and node.origin == "event"):
            return node
        return node if node.name.partition(".")[0] == event else Const(None, node.type)

    done: dict[int, Expr] = {}
    bindings = tuple(replace(b, expr=rewrite(b.expr, change, done)) for b in program.bindings)
    return replace(program, bindings=bindings)


def _stages(bindings: Sequence[Binding], reads: Mapping[str, set[str]]) -> tuple[Stage, ...]:
    """An aggregate runs in the first loop over its table in which all it needs is known."""
    level: dict[str, int] = {}
    plain: list[list[Binding]] = [[]]
    loops: list[dict[str, list[Binding]]] = [{}]
    for binding in bindings:
        at = max((level[name] for name in reads[binding.name] if name in level), default=0)
        while len(plain) <= at + 1:
            plain.append([])
            loops.append({})
        if isinstance(binding.expr, Aggregate):
            loops[at].setdefault(binding.expr.rows.table, []).append(binding)
            level[binding.name] = at + 1
        else:
            plain[at].append(binding)
            level[binding.name] = at
    return tuple(
        Stage(tuple(before), tuple((table, tuple(group)) for table, group in after.items()))
        for before, after in zip(plain, loops, strict=True)
    )


class Heights:
    """Levels of an expression: 0 of a leaf."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Expr, int]] = {}  # holds the nodes: identities stay theirs

    def of(self, root: Expr) -> int:
        """Needs the heights of the parts to be asked for before, inner ones first."""
        if id(root) not in self._known:
            inner = [self.of(part) for part in parts(root)]
            self._known[id(root)] = (root, 1 + max(inner) if inner else 0)
        return self._known[id(root)][1]


@dataclass(slots=True)
class _Layout:
    """Cuts expressions into bindings, inner before outer; the same expression only once."""

    bindings: list[Binding] = field(default_factory=list)
    moments: list[Binding] = field(default_factory=list)
    keys: Keys = field(default_factory=Keys)
    reach: Reach = field(default_factory=Reach)
    heights: Heights = field(default_factory=Heights)
    names: dict[int, Ref] = field(default_factory=dict)
    momentary: dict[int, tuple[Expr, bool]] = field(default_factory=dict)
    moment_names: set[str] = field(default_factory=set)
    moment_of: dict[str, Ref] = field(default_factory=dict)  # bindings that are but a moment
    done: dict[int, Expr] = field(default_factory=dict)
    kept: list[Expr] = field(default_factory=list)

    def add(self, binding: Binding) -> None:
        self.kept.append(binding.expr)
        expr = rewrite(binding.expr, self.change, self.done)
        if self.of_moment(expr) and parts(expr):
            expr = self.named(expr, "moment", self.moments)
        if isinstance(expr, Ref) and expr.name in self.moment_names:
            self.moment_names.add(binding.name)
            self.moment_of[binding.name] = expr
        self.bindings.append(replace(binding, expr=expr))

    def change(self, node: Expr) -> Expr:
        """A node whose parts are laid out, laid out itself."""
        if isinstance(node, Ref):
            return self.moment_of.get(node.name, node)
        if self.of_moment(node):
            apart = self.apart(node)
            return self.named(node, "moment", self.moments) if apart else node
        node = with_parts(node, [self.part(part) for part in parts(node)])
        if isinstance(node, Aggregate):
            node = self.without_constants(node)
        if self.reach.of(node) == 0 and self.apart(node):
            return self.named(node, "apart", self.bindings)
        return node

    def part(self, part: Expr) -> Expr:
        if self.of_moment(part) and parts(part):
            return self.named(part, "moment", self.moments)
        return part

    def apart(self, node: Expr) -> bool:
        match node:
            case Aggregate() | Contest():
                return True
            case Cases():
                heavy = node.on_unknown == "otherwise" and bool(parts(node.otherwise))
                return heavy or len(node.arms) > LONG or self.heights.of(node) >= DEEP
            case _:
                return self.heights.of(node) >= DEEP

    def without_constants(self, node: Aggregate) -> Expr:
        """What does not depend on a row is computed before the loop."""
        found = top_most(parts(node), lambda e: bool(parts(e)) and self.reach.of(e) == 0)
        seeds: dict[int, Expr] = {id(e): self.named(e, "apart", self.bindings) for e in found}
        if not seeds:
            return node
        inner = [rewrite(part, lambda e: e, seeds) for part in parts(node)]
        return with_parts(node, inner)

    def named(self, expr: Expr, stem: str, bindings: list[Binding]) -> Ref:
        key = self.keys.of(expr)
        if key not in self.names:
            name = f"{stem}~{key}"
            bindings.append(Binding(name, expr, expr.type))
            self.names[key] = Ref(name, expr.type)
            if bindings is self.moments:
                self.moment_names.add(name)
        return self.names[key]

    def of_moment(self, node: Expr) -> bool:
        """Whether a value depends on nothing but as_of and constants."""
        if id(node) not in self.momentary:
            self.momentary[id(node)] = (node, self._of_moment(node))
        return self.momentary[id(node)][1]

    def _of_moment(self, node: Expr) -> bool:
        match node:
            case Const():
                return True
            case Input():
                return (node.origin, node.name) == ("request", "as_of")
            case Ref():
                return node.name in self.moment_names
            case Column() | Aggregate() | Contest():
                return False
            case _:
                return all(self.of_moment(part) for part in parts(node))
