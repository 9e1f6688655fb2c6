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
from siyu.semantics.moving import local_date, whole, zone
from siyu.semantics.phrases import phrase
from siyu.semantics.type_errors import WrongType
from siyu.semantics.units import rescale
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import (
    BOOL,
    MAX_SCALE,
    TIME,
    DateTimeType,
    DateType,
    DecimalType,
    GeoType,
    IntType,
    TextType,
    Type,
)
from siyu.words import say, say_n

Args = tuple[Expr, ...]
Made = Callable[[Args, Scope, Span], Expr]
HALF_THE_EARTH = 20_100_000  # metres
LONGEST_TEXT = 2**31 - 1  # what every evaluator can hold


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A function of plain values.

    `shape` is how it is called; `counts` how many arguments it takes. `doc` is its entry in the
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


def _part(function: str, low: int, high: int) -> Made:
    """Part of a date; of a moment's local date."""

    def made(args: Args, scope: Scope, span: Span) -> Expr:
        day = _date_of(args, scope, span)
        return day if is_error(day) else call(function, IntType(low, high), day, span=span)

    return made


def _date_of(args: Args, scope: Scope, span: Span) -> Expr:
    if isinstance(args[0].type, (DateType, DateTimeType)):
        return local_date(args[0], scope)
    advice = say("name a field that holds a date, or a date and time")
    scope.build.report(WrongType(args[0].span, phrase(args[0].type), say("a date"), advice))
    return error_value(span)


def _time_of(args: Args, scope: Scope, span: Span) -> Expr:
    if isinstance(args[0].type, DateTimeType):
        return call("local_time", TIME, args[0], zone(scope), span=span)
    advice = say("name a field that holds a date and time; a date has no time of day")
    wanted = say("a date and time")
    scope.build.report(WrongType(args[0].span, phrase(args[0].type), wanted, advice))
    return error_value(span)


def _of_texts(function: str, kind: Type) -> Made:
    def made(args: Args, scope: Scope, span: Span) -> Expr:
        for arg in args:
            if not isinstance(arg.type, TextType):
                advice = say("name a field that holds a text, or write one in quotes")
                wanted = say("a text")
                scope.build.report(WrongType(arg.span, phrase(arg.type), wanted, advice))
                return error_value(span)
        return call(function, kind, *args, span=span)

    return made


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
        BuiltIn(
            "date_of",
            "date_of(moment)",
            (1,),
            _date_of,
            "The local date of a moment, on the calendar of the policy's time zone.",
            ("date_of(2026-11-21 23:59) = 2026-11-21",),
        ),
        BuiltIn(
            "time_of",
            "time_of(moment)",
            (1,),
            _time_of,
            "The time of day that the clock of the policy's time zone shows at a moment, to the "
            "second.",
            ("time_of(2026-11-21 20:00) >= 20:00", "time_of(2026-11-21 19:59) < 20:00"),
        ),
        BuiltIn(
            "weekday",
            "weekday(date)",
            (1,),
            _part("weekday", 1, 7),
            "The day of the week of a date, or of a moment's local date: Monday is 1, Sunday is 7.",
            ("weekday(2026-11-16) = 1", "weekday(2026-11-22 23:59) = 7"),
        ),
        BuiltIn(
            "day_of_month",
            "day_of_month(date)",
            (1,),
            _part("day_of_month", 1, 31),
            "The day of the month of a date, or of a moment's local date, from 1 to 31.",
            ("day_of_month(2026-11-08) = 8", "day_of_month(2026-11-08 20:00) = 8"),
        ),
        BuiltIn(
            "month_of",
            "month_of(date)",
            (1,),
            _part("month_of", 1, 12),
            "The month of a date, or of a moment's local date, from 1 to 12.",
            ("month_of(2026-11-08) = 11",),
        ),
        BuiltIn(
            "year_of",
            "year_of(date)",
            (1,),
            _part("year_of", 1, 9_999),
            "The year of a date, or of a moment's local date.",
            ("year_of(2026-11-08) = 2026",),
        ),
        BuiltIn(
            "days_in_month",
            "days_in_month(date)",
            (1,),
            _part("days_in_month", 28, 31),
            "How many days the month of a date has, or that of a moment's local date. "
            "`day_of_month(d) = min(31, days_in_month(d))` is a 31st that no month is without.",
            ("days_in_month(2026-02-08) = 28", "days_in_month(2028-02-08) = 29"),
        ),
        BuiltIn(
            "length",
            "length(text)",
            (1,),
            _of_texts("length", IntType(0, LONGEST_TEXT)),
            "How many characters a text has: 汉字, letters, digits, signs and spaces count one "
            "each. Texts of a policy are normalised (NFC), so that é is one; texts of the data are "
            "counted as they stand. An emoji that is put together of several counts each of them.",
            ('length("满 199 减 50") = 10', 'length("café") = 4'),
        ),
        BuiltIn(
            "has_digit",
            "has_digit(text)",
            (1,),
            _of_texts("has_digit", BOOL),
            "Whether a text holds a digit: 0 to 9, or a full-width ０ to ９. Numbers in words, as "
            "in 五折, are none.",
            ('has_digit("满 199 减 50")', 'has_digit("满５０减")', 'not has_digit("五折")'),
        ),
        BuiltIn(
            "contains",
            'contains(text, "part")',
            (2,),
            _of_texts("contains", BOOL),
            "Whether a text holds another, letter by letter: capitals are not small letters.",
            ('contains("回复 T 退订", "退订")', 'not contains("STOP", "stop")'),
        ),
        BuiltIn(
            "starts_with",
            'starts_with(text, "part")',
            (2,),
            _of_texts("starts_with", BOOL),
            "Whether a text begins with another, letter by letter.",
            ('starts_with("VIP-001", "VIP")', 'not starts_with("vip-001", "VIP")'),
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
