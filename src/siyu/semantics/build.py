"""What is collected while declarations become core bindings, and how they find each other.

Declarations are lowered on demand: whoever names one gets its `Outcome`, lowered then and there.
So the bindings come out in dependency order, source order never matters, and a cycle is found
where it closes. The kinds are handed in, since this stage must not know them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from siyu.core.ir import Const, Expr, Input, Ref
from siyu.core.program import (
    Allotment,
    Balances,
    Binding,
    Cut,
    CutRule,
    Figure,
    Nature,
    Pairs,
    Part,
    Stat,
    Want,
)
from siyu.diagnostics import Diagnostic
from siyu.schema import Schema
from siyu.schema.calendars import Calendar
from siyu.schema.messages import Catalogue
from siyu.semantics.errors import Cycle, LongChain, WrongStratum
from siyu.semantics.phrases import KINDS
from siyu.syntax import ast
from siyu.text import NOWHERE, Span
from siyu.types import ERROR, EnumType, LevelType, Type
from siyu.words import say

# Declarations, and levels of their expressions, that wait for each other at a time; with
# `order.in_order` only circles need many. The interpreter's stack must hold them.
LONGEST_CHAIN = 20
DEEPEST_CHAIN = 50
FACTS, FIGURES, POINTS, INCENTIVES, CONTACTS, CLAIMS = range(6)
STRATA = (
    say("facts and metrics"), say("segments, classes, scores, tiers and tables"), say("points"),
    say("incentives"), say("contacts"), say("claims and tests"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ViewOf:
    """A filtered collection: `path` as in the schema, the filters outermost view first, each with
    the scope it was written in."""

    path: str
    filters: tuple[tuple[ast.Expr, Scope], ...]


@dataclass(frozen=True, slots=True)
class DaysOf:
    """What a calendar's file says; None where it could not be read, which was reported."""

    calendar: Calendar | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a declaration offers to the rest of the policy.

    `value` is what its bare name stands for (a bool where it is used as a condition); `fields` what
    stands behind a dot. `view` is set for views, `days` for calendars. A kind
    that offers nothing leaves them empty.
    """

    name: str
    kind: str
    stratum: int
    value: Expr | None = None
    fields: Mapping[str, Expr] = field(default_factory=dict)
    view: ViewOf | None = None
    days: DaysOf | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration under its full name (`x.recency` for one of `use "x.siyu" as x`)."""

    name: str
    node: ast.Declaration
    prefix: str  # "" or "x."
    kind: str  # "segment", as the author calls it
    stratum: int

    @property
    def label(self) -> str:
        written = getattr(self.node, "label", None)
        return written or self.name


Lower = Callable[[Declared, "Build"], Outcome]


@dataclass(frozen=True, slots=True)
class Found:
    """How a calibration finds a population value: see `siyu.core.program.CutRule`."""

    side: Literal["top", "percentile"]
    percent: str
    by: Expr
    among: Expr


@dataclass(slots=True)
class Stats:
    """The stats of one figure about everyone, by name, in the order in which they are asked for.
    `chain` are the figures whose formulas stand around here, outermost first."""

    owner: str
    found: dict[str, Stat] = field(default_factory=dict)
    chain: tuple[str, ...] = ()


@dataclass(slots=True)
class Aside:
    """What only a run over everyone asks for, apart from what decisions are made of. `waiting` is
    looked at when all declarations are lowered: what it binds comes after all their bindings."""

    bindings: dict[str, Binding] = field(default_factory=dict)
    cuts: dict[str, CutRule] = field(default_factory=dict)
    allotments: dict[str, Allotment] = field(default_factory=dict)  # by code, nobody wants yet
    wants: dict[str, list[Want]] = field(default_factory=dict)  # by code
    figures: list[Figure] = field(default_factory=list)
    pairs: list[Pairs] = field(default_factory=list)
    balances: dict[str, Balances] = field(default_factory=dict)  # by account
    proven: list[str] = field(default_factory=list)  # claims that no run need look at
    waiting: list[Callable[[], object]] = field(default_factory=list)
    open: bool = False

    def name(self, name: str, expr: Expr) -> str:
        """What an expression is called: a binding that says just this, or a new one."""
        if isinstance(expr, Ref):
            return expr.name
        self.bindings[name] = Binding(name, expr, expr.type, CLAIMS, span=expr.span)
        return name


