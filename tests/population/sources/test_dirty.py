"""Dirty tables of every kind: the right ones are hurt, nobody else, and all of it is told."""

# ruff: noqa: E501 - settings and rows read better in one line
from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from population.sources.bases import AS_OF, ZONE, Compared, compare, opened, schema_of, write_jsonl
from population.sources.bases import write_parquet as write
from records.shop import METRICS, READ
from records.shop import schema_of as shop
from siyu.population.engines import duck
from siyu.population.sources.expected import check_expected, look
from siyu.population.sources.failed import SourcesFailed
from siyu.population.sources.rejects import rejects
from siyu.population.sources.requests import request_of, requests
from siyu.records import Read

CUSTOMER = {"id": "M1", "spend": "19.90", "out": False}
ORDER = {"id": "M1", "order_id": "O1", "paid_at": "2026-11-01T10:00:00", "amount": 5,
         "status": "paid"}  # fmt: skip
LINE = {"id": "M1", "order": "O1", "line_no": 1, "qty": 2, "price": "2.50"}
TEXT = """\
sources: 1
timezone: Asia/Shanghai
customer: {from: customers.jsonl}
collections:
  orders: {from: orders.jsonl}
  orders.lines: {from: lines.jsonl, parent: order}
events:
  asked: {from: asked.jsonl, columns: {id: ask_id}}
"""


def base(folder: Path, **tables: list[dict[str, Any]]) -> None:
    """Tables of JSON lines; customers M1 to M3 where nothing else is said."""
    usual = [{**CUSTOMER, "id": f"M{n}"} for n in (1, 2, 3)]
    given = {"customers": usual, "orders": [ORDER], "lines": [LINE], "asked": [], **tables}
    for name, rows in given.items():
        write_jsonl(folder / f"{name}.jsonl", rows)


def compared(folder: Path, text: str = TEXT, **more: Any) -> Compared:
    schema = shop("")
    return compare(opened(folder, text, schema), schema, READ, **more)


def codes(found: Compared) -> set[tuple[str, str, str, str]]:
    """Table, kind, customer and code of all that is told."""
    return {(row[0], row[1], row[2], row[5]) for row in found.rejects}


def test_clean_tables_are_all_accepted(tmp_path: Path) -> None:
    base(tmp_path)
    found = compared(tmp_path)
    assert found.accepted == {"M1", "M2", "M3"}
    assert found.rejects == ()


def test_a_customer_who_stands_there_twice_is_set_aside(tmp_path: Path) -> None:
    base(tmp_path, customers=[CUSTOMER, {**CUSTOMER, "id": "M2"}, {**CUSTOMER, "spend": 3}])
    found = compared(tmp_path)
    assert found.rejected == {"M1"}
    assert codes(found) == {("customer", "customer", "M1", "repeated")}


def test_equal_rows_collapse_and_others_of_one_key_hurt(tmp_path: Path) -> None:
    rows = [ORDER, ORDER, {**ORDER, "id": "M2"}, {**ORDER, "id": "M2", "amount": 6},
            {**ORDER, "id": "M3"}]  # fmt: skip
    base(tmp_path, orders=rows)
    found = compared(tmp_path)
    assert found.accepted == {"M1", "M3"}
    assert codes(found) == {("orders", "row", "M2", "differs")}


def test_rows_that_differ_in_what_nobody_reads_are_equal(tmp_path: Path) -> None:
    base(tmp_path, orders=[{**ORDER, "unread": 1}, {**ORDER, "unread": 2}])
    assert compared(tmp_path).accepted == {"M1", "M2", "M3"}


def test_rows_of_nobody_hurt_nobody(tmp_path: Path) -> None:
    bad = {"order_id": "O9", "amount": "no"}
    base(tmp_path, orders=[ORDER, {**bad, "id": "M9"}, {**bad, "id": None}, {**bad, "id": ""},
                           {**bad, "id": 7}],
         lines=[LINE, {**LINE, "order": "O7"}, {**LINE, "order": None}])  # fmt: skip
    found = compared(tmp_path)
    assert found.rejected == set()
    assert {row[:2] for row in codes(found)} == {("orders", "orphan"), ("orders.lines", "orphan")}
    assert {row[3] for row in codes(found)} == {"no_customer", "no_key", "no_parent"}
    assert len([row for row in found.rejects if row[0] == "orders"]) == 4


