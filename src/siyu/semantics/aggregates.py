"""Aggregates as they are written: `sum(orders.amount over last 12 months where status is paid)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from siyu.core.ir import AggregateOp, Column, Expr, Rows
from siyu.semantics import make, ranges, rows
from siyu.semantics.build import Scope, error_value
from siyu.semantics.candidates import near, of_rows
from siyu.semantics.compare import rank
from siyu.semantics.errors import (
    MixedRows,
    NoKey,
    NoTime,
    NotRows,
    UndefinedName,
    WrongArguments,
)  # fmt: skip
from siyu.semantics.make import call, const, is_error
from siyu.semantics.names import lookup
from siyu.semantics.numbers import divide, extreme
from siyu.semantics.phrases import phrase
from siyu.semantics.rows import Source
from siyu.semantics.times import in_over
from siyu.semantics.type_errors import WrongType
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import (
    INT,
    NUMBER_LIMIT,
    TEXT,
    BoolType,
    DateType,
    EnumType,
    GeoType,
    SetType,
    TextType,
    Type,
)  # fmt: skip
from siyu.words import Said, say, say_n

Condition = Callable[[ast.Expr, Scope], Expr]


class Value(Protocol):
    """How the checker reads an expression: handed in, since it stands above this file."""

    def __call__(self, expr: ast.Expr, scope: Scope, expected: Type | None = None) -> Expr: ...


def aggregate(node: ast.Aggregate, scope: Scope, value: Value, condition: Condition) -> Expr:
    """The aggregate, or `min` and `max` of several plain values."""
    if _is_function(node):
        items = tuple(value(arg, scope) for arg in node.args)
        return extreme(node.function, items, scope, node.span)
    if len(node.args) != 1:
        return _wrong_count(node, scope)
    arg = node.args[0]
    source = _source(node, arg, scope)
    if source is None or not source.path:
        return error_value(node.span)
    within, table = rows.inner(source, scope)
    of_row = None if _is_rows(arg, source) else value(arg, within)
    demands = [_bound(node, source, within, value, scope)]
    demands.append(rows.filtered(source, within, condition))
    if node.where is not None:
        demands.append(condition(node.where, within))
    where = make.all_of(*demands)
    if is_error(where) or (of_row is not None and is_error(of_row)):
        return error_value(node.span)
    return _shaped(node, source, table, of_row, where, within, scope, value)


def _is_function(node: ast.Aggregate) -> bool:
    plain = node.by is None and node.over is None and node.where is None
    return node.function in ("min", "max") and len(node.args) > 1 and plain


def _wrong_count(node: ast.Aggregate, scope: Scope) -> Expr:
    count = len(node.args)
    given = say_n("1 value", "{count} values", count) if count else say("no value at all")
    shape = f"{node.function}({_example(node.function)})"
    problem = say("one expression over a collection's columns is needed")
    scope.build.report(WrongArguments(node.span, node.function, given, problem, shape))
    return error_value(node.span)


def _example(function: str) -> str:
    return "orders" if function in ("count", "exists") else "orders.amount"


# ------------------------------------------------------------------------------ which rows


def _source(node: ast.Aggregate, arg: ast.Expr, scope: Scope) -> Source | None:
    """The rows the argument is about; None after a report."""
    found: list[tuple[ast.Name, Source]] = []
    for name in _names(arg):
        source = rows.find_source(name.parts, name.span, scope)
        if source is None:
            continue
        if not source.path:
            return None
        if not rows.is_column(source, scope.build.schema):
            rows.report_column(source, name, scope)
            return None
        found.append((name, source))
    if not found:
        _report_no_rows(node, arg, scope)
        return None
    return _the_one(found, node.span, scope)


def _names(arg: ast.Expr) -> list[ast.Name]:
    """The names in an argument, without those in aggregates inside: these have their own rows."""
    found: list[ast.Name] = []
    waiting: list[object] = [arg]
    while waiting:
        here = waiting.pop()
        if isinstance(here, ast.Name):
            found.append(here)
        elif isinstance(here, tuple):
            waiting.extend(reversed(here))
        elif isinstance(here, ast.Node) and not isinstance(here, (ast.Aggregate, ast.Ident)):
            waiting.extend(getattr(here, name) for name in reversed(here.__dataclass_fields__))
    return found


def _the_one(found: list[tuple[ast.Name, Source]], span: Span, scope: Scope) -> Source | None:
    """The innermost of the collections named; the others must be those around it."""
    name, chosen = max(found, key=lambda pair: pair[1].path.count("."))
    for other, source in found:
        around = chosen.path == source.path or chosen.path.startswith(f"{source.path}.")
        same_view = source.path != chosen.path or source.filters == chosen.filters
        if not around or not same_view or source.level != chosen.level:
            scope.build.report(MixedRows(other.span, name.text, other.text))
            return None
    return chosen


def _report_no_rows(node: ast.Aggregate, arg: ast.Expr, scope: Scope) -> None:
    if isinstance(arg, ast.Name) and lookup(arg.parts, arg.span, scope) is None:
        close = near(arg.text, of_rows(scope)) or tuple(
            ".".join((each, *arg.parts[1:])) for each in near(arg.parts[0], of_rows(scope))
        )
        hint = "" if close else say("name a collection of the schema, or a view of one")
        scope.build.report(UndefinedName(arg.span, arg.text, close, hint))
    else:
        scope.build.report(NotRows(arg.span, node.function, _example(node.function)))


def _is_rows(arg: ast.Expr, source: Source) -> bool:
    """Whether the argument is the rows themselves, as in `count(orders)`."""
    return isinstance(arg, ast.Name) and not source.rest


def _bound(node: ast.Aggregate, source: Source, within: Scope, value: Value, scope: Scope) -> Expr:
    """Which rows count by their time: none later than `as_of`, or those in the period."""
    row = within.rows[0]
    if node.over is None:
        return rows.existing(row, within, node.span)
    length = value(node.over.length, scope)
    ago = None if node.over.ending is None else value(node.over.ending, scope)
    times = rows.time_columns(row, within, node.span)
    if not times:
        scope.build.report(NoTime(node.over.span, source.path))
        return error_value(node.span)
    picked = in_over(times[0], node.over, length, ago, within)
    if node.over.direction == "next":
        return picked
    return make.all_of(picked, rows.existing(row, within, node.span))


# ------------------------------------------------------------------------------ what is made


def _shaped(
    node: ast.Aggregate, source: Source, table: Rows, of_row: Expr | None, where: Expr,
    within: Scope, scope: Scope, value: Value,
) -> Expr:  # fmt: skip
    function, span = node.function, node.span
    if not _fits(node, of_row, scope):
        return error_value(span)
    match function:
        case "count" | "exists" | "distinct" | "sum":
            return rows.over(function, table, of_row, where, scope, span)
        case "avg":
            total = rows.over("sum", table, of_row, where, scope, span)
            count = rows.over("count", table, of_row, where, scope, span)
            return divide(total, count, scope, span)
        case "min" | "max":
            if of_row is not None and isinstance(of_row.type, EnumType):
                return _extreme_word(function, table, of_row, where, scope, span)
            return rows.over(function, table, of_row, where, scope, span)
        case "latest" | "earliest":
            return _by_time(node, source, table, of_row, where, within, scope, value)


def _extreme_word(
    function: str, table: Rows, word: Expr, where: Expr, scope: Scope, span: Span
) -> Expr:
    """The lowest or highest word of an ordered enum: that of the row with the least or greatest
    rank; rows of one rank have the same word."""
    op: AggregateOp = "latest" if function == "max" else "earliest"
    there = make.all_of(where, make.known(word))
    return rows.over(op, table, word, there, scope, span, rank(word), rank(word))


def _by_time(
    node: ast.Aggregate, source: Source, table: Rows, of_row: Expr | None, where: Expr,
    within: Scope, scope: Scope, value: Value,
) -> Expr:  # fmt: skip
    keys = rows.key_of(source, scope.build.schema)
    if not keys:
        scope.build.report(NoKey(node.span, source.path, node.function))
        return error_value(node.span)
    by = _order(node, source, within, scope, value)
    if is_error(by):
        return by
    tie = _tie([(path, collection.key or "") for path, collection in keys], within)
    assert node.function in ("latest", "earliest")
    return rows.over(node.function, table, of_row, where, scope, node.span, by, tie)


def _order(node: ast.Aggregate, source: Source, within: Scope, scope: Scope, value: Value) -> Expr:
    """What the latest is the greatest of: the column behind `by`, or the rows' time."""
    if node.by is not None:
        by = value(node.by, within)
        if is_error(by) or ranges.has_order(by.type) or isinstance(by.type, TextType):
            return by
        advice = say("order rows by a time, a date or a number")
        scope.build.report(
            WrongType(by.span, phrase(by.type), say("something with an order"), advice)
        )
        return error_value(node.span)
    times = rows.time_columns(within.rows[0], within, node.span)
    if times:
        return times[0]
    scope.build.report(NoTime(node.span, source.path))
    return error_value(node.span)


