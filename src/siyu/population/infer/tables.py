"""Which table is that of the customers, and how the others belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from siyu.diagnostics import nearest
from siyu.population.infer import names
from siyu.population.infer.columns import guess_fields
from siyu.population.infer.files import named
from siyu.population.infer.model import FieldGuess, Guess, InferFailed, Seen, TableGuess, TableSeen
from siyu.words import Words, say, say_n

if TYPE_CHECKING:
    import duckdb

KEYS = ("int", "text")
ENOUGH = 0.8  # of a column's values must be keys of the customers
LOOKED_AT = 2_000  # values, for that
NEARLY = 0.9  # of the rows have a key of their own, where bad rows are among them


def relate(
    engine: duckdb.DuckDBPyConnection,
    tables: Sequence[TableSeen],
    customer: str | None,
    key: str | None,
) -> Guess:
    """A draft of all tables; raises InferFailed where no table can be that of the customers."""
    main, column = _customers(tables, customer, key)
    joined: dict[str, tuple[TableSeen, str]] = {}
    loose = []
    for table in tables:
        if table is main:
            continue
        owner = _owner(engine, table, main, column)
        if owner is None:
            loose.append(table)
        else:
            joined[table.name] = (table, owner)
    guesses = [_customer(main, column)]
    inside = {n: _around(engine, t, o, joined, column) for n, (t, o) in joined.items()}
    for name in sorted(joined, key=lambda n: _path(n, inside)):
        guesses.append(_rows(engine, name, joined, inside))
    return Guess(tuple(_told_apart(guesses)), tuple(loose))


# ---------------------------------------------------------------- customers


def _customers(
    tables: Sequence[TableSeen], wanted: str | None, key: str | None
) -> tuple[TableSeen, Seen]:
    if wanted is not None:
        found = next((t for t in tables if t.name == wanted), None)
        if found is None:
            raise _no_such(say("there is no table `{name}`", name=wanted), wanted,
                           [t.name for t in tables])  # fmt: skip
        return found, _key_of(found, key)
    ranked: list[tuple[int, int, int, TableSeen, Seen]] = []
    for table in tables:
        column = _best_key(table, key)
        if column is None or table.place.event:
            continue
        shared = sum(1 for other in tables if other is not table and other.column(column.name))
        about = names.is_customer(table.name) + names.is_customer(column.name)
        ranked.append((about, shared, -len(ranked), table, column))
    if not ranked:
        said = say("no table has a row per customer: none has a column that tells its rows apart")
        raise InferFailed(said, say("name the table with --customer and its column with --key"))
    *_, best, column = max(ranked, key=lambda each: each[:3])
    return best, column


def _no_such(said: Words, name: str, known: list[str]) -> InferFailed:
    near = nearest(name, known)
    if near:
        return InferFailed(said, say("did you mean `{near}`?", near=near[0]))
    return InferFailed(said, say("there are {names}", names=tuple(known)))


def _key_of(table: TableSeen, key: str | None) -> Seen:
    if key is not None:
        found = table.column(key)
        if found is None:
            said = say("`{table}` has no column `{name}`", table=table.name, name=key)
            raise _no_such(said, key, [each.name for each in table.columns])
        return found
    best = _best_key(table, None)
    if best is None:
        said = say("no column of `{table}` tells its rows apart", table=table.name)
        raise InferFailed(said, say("name the column of the customers' keys with --key"))
    return best


def _best_key(table: TableSeen, key: str | None) -> Seen | None:
    """The column that tells rows apart: one that is called like a key, else the first."""
    if key is not None:
        return table.column(key)
    unique = [each for each in table.columns if each.unique and not names.personal(each.name)]
    # An empty table still has the column, and one with a few bad rows, too.
    nearly = [c for c in table.columns if c.kind in KEYS or not table.rows]
    unique = unique or [
        c for c in nearly if names.is_key(c.name) and c.distinct >= NEARLY * table.rows
    ]
    called = [each for each in unique if names.is_key(each.name)]
    about = [each for each in called if names.is_customer(each.name)]
    return next(iter(about or called or unique), None)


def _customer(table: TableSeen, key: Seen) -> TableGuess:
    fields = list(guess_fields(table))
    notes = _left_out(table)
    if not key.unique and table.rows:
        notes.append(say("the column `{name}` does not tell all rows apart", name=key.name))
    place = next(n for n, each in enumerate(fields) if each.seen.name == key.name)
    fields[place] = _as_key(fields[place])
    return TableGuess("customer", table, tuple(fields), fields[place].name, notes=tuple(notes))


def _left_out(table: TableSeen) -> list[Words]:
    """Columns that no field can be made of, so that nobody thinks they were seen to."""
    return [
        say("`{name}` is left out: it holds lists or objects, or values of several kinds; rows "
            "inside a row need a table of their own", name=column.name)
        for column in table.columns
        if column.kind == "rows"
    ]  # fmt: skip


def _as_key(field: FieldGuess) -> FieldGuess:
    """A key is text or a whole number, and always there."""
    kind = "int" if field.settings["type"] in ("int", "money", "bool") else "text"
    if field.settings["type"] in ("date", "datetime") and field.seen.unique:
        kind = str(field.settings["type"])
    kept: dict[str, object] = {"type": kind}
    kept |= {k: v for k, v in field.settings.items() if k in ("label", "pii")}
    high = field.settings.get("max") if kind == "int" else None
    if isinstance(high, int) and high > 10**12:
        kept["max"] = high
    notes = field.notes if "pii" in kept else ()
    return replace(field, settings=kept, enum=(), notes=notes)


# ---------------------------------------------------------------- rows of customers


def _owner(
    engine: duckdb.DuckDBPyConnection, table: TableSeen, main: TableSeen, key: Seen
) -> str | None:
    """The column with the customers' keys."""
    same = table.column(key.name)
    if same is not None and same.kind in KEYS:
        return same.name
    about = [c for c in table.columns if c.kind in KEYS and names.is_customer(c.name)]
    others = [c for c in table.columns if c.kind in KEYS and names.is_key(c.name)]
    for column in dict.fromkeys((*about, *others)):
        if _are_keys(engine, table, column, main, key):
            return column.name
    return about[0].name if about and table.rows == 0 else None


