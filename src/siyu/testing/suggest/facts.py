"""The facts that some nodes hang on, and the constants they are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from siyu.core.ir import Aggregate, Call, Const, Expr, Input, Ref
from siyu.core.walk import parts
from siyu.testing.coverage.lens import Lens, Seen
from siyu.types import (
    DateType,
    DecimalType,
    DurationType,
    IntType,
    MoneyType,
    scale_of,
)  # fmt: skip

MOST_NUMBERS = 12
LARGEST = Decimal(10) ** 10
COMPARING = ("eq", "ne", "lt", "le", "gt", "ge")
NUMBERS = (IntType, DecimalType, MoneyType, DurationType)


@dataclass(slots=True)
class Facts:
    """What is read below some nodes. `numbers` are constants as people write them, `days` and
    `texts` likewise; `gaps` are how far the two sides of comparisons are apart."""

    inputs: dict[tuple[str, str], Input] = field(default_factory=dict)
    aggregates: dict[int, Aggregate] = field(default_factory=dict)
    numbers: dict[Decimal, None] = field(default_factory=dict)
    gaps: dict[Decimal, None] = field(default_factory=dict)
    days: dict[int, None] = field(default_factory=dict)
    clocks: dict[int, None] = field(default_factory=dict)
    texts: dict[str, None] = field(default_factory=dict)
    chance: bool = False

    @property
    def some_numbers(self) -> tuple[Decimal, ...]:
        """The constants, those that stand nearest first."""
        return tuple(self.numbers)[:MOST_NUMBERS]

    @property
    def counts(self) -> tuple[int, ...]:
        """The constants that are whole and small."""
        return tuple(int(n) for n in self.numbers if n == int(n) and 0 < n <= 36_600)[:10]


def facts_of(roots: Iterable[Expr], lens: Lens, seen: Seen) -> Facts:
    """Everything below some nodes, nearest first."""
    found = Facts()
    done: set[int] = set()
    waiting = list(roots)
    for node in waiting:  # grows while it is gone through
        if id(node) in done:
            continue
        done.add(id(node))
        _take(node, found, seen)
        if isinstance(node, Ref) and node.name in lens.bindings:
            waiting.append(lens.bindings[node.name].expr)
        waiting += parts(node)
    return found


def _take(node: Expr, found: Facts, seen: Seen) -> None:
    match node:
        case Input():
            found.inputs[node.origin, node.name] = node
        case Aggregate():
            found.aggregates[id(node)] = node
        case Const():
            _constant(node, found)
        case Call(function="bucket" | "tie"):
            found.chance = True
        case Call(function=function, args=args) if function in COMPARING:
            values: list[Any] = [seen.trace.values.get(id(arg)) for arg in args]
            if isinstance(args[0].type, NUMBERS) and all(isinstance(v, int) for v in values):
                gap = Decimal(values[1] - values[0]).scaleb(-scale_of(args[0].type))
                if gap and abs(gap) <= LARGEST:
                    found.gaps[gap] = None
        case _:
            pass


def _constant(node: Const, found: Facts) -> None:
    value = node.value
    match node.type:
        case IntType() | DecimalType() | MoneyType() | DurationType() if isinstance(value, int):
            number = Decimal(value).scaleb(-scale_of(node.type))
            if not isinstance(value, bool) and 0 < abs(number) <= LARGEST:
                found.numbers[abs(number)] = None
        case DateType() if isinstance(value, int):
            found.days[value] = None
        case _:
            _words(value, found)
    if isinstance(value, tuple):
        for item in value:
            if isinstance(item, tuple):
                ends = [end for end in item if isinstance(end, int) and 0 <= end <= 86_400]
                found.clocks.update((end, None) for end in ends)


def _words(value: object, found: Facts) -> None:
    if isinstance(value, str):
        found.texts[value] = None
    elif isinstance(value, (frozenset, tuple)):
        words = sorted(word for word in value if isinstance(word, str))
        found.texts.update((word, None) for word in words)
