"""Figures about everyone: a run over the whole population finds them, from stats of all customers.
A decision about one customer has no part in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from siyu.core.ir import Aggregate, Column, Contest, Expr, Input, Ref
from siyu.core.program import Binding, Figure, Stat
from siyu.core.walk import refs, rewrite, walk
from siyu.diagnostics import Diagnostic
from siyu.kinds.kind import scope_of
from siyu.semantics import make
from siyu.semantics.build import Build, Declared, Scope, Stats
from siyu.semantics.errors import HEAD
from siyu.semantics.figures import indicator, is_over_customers
from siyu.semantics.order import tree
from siyu.syntax import ast
from siyu.text import Span
from siyu.words import Words, say

SAME = ("as_of",)  # of what a request says, the same for everyone in a run


@dataclass(frozen=True, slots=True)
class DiffersByMember(Diagnostic):
    code: ClassVar[str] = "E0685"
    message: ClassVar[str] = "{what} differs from member to member"
    label: ClassVar[str] = "here one value is needed that is the same for everyone"
    help: ClassVar[str] = "{hint}"
    page: ClassVar[str] = (
        "An indicator, and a claim about everyone, is made of shares, sums, averages, medians and "
        "constants: `avg(spend_12m)` says something about everyone, `spend_12m` only about one "
        "member. A budget and a quota are shared by everyone, so how much they hold is the same "
        "for all."
    )
    wrong: ClassVar[str] = HEAD + "indicator i = total_spend\n"
    right: ClassVar[str] = HEAD + "indicator i = avg(total_spend)\n"

    what: Words
    hint: Words


def speaks_of_everyone(expr: ast.Expr, scope: Scope) -> bool:
    """Whether an expression holds a share, or an aggregate over customers."""
    return any(
        isinstance(node, ast.Share)
        or (isinstance(node, ast.Aggregate) and is_over_customers(node, scope))
        or (isinstance(node, ast.Name) and indicator(node, scope) is not None)
        for node in tree(expr)
    )


def figure_scope(declared: Declared, build: Build) -> Scope:
    """Where a figure about everyone is written."""
    return replace(
        scope_of(declared, build), stats=Stats(declared.name, chain=(declared.name,)), claim=True
    )


def keep_figure(figure: Figure, expr: Expr, scope: Scope) -> None:
    """Keeps a figure for runs; `expr` is what it is over its stats, which stand in the scope.
    What differs from member to member is reported."""
    build = scope.build
    assert scope.stats is not None
    if make.is_error(expr):
        return
    culprit = differing(expr, build, frozenset(scope.stats.found))
    if culprit is not None:
        hint = say("say what is made of all members, such as `avg(…)`, `sum(…)` or `share(…)`")
        build.report(DiffersByMember(place(culprit, expr.span), called(culprit), hint))
        return
    stats: tuple[Stat, ...] = tuple(scope.stats.found.values())
    value = inlined(expr, build)
    build.aside.figures.append(replace(figure, stats=stats, value=value, type=expr.type))


def differing(
    expr: Expr, build: Build, same: frozenset[str] = frozenset(), *, context: bool = False
) -> Expr | None:
    """What in an expression is not the same for everyone in a run; None: nothing. `same` are names
    that are no bindings of one customer; with `context` the context of the run may be read."""
    seen: set[str] = set(same)
    for node in walk(expr):
        below = [node]
        while below:
            here = below.pop()
            if isinstance(here, Ref):
                if here.name not in seen:
                    seen.add(here.name)
                    binding = _binding(here.name, build)
                    if binding is None:
                        return node
                    below += walk(binding.expr)
            elif _is_of_one(here, context):
                return node
    return None


def beyond_rows(expr: Expr, build: Build) -> Expr | None:
    """What a condition on rows reads that differs from customer to customer; None: nothing."""
    for node in walk(expr):
        if isinstance(node, (Ref, Input)) and differing(node, build) is not None:
            return node
        if isinstance(node, Aggregate) and not node.rows.nested:
            return node
    return None


def _is_of_one(node: Expr, context: bool) -> bool:
    if isinstance(node, Input):
        if node.origin == "request":
            return node.name not in SAME
        return node.origin not in ("cut", "allocation") and not (
            context and node.origin == "context"
        )
    return isinstance(node, (Aggregate, Column, Contest))


def _binding(name: str, build: Build) -> Binding | None:
    return build.bindings.get(name) or build.aside.bindings.get(name)


def inlined(expr: Expr, build: Build) -> Expr:
    """The expression without the names of bindings: those it has are the same for everyone."""
    names: set[str] = set()
    waiting = [expr]
    while waiting:
        for name in refs(waiting.pop()) - names:
            binding = _binding(name, build)
            if binding is not None:
                names.add(name)
                waiting.append(binding.expr)
    plain: dict[str, Expr] = {}

    def change(node: Expr) -> Expr:
        return plain.get(node.name, node) if isinstance(node, Ref) else node

    done: dict[int, Expr] = {}
    for binding in (*build.bindings.values(), *build.aside.bindings.values()):
        if binding.name in names:
            plain[binding.name] = rewrite(binding.expr, change, done)
    return rewrite(expr, change, done)


def called(node: Expr) -> Words:
    """What an author calls a value that differs."""
    if isinstance(node, (Ref, Input)) and "~" not in node.name:
        return say("`{name}`", name=node.name)
    return say("this")


def place(node: Expr, at: Span) -> Span:
    """Where a value is written, if that lies inside the expression."""
    inside = node.span.file == at.file and at.start <= node.span.start < node.span.end <= at.end
    return node.span if inside else at
