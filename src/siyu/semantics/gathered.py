"""What a run over everyone asks for, gathered of all declarations: in the order in which it can be
found, with the facts that it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from siyu.core.ir import Aggregate, Column, Expr, Input, Rows
from siyu.core.passes import needs_of
from siyu.core.program import Allotment, Balances, Binding, Everyone, Pairs, TableNeed
from siyu.core.walk import refs, walk
from siyu.semantics.build import CLAIMS, Aside, Build
from siyu.types import INT, TEXT


def everyone_of(
    build: Build, own: tuple[Binding, ...], tables: Mapping[str, TableNeed]
) -> Everyone:
    """The part of a program that only runs read; `own` are the program's bindings."""
    aside = build.aside
    names = {binding.name for binding in own}
    bindings = tuple(b for b in aside.bindings.values() if b.name not in names)
    everything = {binding.name: binding.expr for binding in (*own, *bindings)}
    pairs = (_rows_of(each) for each in aside.pairs)
    balances = (read for each in aside.balances.values() for read in _postings_of(each))
    return Everyone(
        bindings,
        tuple(aside.cuts.values()),
        tuple(_settled(_allotments(aside, everything))),
        tuple(sorted(aside.figures, key=lambda figure: (figure.kind, figure.name))),
        tuple(sorted(aside.pairs, key=lambda pairs: pairs.name)),
        needs_of((*own, *bindings), tables),
        tuple(sorted(aside.balances.values(), key=lambda each: each.account)),
        needs_of((*own, *bindings, *pairs, *balances), tables),
        tuple(sorted(aside.proven)),
    )


def _rows_of(pairs: Pairs) -> Binding:
    """A binding that reads of the rows what pairs are found in."""
    return _reading(pairs.table, pairs.column, pairs.row_where)


def _postings_of(balances: Balances) -> Iterator[Binding]:
    if not balances.why_not:
        for column in (balances.time, balances.column, "rule"):
            yield _reading(balances.table, column, balances.row_where)


def _reading(table: str, column: str, where: Expr | None) -> Binding:
    found = Aggregate("distinct", Rows(table), Column(column, TEXT), where, INT)
    return Binding(f"{table}.{column}", found, INT, CLAIMS)


# ---------------------------------------------------------------- budgets and quotas


def _allotments(aside: Aside, bindings: Mapping[str, Expr]) -> Iterator[Allotment]:
    """Each with those who want it, and the others that must be settled before."""
    for code, made in aside.allotments.items():
        wants = tuple(aside.wants.get(code, ()))
        asked = [made.limit, made.used, made.used_sender]
        for want in wants:
            asked += [want.wants, want.amount, want.rank, want.sender]
        read = _allocations({name for name in asked if name is not None}, bindings)
        others = tuple(sorted((read & aside.allotments.keys()) - {code}))
        yield replace(made, wants=wants, after=others)


def _allocations(names: set[str], bindings: Mapping[str, Expr]) -> set[str]:
    """The codes of the allotments that bindings read, in whatever depth."""
    found: set[str] = set()
    seen = set(names)
    waiting = sorted(names)
    while waiting:
        expr = bindings[waiting.pop()]
        for node in walk(expr):
            if isinstance(node, Input) and node.origin == "allocation":
                found.add(node.name.removesuffix(".period"))
        new = refs(expr) - seen
        seen |= new
        waiting += sorted(new)
    return found


def _settled(allotments: Iterator[Allotment]) -> Iterator[Allotment]:
    """In the order in which they can be settled; a circle, which no rules can make, stays as it
    is."""
    left = {each.code: each for each in allotments}
    while left:
        ready = [each for each in left.values() if not left.keys() & set(each.after)]
        for each in ready or list(left.values()):
            yield each
            del left[each.code]
