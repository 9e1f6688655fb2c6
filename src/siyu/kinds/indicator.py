"""`indicator`: a figure about everyone; `recommend`: what goes with what. A run over the whole
population finds the first, a calibration the second."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from siyu.core.ir import Expr, Input, Ref
from siyu.core.program import Figure, Pairs
from siyu.diagnostics import Diagnostic
from siyu.kinds.everyone import (
    DiffersByMember,
    beyond_rows,
    called,
    differing,
    figure_scope,
    inlined,
    keep_figure,
    place,
)
from siyu.kinds.group import how_many
from siyu.kinds.kind import Kind, clauses, only, scope_of
from siyu.semantics import check, make, rows
from siyu.semantics.build import CLAIMS, Build, Declared, Outcome, Scope
from siyu.syntax import ast
from siyu.types import DIVISION_SCALE, BoolType, DecimalType, EnumType, SetType, TextType
from siyu.words import Said, Words, say

MEASURES = ("lift", "confidence", "support")
MEASURE = DecimalType(DIVISION_SCALE)


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
    build.later(lambda: _figure(declared, node, build))
    return Outcome(declared.name, declared.kind, CLAIMS)


def _figure(declared: Declared, node: ast.Indicator, build: Build) -> None:
    scope = figure_scope(declared, build)
    found = check.value(node.value, scope)
    by = _grouping(node.by, replace(scope, stats=None)) if node.by is not None else None
    group = None if by is None else build.aside.name(f"{declared.name}.by", by)
    figure = Figure(
        declared.name, "indicator", (), found, found.type, group, by.type if by else None,
        by.name if isinstance(by, (Ref, Input)) else "",
        span=node.name.span,
    )  # fmt: skip
    keep_figure(figure, found, scope)


def _grouping(by: ast.Name, scope: Scope) -> Expr | None:
    """What divides members into groups; None after a report."""
    found = check.value(by, scope)
    fine = isinstance(found.type, (EnumType, BoolType, TextType, SetType))
    if not fine and not make.is_error(found):
        scope.build.report(NotGrouping(by.span, by.text))
    return found if fine else None


def lower_recommend(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Recommend)
    build.later(lambda: _pairs(declared, node, build))
    return Outcome(declared.name, declared.kind, CLAIMS)


def _pairs(declared: Declared, node: ast.Recommend, build: Build) -> None:
    scope = replace(scope_of(declared, build), claim=True)
    source = rows.find_source(node.source.parts, node.source.span, scope)
    collection = build.schema.collection(source.path) if source is not None else None
    column = source.rest[0] if source is not None and len(source.rest) == 1 else ""
    if collection is None or column not in collection.fields:
        build.report(NotAColumn(node.source.span, node.source.text))
    by = only(node, ast.ByMeasure, build, "by")
    if by is not None and by.measure.text not in MEASURES:
        build.report(NoMeasure(by.measure.span, _quoted(by.measure.text)))
    top = only(node, ast.TopCount, build, "top")
    conditions = [_measured(where.condition, scope) for where in clauses(node, ast.Where)]
    if source is None or collection is None or column not in collection.fields:
        return
    measure = by.measure.text if by is not None else "lift"
    within, _ = check.row_scope(source.path, scope)
    there = rows.existing(within.rows[0], within, node.source.span)
    filtered = rows.filtered(source, within, check.condition)
    row_where = make.all_of(there, filtered)
    culprit = None if make.is_error(row_where) else beyond_rows(row_where, build)
    if culprit is not None:
        hint = say("what goes together is found in rows alone: name a collection, or a view that "
                   "asks nothing else")  # fmt: skip
        build.report(DiffersByMember(node.source.span, called(culprit), hint))
        return
    where = make.all_of(*conditions)
    if make.is_error(row_where, where):
        return
    build.aside.pairs.append(
        Pairs(
            declared.name,
            source.path,
            column,
            None if make.is_true(where) else inlined(where, build),
            measure if measure in MEASURES else "lift",  # type: ignore[arg-type]
            None if top is None else how_many(top.count, top.span, build),
            None if make.is_true(row_where) else row_where,
            node.name.span,
        )
    )


def _quoted(name: str) -> Said:
    return say("`{name}`", name=name)


def _measured(condition: ast.Expr, scope: Scope) -> Expr:
    """`where` compares measures of a pair with numbers."""
    span = condition.span
    match condition:
        case ast.And(items=items):
            return make.all_of(*(_measured(item, scope) for item in items), span=span)
        case ast.Or(items=items):
            return make.any_of(*(_measured(item, scope) for item in items), span=span)
        case ast.Compare(left=ast.Name() as name, right=right):
            limit = check.value(right, scope)
            if name.text not in MEASURES:
                scope.build.report(NoMeasure(name.span, _quoted(name.text)))
                return make.error_value(span)
            culprit = None if make.is_error(limit) else differing(limit, scope.build)
            if culprit is not None:
                hint = say("compare the measure with a number")
                told = DiffersByMember(place(culprit, right.span), called(culprit), hint)
                scope.build.report(told)
                return make.error_value(span)
            measure = Ref(name.text, MEASURE, span=name.span)
            return check.compare(condition.op, measure, limit, scope, span)
        case _:
            scope.build.report(NoMeasure(span, say("this condition")))
            return make.error_value(span)


KIND = Kind(
    "indicator",
    ast.Indicator,
    CLAIMS,
    lower,
    """A figure about everyone: shares, sums, averages and medians over all members, or by segment,
class or level. A run over the whole population finds it and writes it into `indicators.json`; a
decision about one member does not have it. A share keeps members among the others of whom nobody
can tell whether the condition holds; sums, averages and medians leave out unknown values. An
indicator may be made of others that are one value, and so may a claim about everyone.

```siyu
indicator repurchase_rate = share(orders_12m >= 2 where orders_12m >= 1) by member_level
indicator buyers = share(orders_12m >= 1)
indicator loyal_buyers = share(orders_12m >= 6)
indicator loyalty = loyal_buyers / buyers
```
""",
    (NotGrouping, DiffersByMember),
)
RECOMMEND = Kind(
    "recommend",
    ast.Recommend,
    CLAIMS,
    lower_recommend,
    """What goes with what, from pairs found in the whole population: only pairs that occur together
more often than chance (`lift > 1`), the surest first. `siyu calibrate` finds the pairs and writes
them into the calibration file.

```siyu
recommend also_bought "Bought together" from orders.category
  where lift > 1
  by confidence
  top 3
```
""",
    (NoMeasure, NotAColumn),
)
