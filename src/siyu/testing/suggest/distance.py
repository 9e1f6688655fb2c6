"""How far an evaluation is from giving nodes the verdicts that are wanted: 0 where it does.

The distance of a comparison shrinks as its two sides come nearer, so that a search sees in which
direction to go; that of a connective is made of its parts. It is a guide, never a proof.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p
from typing import Any

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Const,
    Contest,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)
from siyu.testing.coverage.lens import Lens, Seen
from siyu.testing.suggest.targets import UNKNOWN, Aimed, Is

DEEPEST = 60
FLIPPED = {"true": "false", "false": "true", "not_true": "not_false", "not_false": "not_true"}
SIGNS = {"lt": (-1, 1), "le": (-1, 0), "gt": (1, 1), "ge": (1, 0)}
KNOWN = "known"


class Distance:
    """Distances in one evaluation."""

    def __init__(self, lens: Lens, seen: Seen) -> None:
        self.bindings = lens.bindings
        self.values = seen.trace.values
        self.counted = seen.trace.counted
        self._done: dict[tuple[int, object], float] = {}

    def total(self, aimed: Sequence[Aimed]) -> float:
        """Of several nodes together."""
        return sum(self.of(node, want) for node, want in aimed)

    def of(self, node: Expr, want: str | Is, deep: int = 0) -> float:
        """Of one node."""
        key = (id(node), want)
        if key not in self._done:
            self._done[key] = self._of(node, want, deep + 1)
        return self._done[key]

    def _of(self, node: Expr, want: str | Is, deep: int) -> float:
        if satisfied(self.values.get(id(node)), want):
            return 0.0
        if deep > DEEPEST:
            return 1.0
        if isinstance(node, Ref) and node.name in self.bindings:
            return self.of(self.bindings[node.name].expr, want, deep)
        if want == UNKNOWN:
            return self._unknown(node, deep)
        if want == KNOWN:
            return self._known(node, deep)
        if isinstance(want, Is):
            return self._value(node, want.value, deep)
        return self._verdict(node, want, deep)

    # ------------------------------------------------------------ verdicts

    def _verdict(self, node: Expr, want: str, deep: int) -> float:
        positive = want in ("true", "not_false")
        match node:
            case And(items=items):
                found = [self.of(item, want, deep) for item in items]
                return sum(found) if positive else min(found)
            case Or(items=items):
                found = [self.of(item, want, deep) for item in items]
                return min(found) if positive else sum(found)
            case Not(value=value):
                return self.of(value, FLIPPED[want], deep)
            case Known(value=value):
                return self.of(value, KNOWN if positive else UNKNOWN, deep)
            case Coalesce(value=value, default=default):
                own = self.of(value, want, deep)
                helps = isinstance(default, Const) and satisfied(default.value, want)
                return min(own, self.of(value, UNKNOWN, deep)) if helps else own
            case Cases():
                return self._case(node, positive, deep)
            case Call():
                return self._compared(node, positive, want, deep)
            case _:
                return 1.0

    def _compared(self, node: Call, positive: bool, want: str, deep: int) -> float:
        missing = [arg for arg in node.args if self.values.get(id(arg)) is None]
        if missing and not isinstance(missing[0], Const):
            return 1.0 + sum(self.of(arg, KNOWN, deep) for arg in missing)
        values: list[Any] = [self.values.get(id(arg)) for arg in node.args]
        match node.function:
            case "eq" | "ne":
                return self._equal(node, values, (node.function == "eq") == positive, deep)
            case "lt" | "le" | "gt" | "ge" if all(isinstance(v, int) for v in values):
                sign, least = SIGNS[node.function]
                gap = sign * (values[1] - values[0]) + least
                return near(gap if positive else 1 - gap)
            case "in_set" if isinstance(values[1], frozenset):
                members = sorted(values[1], key=str)[:20]
                if positive:
                    return min((self._value(node.args[0], m, deep) for m in members), default=1.0)
                return self._other(node.args[0], deep)
            case "item" if isinstance(values[1], int):
                return self._chosen(node.args[0], values[1], positive, deep)
            case _:
                return 1.0

    def _chosen(self, node: Expr, place: int, positive: bool, deep: int) -> float:
        """How far a candidate is from being chosen, or from losing to another one."""
        while isinstance(node, Ref) and node.name in self.bindings:
            node = self.bindings[node.name].expr
        if not isinstance(node, Contest):
            return 1.0
        chosen: Any = self.values.get(id(node)) or ()
        others = [(n, each) for n, each in enumerate(node.candidates) if n != place]
        own = node.candidates[place].eligible
        if not positive:
            rivals = [c for n, c in others if self.values.get(id(c.eligible)) is not True]
            return 0.1 + min((self.of(c.eligible, "true", deep) for c in rivals), default=1.0)
        entering = self.of(own, "true", deep)
        if entering:
            return 0.5 + entering
        winners = [each for n, each in others if n < len(chosen) and chosen[n]]
        return 0.1 + min((self.of(c.eligible, "not_true", deep) for c in winners), default=1.0)

    def _equal(self, node: Call, values: list[Any], same: bool, deep: int) -> float:
        left, right = node.args
        if isinstance(left, Const):
            left, right, values = right, left, values[::-1]
        if not same:
            return self._other(left, deep)
        if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            toward = self._value(left, values[1], deep) if isinstance(right, Const) else 1.0
            return min(near(abs(values[0] - values[1])), max(toward, 0.01))
        return self._value(left, values[1], deep)

    # ------------------------------------------------------------ values

    def _value(self, node: Expr, value: object, deep: int) -> float:
        """How far a node is from one value."""
        if deep > DEEPEST or self.values.get(id(node)) == value:
            return 0.0 if deep <= DEEPEST else 1.0
        match node:
            case Ref() if node.name in self.bindings:
                return self._value(self.bindings[node.name].expr, value, deep + 1)
            case Coalesce(value=inner, default=default):
                instead = self.of(inner, UNKNOWN, deep) + self._value(default, value, deep + 1)
                return min(self._value(inner, value, deep + 1), instead)
            case Cases():
                return self._taking(node, value, deep)
            case Call(function="sub", args=(inner, Const(value=int(less)))) if isinstance(
                value, int
            ):
                return self._value(inner, value + less, deep + 1)
            case Call(function="item", args=(Const(value=tuple(row)), place)):
                places = [n for n, each in enumerate(row) if each == value]
                return min((self._value(place, n, deep + 1) for n in places), default=1.0)
            case _:
                held = self.values.get(id(node))
                if isinstance(held, int) and isinstance(value, int):
                    return near(abs(held - value))
                return 1.0

    def _taking(self, node: Cases, value: object, deep: int) -> float:
        """How far cases are from an arm that gives the value."""
        no = "not_true" if node.on_unknown == "skip" else "false"
        before, best = 0.0, []
        for arm in node.arms:
            best.append(
                before + self.of(arm.when, "true", deep) + self._value(arm.value, value, deep + 1)
            )
            before += self.of(arm.when, no, deep)
        best.append(before + self._value(node.otherwise, value, deep + 1))
        return min(best)

    def _case(self, node: Cases, positive: bool, deep: int) -> float:
        return self._taking(node, positive, deep)

    def _other(self, node: Expr, deep: int) -> float:
        """How far a node is from having another value than it has."""
        while isinstance(node, Ref) and node.name in self.bindings:
            node = self.bindings[node.name].expr
        if isinstance(node, Coalesce):
            return self._other(node.value, deep + 1) if deep < DEEPEST else 1.0
        if not isinstance(node, Cases):
            return 1.0
        now = self.values.get(id(node))
        moves = []
        for arm in node.arms:
            if self.values.get(id(arm.when)) is True:
                moves.append(self.of(arm.when, "false", deep))
                break
            if not (isinstance(arm.value, Const) and arm.value.value == now):
                moves.append(self.of(arm.when, "true", deep))
        return min(moves, default=1.0)

    # ------------------------------------------------------------ unknown and known

    def _unknown(self, node: Expr, deep: int) -> float:
        match node:
            case Aggregate():
                rows = len(self.counted.get(id(node), ()))
                return 1.0 if node.op in ("count", "sum", "distinct", "exists") else near(rows)
            case And(items=items):
                others = sum(self.of(item, "not_false", deep) for item in items)
                return others + min(self.of(item, UNKNOWN, deep) for item in items)
            case Or(items=items):
                others = sum(self.of(item, "not_true", deep) for item in items)
                return others + min(self.of(item, UNKNOWN, deep) for item in items)
            case Call(function="div" | "quotient", args=args):
                zero = self._value(args[1], 0, deep)
                return min(zero, *(self.of(arg, UNKNOWN, deep) for arg in args))
            case Call(args=args):
                return min((self.of(arg, UNKNOWN, deep) for arg in args), default=9.0)
            case Not(value=value):
                return self.of(value, UNKNOWN, deep)
            case Coalesce(value=value, default=default):
                return self.of(value, UNKNOWN, deep) + self.of(default, UNKNOWN, deep)
            case Cases():
                return self._case_unknown(node, deep)
            case Const() | Known():
                return 9.0
            case Input():
                return 1.0 if node.optional else 9.0
            case _:
                return 9.0

    def _case_unknown(self, node: Cases, deep: int) -> float:
        before, best = 0.0, []
        no = "not_true" if node.on_unknown == "skip" else "false"
        for arm in node.arms:
            if node.on_unknown == "stop":
                best.append(before + self.of(arm.when, UNKNOWN, deep))
            taken = self.of(arm.when, "true", deep) + self.of(arm.value, UNKNOWN, deep)
            best.append(before + taken)
            before += self.of(arm.when, no, deep)
        best.append(before + self.of(node.otherwise, UNKNOWN, deep))
        return min(best)

    def _known(self, node: Expr, deep: int) -> float:
        match node:
            case Call(args=args):
                missing = [arg for arg in args if self.values.get(id(arg)) is None]
                return sum(self.of(arg, KNOWN, deep) for arg in missing) or 1.0
            case Coalesce(value=value):
                return self.of(value, KNOWN, deep)
            case Cases():
                ways = [self.of(arm.when, "true", deep) for arm in node.arms]
                return min(ways, default=1.0) or 1.0
            case _:
                return 1.0


def satisfied(value: object, want: str | Is) -> bool:
    """Whether a value is what is wanted."""
    match want:
        case Is(value=wanted):
            return value is None if wanted is None else value == wanted
        case "true":
            return value is True
        case "false":
            return value is False
        case "not_true":
            return value is not True
        case "not_false":
            return value is not False
        case _:
            return value is not None


def near(gap: int) -> float:
    """A gap as a distance below 1 that keeps growing.

    >>> near(0), near(1) < near(2) < near(10**12) < 1
    (0.0, True)
    """
    size = log1p(abs(gap))
    return size / (1 + size) if gap > 0 else 0.0
