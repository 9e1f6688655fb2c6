"""Row filters as SQL conditions on the columns of a source."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
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
        elif (value := _unfit(each, column)) is not None:
            told = say("`where` compares the column `{column}` of `{table}`, which is of type "
                       "{type}, with `{value}`", column=each.column, table=table,
                       type=column.name, value=str(value))  # fmt: skip
            problems.append(Problem(told, each.span))
        else:
            made.append(f"({_condition(each, column, dialect)})")
    return " AND ".join(made), problems


def _unfit(each: Filter, column: Physical) -> Scalar:
    """A value that no cell of such a column can be; None where there is none."""
    fits = _FITS.get(column.kind)
    values = (each.low, each.high) if each.among is None else each.among
    for value in values:
        if value is not None and fits is not None and not fits(value):
            return value
    return None


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | Decimal) or (
        isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]+(\.[0-9]+)?\s*", value) is not None
    )


def _is_truth(value: Scalar) -> bool:
    return isinstance(value, int) or str(value).casefold() in ("true", "false", "t", "f", "1", "0")


def _is_date(value: Scalar) -> bool:
    return _read(dt.datetime.fromisoformat, value) and "-" in str(value)


def _is_time(value: Scalar) -> bool:
    return _read(dt.time.fromisoformat, value) and ":" in str(value)


def _read(reader: Callable[[str], object], value: Scalar) -> bool:
    try:
        reader(str(value))
    except ValueError:
        return False
    return True


_FITS: Mapping[str, Callable[[Scalar], bool]] = {
    "int": _is_number, "decimal": _is_number, "float": _is_number, "bool": _is_truth,
    "date": _is_date, "naive": _is_date, "instant": _is_date, "time": _is_time,
}  # fmt: skip


def no_column(column: str, columns: Mapping[str, Physical], table: str) -> Words:
    """That a table has no such column, and which one was meant."""
    if not columns:
        return say("the table `{table}` is empty, so that nobody knows its column `{column}`; "
                   "where it may be empty, say `missing: allowed`", table=table,
                   column=column)  # fmt: skip
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
