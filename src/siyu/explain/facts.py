"""What a condition rests on: the named values under it, down to facts and the rows that counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from siyu.core.compiled import Compiled
from siyu.core.ir import Aggregate, Column, Const, Contest, Expr, Input, Not, Ref
from siyu.core.program import Binding, Cut
from siyu.core.walk import parts
from siyu.evaluators.reference import Trace
from siyu.explain.model import Line
from siyu.explain.shown import Wording
from siyu.text import Span

DEEPEST = 3  # metrics behind metrics that are shown


@dataclass(frozen=True, slots=True)
class Facts:
    """`given` are the metrics that the request brought; `cuts` those of the policy, by place."""

    compiled: Compiled
    wording: Wording
    values: Mapping[str, Any]
    trace: Trace
    bindings: Mapping[str, Binding]
    given: frozenset[str]
    cuts: Mapping[Span, Cut]

    def under(self, root: Expr) -> Iterator[Line]:
        """The named values under an expression; metrics with what they are made of."""
        return self._under(root, set(), 0)

    def consents(self, root: Expr) -> Iterator[Line]:
        """How many rows grant and refuse: those that refuse stand in a negation."""
        waiting = [(root, "grant")]
        while waiting:
            node, does = waiting.pop()
            if isinstance(node, Aggregate):
                rows = self.trace.rows(node)
                ends = "" if len(rows) != 1 else "s"
                yield Line("fact", f"{_rows(len(rows), node.rows.table)} {does}{ends} it")
                continue
            inner = "refuse" if isinstance(node, Not) else does
            waiting.extend((part, inner) for part in reversed(parts(node)))

    def text(self, span: Span) -> str:
        """The author's text of a place, on one line."""
        source = self.compiled.sources.get(span.file)
        return " ".join(source.text[span.start : span.end].split()) if source else ""

    def _under(self, root: Expr, said: set[str], depth: int) -> Iterator[Line]:
        waiting = [root]
        while waiting:
            node = waiting.pop()
            match node:
                case Ref():
                    yield from self._named(node, said, depth)
                case Input() if node.origin != "request" and node.name not in said:
                    said.add(node.name)
                    name = node.name.rpartition(".")[2] if node.origin == "event" else node.name
                    value = self.wording.value(node, self.trace.values.get(id(node)))
                    yield Line("fact", name, value)
                case Const() if node.span in self.cuts:
                    text = self.text(node.span)
                    if text and text not in said and node.type == self.cuts[node.span].type:
                        said.add(text)
                        yield Line("fact", f"cut of {text}", self.wording.value(node, node.value))
                case Aggregate():
                    yield self._counted(node)
                case Contest() | Column():
                    pass
                case _:
                    waiting.extend(reversed(parts(node)))

    def _named(self, ref: Ref, said: set[str], depth: int) -> Iterator[Line]:
        binding = self.bindings.get(ref.name)
        if binding is None or ref.name in said:
            return
        said.add(ref.name)
        if ref.name in self.compiled.kinds:
            yield self._declared(ref, binding, said, depth)
        elif depth < DEEPEST:
            yield from self._under(binding.expr, said, depth + 1)

    def _declared(self, ref: Ref, binding: Binding, said: set[str], depth: int) -> Line:
        label = self.compiled.labels[ref.name]
        text = ref.name if label == ref.name else f"{label} ({ref.name})"
        value = self.wording.value(ref, self.values.get(ref.name))
        if ref.name in self.given:
            return Line("fact", text, f"{value}, as the request gives it")
        below: tuple[Line, ...] = ()
        if depth < DEEPEST and self.compiled.kinds[ref.name] == "metric":
            below = tuple(self._under(binding.expr, said, depth + 1))
        return Line("fact", text, value, "", below)

    def _counted(self, node: Aggregate) -> Line:
        """An aggregate: its text, its value, and how many rows counted."""
        rows = self.trace.rows(node)
        value = self.wording.value(node, self.trace.values.get(id(node)))
        written = self.text(node.span)
        counted = _rows(len(rows), node.rows.table)
        if not written.endswith(")"):  # a rule that counts in a log says nothing of counting itself
            if node.op in ("exists", "count"):
                return Line("fact", counted)
            summed = f" of {node.value.name}" if isinstance(node.value, Column) else ""
            return Line("fact", f"{node.op}{summed} in {counted}", value)
        if node.op in ("latest", "earliest"):
            return Line("fact", written, value)
        return Line("fact", written, value, "", (Line("fact", counted),))


def _rows(count: int, table: str) -> str:
    """
    >>> _rows(1, "orders"), _rows(0, "consents")
    ('1 row of orders', '0 rows of consents')
    """
    return f"{count} row of {table}" if count == 1 else f"{count} rows of {table}"
