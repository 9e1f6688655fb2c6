"""The functions an author may call, each declared once: its shape and what it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from siyu.core.ir import Const, Expr
from siyu.diagnostics import nearest
from siyu.semantics import ranges
from siyu.semantics.build import Scope, error_value
from siyu.semantics.errors import UnknownFunction, WrongArguments
from siyu.semantics.make import call, is_error
from siyu.semantics.moving import whole
from siyu.semantics.phrases import phrase
from siyu.semantics.type_errors import WrongType
from siyu.semantics.units import rescale
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import MAX_SCALE, DecimalType, GeoType, IntType
from siyu.words import say, say_n

Args = tuple[Expr, ...]
Made = Callable[[Args, Scope, Span], Expr]
HALF_THE_EARTH = 20_100_000  # metres


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """`shape` is how it is called; `counts` how many arguments it takes. `doc` is its entry in the
    reference, `examples` are conditions that hold."""

    name: str
    shape: str
    counts: tuple[int, ...]
    make: Made
    doc: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AggregateEntry:
    """How an aggregate over rows is called, its entry in the reference, and a metric's formula."""

    name: str
    shape: str
    doc: str
    example: str


def _number(arg: Expr, scope: Scope) -> bool:
    """Whether it is a number of any unit; False after a report."""
    if ranges.number(arg.type) is not None:
        return True
    scope.build.report(WrongType(arg.span, phrase(arg.type), say("a number"), say("give a number")))
    return False


def _round(args: Args, scope: Scope, span: Span) -> Expr:
    """Half up to so many digits, none where none are said; a plain number is then a whole one."""
    digits = 0
    if len(args) == 2:
        asked = args[1]
        held = asked.value if isinstance(asked, Const) and isinstance(asked.type, IntType) else None
        if not isinstance(held, int) or not 0 <= held <= MAX_SCALE:
            advice = say("write it as a number, as in `round(x, 2)`")
            wanted = say("a number of digits from 0 to {most}", most=MAX_SCALE)
            scope.build.report(WrongType(asked.span, phrase(asked.type), wanted, advice))
            return error_value(span)
        digits = held
    if not _number(args[0], scope):
        return error_value(span)
    return _as_whole(rescale(args[0], digits)) if digits == 0 else rescale(args[0], digits)


def _as_whole(expr: Expr) -> Expr:
    """A plain number without digits after the point, as an int."""
    if not isinstance(expr.type, DecimalType):
        return expr
    kind = IntType(*ranges.bounds(expr.type))
    if isinstance(expr, Const):
        return Const(expr.value, kind, span=expr.span)
    return call("rescale", kind, expr, Const(0, IntType(0, 0)), span=expr.span)


def _whole(function: str) -> Made:
    def made(args: Args, scope: Scope, span: Span) -> Expr:
        return whole(args[0], function) if _number(args[0], scope) else error_value(span)

    return made


def _abs(args: Args, scope: Scope, span: Span) -> Expr:
    kind = ranges.number(args[0].type)
    if kind is None:
        _number(args[0], scope)
        return error_value(span)
    target = ranges.within(kind, ranges.sized(ranges.bounds(kind)))
    return call("abs", target, args[0], span=span)


def _distance(args: Args, scope: Scope, span: Span) -> Expr:
    for arg in args:
        if not isinstance(arg.type, GeoType):
            advice = say("name a field of type geo")
            scope.build.report(WrongType(arg.span, phrase(arg.type), say("a place"), advice))
            return error_value(span)
    return call("distance", IntType(0, HALF_THE_EARTH), *args, span=span)


BUILT_INS = {
    each.name: each
    for each in (
        BuiltIn(
            "round",
            "round(x, digits)",
            (1, 2),
            _round,
            "The number with so many digits after the point, none where none are said. Half is "
            "rounded up, away from zero.",
            ("round(2.345, 2) = 2.35", "round(-2.5) = -3", "round(19.99 yuan) = 20 yuan"),
        ),
        BuiltIn(
            "floor",
            "floor(x)",
            (1,),
            _whole("floor"),
            "The greatest whole number that is not above it.",
            ("floor(2.9) = 2", "floor(-2.1) = -3"),
        ),
        BuiltIn(
            "ceil",
            "ceil(x)",
            (1,),
            _whole("ceil"),
            "The least whole number that is not below it.",
            ("ceil(2.1) = 3", "ceil(-2.9) = -2"),
        ),
        BuiltIn(
            "abs",
            "abs(x)",
            (1,),
            _abs,
            "The number without its sign.",
            ("abs(-2.5) = 2.5", "abs(3 - 5) = 2"),
        ),
        BuiltIn(
            "distance",
            "distance(a, b)",
            (2,),
            _distance,
            "How far two places are from each other, as the crow flies, in whole metres.",
            (),
        ),
    )
}
_MIN_MAX = (
    "Over rows: the {} known value. Of plain values, `{}(a, b)`: the {} of them, unknown where one "
    "of them is."
)
AGGREGATE_ENTRIES = (
    AggregateEntry(
        "sum",
        "sum(rows.x)",
        "The values added up; what is unknown counts nothing, and over no rows it is 0.",
        "sum(orders.amount over last 12 months where status is paid)",
    ),
    AggregateEntry("count", "count(rows)", "How many rows there are.", "count(orders)"),
    AggregateEntry(
        "avg",
        "avg(rows.x)",
        "The mean of the known values, with 6 digits; unknown where there are none.",
        "avg(orders.amount)",
    ),
    AggregateEntry(
        "min", "min(rows.x)", _MIN_MAX.format("least", "min", "least"), "min(orders.paid_at)"
    ),
    AggregateEntry(
        "max",
        "max(rows.x)",
        _MIN_MAX.format("greatest", "max", "greatest"),
        "max(total_spend, 1 yuan)",
    ),
    AggregateEntry(
        "distinct",
        "distinct(rows.x)",
        "How many different known values there are.",
        "distinct(orders.category)",
    ),
    AggregateEntry(
        "exists",
        "exists(rows)",
        "Whether there is a row; never unknown.",
        "exists(orders where status is refunded)",
    ),
    AggregateEntry(
        "latest",
        "latest(rows.x by time)",
        "The value in the row that is latest in time; of rows of one moment, in that with the "
        "greatest key.",
        "latest(orders.category by paid_at)",
    ),
    AggregateEntry(
        "earliest",
        "earliest(rows.x by time)",
        "The value in the row that is earliest in time; of rows of one moment, in that with the "
        "greatest key.",
        "earliest(orders.category by paid_at)",
    ),
)
AGGREGATES = tuple(each.name for each in AGGREGATE_ENTRIES)


def built_in(node: ast.Call, scope: Scope) -> BuiltIn | None:
    """The function that a call names, if it takes so many arguments; None after a report."""
    name = node.function.text
    found = BUILT_INS.get(name)
    if found is None:
        has = (*BUILT_INS, *AGGREGATES)
        scope.build.report(UnknownFunction(node.function.span, name, nearest(name, has), has))
    elif len(node.args) not in found.counts:
        count = len(node.args)
        given = say_n("1 value", "{count} values", count) if count else say("no value at all")
        least, most = found.counts[0], found.counts[-1]
        problem = (
            say("{least} or {most} values are needed", least=least, most=most)
            if least != most
            else say_n("1 value is needed", "{count} values are needed", most)
        )
        scope.build.report(WrongArguments(node.span, name, given, problem, found.shape))
        return None
    return found


def apply(found: BuiltIn, args: Args, scope: Scope, span: Span) -> Expr:
    """The function's value for arguments already read."""
    return error_value(span) if is_error(*args) else found.make(args, scope, span)
