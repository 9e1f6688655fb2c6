"""The columns of a run's files, out of the shapes of the decision document.

A column is called as the policy calls what stands in it. Everything here is about names and
bindings; how a column is computed is `columns.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from siyu.core import program as core
from siyu.core.program import Entry, Fields, Fixed, Items, Leaf, Maybe, Part, Program, Shape
from siyu.types import Type

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A binding's value, null unless all guards are true."""

    binding: str
    type: Type
    guards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """The same in every row."""

    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Code:
    """A text that is listed where `guard` is true (None: always), by `weight` as `Entry` has it."""

    guard: str | None
    text: str
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Codes:
    """A list of texts."""

    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Stops:
    """What stopped which rule, as texts "rule by code": rules with their bindings."""

    stops: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RowOf:
    """One row of a collecting table: its guard, and its fields."""

    guard: str | None
    fields: tuple[tuple[str, Value | Constant], ...]


@dataclass(frozen=True, slots=True)
class RowsOf:
    """A list of rows, all with the same fields."""

    rows: tuple[RowOf, ...]


Content = Value | Constant | Codes | Stops | RowsOf


@dataclass(frozen=True, slots=True)
class Column:
    """A column of decisions.parquet. `path` leads to its content in the shape of `part`; columns
    that list the outcomes of a section have no part."""

    name: str
    section: str
    part: str
    path: Path
    content: Content


FACTS = ("metrics", "segments", "classes", "scores", "tiers", "tables", "claims")
LISTED = ("incentives", "contacts", "points")
NAMELESS: dict[str, frozenset[Path]] = {
    "scores": frozenset({("value",)}),
    "tiers": frozenset({("level",), ("next", "level")}),
}
FIRST = ("customer", "event", "event_type", "turn")


def decision_columns(program: Program, event: str | None) -> tuple[Column, ...]:
    """The columns of decisions.parquet behind `customer` and `event`, in the document's order."""
    parts = sorted(program.emits(event), key=lambda part: part.name)
    found: list[Column] = []
    for section in FACTS:
        for part in parts:
            if part.section == section:
                found += _of_part(part)
    for word in LISTED:
        codes = tuple(Code(part.guard, part.name) for part in parts if part.section == word)
        found.append(Column(word, word, "", (), Codes(codes)))
    stops = tuple((part.name, part.stop) for part in parts if part.stop is not None)
    found.append(Column("stopped", "stopped", "", (), Stops(stops)))
    return _apart(found)


def _of_part(part: Part) -> Iterator[Column]:
    for path, content in contents(part.shape):
        words = path
        if path in NAMELESS.get(part.section, ()):
            words = path[:-1]
        elif part.section == "tables":
            words = path[1:]
        yield Column(".".join((part.name, *words)), part.section, part.name, path, content)


def _apart(columns: Iterable[Column]) -> tuple[Column, ...]:
    """Engines do not tell `Age` from `age`: what is taken is called by its section, then counted.
    Lists of outcomes keep their names."""
    columns = list(columns)
    taken = {word.casefold() for word in (*FIRST, *LISTED, "stopped")}
    found = []
    for column in columns:
        name = column.name
        if column.part:
            tries = _names(column)
            name = next(each for each in tries if each.casefold() not in taken)
            taken.add(name.casefold())
        found.append(Column(name, column.section, column.part, column.path, column.content))
    return tuple(found)


def _names(column: Column) -> Iterator[str]:
    yield column.name
    yield f"{column.section}.{column.name}"
    number = 2
    while True:
        yield f"{column.section}.{column.name}.{number}"
        number += 1


def read_by(content: Content) -> frozenset[str]:
    """The bindings that a content shows."""
    match content:
        case Value():
            return frozenset((content.binding, *content.guards))
        case Constant():
            return frozenset()
        case Codes():
            pairs = ((code.guard, code.weight) for code in content.codes)
            return frozenset(name for pair in pairs for name in pair if name is not None)
        case Stops():
            return frozenset(stop for _, stop in content.stops)
        case RowsOf():
            found = {row.guard for row in content.rows if row.guard is not None}
            for row in content.rows:
                for _, each in row.fields:
                    found |= read_by(each)
            return frozenset(found)
        case _:
            assert_never(content)