def _tie(keys: list[tuple[str, str]], within: Scope) -> Expr:
    """The row's key; of rows inside rows, all keys from the outside in, as one text."""
    columns = [_key_column(path, key, within) for path, key in keys]
    if len(columns) == 1:
        return columns[0]
    parts = [_as_text(column) for column in columns]
    joined = parts[0]
    for part in parts[1:]:
        joined = call("join", TEXT, joined, const("\x1f", TEXT), part)
    return joined


def _key_column(path: str, key: str, within: Scope) -> Expr:
    collection = within.build.schema.collection(path)
    assert collection is not None
    each = collection.fields[key]
    name = key if path == within.rows[0].path else f"{path}.{key}"
    return Column(name, each.type, 0, each.maybe_unknown)


def _as_text(key: Expr) -> Expr:
    """A key as text that sorts as the key does: numbers get one width by adding a large one."""
    match key.type:
        case TextType() | EnumType():
            return key
        case DateType():
            return call("iso_date", TEXT, key)
        case _:
            return call("to_text", TEXT, call("add", INT, key, const(5 * NUMBER_LIMIT, INT)))


# ------------------------------------------------------------------------------ what fits


def _fits(node: ast.Aggregate, of_row: Expr | None, scope: Scope) -> bool:
    """Whether the function can be applied to such values; False after a report."""
    function = node.function
    if of_row is None:
        if function in ("count", "exists"):
            return True
        shape = f"{function}({_shape(node)})"
        problem = say("it must say which column")
        given = say("rows without a column")
        scope.build.report(WrongArguments(node.span, function, given, problem, shape))
        return False
    wanted = _wanted(function, of_row.type)
    if wanted is not None:
        advice = _advice(function, of_row.type)
        scope.build.report(WrongType(node.args[0].span, phrase(of_row.type), wanted, advice))
    return wanted is None


def _shape(node: ast.Aggregate) -> str:
    arg = node.args[0]
    return f"{arg.text}.column" if isinstance(arg, ast.Name) else "orders.amount"


def _wanted(function: str, kind: Type) -> Said | None:
    """What the function needs instead; None where the type will do."""
    number = ranges.number(kind) is not None
    match function:
        case "sum" | "avg":
            return None if number else say("a number, an amount or a length of time")
        case "min" | "max":
            ordered = isinstance(kind, EnumType) and kind.ordered
            return None if ranges.has_order(kind) or ordered else say("something with an order")
        case "count" | "exists":
            return say("a column or a collection") if isinstance(kind, BoolType) else None
        case "distinct":
            odd = isinstance(kind, (SetType, GeoType))
            return say("a single value") if odd else None
        case _:
            return None


def _advice(function: str, kind: Type) -> Said:
    if function in ("count", "exists"):
        return say(
            "write the condition behind `where`: `{function}(orders where …)`", function=function
        )
    if function == "sum" and isinstance(kind, BoolType):
        return say("count the rows of which it is true: `count(orders where …)`")
    return say("name another column")