def _are_keys(
    engine: duckdb.DuckDBPyConnection, table: TableSeen, column: Seen, main: TableSeen, key: Seen
) -> bool:
    """Whether nearly all values of a column are keys of customers. Small numbers always are."""
    if column.kind != key.kind or (column.kind == "int" and not names.is_customer(column.name)):
        return False
    place, own = named(column.name), named(key.name)
    some = (
        f"SELECT DISTINCT {place}::VARCHAR AS v FROM {table.place.select} "
        f"WHERE {place} IS NOT NULL LIMIT {LOOKED_AT}"
    )
    keys = f"SELECT {own}::VARCHAR FROM {main.place.select}"
    sql = f"SELECT count(*), count(*) FILTER (v IN ({keys})) FROM ({some})"
    found = engine.execute(sql).fetchone()
    return found is not None and found[0] > 0 and found[1] >= ENOUGH * found[0]


def _around(
    engine: duckdb.DuckDBPyConnection,
    table: TableSeen,
    owner: str,
    joined: dict[str, tuple[TableSeen, str]],
    customer: Seen,
) -> tuple[str, str] | None:
    """The table whose rows a table's rows lie in, and the column that says in which."""
    if table.place.event:
        return None
    for name, (other, _) in joined.items():
        if other is table or other.place.event:
            continue
        key = _best_key(other, None)
        if key is None or key.name in (owner, customer.name):
            continue
        own = table.column(key.name)
        if own is not None and own.kind == key.kind and not own.unique and own.missing == 0:
            if table.rows and not _all_in(engine, table, own.name, other):
                continue
            return name, own.name
    return None


