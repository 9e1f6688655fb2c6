"""Well-typed programs of the core, with every node class, and requests they can be run on.

Values come from small pools, so that equal ones, boundaries and ties are met often; whatever may be
unknown often is. `cases()` draws a program, an event and a few requests about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
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
    INT: (0, 1, 2, -1, 3, 5, -2, 7, 10**6),
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


# ------------------------------------------------------------------------------- expressions


def expressions(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    """An expression of a type; `depth` bounds its levels."""
    if depth <= 0 or draw(st.integers(0, 5)) == 0:
        return _leaf(draw, kind, place)
    forms = (*_FORMS.get(kind, ()), _coalesce, _cases, _picked)
    return draw(st.sampled_from(forms))(draw, kind, place, depth - 1)


def _leaf(draw: st.DrawFn, kind: Type, place: Place) -> ir.Expr:
    leaves = place.leaves(kind)
    if not leaves or draw(st.integers(0, 3)) == 0:
        unknown = draw(st.integers(0, 7)) == 0
        return ir.Const(None if unknown else draw(st.sampled_from(POOLS[kind])), kind)
    return draw(st.sampled_from(leaves))


def _call(name: str, kind: Type, *args: ir.Expr) -> ir.Call:
    return ir.Call(name, args, kind)


def _const(value: Any, kind: Type = INT) -> ir.Const:
    return ir.Const(value, kind)


def _junction(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    items = tuple(expressions(draw, BOOL, place, depth) for _ in range(draw(st.integers(1, 3))))
    return ir.And(items) if draw(st.booleans()) else ir.Or(items)


def _not(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    return ir.Not(expressions(draw, BOOL, place, depth))


def _known(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    return ir.Known(expressions(draw, draw(st.sampled_from(TYPES)), place, depth))


def _guarded(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    """`x is known and not …x…`, or `x is unknown or …x…`."""
    value = _leaf(draw, INT, place)
    test = _call(draw(st.sampled_from(COMPARISONS)), BOOL, value, _leaf(draw, INT, place))
    if draw(st.booleans()):
        return ir.And((ir.Known(value), ir.Not(test)))
    return ir.Or((test, ir.Not(ir.Known(value))))


COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")


def _compared(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    of = draw(st.sampled_from((INT, INT, TEXT, DATE, DATETIME, LEVEL)))
    ordered = of != LEVEL
    name = draw(st.sampled_from(COMPARISONS if ordered else COMPARISONS[:2]))
    first = expressions(draw, of, place, depth)
    return _call(name, BOOL, first, expressions(draw, of, place, depth - 1))


def _ranked(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    members = _const(LEVEL.members[draw(st.integers(0, 1)) :], LEVEL)
    rank = _call("rank", INT, expressions(draw, LEVEL, place, depth), members)
    return _call(draw(st.sampled_from(COMPARISONS)), BOOL, rank, _const(draw(st.integers(0, 2))))


def _member(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    if draw(st.booleans()):
        return _call("has", BOOL, _leaf(draw, TAGS, place), expressions(draw, TEXT, place, depth))
    of = draw(st.sampled_from((TEXT, LEVEL, INT)))
    chosen = frozenset(draw(st.lists(st.sampled_from(POOLS[of]), max_size=3)))
    return _call("in_set", BOOL, expressions(draw, of, place, depth), _const(chosen, TAGS))


def _near(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    return _call(
        "anniversary_near", BOOL, *(expressions(draw, DATE, place, depth - 1) for _ in range(3))
    )


def _chosen(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    """Whether one of a few candidates wins; keys constant or not, with rooms or without."""
    count, keys = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    constant, limited = draw(st.booleans()), draw(st.booleans())
    kinds = [draw(st.sampled_from((INT, TEXT))) for _ in range(keys)]
    rooms = tuple(expressions(draw, INT, place, 1) for _ in range(2)) if limited else ()
    candidates = tuple(
        ir.Candidate(
            draw(st.sampled_from(("a", "b", "c"))) + str(number),
            expressions(draw, BOOL, place, depth - 1),
            tuple(
                _const(draw(st.none() | st.sampled_from(POOLS[k])), k)
                if constant
                else expressions(draw, k, place, 1)
                for k in kinds
            ),
            tuple(
                ir.Use(draw(st.integers(0, 1)), expressions(draw, BOOL, place, 1))
                for _ in range(draw(st.integers(0, 2)) if limited else 0)
            ),
        )
        for number in range(count)
    )
    descending = tuple(draw(st.booleans()) for _ in kinds)
    contest = ir.Contest(candidates, descending, rooms, draw(st.integers(0, 3)))
    return _call("item", BOOL, contest, _const(draw(st.integers(0, count - 1))))


def _arithmetic(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    name = draw(st.sampled_from(("add", "sub", "mul", "min", "max", "div", "quotient", "neg",
                                 "abs", "rescale", "floor", "ceil")))  # fmt: skip
    first = expressions(draw, INT, place, depth)
    match name:
        case "neg" | "abs":
            return _call(name, INT, first)
        case "rescale":
            return _call(name, INT, first, _const(draw(st.integers(-2, 2))))
        case "floor" | "ceil":
            return _call(name, INT, first, _const(draw(st.integers(0, 2))))
        case "quotient":
            mode = _const(draw(st.sampled_from(("down", "up", "half_up"))), TEXT)
            return _call(name, INT, first, expressions(draw, INT, place, depth - 1), mode)
        case "div":
            digits = _const(draw(st.integers(-1, 2)))
            return _call(name, INT, first, expressions(draw, INT, place, depth - 1), digits)
        case _:
            return _call(name, INT, first, expressions(draw, INT, place, depth - 1))


def _measured(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    name, of = draw(
        st.sampled_from((("months_between", DATE), ("seconds_between", DATETIME),
                         ("hours_between", DATETIME), ("sub", DATE)))
    )  # fmt: skip
    return _call(name, INT, *(expressions(draw, of, place, depth - 1) for _ in range(2)))


def _text(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    first = expressions(draw, TEXT, place, depth)
    match draw(st.sampled_from(("join", "tie", "iso_date", "digits", "period_key"))):
        case "iso_date":
            return _call("iso_date", TEXT, expressions(draw, DATE, place, depth))
        case "digits":
            return _call("digits", TEXT, expressions(draw, INT, place, depth), _const(2))
        case "period_key":
            unit = _const(draw(st.sampled_from(("week", "month"))), TEXT)
            return _call("period_key", TEXT, expressions(draw, DATE, place, depth), unit)
        case name:
            return _call(name, TEXT, first, expressions(draw, TEXT, place, depth - 1))


def _zone(draw: st.DrawFn) -> ir.Expr:
    return _const(draw(st.sampled_from(ZONES)), TEXT)


def _day(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    if draw(st.booleans()):
        return _call("local_date", DATE, expressions(draw, DATETIME, place, depth), _zone(draw))
    name = draw(st.sampled_from(("add", "add_months")))
    by = _const(draw(st.sampled_from((1, -1, -12, 30))))
    return _call(name, DATE, expressions(draw, DATE, place, depth), by)


def _instant(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    name = draw(st.sampled_from(("shift_days", "shift_months", "day_start")))
    if name == "day_start":
        return _call(name, DATETIME, expressions(draw, DATE, place, depth), _zone(draw))
    by = _const(draw(st.sampled_from((1, -1, -30, 12))))
    moved = expressions(draw, DATETIME, place, depth)
    return _call(name, DATETIME, moved, by, _zone(draw))


def _coalesce(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    value = expressions(draw, kind, place, depth)
    return ir.Coalesce(value, expressions(draw, kind, place, depth - 1), kind)


def _cases(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    many = draw(st.integers(0, 9)) == 0
    arms = tuple(
        ir.Arm(expressions(draw, BOOL, place, depth - many), _leaf(draw, kind, place))
        for _ in range(draw(st.integers(7, 9) if many else st.integers(0, 3)))
    )
    otherwise = expressions(draw, kind, place, depth - 1)
    return ir.Cases(arms, otherwise, draw(st.sampled_from(("skip", "stop", "otherwise"))), kind)


# -------------------------------------------------------------------------------- aggregates


def _source(draw: st.DrawFn, place: Place) -> tuple[ir.Rows, TableNeed]:
    choices = [(ir.Rows(path), table) for path, table in TABLES.items()]
    for level, table in enumerate(place.rows):
        if any(column.nested for column in table.columns):
            choices += [(ir.Rows("lines", True, level), NESTED)] * 3
    return draw(st.sampled_from(choices))


def _within(draw: st.DrawFn, place: Place) -> tuple[ir.Rows, Place]:
    rows, table = _source(draw, place)
    return rows, replace(place, rows=(table, *place.rows))


def _where(draw: st.DrawFn, inner: Place, depth: int) -> ir.Expr | None:
    if draw(st.integers(0, 2)) == 0:
        return None
    return expressions(draw, BOOL, inner, min(depth, 2))


def _counted(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    if len(place.rows) > 1:
        return _leaf(draw, kind, place)
    op = "exists" if kind == BOOL else draw(st.sampled_from(("count", "distinct", "sum")))
    rows, inner = _within(draw, place)
    of = INT if op == "sum" else draw(st.sampled_from(TYPES))
    bare = op in ("count", "exists") and draw(st.booleans())
    value = None if bare else expressions(draw, of, inner, min(depth, 2))
    return ir.Aggregate(op, rows, value, _where(draw, inner, depth), kind)


def _picked(draw: st.DrawFn, kind: Type, place: Place, depth: int) -> ir.Expr:
    """The least, the greatest, or a row's value."""
    if len(place.rows) > 1:
        return _leaf(draw, kind, place)
    rows, inner = _within(draw, place)
    value, where = expressions(draw, kind, inner, min(depth, 2)), _where(draw, inner, depth)
    ordered = kind not in (BOOL, TAGS, LEVEL)
    if ordered and draw(st.booleans()):
        op = draw(st.sampled_from(("min", "max")))
        return ir.Aggregate(op, rows, value, where, kind)
    by = expressions(draw, draw(st.sampled_from((DATETIME, INT, TEXT))), inner, 1)
    tie = expressions(draw, draw(st.sampled_from((TEXT, INT))), inner, 1)
    op = draw(st.sampled_from(("latest", "earliest")))
    return ir.Aggregate(op, rows, value, where, kind, by, draw(st.sampled_from((tie, None))))


