"""Made-up customer bases: they fit their schema, look like business, and are the same each time."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from population.sample.gathered import AS_OF, reader_of_all, requests, rows_of
from siyu import api
from siyu.population.sample.model import SampleFailed, Wish
from siyu.population.sample.policy import names_of
from siyu.population.sample.write import write_sample
from siyu.records import Rejection
from siyu.schema import load_schema
from siyu.text import Source

ROOT = Path(__file__).parents[3]
TODAY = dt.date(2026, 11, 21)
SCHEMAS = {
    "retail": ROOT / "policies/retail_membership/retail.yaml",
    "starter": ROOT / "policies/starter/schema.yaml",
    "journey": ROOT / "examples/complete_journey/journey.yaml",
}


def wish_of(text: str, customers: int = 300, seed: int = 7) -> Wish:
    loaded = load_schema(Source.of("schema.yaml", text), "CNY")
    assert loaded.ok and loaded.schema is not None, loaded.diagnostics
    return Wish(loaded.schema.with_currency("CNY"), customers, seed, AS_OF)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_customer_and_event_is_accepted(name: str, tmp_path: Path) -> None:
    wish = wish_of(SCHEMAS[name].read_text(encoding="utf-8"))
    made = write_sample(wish, tmp_path / "out")
    read = reader_of_all(wish)
    found = [read(each, AS_OF) for each in requests(wish, tmp_path / "out")]
    assert [str(each) for each in found if isinstance(each, Rejection)] == []
    events = sum(t.rows for t in made.tables if t.path.startswith("events/"))
    assert len(found) == wish.customers + events > wish.customers


def test_a_policy_reads_its_own_names_in_the_logs(tmp_path: Path) -> None:
    policy = api.load(ROOT / "policies/retail_membership/tour.siyu")
    names = names_of(policy.program)
    wish = replace(wish_of(SCHEMAS["retail"].read_text(encoding="utf-8")), names=names)
    write_sample(wish, tmp_path / "out")
    read = reader_of_all(wish)
    for each in requests(wish, tmp_path / "out"):
        assert not isinstance(read(each, AS_OF), Rejection)
    points = rows_of(tmp_path / "out", "points_log")
    assert {(row["rule"], row["account"]) for row in points} <= {*names.points, *names.redeeming}
    assert ("purchase", "points") in names.points
    assert names.redeeming == (("cash_off", "points"),), "redeeming costs points"
    spent = [row["points"] for row in points if row["rule"] == "cash_off"]
    assert 0.03 < len(spent) / len(points) < 0.1
    assert {each % 100 for each in spent} == {0} and max(spent) == -100
    orders = {row["order_id"]: row for row in rows_of(tmp_path / "out", "orders")}
    assert all(orders[row["event"]]["amount"] == row["amount"] for row in points)
    customers = rows_of(tmp_path / "out", "customer")
    levels = Counter(row["member_level_held"] for row in customers)
    assert set(levels) - {None} <= set(names.levels["member_level"]) and len(levels) > 2
    for row in customers:
        assert (row["member_level_held"] is None) == (row["member_level_until"] is None)
    assert any("vip" in row["tags"] for row in customers), "the policy asks for it"


def test_rows_are_about_the_things_that_a_policy_asks_for(tmp_path: Path) -> None:
    policy = api.load(ROOT / "policies/compliance_cn/policy.siyu")
    schema, names = policy.compiled.schema, names_of(policy.program)
    write_sample(Wish(schema, 300, 7, AS_OF, names=names), tmp_path / "out")
    rows = rows_of(tmp_path / "out", "permissions")
    assert {row["permission"] for row in rows} == set(names.words["permission"])
    count = Counter((row["member_id"], row["permission"]) for row in rows)
    assert set(count.values()) == {1} and len(rows) > 200


def test_children_are_younger_than_their_parents(tmp_path: Path) -> None:
    text = "schema: s\ncustomer:\n  key: id\n  fields:\n    id: {type: text}\n"
    text += "    birthday: {type: date}\n    baby_birthday: {type: date}\n    age: {type: int}\n"
    write_sample(wish_of(text), tmp_path / "out")
    rows = rows_of(tmp_path / "out", "customer")
    ages = [(TODAY - row["baby_birthday"]).days // 365 for row in rows]
    assert min(ages) <= 1 and 12 < max(ages) <= 18
    assert all(row["birthday"] < row["baby_birthday"] for row in rows)
    assert min(row["age"] for row in rows) >= 18


def test_the_same_seed_gives_the_same_bytes_whatever_the_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("siyu.population.sample.write.PART", 2_000)  # several parts a table
    wish = replace(wish_of(SCHEMAS["retail"].read_text(encoding="utf-8")), skew=50_000)
    for folder, workers in (("one", 1), ("two", 2), ("four", 4)):
        write_sample(wish, tmp_path / folder, workers)
    one = digests(tmp_path / "one")
    assert len(one) > 15
    assert one == digests(tmp_path / "two") == digests(tmp_path / "four")
    write_sample(replace(wish, seed=8), tmp_path / "other")
    assert one.keys() == digests(tmp_path / "other").keys()
    assert one != digests(tmp_path / "other")


def test_rows_are_as_many_as_wished_and_heavily_tailed(tmp_path: Path) -> None:
    wish = wish_of(SCHEMAS["retail"].read_text(encoding="utf-8"), 4_000)
    wish = replace(wish, rows={"orders": 5.0, "orders.lines": 2.0, "order_paid": 0.1})
    write_sample(wish, tmp_path / "out")
    count = Counter(row["member_id"] for row in rows_of(tmp_path / "out", "orders"))
    rows = sum(count.values())
    assert abs(rows / wish.customers - 5) < 0.5
    bought = sorted(count.values(), reverse=True)
    assert sum(bought[:400]) > rows * 0.35, "a tenth of the customers place over a third"
    assert 0.1 < 1 - len(count) / wish.customers < 0.4, "and some place none"
    lines = rows_of(tmp_path / "out", "orders.lines")
    assert abs(len(lines) / rows - 2) < 0.2
    amounts = {row["order_id"]: row["amount"] for row in rows_of(tmp_path / "out", "orders")}
    assert abs(sum(r["qty"] * r["price"] for r in lines) / sum(amounts.values()) - 1) < 0.1


def test_one_customer_has_the_share_that_is_wished(tmp_path: Path) -> None:
    wish = replace(wish_of(SCHEMAS["retail"].read_text(encoding="utf-8"), 2_000), skew=50_000)
    write_sample(wish, tmp_path / "out")
    orders = rows_of(tmp_path / "out", "orders")
    count = Counter(row["member_id"] for row in orders)
    assert abs(count.most_common(1)[0][1] / len(orders) - 0.05) < 0.01
    assert len({row["order_id"] for row in orders}) == len(orders)


def test_times_follow_each_other_and_edges_are_there(tmp_path: Path) -> None:
    wish = wish_of(SCHEMAS["retail"].read_text(encoding="utf-8"), 8_000)
    write_sample(wish, tmp_path / "out")
    engine = duckdb.connect()
    engine.execute("SET TimeZone = 'Asia/Shanghai'")
    orders, customers = (f"'{tmp_path / 'out' / each}.parquet'" for each in ("orders", "customer"))

    def one(sql: str) -> object:
        found = engine.execute(sql).fetchone()
        assert found is not None
        return found[0]

    joined = f"FROM {orders} o JOIN {customers} c USING (member_id)"
    assert one(f"SELECT count(*) {joined} WHERE o.paid_at::DATE < c.joined_on") == 0
    assert one(f"SELECT count(*) FROM {orders} WHERE epoch_us(paid_at) >= {AS_OF}") == 0
    assert one(f"SELECT count(*) FROM {orders} WHERE paid_at = date_trunc('day', paid_at)") > 10
    leap = "month(birthday) = 2 AND day(birthday) = 29"
    assert 10 < one(f"SELECT count(*) FROM {customers} WHERE {leap}") < 200
    old = "date_diff('year', birthday, DATE '2026-11-21') BETWEEN age AND age + 1"
    assert one(f"SELECT count(*) FROM {customers} WHERE NOT ({old})") == 0
    night = one(f"SELECT count(*) FROM {orders} WHERE hour(paid_at) = 4")
    evening = one(f"SELECT count(*) FROM {orders} WHERE hour(paid_at) = 20")
    assert evening > 5 * night
    feast = "month(paid_at) = 11 AND day(paid_at) = 11"
    assert one(f"SELECT count(*) FROM {orders} WHERE {feast}") > one(
        f"SELECT 2 * count(*) FROM {orders} WHERE month(paid_at) = 11 AND day(paid_at) = 5"
    )
    known = f"SELECT member_id FROM {customers}"
    assert one(f"SELECT count(*) FROM {customers} WHERE referrer NOT IN ({known})") == 0
    assert one(f"SELECT count(*) FROM {customers} WHERE referrer = member_id") == 0
    assert one(f"SELECT count(referrer) FROM {customers}") > 100


def test_the_hours_at_which_clocks_change_occur(tmp_path: Path) -> None:
    wish = wish_of(SCHEMAS["starter"].read_text(encoding="utf-8"), 4_000)
    write_sample(replace(wish, timezone="America/New_York"), tmp_path / "out")
    change = "epoch(paid_at) BETWEEN 1793512800 - 3600 AND 1793512800 + 3600"  # 2026-11-01 06:00Z
    found = duckdb.execute(
        f"SELECT count(*) FROM '{tmp_path / 'out' / 'orders.parquet'}' WHERE {change}"
    ).fetchone()
    assert found is not None and found[0] > 20


EVERYTHING = """\
schema: everything
enums: {size: {values: {s: S, m: M, l: L}, ordered: true}, sort: [a, b, c, d]}
customer:
  key: number
  fields:
    number: {type: int, min: 100}
    phone: {type: text, pii: true}
    mail: {type: text, pii: true, label: 邮箱}
    姓名: {type: text, pii: true}
    wakes_at: {type: time}
    waits: {type: duration, unit: minute, scale: 1, min: 0, max: 90.5}
    sizes: {type: set of enum size}
    rate: {type: decimal, scale: 4, min: 0, max: 1}
    huge: {type: decimal, scale: 9, min: 100000000000000000000, max: 200000000000000000000}
    debt: {type: money, min: -500, max: -1}
    since: {type: date, min: 2020-01-01, max: 2020-12-31}
    fixed: {type: int, min: 3, max: 3}
    city: {type: geo}
    gone: {type: bool, role: opt-out}
    seen: {type: datetime, optional: true}
