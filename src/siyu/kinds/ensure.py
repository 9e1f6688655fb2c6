"""`ensure`: a claim about decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from siyu.core.program import Figure, Leaf, Part
from siyu.diagnostics import Diagnostic
from siyu.kinds.everyone import figure_scope, keep_figure, speaks_of_everyone
from siyu.kinds.kind import Kind, scope_of
from siyu.semantics import check, make
from siyu.semantics.build import CLAIMS, Build, Declared, Outcome, Scope
from siyu.semantics.ranges import has_order
from siyu.syntax import ast
from siyu.types import BOOL, EnumType


@dataclass(frozen=True, slots=True)
class NoOrder(Diagnostic):
    code: ClassVar[str] = "E0681"
    message: ClassVar[str] = "`{name}` cannot be raised or lowered"
    label: ClassVar[str] = "this has no lower and no higher"
    help: ClassVar[str] = "name a number, an amount, a date or a tier"
    page: ClassVar[str] = (
        "`raising X never lowers Y` compares values: X and Y must be numbers, amounts of money, "
        "durations, dates, or levels of a tier."
    )
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric m = 1\nsegment s\n  when m > 0\n\n"
        "ensure fair: raising m never lowers s\n"
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric m = 1\nmetric n = m + 1\n\n"
        "ensure fair: raising m never lowers n\n"
    )

    name: str


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Ensure)
    scope = replace(scope_of(declared, build), claim=True)
    claim = node.claim
    match claim:
        case ast.Monotone():
            build.later(lambda: _monotone(claim, scope))
        case ast.Always(condition=condition) | ast.Never(condition=condition):
            if speaks_of_everyone(condition, scope):
                build.later(lambda: _of_everyone(declared, node, condition, build))
            else:
                _of_one(declared, node, condition, scope)
    return Outcome(declared.name, declared.kind, CLAIMS)


def _of_everyone(declared: Declared, node: ast.Ensure, condition: ast.Expr, build: Build) -> None:
    """A claim that a run answers for all members together."""
    scope = figure_scope(declared, build)
    holds = check.condition(condition, scope, f"{declared.name}.claim")
    if isinstance(node.claim, ast.Never):
        holds = make.not_(holds, node.claim.span)
    figure = Figure(declared.name, "claim", (), holds, BOOL, span=node.name.span)
    keep_figure(figure, holds, scope)


def _of_one(declared: Declared, node: ast.Ensure, condition: ast.Expr, scope: Scope) -> None:
    """A claim that each decision can answer."""
    name = declared.name
    holds = check.condition(condition, scope, f"{name}.claim")
    if isinstance(node.claim, ast.Never):
        holds = make.not_(holds, node.claim.span)
    scope.build.bind(name, holds, CLAIMS, span=node.name.span)
    scope.build.emit(Part("claims", name, Leaf(name, BOOL)))


def _monotone(claim: ast.Monotone, scope: Scope) -> None:
    for name in (claim.raised, claim.watched):
        found = check.value(name, scope)
        ordered = has_order(found.type) or (isinstance(found.type, EnumType) and found.type.ordered)
        if not ordered and not make.is_error(found):
            scope.build.report(NoOrder(name.span, name.text))


KIND = Kind(
    "ensure",
    ast.Ensure,
    CLAIMS,
    lower,
    """A claim that must hold. `ensure NAME: never …` and `ensure NAME: always …` (or a bare
condition) are answered with every decision: true, false, or null where it cannot be told. Claims
about everyone (`share(…) <= 40%`) are answered by a run over the whole population: where one is
false, the run publishes nothing. `raising X never lowers Y` says how the rules hang together, not
what the data hold: its names are checked with the policy, and no run answers it. A claim never
changes a decision.

```siyu
ensure no_minors: never wakeup_push and age < 18
```
""",
    (NoOrder,),
)
