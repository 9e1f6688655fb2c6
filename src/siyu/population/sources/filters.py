"""Row filters as SQL conditions on the columns of a source."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from siyu.diagnostics import nearest
from siyu.functions.declaration import Dialect
from siyu.population.files import Problem
from siyu.population.sources.model import Filter, Scalar
from siyu.population.sources.physical import Physical
from siyu.population.sources.sqltext import literal, name
from siyu.text import Span
from siyu.words import Words, either, say


def where(
    filters: tuple[Filter, ...], columns: Mapping[str, Physical], table: str, dialect: Dialect
) -> tuple[str, list[Problem]]:
    """The condition that all filters make together ("" of none), and what is wrong with them."""
    made, problems = [], []
    for each in filters:
        column = columns.get(each.column)
        if column is None:
            told = no_column(each.column, columns, table)
            problems.append(Problem(told, each.span))
        else:
            made.append(f"({_condition(each, column, dialect)})")
    return " AND ".join(made), problems


def no_column(column: str, columns: Mapping[str, Physical], table: str) -> Words:
    """That a table has no such column, and which one was meant."""
    near = nearest(column, columns)
    if near:
        return say("the table `{table}` has no column `{column}`; did you mean {near}",
                   table=table, column=column, near=either(near))  # fmt: skip
    known = tuple(columns)[:12]
    return say("the table `{table}` has no column `{column}`; it has {known}", table=table,
               column=column, known=known)  # fmt: skip


def problem(column: str, columns: Mapping[str, Physical], table: str, span: Span) -> Problem:
    """The same at a place of the file."""
    return Problem(no_column(column, columns, table), span)


def _condition(each: Filter, column: Physical, dialect: Dialect) -> str:
    x = name(each.column, dialect)
    if column.kind == "json":
        x = f"json_extract_string({x}, '$')"
    if each.among is None:
        bounds = ((each.low, ">="), (each.high, "<="))
        return " AND ".join(
            _bounded(x, sign, bound, column, dialect) for bound, sign in bounds if bound is not None
        )
    known = [_value(item, column, dialect) for item in each.among if item is not None]
    tests = [f"{_same(x, column)} IN ({', '.join(known)})"] if known else []
    if None in each.among:
        tests.append(f"{x} IS NULL")
    made = " OR ".join(tests)
    if not each.negated:
        return made
    unknown = "" if None in each.among else f"{x} IS NULL OR "
    return f"{unknown}NOT COALESCE({made}, FALSE)"


def _same(x: str, column: Physical) -> str:
    return f"CAST({x} AS VARCHAR)" if column.kind == "other" else x


def _bounded(x: str, sign: str, bound: Scalar, column: Physical, dialect: Dialect) -> str:
    """Texts that are compared with a number are taken as numbers."""
    number = isinstance(bound, int | Decimal) and not isinstance(bound, bool)
    if number and column.kind in ("text", "json"):
        return f"TRY_CAST({x} AS DECIMAL(38, 9)) {sign} {bound}"
    return f"{x} {sign} {_value(bound, column, dialect)}"


def _value(value: Scalar, column: Physical, dialect: Dialect) -> str:
    """A constant that compares with a column."""
    if isinstance(value, bool):
        if column.kind in ("text", "json", "other"):
            return literal("true" if value else "false", dialect)
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | Decimal):
        if column.kind in ("int", "decimal", "float"):
            return str(value)
        if column.kind in ("text", "json"):
            return literal(str(value), dialect)
    text = literal(str(value), dialect)
    kinds = {"date": "DATE", "instant": "TIMESTAMP", "naive": "TIMESTAMP", "time": "TIME"}
    if dialect == "duckdb" and column.kind == "instant":
        return f"CAST({text} AS TIMESTAMPTZ)"
    if column.kind in kinds:
        return f"CAST({text} AS {kinds[column.kind]})"
    return text
