"""A record and what came of it as a `test` declaration, in the language of a file's keywords."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from siyu.core.ir import Held
from siyu.core.program import Program
from siyu.schema.model import Collection, Field
from siyu.syntax import ast
from siyu.syntax.keywords import Language
from siyu.syntax.unparse import unparse
from siyu.testing.coverage.rules import Rule
from siyu.testing.suggest.record import Draft, Maker
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    IntType,
    LevelType,
    MoneyType,
    SetType,
    TimeType,
    Type,
    scale_of,
)  # fmt: skip


class CannotWrite(Exception):
    """Something of a record has no literal in the language: a place on the map, for one."""


def test_text(node: ast.Test, keywords: Language) -> str:
    """The declaration as the formatter writes it."""
    return unparse(ast.File(None, (), (node,)), keywords).strip() + "\n"


def test_node(
    title: str, draft: Draft, expected: Iterable[ast.Expect | ast.ExpectNo], maker: Maker,
    program: Program,
) -> ast.Test:  # fmt: skip
    """The test of a record. Raises CannotWrite."""
    given = (*_calibration(draft, program), *_given(draft, maker, program))
    moment = draft.moment.astimezone(maker.zone)
    at = ast.DateTime(moment.date().isoformat(), f"{moment:%H:%M}")
    return ast.Test(title, at, (*given, *expected))


# ---------------------------------------------------------------- what is given


def _calibration(draft: Draft, program: Program) -> Iterator[ast.GivenFields]:
    types = {cut.name: cut.type for cut in program.cuts}
    assigns = tuple(
        ast.Assign(_name(name), held_literal(value, types[name]) if value is not None else _UNKNOWN)
        for name, value in draft.cuts.items()
        if name in types
    )
    if assigns:
        yield ast.GivenFields(ast.Ident("calibration"), assigns)


def _given(
    draft: Draft, maker: Maker, program: Program
) -> Iterator[ast.GivenFields | ast.GivenGrid]:
    schema, request = maker.schema, draft.request
    yield from _fields("customer", request["customer"], schema.fields, maker)
    for name, collection in schema.collections.items():
        rows = request["customer"].get(name)
        if rows:
            yield from _grids((name,), rows, collection, maker)
    if draft.event is not None:
        yield from _fields(draft.event, request["event"], schema.events[draft.event].fields, maker)
    yield from _fields("context", request.get("context", {}), schema.context, maker)
    yield from _metrics(request.get("metrics", {}), program, maker)


def _metrics(
    metrics: Mapping[str, Any], program: Program, maker: Maker
) -> Iterator[ast.GivenFields]:
    types = {binding.name: binding.type for binding in program.bindings if binding.metric}
    assigns = tuple(
        ast.Assign(_name(name), literal(value, types[name], maker))
        for name, value in metrics.items()
        if name in types and value is not None
    )
    if assigns:
        yield ast.GivenFields(ast.Ident("metrics"), assigns)


def _fields(
    what: str, values: Mapping[str, Any], fields: Mapping[str, Field], maker: Maker
) -> Iterator[ast.GivenFields]:
    assigns = tuple(
        ast.Assign(_name(name), literal(values[name], each.type, maker))
        for name, each in fields.items()
        if values.get(name) is not None and values[name] != []
    )
    if assigns:
        yield ast.GivenFields(ast.Ident(what), assigns)


def _grids(
    path: tuple[str, ...], rows: list[Any], collection: Collection, maker: Maker
) -> Iterator[ast.GivenGrid]:
    columns = [name for name in collection.fields if any(row.get(name) is not None for row in rows)]
    if not columns:
        raise CannotWrite
    cells = tuple(
        tuple(_cell(row.get(name), collection.fields[name], maker) for name in columns)
        for row in rows
    )
    yield ast.GivenGrid(_name(".".join(path)), tuple(_name(c) for c in columns), cells)
    for name, nested in collection.collections.items():
        yield from _nested((*path, name), rows, collection, nested, maker)


def _nested(
    path: tuple[str, ...], rows: list[Any], outer: Collection, nested: Collection, maker: Maker
) -> Iterator[ast.GivenGrid]:
    """Rows inside rows, each with the key of the row around it."""
    below = [(row, inner) for row in rows for inner in row.get(path[-1], [])]
    if not below:
        return
    if outer.key is None or nested.collections:
        raise CannotWrite
    own = [name for name in nested.fields if any(inner.get(name) is not None for _, inner in below)]
    cells = tuple(
        (
            _cell(row.get(outer.key), outer.fields[outer.key], maker),
            *(_cell(inner.get(name), nested.fields[name], maker) for name in own),
        )
        for row, inner in below
    )
    heads = tuple(_name(name) for name in (f"{path[-2]}.{outer.key}", *own))
    yield ast.GivenGrid(_name(".".join(path)), heads, cells)


_UNKNOWN = ast.Name(("unknown",))


def _cell(value: Any, each: Field, maker: Maker) -> ast.Expr:
    return _UNKNOWN if value is None else literal(value, each.type, maker)


def _name(text: str) -> ast.Name:
    return ast.Name(tuple(text.split(".")))


# ---------------------------------------------------------------- literals


def literal(value: Any, kind: Type, maker: Maker) -> ast.Expr:
    """A value as records bring it, as it is written in a policy. Raises CannotWrite."""
    match kind:
        case BoolType():
            return ast.Bool(bool(value))
        case IntType() | DecimalType():
            return _number(Decimal(str(value)))
        case MoneyType(currency=currency):
            return _number(Decimal(str(value)), currency)
        case DateType():
            return ast.Date(str(value))
        case DateTimeType():
            return _moment(str(value), maker)
        case TimeType():
            return ast.Time(str(value)[:5])
        case EnumType():
            return _name(str(value))
        case SetType(item=item):
            words = tuple(literal(word, item, maker) for word in value)
            return words[0] if len(words) == 1 else ast.Set(words)
        case LevelType():
            return _name(str(value))
        case DurationType():
            raise CannotWrite
        case _ if isinstance(value, str):
            return ast.Text(value)
        case _:
            raise CannotWrite


def _moment(text: str, maker: Maker) -> ast.Expr:
    moment = dt.datetime.fromisoformat(text).astimezone(maker.zone)
    if moment.second or moment.microsecond:
        raise CannotWrite
    day = moment.date().isoformat()
    midnight = moment.hour == moment.minute == 0
    return ast.Date(day) if midnight else ast.DateTime(day, f"{moment:%H:%M}")


def _number(value: Decimal, unit: str | None = None) -> ast.Expr:
    digits = f"{abs(value):f}"
    if "." in digits and not digits.rpartition(".")[2].strip("0"):
        digits = digits.rpartition(".")[0]
    number = ast.Number(digits, unit)
    return ast.Negative(number) if value < 0 else number


def held_literal(value: Held, kind: Type) -> ast.Expr:
    """A held value as it is written in a policy. Raises CannotWrite."""
    match kind:
        case BoolType():
            return ast.Bool(bool(value))
        case IntType() | DecimalType() | MoneyType() if isinstance(value, int):
            unit = kind.currency if isinstance(kind, MoneyType) else None
            return _number(Decimal(value).scaleb(-scale_of(kind)), unit)
        case DurationType() if isinstance(value, int):
            return _number(Decimal(value).scaleb(-kind.scale), kind.unit)
        case DateType() if isinstance(value, int):
            return ast.Date(dt.date.fromordinal(value).isoformat())
        case EnumType():
            return _name(str(value))
        case _ if isinstance(value, str):
            return ast.Text(value)
        case _:
            raise CannotWrite


# ---------------------------------------------------------------- what is expected


def expected_of(
    rule: Rule, values: Mapping[str, Any], program: Program
) -> tuple[ast.Expect | ast.ExpectNo, ...]:
    """What came of a rule, as a test expects it. Raises CannotWrite."""
    types = {binding.name: binding.type for binding in program.bindings}
    return tuple(_expected(rule, values, types))


def _expected(
    rule: Rule, values: Mapping[str, Any], types: Mapping[str, Type]
) -> Iterator[ast.Expect | ast.ExpectNo]:
    value, name = values.get(rule.main), _name(rule.name)
    match rule.section:
        case "segments" | "points" | "incentives" | "contacts" if value is False:
            yield ast.ExpectNo(name)
        case "segments" | "incentives" if value is True:
            yield ast.Expect(name)
        case "contacts":
            yield ast.Expect(name)
            yield from _equal(f"{rule.name}.channel", values, types)
        case "points":
            points = f"{rule.name}.points"
            paid = points if values.get(points) is not None else f"{rule.name}.worth"
            yield from _equal(paid, values, types)
        case "classes" | "tiers" if value is not None:
            yield ast.Expect(ast.Is(name, _name(str(value))))
        case "tables" if value is not None:
            yield from _equal(rule.main, values, types)
        case "scores" if value is not None:
            yield from _equal(rule.main, values, types)
        case "segments" | "classes" | "tiers" | "scores" if value is None:
            yield ast.Expect(ast.IsKnown(name, False))
        case "tables" if rule.main in types:
            yield ast.Expect(ast.IsKnown(_name(rule.main), False))
        case _:
            raise CannotWrite


def _equal(
    binding: str, values: Mapping[str, Any], types: Mapping[str, Type]
) -> Iterator[ast.Expect]:
    if values.get(binding) is not None:
        right = held_literal(values[binding], types[binding])
        yield ast.Expect(ast.Compare("=", _name(binding), right))
