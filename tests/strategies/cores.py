"""Well-typed programs of the core, with every node class, and requests they can be run on.

Values come from small pools, so that equal ones, boundaries and ties are met often; whatever may be
unknown often is. `cases()` draws a program, an event and a few requests about it; from one seed,
since what Hypothesis itself would draw is mostly small, and misses what only larger programs do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any

from hypothesis import strategies as st

from siyu.core import ir
from siyu.core.passes import needs_of
from siyu.core.program import (
    Binding,
    ColumnNeed,
    Entry,
    Facts,
    Fields,
    Items,
    Leaf,
    Mapping,
    Maybe,
    Needs,
    Part,
    Program,
    Shape,
    TableNeed,
)
from siyu.types import BOOL, DATE, DATETIME, INT, TEXT, EnumType, SetType, Type

LEVEL = EnumType("level", ("low", "middle", "high"), True)
TAGS = SetType(TEXT)
TYPES: tuple[Type, ...] = (BOOL, BOOL, INT, INT, TEXT, DATE, DATETIME, LEVEL)
ZONES = ("Asia/Shanghai", "Europe/Berlin")
EVENTS = (None, "paid", "seen")

DAY = date(2026, 3, 29).toordinal()
MIDNIGHT = 1_774_738_800_000_000  # that day's, in Berlin; the clock is moved two hours later
HOUR = 3_600_000_000

POOLS: dict[Type, Sequence[Any]] = {
    BOOL: (True, False),
    INT: (0, 1, 2, 0, 1, 2, -1, 5, 15, -25, 50, 10**6),
    TEXT: ("a", "b", "金", "A", ""),
    DATE: (DAY, DAY - 1, DAY + 1, DAY - 29, DAY + 3, DAY - 366, DAY - 10_000),
    DATETIME: tuple(MIDNIGHT + n * HOUR for n in (0, 1, 2, 3, -24, 24, -720, 720)),
    LEVEL: LEVEL.members,
    TAGS: (frozenset(), frozenset({"a"}), frozenset({"a", "b"})),
}


def _column(name: str, kind: Type, optional: bool) -> ColumnNeed:
    return ColumnNeed(name, kind, optional)


LINES = TableNeed(
    "orders.lines",
    (
        _column("sku", TEXT, False), _column("price", INT, True), _column("n", INT, False),
        _column("orders.amount", INT, True), _column("orders.status", LEVEL, False),
    ),
)  # fmt: skip
ORDERS = TableNeed(
    "orders",
    (
        _column("id", TEXT, False), _column("amount", INT, True), _column("qty", INT, False),
        _column("status", LEVEL, False), _column("paid_at", DATETIME, True),
        _column("day", DATE, False), _column("ok", BOOL, True),
        ColumnNeed("lines", BOOL, True, LINES),
    ),
)  # fmt: skip
VISITS = TableNeed(
    "visits", (_column("at", DATETIME, False), _column("kind", TEXT, True)), optional=True
)
TABLES = {table.path: table for table in (ORDERS, LINES, VISITS)}
NESTED = TableNeed("orders.lines", LINES.columns[:3])  # what a line has inside of its order

INPUTS = (
    ir.Input("request", "as_of", DATETIME, False),
    ir.Input("request", "key", TEXT, False),
    ir.Input("customer", "spend", INT, True), ir.Input("customer", "visits", INT, False),
    ir.Input("customer", "vip", BOOL, True), ir.Input("customer", "member", BOOL, False),
    ir.Input("customer", "city", TEXT, True), ir.Input("customer", "level", LEVEL, True),
    ir.Input("customer", "birthday", DATE, True), ir.Input("customer", "joined", DATE, False),
    ir.Input("customer", "last_seen", DATETIME, True), ir.Input("customer", "tags", TAGS, False),
    ir.Input("context", "rain", BOOL, True),
    ir.Input("event", "paid.amount", INT, False), ir.Input("event", "paid.note", TEXT, True),
    ir.Input("event", "seen.at", DATETIME, False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """`given` are the metrics that these requests bring."""

    program: Program
    event: str | None
    given: tuple[str, ...]
    requests: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: the bindings before it, and the rows around it."""

    refs: tuple[ir.Ref, ...] = ()
    rows: tuple[TableNeed, ...] = ()  # innermost first

    def leaves(self, kind: Type) -> list[ir.Expr]:
        found: list[ir.Expr] = [leaf for leaf in (*INPUTS, *self.refs) if leaf.type == kind]
        for level, table in enumerate(self.rows):
            for column in table.columns:
                if column.type == kind and column.nested is None:
                    found += [ir.Column(column.name, kind, level)] * 3
        return found


