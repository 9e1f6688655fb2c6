"""Words, sets and places of source columns, as they are held."""

from __future__ import annotations

from siyu.functions.declaration import Dialect
from siyu.functions.sql import TEXT, array
from siyu.population.sources.convert.numbers import NUMBER
from siyu.population.sources.physical import Physical
from siyu.population.sources.sqltext import literal, literals, matches, try_cast
from siyu.types import EnumType, SetType

MAX_ITEMS = 10**6


def has_nul(x: str, dialect: Dialect) -> str:
    """Whether a text holds the character NUL."""
    return f"contains({x}, {'chr(0)' if dialect == 'duckdb' else 'char(0)'})"


def text(x: str, dialect: Dialect) -> str:
    """A text; NULL where it holds what none may."""
    return f"CASE WHEN NOT {has_nul(x, dialect)} THEN {x} END"


def member(kind: EnumType, x: str, dialect: Dialect) -> str:
    """A member of an enum, NULL of all else."""
    return f"CASE WHEN {x} IN ({literals(kind.members, dialect)}) THEN {x} END"


def items_from_list(kind: SetType, x: str, dialect: Dialect) -> str:
    """A set from a list of texts: sorted, each once."""
    if dialect == "duckdb":
        size, known = f"len({x})", f"list_count({x}) = len({x})"
        made = f"list_sort(list_distinct({x}))"
        nul = f"contains(array_to_string({x}, ''), chr(0))"
    else:
        size, known = f"size({x})", f"NOT exists({x}, e -> e IS NULL)"
        made = f"array_sort(array_distinct({x}))"
        nul = f"exists({x}, e -> contains(e, char(0)))"
    if isinstance(kind.item, EnumType):
        members = array([literal(each, dialect) for each in kind.item.members], dialect)
        fits = f"list_has_all({members}, {x})" if dialect == "duckdb" else (
            f"size(array_except({x}, {members})) = 0"
        )  # fmt: skip
    else:
        fits = f"NOT {nul}"
    return f"CASE WHEN {size} <= {MAX_ITEMS} AND {known} AND {fits} THEN {made} END"


def split(x: str, separator: str, dialect: Dialect) -> str:
    """The items of a text between separators; empty ones are none."""
    if dialect == "duckdb":
        return f"list_filter(string_split({x}, {literal(separator, dialect)}), lambda e: e <> '')"
    between = literal(rf"\Q{separator}\E", dialect)
    return f"filter(split({x}, {between}), e -> e <> '')"


def list_from_json(x: str) -> str:
    """The texts of a JSON list; NULL where it is none, or has other items. For DuckDB."""
    kinds = f"json_type({x}, '$[*]')"
    fits = f"len(list_filter({kinds}, lambda k: k IS DISTINCT FROM 'VARCHAR')) = 0"
    made = f"json_extract_string({x}, '$[*]')"
    listed = f"json_valid({x}) AND json_type(CASE WHEN json_valid({x}) THEN {x} END) = 'ARRAY'"
    return f"CASE WHEN {listed} THEN CASE WHEN {fits} THEN {made} END END"


# ---------------------------------------------------------------- places


def place(lat: str, lon: str, dialect: Dialect) -> str:
    """A place from two binary fractions; NULL where it does not lie on earth."""
    made = f"{{'lat': {lat}, 'lon': {lon}}}" if dialect == "duckdb" else (
        f"named_struct('lat', {lat}, 'lon', {lon})"
    )  # fmt: skip
    return f"CASE WHEN {lat} BETWEEN -90 AND 90 AND {lon} BETWEEN -180 AND 180 THEN {made} END"


def degrees(x: str, column: Physical, dialect: Dialect) -> str:
    """A column of degrees as binary fractions."""
    if column.kind in ("text", "json"):
        return f"CASE WHEN {matches(x, NUMBER, dialect)} THEN {try_cast(x, 'DOUBLE')} END"
    return f"CAST({x} AS DOUBLE)"


def place_from_json(x: str) -> tuple[str, str]:
    """Latitude and longitude of a JSON text like [31.2, 121.4] or with `lat` and `lon`; each NULL
    where there is none. For DuckDB."""
    valid = f"CASE WHEN json_valid({x}) THEN {x} END"
    both = []
    for index, key in enumerate(("lat", "lon")):
        listed = f"json_array_length({valid}) = 2"
        keyed = f"list_sort(json_keys({valid})) = ['lat', 'lon']"
        found = (
            f"CASE json_type({valid}) WHEN 'ARRAY' THEN CASE WHEN {listed} THEN "
            f"json_extract({valid}, '$[{index}]') END WHEN 'OBJECT' THEN CASE WHEN {keyed} THEN "
            f"json_extract({valid}, '$.{key}') END END"
        )
        kind = f"json_type({found}) IN ('DOUBLE', 'BIGINT', 'UBIGINT')"
        number = try_cast(f"CAST(({found}) AS {TEXT['duckdb']})", "DOUBLE")
        both.append(f"CASE WHEN {kind} THEN {number} END")
    return both[0], both[1]