def test_a_bad_row_hurts_its_customer_through_every_table(tmp_path: Path) -> None:
    second = {**ORDER, "id": "M2", "order_id": "O2"}
    base(tmp_path, orders=[ORDER, second, {**ORDER, "id": "M3", "amount": 2**70}],
         lines=[LINE, {**LINE, "id": "M2", "order": "O2", "qty": -1}])  # fmt: skip
    found = compared(tmp_path)
    assert found.accepted == {"M1"}
    assert codes(found) == {
        ("orders", "row", "M3", "range"),
        ("orders.lines", "row", "M2", "range"),
    }


def test_what_is_wrong_is_asked_of_the_rows_with_which_something_is(tmp_path: Path) -> None:
    """Each table is read once, however many questions there are, and not at all for no answer."""
    base(
        tmp_path, orders=[ORDER, {**ORDER, "order_id": "O2", "amount": "x"}, {**ORDER, "id": "M9"}]
    )
    staged = compared(tmp_path).staged
    asked = [select for select in rejects(staged) if "no_parent" not in select]
    assert len(asked) > 5
    assert all(" FROM staged_wrong_" in select for select in asked)
    # The customers' table is the first, and nothing is wrong with it.
    assert {select.split(" FROM staged_wrong_")[1][0] for select in asked} == {"2"}
    (table,) = staged.sources.engine.rows("SELECT count(*) FROM staged_wrong_2")
    assert table == (2,)
    of_nobody = staged.sources.engine.rows(" UNION ALL ".join(rejects(staged, nobody_hurt=True)))
    assert [(row[2], row[5]) for row in of_nobody] == [("M9", "no_customer")]


def test_left_out_customers_are_no_customers_and_their_rows_no_orphans(tmp_path: Path) -> None:
    rows = [{**CUSTOMER, "id": f"M{n}", "state": s} for n, s in ((1, "on"), (2, "off"), (3, None))]
    base(tmp_path, customers=rows, orders=[ORDER, {**ORDER, "id": "M2", "amount": -1},
         {**ORDER, "id": "M2", "amount": 3}])  # fmt: skip
    text = TEXT.replace("customers.jsonl}", "customers.jsonl, where: {state: [on]}}").replace(
        "[on]", "['on']"
    )
    found = compared(tmp_path, text)
    assert found.accepted == {"M1"}
    assert found.rejects == ()


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("{n: 1}", {"M1"}), ("{n: [1, 2]}", {"M1", "M2"}), ("{n: {min: 2}}", {"M2"}),
        ("{n: {min: 1, max: 1}}", {"M1"}), ("{n: null}", {"M3"}), ("{n: {not: 1}}", {"M2", "M3"}),
        ("{n: {not: [1, null]}}", {"M2"}), ("{n: [1, null]}", {"M1", "M3"}),
    ],
)  # fmt: skip
def test_filters(tmp_path: Path, where: str, kept: set[str]) -> None:
    rows = [{**CUSTOMER, "id": f"M{n}", "n": n if n < 3 else None} for n in (1, 2, 3)]
    base(tmp_path, customers=rows)
    text = TEXT.replace("customers.jsonl}", f"customers.jsonl, where: {where}}}")
    assert compared(tmp_path, text).accepted == kept
    engine = duck.open_engine("1GB", tmp_path, 1)
    values = "(VALUES ('M1', 1), ('M2', 2), ('M3', NULL)) v(id, n)"
    write(engine, tmp_path / "c.parquet", f"SELECT *, 1 AS spend, false AS out FROM {values}")
    engine.close()
    typed = text.replace("customers.jsonl", "c.parquet")
    assert compared(tmp_path, typed).accepted == kept