def cases() -> st.SearchStrategy[Case]:
    return st.randoms(use_true_random=True).map(case)


def flip(r: Random) -> bool:
    return r.random() < 0.5


# ------------------------------------------------------------------------------- expressions


def expressions(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    """An expression of a type; `depth` bounds its levels."""
    if depth <= 0 or r.randint(0, 7) == 0:
        return _leaf(r, kind, place)
    forms = (*_FORMS.get(kind, ()), _coalesce, _cases, _picked)
    return r.choice(forms)(r, kind, place, depth - 1)


def _leaf(r: Random, kind: Type, place: Place) -> ir.Expr:
    leaves = place.leaves(kind)
    if not leaves or r.randint(0, 3) == 0:
        unknown = r.randint(0, 7) == 0
        return ir.Const(None if unknown else r.choice(POOLS[kind]), kind)
    return r.choice(leaves)


def _call(name: str, kind: Type, *args: ir.Expr) -> ir.Call:
    return ir.Call(name, args, kind)


def _const(value: Any, kind: Type = INT) -> ir.Const:
    return ir.Const(value, kind)


def _junction(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    items = tuple(expressions(r, BOOL, place, depth) for _ in range(r.randint(1, 3)))
    return ir.And(items) if flip(r) else ir.Or(items)


def _not(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    return ir.Not(expressions(r, BOOL, place, depth))


def _known(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    return ir.Known(expressions(r, r.choice(TYPES), place, depth))


def _guarded(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    """`x is known and not …x…`, or `x is unknown or …x…`."""
    one, two = _leaf(r, INT, place), _leaf(r, INT, place)
    two = one if r.randint(0, 3) == 0 else two
    test = _call(r.choice(COMPARISONS), BOOL, one, two)
    match r.randint(0, 3):
        case 0:
            return ir.And((ir.Known(one), ir.Not(test)))
        case 1:
            return ir.Or((test, ir.Not(ir.Known(one))))
        case 2:
            return ir.And((ir.Or((ir.Known(one), ir.Known(two))), test))
        case _:
            return ir.Not(test)


COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")


def _compared(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    of = r.choice((INT, INT, TEXT, DATE, DATETIME, LEVEL))
    ordered = of != LEVEL
    name = r.choice(COMPARISONS if ordered else COMPARISONS[:2])
    first = expressions(r, of, place, depth)
    return _call(name, BOOL, first, expressions(r, of, place, depth - 1))


def _ranked(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    members = _const(LEVEL.members[r.randint(0, 1) :], LEVEL)
    rank = _call("rank", INT, expressions(r, LEVEL, place, depth), members)
    return _call(r.choice(COMPARISONS), BOOL, rank, _const(r.randint(0, 2)))


def _member(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    if flip(r):
        return _call("has", BOOL, _leaf(r, TAGS, place), expressions(r, TEXT, place, depth))
    of = r.choice((TEXT, LEVEL, INT))
    chosen = frozenset(r.choice(POOLS[of]) for _ in range(r.randint(0, 3)))
    return _call("in_set", BOOL, expressions(r, of, place, depth), _const(chosen, TAGS))


def _near(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    day = expressions(r, DATE, place, depth)
    return _call("anniversary_near", BOOL, day, *(_leaf(r, DATE, place) for _ in range(2)))


def _chosen(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    """Whether one of a few candidates wins; keys constant or not, with rooms or without."""
    count, keys = r.randint(1, 4), r.randint(0, 2)
    constant, limited = flip(r), flip(r)
    kinds = [r.choice((INT, TEXT)) for _ in range(keys)]
    rooms = tuple(expressions(r, INT, place, 1) for _ in range(2)) if limited else ()
    candidates = tuple(
        ir.Candidate(
            r.choice(("a", "b", "c")) + str(number),
            expressions(r, BOOL, place, r.choice((0, depth - 1)))
            if flip(r)
            else _const(True, BOOL),
            tuple(
                _const(r.choice((None, None, *POOLS[k][:3])), k)
                if constant
                else expressions(r, k, place, 1)
                for k in kinds
            ),
            tuple(
                ir.Use(r.randint(0, 1), expressions(r, BOOL, place, 1))
                for _ in range(r.randint(0, 2) if limited else 0)
            ),
        )
        for number in range(count)
    )
    descending = tuple(flip(r) for _ in kinds)
    contest = ir.Contest(candidates, descending, rooms, r.randint(0, 3))
    return _call("item", BOOL, contest, _const(r.randint(0, count - 1)))


def _arithmetic(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    name = r.choice(("add", "sub", "mul", "min", "max", "div", "quotient", "neg",
                                 "abs", "rescale", "floor", "ceil"))  # fmt: skip
    first = expressions(r, INT, place, depth)
    match name:
        case "neg" | "abs":
            return _call(name, INT, first)
        case "rescale":
            return _call(name, INT, first, _const(r.randint(-2, 2)))
        case "floor" | "ceil":
            return _call(name, INT, first, _const(r.randint(0, 2)))
        case "quotient":
            mode = _const(r.choice(("down", "up", "half_up")), TEXT)
            return _call(name, INT, first, expressions(r, INT, place, depth - 1), mode)
        case "div":
            digits = _const(r.randint(-1, 2))
            some = _const(r.choice((2, -2, 4, 0)))
            by = some if flip(r) else expressions(r, INT, place, depth - 1)
            return _call(name, INT, first, by, digits)
        case _:
            return _call(name, INT, first, expressions(r, INT, place, depth - 1))


def _rounded(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    """Halves, to be rounded away from zero."""
    half = r.choice((place.leaves(INT)[0], _const(25), _const(-25), _const(-15), _const(50)))
    if r.randint(0, 2) == 0:
        return _call("rescale", INT, half, _const(r.choice((-1, -2))))
    if flip(r):
        mode = _const(r.choice(("down", "up", "half_up")), TEXT)
        return _call("quotient", INT, half, _const(r.choice((2, -2, 10))), mode)
    return _call("div", INT, half, _const(r.choice((2, -2, 10, 100))), _const(r.choice((0, -1))))


def _measured(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    name, of = r.choice((("months_between", DATE), ("seconds_between", DATETIME),
                         ("hours_between", DATETIME), ("sub", DATE)))  # fmt: skip
    return _call(name, INT, *(expressions(r, of, place, depth - 1) for _ in range(2)))


def _text(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    first = expressions(r, TEXT, place, depth)
    match r.choice(("join", "tie", "iso_date", "digits", "period_key")):
        case "iso_date":
            return _call("iso_date", TEXT, expressions(r, DATE, place, depth))
        case "digits":
            return _call("digits", TEXT, expressions(r, INT, place, depth), _const(2))
        case "period_key":
            unit = _const(r.choice(("week", "month")), TEXT)
            return _call("period_key", TEXT, expressions(r, DATE, place, depth), unit)
        case name:
            return _call(name, TEXT, first, expressions(r, TEXT, place, depth - 1))


def _zone(r: Random) -> ir.Expr:
    return _const(r.choice(ZONES), TEXT)


def _day(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    if flip(r):
        return _call("local_date", DATE, expressions(r, DATETIME, place, depth), _zone(r))
    name = r.choice(("add", "add_months"))
    by = _const(r.choice((1, -1, -12, 30)))
    return _call(name, DATE, expressions(r, DATE, place, depth), by)


def _instant(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    name = r.choice(("shift_days", "shift_months", "day_start"))
    if name == "day_start":
        return _call(name, DATETIME, expressions(r, DATE, place, depth), _zone(r))
    by = _const(r.choice((1, -1, -30, 12)))
    moved = expressions(r, DATETIME, place, depth)
    return _call(name, DATETIME, moved, by, _zone(r))


def _coalesce(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    value = expressions(r, kind, place, depth)
    return ir.Coalesce(value, expressions(r, kind, place, depth - 1), kind)


def _cases(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    many = r.randint(0, 9) == 0
    arms = tuple(
        ir.Arm(expressions(r, BOOL, place, depth - many), _leaf(r, kind, place))
        for _ in range(r.randint(7 if many else 0, 9 if many else 3))
    )
    otherwise = expressions(r, kind, place, depth - 1)
    return ir.Cases(arms, otherwise, r.choice(("skip", "stop", "otherwise")), kind)


# -------------------------------------------------------------------------------- aggregates


def _source(r: Random, place: Place) -> tuple[ir.Rows, TableNeed]:
    choices = [(ir.Rows(path), table) for path, table in TABLES.items()]
    for level, table in enumerate(place.rows):
        if any(column.nested for column in table.columns):
            choices += [(ir.Rows("lines", True, level), NESTED)] * 3
    return r.choice(choices)


def _within(r: Random, place: Place) -> tuple[ir.Rows, Place]:
    rows, table = _source(r, place)
    return rows, replace(place, rows=(table, *place.rows))


def _where(r: Random, inner: Place, depth: int) -> ir.Expr | None:
    if r.randint(0, 2) == 0:
        return None
    return expressions(r, BOOL, inner, min(depth, 2))


def _counted(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    if len(place.rows) > 1:
        return _leaf(r, kind, place)
    op = "exists" if kind == BOOL else r.choice(("count", "distinct", "sum"))
    rows, inner = _within(r, place)
    of = INT if op == "sum" else r.choice(TYPES)
    bare = op in ("count", "exists") and flip(r)
    value = None if bare else expressions(r, of, inner, min(depth, 2))
    return ir.Aggregate(op, rows, value, _where(r, inner, depth), kind)


def _picked(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    """The least, the greatest, or a row's value."""
    if len(place.rows) > 1:
        return _leaf(r, kind, place)
    rows, inner = _within(r, place)
    value, where = expressions(r, kind, inner, min(depth, 2)), _where(r, inner, depth)
    ordered = kind not in (BOOL, TAGS, LEVEL)
    if ordered and flip(r):
        op = r.choice(("min", "max"))
        return ir.Aggregate(op, rows, value, where, kind)
    by = _leaf(r, r.choice((DATETIME, INT, TEXT)), inner)
    tie = _leaf(r, r.choice((TEXT, INT)), inner)
    op = r.choice(("latest", "earliest"))
    return ir.Aggregate(op, rows, value, where, kind, by, r.choice((tie, None)))


def _layered(r: Random, kind: Type, place: Place, depth: int) -> ir.Expr:
    """A figure of each order's lines, summed or tested over the orders."""
    if place.rows:
        return _leaf(r, kind, place)
    inner = replace(place, rows=(NESTED, ORDERS))
    op = r.choice(("count", "sum", "min", "max", "distinct", "exists", "latest"))
    by = _leaf(r, INT, inner) if op == "latest" else None
    value, where = _leaf(r, INT, inner), _where(r, inner, depth)
    of = BOOL if op == "exists" else INT
    figure = ir.Aggregate(op, ir.Rows("lines", True), value, where, of, by, by)
    orders = replace(place, rows=(ORDERS,))
    if of == BOOL:
        return ir.Aggregate("count", ir.Rows("orders"), None, figure, INT)
    return ir.Aggregate("sum", ir.Rows("orders"), figure, _where(r, orders, depth), INT)


_FORMS: dict[Type, tuple[Any, ...]] = {
    BOOL: (_junction, _junction, _not, _known, _guarded, _compared, _compared, _ranked, _member,
           _near, _chosen, _counted),
    INT: (_arithmetic, _arithmetic, _rounded, _measured, _counted, _counted, _layered),
    TEXT: (_text,),
    DATE: (_day,),
    DATETIME: (_instant,),
}  # fmt: skip


# ---------------------------------------------------------------------- programs and requests


def programs(r: Random) -> Program:
    bindings: list[Binding] = []
    for number in range(r.randint(2, 6)):
        kind = r.choice(TYPES)
        refs = tuple(ir.Ref(b.name, b.type) for b in bindings)
        expr = expressions(r, kind, Place(refs * 2), r.randint(2, 5))
        metric = r.randint(0, 3) == 0
        bindings.append(Binding(f"名{number}", expr, kind, metric=metric))
    found = needs_of(bindings, TABLES)
    needs = Needs((INPUTS[0], *(n for n in found.inputs if n != INPUTS[0])), found.tables)
    parts = tuple(_part(r, number, bindings) for number in range(r.randint(1, 4)))
    return Program("generated", 1, ZONES[0], "CNY", tuple(bindings), needs, parts, (), (), "id")


def _part(r: Random, number: int, bindings: Sequence[Binding]) -> Part:
    guards = [b.name for b in bindings if b.type == BOOL]
    guard = r.choice([None, *guards])
    shape = Fields((("x", _shape(r, bindings, guards)), ("y", _shape(r, bindings, guards))))
    if flip(r):
        return Part("metrics", f"p{number}", shape)
    stop = next((b.name for b in bindings if b.type == TEXT), None)
    return Part("points", f"p{number}", shape, guard, stop, r.choice(EVENTS))


def _shape(r: Random, bindings: Sequence[Binding], guards: Sequence[str]) -> Shape:
    binding = r.choice(bindings)
    leaf = Leaf(binding.name, binding.type)
    if not guards:
        return leaf
    guard = r.choice(guards)
    weights = [None, *(b.name for b in bindings if b.type == INT)]
    match r.randint(0, 4):
        case 0:
            return Maybe(guard, leaf)
        case 1:
            return Items((Entry(guard, leaf, r.choice(weights)), Entry(None, leaf)))
        case 2:
            return Mapping((("k", Entry(guard, Maybe(r.choice(guards), leaf))),))
        case _:
            return leaf


def case(r: Random) -> Case:
    program = programs(r)
    event = r.choice(EVENTS)
    metrics = [b.name for b in program.bindings if b.metric]
    given = tuple(name for name in metrics if flip(r))
    count = r.randint(1, 3)
    return Case(
        program, event, given, tuple(_facts(r, program, event, given) for _ in range(count))
    )


def _facts(r: Random, program: Program, event: str | None, given: Sequence[str]) -> Facts:
    values = tuple(
        None
        if need.origin == "event" and need.name.partition(".")[0] != event
        else _held(r, need.type, need.optional)
        for need in program.needs.inputs
    )
    tables = tuple(_rows(r, table, table.optional) for table in program.needs.tables)
    types = {b.name: b.type for b in program.bindings}
    return Facts(values, tables, tuple((n, _held(r, types[n], True)) for n in given))


def _held(r: Random, kind: Type, optional: bool) -> Any:
    if optional and r.randint(0, 2) == 0:
        return None
    return r.choice(POOLS[kind])


def _rows(r: Random, table: TableNeed, optional: bool) -> Any:
    if optional and r.randint(0, 3) == 0:
        return None
    rows: list[tuple[Any, ...]] = []
    for _ in range(r.randint(0, 4)):
        row = tuple(_cell(r, column) for column in table.columns)
        if rows and flip(r):  # much like the one before, so that there are ties
            row = tuple(a if flip(r) else b for a, b in zip(row, rows[-1], strict=True))
        rows.append(row)
    return tuple(rows)


def _cell(r: Random, column: ColumnNeed) -> Any:
    if column.nested is not None:
        return _rows(r, column.nested, column.optional)
    return _held(r, column.type, column.optional)