_FORMS: dict[Type, tuple[Any, ...]] = {
    BOOL: (_junction, _junction, _not, _known, _guarded, _compared, _compared, _ranked, _member,
           _near, _chosen, _counted),
    INT: (_arithmetic, _arithmetic, _measured, _counted, _counted),
    TEXT: (_text,),
    DATE: (_day,),
    DATETIME: (_instant,),
}  # fmt: skip


# ---------------------------------------------------------------------- programs and requests


@st.composite
def programs(draw: st.DrawFn) -> Program:
    bindings: list[Binding] = []
    for number in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(TYPES))
        refs = tuple(ir.Ref(b.name, b.type) for b in bindings)
        expr = expressions(draw, kind, Place(refs * 2), draw(st.integers(1, 4)))
        metric = draw(st.integers(0, 3)) == 0
        bindings.append(Binding(f"名{number}", expr, kind, metric=metric))
    found = needs_of(bindings, TABLES)
    needs = Needs((INPUTS[0], *(n for n in found.inputs if n != INPUTS[0])), found.tables)
    parts = tuple(_part(draw, number, bindings) for number in range(draw(st.integers(1, 4))))
    return Program("generated", 1, ZONES[0], "CNY", tuple(bindings), needs, parts, (), (), "id")


def _part(draw: st.DrawFn, number: int, bindings: Sequence[Binding]) -> Part:
    guards = [b.name for b in bindings if b.type == BOOL]
    guard = draw(st.sampled_from([None, *guards]))
    shape = Fields((("x", _shape(draw, bindings, guards)), ("y", _shape(draw, bindings, guards))))
    if draw(st.booleans()):
        return Part("metrics", f"p{number}", shape)
    stop = next((b.name for b in bindings if b.type == TEXT), None)
    return Part("points", f"p{number}", shape, guard, stop, draw(st.sampled_from(EVENTS)))


