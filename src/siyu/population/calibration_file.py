"""What a calibration file says besides its cuts, checked strictly: counts, pairs, distributions.

Pure, and read by whoever decides with a file: what is misspelt is told, and nothing is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from siyu.core.program import Program
from siyu.diagnostics import nearest
from siyu.schema.tree import List, Map, Scalar, Tree
from siyu.schema.values import Mistake, held
from siyu.text import Span
from siyu.types import DIVISION_SCALE, DateTimeType, DateType, DecimalType, EnumType, IntType, Type
from siyu.words import Words, either, say

KEYS = (
    "calibration", "policy", "version", "as_of", "population", "digests", "cuts", "counts", "pairs",
    "distributions",
)  # fmt: skip
MEASURE = DecimalType(DIVISION_SCALE)
DECILES = tuple(f"p{percent}" for percent in range(10, 100, 10))
BALANCES = ("balance", "before_first_redemption", "before_each_redemption")
WHY = ("log", "columns", "others", "rows")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong, and where."""

    said: Words
    span: Span


@dataclass(frozen=True, slots=True)
class Count:
    """Of one cut: how many customers have the value, and how many reach the cut."""

    known: int
    reached: int


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, 0 or more."""


@dataclass(frozen=True, slots=True)
class Word:
    """A text, one of these where there are any."""

    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a type, or null."""

    type: Type
    null: bool = True


@dataclass(frozen=True, slots=True)
class Fields:
    """An object with these keys; some may be missing. Of `instead` the object is that alone."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)
    instead: Mapping[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """An object with a key for some of these names (None: whatever names)."""

    names: tuple[str, ...] | None
    of: Shape


@dataclass(frozen=True, slots=True)
class Listed:
    of: Shape


Shape = Whole | Word | Value | Fields | Named | Listed


def flaws(top: Map, program: Program) -> Iterator[Flaw]:
    """What is wrong with a file's parts besides its cuts."""
    for pair in top.pairs:
        if pair.key not in KEYS:
            yield Flaw(_unknown(pair.key, KEYS), pair.key_span)
    for name, shape in _parts(program).items():
        tree = top.get(name)
        if tree is not None:
            yield from _check(name, tree, shape)


def counts_of(top: Map) -> dict[str, Count]:
    """The counts of a file that has none wrong."""
    tree = top.get("counts")
    found: dict[str, Count] = {}
    for pair in tree.pairs if isinstance(tree, Map) else ():
        if isinstance(pair.value, Map):
            known, reached = (whole(pair.value.get(key)) for key in ("known", "reached"))
            if known is not None and reached is not None:
                found[pair.key] = Count(known, reached)
    return found


def whole(tree: Tree | None) -> int | None:
    """A whole number, 0 or more."""
    if not isinstance(tree, Scalar) or isinstance(tree.value, bool):
        return None
    return tree.value if isinstance(tree.value, int) and tree.value >= 0 else None


def _parts(program: Program) -> dict[str, Shape]:
    everyone = program.everyone
    cuts = dict.fromkeys((*(c.name for c in program.cuts), *(c.name for c in everyone.cuts)))
    pair = Fields(
        {"first": Word(), "second": Word(), "customers": Whole(),
         **{name: Value(MEASURE, null=False) for name in ("support", "confidence", "lift")}}
    )  # fmt: skip
    recommended = Fields(
        {"population": Whole(), "values": Whole(), "looked_at": Whole(), "left_out": Whole(),
         "found": Listed(pair)}
    )  # fmt: skip
    distributions = {each.account: _balances(each.type) for each in everyone.balances}
    return {
        "version": Whole(),
        "population": Whole(),
        "digests": Fields({"policy": Word()}, {"sources": Named(None, Word())}),
        "counts": Named(tuple(cuts), Fields({"known": Whole(), "reached": Whole()})),
        "pairs": Named(tuple(each.name for each in everyone.pairs), recommended),
        "distributions": Fields({}, distributions),
    }


def _balances(kind: Type) -> Fields:
    deciles = Fields({name: Value(kind) for name in DECILES})
    band = Fields({"from": Value(kind), "members": Whole()})
    return Fields(
        {
            **{name: Whole() for name in ("members", "redeemers", "redemptions")},
            **dict.fromkeys(BALANCES, deciles),
            "bands": Listed(band),
        },
        instead={"not_found": Word(WHY)},
    )  # fmt: skip


# ---------------------------------------------------------------- checking


def _check(name: str, tree: Tree, shape: Shape) -> Iterator[Flaw]:
    match shape:
        case Whole():
            if whole(tree) is None:
                yield Flaw(say("`{name}` must be a whole number, 0 or more", name=name), tree.span)
        case Word():
            yield from _word(name, tree, shape)
        case Value():
            yield from _value(name, tree, shape)
        case Listed():
            if not isinstance(tree, List):
                yield Flaw(say("`{name}` must be a list", name=name), tree.span)
                return
            for item in tree.items:
                yield from _check(name, item, shape.of)
        case Fields() | Named():
            if not isinstance(tree, Map):
                yield Flaw(say("`{name}` must list what it holds by name", name=name), tree.span)
            elif isinstance(shape, Named):
                yield from _named(tree, shape)
            else:
                yield from _fields(tree, shape)


def _word(name: str, tree: Tree, shape: Word) -> Iterator[Flaw]:
    said = tree.text if isinstance(tree, Scalar) and tree.value is not None else None
    if said is None:
        yield Flaw(say("`{name}` must be a text", name=name), tree.span)
    elif shape.among and said not in shape.among:
        told = say("`{name}` must be one of {words}", name=name, words=shape.among)
        yield Flaw(told, tree.span)


def _value(name: str, tree: Tree, shape: Value) -> Iterator[Flaw]:
    if not isinstance(tree, Scalar):
        yield Flaw(say("`{name}` must be one value", name=name), tree.span)
    elif tree.value is None:
        if not shape.null:
            yield Flaw(say("`{name}` must be a number", name=name), tree.span)
    else:
        as_text = isinstance(shape.type, DateType | DateTimeType | EnumType)
        raw = tree.text if as_text else tree.value
        if isinstance(shape.type, IntType) and isinstance(raw, str) and raw.lstrip("-").isdigit():
            raw = int(raw)
        found = held(shape.type, raw)
        if isinstance(found, Mistake):
            told = say("`{name}` {problem}", name=name, problem=found.text())
            yield Flaw(told, tree.span)


def _named(tree: Map, shape: Named) -> Iterator[Flaw]:
    for pair in tree.pairs:
        if shape.names is not None and pair.key not in shape.names:
            yield Flaw(_unknown(pair.key, shape.names), pair.key_span)
        else:
            yield from _check(pair.key, pair.value, shape.of)


def _fields(tree: Map, shape: Fields) -> Iterator[Flaw]:
    required, optional = shape.required, shape.optional
    if any(tree.get(name) is not None for name in shape.instead):
        required, optional = shape.instead, {}
    known = {**required, **optional}
    for pair in tree.pairs:
        if pair.key in known:
            yield from _check(pair.key, pair.value, known[pair.key])
        else:
            yield Flaw(_unknown(pair.key, tuple(known)), pair.key_span)
    for name in required:
        if tree.get(name) is None:
            yield Flaw(say("`{name}` is missing", name=name), tree.span)


def _unknown(name: str, known: tuple[str, ...]) -> Words:
    near = nearest(name, known)
    if near:
        return say("there is nothing called `{name}` here; did you mean {near}", name=name,
                   near=either(near))  # fmt: skip
    return say("there is nothing called `{name}` here", name=name)
