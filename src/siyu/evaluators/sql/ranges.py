"""What is known of an expression's value before the query runs: how large it can be, whether it
can be unknown, and, of a constant, the value itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
)
from siyu.core.walk import inner_first
from siyu.evaluators.sql.bounds import Bounds, bits_of, bounds_of, clamped, hull, of_call
from siyu.functions import FUNCTIONS
from siyu.functions.declaration import OPEN, SqlArg
from siyu.types import ROWS_LIMIT


@dataclass(frozen=True, slots=True)
class Range:
    """`bounds` of a number, `value` of a constant, else OPEN."""

    bounds: Bounds | None
    nullable: bool
    value: Any = OPEN

    @property
    def bits(self) -> int:
        """In which a number is held; 64, whatever that means, of what is no number."""
        return 64 if self.bounds is None else bits_of(*self.bounds)

    def arg(self, text: str) -> SqlArg:
        low, high = self.bounds or (None, None)
        return SqlArg(text, low, high, self.value, self.bits)


TRUTH = Range(None, False)


class Ranges:
    """Ranges of nodes, by identity. `absent` are tables that may not be there; `names` gives what
    is known of bindings, and grows with `bind`."""

    def __init__(self, absent: frozenset[str] = frozenset()) -> None:
        self._absent = absent
        self._names: dict[str, Range] = {}
        self._known: dict[int, tuple[Expr, Range]] = {}  # holds the nodes: identities stay theirs

    def bind(self, name: str, expr: Expr) -> None:
        self._names[name] = self.of(expr)

    def of(self, root: Expr) -> Range:
        found = self._known.get(id(root))
        if found is None:
            for node, inner in inner_first(root, self._known):
                ranges = [self._known[id(part)][1] for part in inner]
                self._known[id(node)] = (node, self._range(node, ranges))
            found = self._known[id(root)]
        return found[1]

    def _range(self, node: Expr, inner: list[Range]) -> Range:
        nullable = any(each.nullable for each in inner)
        match node:
            case Const():
                return _constant(node)
            case Input() | Column():
                return Range(bounds_of(node.type), node.optional)
            case Ref():
                return self._names[node.name]
            case Call():
                return _call(node, inner, nullable)
            case Not() | And() | Or():
                return Range(None, nullable)
            case Known() | Contest():
                return TRUTH
            case Coalesce():
                both = hull(each.bounds for each in inner)
                return Range(both, inner[0].nullable and inner[1].nullable)
            case Cases():
                return _cases(node, inner)
            case Aggregate():
                return self._aggregate(node)
            case _:
                assert_never(node)

    def _aggregate(self, node: Aggregate) -> Range:
        absent = node.rows.nested or node.rows.table in self._absent
        value = None if node.value is None else self._known[id(node.value)][1]
        match node.op:
            case "count" | "distinct":
                return Range((0, ROWS_LIMIT), absent)
            case "exists":
                return Range(None, absent)
            case "sum":
                low, high = (value.bounds if value else None) or (0, 0)
                sums = min(0, low * ROWS_LIMIT), max(0, high * ROWS_LIMIT)
                return Range(clamped(sums), absent)
            case _:
                return Range(value.bounds if value else None, True)


def _constant(node: Const) -> Range:
    number = bounds_of(node.type) is not None
    if node.value is None:
        return Range((0, 0) if number else None, True, None)
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return Range((node.value, node.value), False, node.value)
    return Range(None, False, node.value)


def _call(node: Call, inner: list[Range], nullable: bool) -> Range:
    args = [each.arg("") for each in inner]
    partial = not is_strict(node, args)
    bounds = of_call(node, args)
    if bounds_of(node.type) is None and node.function != "item":
        bounds = None
    return Range(bounds, nullable or partial)


def is_strict(node: Call, args: Sequence[SqlArg]) -> bool:
    """Whether the result of known arguments is known."""
    if not FUNCTIONS[node.function].partial:
        return True
    if node.function not in ("div", "quotient"):
        return False
    low, high = args[1].low, args[1].high
    return low is not None and high is not None and (low > 0 or high < 0)


def _cases(node: Cases, inner: list[Range]) -> Range:
    """Parts are a condition and a value for each arm, then `otherwise`."""
    whens, values = inner[:-1:2], [*inner[1:-1:2], inner[-1]]
    nullable = any(each.nullable for each in values)
    if node.on_unknown == "stop":
        nullable = nullable or any(each.nullable for each in whens)
    known = [each.bounds for each in values if each.value is not None]
    return Range(hull(known) if known else values[-1].bounds, nullable)
