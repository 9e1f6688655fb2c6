"""Every kind of value in every kind of field: the tables say what `siyu.records` says."""
# ruff: noqa: E501 - lists of values read better in long lines

from __future__ import annotations

import csv
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from population.sources.bases import (
    ZONE,
    Compared,
    compare,
    opened,
    reader,
    schema_of,
    write_jsonl,
    write_parquet,
)
from siyu.core.ir import Input
from siyu.core.program import Needs
from siyu.population.engines import duck
from siyu.population.sources.failed import SourcesFailed
from siyu.records import Reader
from siyu.schema import Schema
from siyu.types import EnumType, LevelType

SCHEMA = """\
schema: hostile
enums:
  size: {values: [s, m, 'true'], ordered: true}
customer:
  key: id
  fields:
    id:      {type: text}
    age:     {type: int, min: 0, max: 120}
    count:   {type: int, optional: true}
    spend:   {type: money, min: -5, max: 10_000}
    huge:    {type: decimal, scale: 9, min: -9_000_000_000_000_000_000, max: 9_000_000_000_000_000_000, optional: true}
    rate:    {type: decimal, scale: 3, default: 1.5}
    born:    {type: date, min: 1900-01-01, max: 2026-12-31}
    joined:  {type: date, optional: true}
    wakes:   {type: time, optional: true}
    seen:    {type: datetime, optional: true}
    stays:   {type: duration, unit: day, scale: 1, optional: true}
    months:  {type: duration, unit: month, optional: true}
    tags:    {type: set of text, default: []}
    sizes:   {type: set of enum size, optional: true}
    size:    {type: enum size, optional: true}
    home:    {type: geo, optional: true}
    out:     {type: bool, role: opt-out}
    note:    {type: text, optional: true}
    level:   {type: level of tier, optional: true}
"""
VALID = {
    "age": 30, "spend": 19.9, "born": "1990-02-28", "out": False,
}  # fmt: skip
CSV_VALID = {"age": "30", "spend": "19.90", "born": "1990-02-28", "out": "false"}

TEXTS = (
    "0", "-0", "1", "30", "120", "121", "-1", "0001", "+1", " 1", "1 ", "1.0", "1.50", "1.500",
    "1.505", "-0.01", "-5.00", "-5.01", "10000.00", "10000.01", ".5", "5.", "1e3", "1E+2", "NaN",
    "Infinity", "１", "1,000", "9223372036854775807", "9223372036854775808", "9" * 38, "9" * 39,
    "9" * 60, "9" * 61, "0" * 59 + "1", "0" * 60 + "1", "1." + "0" * 60, "1." + "0" * 61,
    "1.5" + "0" * 59, "1.5" + "0" * 60, "9000000000000000000.000000000", "0.0000000001",
    "9000000000000000000.000000001", "true", "false", "TRUE", "False", "yes", "2026-02-28",
    "2026-02-29", "2024-02-29", "1900-01-01", "1899-12-31", "2027-01-01", "0000-01-01",
    "0001-01-01", "9999-12-31", "10000-01-01", "2026-1-1", "2026-11-21T10:00", "20:00", "24:00",
    "20:60", "20:00:59", "20:00:60", "20:00:00.5", "8:00", "2026-11-21T10:00:00",
    "2026-11-21 10:00:00", "2026-11-21T10:00:00Z", "2026-11-21T10:00:00z", "2026-11-21t10:00:00Z",
    "2026-11-21T10:00:00+08:00", "2026-11-21T10:00:00+0800", "2026-11-21T10:00:00+08",
    "2026-11-21T10:00:00-17:59", "2026-11-21T10:00:00+18:00", "2026-11-21T10:00:00+18:01",
    "2026-11-21T10:00:00+19", "2026-11-21T10:00:00.123456Z", "2026-11-21T10:00:00,1Z",
    "2026-11-21T10:00:00.123456000Z", "2026-11-21T10:00:00.1234567Z", "2026-11-21T10:00:00.Z",
    "2026-11-21T10:00:00.123456", "2026-11-21T24:00:00Z", "2026-11-21T10:00:60Z",
    "2026-02-30T10:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T09:00:00Z", "0001-01-01T00:00:00",
    "9999-12-31T23:59:59Z", "9999-12-31T12:00:00Z", "9999-12-31T23:59:59", "1940-06-01T00:30:00",
    "1986-05-04T02:30:00", "1986-09-14T01:30:00", "1900-12-31T23:54:17", "1969-12-31T23:59:59.999999",
    "30 days", "1 day", "4 weeks", "1.5 days", "1.05 days", "30 hours", "2 years", "1 month",
    "30  days", "30days", "-1 days", "142857142857 weeks", "142857142858 weeks", "s", "m", "S", "x", '["s"]', '["s","m","s"]', '["b","a"]',
    '["a",1]', '["a",null]', "[]", "[1", '"s"', "{}", '{"lat":31.2,"lon":121.4}',
    '{"lat":31.2}', '{"lon":1,"lat":2,"x":3}', "[31.2, 121.4]", "[91, 0]", "[90, -180]",
    '["31.2", 121]', "[1,2,3]", "[true, 1]", "[1e1, 2]", "a\nb", 'a"b', "a,b", "中文", "a\tb",
    "\\", "\\n", "it's", "a\0b", "😀", "\u2028", "null", "None", "x" * 300, "\x1f", "\x1e", "$", "${x}",
)  # fmt: skip

