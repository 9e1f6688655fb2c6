"""`ensure NAME: A depends only on B` and `A never depends on B`: proven when the policy is
compiled, from what each value is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

from siyu.core.chains import Fact, Ways, direct, ways
from siyu.core.ir import Expr, Ref
from siyu.diagnostics import Diagnostic, Note
from siyu.kinds.kind import scope_of
from siyu.semantics import names
from siyu.semantics.build import Build, Declared, Scope
from siyu.semantics.errors import HEAD
from siyu.semantics.make import is_error
from siyu.syntax import ast
from siyu.text import NOWHERE, Span
from siyu.words import say

# The same for all members at a moment: no difference between two of them can come from these.
SAME = (Fact("request", "as_of"), Fact("request", "event"), Fact("request", "event_key"))
FOR_ALL = ("cut", "allocation")
WHOLE = ("points", "incentive", "contact", "table")  # named bare: all that they say
WHOSE = ("to",)  # whose posting it is: never the same for two members
MOST = 4  # chains that a message lists


@dataclass(frozen=True, slots=True)
class DependsOnMore(Diagnostic):
    code: ClassVar[str] = "E0686"
    message: ClassVar[str] = "`{what}` also depends on `{culprit}`: `{chain}`"
    label: ClassVar[str] = "this claim does not hold"
    help: ClassVar[str] = (
        "name `{culprit}` behind `depends only on`, or take it out of what `{what}` is made of"
    )
    page: ClassVar[str] = (
        "`A depends only on B, C` is proven from what A is made of, through all rules, down to the "
        "facts: nothing else may be reached, except through B and C themselves. What is the same "
        "for all members at a moment is left out of account: the moment itself, which event there "
        "is, the cuts of the calibration and a run's budgets. The chain says how the other fact is "
        "reached."
    )
    wrong: ClassVar[str] = HEAD + (
        "segment big\n  when total_spend > 100 yuan and count(orders) > 3\n\n"
        "ensure c: big depends only on total_spend\n"
    )
    right: ClassVar[str] = HEAD + (
        "segment big\n  when total_spend > 100 yuan and count(orders) > 3\n\n"
        "ensure c: big depends only on total_spend, orders\n"
    )

    what: str
    culprit: str
    chain: str
    others: tuple[tuple[str, Span], ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """The chains to other facts that were not named."""
        return tuple(Note(say("and: `{chain}`", chain=chain), span) for chain, span in self.others)


@dataclass(frozen=True, slots=True)
class DependsAfterAll(Diagnostic):
    code: ClassVar[str] = "E0687"
    message: ClassVar[str] = "`{what}` depends on `{culprit}`: `{chain}`"
    label: ClassVar[str] = "this claim does not hold"
    help: ClassVar[str] = "take `{culprit}` out of what `{what}` is made of, or drop the claim"
    page: ClassVar[str] = (
        "`A never depends on B` is proven from what A is made of, through all rules, down to the "
        "facts: B must not be reached. Where B is a declaration, it must not be named on the way; "
        "what is built on the same facts as B is not meant, so name the facts to be strict."
    )
    wrong: ClassVar[str] = HEAD + (
        "segment big\n  when total_spend > 100 yuan\n\nensure c: big never depends on total_spend\n"
    )
    right: ClassVar[str] = HEAD + (
        "segment many\n  when count(orders) > 3\n\nensure c: many never depends on total_spend\n"
    )

    what: str
    culprit: str
    chain: str


@dataclass(slots=True)
class Named:
    """What the names behind a claim cover: facts, all facts of an origin, tables with their
    columns, bindings, and declarations with all their bindings."""

    facts: set[Fact] = field(default_factory=set)
    origins: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    bindings: set[str] = field(default_factory=set)
    owners: set[str] = field(default_factory=set)

    def fact(self, fact: Fact) -> bool:
        if fact in self.facts or fact.origin in self.origins:
            return True
        if fact.origin == "rows":
            return any(fact.name == t or fact.name.startswith(f"{t}.") for t in self.tables)
        return fact.origin == "request" and fact.name != "as_of" and "event" in self.origins

    def binding(self, name: str) -> bool:
        return name in self.bindings or any(_belongs(name, owner) for owner in self.owners)


def prove(declared: Declared, claim: ast.Depends, build: Build) -> None:
    """Reports a claim about dependences that is false; to be called when all is lowered."""
    scope = replace(scope_of(declared, build), claim=True)
    roots = _roots(claim.what, scope)
    named = Named()
    known = [_cover(name, named, scope) for name in claim.on]
    if roots is None or not all(known):
        return
    made = _Made(claim.what.text, claim.what.span, scope)
    found = _ways(roots, named, build, through=not claim.only)
    if claim.only:
        _only(made, found, named)
    else:
        _never(made, found, named)


# ---------------------------------------------------------------- what is spoken of


def _roots(what: ast.Name, scope: Scope) -> tuple[Expr, ...] | None:
    """The values that a claim is about; None after a report."""
    found = names.find_declared(what.parts, scope)
    if found is not None and not found[1]:
        declared = found[0]
        outcome = names.outcome_of(declared, what.span, scope)
        if outcome is None:
            return None
        if outcome.fields and (outcome.value is None or declared.kind in WHOLE):
            value = () if outcome.value is None else (outcome.value,)
            return (*value, *(each for word, each in outcome.fields.items() if word not in WHOSE))
    one = names.name(what, scope)
    return None if is_error(one) else (one,)


def _cover(name: ast.Name, named: Named, scope: Scope) -> bool:
    """Whether a name behind the claim means something; what it covers is added."""
    schema, parts = scope.build.schema, name.parts
    if schema.collection(name.text) is not None:
        named.tables.add(name.text)
        return True
    if names.in_english(parts) in (("event",), ("context",)):
        named.origins.add(names.in_english(parts)[0])
        return True
    rows = schema.collection(".".join(parts[:-1])) if len(parts) > 1 else None
    if rows is not None and parts[-1] in rows.fields:
        named.facts.add(Fact("rows", name.text))
        return True
    found = names.find_declared(parts, scope)
    if found is not None and not found[1]:
        outcome = names.outcome_of(found[0], name.span, scope)
        if outcome is not None and outcome.view is not None:
            named.tables.add(outcome.view.path)
        named.owners.add(found[0].name)
        return outcome is not None
    value = names.name(name, scope)
    if is_error(value):
        return False
    if isinstance(value, Ref):
        named.bindings.add(value.name)
    else:
        named.facts.update(_same(fact, scope.build) for fact in direct(value).facts)
    return True


def _belongs(binding: str, owner: str) -> bool:
    """Whether a binding is a declaration's own: `offer`, `offer.row`, `offer~3`."""
    return binding == owner or binding.startswith((f"{owner}.", f"{owner}~"))


