"""Reasoning about comparisons with constants: which values make a condition true.

A condition becomes a list of boxes; a box says for each subject (an expression without a constant
opposite) which of its values are meant. What cannot be read as a comparison is a subject of its
own, true or false. Proofs of `exclusive` and of completeness speak of known values; a `Ground` that
can tell what may be unknown makes `where` give every way in which a condition becomes true (or
false) of any member, the ways through `otherwise` and `is unknown` included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from siyu.core.ir import And, Call, Coalesce, Const, Expr, Input, Known, Not, Or, Ref
from siyu.semantics.reach import Reaches
from siyu.types import BoolType, EnumType, NumberType, Type

MOST_BOXES = 2_000


class TooMany(Exception):
    """The boxes of a condition are more than can be looked at; nothing is proven then."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole held values from `low` to `high`, both included; None has no end."""

    low: int | None
    high: int | None

    def meets(self, other: Span) -> Span | None:
        low = _most(self.low, other.low)
        high = _least(self.high, other.high)
        return None if low is not None and high is not None and low > high else Span(low, high)


def _most(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else max(a, b)


def _least(a: int | None, b: int | None) -> int | None:
    return b if a is None else a if b is None else min(a, b)


@dataclass(frozen=True, slots=True)
class Spans:
    """Held integers: disjoint spans in rising order."""

    spans: tuple[Span, ...]

    def meets(self, other: Values) -> Values:
        assert isinstance(other, Spans)
        found = (a.meets(b) for a in self.spans for b in other.spans)
        return Spans(tuple(span for span in found if span is not None))

    def rest(self) -> Values:
        left: list[Span] = []
        start: int | None = None
        ended = False
        for span in self.spans:
            if span.low is not None and (start is None or start <= span.low - 1):
                left.append(Span(start, span.low - 1))
            if span.high is None:
                ended = True
                break
            start = span.high + 1
        if not ended:
            left.append(Span(start, None))
        return Spans(tuple(left))

    def __bool__(self) -> bool:
        return bool(self.spans)


@dataclass(frozen=True, slots=True)
class Words:
    """Some words, or with `other` all but these."""

    words: frozenset[object]
    other: bool = False

    def meets(self, other: Values) -> Values:
        assert isinstance(other, Words)
        match self.other, other.other:
            case False, False:
                return Words(self.words & other.words)
            case False, True:
                return Words(self.words - other.words)
            case True, False:
                return Words(other.words - self.words)
            case _:
                return Words(self.words | other.words, True)

    def rest(self) -> Values:
        return Words(self.words, not self.other)

    def __bool__(self) -> bool:
        return self.other or bool(self.words)


Values = Spans | Words
Box = Mapping[Expr, Values]


@dataclass(frozen=True, slots=True)
class Ground:
    """What reasoning stands on: one value for each param, how far numbers go, and what may be
    unknown (None: all values are taken to be known)."""

    params: Mapping[str, Const] = field(default_factory=dict)
    reaches: Reaches = field(default_factory=Reaches)
    unknowable: Callable[[Expr], bool] | None = None


def everything(subject: Expr, ground: Ground) -> Values:
    """All values that a subject can have."""
    kind: Type = subject.type
    match kind:
        case BoolType():
            return Words(frozenset({True, False}))
        case EnumType(members=members) if members:
            return Words(frozenset(members))
        case _ if isinstance(kind, NumberType):
            return Spans((Span(*ground.reaches.of(subject)),))
        case _ if type(kind).__name__ in _DATED:
            return Spans((Span(None, None),))
        case _:
            return Words(frozenset(), True)


_DATED = frozenset({"DateType", "TimeType", "DateTimeType"})


def where(condition: Expr, ground: Ground, holds: bool = True) -> list[Box]:
    """The boxes in which a condition is true (or false)."""
    match condition:
        case Const(value=value):
            return [{}] if value is holds else []
        case Known() if ground.unknowable is None or not ground.unknowable(condition.value):
            return [{}] if holds else []
        case Not(value=value):
            return where(value, ground, not holds)
        case And(items=items):
            return _all(items, ground, holds) if holds else _any(items, ground, holds)
        case Or(items=items):
            return _any(items, ground, holds) if holds else _all(items, ground, holds)
        case Coalesce(value=value, default=default):
            return _defaulted(value, default, ground, holds)
        case Call() if (read := compared(condition, ground)) is not None:
            subject, values = read
            meant = values if holds else values.rest()
            meant = meant.meets(everything(subject, ground))
            return [{subject: meant}] if meant else []
        case _:
            return [{condition: Words(frozenset({holds}))}]


def _defaulted(value: Expr, default: Expr, ground: Ground, holds: bool) -> list[Box]:
    """The value's own ways, and the default's where the value is unknown."""
    known: Expr = Known(value)
    if ground.unknowable is None or not ground.unknowable(value):
        return where(value, ground, holds)
    there: Box = {known: Words(frozenset({True}))}
    own = (both(box, there) for box in where(value, ground, holds))
    missing: Box = {known: Words(frozenset({False}))}
    instead = (both(box, missing) for box in where(default, ground, holds))
    return [box for box in (*own, *instead) if box is not None]


def _all(items: Iterable[Expr], ground: Ground, holds: bool) -> list[Box]:
    found: list[Box] = [{}]
    for item in items:
        found = [
            box
            for a in found
            for b in where(item, ground, holds)
            if (box := both(a, b)) is not None
        ]
        if len(found) > MOST_BOXES:
            raise TooMany
    return found


def _any(items: Iterable[Expr], ground: Ground, holds: bool) -> list[Box]:
    found = [box for item in items for box in where(item, ground, holds)]
    if len(found) > MOST_BOXES:
        raise TooMany
    return found


def both(a: Box, b: Box) -> Box | None:
    """What lies in two boxes; None: nothing."""
    if len(a) < len(b):
        a, b = b, a
    found = dict(a)
    for subject, values in b.items():
        met = found[subject].meets(values) if subject in found else values
        if not met:
            return None
        found[subject] = met
    return found


def without(box: Box, taken: Box, ground: Ground) -> Iterator[Box]:
    """What of a box lies outside another, as boxes that do not overlap."""
    if both(box, taken) is None:
        yield box
        return
    inside: Box | None = box
    for subject, values in taken.items():
        if inside is None:
            return
        outside = values.rest().meets(everything(subject, ground))
        if outside and (rest := both(inside, {subject: outside})) is not None:
            yield rest
        inside = both(inside, {subject: values})


def compared(call: Call, ground: Ground) -> tuple[Expr, Values] | None:
    """A comparison with a constant: its subject and the values that make it true."""
    if call.function == "in_set":
        subject, members = call.args
        return _listed(_behind(subject, ground), members, ground)
    if call.function not in _OPPOSITE:
        return None
    left, right = (_behind(arg, ground) for arg in call.args)
    op = call.function
    if isinstance(left, Const):
        left, right, op = right, left, _OPPOSITE[op]
    if isinstance(left, Const) or not isinstance(right, Const):
        return None
    value = right.value
    if isinstance(value, bool) or not isinstance(value, int):
        if op not in ("eq", "ne"):
            return None
        return left, Words(frozenset({value}), op == "ne")
    return _bounded(left, op, value)


def _listed(subject: Expr, members: Expr, ground: Ground) -> tuple[Expr, Values] | None:
    """A list of constants: words, or numbers and dates, which are spans of one."""
    if not isinstance(members, Const) or not isinstance(members.value, frozenset):
        return None
    if isinstance(everything(subject, ground), Words):
        return subject, Words(members.value)
    listed: frozenset[object] = members.value
    equal: list[Span] = []
    bare = subject
    for number in sorted(each for each in listed if isinstance(each, int)):
        bare, values = _bounded(subject, "eq", number)
        assert isinstance(values, Spans)
        equal.extend(values.spans)
    return bare, Spans(tuple(equal))


def _behind(expr: Expr, ground: Ground) -> Expr:
    """What a name stands for, where that is a constant or another name. A metric is its own
    subject: a request may bring another value of it."""
    while isinstance(expr, Ref):
        if expr.name in ground.params:
            return ground.params[expr.name]
        binding = ground.reaches.bindings.get(expr.name)
        if binding is None or binding.metric or not isinstance(binding.expr, (Ref, Input)):
            return expr
        expr = binding.expr
    return expr


def _bounded(subject: Expr, op: str, value: int) -> tuple[Expr, Values]:
    """Held values are whole, so `x > 5` is `x >= 6`; digits added to a subject are taken off."""
    factor = 1
    while isinstance(subject, Call) and isinstance(subject.args[-1], Const):
        amount = subject.args[-1].value
        if subject.function == "rescale" and isinstance(amount, int) and amount >= 0:
            factor *= 10**amount
        elif subject.function == "mul" and isinstance(amount, int) and amount > 0:
            factor *= amount
        else:
            break
        subject = subject.args[0]
    down, up = value // factor, -(-value // factor)
    match op:
        case "lt":
            return subject, Spans((Span(None, up - 1),))
        case "le":
            return subject, Spans((Span(None, down),))
        case "gt":
            return subject, Spans((Span(down + 1, None),))
        case "ge":
            return subject, Spans((Span(up, None),))
    equal = Spans((Span(up, up),)) if up == down else Spans(())
    return subject, equal if op == "eq" else equal.rest()


_OPPOSITE = {"eq": "eq", "ne": "ne", "lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}
