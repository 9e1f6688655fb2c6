"""Which facts a query brings together: the inputs, aggregates found while scanning, and rows.

An aggregate is flat where all it asks of a row stands in that row: then it is found while its table
is scanned. What depends on the customer, on the moment of each request or on a cut is found later
from the rows themselves, which the scan collects, only with what such aggregates read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from siyu.core.ir import Aggregate, And, Const, Expr, Input, Ref
from siyu.core.ir import Column as RowColumn
from siyu.core.passes.keys import Keys
from siyu.core.program import Binding, ColumnNeed, Needs, Program, TableNeed
from siyu.core.walk import Reach, parts, top_most, walk
from siyu.evaluators.sql.bounds import bounds_of
from siyu.evaluators.sql.names import plain
from siyu.evaluators.sql.prepare import prepared
from siyu.evaluators.sql.relations import needs_read
from siyu.text import Span


@dataclass(frozen=True, slots=True)
class Flat:
    """An aggregate that becomes a column of a table's scan."""

    column: str
    node: Aggregate
    label: str
    span: Span


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are collected: which columns, and what all who read them ask of a row."""

    column: str
    columns: tuple[ColumnNeed, ...]
    where: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over a table."""

    place: int
    need: TableNeed
    flat: tuple[Flat, ...]
    rows: Rows | None


@dataclass(frozen=True, slots=True)
class FactsPlan:
    """What the relation of facts holds, for one kind of event; the same whatever the cuts and
    allocations are. `columns` names the column of each flat aggregate by its key."""

    needs: Needs
    event: str | None
    given: tuple[str, ...]
    wanted: tuple[str, ...]
    inputs: tuple[Input, ...]
    scans: tuple[Scan, ...]
    columns: dict[int, str] = field(repr=False)
    keys: Keys = field(repr=False, compare=False)

    @property
    def absent(self) -> frozenset[str]:
        """Tables that may not be there."""
        return frozenset(table.path for table in self.needs.tables if table.optional)


def plan_facts(
    program: Program,
    event: str | None,
    given: Sequence[str] = (),
    wanted: Sequence[str] | None = None,
) -> FactsPlan:
    """What must be known to compute `wanted`, bindings of the program or of what everyone finds;
    without it, what a decision about `event` shows. `given` are metrics that are brought along."""
    bindings, names = prepared(program, event, given, wanted)
    needs = needs_read(program)
    planning = _Planning(needs)
    for binding in bindings:
        planning.read(binding)
    return FactsPlan(
        needs, event, tuple(given), names, planning.in_order(), tuple(planning.scans()),
        planning.columns, planning.keys,
    )  # fmt: skip


@dataclass(slots=True)
class _Planning:
    needs: Needs
    keys: Keys = field(default_factory=Keys)
    reach: Reach = field(default_factory=Reach)
    inputs: dict[tuple[str, str], Input] = field(default_factory=dict)
    columns: dict[int, str] = field(default_factory=dict)
    flat: dict[str, list[Flat]] = field(default_factory=dict)
    later: dict[str, list[Aggregate]] = field(default_factory=dict)
    kept: list[Expr] = field(default_factory=list)

    def read(self, binding: Binding) -> None:
        self.kept.append(binding.expr)
        for node in walk(binding.expr):
            if isinstance(node, Input) and node.origin not in ("cut", "allocation"):
                self.inputs.setdefault((node.origin, node.name), node)
        waiting: list[Expr] = [binding.expr]
        while waiting:
            for node in top_most((waiting.pop(),), _is_table):
                assert isinstance(node, Aggregate)
                if is_flat(node, self.reach):
                    self.found(node, binding)
                else:
                    self.later.setdefault(node.rows.table, []).append(node)
                    waiting += parts(node)

    def found(self, node: Aggregate, binding: Binding) -> None:
        key = self.keys.of(node)
        if key not in self.columns:
            column = f"a{len(self.columns)}_{plain(binding.name)}"
            self.columns[key] = column
            made = Flat(column, node, binding.name, span_of(binding))
            self.flat.setdefault(node.rows.table, []).append(made)

    def in_order(self) -> tuple[Input, ...]:
        """The inputs that are read, in the order of the needs; then metrics."""
        ordered = [need for need in self.needs.inputs if (need.origin, need.name) in self.inputs]
        metrics = [node for node in self.inputs.values() if node.origin == "metric"]
        return (*ordered, *metrics)

    def scans(self) -> Iterator[Scan]:
        for place, need in enumerate(self.needs.tables):
            flat, later = self.flat.get(need.path, []), self.later.get(need.path, [])
            if flat or later:
                yield Scan(place, need, tuple(flat), self.rows(place, need, later))

    def rows(self, place: int, need: TableNeed, later: list[Aggregate]) -> Rows | None:
        if not later:
            return None
        names: set[str] = set()
        for node in later:
            names |= _columns_read(node)
        columns = tuple(column for column in need.columns if column.name in names)
        where = common([conjuncts(node.where) for node in later], self.keys)
        usable = tuple(item for item in where if is_of_row(item, self.reach))
        return Rows(f"rows{place}_{plain(need.path)}", columns, usable)


def span_of(binding: Binding) -> Span:
    """Where a binding comes from; of one that was made for others, what is in it."""
    spans = (binding.span, *(node.span for node in walk(binding.expr)))
    return next((span for span in spans if span.file), binding.span)


def _is_table(node: Expr) -> bool:
    return isinstance(node, Aggregate) and not node.rows.nested


def is_flat(node: Aggregate, reach: Reach) -> bool:
    """Whether an aggregate over a table asks nothing but what stands in the row. The first by
    something that is no number has no aggregate function of its own."""
    if node.op == "earliest" and node.by is not None and bounds_of(node.by.type) is None:
        return False
    return all(is_of_row(part, reach) for part in parts(node))


def is_of_row(expr: Expr, reach: Reach) -> bool:
    """Whether a value depends on nothing but one row and what stands inside of it."""
    return reach.of(expr) <= 1 and not any(
        isinstance(node, Input | Ref) or _is_table(node) for node in walk(expr)
    )


def conjuncts(where: Expr | None) -> tuple[Expr, ...]:
    """What all must be true for a condition to be true."""
    if where is None:
        return ()
    if isinstance(where, Const) and where.value is True:
        return ()
    return where.items if isinstance(where, And) else (where,)


def common(groups: Sequence[Sequence[Expr]], keys: Keys) -> tuple[Expr, ...]:
    """The items that every group has, in the order of the first."""
    if not groups:
        return ()
    sets = [{keys.of(item) for item in group} for group in groups]
    return tuple(item for item in groups[0] if all(keys.of(item) in each for each in sets))


def _columns_read(node: Aggregate) -> set[str]:
    """Columns of an aggregate's own rows, read from whatever depth, nested collections too."""
    names: set[str] = set()
    waiting: list[tuple[Expr, int]] = [(part, 0) for part in parts(node)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        inner, depth = waiting.pop()
        if (id(inner), depth) in seen:
            continue
        seen.add((id(inner), depth))
        if isinstance(inner, RowColumn) and inner.level == depth:
            names.add(inner.name)
        if isinstance(inner, Aggregate) and inner.rows.nested and inner.rows.level == depth:
            names.add(inner.rows.table)
        below = depth + 1 if isinstance(inner, Aggregate) else depth
        waiting += [(part, below) for part in parts(inner)]
    return names
