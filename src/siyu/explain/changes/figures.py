"""Aggregates that stand in conditions by themselves, made figures of their own.

`not exists(purchases)` asks for rows without naming a metric. In a program made here such an
aggregate is a binding that can be moved as metrics are, wherever it stands; what it is called is
its written text. An average is one figure too, though it is made of a sum and a count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from siyu.core.compiled import Compiled
from siyu.core.ir import Aggregate, Call, Const, Expr, Ref
from siyu.core.passes.keys import Keys
from siyu.core.passes.prune import needed
from siyu.core.program import Binding, Program
from siyu.core.walk import parts, rewrite, top_most
from siyu.text import NOWHERE


@dataclass(frozen=True, slots=True)
class Figured:
    """A program in which aggregates are bindings, and what these are called.

    `texts`: the written text of each, by the binding's name. `twins`: the metrics that consist of
    just one of them: to move one is to move the other.
    """

    program: Program
    texts: Mapping[str, str]
    twins: frozenset[str] = frozenset()


def with_figures(compiled: Compiled, program: Program, watched: tuple[str, ...]) -> Figured:
    """The bindings behind what is watched, with the aggregates outside of metrics as figures.

    Rows of logs and consents are none: nobody adds those by hand.
    """
    cone = needed(program.bindings, watched)
    keys = Keys()
    named: dict[int, tuple[str, Expr, str]] = {}  # by the aggregate's key: name, node and text
    for binding in cone:
        for node in () if binding.metric else top_most([binding.expr], is_figure):
            text = _text(compiled, node)
            if text and _movable(compiled, node):
                named.setdefault(keys.of(node), (f"figure~{len(named) + 1}", node, text))
    if not named:
        return Figured(program, {})
    bindings: list[Binding] = []
    placed: set[str] = set()
    done: dict[int, Expr] = {}
    for binding in cone:
        for node in top_most([binding.expr], is_figure):
            name, expr, _ = named.get(keys.of(node), ("", node, ""))
            if not name:
                continue
            if name not in placed:
                placed.add(name)
                bindings.append(Binding(name, expr, expr.type, 0, metric=True, span=expr.span))
            done[id(node)] = Ref(name, node.type, span=node.span, code=node.code)
        bindings.append(replace(binding, expr=rewrite(binding.expr, _same, done)))
    twins = frozenset(b.name for b in bindings if b.metric and _is_one(b.expr, placed))
    texts = {name: text for name, _, text in named.values()}
    return Figured(replace(program, bindings=tuple(bindings)), texts, twins)


def is_figure(node: Expr) -> bool:
    """Whether a node is an aggregate, or an average as it is written."""
    match node:
        case Aggregate():
            return True
        case Call(function="div", args=(Aggregate(span=one), Aggregate(span=other), Const())):
            return one == other == node.span != NOWHERE
        case _:
            return False


def _same(node: Expr) -> Expr:
    return node


def _is_one(expr: Expr, figures: set[str]) -> bool:
    return isinstance(expr, Ref) and expr.name in figures


def _text(compiled: Compiled, node: Expr) -> str:
    """As the author wrote it, on one line; empty where no author did."""
    source = compiled.sources.get(node.span.file)
    return " ".join(source.text[node.span.start : node.span.end].split()) if source else ""


def _movable(compiled: Compiled, node: Expr) -> bool:
    return all(
        compiled.schema.collections[path].role is None
        for path in (each.rows.table.partition(".")[0] for each in _aggregates(node))
        if path in compiled.schema.collections
    )


def _aggregates(node: Expr) -> Iterator[Aggregate]:
    for each in (node, *parts(node)):
        if isinstance(each, Aggregate):
            yield each
