"""How a figure can move, other than by time passing: where new facts can bring it.

A metric made of rows moves only as new rows move it: counts rise, the latest moment can only
become now, what rests on birthdays does not move at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Cases,
    Coalesce,
    Column,
    Expr,
    Input,
    Known,
    Not,
    Or,
    Ref,
)
from siyu.core.program import TableNeed
from siyu.core.walk import parts, walk
from siyu.explain.changes.board import Situation, definition
from siyu.explain.changes.inverses import span_of
from siyu.explain.changes.levers import FIXED_ROLES, Lever
from siyu.functions import FUNCTIONS
from siyu.schema.model import Field
from siyu.types import BoolType, DateTimeType, DateType, EnumType, TimeType, Type


@dataclass(frozen=True, slots=True)
class Motion:
    """Where a value can go: `up`, `down` (values that are no numbers: anywhere), or `to` values."""

    up: bool = False
    down: bool = False
    to: frozenset[Any] = frozenset()

    @property
    def moves(self) -> bool:
        """Whether it can move at all."""
        return self.up or self.down or bool(self.to)

    def __or__(self, other: Motion) -> Motion:
        return Motion(self.up or other.up, self.down or other.down, self.to | other.to)

    def towards(self, present: Any) -> Motion:
        """The same in directions alone."""
        if present is None or isinstance(present, (bool, str, frozenset, tuple)):
            return FREE if self.moves else STILL
        up = self.up or any(value > present for value in self.to)
        return Motion(up, self.down or any(value < present for value in self.to))

    def turned(self) -> Motion:
        """Of the negative."""
        return Motion(self.down, self.up)


STILL = Motion()
FREE = Motion(True, True)
EITHER = Motion(to=frozenset({True, False}))

# Which way a function goes with each of its arguments; the last one serves all further ones.
DIRECTIONS: dict[str, tuple[int, ...]] = {
    "add": (1, 1), "sub": (1, -1), "neg": (-1,), "min": (1,), "max": (1,), "rescale": (1, 0),
    "floor": (1, 0), "ceil": (1, 0), "add_months": (1, 1), "months_between": (-1, 1),
    "period_start": (1, 0), "period_end": (1, 0), "local_date": (1, 0), "day_start": (1, 0),
    "at": (1, 1, 0), "shift_days": (1, 1, 0), "shift_months": (1, 1, 0), "shift_seconds": (1, 1),
    "seconds_between": (-1, 1), "hours_between": (-1, 1), "minutes_between": (-1, 1),
}  # fmt: skip


def domain(situation: Situation, lever: Lever) -> Motion:
    """Where a figure can go in this situation."""
    if lever.switch is not None:
        expr = definition(situation.board.bound[lever.key[1]])
        return Motions(situation, rows_alone=lever.origin == "rows").of(expr)
    if lever.channel is not None:
        return EITHER
    assert lever.field is not None
    return of_field(lever.field, lever.type, lever.of(situation.facts), situation)


def of_field(field: Field, kind: Type, present: Any, situation: Situation) -> Motion:
    """A day or moment that has come can only come again: now. Others move freely."""
    if field.immutable or (field.role is not None and field.role.startswith(FIXED_ROLES)):
        return STILL
    match kind:
        case DateType() | DateTimeType():
            now = situation.as_of if isinstance(kind, DateTimeType) else today(situation)
            past = present is None or present <= now
            return Motion(to=frozenset({now})) if past else FREE
        case BoolType():
            return EITHER
        case _:
            return FREE


def today(situation: Situation) -> int:
    """The local date of the moment of the decision."""
    zone = situation.board.probe.program.timezone
    day: Any = FUNCTIONS["local_date"].python(situation.as_of, zone)
    return int(day)


@dataclass(slots=True)
class Motions:
    """The motions of expressions in one situation. `rows_alone`: as new rows move them, while
    whatever asks about the rows stays as it is."""

    situation: Situation
    rows_alone: bool = False
    _known: dict[int, Motion] = field(default_factory=dict)

    def of(self, root: Expr) -> Motion:
        """How the value of an expression can move, inner ones first."""
        waiting = [(root, False)]
        while waiting:
            node, ready = waiting.pop()
            if id(node) in self._known:
                continue
            inner = self._inner(node)
            if ready or not inner:
                self._known[id(node)] = self._motion(node)
            else:
                waiting.append((node, True))
                waiting.extend((each, False) for each in inner)
        return self._known[id(root)]

    def _inner(self, node: Expr) -> tuple[Expr, ...]:
        match node:
            case Ref(name=name):
                return (definition(self.situation.board.bound[name]),)
            case Aggregate():
                return tuple(each for each in walk(*parts(node)) if isinstance(each, (Ref, Input)))
            case _:
                return parts(node)

    def _motion(self, node: Expr) -> Motion:
        match node:
            case Input():
                return self._input(node)
            case Ref(name=name):
                return self._known[id(definition(self.situation.board.bound[name]))]
            case Call():
                return self._call(node)
            case Not():
                inner = self._known[id(node.value)]
                return replace(inner, to=frozenset(not value for value in inner.to))
            case And() | Or():
                return self._union(node.items)
            case Known():
                return EITHER if self._known[id(node.value)].moves else STILL
            case Coalesce():
                return self._coalesce(node)
            case Cases():
                return self._cases(node)
            case Aggregate():
                return self._aggregate(node)
            case _:
                return self._any(parts(node))

    def _union(self, nodes: tuple[Expr, ...]) -> Motion:
        found = STILL
        for node in nodes:
            found = found | self._known[id(node)]
        return found

    def _any(self, nodes: tuple[Expr, ...]) -> Motion:
        return FREE if self._union(nodes).moves else STILL

    def _input(self, node: Input) -> Motion:
        schema = self.situation.board.schema
        fields = {"customer": schema.fields, "context": schema.context}.get(node.origin, {})
        found = fields.get(node.name)
        if node.origin == "event":
            owner, _, name = node.name.partition(".")
            found = schema.events[owner].fields.get(name)
        if found is None or node.name == schema.key:
            return STILL  # the moment, keys, and the inputs by which metrics are moved
        return of_field(found, node.type, self.situation.value(node), self.situation)

    def _call(self, node: Call) -> Motion:
        moving = [n for n, arg in enumerate(node.args) if self._known[id(arg)].moves]
        if not moving:
            return STILL
        if isinstance(node.type, BoolType):
            return EITHER
        motions = [self._known[id(node.args[n])] for n in moving]
        if len(moving) == 1 and not (motions[0].up or motions[0].down):
            return self._jumped(node, moving[0], motions[0])
        found = STILL
        for place, motion in zip(moving, motions, strict=True):
            way = self._way(node, place)
            towards = motion.towards(self.situation.value(node.args[place]))
            if way == 0:
                return FREE
            found = found | (towards if way > 0 else towards.turned())
        return found if self.situation.value(node) is not None else FREE

    def _way(self, node: Call, place: int) -> int:
        """Whether the function rises (1) or falls (-1) with an argument; 0: neither is certain."""
        ways = DIRECTIONS.get(node.function)
        if ways is not None:
            return ways[min(place, len(ways) - 1)]
        if node.function == "mul":
            other = self.situation.value(node.args[1 - place])
            return 0 if not isinstance(other, int) else (other > 0) - (other < 0)
        if node.function in ("div", "quotient") and place == 0:
            other = self.situation.value(node.args[1])
            return 0 if not isinstance(other, int) else (other > 0) - (other < 0)
        return 0

    def _jumped(self, node: Call, place: int, motion: Motion) -> Motion:
        held = [self.situation.value(arg) for arg in node.args]
        found = set()
        for value in motion.to:
            args = [*held[:place], value, *held[place + 1 :]]
            if all(arg is not None for arg in args):
                found.add(FUNCTIONS[node.function].python(*args))
        return Motion(to=frozenset(found - {None, self.situation.value(node)}))

    def _coalesce(self, node: Coalesce) -> Motion:
        value, default = self._known[id(node.value)], self._known[id(node.default)]
        if self.situation.value(node.value) is not None:
            return value
        return default | value

    def _cases(self, node: Cases) -> Motion:
        if self._union(tuple(arm.when for arm in node.arms)).moves:
            return EITHER if isinstance(node.type, BoolType) else FREE
        for arm in node.arms:
            verdict = self.situation.value(arm.when)
            if verdict is True:
                return self._known[id(arm.value)]
            if verdict is None and node.on_unknown == "stop":
                return STILL
            if verdict is None and node.on_unknown == "otherwise":
                break
        return self._known[id(node.otherwise)]

    # ------------------------------------------------------------ rows

    def _aggregate(self, node: Aggregate) -> Motion:
        inner = [each for each in walk(*parts(node)) if isinstance(each, (Ref, Input))]
        if not self.rows_alone and self._union(tuple(inner)).moves:
            return EITHER if isinstance(node.type, BoolType) else FREE
        table = self._table(node.rows.table)
        if table is None or not self._takes_now(node, table):
            return STILL
        time = self._time(node.rows.table)
        present = self.situation.value(node)
        now = today(self.situation) if isinstance(node.type, DateType) else self.situation.as_of
        is_time = isinstance(node.value, Column) and node.value.name == time
        match node.op:
            case "count" | "distinct":
                return Motion(up=True)
            case "exists":
                return Motion(to=frozenset({True} - {present}))
            case "sum":
                return _added(node.value)
            case "max" | "latest" if is_time:
                return Motion(to=frozenset({now} - {present}))
            case "min" | "earliest" if is_time:
                return STILL if present is not None else Motion(to=frozenset({now}))
            case "latest" | "earliest" if isinstance(node.type, EnumType):
                return self._words(node, node.type.members, present, time)
            case "earliest" if isinstance(node.by, Column) and node.by.name == time:
                return STILL if present is not None else FREE
            case "max":
                return FREE if present is None else Motion(up=True)
            case "min":
                return FREE if present is None else Motion(down=True)
            case _:
                return FREE

    def _words(
        self, node: Aggregate, words: tuple[str, ...], present: Any, time: str | None
    ) -> Motion:
        """Of words in an order the highest can only rise, and the lowest only fall."""
        by_time = isinstance(node.by, Column) and node.by.name == time
        if present is None or (by_time and node.op == "latest"):
            return Motion(to=frozenset(words))
        if by_time:
            return STILL
        here = words.index(present)
        beyond = words[here + 1 :] if node.op == "latest" else words[:here]
        ranked = node.tie == node.by  # the highest or lowest word itself, not that of another order
        return Motion(to=frozenset(beyond if ranked else words))

    def _table(self, path: str) -> TableNeed | None:
        probe = self.situation.board.probe
        return probe.program.needs.tables[probe.tables[path]] if path in probe.tables else None

    def _time(self, path: str) -> str | None:
        """The column that says when a row happened; of nested rows that of the rows around them."""
        words = path.split(".")
        for end in range(len(words), 0, -1):
            found = self.situation.board.schema.collection(".".join(words[:end]))
            if found is not None and found.time is not None:
                return found.time if end == len(words) else f"{'.'.join(words[:end])}.{found.time}"
        return None

    def _takes_now(self, node: Aggregate, table: TableNeed) -> bool:
        """Whether a row of this very moment can count: windows may lie elsewhere."""
        time = self._time(table.path)
        if node.where is None or time is None:
            return True
        at = {c.name: self.situation.as_of for c in table.columns if c.name == time}
        kind = next((c.type for c in table.columns if c.name == time), None)
        if isinstance(kind, DateType):
            at[time] = today(self.situation)
        row = tuple(at.get(column.name) for column in table.columns)
        return all(
            self.situation.in_row(item, table, row) is not False
            for item in _items(node.where)
            if _asks_only(item, time)
        )


def _asks_only(item: Expr, column: str) -> bool:
    nodes = tuple(walk(item))
    columns = {each.name for each in nodes if isinstance(each, Column)}
    return columns == {column} and not any(isinstance(each, Aggregate) for each in nodes)


def _items(where: Expr) -> Iterator[Expr]:
    if isinstance(where, And):
        for item in where.items:
            yield from _items(item)
    else:
        yield where


def _added(value: Expr | None) -> Motion:
    """What one more row does to a sum."""
    span = None if value is None else span_of(value.type)
    if span is None or (isinstance(value, Column) and isinstance(value.type, TimeType)):
        return FREE
    return Motion(up=span[1] > 0, down=span[0] < 0)
