"""Tables that cannot be what the file says: where it is told, and what to do about it."""

# ruff: noqa: E501 - settings and rows read better in one line
from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from population.sources.bases import compare, opened
from population.sources.test_dirty import TEXT, base, codes, compared
from records.shop import READ
from records.shop import schema_of as shop
from siyu.population.sources.failed import SourcesFailed

CUSTOMERS = "customers.jsonl}"


def customers(folder: Path, select: str) -> None:
    """The customers' table as a file of DuckDB with a table `c`, and as Parquet."""
    base(folder)
    with duckdb.connect(str(folder / "c.duckdb")) as made:
        made.execute(f"CREATE TABLE c AS {select}")
        made.execute(f"COPY c TO '{folder / 'c.parquet'}'")


PLAIN = "SELECT 'M1' AS id, 5 AS spend, 1 AS out, 3 AS age, DATE '2000-01-01' AS born, TRUE AS yes"


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("c.parquet, where: {age: old}}", "line 3: `where` compares the column `age` of `customer`, which is of type INTEGER, with `old`"),
        ("c.parquet, where: {age: {min: 1, max: x}}}", "line 3: `where` compares the column `age` of `customer`, which is of type INTEGER, with `x`"),
        ("c.parquet, where: {born: 2000}}", "which is of type DATE, with `2000`"),
        ("c.parquet, where: {born: {not: soon}}}", "which is of type DATE, with `soon`"),
        ("c.parquet, where: {yes: perhaps}}", "which is of type BOOLEAN, with `perhaps`"),
        ("c.duckdb, table: nope}", "line 3: the table `customer`: DuckDB cannot run a query: Table with name nope does not exist!"),
        ("c.duckdb, query: SELECT FROM WHERE}", "line 3: the table `customer`: DuckDB cannot run a query: syntax error"),
        ("broken.parquet}", "line 3: the table `customer`: a file cannot be read: "),
        ("empty.csv}", "line 3: the table `customer` is empty: the first line of `empty.csv` should have the names of its columns"),
        ("c.parquet}", "line 3: the column `out` of `customer`, for the field `out`, holds numbers (INTEGER), not true and false: say what they mean: `values: {1: true, 0: false}`"),
    ],
)  # fmt: skip
def test_the_line_the_table_and_what_to_do_are_told(
    tmp_path: Path, setting: str, told: str
) -> None:
    customers(tmp_path, PLAIN)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1" + b"\xff" * 64 + b"PAR1")
    (tmp_path / "empty.csv").touch()
    with pytest.raises(SourcesFailed) as failed:
        compared(tmp_path, TEXT.replace(CUSTOMERS, setting))
    assert told in str(failed.value)


@pytest.mark.parametrize(
    "where",
    ["{age: 3}", '{age: "3"}', "{born: {min: 1999-12-31}}", '{yes: "true"}', "{yes: 1}",
     "{born: {max: 2026-11-21}}", "{age: {max: 3.5}}", "{born: {not: null}}"],
)  # fmt: skip
def test_what_can_be_compared_is(tmp_path: Path, where: str) -> None:
    customers(tmp_path, PLAIN)
    setting = f"c.parquet, columns: {{out: {{from: out, values: {{1: false, 0: true}}}}}}, where: {where}}}"
    assert compared(tmp_path, TEXT.replace(CUSTOMERS, setting)).accepted == {"M1"}


@pytest.mark.parametrize("name", ["none.jsonl", "none.csv"])
def test_a_file_without_any_line_may_be_there_where_the_table_may_be_missing(
    tmp_path: Path, name: str
) -> None:
    base(tmp_path)
    (tmp_path / name).write_text("")
    text = TEXT.replace("events:", f"  visits_log: {{from: {name}}}\nevents:")
    with pytest.raises(SourcesFailed, match="the table `visits_log` is empty") as failed:
        compared(tmp_path, text)
    assert "it has ;" not in str(failed.value)
    allowed = text.replace(f"{name}}}", f"{name}, missing: allowed}}")
    assert compared(tmp_path, allowed).accepted == {"M1", "M2", "M3"}


def test_dates_in_a_format_are_asked_for_in_that_format(tmp_path: Path) -> None:
    base(tmp_path)
    (tmp_path / "c.csv").write_text(
        "id,spend,out,seen,wakes\nM1,1,false,21/11/2026,08:00\nM2,1,false,31/02/2026,08:00\n"
    )
    setting = 'c.csv, columns: {seen: {from: seen, format: "%d/%m/%Y"}}}'
    found = compared(tmp_path, TEXT.replace(CUSTOMERS, setting))
    assert codes(found) == {("customer", "customer", "M2", "type")}
    ((*_, reason),) = found.rejects
    assert reason == "must be a time written as `%d/%m/%Y`, not `31/02/2026`"
    base(tmp_path)
    text = TEXT.replace(CUSTOMERS, 'd.csv, columns: {born: {from: born, format: "%Y年%m月%d日"}}}')
    (tmp_path / "d.csv").write_text("id,spend,out,born\nM3,1,false,2000-01-01\n")
    schema = shop("")
    sources = opened(tmp_path, text, schema)
    told = compare(sources, schema, READ).rejects
    (reason,) = (row[-1] for row in told if row[0] == "customer")
    assert reason == "must be a date written as `%Y年%m月%d日`"  # of a birthday it is not shown