def test_further_tables_lie_over_the_first(tmp_path: Path) -> None:
    base(tmp_path)
    write_jsonl(tmp_path / "more.jsonl", [
        {"member": "M1", "stage": "gold", "years": 30}, {"member": "M2", "years": 500},
        {"member": "M7", "years": 300}, {"years": 3},
    ])  # fmt: skip
    also = "customers.jsonl, also: [{from: more.jsonl, customer: member, columns: {level: stage, age: years}}]}"
    found = compared(tmp_path, TEXT.replace("customers.jsonl}", also))
    assert found.accepted == {"M1", "M3"}
    assert codes(found) == {
        ("customer.also.1", "customer", "M2", "range"),
        ("customer.also.1", "orphan", "M7", "no_customer"),
        ("customer.also.1", "orphan", None, "no_key"),
    }


def test_a_further_table_that_is_not_there_yet(tmp_path: Path) -> None:
    base(tmp_path)
    also = "customers.jsonl, also: [{from: x.parquet, missing: allowed, columns: {age: a}}]}"
    assert compared(tmp_path, TEXT.replace("customers.jsonl}", also)).accepted == {"M1", "M2", "M3"}
    with pytest.raises(SourcesFailed, match=r"there are no files `x.parquet`"):
        compared(tmp_path, TEXT.replace("customers.jsonl}", also).replace("missing: allowed, ", ""))


def test_metrics_and_context_come_along(tmp_path: Path) -> None:
    base(
        tmp_path,
        customers=[{**CUSTOMER, "average": "1.5"}, {**CUSTOMER, "id": "M2", "average": "x"}],
    )
    text = TEXT.replace("customers.jsonl}", "customers.jsonl, metrics: {aov: average}}")
    found = compared(tmp_path, text + "context: {weather: rain}\n")
    assert found.accepted == {"M1"} and "aov" in METRICS
    assert codes(found) == {("customer", "customer", "M2", "type")}


def test_events_are_decided_one_by_one(tmp_path: Path) -> None:
    rows = [{"id": "M1", "ask_id": "A1", "points": 3}, {"id": "M1", "ask_id": "A2"},
            {"id": "M2", "ask_id": "A3", "points": -3}, {"id": "M9", "ask_id": "A4"},
            {"id": "M3", "ask_id": None}]  # fmt: skip
    base(tmp_path, asked=rows)
    schema = shop("")
    sources = opened(tmp_path, TEXT, schema, events=("asked",))
    assert {
        row["event"]["id"]
        for _, row in requests(sources, schema, "asked")
        if row and "id" in row["event"]
    }
    found = compare(sources, schema, READ, event="asked")
    assert found.accepted == {"M1"}
    assert ("events.asked", "orphan", "M9", "no_customer") in codes(found)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-16", "utf-8-sig", "utf-8", "big5"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    base(tmp_path)
    text = 'id;spend;out;secret\r\nM1;19.90;false;"會員;\r\n二"\r\n'
    (tmp_path / "c.csv").write_bytes(text.encode(encoding))
    setting = f"c.csv, encoding: {encoding}, delimiter: ;}}"
    schema = shop("")
    sources = opened(
        tmp_path, TEXT.replace("customers.jsonl}", setting.replace(": ;", ": ';'")), schema
    )
    found = compare(sources, schema, READ)
    assert found.accepted == {"M1"}
    made = request_of(sources, schema, "M1")
    assert made is not None and made["customer"]["secret"] == "會員;\r\n二"


