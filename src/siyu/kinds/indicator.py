"""`indicator`: a figure about everyone; `recommend`: what goes with what. Both are checked with the
policy and answered by a run over the whole population."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from siyu.diagnostics import Diagnostic
from siyu.kinds.everyone import check_everyone, checked_only
from siyu.kinds.kind import Kind, clauses, only, scope_of
from siyu.semantics import check, make
from siyu.semantics.build import CLAIMS, Build, Declared, Outcome, Scope
from siyu.syntax import ast
from siyu.types import BoolType, EnumType, SetType, TextType
from siyu.words import Said, Words, say

MEASURES = ("lift", "confidence", "support")


@dataclass(frozen=True, slots=True)
class NotGrouping(Diagnostic):
    code: ClassVar[str] = "E0682"
    message: ClassVar[str] = "`{name}` does not divide members into groups"
    label: ClassVar[str] = (
        "an indicator is counted by segment, class, level, or a word of the facts"
    )
    help: ClassVar[str] = "name a segment, a class or a tier behind `by`"
    page: ClassVar[str] = (
        "`by` gives an indicator for each level, class or side of a segment. A number would give a "
        "group for nearly every member."
    )
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric m = 1\n\nindicator i = share(m > 0) by m\n"
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric m = 1\n\nsegment s\n  when m > 0\n\n"
        "indicator i = share(m > 0) by s\n"
    )

    name: str


@dataclass(frozen=True, slots=True)
class NoMeasure(Diagnostic):
    code: ClassVar[str] = "E0683"
    message: ClassVar[str] = "{what} is no measure of what goes together"
    label: ClassVar[str] = "the measures are `lift`, `confidence` and `support`"
    help: ClassVar[str] = "write one of them"
    page: ClassVar[str] = (
        "Support is the share of members with both, confidence the share of those with the first "
        "who have the second, lift how many times more often than chance that is."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\n'
        "recommend r from orders.category\n  by luck\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\n'
        "recommend r from orders.category\n  by confidence\n"
    )

    what: Words


@dataclass(frozen=True, slots=True)
class NotAColumn(Diagnostic):
    code: ClassVar[str] = "E0684"
    message: ClassVar[str] = "`{name}` is not a field of a collection"
    label: ClassVar[str] = "what goes together is found in the rows that belong to a customer"
    help: ClassVar[str] = "name a field such as `orders.category`"
    page: ClassVar[str] = (
        "`recommend … from orders.category` looks at which categories one customer's orders hold "
        "together."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\nrecommend r from age\n'
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\nrecommend r from orders.category\n'
    )

    name: str


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Indicator)
    scope = replace(scope_of(declared, build), population=True, claim=True)

    def look() -> None:
        check_everyone(node.value, scope)
        if node.by is not None:
            _grouping(node.by, scope)

    checked_only(look, build)
    return Outcome(declared.name, declared.kind, CLAIMS)


def _grouping(by: ast.Name, scope: Scope) -> None:
    found = check.value(by, scope)
    fine = isinstance(found.type, (EnumType, BoolType, TextType, SetType))
    if not fine and not make.is_error(found):
        scope.build.report(NotGrouping(by.span, by.text))


def lower_recommend(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Recommend)
    scope = replace(scope_of(declared, build), claim=True)
    *path, column = node.source.parts
    collection = build.schema.collection(".".join(path)) if path else None
    if collection is None or column not in collection.fields:
        build.report(NotAColumn(node.source.span, node.source.text))
    by = only(node, ast.ByMeasure, build, "by")
    if by is not None and by.measure.text not in MEASURES:
        build.report(NoMeasure(by.measure.span, _quoted(by.measure.text)))
    only(node, ast.TopCount, build, "top")
    for where in clauses(node, ast.Where):
        _measured(where.condition, scope)
    return Outcome(declared.name, declared.kind, CLAIMS)


def _quoted(name: str) -> Said:
    return say("`{name}`", name=name)


def _measured(condition: ast.Expr, scope: Scope) -> None:
    """`where` compares measures of a pair with numbers."""
    match condition:
        case ast.And(items=items) | ast.Or(items=items):
            for item in items:
                _measured(item, scope)
        case ast.Compare(left=ast.Name() as name, right=right):
            if name.text not in MEASURES:
                scope.build.report(NoMeasure(name.span, _quoted(name.text)))
            check.value(right, scope)
        case _:
            scope.build.report(NoMeasure(condition.span, say("this condition")))


KIND = Kind(
    "indicator",
    ast.Indicator,
    CLAIMS,
    lower,
    """A figure about everyone: shares, sums, averages and medians over all members, or by segment,
class or level. It is found by a run over the whole population; a decision about one member does
not have it.

```siyu
indicator repurchase_rate = share(orders_12m >= 2 where orders_12m >= 1) by member_level
```
""",
    (NotGrouping,),
)
RECOMMEND = Kind(
    "recommend",
    ast.Recommend,
    CLAIMS,
    lower_recommend,
    """What goes with what, from pairs found in the whole population: only pairs that occur together
more often than chance (`lift > 1`), the surest first. It waits for a run over everyone.

```siyu
recommend also_bought "Bought together" from orders.category
  where lift > 1
  by confidence
  top 3
```
""",
    (NoMeasure, NotAColumn),
)
