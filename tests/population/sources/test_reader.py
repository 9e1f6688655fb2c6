"""Reading sources.yaml: all that is wrong, each with its line and what was meant."""
# ruff: noqa: E501 - problems read better in one line

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from population.sources.bases import write_jsonl
from records.shop import schema_of as shop
from siyu.population.sources.model import CUSTOMER, Filter, Fresh
from siyu.population.sources.reader import read_sources, schema_named
from siyu.schema import load_schema
from siyu.text import Source

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "sources.md"


def told(text: str) -> list[str]:
    source = Source.of("sources.yaml", text)
    read = read_sources(source, shop(""), ("aov",))
    assert (read.sources is None) == bool(read.problems)
    return [f"{source.place(each.span.start).line}: {each.said}" for each in read.problems]


def test_what_a_file_says() -> None:
    text = """\
sources: 1
schema: shop.yaml
customer:
  from: [a.parquet, b/*.parquet]
  columns: {age: years, home: [lat, lon]}
  where: {state: [on, null], n: {min: 1, not: 3}}
  expect: {rows: {min: 3}, fresh: {column: at, within: 2 days}}
collections:
  orders.lines: {from: l.csv, parent: o, encoding: gbk}
  orders: {from: o.duckdb, table: t, unique: trusted}
"""
    source = Source.of("sources.yaml", text)
    assert schema_named(source) == "shop.yaml"
    found = read_sources(source, shop("")).sources
    assert found is not None
    assert [each.name for each in found.tables()] == [CUSTOMER, "orders", "orders.lines"]
    customer = found.customer
    assert customer.place.paths == ("a.parquet", "b/*.parquet")
    assert customer.columns["home"].names == ("lat", "lon")
    assert customer.where == (
        Filter("state", ("on", None)), Filter("n", None, 1), Filter("n", (3,), negated=True),
    )  # fmt: skip
    assert customer.expect.fresh == Fresh("at", 2880)
    assert found.collections["orders"].unique == "trusted"
    assert found.collections["orders.lines"].place.encoding == "gbk"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1: a file of this kind begins with `sources: 1`"),
        ("sources: 2\ncustomer: {from: c.csv}\n", "1: this is no file of sources: `sources: 1` is missing"),
        ("sources: 1\n", "1: the table of customers is missing: write `customer:` with `from:` below it"),
        ("sources: 1\ncustomers: {}\ncustomer: {from: c.csv}\n", "2: `sources.yaml` has no setting `customers`; did you mean `customer`"),
        ("sources: 1\ncustomer: {from: c.xls}\n", "2: the format cannot be told from the name; say `format: csv`, or one of `parquet`, `csv`, `jsonl`, `duckdb`"),
        ("sources: 1\ncustomer: {from: c.csv, columns: {agee: a}}\n", "2: `customer` has no field `agee` in the schema; did you mean `age`"),
        ("sources: 1\ncustomer: {from: c.parquet, encoding: gbk}\n", "2: `encoding` is for text files only"),
        ("sources: 1\ntimezone: Asia/Peking\ncustomer: {from: c.csv}\n", "2: there is no time zone `Asia/Peking`; write one like `Asia/Shanghai`"),
        ("sources: 1\ncustomer: {from: c.csv}\ncollections:\n  order: {from: o.csv}\n", "4: the schema has no collection `order`; did you mean `orders`"),
        ("sources: 1\ncustomer: {from: c.csv}\ncollections: {orders.lines: {from: o.csv, parent: o}}\n", "3: `orders.lines` needs the table of `orders`, too"),
        ("sources: 1\ncustomer: {from: c.csv, metrics: {avo: x}}\n", "2: the policy has no metric `avo` that may be brought along; did you mean `aov`"),
        ("sources: 1\ncustomer: {from: c.duckdb}\n", "2: name a `table` or a `query` of the database, one of the two"),
        ("sources: 1\ncustomer: {postgres: {dsn: x, table: t}}\n", "2: `postgres` must name the environment variable that holds the address of the database: `dsn_env: MEMBERS_DB`; passwords do not belong into this file"),
        ("sources: 1\ncustomer: {from: c.csv, expect: {fresh: {column: a}}}\n", "2: write it as `fresh: {column: updated_at, within: 36 hours}`"),
        ("sources: 1\ncustomer: {from: c.csv, columns: {born: {format: '%B'}}}\n", "2: `format` can have %Y, %m, %d, %H, %M, %S, %f and %z, and `%B` has something else"),
    ],
)  # fmt: skip
def test_what_is_wrong(text: str, problem: str) -> None:
    assert problem in told(text)


def test_all_at_once() -> None:
    text = "sources: 1\ncustomer: {form: c.csv}\ncollections: {order: {from: o.csv}}\nevents: {ask: {}}\n"
    assert len(told(text)) == 4


def test_every_setting_is_on_the_page() -> None:
    from siyu.population.sources import columns, reader

    page = PAGE.read_text("utf-8")
    names = {*reader.TOP, *reader.CUSTOMERS, *reader.ALSO, *reader.NESTED, *columns.COLUMN}
    assert {name for name in names if f"`{name}" not in page and f"{name}`" not in page} == set()


def test_the_example_of_the_page_is_read() -> None:
    found = re.search(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    folder = PAGE.parents[2] / "policies" / "retail_membership"
    schema = load_schema(
        Source.of("retail.yaml", (folder / "retail.yaml").read_text("utf-8")), "CNY"
    ).schema
    assert schema is not None
    read = read_sources(Source.of("sources.yaml", found[1]), schema)
    assert [str(each.said) for each in read.problems] == []


def test_the_command(tmp_path: Path) -> None:
    from siyu.faces.sources import check

    (tmp_path / "s.yaml").write_text(
        "schema: s\ncustomer:\n  key: id\n  fields:\n    id: {type: text}\n"
        "    phone: {type: text, pii: true, optional: true}\n    age: {type: int, max: 120}\n", "utf-8"
    )  # fmt: skip
    (tmp_path / "sources.yaml").write_text("sources: 1\ncustomer: {from: c.jsonl}\n", "utf-8")
    rows = [
        {"id": "M1", "age": 3, "x": 1},
        {"id": "M2", "age": 300},
        {"id": "M3", "age": 3, "phone": 139},
    ]
    write_jsonl(tmp_path / "c.jsonl", rows)
    args = [str(tmp_path / "s.yaml"), "--as-of", "2026-11-21"]
    done = CliRunner().invoke(check, args)
    assert done.exit_code == 1, done.output
    assert "M2 line 2: must be from -1000000000000 to 120, not `300`" in done.output
    assert "139" not in done.output
    assert "columns that nothing reads: x" in done.output
    assert "3 customers, 2 of them would be set aside" in done.output
    assert CliRunner().invoke(check, [*args, "--max-rejects", "2"]).exit_code == 0
    (tmp_path / "c.jsonl").unlink()
    lost = CliRunner().invoke(check, args)
    assert lost.exit_code == 2 and "there are no files `c.jsonl`" in lost.output