JSONS: tuple[Any, ...] = (
    0, -0, 1, 30, 121, -1, 2**63, -(2**63), 10**37, 10**39, 10**61, Decimal("1.0"), Decimal("1.50"),
    Decimal("1.505"), Decimal("1e2"), Decimal("1E-3"), Decimal("1.5E1"), Decimal("1e400"),
    Decimal("1e-400"), Decimal("0e99"), Decimal("-0.0"), Decimal("1.00000000000000000001"),
    Decimal("0.1000000000000000055511151231257827"), Decimal("9000000000000000000.000000001"),
    True, False, "", *TEXTS, ["s"], ["b", "a", "b"], ["a", 1], ["a", None], [None], [], [[]], {},
    ["a\0"], ["s", "true"], [True], {"lat": 1, "lon": 2}, {"lat": Decimal("1.5"), "lon": -180},
    {"lat": 1, "lon": 2, "x": 3}, {"lat": 1}, [31, 121], [Decimal("31.123456789012345678"), 121],
    [90, 181], ["31", "121"], [1, None], [1, 2, 3], [True, 1], {"a": [1]}, "\ud800", "a\ud83d",
)  # fmt: skip


def hostile(text: str = SCHEMA) -> tuple[Schema, Reader]:
    schema = schema_of(text)
    kinds = {"tier": EnumType("tier", ("plain", "30", "x"), ordered=True)}
    inputs = tuple(
        Input(
            "customer", each.name, kinds["tier"] if isinstance(each.type, LevelType) else each.type
        )
        for each in schema.fields.values()
    )
    return schema, reader(schema, Needs(inputs, ()), ZONE)


FIELDS = tuple(hostile()[0].fields)


def crossed(values: tuple[Any, ...], valid: dict[str, Any]) -> list[dict[str, Any]]:
    """A customer for each value in each field, all else being right."""
    rows = []
    for field in FIELDS[1:]:
        rows += [{**valid, "id": f"{field} {at}", field: value} for at, value in enumerate(values)]
    return rows


def both(compared: Compared, least: int) -> None:
    """The comparison saw enough of either verdict to mean something."""
    assert len(compared.accepted) > least
    assert len(compared.rejected) > least


def unlike(compared: Compared) -> list[tuple[str, str]]:
    """Reasons of the tables that want something else than the records' reasons do; what stood there
    may be shown in other words. Tables have a zone for times that say none."""
    ours = {row[2]: f"customer.{row[4]} {row[6]}" for row in compared.rejects if row[1] != "orphan"}
    pairs = ((ours[key], reasons[0]) for key, reasons in sorted(compared.reasons.items()))
    return [
        pair
        for pair in pairs
        if "home" not in pair[0]
        and "must say its zone" not in pair[1]
        and pair[0].split(", not ")[0] != pair[1].split(", not ")[0]
    ]


