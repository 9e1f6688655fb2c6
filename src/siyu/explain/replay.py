"""One decision made again by the reference evaluator, every value at hand: what is explained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from siyu.core.ir import Const, Expr, Ref
from siyu.evaluators.reference import Trace
from siyu.explain.anatomy import Anatomy
from siyu.explain.model import Shown, Step, Verdict
from siyu.explain.shown import Showing
from siyu.records import Read
from siyu.types import TEXT
from siyu.words import Words

NOWHERE: Final = object()  # stands for what no trace holds
Behind = Callable[["Replay", str], tuple[Words, tuple[Step, ...]]]
VERDICTS: Mapping[object, Verdict] = {True: "true", False: "false"}


def verdict_of(held: object) -> Verdict:
    """What a condition came to.

    >>> verdict_of(True), verdict_of(None)
    ('true', 'unknown')
    """
    return VERDICTS.get(held, "unknown")


@dataclass(slots=True)
class Replay:
    """`values` by binding and `trace` by node are those of the reference evaluator; `decision` is
    the document. `told` are the declarations whose reasons were shown already. `behind` says of
    a figure or a rule that another rests on how it stands and why; None where each has a place of
    its own."""

    anatomy: Anatomy
    showing: Showing
    read: Read
    values: Mapping[str, Any]
    trace: Trace
    decision: Mapping[str, Any]
    given: frozenset[str]
    told: set[str] = field(default_factory=set)
    behind: Behind | None = None

    def value(self, node: Expr) -> Any:
        """What a node was worth; None where unknown, or where it stands inside of rows."""
        held = self.trace.values.get(id(node), NOWHERE)
        if held is not NOWHERE:
            return held
        if isinstance(node, Ref):
            return self.values.get(node.name)
        return node.value if isinstance(node, Const) else None

    def verdict(self, node: Expr) -> Verdict:
        """What a condition came to."""
        return verdict_of(self.value(node))

    def shown(self, node: Expr) -> Shown:
        """A node's value, to be shown."""
        return self.showing.value(node, self.value(node))

    def bound(self, name: str) -> Shown:
        """The value of a binding, to be shown."""
        binding = self.anatomy.bindings[name]
        return self.showing.value(binding.expr, self.values.get(name))

    def rows_of(self, table: str) -> Iterator[Mapping[str, Any]]:
        """The rows of a collection that were read, by column; none where it is absent."""
        tables = zip(self.anatomy.program.needs.tables, self.read.facts.tables, strict=True)
        for need, rows in tables:
            if need.path == table and rows is not None:
                names = [column.name for column in need.columns]
                yield from (dict(zip(names, row, strict=True)) for row in rows)

    def channel(self, name: str) -> Shown:
        """A channel of contacts, as people call it."""
        kind = self.anatomy.channel_type
        return self.showing.of(TEXT if kind is None else kind, name)
