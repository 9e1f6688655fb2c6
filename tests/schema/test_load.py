"""Schema files load in all their forms, and say what they mean."""

import pickle
from decimal import Decimal
from pathlib import Path

import pytest

from siyu.schema import MISSING, Collection, Field, Labels, Loaded, Schema, load_schema
from siyu.text import Source
from siyu.types import (
    BOOL,
    DATE,
    DATETIME,
    GEO,
    TEXT,
    TIME,
    DecimalType,
    DurationType,
    EnumType,
    IntType,
    LevelType,
    MoneyType,
    SetType,
)

ROOT = Path(__file__).resolve().parents[2]
RETAIL = ROOT / "policies" / "retail_membership" / "retail.yaml"
FOUND = sorted([RETAIL, *ROOT.glob("examples/*/*.yaml"), *ROOT.glob("benchmarks/policy/*.yaml")])
FILES = [path for path in FOUND if "\nschema: " in "\n" + path.read_text(encoding="utf-8")]


def load(text: str, currency: str = "") -> Loaded:
    return load_schema(Source.of("shop.yaml", text), currency)


def customer(fields: str, more: str = "") -> str:
    return (
        "schema: shop\ncustomer:\n  key: id\n  fields:\n    id: {type: text}\n"
        + "".join(f"    {line}\n" for line in fields.splitlines())
        + more
    )


def field(text: str, currency: str = "CNY", more: str = "") -> Field:
    loaded = load(customer(f"x: {text}", more), currency)
    assert loaded.diagnostics == ()
    assert loaded.schema is not None
    return loaded.schema.fields["x"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_schema_of_the_repository_is_right(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert load_schema(Source.of(path.name, text)).diagnostics == ()


def test_there_are_schemas_in_the_repository() -> None:
    assert {path.name for path in FILES} >= {"retail.yaml", "journey.yaml", "growth75.yaml"}


@pytest.fixture(scope="module")
def retail() -> Schema:
    loaded = load_schema(Source.of("retail.yaml", RETAIL.read_text(encoding="utf-8")), "CNY")
    assert loaded.schema is not None
    return loaded.schema


def test_the_head(retail: Schema) -> None:
    assert (retail.name, retail.version, retail.key) == ("retail", 1, "member_id")
    assert retail.labels == Labels("零售会员", "Retail members")
    assert retail.extra_ignore


def test_enums_short_and_long(retail: Schema) -> None:
    status, day = retail.enums["order_status"], retail.enums["kind_of_day"]
    assert (status.members, status.ordered) == (("placed", "paid", "refunded"), False)
    assert status.labels["paid"].text("zh") == "已支付"
    assert (day.members, day.ordered) == (("workday", "weekend", "festival"), True)


def test_collections_and_what_is_nested_in_them(retail: Schema) -> None:
    orders, lines = retail.collection("orders"), retail.collection("orders.lines")
    assert orders is not None and lines is not None
    assert (orders.key, orders.time, lines.key) == ("order_id", "paid_at", "line_no")
    assert lines.fields["price"].type == MoneyType("CNY", 2)
    assert retail.collection("orders.nothing") is None
    assert retail.collection("nothing.lines") is None
    paths = [path for path, _ in retail.walk()]
    assert paths[:3] == ["orders", "orders.lines", "contacts"]


def test_roles(retail: Schema) -> None:
    log = retail.role("contact log")
    assert isinstance(log, Collection)
    assert (log.name, log.default_empty) == ("contacts", True)
    held = retail.role("held level of member_level")
    assert isinstance(held, Field)
    assert held.type == LevelType("member_level")
    assert retail.role("held level of nothing") is None


def test_events_and_context(retail: Schema) -> None:
    paid = retail.events["order_paid"]
    assert (paid.key, paid.time) == ("order_id", None)
    assert retail.events["order_refunded"].fields["amount"].label.text("zh") == "累计退款额"
    assert list(retail.context) == ["place", "weather", "kind_of_day"]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("{type: bool}", BOOL),
        ("{type: int}", IntType()),
        ("{type: decimal, scale: 4}", DecimalType(4)),
        ("{type: money}", MoneyType("CNY", 2)),
        ("{type: money, currency: JPY}", MoneyType("JPY", 0)),
        ("{type: money, scale: 4}", MoneyType("CNY", 4)),
        ("{type: duration, unit: days}", DurationType("day")),
        ("{type: duration, unit: month, scale: 1}", DurationType("month", 1)),
        ("{type: date}", DATE),
        ("{type: time}", TIME),
        ("{type: datetime}", DATETIME),
        ("{type: text}", TEXT),
        ("{type: geo}", GEO),
        ("{type: set of text}", SetType(TEXT)),
        ("{type: level of tier}", LevelType("tier")),
    ],
)
def test_types(written: str, kind: object) -> None:
    assert field(written).type == kind


def test_enum_types_carry_their_members() -> None:
    more = "enums:\n  size: {values: [s, m, l], ordered: true}\n"
    kind = field("{type: enum size}", more=more).type
    assert isinstance(kind, EnumType)
    assert (kind.name, kind.members, kind.ordered) == ("size", ("s", "m", "l"), True)
    assert field("{type: set of enum size}", more=more).type == SetType(kind)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("{type: int, min: 0, max: 1_000_000}", 0, 1_000_000),
        ("{type: int, min: 5}", 5, 10**12),
        ("{type: decimal, scale: 2, max: 0.5}", -(10**14), 50),
        ("{type: money, min: 0}", 0, 10**11),
        ("{type: money, min: '0.10', max: 19.9}", 10, 1990),
        ("{type: money}", -(10**11), 10**11),
        ("{type: money, max: 5_000_000_000}", -(10**11), 5 * 10**11),
        ("{type: duration, unit: day, max: 30 days}", -(10**12), 30),
    ],
)
def test_ranges_are_held_values(written: str, low: int, high: int) -> None:
    kind = field(written).type
    assert isinstance(kind, IntType | DecimalType | MoneyType | DurationType)
    assert (kind.low, kind.high) == (low, high)


