"""A policy as explanations look at it: found once, and kept with the policy.

Which conditions a rule consists of, as they were written; what may stop it; what figures it rests
on. Works on the core alone: conditions are the nodes that have codes or words of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from siyu.core.compiled import Compiled
from siyu.core.ir import (
    Aggregate,
    And,
    Call,
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
)
from siyu.core.program import Binding, Cut, Part, Program
from siyu.core.walk import parts, walk
from siyu.schema.model import Collection
from siyu.text import NOWHERE, Span
from siyu.types import BOOL, Type
from siyu.words import Words, say

RULES = ("points", "incentive", "contact")
SECTIONS: Mapping[str, str] = {
    "points": "points", "incentive": "incentives", "contact": "contacts", "segment": "segments",
    "classify": "classes", "score": "scores", "tier": "tiers", "table": "tables",
    "ensure": "claims", "metric": "metrics",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition as it was written. `parts` are what it joins by `and` or `or`, `turned` whether
    they stand in a negation; without parts it rests on the values in `node`. `against`: what asks
    for it wants it false, as an `unless` is wanted. `clause`: the clause that it is the whole of
    (`when`, `unless`, `lifetime`)."""

    node: Expr
    text: Words
    parts: tuple[Clause, ...] = ()
    turned: bool = False
    against: bool = False
    clause: str = ""

    @property
    def code(self) -> str:
        return self.node.code


@dataclass(frozen=True, slots=True)
class Stop:
    """What may stop a rule: by what, its code, and when it does."""

    by: str
    code: str
    holds: Expr


