"""`segment`: in, out or unknown."""

from __future__ import annotations

from dataclasses import replace

from siyu.core.program import Leaf, Part
from siyu.kinds.errors import Missing
from siyu.kinds.kind import Kind, in_force, keep_because, only, scope_of
from siyu.semantics import check, make
from siyu.semantics.build import FIGURES, Build, Declared, Outcome
from siyu.semantics.phrases import KINDS
from siyu.syntax import ast
from siyu.types import BOOL
from siyu.words import say


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Segment)
    scope = scope_of(declared, build)
    name = declared.name
    when = only(node, ast.When, build, "when")
    if when is None:
        build.report(
            Missing(
                node.name.span,
                KINDS["segment"],
                name,
                "when",
                say("nobody could tell who is in it"),
                "when CONDITION",
            )
        )
        return Outcome(name, declared.kind, FIGURES, make.error_value(node.span))
    holds, guards = check.condition_and_guards(when.condition, scope, f"{name}.when.1")
    demands = in_force(node.clauses, scope.knowing(guards), name)
    keep_because(node.clauses, scope, name)
    inside = make.all_of(holds, *demands)
    ref = build.bind(
        name,
        inside if inside.code else replace(inside, span=node.span),
        FIGURES,
        optional=check.may_be_unknown(inside, scope),
        span=node.name.span,
    )
    build.emit(Part("segments", name, Leaf(name, BOOL)))
    return Outcome(name, declared.kind, FIGURES, ref)


KIND = Kind(
    "segment",
    ast.Segment,
    FIGURES,
    lower,
    """Members of whom a condition is true. The segment's name is a condition anywhere after.
Somebody of whom it cannot be told is neither in nor out: the segment is unknown. Where `unless`
holds, or outside `effective`, the segment is false.

```siyu
segment at_risk "Likely to leave"
  when recency between 60 days and 120 days and orders_12m >= 2
  unless tags has "vip"
```
""",
)