def _same(fact: Fact, build: Build) -> Fact:
    """The key that hold-outs read is the customer's field."""
    own = fact == Fact("request", "key")
    return Fact("customer", build.schema.key) if own else fact


def _ways(roots: tuple[Expr, ...], named: Named, build: Build, *, through: bool) -> Ways:
    aside = build.aside

    def expr_of(name: str) -> Expr | None:
        binding = build.bindings.get(name) or aside.bindings.get(name)
        return None if binding is None else binding.expr

    def behind(fact: Fact) -> tuple[str, ...]:
        rule = aside.cuts.get(fact.name) if fact.origin == "cut" and through else None
        return () if rule is None else tuple(n for n in (rule.by, rule.among) if n)

    found = ways(roots, expr_of, named.binding, behind)
    facts: dict[Fact, tuple[str, ...]] = {}
    for fact, way in found.facts.items():
        facts.setdefault(_same(fact, build), way)
    return Ways(facts, found.stops)


# ---------------------------------------------------------------- what is found


@dataclass(frozen=True, slots=True)
class _Made:
    """What the claim is about, for messages."""

    what: str
    span: Span
    scope: Scope

    def chain(self, way: tuple[str, ...], last: Fact | None = None) -> str:
        """`premium_offer → near_store (附近) → context.place`."""
        owners: list[str] = [self.what]
        for name in way:
            owner = self.owner(name)
            if owner and owner != owners[-1] and owner != self.what.split(".")[0]:
                owners.append(owner)
        steps = [owners[0], *(self._labelled(owner) for owner in owners[1:])]
        if last is not None:
            steps.append(self.said(last))
        return " → ".join(steps)

    def said(self, fact: Fact) -> str:
        """A fact as a policy names it."""
        match fact.origin:
            case "context":
                return f"context.{fact.name}"
            case "event":
                return f"event.{fact.name.rpartition('.')[2]}"
            case _:
                return fact.name

    def place(self, way: tuple[str, ...]) -> Span:
        """Where the last declaration on a way is written."""
        for name in reversed(way):
            owner = self.scope.build.declared.get(self.owner(name))
            if owner is not None and not isinstance(owner.node, ast.Test):
                return owner.node.name.span
        return NOWHERE

    def owner(self, binding: str) -> str:
        """The declaration that a binding belongs to."""
        name = binding
        while name and name not in self.scope.build.declared:
            cut = max(name.rfind("."), name.rfind("~"))
            name = name[:cut] if cut > 0 else ""
        return name

    def _labelled(self, name: str) -> str:
        label = self.scope.build.declared[name].label
        return name if label == name else f"{name} ({label})"


def _only(made: _Made, found: Ways, named: Named) -> None:
    wrong = [
        (fact, way)
        for fact, way in found.facts.items()
        if not named.fact(fact) and fact not in SAME and fact.origin not in FOR_ALL
    ]
    # Which rows there are goes without saying where one of their columns is read.
    read = (*named.facts, *(fact for fact, _ in wrong))
    columns = [fact.name for fact in read if fact.origin == "rows"]
    wrong = [
        (fact, way)
        for fact, way in wrong
        if fact.origin != "rows" or not any(c.startswith(f"{fact.name}.") for c in columns)
    ]
    if not wrong:
        return
    (fact, way), *others = wrong
    notes = tuple((made.chain(w, f), made.place(w)) for f, w in others[:MOST])
    made.scope.build.report(
        DependsOnMore(made.span, made.what, made.said(fact), made.chain(way, fact), notes)
    )


def _never(made: _Made, found: Ways, named: Named) -> None:
    for culprit, chain in _reached(made, found, named):
        made.scope.build.report(DependsAfterAll(made.span, made.what, culprit, chain))
        return


def _reached(made: _Made, found: Ways, named: Named) -> Iterator[tuple[str, str]]:
    for name, way in found.stops.items():
        owner = made.owner(name) or name
        yield name if name in named.bindings else owner, made.chain(way)
    for fact, way in found.facts.items():
        if named.fact(fact):
            yield made.said(fact), made.chain(way, fact)
