"""Rows of collections: which ones a name means, and aggregates over them.

Rows later than `as_of` do not exist, so every aggregate over a collection with a time leaves them
out, except with `over next`. Nested rows exist as long as the row around them does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from siyu.core.ir import Aggregate, AggregateOp, Column, Expr, Rows
from siyu.schema import Collection, Schema
from siyu.semantics import make, ranges
from siyu.semantics.build import RowScope, Scope, error_value
from siyu.semantics.candidates import near, of_fields, of_rows
from siyu.semantics.errors import (
    AmbiguousRows,
    NestedFilter,
    NoSuchField,
    UndefinedName,
)  # fmt: skip
from siyu.semantics.names import find_declared, lookup, outcome_of
from siyu.semantics.optional import enter
from siyu.semantics.order import tree
from siyu.semantics.times import until_now
from siyu.semantics.type_errors import WrongType
from siyu.semantics.units import checked
from siyu.syntax import ast
from siyu.text import NOWHERE, Span
from siyu.types import BOOL, ROWS_LIMIT, IntType, Type
from siyu.words import say

Filter = tuple[ast.Expr, Scope]
Lower = Callable[[ast.Expr, Scope], Expr]


@dataclass(frozen=True, slots=True)
class Source:
    """The rows a name means: a collection's path, the filters of views (each with the scope it was
    written in; a row in that scope says which collection's row it speaks of), `level` where the
    rows are nested in a row of the scope, and what of the name is left: a column."""

    path: str
    rest: tuple[str, ...]
    called: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    level: int | None = None


def find_source(parts: tuple[str, ...], span: Span, scope: Scope) -> Source | None:
    """The rows that a name means, or whose column it names; None where it means none."""
    found = (
        _nested_here(parts, scope)
        or _collection(parts, scope.build.schema)
        or _view(parts, span, scope)
        or _nested_anywhere(parts, span, scope)
    )
    if found is None:
        return None
    written = ".".join(parts[: len(parts) - len(found.rest)])
    return replace(found, called=tuple(dict.fromkeys((*found.called, written))))


def _nested_here(parts: tuple[str, ...], scope: Scope) -> Source | None:
    """`lines` or `orders.lines` inside a row of orders: that order's lines."""
    for level, row in enumerate(scope.rows):
        collection = scope.build.schema.collection(row.path)
        if collection is None or row.seen_as:
            continue
        for skip in _row_called(parts, row):
            rest = parts[skip:]
            if rest and rest[0] in collection.collections:
                path = f"{row.path}.{rest[0]}"
                return Source(path, rest[1:], (rest[0],), level=level)
    return None


def _row_called(parts: tuple[str, ...], row: RowScope) -> tuple[int, ...]:
    """How many words in front of a name call the row itself: none, or its path or name."""
    names = (row.path, row.path.rpartition(".")[2], *row.names)
    sizes = {n for n in range(1, len(parts)) if ".".join(parts[:n]) in names}
    return (0, *sorted(sizes))


def _collection(parts: tuple[str, ...], schema: Schema) -> Source | None:
    for n in range(len(parts), 0, -1):
        path = ".".join(parts[:n])
        if schema.collection(path) is not None:
            return Source(path, parts[n:], (path, parts[n - 1]))
    return None


def _view(parts: tuple[str, ...], span: Span, scope: Scope) -> Source | None:
    found = find_declared(parts, scope)
    if found is None or not isinstance(found[0].node, ast.View):
        return None
    declared, rest = found
    outcome = outcome_of(declared, span, scope)
    if outcome is None or outcome.view is None:
        return Source("", rest)
    view = outcome.view
    name = declared.name.removeprefix(scope.prefix)
    return _inside(Source(view.path, rest, (name,), view.filters), scope)


