"""Conditions that never come out unknown, although something in them may be missing.

What is unknown comes from somewhere: from an optional fact, a division, or from the least, greatest
or latest of no rows. Where it can only come from such rows, their being none is assumed, and
everything else is left open: counts over the same rows, or over fewer, are 0 then. If the condition
comes out true or false all the same, nobody ever sees it unknown. Metrics are taken to be worked
out; a test that brings them can say what no rows would, and what it then shows is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, assert_never

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
    Rows,
)
from siyu.core.program import Binding
from siyu.core.walk import parts
from siyu.evaluators.reference import conjunction, disjunction
from siyu.functions import FUNCTIONS
from siyu.testing.coverage.unknown import DIVIDING, EMPTY_UNKNOWN

DEEPEST = 200  # nodes on the way down; deeper ones are left open


class Open(Enum):
    """A value that may be anything: unknown too, or (`KNOWN`) anything that is known."""

    ANY = "any"
    KNOWN = "known"


ANY, KNOWN = Open.ANY, Open.KNOWN
OVER_NOTHING = {"count": 0, "sum": 0, "distinct": 0, "exists": False}


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of which there may be none: those of a table that meet all of some conditions."""

    rows: Rows
    conditions: frozenset[Expr]


class Missing:
    """Answers for one program."""

    def __init__(self, bindings: Mapping[str, Binding]) -> None:
        self.bindings = bindings

    def may_be_unknown(self, node: Expr) -> bool:
        """Whether there may be a record for which the node is unknown; true where in doubt."""
        sources = self._sources(node)
        if sources is None:
            return True
        return any(
            _Assuming(source, self.bindings).value(node) in (None, ANY) for source in sources
        )

    def _sources(self, root: Expr) -> frozenset[Source] | None:
        """The rows that unknown values come from; None where they come from elsewhere too."""
        found: set[Source] = set()
        seen: set[int] = set()
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            match node:
                case Ref() if node.name in self.bindings:
                    waiting.append(self.bindings[node.name].expr)
                case Const(value=None):
                    return None
                case Input() if _optional(node):
                    return None
                case Call(function=function) if function in DIVIDING and not _whole(node):
                    return None
                case Aggregate():
                    if node.op in EMPTY_UNKNOWN:
                        if not _always_known(node):
                            return None
                        found.add(source_of(node))
                    continue
                case _:
                    pass
            waiting += parts(node)
        return frozenset(found)


def _optional(node: Input) -> bool:
    return node.optional and node.origin not in ("cut", "allocation")


def _whole(node: Call) -> bool:
    divisor = node.args[1]
    return isinstance(divisor, Const) and bool(divisor.value)


def _always_known(node: Aggregate) -> bool:
    """Whether every row that meets the conditions counts: its value is never missing."""
    value = node.by if node.op in ("latest", "earliest") else node.value
    own = node.value
    plain = isinstance(value, Column) and not value.optional
    return plain and isinstance(own, Column) and not own.optional


def source_of(node: Aggregate) -> Source:
    """The rows of an aggregate."""
    return Source(node.rows, frozenset(_conjuncts(node.where)))


def _conjuncts(where: Expr | None) -> list[Expr]:
    if where is None:
        return []
    if isinstance(where, And):
        return [each for item in where.items for each in _conjuncts(item)]
    return [where]


@dataclass(slots=True)
class _Assuming:
    """Values where a source has no rows; what does not follow from that is open."""

    source: Source
    bindings: Mapping[str, Binding]
    done: dict[int, Any] = field(default_factory=dict)

    def value(self, node: Expr, deep: int = 0) -> Any:
        """The value that follows, or `ANY`, or `KNOWN`."""
        if deep > DEEPEST:
            return ANY
        if id(node) not in self.done:
            self.done[id(node)] = self._value(node, deep + 1)
        return self.done[id(node)]

    def _value(self, node: Expr, deep: int) -> Any:
        match node:
            case Const():
                return node.value
            case Ref():
                binding = self.bindings.get(node.name)
                return ANY if binding is None else self.value(binding.expr, deep)
            case Input():
                return ANY if _optional(node) else KNOWN
            case Column() | Contest():
                return ANY if isinstance(node, Column) and node.optional else KNOWN
            case Call():
                return self._called(node, deep)
            case Not():
                inner = self.value(node.value, deep)
                return inner if isinstance(inner, Open) or inner is None else not inner
            case And():
                return self._joined(node.items, False, deep)
            case Or():
                return self._joined(node.items, True, deep)
            case Known():
                inner = self.value(node.value, deep)
                return KNOWN if inner is ANY else inner is not None
            case Coalesce():
                return self._either(node, deep)
            case Cases():
                return self._case(node, deep)
            case Aggregate():
                return self._counted(node)
            case _:
                assert_never(node)

    def _counted(self, node: Aggregate) -> Any:
        mine = source_of(node)
        if mine.rows == self.source.rows and mine.conditions >= self.source.conditions:
            return OVER_NOTHING.get(node.op)
        return ANY if node.op in EMPTY_UNKNOWN else KNOWN

    def _called(self, node: Call, deep: int) -> Any:
        values = [self.value(arg, deep) for arg in node.args]
        if any(value is None for value in values):
            return None
        if ANY in values:
            return ANY
        if KNOWN in values:
            return ANY if node.function in DIVIDING and not _whole(node) else KNOWN
        return FUNCTIONS[node.function].python(*values)

    def _joined(self, items: tuple[Expr, ...], decisive: bool, deep: int) -> Any:
        values = [self.value(item, deep) for item in items]
        if any(value is decisive for value in values):
            return decisive
        if any(value is None or value is ANY for value in values):
            sure = all(not isinstance(value, Open) for value in values)
            return None if sure else ANY
        if KNOWN in values:
            return KNOWN
        return (disjunction if decisive else conjunction)(tuple(values))

    def _either(self, node: Coalesce, deep: int) -> Any:
        value, default = self.value(node.value, deep), self.value(node.default, deep)
        if value is None:
            return default
        if value is ANY:
            return ANY if default in (None, ANY) else KNOWN
        return value

    def _case(self, node: Cases, deep: int) -> Any:
        """The first arm that is taken; where that is open, known if all that may follow is."""
        ways: list[Any] = []
        for arm in node.arms:
            when = self.value(arm.when, deep)
            if (when is None or when is ANY) and node.on_unknown == "stop":
                ways.append(None)
                if when is None:
                    break
            if (when is None or when is ANY) and node.on_unknown == "otherwise":
                ways.append(self.value(node.otherwise, deep))
                if when is None:
                    break
            if when is True or isinstance(when, Open):
                ways.append(self.value(arm.value, deep))
            if when is True:
                break
        else:
            ways.append(self.value(node.otherwise, deep))
        if len(ways) == 1:
            return ways[0]
        return ANY if any(way is None or way is ANY for way in ways) else KNOWN