collections:
  visits:
    key: "on"
    time: "on"
    fields: {"on": {type: date}, number: {type: int, min: 0, max: 9}}
    collections:
      steps:
        key: step
        fields: {step: {type: int}, sort: {type: enum sort}, what: {type: text}}
        collections:
          marks: {key: at, fields: {at: {type: datetime}, on: {type: text}}}
      sorts:
        key: sort
        fields: {sort: {type: enum sort}}
        collections: {never: {default: [], key: x, fields: {x: {type: int}}}}
  sizes_bought: {key: size, fields: {size: {type: enum size}}}
  loose: {fields: {x: {type: int}}, collections: {inner: {optional: true, fields: {y: {type: int}}}}}
  consents: {role: consents, key: id, fields: {id: {type: int}, channel: {type: text}, granted: {type: bool}}}
events:
  came: {fields: {"on": {type: date}, how: {type: text}}}
context: {fields: {place: {type: geo}, scene: {type: text}}}
"""  # noqa: E501


@pytest.mark.parametrize("customers", [1, 40])
def test_every_type_and_depth_is_accepted(customers: int, tmp_path: Path) -> None:
    wish = wish_of(EVERYTHING, customers)
    made = write_sample(wish, tmp_path / "out")
    assert made.left_out == ("visits.sorts.never", "loose.inner")
    read = reader_of_all(wish)
    for each in requests(wish, tmp_path / "out"):
        found = read({**each, "context": {"place": [1, 2], "scene": "x"}}, AS_OF)
        assert not isinstance(found, Rejection), found


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_what_is_spoilt_is_on_account(form: str, tmp_path: Path) -> None:
    wish = wish_of(SCHEMAS["retail"].read_text(encoding="utf-8"), 2_000)
    clean = write_sample(wish, tmp_path / "clean")
    dirty = replace(wish, dirty=20_000, form=form)  # type: ignore[arg-type]
    made = write_sample(dirty, tmp_path / "dirty")
    account = json.loads((tmp_path / "dirty/dirty.json").read_text(encoding="utf-8"))
    spoilt = Counter[str]()
    twice = Counter[str]()
    for each in account["mistakes"]:
        spoilt[each["table"]] += each["rows"]
        twice[each["table"]] += each["rows"] if each["kind"] == "duplicate_key" else 0
        assert 0 < len(each["first"]) <= 20
    before = {t.path: t.rows for t in clean.tables}
    for table in made.tables:
        assert table.rows == before[table.path] + twice[table.path]
    assert abs(spoilt["orders"] / before["orders"] - 0.02) < 0.004
    kinds = {each["kind"] for each in account["mistakes"]}
    expected = {"duplicate_key", "orphan", "null_key", "out_of_range", "future", "missing"}
    assert kinds >= expected | {"unknown_member"}
    assert ("wrong_text" in kinds) == (form == "csv")
    path = tmp_path / "dirty" / f"orders.{form}"
    nulls = next(
        each["rows"]
        for each in account["mistakes"]
        if (each["table"], each["kind"], each["column"]) == ("orders", "null_key", "order_id")
    )
    found = duckdb.execute(f"SELECT count(*) - count(order_id) FROM '{path}'").fetchone()
    assert found == (nulls,)


def test_a_folder_is_complete_or_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wish = wish_of(SCHEMAS["starter"].read_text(encoding="utf-8"))

    def stopped(rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_sample(wish, tmp_path / "out", done=stopped)
    assert list(tmp_path.iterdir()) == []
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(SampleFailed, match="cannot be written"):
        write_sample(wish, file / "below")
    assert list(tmp_path.iterdir()) == [file]
