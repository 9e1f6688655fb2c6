"""Every function as SQL, on the real engines, against its Python definition."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from siyu.functions import FUNCTIONS
from siyu.functions.declaration import Dialect
from tests.functions.sql_cases import Group, groups_of

if TYPE_CHECKING:
    from siyu.population.engines.spark import SparkEngine

Rows = Callable[[str], list[tuple[Any, ...]]]
NAMES = tuple(FUNCTIONS)
LONGEST = 40_000  # characters of a query
SPARK_LONGEST, SPARK_MOST = 4_000, 10  # characters of an expression, groups of a function
GROUPS = {name: groups_of(name) for name in NAMES}
NUMBERED = {id(group): n for n, group in enumerate(g for name in NAMES for g in GROUPS[name])}


def test_every_function_has_both_dialects() -> None:
    for function in FUNCTIONS.values():
        assert set(function.sql) == set(get_args(Dialect)), function.name


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Parquet file with all arguments of all groups; so nothing is worked out beforehand."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "bool": pa.bool_(), "n32_": pa.int32(), "n64_": pa.int64(), "n128_": pa.decimal128(38, 0),
        "text": pa.string(), "texts": pa.list_(pa.string()), "bools": pa.list_(pa.bool_()),
        "geo": pa.struct([("lat", pa.float64()), ("lon", pa.float64())]),
    }  # fmt: skip
    fields = {f"{kind}{place}": held for kind, held in types.items() for place in range(5)}
    records = []
    for groups in GROUPS.values():
        for group in groups:
            columns = group.columns()
            for number, row in enumerate([*group.rows, None]):
                record: dict[str, Any] = {"g": NUMBERED[id(group)], "n": number}
                if row is not None:
                    record |= {c: _stored(row[p]) for p, c in columns.items()}
                records.append(record)
    schema = pa.schema([("g", pa.int32()), ("n", pa.int32()), *fields.items()])
    path = tmp_path_factory.mktemp("cases") / "cases.parquet"
    pq.write_table(pa.Table.from_pylist(records, schema=schema), path)
    return path


def _stored(value: Any) -> Any:
    match value:
        case frozenset():
            return sorted(value)
        case (float(lat), float(lon)):
            return {"lat": lat, "lon": lon}
        case tuple():
            return list(value)
        case _:
            return value


@pytest.fixture(scope="module")
def duckdb_rows(cases: Path) -> Iterator[Rows]:
    import duckdb

    with duckdb.connect() as connection:
        wide = ", ".join(f"CAST(n128_{n} AS HUGEINT) AS n128_{n}" for n in range(5))
        connection.execute(
            f"CREATE TABLE cases AS SELECT * REPLACE ({wide}) FROM read_parquet('{cases}')"
        )
        yield lambda query: connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def spark_rows(cases: Path, spark: SparkEngine) -> Iterator[Rows]:
    spark.view("function_cases", f"SELECT * FROM parquet.`{cases}`")
    yield lambda query: spark.rows(query.replace("FROM cases", "FROM function_cases"))


@pytest.mark.parametrize("name", NAMES)
def test_duckdb_agrees(name: str, duckdb_rows: Rows) -> None:
    _check(GROUPS[name], "duckdb", duckdb_rows)


@pytest.mark.parametrize("name", NAMES)
def test_spark_agrees(name: str, spark_rows: Rows) -> None:
    """All in the long profile. Spark plans each expression for a good while, and compiles it for
    seconds where it is long: otherwise some of each function, from its first to its last."""
    groups = GROUPS[name]
    if os.environ.get("SIYU_PROFILE") != "long":
        by_length = sorted(groups, key=lambda each: len(each.sql("spark")))
        short = [each for each in groups if len(each.sql("spark")) <= SPARK_LONGEST]
        groups = (short or by_length[:1])[:: -(-len(short) // SPARK_MOST) or 1]
    assert groups
    _check(groups, "spark", spark_rows)


def _check(groups: list[Group], dialect: Dialect, rows: Rows) -> None:
    """Each group has a row whose columns are all unknown."""
    text = "VARCHAR" if dialect == "duckdb" else "STRING"
    found = {}
    for query in _queries(groups, dialect, text):
        found |= {(g, n): (value, kind) for g, n, value, kind in rows(query)}
    wrong = []
    for group in groups:
        for n, (row, expected) in enumerate(
            zip([*group.rows, None], [*group.expected(), None], strict=True)
        ):
            if row is None and not group.columns():
                continue  # all constants
            value, kind = found[NUMBERED[id(group)], n]
            wanted = group.type(dialect)
            if value != _told(expected, dialect):
                wrong.append((group.constants, group.reaches, row, value, expected))
            elif wanted is not None and kind.upper().replace(",0", ", 0") != wanted:
                wrong.append((group.constants, group.reaches, row, kind, wanted))
    assert not wrong, f"{len(wrong)} wrong; " + "\n".join(map(repr, wrong[:6]))


def _queries(groups: list[Group], dialect: Dialect, text: str) -> Iterator[str]:
    """As few as may be: to start one takes longer than to run it, but planning a very long one
    takes longest."""
    parts: list[str] = []
    for group in groups:
        part = (
            f"SELECT g, n, CAST(v AS {text}), typeof(v) FROM "
            f"(SELECT g, n, {group.sql(dialect)} AS v FROM cases WHERE g = {NUMBERED[id(group)]})"
        )
        if sum(map(len, [*parts, part])) > LONGEST and parts:
            yield " UNION ALL ".join(parts)
            parts = []
        parts.append(part)
    yield " UNION ALL ".join(parts)


def _told(value: Any, dialect: Dialect) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case frozenset():
            return f"[{', '.join(sorted(value))}]"
        case _:
            return str(value)