def _shape(draw: st.DrawFn, bindings: Sequence[Binding], guards: Sequence[str]) -> Shape:
    binding = draw(st.sampled_from(bindings))
    leaf = Leaf(binding.name, binding.type)
    if not guards:
        return leaf
    guard = draw(st.sampled_from(guards))
    weights = [None, *(b.name for b in bindings if b.type == INT)]
    match draw(st.integers(0, 4)):
        case 0:
            return Maybe(guard, leaf)
        case 1:
            return Items((Entry(guard, leaf, draw(st.sampled_from(weights))), Entry(None, leaf)))
        case 2:
            return Mapping((("k", Entry(guard, Maybe(draw(st.sampled_from(guards)), leaf))),))
        case _:
            return leaf


@st.composite
def cases(draw: st.DrawFn) -> Case:
    program = draw(programs())
    event = draw(st.sampled_from(EVENTS))
    metrics = [b.name for b in program.bindings if b.metric]
    given = tuple(name for name in metrics if draw(st.booleans()))
    count = draw(st.integers(1, 3))
    return Case(
        program, event, given, tuple(_facts(draw, program, event, given) for _ in range(count))
    )


def _facts(draw: st.DrawFn, program: Program, event: str | None, given: Sequence[str]) -> Facts:
    values = tuple(
        None
        if need.origin == "event" and need.name.partition(".")[0] != event
        else _held(draw, need.type, need.optional)
        for need in program.needs.inputs
    )
    tables = tuple(_rows(draw, table, table.optional) for table in program.needs.tables)
    types = {b.name: b.type for b in program.bindings}
    return Facts(values, tables, tuple((n, _held(draw, types[n], True)) for n in given))


def _held(draw: st.DrawFn, kind: Type, optional: bool) -> Any:
    if optional and draw(st.integers(0, 2)) == 0:
        return None
    return draw(st.sampled_from(POOLS[kind]))


def _rows(draw: st.DrawFn, table: TableNeed, optional: bool) -> Any:
    if optional and draw(st.integers(0, 3)) == 0:
        return None
    count = draw(st.integers(0, 4))
    return tuple(tuple(_cell(draw, column) for column in table.columns) for _ in range(count))


def _cell(draw: st.DrawFn, column: ColumnNeed) -> Any:
    if column.nested is not None:
        return _rows(draw, column.nested, column.optional)
    return _held(draw, column.type, column.optional)