def _inside(source: Source, scope: Scope) -> Source:
    """A view's nested collection, as in `purchases.lines`; its filters then speak of rows around.

    A view of nested rows, inside a row that holds such rows, means those of that row alone.
    """
    path, rest, filters = source.path, source.rest, source.filters
    while rest and (deeper := scope.build.schema.collection(f"{path}.{rest[0]}")):
        filters = tuple((expr, _speaking_of(path, at)) for expr, at in filters)
        path, rest = f"{path}.{deeper.name}", rest[1:]
    around = path.rpartition(".")[0]
    own = all(not at.rows for _, at in filters)
    here = (n for n, row in enumerate(scope.rows) if row.path == around and not row.seen_as)
    level = next(here, None)
    called = source.called if path == source.path else (path, path.rpartition(".")[2])
    return Source(path, rest, called, filters, level if own else None)


def _speaking_of(path: str, at: Scope) -> Scope:
    return at if at.rows else replace(at, rows=(RowScope(path),))


def _nested_anywhere(parts: tuple[str, ...], span: Span, scope: Scope) -> Source | None:
    """`lines.qty` where only one collection has rows called lines."""
    paths = [path for path, _ in scope.build.schema.walk() if path.endswith(f".{parts[0]}")]
    if len(paths) > 1:
        scope.build.report(AmbiguousRows(span, parts[0], tuple(paths)))
        return Source("", parts[1:])
    return Source(paths[0], parts[1:], (parts[0],)) if paths else None


def is_column(source: Source, schema: Schema) -> bool:
    """Whether a name means rows or a column of theirs, and not something else behind a dot."""
    collection = schema.collection(source.path)
    return not source.rest or bool(collection and source.rest[0] in collection.fields)


# ------------------------------------------------------------------------------ for rule kinds


def collection_path(name: ast.Name, scope: Scope) -> tuple[str, tuple[Filter, ...]]:
    """The path of the collection that a name or a view means, and the filters of the views on the
    way; ("", ()) after a report."""
    source = find_source(name.parts, name.span, scope)
    if source is None:
        meant = [*of_rows(scope)] if lookup(name.parts, name.span, scope) is None else []
        if meant:
            close = near(name.text, meant)
            scope.build.report(UndefinedName(name.span, name.text, close))
        else:
            instead = say("name a collection of the schema, or a view")
            what = say("one value"), say("the rows of a collection")
            scope.build.report(WrongType(name.span, *what, instead))
        return "", ()
    if source.path and source.rest:
        report_column(source, name, scope)
        return "", ()
    return source.path, source.filters


def report_column(source: Source, name: ast.Name, scope: Scope) -> None:
    """That a collection has no such column."""
    collection = scope.build.schema.collection(source.path)
    fields = tuple(collection.fields.values()) if collection else ()
    word = ".".join(source.rest)
    called = ".".join(name.parts[: len(name.parts) - len(source.rest)])
    close, has = near(word, of_fields(fields)), tuple(each.name for each in fields)
    scope.build.report(NoSuchField(name.span, word, called, close, has))


def row_scope(path: str, scope: Scope, names: tuple[str, ...] = ()) -> tuple[Scope, Rows]:
    """The scope of one row of a collection, and the rows as an aggregate names them."""
    return enter(scope, RowScope(path, names=names)), Rows(path)


def inner(source: Source, scope: Scope) -> tuple[Scope, Rows]:
    """The same for rows that a name means."""
    if source.level is None:
        return row_scope(source.path, scope, source.called)
    rows = Rows(source.path.rpartition(".")[2], True, source.level)
    return enter(scope, RowScope(source.path, True, source.called)), rows


def column(name: str, scope: Scope, span: Span = NOWHERE) -> Expr:
    """A column of the innermost row, by its name in the schema."""
    row = scope.rows[0]
    collection = scope.build.schema.collection(row.path)
    assert collection is not None
    each = collection.fields[name]
    return Column(name, scope.build.real_type(each.type), 0, each.maybe_unknown, span=span)


# ------------------------------------------------------------------------------ time


