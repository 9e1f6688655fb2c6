"""How far a value can go, read from what makes it: inclusive bounds of held values.

A type's own bounds are those of one of its makers, good for choosing a width; what is proven needs
more. Here bounds come from the facts (records outside of them are rejected), from constants, and
from arithmetic of both; anything else has no end. None is no end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from siyu.core.ir import Aggregate, Call, Cases, Coalesce, Column, Const, Expr, Input, Ref
from siyu.core.program import Binding
from siyu.semantics import ranges
from siyu.types import Type

Reach = tuple[int | None, int | None]
ENDLESS: Reach = (None, None)
# Facts that are checked against their bounds when a record is read; cuts and allocations are not.
CHECKED = ("customer", "event", "context")
FURTHEST = 6  # bindings that are looked through, one behind the other


@dataclass(slots=True)
class Reaches:
    """The reaches of one policy's expressions; what stands behind a name is worked out once."""

    bindings: Mapping[str, Binding] = field(default_factory=dict)
    known: dict[str, Reach] = field(default_factory=dict)

    def of(self, expr: Expr, hops: int = FURTHEST) -> Reach:
        """Between what the value lies, where it is known."""
        match expr:
            case Const(value=bool()):
                return ENDLESS
            case Const(value=int(held)):
                return held, held
            case Input() if expr.origin in CHECKED:
                return _typed(expr.type)
            case Column():
                return _typed(expr.type)
            case Ref():
                return self._named(expr, hops)
            case Call():
                return self._called(expr, hops)
            case Cases():
                ways = [*(arm.value for arm in expr.arms), expr.otherwise]
                return _union(self.of(way, hops) for way in ways if not _nothing(way))
            case Coalesce():
                return _union((self.of(expr.value, hops), self.of(expr.default, hops)))
            case Aggregate():
                return self._counted(expr, hops)
            case _:
                return ENDLESS

    def _named(self, ref: Ref, hops: int) -> Reach:
        if ref.name in self.known:
            return self.known[ref.name]
        binding = self.bindings.get(ref.name)
        if binding is None or hops <= 0:
            return ENDLESS
        found = self.of(binding.expr, hops - 1)
        if binding.metric:  # a request may bring another value, within the type's bounds
            found = _union((found, _typed(binding.type)))
        self.known[ref.name] = found
        return found

    def _called(self, call: Call, hops: int) -> Reach:
        match call.function:
            case "min" | "max":
                return _extreme(call.function, [self.of(arg, hops) for arg in call.args])
            case "rank":
                return _typed(call.type)
            case "item":
                return _among(call.args[0])
            case "add" | "sub" | "mul" | "neg" | "abs" | "rescale":
                return self._worked_out(call, hops)
            case _:
                return ENDLESS

    def _worked_out(self, call: Call, hops: int) -> Reach:
        first, *others = (self.of(arg, hops) for arg in call.args)
        match call.function, others:
            case "neg", _:
                return _negative(first)
            case "add", [second]:
                return _sum(first, second)
            case "sub", [second]:
                return _sum(first, _negative(second))
            case "abs", _:
                return _sized(first)
            case "mul", [second]:
                return _product(first, second)
            case _:
                digits = call.args[-1]
                if isinstance(digits, Const) and isinstance(digits.value, int):
                    return _shifted(first, digits.value)
                return ENDLESS

    def _counted(self, node: Aggregate, hops: int) -> Reach:
        match node.op:
            case "count" | "distinct":
                return 0, None
            case "sum" if node.value is not None:
                low, high = self.of(node.value, hops)
                # A sum over nothing is 0, and one over many rows goes beyond each of them.
                return (0 if low is not None and low >= 0 else None,
                        0 if high is not None and high <= 0 else None)  # fmt: skip
            case "min" | "max" | "latest" | "earliest" if node.value is not None:
                return self.of(node.value, hops)
            case _:
                return ENDLESS


def _nothing(expr: Expr) -> bool:
    return isinstance(expr, Const) and expr.value is None


def _among(listed: Expr) -> Reach:
    """One of a list of constants."""
    values = listed.value if isinstance(listed, Const) else None
    if not isinstance(values, tuple):
        return ENDLESS
    held = [each for each in values if isinstance(each, int) and not isinstance(each, bool)]
    whole = len(held) == sum(each is not None for each in values)
    return (min(held), max(held)) if held and whole else ENDLESS


def _typed(kind: Type) -> Reach:
    return ranges.bounds(kind) if ranges.number(kind) is not None else ENDLESS


def _union(found: Iterable[Reach]) -> Reach:
    reaches = tuple(found) or (ENDLESS,)
    lows = [low for low, _ in reaches if low is not None]
    highs = [high for _, high in reaches if high is not None]
    return (min(lows) if len(lows) == len(reaches) else None,
            max(highs) if len(highs) == len(reaches) else None)  # fmt: skip


def _extreme(function: str, found: list[Reach]) -> Reach:
    """The least of several values lies below every upper end, and no lower than all lower ends."""
    low, high = _union(found)
    if function == "min":
        return low, min((end for _, end in found if end is not None), default=None)
    return max((end for end, _ in found if end is not None), default=None), high


def _negative(a: Reach) -> Reach:
    low, high = a
    return (None if high is None else -high), (None if low is None else -low)


def _sum(a: Reach, b: Reach) -> Reach:
    low = None if a[0] is None or b[0] is None else a[0] + b[0]
    return low, (None if a[1] is None or b[1] is None else a[1] + b[1])


def _product(a: Reach, b: Reach) -> Reach:
    if a[0] is not None and a[1] is not None and b[0] is not None and b[1] is not None:
        return ranges.times((a[0], a[1]), (b[0], b[1]))
    positive = all(x[0] is not None and x[0] >= 0 for x in (a, b))
    return (0 if positive else None), None


def _sized(a: Reach) -> Reach:
    return (0, None) if a[0] is None or a[1] is None else ranges.sized((a[0], a[1]))


def _shifted(a: Reach, digits: int) -> Reach:
    low, high = (None if end is None else ranges.shifted((end, end), digits)[0] for end in a)
    return low, high