@dataclass(slots=True)
class Build:
    """One compilation under way. Mutable, and never seen outside of it."""

    schema: Schema
    policy: str
    timezone: str
    currency: str
    declared: Mapping[str, Declared]
    lower: Lower
    found: list[Diagnostic] = field(default_factory=list)
    calendars: dict[Span, Calendar | None] = field(default_factory=dict)  # by path's place
    bindings: dict[str, Binding] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    cuts: dict[str, Cut] = field(default_factory=dict)
    allocations: dict[str, None] = field(default_factory=dict)
    ranked: dict[str, Cut] = field(default_factory=dict)  # budgets and quotas, by code
    aside: Aside = field(default_factory=Aside)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    unknowable: dict[str, bool] = field(default_factory=dict)  # binding -> may be unknown
    under_way: list[str] = field(default_factory=list)
    natures: dict[str, Nature] = field(default_factory=dict)
    halves: dict[str, object] = field(default_factory=dict)  # what a kind made and keeps for later
    words: dict[str, tuple[str | Expr, ...]] = field(default_factory=dict)  # `because`, by code
    messages: Catalogue | None = None  # None: the policy names no catalogue
    depth: int = 0  # of the expression being read, all those that wait included
    fresh: int = 0

    def report(self, diagnostic: Diagnostic) -> None:
        self.found.append(diagnostic)

    def days_of(self, node: ast.Calendar) -> DaysOf:
        """What the file of a calendar says."""
        return DaysOf(self.calendars.get(node.path.span))

    def bind(
        self,
        name: str,
        expr: Expr,
        stratum: int,
        *,
        metric: bool = False,
        optional: bool = True,
        span: Span = NOWHERE,
    ) -> Ref:
        """Gives an expression a name of its own and returns the reference to it.

        Bindings are called as their values are called in the document: `recency`,
        `member_level.change`, `wakeup.given`. `optional` False promises it is never unknown.
        """
        into = self.aside.bindings if self.aside.open else self.bindings
        into[name] = Binding(name, expr, expr.type, stratum, metric, span)
        self.unknowable[name] = optional
        return Ref(name, expr.type, span=span)

    def name_of(self, stem: str) -> str:
        """A binding name nobody else has, for parts of an expression: `stem~3`."""
        self.fresh += 1
        return f"{stem}~{self.fresh}"

    def emit(self, part: Part) -> None:
        """Adds to the decision document."""
        self.parts.append(part)

    def cut(self, name: str, kind: Type, span: Span, found: Found) -> Input:
        """A population value from the calibration, and how that finds it; `name` made unique by
        `_2`, `_3` in order."""
        unique, n = name, 1
        while unique in self.aside.cuts:
            n += 1
            unique = f"{name}_{n}"
        if not self.aside.open:
            self.cuts[unique] = Cut(unique, kind, span)
        aside = self.aside
        aside.cuts[unique] = CutRule(unique, found.side, found.percent, "", None, kind, span)

        def named() -> None:
            by = aside.name(f"{unique}.by", found.by)
            whole = isinstance(found.among, Const) and found.among.value is True
            among = None if whole else aside.name(f"{unique}.among", found.among)
            aside.cuts[unique] = replace(aside.cuts[unique], by=by, among=among)

        self.later(named)
        return Input("cut", unique, kind, span=span)

    def later(self, look: Callable[[], object]) -> None:
        """Has something that only a run over everyone asks for looked at when all declarations are
        lowered."""
        if self.aside.open:
            look()
        else:
            self.aside.waiting.append(look)

    def finish(self) -> None:
        """Looks at what has waited for all declarations to be lowered."""
        self.aside.open = True
        for look in self.aside.waiting:
            look()
        self.aside.waiting.clear()
        self.aside.open = False

    def allocation(self, name: str, kind: Type) -> Input:
        """A value from a run's allocation (`wakeup.value`, `wakeup.tie`); unknown without one."""
        self.allocations[name] = None
        return Input("allocation", name, kind)

    def find(self, name: str, prefix: str) -> Declared | None:
        """The declaration a written name means in a file whose names begin with `prefix`."""
        return self.declared.get(prefix + name) or self.declared.get(name)

    def outcome(self, declared: Declared, at: Span, asked_by: int = CLAIMS) -> Outcome | None:
        """Lowers a declaration if that has not happened yet. None after reporting a cycle or a
        name of a higher stratum than `asked_by`; `Outcome.value` may have type ERROR."""
        if declared.stratum > asked_by:
            self.report(
                WrongStratum(
                    at,
                    declared.name,
                    KINDS[declared.kind],
                    STRATA[declared.stratum],
                    STRATA[asked_by],
                )
            )
            return None
        done = self.outcomes.get(declared.name)
        if done is not None:
            return done
        if declared.name in self.under_way:
            start = self.under_way.index(declared.name)
            self.report(Cycle(at, declared.name, (*self.under_way[start:], declared.name)))
            return None
        if len(self.under_way) >= LONGEST_CHAIN or self.depth >= DEEPEST_CHAIN:
            self.report(LongChain(at, declared.name, LONGEST_CHAIN))
            return None
        self.under_way.append(declared.name)
        try:
            outcome = self.lower(declared, self)
        finally:
            self.under_way.pop()
        self.outcomes[declared.name] = outcome
        return outcome

    def real_type(self, kind: Type) -> Type:
        """A schema's `level of T` as the ordered enum that the policy's tier T makes of it."""
        if not isinstance(kind, LevelType):
            return kind
        declared = self.declared.get(kind.tier)
        if declared is None or not isinstance(declared.node, ast.Tier):
            return EnumType(kind.tier, (), True)
        return level_enum(declared.node, declared.name)


