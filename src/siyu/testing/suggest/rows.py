"""Rows that count in an aggregate: made from its `where`, then varied in time and amount."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from siyu.core.ir import (
    Aggregate,
    And,
    Call,
    Coalesce,
    Column,
    Const,
    Expr,
    Known,
    Not,
    Or,
)
from siyu.core.walk import walk
from siyu.decision.values import plain_value
from siyu.evaluators import reference
from siyu.schema.model import Collection, Field
from siyu.testing.coverage.lens import Lens, Seen
from siyu.testing.suggest.edits import Values
from siyu.testing.suggest.facts import Facts
from siyu.testing.suggest.record import Draft, Json, Maker
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    MoneyType,
    TextType,
    Type,
)  # fmt: skip

DAY = 86_400_000_000
MINUTE = 60_000_000
MOST_COPIES = 12
VARIED = 8
Assigned = dict[str, Any]


def row_edits(draft: Draft, facts: Facts, maker: Maker, lens: Lens, seen: Seen) -> Iterator[Draft]:
    """The record with rows more, fewer or other in the collections that are counted."""
    for aggregate in facts.aggregates.values():
        if aggregate.rows.nested:
            continue
        path = aggregate.rows.table.split(".")
        rows = _Rows(path, aggregate, draft, facts, maker, lens, seen)
        if all(rows.collections):
            yield from rows.edits()


@dataclass(frozen=True, slots=True)
class _Rows:
    path: list[str]
    aggregate: Aggregate
    draft: Draft
    facts: Facts
    maker: Maker
    lens: Lens
    seen: Seen

    @property
    def collections(self) -> list[Collection | None]:
        """The collections from the outermost one."""
        ends = range(1, len(self.path) + 1)
        return [self.maker.schema.collection(".".join(self.path[:end])) for end in ends]

    @property
    def inner(self) -> Collection:
        found = self.collections[-1]
        assert found is not None
        return found

    @property
    def present(self) -> list[Json]:
        """The outermost rows that there are."""
        rows = self.draft.request["customer"].get(self.path[0])
        return rows if isinstance(rows, list) else []

    def edits(self) -> Iterator[Draft]:
        yield from self._fewer()
        for assigned in itertools.islice(self._solved(), 4):
            for varied in self._varied(assigned):
                yield from self._added([varied])
            for copies in self._copies():
                yield from self._added([assigned] * copies)
        yield from self._other()

    # ------------------------------------------------------------ fewer and other

    def _fewer(self) -> Iterator[Draft]:
        if self.present:
            yield self._with([])
            if len(self.present) > 1:
                for place in range(min(4, len(self.present))):
                    yield self._with([r for n, r in enumerate(self.present) if n != place])

    def _other(self) -> Iterator[Draft]:
        """One cell of a row that is there already."""
        if len(self.path) > 1:
            return
        for place, row in enumerate(self.present[:2]):
            for name, kind in self._columns():
                each = self.inner.fields.get(name)
                if each is None or name == self.inner.key:
                    continue
                for value in self._values(each, kind, row.get(name)):
                    rows = [dict(r) for r in self.present]
                    rows[place][name] = value
                    yield self._with(rows)
                if each.optional and name in row:
                    rows = [dict(r) for r in self.present]
                    del rows[place][name]
                    yield self._with(rows)

    def _with(self, rows: list[Json]) -> Draft:
        made = self.draft.changed()
        made.request["customer"][self.path[0]] = rows
        return made

    # ------------------------------------------------------------ more

    def _copies(self) -> list[int]:
        near = {n for count in self.facts.counts for n in (count - 1, count, count + 1)}
        return sorted(n for n in near if 2 <= n <= MOST_COPIES)

    def _varied(self, assigned: Assigned) -> Iterator[Assigned]:
        """The row as it is, then with other moments and amounts, then with both."""
        yield assigned
        kinds = dict(self._columns())
        free = [name for name in kinds if name not in assigned]
        several: list[list[tuple[str, Any]]] = []
        for name in [*free, *(n for n in assigned if isinstance(kinds.get(n), DateTimeType))]:
            each = self._field(name)
            if each is None or name.rpartition(".")[2] == self.inner.key:
                continue
            values = self._values(each, kinds[name], None)
            yield from ({**assigned, name: value} for value in values)
            if values:
                several.append([(name, value) for value in values[:VARIED]])
        for pair in itertools.combinations(several, 2):
            yield from ({**assigned, **dict(both)} for both in itertools.product(*pair))

    def _added(self, rows: list[Assigned]) -> Iterator[Draft]:
        made = self.draft.changed()
        customer = made.request["customer"]
        for assigned in rows:
            held = customer.setdefault(self.path[0], [])
            if not isinstance(held, list):
                return
            held.append(self._row(assigned, held))
        yield made

    def _row(self, assigned: Assigned, beside: list[Json]) -> Json:
        """A row of the outermost collection, with the inner row inside where the path is longer."""
        outer, moment = self.collections[0], self.draft.moment
        assert outer is not None
        number = len(beside) + 1
        row = self.maker.row(outer, moment, number)
        taken = {str(r.get(outer.key)) for r in beside} if outer.key is not None else set()
        while outer.key is not None and str(row.get(outer.key)) in taken:
            number += 1
            row = self.maker.row(outer, moment, number)
        if len(self.path) == 1:
            row.update(assigned)
            for name, nested in outer.collections.items():
                if not nested.optional and not nested.default_empty:
                    row.setdefault(name, [])
            return row
        inner = self.maker.row(self.inner, moment, 1)
        for name, value in assigned.items():
            owner, dot, own = name.rpartition(".")
            if dot and owner == self.path[0]:
                row[own] = value
            elif not dot:
                inner[own] = value
        row[self.path[1]] = [inner]
        return row

    # ------------------------------------------------------------ columns

    def _columns(self) -> list[tuple[str, Type]]:
        """The columns that are read of a row of this collection, with their types."""
        found: dict[str, Type] = {}
        same = [a for a in self.facts.aggregates.values() if a.rows == self.aggregate.rows]
        for aggregate in (self.aggregate, *same):
            for root in (aggregate.where, aggregate.value, aggregate.by):
                for node in () if root is None else walk(root):
                    if isinstance(node, Column) and node.level == 0:
                        found.setdefault(node.name, node.type)
        if self.inner.time is not None and len(self.path) == 1:
            found.setdefault(self.inner.time, self.inner.fields[self.inner.time].type)
        return [(name, kind) for name, kind in found.items() if self._field(name) is not None]

    def _field(self, name: str) -> Field | None:
        owner, dot, own = name.rpartition(".")
        if not dot:
            return self.inner.fields.get(own)
        outer = self.maker.schema.collection(owner)
        return None if outer is None else outer.fields.get(own)

    def _values(self, each: Field, kind: Type, now: Any) -> tuple[Any, ...]:
        if not isinstance(
            kind,
            (DateTimeType, DateType, MoneyType, DecimalType, IntType, EnumType, TextType, BoolType),
        ):
            return ()
        return Values(self.facts, self.maker, self.draft.moment).of(each, kind, now)[: VARIED * 2]

    # ------------------------------------------------------------ what `where` asks for

    def _solved(self) -> Iterator[Assigned]:
        """Cells of rows that pass `where`, as far as that can be read off."""
        where = self.aggregate.where
        for wanted in _ways(where, True) if where is not None else [[]]:
            yield self._cells(wanted)

    def _cells(self, wanted: list[tuple[Expr, bool]]) -> Assigned:
        bounds: dict[str, list[tuple[str, Any, Type]]] = {}
        for atom, holds in wanted:
            found = self._atom(atom, holds)
            if found is not None:
                column, op, value = found
                bounds.setdefault(column.name, []).append((op, value, column.type))
        made: Assigned = {}
        for name, limits in bounds.items():
            held = _meeting(limits)
            if held is not None:
                kind = limits[0][2]
                made[name] = self._plain(kind, held)
        return made

    def _plain(self, kind: Type, held: Any) -> Any:
        if isinstance(kind, DateTimeType):
            held = held // MINUTE * MINUTE
        return plain_value(kind, held, self.maker.zone)

    def _atom(self, atom: Expr, holds: bool) -> tuple[Column, str, Any] | None:
        match atom:
            case Column(type=BoolType()) if atom.level == 0:
                return atom, "eq", holds
            case Call(function="in_set", args=(Column() as column, members)):
                listed = self._outside(members)
                if not isinstance(listed, frozenset) or not listed:
                    return None
                return column, "eq" if holds else "ne", sorted(listed, key=str)[0]
            case Call(function=op, args=(left, right)) if op in _OPPOSITE:
                if not _columns_in(left):
                    left, right, op = right, left, _TURNED[op]
                if _columns_in(right):
                    return None
                value = self._outside(right)
                bare, value = self._bare(left, value)
                if not isinstance(bare, Column) or value is None:
                    return None
                return bare, op if holds else _OPPOSITE[op], value
            case _:
                return None

    def _bare(self, node: Expr, value: Any) -> tuple[Expr, Any]:
        """The column under functions that can be undone, and the value it needs."""
        while isinstance(node, (Call, Coalesce)) and value is not None:
            match node:
                case Coalesce():
                    node = node.value
                case Call(function="rescale", args=(inner, Const(value=int(digits)))) if (
                    digits >= 0
                ):
                    node, value = inner, value // 10**digits
                case Call(function="local_date", args=(inner, _)):
                    noon = dt.datetime.combine(
                        dt.date.fromordinal(value), dt.time(12), self.maker.zone
                    )
                    node, value = inner, int(noon.timestamp()) * 1_000_000
                case _:
                    return node, None
        return node, value

    def _outside(self, node: Expr) -> Any:
        """What a node is worth that reads no row."""
        return reference.evaluate_in(
            self.seen.program,
            self.seen.read.facts,
            self.seen.read.event,
            self.seen.values,
            reference.Trace(),
            node,
        )


_OPPOSITE = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}
_TURNED = {"eq": "eq", "ne": "ne", "lt": "gt", "gt": "lt", "le": "ge", "ge": "le"}


def _columns_in(node: Expr) -> bool:
    return any(isinstance(each, (Column, Aggregate)) for each in walk(node))


def _ways(node: Expr, holds: bool) -> list[list[tuple[Expr, bool]]]:
    """The ways in which a condition on a row comes out as wanted, as lists of its parts."""
    match node:
        case Not(value=value):
            return _ways(value, not holds)
        case Coalesce(value=value):
            return _ways(value, holds)
        case Known(value=value):
            return [[(value, True)]]
        case And(items=items) | Or(items=items):
            if isinstance(node, And) is not holds:
                return [way for item in items for way in _ways(item, holds)][:4]
            ways: list[list[tuple[Expr, bool]]] = [[]]
            for item in items:
                ways = [[*a, *b] for a in ways for b in _ways(item, holds)][:4]
            return ways
        case _:
            return [[(node, holds)]]


def _meeting(limits: list[tuple[str, Any, Type]]) -> Any:
    """A held value within limits: just below an upper end, just above a lower one."""
    for op, value, _ in limits:
        if op == "eq":
            return value
    kind = limits[0][2]
    numbers = [(op, v) for op, v, _ in limits if isinstance(v, int) and not isinstance(v, bool)]
    if not numbers:
        return _another(kind, [v for op, v, _ in limits if op == "ne"])
    step = MINUTE if isinstance(kind, DateTimeType) else 1
    lows = [v + (step if op == "gt" else 0) for op, v in numbers if op in ("gt", "ge")]
    highs = [v - (step if op == "lt" else 0) for op, v in numbers if op in ("lt", "le")]
    if highs:
        high = min(highs)
        back = DAY if isinstance(kind, DateTimeType) else 0
        return high - back if not lows or high - back >= max(lows) else high
    return max(lows) if lows else None


def _another(kind: Type, taken: list[Any]) -> Any:
    if isinstance(kind, EnumType):
        return next((member for member in kind.members if member not in taken), None)
    return "x" if isinstance(kind, TextType) and "x" not in taken else None