def test_a_range_of_dates() -> None:
    born = field("{type: date, min: 1900-01-01, max: 2020-12-31}")
    assert (born.low, born.high) == (693_596, 737_790)


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("{type: int, default: 0}", 0),
        ("{type: bool, default: false}", False),
        ("{type: money, default: 19.90}", 1990),
        ("{type: decimal, scale: 3, default: '0.1'}", 100),
        ("{type: set of text, default: []}", frozenset()),
        ("{type: set of text, default: [vip, new]}", frozenset({"vip", "new"})),
        ("{type: text, default: yes}", "yes"),
        ("{type: date, default: 1970-01-01}", 719_163),
        ("{type: time, default: '20:00'}", 72_000),
        ("{type: geo, default: [31.5, 121]}", (31.5, 121.0)),
    ],
)
def test_defaults_are_held_values(written: str, held: object) -> None:
    assert field(written).default == held


def test_what_is_not_said() -> None:
    plain = field("{type: int}")
    assert plain.default is MISSING
    assert not (plain.optional or plain.pii or plain.immutable or plain.maybe_unknown)
    assert plain.role is None


def test_numbers_are_never_binary_fractions() -> None:
    from siyu.schema.tree import plain_value

    assert plain_value("0.10") == Decimal("0.10")
    assert str(plain_value("0.1000000000000000055511151231257827")) == (
        "0.1000000000000000055511151231257827"
    )


def test_labels_of_one_text_serve_both_languages() -> None:
    assert field("{type: int, label: 年龄}").label == Labels("年龄", "年龄")
    assert field("{type: int, label: {en: Age}}").label.text("zh") == "Age"


def test_extra_may_be_ignored_in_one_part_only() -> None:
    text = customer("a: {type: int}") + (
        "collections:\n"
        "  orders: {extra: ignore, fields: {n: {type: int}}}\n"
        "  visits: {fields: {n: {type: int}}}\n"
    )
    schema = load(text).schema
    assert schema is not None
    assert not schema.extra_ignore
    assert schema.collections["orders"].extra_ignore
    assert not schema.collections["visits"].extra_ignore


def test_a_schema_can_be_kept_in_a_file(retail: Schema) -> None:
    kept: Schema = pickle.loads(pickle.dumps(retail))
    assert kept == retail
    assert kept.fields["age"].default is MISSING


# --- the policy's currency


def test_a_policy_gives_amounts_their_currency() -> None:
    text = customer(
        "a: {type: money, min: 0.05, max: 10.99, default: 3}\nb: {type: money, currency: USD}"
    )
    schema = load(text).schema
    assert schema is not None
    yen = schema.with_currency("JPY").fields["a"]
    assert yen.type == MoneyType("JPY", 0)
    assert isinstance(yen.type, MoneyType)
    assert (yen.type.low, yen.type.high, yen.default) == (1, 10, 3)
    dinar = schema.with_currency("KWD").fields
    assert isinstance(dinar["a"].type, MoneyType)
    assert (dinar["a"].type.scale, dinar["a"].type.low, dinar["a"].default) == (3, 50, 3000)
    assert dinar["b"].type == MoneyType("USD", 2)


def test_a_default_keeps_its_digits_whatever_the_currency() -> None:
    schema = load(customer("a: {type: money, default: 0.50}")).schema
    assert schema is not None
    yen = schema.with_currency("JPY").fields["a"]
    assert (yen.type, yen.default) == (MoneyType("JPY", 1), 5)


@pytest.mark.parametrize("code", ["CNY", "JPY", "KWD"])
def test_loading_for_a_currency_is_giving_it_later(code: str) -> None:
    text = RETAIL.read_text(encoding="utf-8")
    bare = load(text).schema
    assert bare is not None
    assert bare.with_currency(code) == load(text, code).schema


# --- many mistakes, one run


def test_one_run_tells_every_mistake_in_order() -> None:
    text = """\
schema: shop
vershun: 2
customer:
  key: id
  fields:
    id: {type: text, min: 1}
    age: {type: int, min: 9, max: 3, labl: Age}
    rate: {type: decimal}
    sex: {type: enum sexes}
events:
  paid: {key: order, fields: {type: {type: text}}}
"""
    loaded = load(text)
    codes = ["E0208", "E0223", "E0225", "E0208", "E0222", "E0221", "E0231", "E0212"]
    assert [each.code for each in loaded.diagnostics] == codes
    assert not loaded.ok
    assert loaded.schema is not None
    assert list(loaded.schema.fields) == ["id", "age", "rate", "sex"]


def test_warnings_leave_a_schema_right() -> None:
    loaded = load(customer("a: {type: int, default: 0, optional: true}"))
    assert [each.severity for each in loaded.diagnostics] == ["warning"]
    assert loaded.ok


def test_spans_point_at_the_word() -> None:
    text = customer("金额: {type: mony}")
    (wrong,) = load(text).diagnostics
    assert text[wrong.span.start : wrong.span.end] == "mony"
    assert wrong.help_text() == "did you mean `money`?"