def level_enum(tier: ast.Tier, name: str) -> EnumType:
    """The type of a tier's levels, lowest first (they are written highest first)."""
    return EnumType(name, tuple(level.name.text for level in reversed(tier.levels)), True)


@dataclass(frozen=True, slots=True)
class RowScope:
    """The row an aggregate is at: its collection's path (`orders`, `orders.lines`); `nested` when
    the rows stand inside a row of the next outer scope rather than in a flattened table.

    `names` are what else the row may be called (a view's name). `seen_as` is the collection around
    it whose names an inherited view's filter was written with."""

    path: str
    nested: bool = False
    names: tuple[str, ...] = ()
    seen_as: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: what its names may mean, and what is known there already."""

    build: Build
    owner: str  # full name of the declaration being lowered
    stratum: int  # strata up to this one may be named
    prefix: str = ""
    event: str | None = None  # the event of the rule (`on E`): `event.amount` is then known
    rows: tuple[RowScope, ...] = ()  # innermost first
    known: frozenset[Expr] = frozenset()  # proven known by a guard around here
    stats: Stats | None = None  # where a figure about everyone is written: what it is made of
    barred: frozenset[str] = frozenset()  # declarations that may not be named (group members…)
    claim: bool = False  # what is unknown here leaves a claim open, so it may be negated

    def knowing(self, exprs: frozenset[Expr]) -> Scope:
        return replace(self, known=self.known | exprs) if exprs else self

    def at_row(self, row: RowScope) -> Scope:
        return replace(self, rows=(row, *self.rows))


def error_value(span: Span) -> Const:
    """Stands where something was already reported."""
    return Const(None, ERROR, span=span)
