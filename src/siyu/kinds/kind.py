"""What every rule kind consists of, and the small things they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from siyu.core.ir import Expr
from siyu.diagnostics import Diagnostic
from siyu.semantics import check, make
from siyu.semantics.build import Build, Declared, Outcome, Scope
from siyu.syntax import ast

Clause = TypeVar("Clause", bound=ast.Node)


@dataclass(frozen=True, slots=True)
class Kind:
    """One declaration kind. `lower` gives its meaning in the core; `page` is its chapter of the
    reference; `diagnostics` are the mistakes that only this kind knows."""

    word: str
    node: type[ast.Node]
    stratum: int
    lower: Callable[[Declared, Build], Outcome]
    page: str
    diagnostics: tuple[type[Diagnostic], ...] = ()


def scope_of(declared: Declared, build: Build, event: str | None = None) -> Scope:
    """The scope in which a declaration's own expressions stand."""
    return Scope(build, declared.name, declared.stratum, declared.prefix, event)


def clauses(node: ast.Node, kind: type[Clause]) -> tuple[Clause, ...]:
    """The clauses of one kind, in the order written."""
    written: Iterable[ast.Node] = getattr(node, "clauses", ())
    return tuple(clause for clause in written if isinstance(clause, kind))


def only(node: ast.Node, kind: type[Clause], build: Build, word: str) -> Clause | None:
    """The one clause of a kind; a second one is reported at its place."""
    from siyu.kinds.errors import Twice

    found = clauses(node, kind)
    for extra in found[1:]:
        build.report(Twice(extra.span, word))
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Stopper:
    """A condition that keeps something from happening, and what a decision says of it."""

    by: str
    code: str
    holds: Expr


def unless_stops(riders: Iterable[ast.Node], scope: Scope, owner: str) -> tuple[Stopper, ...]:
    """One stopper for each `unless` (`owner.unless.n`); never unknown, since the checker asks for a
    guard or a default."""
    found = [rider for rider in riders if isinstance(rider, ast.Unless)]
    return tuple(
        Stopper("unless", code, check.forbids(rider.condition, scope, code))
        for code, rider in zip(numbered(owner, "unless", len(found)), found, strict=True)
    )


def effective_within(riders: Iterable[ast.Node], scope: Scope, owner: str) -> tuple[Expr, ...]:
    """The periods in which a rule is in force (`owner.effective.n`), as conditions; all must
    hold."""
    found = [rider for rider in riders if isinstance(rider, ast.Effective)]
    return tuple(
        make.recoded(check.effective_now(rider, scope), code)
        for code, rider in zip(numbered(owner, "effective", len(found)), found, strict=True)
    )


def numbered(owner: str, clause: str, count: int) -> tuple[str, ...]:
    """Codes of the clauses of one kind: `wakeup.limit.1`, `wakeup.limit.2`."""
    return tuple(f"{owner}.{clause}.{n}" for n in range(1, count + 1))


def in_force(riders: Iterable[ast.Node], scope: Scope, owner: str) -> tuple[Expr, ...]:
    """What riders demand besides the rule's condition: in its period, no `unless` holding."""
    kept = tuple(riders)
    stops = unless_stops(kept, scope, owner)
    return (*effective_within(kept, scope, owner), *(make.not_(stop.holds) for stop in stops))


def keep_because(riders: Iterable[ast.Node], scope: Scope, code: str) -> None:
    """Keeps the author's `because` for explanations, its `{names}` resolved."""
    for rider in riders:
        if isinstance(rider, ast.Because):
            check.keep_words(rider, scope, code)


def old_name(node: ast.Node, name: str) -> str:
    """The oldest `formerly` name: the one that stands in outcome ids and default salts."""
    former = [c.name.text for c in getattr(node, "clauses", ()) if isinstance(c, ast.Formerly)]
    return former[-1] if former else name


def all_names(node: ast.Node, name: str) -> frozenset[str]:
    """Every name under which a rule may stand in a log."""
    former = {c.name.text for c in getattr(node, "clauses", ()) if isinstance(c, ast.Formerly)}
    return frozenset({name, *former})
