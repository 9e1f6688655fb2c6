"""The same tables on Spark: the same verdicts and values as the records' reader gives."""
# ruff: noqa: E501 - SQL reads better in long lines

from __future__ import annotations

from pathlib import Path

import pytest

from population.sources.bases import compare, opened, write_parquet
from population.sources.test_hostile import TEXTS, hostile
from records.shop import READ
from records.shop import schema_of as shop
from siyu.population.engines import duck
from siyu.population.engines.spark import SparkEngine
from siyu.population.sources.failed import SourcesFailed

TEXT = """\
sources: 1
timezone: Asia/Shanghai
customer: {from: c.parquet, where: {kept: true}}
collections:
  orders: {from: orders}
  orders.lines: {from: [l1.parquet, more/l2.parquet], parent: o}
"""


def test_tables_on_spark(tmp_path: Path, spark: SparkEngine) -> None:
    engine = duck.open_engine("1GB", tmp_path, 1)
    members = """SELECT 'M' || n AS id, n % 7 <> 6 AS kept, CAST(n * 1.5 - 2 AS DECIMAL(12, 3)) AS spend,
      false AS out, CAST(n * 5 AS BIGINT) AS age, ['b', 'a', 'b'] AS tags,
      CASE WHEN n % 5 = 4 THEN 'what' ELSE 's' END AS size, DATE '1900-01-01' + (n * 1000)::INT AS born,
      TIMESTAMPTZ '2026-01-01 00:00:00+00' + INTERVAL (n) DAY AS seen, '20:0' || (n % 10) AS wakes,
      {'lat': n * 4.0::DOUBLE, 'lon': 1.0::DOUBLE} AS home, n || ' days' AS stays
      FROM range(30) r(n) UNION ALL BY NAME SELECT 'M1' AS id, true AS kept"""
    write_parquet(engine, tmp_path / "c.parquet", members)
    for day, letter in (("2026-11-01", "O"), ("1986-05-04", "P")):
        orders = f"""SELECT 'M' || n % 12 AS id, '{letter}' || n % 16 AS order_id, 'paid' AS status,
          CAST(5 AS INT) AS amount, TIMESTAMP '{day} 02:30:00' AS paid_at FROM range(20) r(n)"""
        write_parquet(engine, tmp_path / f"orders/dt={day}/part.parquet", orders)
    lines = "SELECT 'M' || n % 12 AS id, 'O' || n AS o, 1 AS line_no, n % 9 - 1 AS qty, 2.5::DECIMAL(9,1) AS price FROM range(9) r(n)"
    write_parquet(engine, tmp_path / "l1.parquet", lines)
    write_parquet(
        engine, tmp_path / "more/l2.parquet", lines.replace("1 AS line_no", "2 AS line_no")
    )
    engine.close()
    schema = shop("")
    found = compare(opened(tmp_path, TEXT, schema, engine=spark), schema, READ, name="spark_all")
    assert len(found.accepted) > 3 and len(found.rejected) > 3


def test_every_text_in_every_field_on_spark(tmp_path: Path, spark: SparkEngine) -> None:
    engine = duck.open_engine("1GB", tmp_path, 1)
    texts = ", ".join(
        f"({at}, '{text.replace(chr(39), chr(39) * 2)}')"
        for at, text in enumerate(TEXTS)
        if "\0" not in text
    )
    fields = ("age", "spend", "huge", "born", "seen", "stays", "wakes", "size", "out", "note")
    valid = {"age": "'30'", "spend": "'1'", "born": "'1990-02-28'", "out": "'false'"}
    parts = []
    for field in fields:
        others = [f"{value} AS {name}" for name, value in valid.items() if name != field]
        items = ", ".join([f"'{field} ' || n AS id", f"x AS {field}", *others])
        parts.append(f"SELECT {items} FROM (VALUES {texts}) v(n, x)")
    write_parquet(engine, tmp_path / "c.parquet", " UNION ALL BY NAME ".join(parts))
    engine.close()
    schema, made = hostile()
    text = "sources: 1\ncustomer: {from: c.parquet}\n"
    sources = opened(tmp_path, text, schema, engine=spark)
    found = compare(sources, schema, made, name="spark_texts")
    assert len(found.accepted) > 100 and len(found.rejected) > 300


def test_other_formats_are_refused(tmp_path: Path, spark: SparkEngine) -> None:
    (tmp_path / "c.csv").write_text("id\n1\n", "utf-8")
    with pytest.raises(SourcesFailed, match="on Spark only Parquet is read"):
        opened(tmp_path, "sources: 1\ncustomer: {from: c.csv}\n", shop(""), engine=spark)