def test_bytes_of_another_encoding_hurt_their_row(tmp_path: Path) -> None:
    base(tmp_path)
    lines = [b"id,spend,out,secret", b"M1,1,false,ok", "M2,1,false,会员".encode("gbk"),
             "会,1,false,x".encode("gbk"), b"M3,1,false", b"M4,1,false,a,b", b""]  # fmt: skip
    (tmp_path / "c.csv").write_bytes(b"\n".join(lines))
    found = compared(tmp_path, TEXT.replace("customers.jsonl", "c.csv"))
    assert found.accepted == {"M1"}
    assert found.rejected == {"M2", "M3", "M4"}
    told = {(row[2], row[6]) for row in found.rejects}
    assert ("M2", "is not in the encoding of its file") in told
    assert ("M4", "has another number of cells than the first line") in told
    assert (None, "is not in the encoding of its file") in told


def test_empty_tables(tmp_path: Path) -> None:
    base(tmp_path, customers=[], orders=[], lines=[])
    (tmp_path / "c.csv").write_text("id,spend,out\n", "utf-8")
    text = TEXT.replace("customers.jsonl", "c.csv").replace(
        "orders: {from: orders", "visits_log: {from: orders"
    )
    text = text.replace("  orders.lines: {from: lines.jsonl, parent: order}\n", "")
    with pytest.raises(SourcesFailed, match="the policy reads `orders`, which has no table"):
        compared(tmp_path, text)
    engine = duck.open_engine("1GB", tmp_path, 1)
    for name, columns in (
        (
            "orders",
            "'a' AS id, 'o' AS order_id, now()::TIMESTAMP AS paid_at, 1 AS amount, 's' AS status",
        ),
        ("lines", "'a' AS id, 'o' AS \"order\", 1 AS line_no, 1 AS price"),
    ):
        write(engine, tmp_path / f"{name}.parquet", f"SELECT {columns} WHERE false")
    engine.close()
    whole = TEXT.replace("customers.jsonl", "c.csv").replace("s.jsonl", "s.parquet")
    found = compared(tmp_path, whole.replace("asked.parquet", "asked.jsonl"))
    assert found.accepted == found.rejected == set()


def test_partitions_and_what_is_expected_of_them(tmp_path: Path) -> None:
    base(tmp_path)
    engine = duck.open_engine("1GB", tmp_path, 1)
    for day in ("2026-11-18", "2026-11-19", "2026-11-21"):
        write(engine, tmp_path / f"orders/dt={day}/part.parquet",
              f"SELECT 'M1' AS id, 'O{day}' AS order_id, TIMESTAMP '{day} 08:00:00' AS paid_at, "
              "5 AS amount, 'paid' AS status")  # fmt: skip
    engine.close()
    text = TEXT.replace("orders.jsonl}", "orders, expect: EXPECT}")
    schema = shop("")
    good = "{rows: {min: 3, max: 3}, fresh: {column: paid_at, within: 3 hours}, complete: {column: dt, last: 1 day}}"
    sources = opened(tmp_path, text.replace("EXPECT", good), schema)
    assert check_expected(sources, AS_OF, ZONE).rows["orders"] == 3
    assert compare(sources, schema, READ).accepted == {"M1", "M2", "M3"}
    bad = "{rows: {min: 4}, fresh: {column: paid_at, within: 1 hour}, complete: {column: dt, last: 4 days}}"
    sources = opened(tmp_path, text.replace("EXPECT", bad), schema)
    assert [str(each.said) for each in look(sources, AS_OF, ZONE).problems] == [
        "`orders` has 3 rows, and 4 at least are expected",
        "`orders` is not fresh: the latest `paid_at` is 2026-11-21T08:00:00+08:00",
        "`orders` has no rows of `2026-11-20`",
    ]
    with pytest.raises(SourcesFailed, match="line 5: `orders` has no rows of `2026-11-20`"):
        check_expected(sources, AS_OF, ZONE)
    later = look(sources, AS_OF + int(dt.timedelta(days=9).total_seconds()) * 10**6, ZONE)
    assert len(later.problems) == 3  # the moment of the run counts, not the clock