class Anatomy:
    """What explanations look up in a policy, whoever is explained. Immutable from outside; filled
    as it is asked, so that threads that share it do at worst the same work twice."""

    def __init__(self, compiled: Compiled, program: Program) -> None:
        self.compiled = compiled
        self.program = program
        self.bindings: Mapping[str, Binding] = {each.name: each for each in program.bindings}
        self.cuts: Mapping[Span, Cut] = {cut.span: cut for cut in program.cuts}
        self.parts: Mapping[str, Part] = {part.name: part for part in program.parts}
        self._texts: dict[Span, str] = {}
        self._clauses: dict[int, tuple[Clause, ...]] = {}
        self._clause: dict[int, Clause] = {}
        self._stops: dict[str, tuple[Stop, ...]] = {}
        self._channel_limits: dict[str, frozenset[str]] = {}
        self._coded: dict[str, Mapping[str, Expr]] = {}
        self._columns: dict[str, Mapping[str, Type]] = {}
        self._figures: dict[int, tuple[Expr, ...]] = {}

    @cached_property
    def own(self) -> Mapping[str, tuple[Binding, ...]]:
        """The bindings of each declaration: its own name, and all that begin with it and a dot."""
        own: dict[str, list[Binding]] = {}
        for binding in self.program.bindings:
            words = binding.name.split(".")
            for end in range(1, len(words) + 1):
                name = ".".join(words[:end])
                if name in self.compiled.kinds:
                    own.setdefault(name, []).append(binding)
        return {name: tuple(bindings) for name, bindings in own.items()}

    def label(self, name: str) -> str:
        """A label with its name behind it, as people see them: `金卡 (gold)`."""
        label = self.compiled.labels.get(name, name)
        return name if label == name else f"{label} ({name})"

    def member(self, owner: str, member: str) -> str:
        """A case or a level, called in the same way."""
        label = self.compiled.labels.get(f"{owner}.{member}", member)
        return member if label == member else f"{label} ({member})"

    def text(self, span: Span) -> str:
        """The author's text of a place, on one line; empty where there is none."""
        found = self._texts.get(span)
        if found is None:
            source = self.compiled.sources.get(span.file)
            found = " ".join(source.text[span.start : span.end].split()) if source else ""
            self._texts[span] = found
        return found

    # ------------------------------------------------------------ conditions

    def clauses(self, root: Expr) -> tuple[Clause, ...]:
        """The conditions in an expression, in the order written, outermost ones only."""
        found = self._clauses.get(id(root))
        if found is None:
            found = self._clauses[id(root)] = tuple(self._written(root))
        return found

    def clause(self, node: Expr) -> Clause:
        """One condition, with the conditions that it joins."""
        found = self._clause.get(id(node))
        if found is None:
            found = self._clause[id(node)] = self._made(node)
        return found

    def _made(self, node: Expr) -> Clause:
        turned, inner = False, node
        while isinstance(inner, Not):
            turned, inner = not turned, inner.value
        joined: tuple[Clause, ...] = ()
        if isinstance(inner, And | Or) and self._joins(inner):
            joined = tuple(map(self.clause, inner.items))
        text = self.text(node.span) or node.code
        return Clause(node, text, joined, turned, clause=_clause_of(node.code))

    def _share(self, node: And) -> Clause | None:
        """A level for a share of the population: those among whom it is, and its cut-point."""
        known, reached = node.items[-2:]
        if not (isinstance(known, Known) and isinstance(reached, Call) and reached.code):
            return None
        if known.value != reached.args[-1]:
            return None
        among = tuple(self.clause(item) for item in node.items[:-2] if item.code)
        figure = self.text(reached.args[0].span)
        words = say("`{figure}` reaches the cut-point", figure=figure)
        cut = Clause(reached, words)
        return Clause(node, self.text(reached.span), (*among, cut))

    def _joins(self, node: And | Or) -> bool:
        """Whether an author joined these conditions: each has words of its own."""
        if all(item.code for item in node.items):
            return True
        spans = sorted((item.span.start, item.span.end) for item in node.items)
        apart = all(before[1] <= after[0] for before, after in pairwise(spans))
        return apart and all(item.span != NOWHERE for item in node.items)

    def _written(self, root: Expr) -> Iterator[Clause]:
        waiting = [(root, False)]
        while waiting:
            node, against = waiting.pop()
            if node.type != BOOL:
                continue
            if node.code.partition(".")[0]:
                found = self.clause(node)
                yield replace(found, against=True) if against else found
            elif isinstance(node, Not):
                waiting.append((node.value, not against))
            elif isinstance(node, And) and (share := self._share(node)) is not None:
                yield share
            elif isinstance(node, And | Or | Coalesce):
                waiting.extend((part, against) for part in reversed(parts(node)))

    def columns(self, path: str) -> Mapping[str, Type]:
        """The types of a collection's columns, by name."""
        found = self._columns.get(path)
        if found is None:
            table = self.compiled.tables.get(path)
            columns = table.columns if table is not None else ()
            found = self._columns[path] = {c.name: c.type for c in columns if c.nested is None}
        return found

    @cached_property
    def channel_type(self) -> Type | None:
        """What channels of contacts are, where the schema knows consents."""
        consents = self.compiled.schema.role("consents")
        field = consents.fields.get("channel") if isinstance(consents, Collection) else None
        return field.type if field is not None else None

    def coded(self, name: str) -> Mapping[str, Expr]:
        """Every condition of a declaration by its code."""
        found = self._coded.get(name)
        if found is None:
            nodes: dict[str, Expr] = {}
            for binding in self.own.get(name, ()):
                for node in walk(binding.expr):
                    if node.code.partition(".")[0] and node.type == BOOL:
                        nodes.setdefault(node.code, node)
            found = self._coded[name] = nodes
        return found

    # ------------------------------------------------------------ rules

    def stops(self, name: str) -> tuple[Stop, ...]:
        """What may stop a rule, in the order in which it is asked."""
        found = self._stops.get(name)
        if found is None:
            found = self._stops[name] = tuple(self._stopping(name))
        return found

    def _stopping(self, name: str) -> Iterator[Stop]:
        binding = self.bindings.get(f"{name}.stopped")
        if binding is None or not isinstance(binding.expr, Cases):
            return
        for arm in binding.expr.arms:
            if isinstance(arm.value, Const) and isinstance(arm.value.value, str):
                by, _, code = arm.value.value.partition(" ")
                yield Stop(by, code, arm.when)

    def channel_limits(self, name: str) -> frozenset[str]:
        """The codes of limits that bind only one channel of a contact."""
        found = self._channel_limits.get(name)
        if found is None:
            limits = (b for b in self.own.get(name, ()) if b.name.startswith(f"{name}.via."))
            codes = {node.code for b in limits if ".limit." in b.name for node in walk(b.expr)}
            found = self._channel_limits[name] = frozenset(codes - {""})
        return found

    def stop_expr(self, stop: Stop) -> Expr:
        """The condition behind a stop, where it has a binding of its own."""
        holds = stop.holds
        return self.bindings[holds.name].expr if isinstance(holds, Ref) else holds

    @cached_property
    def today(self) -> str:
        """The binding that holds the local date of the decision; empty where nothing asks."""
        for binding in self.program.bindings:
            match binding.expr:
                case Call(function="local_date", args=(Input(origin="request", name="as_of"), *_)):
                    return binding.name
                case _:
                    pass
        return ""

    @cached_property
    def because(self) -> Mapping[str, tuple[tuple[str, tuple[str | Expr, ...]], ...]]:
        """What authors wrote behind `because`, with its code, by declaration."""
        words: dict[str, list[tuple[str, tuple[str | Expr, ...]]]] = {}
        for code, pieces in self.compiled.words.items():
            parts_ = code.split(".")
            for end in range(1, len(parts_) + 1):
                name = ".".join(parts_[:end])
                if name in self.compiled.kinds:
                    words.setdefault(name, []).append((code, pieces))
        return {name: tuple(found) for name, found in words.items()}

    def events(self, name: str) -> frozenset[str | None]:
        """The events that a rule is decided on; None: requests without one."""
        return frozenset(part.on for part in self.program.parts if part.name == name)

    # ------------------------------------------------------------ figures

    def figures(self, root: Expr) -> tuple[Expr, ...]:
        """The named values and the counted rows that an expression rests on, in the order written:
        declarations, facts, cut-points, aggregates. Bindings of ours are looked through."""
        found = self._figures.get(id(root))
        if found is None:
            found = self._figures[id(root)] = tuple(self._resting_on(root))
        return found

    def _is_named(self, node: Ref) -> bool:
        """Whether an author wrote this name of a part: `offer.benefit`, `member_level.change`."""
        owner, _, part = node.name.rpartition(".")
        written = self.text(node.span).replace("`", "")
        return owner in self.compiled.kinds and written.endswith(f".{part}")

    def _resting_on(self, root: Expr) -> Iterator[Expr]:
        waiting, seen = [root], set()
        while waiting:
            node = waiting.pop()
            match node:
                case Ref(name=name):
                    binding = self.bindings.get(name)
                    if binding is None or name in seen:
                        continue
                    seen.add(name)
                    if name in self.compiled.kinds or self._is_named(node):
                        yield node
                    else:
                        waiting.append(binding.expr)
                case Input(name=name, origin=origin):
                    if origin != "request" and name not in seen:
                        seen.add(name)
                        yield node
                case Const(span=span):
                    cut = self.cuts.get(span)
                    if cut is not None and cut.type == node.type and cut.name not in seen:
                        seen.add(cut.name)
                        yield node
                case Aggregate():
                    yield node
                case Call(function="on_day" | "next_day" | "last_day", args=(day, _)):
                    waiting.append(day)
                    yield node
                case Contest() | Column():
                    pass
                case _:
                    waiting.extend(reversed(parts(node)))


def _clause_of(code: str) -> str:
    """The clause that a code names; empty of a part of one.

    >>> _clause_of("at_risk.unless.1"), _clause_of("at_risk.unless.1.2"), _clause_of("unless.1")
    ('unless', '', '')
    """
    match code.split("."):
        case [_, *_, word, number] if number.isdigit() and not word.isdigit():
            return word
        case _:
            return ""
