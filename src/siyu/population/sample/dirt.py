"""Spoiling a share of the rows on purpose, and keeping account of it."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.population.sample.draws import Draws, name, text
from siyu.population.sample.model import MILLION, Column, Table, Wish

EXAMPLES = 20  # of each kind of mistake in a table, in dirty.json


@dataclass(frozen=True, slots=True)
class Mistake:
    """One kind of mistake in one column: `sql` is what stands there instead."""

    kind: str
    column: str
    sql: str
    twice: bool = False  # the row is there as it should be, too


@dataclass(frozen=True, slots=True)
class Dirty:
    """A table with mistakes: `select` gives its rows, `account` kind, column, number and first
    keys of each mistake; both have `{low}` and `{high}`."""

    select: str
    account: str


def mistakes(table: Table, wish: Wish) -> tuple[Mistake, ...]:
    """The mistakes that can be made in a table."""
    found: list[Mistake] = []
    for column in table.columns:
        place = name(column.name)
        match column.domain:
            case "customer" | "parent":
                found.append(Mistake("null_key", column.name, "NULL"))
                found.append(Mistake("orphan", column.name, column.outside))
            case "key":
                found.append(Mistake("null_key", column.name, "NULL"))
            case "date" | "datetime":
                past = f"{place} + INTERVAL 400 DAY"
                cast = "DATE" if column.domain == "date" else "TIMESTAMPTZ"
                found.append(Mistake("future", column.name, f"({past})::{cast}"))
            case _:
                pass
        if column.outside and column.domain not in ("customer", "parent"):
            kind = "unknown_member" if column.domain == "enum" else "out_of_range"
            found.append(Mistake(kind, column.name, column.outside))
        if column.needed and column.domain not in ("customer", "parent", "key"):
            found.append(Mistake("missing", column.name, "NULL"))
        if wish.form == "csv" and column.domain in ("number", "date", "datetime"):
            found.append(Mistake("wrong_text", column.name, text("n/a")))
    changed = _twin(table)
    if changed is not None:
        found.append(changed)
    return tuple(found)


def _twin(table: Table) -> Mistake | None:
    """The same key a second time, with something else beside it."""
    if not any(column.domain == "key" for column in table.columns):
        return None
    for column in table.columns:
        place = name(column.name)
        if column.domain == "number":
            return Mistake("duplicate_key", column.name, f"{place} + 1", True)
        if column.domain in ("date", "datetime"):
            cast = "DATE" if column.domain == "date" else "TIMESTAMPTZ"
            sql = f"({place} - INTERVAL 1 DAY)::{cast}"
            return Mistake("duplicate_key", column.name, sql, True)
    return None


def spoilt(table: Table, wish: Wish, draws: Draws, base: str) -> Dirty:
    """The rows of a base of the table, with mistakes."""
    kinds = mistakes(table, wish)
    chosen = draws.number(table.row, (table.path, "dirty"), MILLION)
    which = draws.number(table.row, (table.path, "mistake"), len(kinds))
    wrong = f"CASE WHEN {chosen} < {wish.dirty} THEN {which} ELSE -1 END"
    clean = ", ".join(f"{each.sql} AS {name(each.name)}" for each in table.columns)
    rows = f"SELECT {clean}, {table.row} AS __row, {wrong} AS __wrong FROM ({base})"
    doubled = [str(place) for place, each in enumerate(kinds) if each.twice]
    copies = f"CASE WHEN __wrong IN ({', '.join(doubled) or '-2'}) THEN [0, 1] ELSE [1] END"
    several = f"SELECT *, unnest({copies}) AS __copy FROM ({rows})"
    columns = [_column(each, kinds) for each in table.columns]
    select = f"SELECT {', '.join(columns)} FROM ({several})"
    key = _identity(table)
    account = (
        f"SELECT __wrong, count(*), list({key} ORDER BY __row)[:{EXAMPLES}] FROM ({rows}) "
        "WHERE __wrong >= 0 GROUP BY 1 ORDER BY 1"
    )
    return Dirty(select, account)


def _identity(table: Table) -> str:
    keys = [each.name for each in table.columns if each.domain in ("customer", "parent", "key")]
    parts = ", ".join(f"{name(each)}::VARCHAR" for each in keys) or "__row::VARCHAR"
    return f"[{parts}]"


def _column(column: Column, kinds: tuple[Mistake, ...]) -> str:
    place = name(column.name)
    own = [(index, each) for index, each in enumerate(kinds) if each.column == column.name]
    as_text = "({})::VARCHAR" if any(each.kind == "wrong_text" for _, each in own) else "{}"
    arms = []
    for index, each in own:
        written = each.sql if each.kind == "wrong_text" else column.written.format(each.sql)
        arms.append(f"WHEN __wrong = {index} AND __copy = 1 THEN {as_text.format(written)}")
    clean = as_text.format(column.written.format(place))
    return f"CASE {' '.join(arms)} ELSE {clean} END AS {place}" if arms else f"{clean} AS {place}"