def test_every_text_in_every_field_of_a_csv_file(tmp_path: Path) -> None:
    rows = crossed(TEXTS, CSV_VALID)
    with (tmp_path / "c.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    schema, made = hostile()
    sources = opened(tmp_path, "sources: 1\ncustomer: {from: c.csv}\n", schema)
    compared = compare(sources, schema, made)
    both(compared, 300)
    assert unlike(compared) == []


def test_every_value_in_every_field_of_json_lines(tmp_path: Path) -> None:
    rows = crossed(JSONS, VALID)
    lines = [_json(row) for row in rows]
    (tmp_path / "c.jsonl").write_bytes("".join(f"{line}\n" for line in lines).encode())
    schema, made = hostile()
    sources = opened(tmp_path, "sources: 1\ncustomer: {from: c.jsonl}\n", schema)
    compared = compare(sources, schema, made)
    both(compared, 300)
    assert len(unlike(compared)) < 80  # a half of a pair, a digit too many: said more shortly


def _json(value: Any) -> str:
    """JSON with the digits of decimals, and halves of pairs as escapes."""
    import json

    match value:
        case Decimal():
            return str(value)
        case dict():
            return "{" + ", ".join(f"{_json(k)}: {_json(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_json, value)) + "]"
        case str() if any("\ud800" <= char <= "\udfff" for char in value):
            return json.dumps(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


# Columns of each type, as a list of SQL values.
TYPED = {
    "TINYINT": ("0", "-128", "127", "NULL"),
    "UBIGINT": ("0", "120", "18446744073709551615"),
    "INTEGER": ("0", "30", "120", "121", "-1", "2147483647", "NULL"),
    "BIGINT": ("0", "30", "9223372036854775807", "(-9223372036854775808)", "10000", "10001", "NULL"),
    "HUGEINT": ("0", "30", "170141183460469231731687303715884105727", "9000000000000000000", "-6"),
    "DECIMAL(4,1)": ("0", "1.5", "999.9", "-5.1", "-5.0", "NULL"),
    "DECIMAL(12,2)": ("19.90", "10000.00", "10000.01", "-5.01", "30.00", "30.50", "NULL"),
    "DECIMAL(18,3)": ("19.900", "19.905", "999999999999999.999", "30.000", "-0.001"),
    "DECIMAL(18,0)": ("19", "10001", "999999999999999999", "30"),
    "DECIMAL(38,18)": ("19.900000000000000000", "1.000000000000000001", "30", "9999999999999999999"),
    "DECIMAL(38,0)": ("30", "9" * 38, "9000000000000000000", "9000000000000000001"),
    "DECIMAL(38,9)": ("30", "9000000000000000000", "9000000000000000000.000000001", "0.1"),
    "BOOLEAN": ("true", "false", "NULL"),
    "DATE": ("DATE '2026-02-28'", "DATE '1899-12-31'", "DATE '9999-12-31'", "DATE '0001-01-01'",
             "DATE '10000-01-01'", "DATE '0044-03-15 (BC)'", "'infinity'", "'-infinity'", "NULL"),
    "TIMESTAMP": ("TIMESTAMP '2026-02-28 00:00:00'", "TIMESTAMP '2026-02-28 00:00:01'",
                  "TIMESTAMP '1986-05-04 02:30:00'", "TIMESTAMP '1986-09-14 01:30:00.5'",
                  "TIMESTAMP '1900-12-31 23:54:17'", "TIMESTAMP '0001-01-01 00:00:00'",
                  "TIMESTAMP '9999-12-31 23:59:59.999999'", "TIMESTAMP '9999-12-30 23:59:59.999999'",
                  "TIMESTAMP '12000-01-01 00:00:00'", "'infinity'", "TIMESTAMP '1969-12-31 23:59:59.999999'", "NULL"),
    "TIMESTAMPTZ": ("TIMESTAMPTZ '2026-02-28 00:00:00+00'", "TIMESTAMPTZ '0001-01-01 00:00:00+00'",
                    "TIMESTAMPTZ '9999-12-31 23:59:59+00'", "'infinity'",
                    "TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'", "NULL"),
    "TIMESTAMP_NS": ("TIMESTAMP_NS '2026-02-28 10:00:00.123456789'",
                     "TIMESTAMP_NS '2026-02-28 10:00:00.123456000'", "NULL"),
    "TIMESTAMPTZ_NS": ("TIMESTAMPTZ '2026-02-28 10:00:00.123456+00'", "'infinity'",
                       "TIMESTAMPTZ_NS '2026-02-28 10:00:00.123456789+00'", "NULL"),
    "TIMESTAMP_S": ("TIMESTAMP_S '2026-02-28 10:00:00'", "TIMESTAMP_S '2026-02-28 00:00:00'"),
    "TIME": ("TIME '20:00:00'", "TIME '20:00:00.5'", "TIME '00:00:00'", "TIME '23:59:59'", "NULL"),
    "VARCHAR": tuple("'" + text.replace("'", "''").replace("\0", "' || chr(0) || '") + "'" for text in (*TEXTS, "")),
    "VARCHAR[]": ("['s']", "['b', 'a', 'b']", "[]", "[NULL]", "['a', NULL]", "['a' || chr(0)]", "NULL"),
    "DOUBLE[]": ("[31.2, 121.4]", "[91, 0]", "[1]", "[1, 2, 3]", "[1, NULL]", "['nan'::DOUBLE, 1]"),
    "STRUCT(lat DOUBLE, lon DOUBLE)": ("{'lat': 31.2, 'lon': 121.4}", "{'lat': 91, 'lon': 0}",
                                       "{'lat': NULL, 'lon': 0}", "NULL"),
    "ENUM('s', 'm', 'zz')": ("'s'", "'zz'", "NULL"),
    "DOUBLE": ("19.9", "19.905", "0.1", "1e-5", "30", "1e22", "'nan'", "'infinity'", "10000.01",
               "0.30000000000000004", "-0.0", "5e-324", "123456789.123", "NULL"),
    "FLOAT": ("19.9", "19.905", "0.1", "30", "16777216", "NULL"),
    "UUID": ("'00000000-0000-0000-0000-000000000001'",),
    "BLOB": ("'a'::BLOB",),
    "INTERVAL": ("INTERVAL 1 DAY",),
}  # fmt: skip


@pytest.mark.parametrize("kind", TYPED)
def test_every_type_of_column_in_every_field(tmp_path: Path, kind: str) -> None:
    """A column either serves a field, then as records would, or is refused with the column named."""
    schema, made = hostile()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    engine = duck.open_engine("1GB", temporary, 2)
    served = 0
    for field in FIELDS[1:]:
        values = ", ".join(
            f"({at}, CAST({value} AS {kind}))" for at, value in enumerate(TYPED[kind])
        )
        others = ", ".join(
            f"{value} AS {name}"
            for name, value in {
                "age": "30", "spend": "CAST(19.90 AS DECIMAL(12,2))", "born": "DATE '1990-02-28'",
                "out": "FALSE",
            }.items()
            if name != field
        )  # fmt: skip
        select = f"SELECT 'M' || n AS id, x AS {field}, {others} FROM (VALUES {values}) v(n, x)"
        write_parquet(engine, tmp_path / f"{field}.parquet", select)
        text = f"sources: 1\ncustomer: {{from: {field}.parquet, floats: shortest}}\n"
        try:
            compared = compare(opened(tmp_path, text, schema, engine=engine), schema, made)
        except SourcesFailed as refused:
            assert f"`{field}`" in str(refused)
            continue
        served += bool(compared.accepted | compared.rejected)
    assert served == 0 if kind in ("BLOB", "INTERVAL") else served > 0
    engine.close()


def test_drawn_numbers_in_text(tmp_path: Path) -> None:
    """Random digits around every bound, in a form that people write."""
    rng = random.Random(4)
    fields = ("age", "spend", "rate", "huge", "stays", "months", "count")
    rows = []
    for at in range(3000):
        digits = "".join(
            rng.choice("0123456789") for _ in range(rng.choice((1, 2, 3, 5, 12, 20, 38)))
        )
        behind = "".join(rng.choice("05") for _ in range(rng.choice((1, 2, 3, 9, 10))))
        text = rng.choice(("", "-")) + digits + rng.choice(("", "." + behind, "." + behind))
        rows.append({**CSV_VALID, "id": f"M{at}", rng.choice(fields): text})
    with (tmp_path / "c.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rows)
    schema, made = hostile()
    sources = opened(tmp_path, "sources: 1\ncustomer: {from: c.csv}\n", schema)
    both(compare(sources, schema, made), 200)


def test_json_lines_that_are_none(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c.jsonl", [{**VALID, "id": "M1"}])
    with (tmp_path / "c.jsonl").open("ab") as file:
        file.write(b'{"id": "M2", "id": "M2"}\nnot json\n\n[1]\n{"id": "M3", "x": "\xff"}\n')
    schema, made = hostile()
    sources = opened(tmp_path, "sources: 1\ncustomer: {from: c.jsonl}\n", schema)
    compared = compare(sources, schema, made)
    assert compared.accepted == {"M1"}
    assert not compared.rejected  # nobody knows whose those lines are
