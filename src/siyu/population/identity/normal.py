"""Keys in their one way of writing, by SQL: of all that is plain ASCII, and of Chinese words. What
else there is of different values is written by `siyu.functions.evidence` itself, on every engine,
so that all of them say the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from siyu.core.identities import Identity, Value
from siyu.functions.declaration import Dialect
from siyu.functions.evidence import (
    ADDRESS,
    BETWEEN,
    COUNTRIES,
    LEAST_DIGITS,
    LONGEST_ADDRESS,
    MOST_DIGITS,
    Numbering,
    key_of,
)
from siyu.functions.sql import TEXT
from siyu.population.engines import Engine
from siyu.population.sources.sqltext import literal, literals, matches, name
from siyu.types import TextType

PLAIN = "[ -~]*"  # ASCII that can be seen
WORDS = "[ -~\u4e00-\u9fff]*"  # and Chinese characters, which are written in one way only
AT_ONCE = 2_000


def normal_sql(raw: str, value: Value, identity: Identity, dialect: Dialect) -> str:
    """A plain value in its one way of writing, NULL where it cannot be one. What the identity
    ignores is not looked at here."""
    if not isinstance(value.type, TextType):
        return raw
    match value.kind:
        case "phone":
            return _phone(raw, COUNTRIES[identity.country], dialect)
        case "email":
            address = f"lower(trim({raw}))"
            whole = matches(address, ADDRESS, dialect)
            return (
                f"CASE WHEN {whole} AND length({address}) <= {LONGEST_ADDRESS} THEN {address} END"
            )
        case "text":
            return f"nullif(trim({raw}), '')"


def _phone(raw: str, country: Numbering, dialect: Dialect) -> str:
    """See `siyu.functions.evidence.phone_key`."""
    digits = f"translate({raw}, {literal(BETWEEN, dialect)}, '')"
    behind = f"substr({digits}, 2)"
    abroad = f"substr({digits}, {len(country.abroad) + 1})"

    def begins(text: str, start: str) -> str:
        return f"substr({text}, 1, {len(start)}) = {literal(start, dialect)}"

    def without(text: str, start: str) -> str:
        if not start:
            return text
        return (
            f"CASE WHEN {begins(text, start)} THEN substr({text}, {len(start) + 1}) ELSE {text} END"
        )

    def national(text: str) -> str:
        plus = literal(f"+{country.code}", dialect)
        return (
            f"CASE WHEN {matches(text, country.national, dialect)} THEN concat({plus}, {text}) END"
        )

    def international(text: str) -> str:
        inside = f"substr({text}, {len(country.code) + 1})"
        known = f"length({text}) BETWEEN {LEAST_DIGITS} AND {MOST_DIGITS}"
        here = national(without(inside, country.trunk))
        return (
            f"CASE WHEN {begins(text, country.code)} THEN {here} "
            f"WHEN {known} AND NOT {begins(text, '0')} THEN concat('+', {text}) END"
        )

    local = national(without(digits, country.trunk))
    again = national(f"substr({digits}, {len(country.code) + 1})")
    return (
        f"CASE WHEN NOT {matches(digits, '[+]?[0-9]+', dialect)} THEN NULL "
        f"WHEN {begins(digits, '+')} THEN {international(behind)} "
        f"WHEN {begins(digits, country.abroad)} THEN {international(abroad)} "
        f"ELSE COALESCE({local}, CASE WHEN {begins(digits, country.code)} THEN {again} END) END"
    )


def is_plain(raw: str, value: Value, dialect: Dialect) -> str:
    """Whether SQL alone knows the one way of writing."""
    return matches(raw, WORDS if value.kind == "text" else PLAIN, dialect)


def write_keys(
    engine: Engine, profiles: str, values: Sequence[tuple[str, str, Value]], identity: Identity
) -> int:
    """The table `keys`: the columns of `profiles`, and under further names the keys of its columns.
    `values` are a raw column, the name of its key, and what it is. How many different values were
    not plain."""
    dialect = engine.name
    items, joined, odd = ["p.*"], "", 0
    for number, (raw, called, value) in enumerate(values):
        column = f"p.{name(raw, dialect)}"
        made = normal_sql(column, value, identity, dialect)
        if isinstance(value.type, TextType):
            table, count = _by_hand(engine, profiles, raw, value, identity, number)
            if count:
                odd += count
                joined += f" LEFT JOIN {table} o{number} ON o{number}.raw = {column}"
                plain = is_plain(column, value, dialect)
                made = f"CASE WHEN {plain} THEN {made} ELSE o{number}.made END"
        else:
            made = column
        ignored = sorted(identity.ignored.get(value.field, ()))
        if ignored:
            listed = literals(ignored, dialect)
            made = f"CASE WHEN ({made}) NOT IN ({listed}) THEN {made} END"
        items.append(f"{made} AS {called}")
    engine.table("keys", f"SELECT {', '.join(items)} FROM {profiles} p{joined}")
    return odd


def _by_hand(
    engine: Engine, profiles: str, raw: str, value: Value, identity: Identity, number: int
) -> tuple[str, int]:
    """What is not plain, each different value once, with its key."""
    dialect = engine.name
    column = name(raw, dialect)
    rows = engine.rows(
        f"SELECT DISTINCT {column} FROM {profiles} WHERE {column} IS NOT NULL AND NOT "
        f"{is_plain(column, value, dialect)}"
    )
    found = sorted(str(row[0]) for row in rows)
    tables = []
    for start in range(0, len(found), AT_ONCE):
        listed = ", ".join(
            f"({literal(each, dialect)}, {_key(each, value, identity, dialect)})"
            for each in found[start : start + AT_ONCE]
        )
        table = f"odd_{number}_{start}"
        engine.table(table, f"SELECT * FROM (VALUES {listed}) t(raw, made)")
        tables.append(f"SELECT raw, made FROM {table}")
    if tables:
        engine.view(f"odd_{number}", " UNION ALL ".join(tables))
    return f"odd_{number}", len(found)


def _key(raw: str, value: Value, identity: Identity, dialect: Dialect) -> str:
    made = literal(key_of(raw, value.kind, identity.country), dialect)
    return f"CAST({made} AS {TEXT[dialect]})"
