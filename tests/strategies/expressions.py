"""Every form of expression, nested a few deep in every place that takes one."""

from __future__ import annotations

from functools import cache
from typing import cast

from hypothesis import strategies as st

from siyu.syntax import ast
from strategies import words

AGGREGATES: tuple[ast.AggregateName, ...] = (
    "sum", "count", "avg", "min", "max", "distinct", "exists", "latest", "earliest",
)  # fmt: skip
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")

Exprs = st.SearchStrategy[ast.Expr]


@cache
def expressions() -> Exprs:
    return st.recursive(leaves(), _forms, max_leaves=5)


def leaves() -> Exprs:
    return st.one_of(
        words.paths(),
        words.paths(),
        words.numbers(),
        words.texts().map(ast.Text),
        st.booleans().map(ast.Bool),
        words.dates(),
        words.date_times(),
        words.times(),
    )


def _forms(inner: Exprs) -> Exprs:
    return st.one_of(_logic(inner), _comparisons(inner), _values(inner), _figures(inner))


def _several(inner: Exprs, least: int, most: int = 3) -> st.SearchStrategy[tuple[ast.Expr, ...]]:
    return st.lists(inner, min_size=least, max_size=most).map(tuple)


def _logic(inner: Exprs) -> Exprs:
    return st.one_of(
        st.builds(ast.And, _several(inner, 2)),
        st.builds(ast.Or, _several(inner, 2)),
        st.builds(ast.Not, inner),
    )


def _comparisons(inner: Exprs) -> Exprs:
    direction = st.sampled_from(("last", "next"))
    return st.one_of(
        st.builds(ast.Compare, st.sampled_from(COMPARISONS), inner, inner),
        st.builds(ast.Between, inner, inner, inner),
        st.builds(ast.In, inner, _several(inner, 1), st.booleans()),
        st.builds(ast.InPeriod, inner, words.time_units()),
        st.builds(ast.Within, inner, direction, inner),
        st.builds(ast.Is, inner, inner, st.booleans()),
        st.builds(ast.IsKnown, inner, st.booleans()),
        st.builds(ast.Has, inner, inner),
        st.builds(ast.Top, words.percents(), inner, st.none() | inner),
    )


def _values(inner: Exprs) -> Exprs:
    return st.one_of(
        st.builds(ast.Negative, inner),
        st.builds(ast.Arithmetic, st.sampled_from(("+", "-", "*", "/")), inner, inner),
        st.builds(ast.Since, words.time_units(), inner, st.booleans()),
        st.builds(ast.Anniversary, inner),
        st.builds(ast.Otherwise, inner, inner),
        st.builds(ast.Call, words.functions(), _several(inner, 0)),
        st.builds(ast.Set, st.just(()) | _several(inner, 2)),
    )


def _figures(inner: Exprs) -> Exprs:
    over = st.builds(ast.Over, st.sampled_from(("last", "next")), inner) | st.builds(
        ast.Over, st.just("last"), inner, inner
    )
    plain = st.builds(
        ast.Aggregate,
        st.sampled_from(AGGREGATES),
        _several(inner, 1, 1),
        st.none() | words.paths(),
        st.none() | over,
        st.none() | inner,
    )
    pair = st.builds(ast.Aggregate, st.sampled_from(("min", "max")), _several(inner, 2))
    return st.one_of(
        plain,
        pair,
        st.builds(ast.Share, inner, st.none() | inner),
        st.builds(ast.Population, words.functions_of_everyone(), _several(inner, 1, 2)),
    )


def cells() -> st.SearchStrategy[ast.Cell]:
    inner = expressions()
    item = st.one_of(
        inner,
        st.builds(ast.CompareItem, st.sampled_from(COMPARISONS), inner),
        st.builds(ast.RangeItem, inner, inner, st.booleans()),
    )
    listed = st.builds(
        ast.ListCell, st.lists(item, min_size=1, max_size=3).map(tuple), st.booleans()
    )
    return st.one_of(
        st.just(ast.AnyCell()),
        st.booleans().map(ast.KnownCell),
        cast(st.SearchStrategy[ast.Cell], listed),
    )