def test_databases_of_duckdb(tmp_path: Path) -> None:
    import duckdb

    base(tmp_path)
    with duckdb.connect(str(tmp_path / "base.duckdb")) as made:
        made.execute("CREATE SCHEMA crm; CREATE TABLE crm.members AS SELECT 'M1' AS id, "
                     "CAST(19.90 AS DECIMAL(10,2)) AS spend, false AS out, 5::HUGEINT AS age")  # fmt: skip
    for how in ("table: crm.members", 'query: "SELECT * FROM crm.members WHERE age = 5"'):
        text = TEXT.replace("customers.jsonl}", f"base.duckdb, {how}}}")
        assert compared(tmp_path, text).accepted == {"M1"}


def test_all_that_cannot_be_is_told_at_once(tmp_path: Path) -> None:
    base(tmp_path)
    engine = duck.open_engine("1GB", tmp_path, 1)
    write(
        engine,
        tmp_path / "c.parquet",
        "SELECT 'M1' AS id, 1.5::DOUBLE AS spend, 'x'::BLOB AS out, 1 AS oge",
    )
    engine.close()
    setting = "c.parquet, columns: {age: age_now, visits: oges}, where: {stat: 1}}"
    with pytest.raises(SourcesFailed, match="has no column `stat`"):
        compared(tmp_path, TEXT.replace("customers.jsonl}", setting))
    with pytest.raises(SourcesFailed) as failed:
        compared(
            tmp_path, TEXT.replace("customers.jsonl}", setting.replace(", where: {stat: 1}", ""))
        )
    lines = str(failed.value).splitlines()
    assert "`customer` has no column `oges`; did you mean `oge`" in str(failed.value)
    assert "holds binary fractions (DOUBLE), which are not exact" in str(failed.value)
    assert "is of type BLOB, of which no `bool` can be made" in str(failed.value)
    assert len(lines) == 5 and all("line 3: " in line for line in lines[1:])


def test_settings_of_columns(tmp_path: Path) -> None:
    base(tmp_path)
    (tmp_path / "c.csv").write_text(
        "id,spend,out,born,seen,tags,size,lat,lon\n"
        "M1,1,N,1990/2/28,02.11.2026 10:30,a|b|a|,大,31.2,121.4\n"
        "M2,1,Y,1990-02-28,,,,,\nM3,1,?,1990/2/30,,,,,\nM4,1,N,,02.11.2026 25:00,,,,\n"
        "M5,1,N,,,,,31.2,\nM6,1,N,,,,x,,\n", "utf-8")  # fmt: skip
    setting = """c.csv, columns: {out: {values: {N: false, Y: true}}, born: {format: "%Y/%m/%d"},
      seen: {format: "%d.%m.%Y %H:%M", timezone: UTC}, tags: {separator: "|"},
      size: {values: {大: l}}, home: [lat, lon]}}"""
    found = compared(tmp_path, TEXT.replace("customers.jsonl}", setting))
    assert found.accepted == {"M1"}
    assert found.rejected == {"M2", "M3", "M4", "M5", "M6"}


def test_the_request_of_one_is_that_of_the_whole(tmp_path: Path) -> None:
    base(tmp_path, orders=[ORDER, {**ORDER, "id": "M2"}])
    schema = shop("")
    sources = opened(tmp_path, TEXT, schema)
    for key, request in requests(sources, schema):
        assert request_of(sources, schema, key) == request
        assert isinstance(READ(request, AS_OF), Read)
    assert request_of(sources, schema, "nobody") is None


def test_a_schema_of_whole_numbers_as_keys(tmp_path: Path) -> None:
    """A key is the same customer whatever it looks like in a table."""
    from siyu.core.program import Needs
    from siyu.records import reader

    schema = schema_of("schema: s\ncustomer: {key: id, fields: {id: {type: int}}}\n")
    (tmp_path / "c.csv").write_text("id\n7\n08\n8.0\n-1\nx\n9999999999999\n", "utf-8")
    sources = opened(tmp_path, "sources: 1\ncustomer: {from: c.csv}\n", schema)
    found = compare(sources, schema, reader(schema, Needs((), ()), ZONE))
    assert found.accepted == {"7", "-1"}
    assert found.rejected == {"8"}