def _all_in(
    engine: duckdb.DuckDBPyConnection, table: TableSeen, column: str, other: TableSeen
) -> bool:
    place = named(column)
    some = f"SELECT DISTINCT {place}::VARCHAR AS v FROM {table.place.select} LIMIT {LOOKED_AT}"
    keys = f"SELECT {place}::VARCHAR FROM {other.place.select}"
    sql = f"SELECT count(*), count(*) FILTER (v IN ({keys})) FROM ({some})"
    found = engine.execute(sql).fetchone()
    return found is not None and found[1] >= ENOUGH * found[0]


Inside = dict[str, tuple[str, str] | None]


def _path(name: str, inside: Inside) -> str:
    """ "orders.lines" of a table that lies in another one."""
    around = inside[name]
    own = names.table_name(name.rpartition(".")[2])[0]
    if around is None:
        return own
    return f"{_path(around[0], inside)}.{own}"


def _rows(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    joined: dict[str, tuple[TableSeen, str]],
    inside: Inside,
) -> TableGuess:
    table, owner = joined[name]
    around = inside[name]
    parent = None if around is None else around[1]
    without = (owner,) if parent is None else (owner, parent)
    fields = list(guess_fields(table, without))
    notes = _left_out(table)
    key = _row_key(engine, table, parent, without)
    for place, field in enumerate(fields):
        if key is not None and field.seen.name == key:
            fields[place] = _as_key(field)
    names_of = {field.seen.name: field.name for field in fields}
    time = _time(table, without)
    if key is None:
        notes.append(say("no column tells the rows apart: without a `key`, equal rows count twice"))
    if table.place.event:
        path = f"events.{names.table_name(name)[0]}"
    else:
        path = _path(name, inside)
        notes += _roles(table)
    missing = table.column(owner)
    if missing is not None and missing.missing:
        notes.append(say_n("1 row has no customer", "{count} rows have no customer",
                           missing.missing))  # fmt: skip
    return TableGuess(
        path,
        table,
        tuple(fields),
        None if key is None else names_of[key],
        None if time is None else names_of[time],
        owner,
        parent,
        tuple(notes),
    )


def _row_key(
    engine: duckdb.DuckDBPyConnection, table: TableSeen, parent: str | None, without: Sequence[str]
) -> str | None:
    columns = [each for each in table.columns if each.name not in without]
    unique = [each for each in columns if each.unique]
    called = [each for each in unique if names.is_key(each.name)]
    if called or unique:
        return (called or unique)[0].name
    if parent is None or not table.rows:
        return None
    may = [c for c in columns if c.kind in KEYS and not c.missing and not c.floats]
    for each in sorted(may, key=lambda c: not names.is_key(c.name)):
        pair = f"({named(parent)}, {named(each.name)})"
        found = engine.execute(
            f"SELECT count(DISTINCT {pair}) FROM {table.place.select}"
        ).fetchone()
        if found is not None and found[0] == table.rows:
            return each.name
    return None


def _time(table: TableSeen, without: Sequence[str]) -> str | None:
    """When a row happened: an instant rather than a date, and one that is called so."""
    may = [
        each
        for each in table.columns
        if each.kind in ("datetime", "date")
        and not each.missing
        and each.name not in without
        and not names.is_birthday(each.name)
        and (each.kind == "datetime" or not table.place.event)
    ]
    ranked = sorted(may, key=lambda c: (c.kind == "date", not names.is_time(c.name)))
    return ranked[0].name if ranked else None


ROLES = (
    ("contact log", ("contact", "channel")),
    ("incentive log", ("incentive",)),
    ("points log", ("rule", "account", "points", "event")),
    ("consents", ("channel", "granted")),
)


def _roles(table: TableSeen) -> list[Words]:
    columns = {names.field_name(each.name)[0] for each in table.columns}
    return [
        say("may be `role: {role}`", role=role)
        for role, needed in ROLES
        if columns.issuperset(needed)
    ]


def _told_apart(guesses: list[TableGuess]) -> list[TableGuess]:
    """A collection is not called like a field of what is around it."""
    taken = {field.name for field in guesses[0].fields}
    found = []
    for guess in guesses:
        path = guess.path
        first, dot, rest = path.partition(".")
        if first not in ("customer", "events") and first in taken:
            path = f"{first}_rows{dot}{rest}"
        found.append(replace(guess, path=path))
    return found
