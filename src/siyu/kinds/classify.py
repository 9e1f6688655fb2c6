"""`classify`: exactly one of its cases, the first that holds."""

from __future__ import annotations

from siyu.core.ir import Arm, Cases, Expr, OnUnknown
from siyu.core.program import Leaf, Part
from siyu.kinds.errors import SameName
from siyu.kinds.kind import Kind, in_force, keep_because, scope_of
from siyu.kinds.prove import NoOtherwise, NotExclusive, Otherwise, prove
from siyu.semantics import check, make
from siyu.semantics.build import FIGURES, Build, Declared, Outcome, Scope
from siyu.semantics.phrases import KINDS
from siyu.syntax import ast
from siyu.types import EnumType
from siyu.words import Words, say


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Classify)
    scope = scope_of(declared, build)
    name = declared.name
    names_differ([case.name for case in node.cases], build, KINDS["classify"], name)
    kind = EnumType(name, tuple(dict.fromkeys(case.name.text for case in node.cases)))
    conditions = [(case, _holds(case, scope)) for case in node.cases if case.when is not None]
    arms = tuple(Arm(holds, make.const(case.name.text, kind)) for case, holds in conditions)
    last = next((case for case in node.cases if case.when is None), None)
    _check_otherwise(node, last, build)
    prove([holds for _, holds in conditions], scope, Otherwise.of(last, node.name.span),
          exclusive=node.exclusive, kind="classify", name=name,
          names=[case.name for case, _ in conditions])  # fmt: skip
    otherwise = make.const(last.name.text if last else None, kind)
    on_unknown: OnUnknown = "otherwise" if last and last.or_unknown else "stop"
    chosen = Cases(arms, otherwise, on_unknown, kind, span=node.span)
    never = last is not None and (
        last.or_unknown or not any(check.may_be_unknown(arm.when, scope) for arm in arms)
    )
    ref = build.bind(name, chosen, FIGURES, optional=not never, span=node.name.span)
    build.emit(Part("classes", name, Leaf(name, kind)))
    return Outcome(name, declared.kind, FIGURES, ref)


def _holds(case: ast.Case, scope: Scope) -> Expr:
    assert case.when is not None
    code = f"{scope.owner}.{case.name.text}"
    holds, guards = check.condition_and_guards(case.when, scope, code)
    keep_because(case.riders, scope, code)
    return make.all_of(holds, *in_force(case.riders, scope.knowing(guards), code))


def _check_otherwise(node: ast.Classify, last: ast.Case | None, build: Build) -> None:
    from siyu.kinds.prove import OtherwiseNotLast

    if last is not None and last is not node.cases[-1]:
        build.report(OtherwiseNotLast(last.span, say("case"), last.name.text))


def names_differ(names: list[ast.Ident], build: Build, kind: Words, owner: str) -> None:
    """Reports every name that stood in the list before."""
    seen: set[str] = set()
    for name in names:
        if name.text in seen:
            build.report(SameName(name.span, name.text, kind, owner))
        seen.add(name.text)


KIND = Kind(
    "classify",
    ast.Classify,
    FIGURES,
    lower,
    """Puts each member into the first of its cases that holds. Where a condition before the first
true one is unknown, so is the class: `otherwise` means that none holds, not that nobody can tell;
`otherwise or unknown` takes both. With `exclusive` the cases are proven never to overlap.

```siyu
classify lifecycle "Life stage"
  dormant "Dormant" when recency > 90 days
  mature  "Mature"  when orders_12m >= 6
  growth  "Growing" otherwise
```
""",
    (NoOtherwise, NotExclusive),
)
