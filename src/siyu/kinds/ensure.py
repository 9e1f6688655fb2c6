"""`ensure`: a claim about decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from siyu.core.program import Figure, Leaf, Part
from siyu.diagnostics import Diagnostic
from siyu.kinds.depends import DependsAfterAll, DependsOnMore, prove
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
        case ast.Depends():
            build.later(lambda: prove(declared, claim, build))
            build.aside.proven.append(declared.name)
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
what the data hold: its names are checked with the policy, and no run answers it.

`A depends only on B, C` and `A never depends on B` are proven when the policy is compiled, from
what A is made of, through all rules down to the facts. A is a declaration or one of its outcomes
(`offer.benefit`; a bare rule or table is all that it says), B a fact, a collection, a declaration
or one of its outcomes. A claim that is false is an error that shows the way from A to the fact;
a run lists what was proven. So "one price, one message" is held: the benefit of an offer depends on
the level alone, and never on the channel or the place. A claim never changes a decision.

```siyu
ensure no_minors: never wakeup_push and age < 18
ensure one_price "One price": offer.benefit depends only on member_level, lifecycle, recency
ensure everywhere_alike: offer.benefit never depends on event, context
```
""",
    (NoOrder, DependsOnMore, DependsAfterAll),
)
