"""Generated programs: any shape a decision can have, with values for all its bindings."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from siyu.core.program import (
    Entry,
    Fields,
    Fixed,
    Items,
    Leaf,
    Mapping,
    Maybe,
    Needs,
    Part,
    Program,
    Shape,
)
from siyu.decision import Head
from siyu.types import (
    BOOL,
    DATE,
    DATETIME,
    GEO,
    INT,
    TEXT,
    TIME,
    DecimalType,
    DurationType,
    EnumType,
    MoneyType,
    SetType,
    Type,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=6) | st.sampled_from(
    ['"', "\\", "'", "{x}", "金卡", "\x7f\x01\n", "'+boom()+'", "\u2028", "😀"]
)
NUMBERS = st.integers(-(10**12), 10**12) | st.integers(-200, 200)
SIZE = EnumType("size", ("s", "m", '"l'), ordered=True)
VALUES: list[tuple[Type, st.SearchStrategy[Any]]] = [
    (BOOL, st.booleans()),
    (INT, NUMBERS),
    *((DecimalType(scale), NUMBERS) for scale in (0, 1, 6)),
    *((MoneyType(code, scale), NUMBERS) for code, scale in
      [("CNY", 2), ("CNY", 6), ("CNY", 0), ("JPY", 0), ("JPY", 2), ("KWD", 3)]),
    *((DurationType(unit, scale), NUMBERS) for unit, scale in [("day", 0), ("month", 6)]),
    (DATE, st.dates().map(dt.date.toordinal)),
    (TIME, st.integers(0, 86_399)),
    (DATETIME, st.integers(-(10**15), 4 * 10**15)),
    (TEXT, TEXTS),
    (SIZE, st.sampled_from(SIZE.members)),
    (SetType(TEXT), st.frozensets(TEXTS, max_size=4)),
    (GEO, st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
]  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A program, the values of its bindings, and whom a decision is about."""

    program: Program
    event: str | None
    values: dict[str, Any]
    head: Head


class Maker:
    """Draws shapes, and remembers a value for every binding they mention."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.values: dict[str, Any] = {}

    def bind(self, values: st.SearchStrategy[Any]) -> str:
        """A new binding, sometimes unknown."""
        name = f"b{len(self.values)}"
        self.values[name] = self.draw(st.none() | values)
        return name

    def guard(self) -> str:
        return self.bind(st.booleans())

    def leaf(self) -> Leaf:
        kind, values = self.draw(st.sampled_from(VALUES))
        return Leaf(self.bind(values), kind)

    def entry(self, depth: int, weighed: bool) -> Entry:
        guard = self.guard() if self.draw(st.booleans()) else None
        weight = self.bind(st.integers(-5, 5)) if weighed and self.draw(st.booleans()) else None
        return Entry(guard, self.shape(depth - 1), weight)

    def shape(self, depth: int) -> Shape:
        kinds = ["leaf", "fixed"] if depth <= 0 else ["leaf", "fields", "items", "map", "maybe"]
        match self.draw(st.sampled_from(kinds)):
            case "leaf":
                return self.leaf()
            case "fixed":
                return Fixed(self.draw(TEXTS | st.integers() | st.booleans() | st.none()))
            case "fields":
                keys = self.draw(st.lists(TEXTS, max_size=3, unique=True))
                return Fields(tuple((key, self.shape(depth - 1)) for key in keys))
            case "items":
                weighed = self.draw(st.booleans())
                count = self.draw(st.integers(0, 3))
                return Items(tuple(self.entry(depth, weighed) for _ in range(count)))
            case "map":
                keys = self.draw(st.lists(TEXTS, max_size=3, unique=True))
                return Mapping(tuple((key, self.entry(depth, False)) for key in keys))
            case _:
                return Maybe(self.guard(), self.shape(depth - 1))

    def part(self, name: str) -> Part:
        section = self.draw(st.sampled_from(SECTIONS))
        shape = self.shape(2)
        if section in ("points", "incentives", "contacts"):
            stop = self.bind(st.sampled_from(["limit a.limit.1", "unless x", "never 规则.never.1"]))
            on = self.draw(st.sampled_from([None, "paid", "other"]))
            return Part(section, name, shape, self.guard(), stop, on)
        return Part(section, name, shape)


SECTIONS: list[Any] = [
    "metrics", "segments", "classes", "scores", "tiers", "tables", "points", "incentives",
    "contacts", "claims",
]  # fmt: skip


@st.composite
def decisions(draw: st.DrawFn) -> Made:
    """Any program with any values."""
    maker = Maker(draw)
    names = draw(st.lists(TEXTS, max_size=6, unique=True))
    parts = tuple(maker.part(name) for name in names)
    program = program_of(parts, draw(TEXTS), draw(st.sampled_from(["UTC", "Asia/Shanghai"])))
    event = draw(st.sampled_from([None, "paid"]))
    key = draw(st.none() | TEXTS) if event else None
    head = Head(draw(TEXTS), draw(st.integers(0, 4 * 10**15)), key, draw(st.none() | TEXTS))
    return Made(program, event, maker.values, head)


def program_of(parts: tuple[Part, ...], name: str = "p", zone: str = "Asia/Shanghai") -> Program:
    """A program that only says what its decisions show."""
    return Program(name, 1, zone, "CNY", (), Needs((), ()), parts, (), (), "id", "sha256:0")