def time_columns(row: RowScope, scope: Scope, span: Span) -> tuple[Expr, ...]:
    """The columns that say when a row came to be: its own, then those of the rows around it that
    stand in the same table. `scope` is the scope of the row."""
    found: list[Expr] = []
    schema = scope.build.schema
    steps = row.path.split(".")
    for n in range(len(steps), 0, -1):
        path = ".".join(steps[:n])
        collection = schema.collection(path)
        if collection is not None and collection.time is not None:
            each = collection.fields[collection.time]
            name = each.name if path == row.path else f"{path}.{each.name}"
            found.append(Column(name, each.type, 0, each.maybe_unknown, span=span))
        if row.nested:
            break
    return tuple(found)


def existing(row: RowScope, scope: Scope, span: Span) -> Expr:
    """That the row is not later than `as_of`."""
    times = time_columns(row, scope, span)
    return make.all_of(*(until_now(time, scope) for time in times))


def filtered(source: Source, scope: Scope, condition: Lower) -> Expr:
    """The views' filters as conditions on a row."""
    return make.all_of(*(_filter(each, source, scope, condition) for each in source.filters))


def _filter(each: Filter, source: Source, scope: Scope, condition: Lower) -> Expr:
    written, at = each
    row = scope.rows[0]
    spoken = at.rows[0].path if at.rows else source.path
    seen = "" if spoken == source.path else spoken
    if seen and _counts_rows(written, spoken, at):
        at.build.report(NestedFilter(written.span, spoken))
        return error_value(written.span)
    place = RowScope(source.path, row.nested, (spoken,), seen)
    return condition(written, replace(at, rows=(place,), known=frozenset()))


def _counts_rows(written: ast.Expr, path: str, at: Scope) -> bool:
    """Whether a condition on a row of a path looks into its nested rows."""
    collection = at.build.schema.collection(path)
    nested = set(collection.collections) if collection else set()
    return any(
        isinstance(node, ast.Name) and any(part in nested for part in node.parts)
        for node in tree(written)
    )


# ------------------------------------------------------------------------------ aggregates


def aggregate(
    op: AggregateOp,
    path: str,
    value: Expr | None,
    where: Expr | None,
    scope: Scope,
    *,
    by: Expr | None = None,
    tie: Expr | None = None,
    every_row: bool = False,
    span: Span = NOWHERE,
) -> Expr:
    """An aggregate over a whole collection, for rules that count in logs.

    `value`, `where`, `by` and `tie` stand in `row_scope(path, scope)`. Rows later than `as_of` do
    not count, unless `every_row`. Over a collection that may be absent the result may be unknown.
    """
    within, rows = row_scope(path, scope)
    row = within.rows[0]
    bound = make.true if every_row else existing(row, within, span)
    demands = make.all_of(bound, *(() if where is None else (where,)))
    return over(op, rows, value, demands, scope, span, by, tie)


def over(
    op: AggregateOp,
    rows: Rows,
    value: Expr | None,
    where: Expr,
    scope: Scope,
    span: Span,
    by: Expr | None = None,
    tie: Expr | None = None,
) -> Expr:
    """The core aggregate with its type; what was reported stays reported."""
    if make.is_error(where, *(part for part in (value, by, tie) if part is not None)):
        return error_value(span)
    kept = None if make.is_true(where) else where
    kind = _type_of(op, value)
    return checked(Aggregate(op, rows, value, kept, kind, by, tie, span=span), scope, span)


def _type_of(op: AggregateOp, value: Expr | None) -> Type:
    if op == "exists":
        return BOOL
    if op in ("count", "distinct") or value is None:
        return IntType(0, ROWS_LIMIT)
    number = ranges.number(value.type)
    if op != "sum" or number is None:
        return value.type
    low, high = ranges.bounds(number)
    return ranges.within(number, (min(low, 0) * ROWS_LIMIT, max(high, 0) * ROWS_LIMIT))


def key_of(source: Source, schema: Schema) -> tuple[tuple[str, Collection], ...]:
    """The keyed collections from the outermost to the rows themselves; empty where one has none."""
    steps = source.path.split(".")
    start = len(steps) if source.level is not None else 1
    found: list[tuple[str, Collection]] = []
    for n in range(start, len(steps) + 1):
        path = ".".join(steps[:n])
        collection = schema.collection(path)
        if collection is None or collection.key is None:
            return ()
        found.append((path, collection))
    return tuple(found)