# ---------------------------------------------------------------- shapes


def contents(shape: Shape, path: Path = (), guards: tuple[str, ...] = ()) -> Iterator[
    tuple[Path, Content]
]:  # fmt: skip
    """What a shape holds, by the path that leads there."""
    match shape:
        case Leaf():
            yield path, Value(shape.binding, shape.type, guards)
        case Fixed():
            yield path, Constant(shape.value)
        case Fields():
            for key, each in shape.items:
                yield from contents(each, (*path, key), guards)
        case core.Mapping():
            for key, entry in sorted(shape.entries, key=lambda pair: pair[0]):
                inner = guards if entry.guard is None else (*guards, entry.guard)
                yield from contents(entry.shape, (*path, key), inner)
        case Maybe():
            yield from contents(shape.shape, path, (*guards, shape.guard))
        case Items():
            yield path, _listed(shape.entries)
        case _:
            assert_never(shape)


def _listed(entries: tuple[Entry, ...]) -> Codes | RowsOf:
    codes = [
        Code(entry.guard, str(entry.shape.value), entry.weight)
        for entry in entries
        if isinstance(entry.shape, Fixed)
    ]
    if len(codes) == len(entries):
        return Codes(tuple(codes))
    return RowsOf(tuple(RowOf(entry.guard, tuple(_fields(entry.shape))) for entry in entries))


def _fields(shape: Shape) -> Iterator[tuple[str, Value | Constant]]:
    """The fields of a row: `row`, and its outputs by their names."""
    for path, content in contents(shape):
        assert isinstance(content, Value | Constant)
        yield path[-1], content


# ---------------------------------------------------------------- outcomes


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The rows of one declaration in outcomes.parquet: what it gives where `guard` is true, or
    (`stop`) what stopped it where that binding is known. `columns` by their names in the file."""

    kind: str
    rule: str
    guard: str | None
    stop: str | None
    columns: tuple[tuple[str, Content], ...]


OUTCOME_COLUMNS = (
    "customer", "event", "event_type", "kind", "rule", "id", "code", "by", "change", "from", "to",
    "until", "account", "receiver", "points", "amount", "worth", "cost", "benefit", "detail",
    "purpose", "channel", "send", "params", "not_before", "usable_on", "expires_on", "valid_until",
    "budget", "quota", "reasons",
)  # fmt: skip
ONE_BY_ONE = {"points": "points", "incentives": "incentive", "contacts": "contact"}
TIER = {"change": "change", "held": "from", "level": "to", "keep_until": "until"}
NO_CHANGE = "kept"


def outcome_parts(program: Program, event: str | None) -> tuple[Outcomes, ...]:
    """What rows outcomes.parquet may have, in their order in the file: changes of level, then what
    is posted, given and sent, then what was stopped; each by rule. A decision about an event says
    nothing new about levels, so that their changes stand in runs without events only."""
    parts = sorted(program.emits(event), key=lambda part: part.name)
    found: list[Outcomes] = []
    if event is None:
        found += [_change(part) for part in parts if part.section == "tiers"]
    for section, kind in ONE_BY_ONE.items():
        found += [_given(part, kind) for part in parts if part.section == section]
    found += [
        Outcomes("stopped", part.name, None, part.stop, ())
        for part in parts
        if part.stop is not None
    ]
    return tuple(found)


def _change(part: Part) -> Outcomes:
    held = {path[0]: content for path, content in contents(part.shape) if len(path) == 1}
    columns = tuple((name, held[word]) for word, name in TIER.items() if word in held)
    return Outcomes("tier", part.name, None, None, columns)


def _given(part: Part, kind: str) -> Outcomes:
    columns: list[tuple[str, Content]] = []
    params: list[tuple[str, Value | Constant]] = []
    for path, content in contents(part.shape):
        if path[0] == "params":
            assert isinstance(content, Value | Constant)
            params.append((path[1], content))
        elif path[0] not in ("rule", "event"):
            columns.append(("receiver" if path[0] == "to" else path[0], content))
    if kind == "contact":
        columns.append(("params", RowsOf((RowOf(None, tuple(params)),))))
    return Outcomes(kind, part.name, part.guard, None, tuple(columns))
