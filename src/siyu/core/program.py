"""A compiled policy: bindings in order, the facts they need, and the layout of the decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from siyu.core.ir import Expr, Input
from siyu.text import NOWHERE, Span
from siyu.types import Type


@dataclass(frozen=True, slots=True)
class Binding:
    """A named value. `stratum` 0 facts and metrics, 1 segments…tables, 2 points, 3 incentives,
    4 contacts, 5 claims. `metric` is true where a request may bring the value itself."""

    name: str
    expr: Expr
    type: Type
    stratum: int = 0
    metric: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


# ---------------------------------------------------------------- what is read of a request


@dataclass(frozen=True, slots=True)
class ColumnNeed:
    """A column of a table's rows. `nested` is set where the column holds a collection of rows."""

    name: str
    type: Type
    optional: bool
    nested: TableNeed | None = None


@dataclass(frozen=True, slots=True)
class TableNeed:
    """A collection that some aggregate reads: `path` "orders" or flattened "orders.lines".

    `optional`: the collection may be unknown altogether (`None` instead of rows); its aggregates
    are then all unknown, `exists` too: nobody looked, so nobody can say that there is none.
    """

    path: str
    columns: tuple[ColumnNeed, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """The facts a program reads, in the order in which `Facts` holds them."""

    inputs: tuple[Input, ...]
    tables: tuple[TableNeed, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """One validated request: held values in the order of `Needs.inputs`, rows (tuples in the order
    of the need's columns) in the order of `Needs.tables`. Metrics that the request brought stand in
    `given`, by name."""

    values: tuple[object, ...]
    tables: tuple[tuple[tuple[object, ...], ...] | None, ...]
    given: tuple[tuple[str, object], ...] = ()


# ---------------------------------------------------------------- what is written of a decision


@dataclass(frozen=True, slots=True)
class Leaf:
    """A binding's value, written as its type is written; null where unknown."""

    binding: str
    type: Type


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same in every decision."""

    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object with these keys in this order."""

    items: tuple[tuple[str, Shape], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Present where the binding `guard` is true (None: always). A larger absolute value of the
    binding `weight` comes first, ties in the order written."""

    guard: str | None
    shape: Shape
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A JSON array of the entries that are present."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A JSON object of the entries that are present, keyed; written in code-point order of keys."""

    entries: tuple[tuple[str, Entry], ...]


@dataclass(frozen=True, slots=True)
class Maybe:
    """The shape where the binding `guard` is true, else null."""

    guard: str
    shape: Shape


Shape = Leaf | Fixed | Fields | Items | Mapping | Maybe

Section = Literal[
    "metrics", "segments", "classes", "scores", "tiers", "tables", "points", "incentives",
    "contacts", "stopped", "claims",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """What one declaration contributes. Map sections (metrics … tables, claims): `name` is the key.
    List sections (points, incentives, contacts): present where `guard` is true, sorted by `name`.
    `stop` is a binding that is null, or the text "by code" of what kept it out of them. `on` is the
    event it belongs to; facts (metrics … tables, claims) are written whatever the event is."""

    section: Section
    name: str
    shape: Shape
    guard: str | None = None
    stop: str | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A population value that the program reads from a calibration: Input("cut", name); or what a
    budget or quota ranks by, from above or (`ascending`) from below."""

    name: str
    type: Type
    span: Span = field(default=NOWHERE, compare=False, repr=False)
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """`bindings` are in dependency order. `emits(event)` are the parts of a decision about it."""

    name: str
    version: int
    timezone: str
    currency: str
    bindings: tuple[Binding, ...]
    needs: Needs
    parts: tuple[Part, ...]
    cuts: tuple[Cut, ...]
    allocations: tuple[str, ...]  # names of Input("allocation", …) that are read
    customer_key: str
    digest: str = ""
    ranked: tuple[Cut, ...] = ()  # budgets and quotas by code, with the type they rank by

    def emits(self, event: str | None) -> tuple[Part, ...]:
        """The parts written for a request with this event (None: without one)."""
        facts = {"metrics", "segments", "classes", "scores", "tiers", "tables", "claims"}
        return tuple(p for p in self.parts if p.section in facts or p.on == event)
