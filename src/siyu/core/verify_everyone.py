"""Whether what a run over everyone reads is well formed: it speaks of bindings by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from siyu.core.ir import Expr
from siyu.core.program import Allotment, CutRule, Everyone, Figure, Pairs, TableNeed, Want
from siyu.types import BOOL, DIVISION_SCALE, DecimalType, Type, scale_of

Bound = dict[str, Type]
OfExpr = Callable[[Expr, tuple[TableNeed, ...]], Iterator[str]]
MEASURES = ("support", "confidence", "lift")


def of_everyone(everyone: Everyone, bound: Bound, of_expr: OfExpr) -> Iterator[str]:
    """What is wrong with the rules. `bound` are all bindings, those of everyone too; it serves
    `of_expr`, so what a rule names besides is bound there as long as it is looked at."""
    for rule in everyone.cuts:
        yield from (f"{rule.name}: {problem}" for problem in _cut(rule, bound))
    settled: set[str] = set()
    for allotment in everyone.allotments:
        yield from (f"{allotment.code}: {problem}" for problem in _allotment(allotment, bound))
        for code in sorted(set(allotment.after) - settled):
            yield f"{allotment.code}: comes after {code}, which is not settled before it"
        settled.add(allotment.code)
    for figure in everyone.figures:
        yield from (f"{figure.name}: {p}" for p in _figure(figure, bound, of_expr))
    tables = {need.path: need for need in everyone.calibration.tables}
    for pairs in everyone.pairs:
        yield from (f"{pairs.name}: {p}" for p in _pairs(pairs, tables, bound, of_expr))
    for balances in everyone.balances:
        where = balances.row_where
        if where is not None and balances.table in tables:
            need = (tables[balances.table],)
            yield from (f"{balances.account}: {p}" for p in of_expr(where, need))


def _named(name: str | None, bound: Bound, kind: Type | None = None) -> Iterator[str]:
    if name is None:
        return
    if name not in bound:
        yield f"reads {name}, which is not bound"
    elif kind is not None and bound[name] != kind:
        yield f"reads {name} as {kind}, but it is {bound[name]}"


def _cut(rule: CutRule, bound: Bound) -> Iterator[str]:
    yield from _named(rule.by, bound, rule.type)
    yield from _named(rule.among, bound, BOOL)


def _allotment(allotment: Allotment, bound: Bound) -> Iterator[str]:
    amounts = [allotment.limit, allotment.used]
    yield from _named(allotment.used_sender, bound)
    for want in allotment.wants:
        yield from _want(want, bound)
        amounts.append(want.amount)
    kinds = set()
    for name in amounts:
        yield from _named(name, bound)
        if name in bound:
            kinds.add((type(bound[name]), scale_of(bound[name])))
    if len(kinds) > 1:
        yield "counts in several scales"


def _want(want: Want, bound: Bound) -> Iterator[str]:
    yield from _named(want.wants, bound, BOOL)
    for name in (want.rank, want.tie, want.sender):
        yield from _named(name, bound)


def _figure(figure: Figure, bound: Bound, of_expr: OfExpr) -> Iterator[str]:
    yield from _named(figure.by, bound, figure.by_type)
    for stat in figure.stats:
        yield from _named(stat.value, bound)
        yield from _named(stat.where, bound, BOOL)
        if stat.value is None and stat.op != "count":
            yield f"{stat.name}: {stat.op} needs a value"
    named = {stat.name: stat.type for stat in figure.stats}
    yield from _naming(named, bound, of_expr, figure.value)
    if figure.value.type != figure.type:
        yield f"is {figure.type}, but its expression is {figure.value.type}"


def _pairs(
    pairs: Pairs, tables: dict[str, TableNeed], bound: Bound, of_expr: OfExpr
) -> Iterator[str]:
    need = tables.get(pairs.table)
    if need is None or all(column.name != pairs.column for column in need.columns):
        yield f"reads {pairs.table}.{pairs.column}, which is not among the needs"
        return
    if pairs.row_where is not None:
        yield from of_expr(pairs.row_where, (need,))
    if pairs.where is not None:
        measures: Bound = {name: DecimalType(DIVISION_SCALE) for name in MEASURES}
        yield from _naming(measures, bound, of_expr, pairs.where)


def _naming(named: Bound, bound: Bound, of_expr: OfExpr, expr: Expr) -> Iterator[str]:
    """An expression that may read these names besides."""
    for name in sorted(named.keys() & bound.keys()):
        yield f"{name} is bound twice"
    bound |= named
    yield from of_expr(expr, ())
    for name in named:
        del bound[name]
