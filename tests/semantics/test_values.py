"""What expressions are worth: a reading or more for every sentence about values."""

from decimal import Decimal
from typing import Any

import pytest

from .harness import checked, schema_of, worth

ORDERS = [
    {"order_id": "o1", "paid_at": "2026-03-01T09:00:00+08:00", "amount": "9000.00",
     "status": "paid", "category": "tea",
     "lines": [{"line_no": 1, "sku": "a", "qty": 2, "price": "10.00"},
               {"line_no": 2, "sku": "b", "qty": 1, "price": "5.50"}]},
    {"order_id": "o2", "paid_at": "2026-11-20T23:30:00+08:00", "amount": "100.00",
     "status": "refunded", "lines": []},
    {"order_id": "o3", "paid_at": "2026-11-21T10:00:00+08:00", "amount": "0.01",
     "status": "paid", "category": "rice",
     "lines": [{"line_no": 1, "sku": "a", "qty": 3, "price": "10.00"}]},
    {"order_id": "o4", "paid_at": "2026-11-21T10:00:01+08:00", "amount": "77.00",
     "status": "placed", "category": "late",
     "lines": [{"line_no": 1, "sku": "late", "qty": 9, "price": "1.00"}]},
]  # fmt: skip
MEMBER = {
    "member_id": "M1", "joined_on": "2024-02-29", "birthday": "1990-11-05", "age": 36,
    "lifetime_years": "2.50", "total_spend": "1234.50", "tags": ["vip", "母婴"],
    "unsubscribed": False, "member_level_held": "gold", "orders": ORDERS, "consents": [],
}  # fmt: skip
LEVELS = """
tier member_level by total_spend
  platinum from 20000 yuan
  gold     from 5000 yuan
  silver   from 1000 yuan
  standard otherwise
"""


def of_member(expr: str, before: str = LEVELS, **facts: Any) -> object:
    return worth(expr, before=before, customer=MEMBER, **facts)


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        # literals
        ("1_000", "1000"),
        ("1.50", "1.50"),
        ("5%", "0.05"),
        ("12.5%", "0.125"),
        ("199 yuan", "199.00 CNY"),
        ("¥199", "199.00 CNY"),
        ("1.234 USD", "1.234 USD"),
        ("199 元", "199.00 CNY"),
        ("5 万元", "50000.00 CNY"),
        ("1.2 亿", "120000000"),
        ("1.23456 万", "12345.6"),
        ("20 JPY", "20 JPY"),
        ("2 weeks", "14 days"),
        ("2 years", "24 months"),
        ("1 quarter", "3 months"),
        ("1.5 hours", "1.5 hours"),
        ("-5", "-5"),
        ("true", True),
        # each operator rounds to its own scale, in the order written
        ("1 + 2.50", "3.50"),
        ("1.5 - 2.25", "-0.75"),
        ("min(1, 2.50)", "1.00"),
        ("max(1.5, 1, 2)", "2.0"),
        ("1.5 * 1.5", "2.25"),
        ("10 / 4", "2.500000"),
        ("2 / 3", "0.666667"),
        ("-2 / 3", "-0.666667"),
        ("1 / 3 * 3", "0.999999"),
        ("0.00001 * 0.00001", "0.000000000"),
        ("0.00005 * 0.00001", "0.000000001"),
        ("-0.00005 * 0.00001", "-0.000000001"),
        ("19.90 yuan * 100", "1990.00 CNY"),
        ("50 yuan * 0.35", "17.5000 CNY"),
        ("100 yuan / 3", "33.333333 CNY"),
        ("100 yuan / 3 yuan", "33.333333"),
        ("1 yuan + 0.5 yuan - 0.125 yuan", "1.375 CNY"),
        ("100 days / 3", "33.333333 days"),
        ("1 day / 12 hours", "2.000000"),
        ("1 day + 1 hour", "25 hours"),
        ("3 months * 2", "6 months"),
        ("round(2.345, 2)", "2.35"),
        ("round(-2.345, 2)", "-2.35"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("floor(-2.5)", "-3"),
        ("ceil(2.1)", "3"),
        ("floor(2.99 yuan)", "2 CNY"),
        ("abs(-1.5)", "1.5"),
        ("round(10 yuan / 3, 2)", "3.33 CNY"),
        # comparisons
        ("1 = 1.0", True),
        ("1 day = 24 hours", True),
        ("12 months = 1 year", True),
        ("90 minutes > 1 hour", True),
        ("0.1 + 0.2 = 0.3", True),
        ("5% = 0.05", True),
        ('"a" != "b"', True),
        ("20:00 > 09:30", True),
        ("3 between 1 and 3", True),
        ("3 in (1, 2.0, 3.00)", True),
        ("4 not in (1, 2)", True),
        ("1 / 0 = 1", None),
        ("1 / 0 otherwise 7", "7.000000"),
        # dates
        ("2026-03-01 - 2026-02-01", "28 days"),
        ("2026-01-31 + 1 month", "2026-02-28"),
        ("2028-01-31 + 1 month", "2028-02-29"),
        ("2026-03-31 - 1 month", "2026-02-28"),
        ("2026-11-21 + 2 weeks", "2026-12-05"),
        ("1 month + 2026-01-31", "2026-02-28"),
        ("as_of - 2026-11-01", "20 days"),
        ("2026-11-21 10:00 - 2026-11-21 09:00", "3600 seconds"),
        ("2026-11-21 10:00 = as_of", True),
        ("as_of = 2026-11-21", True),
        ("as_of + 30 days - as_of = 720 hours", True),
    ],
)  # fmt: skip
def test_constants(expr: str, value: object) -> None:
    assert worth(expr) == value


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("age", "36"),
        ("lifetime_years", "2.50"),
        ("lifetime_years * total_spend", "3086.2500 CNY"),
        ("total_spend / 7", "176.357143 CNY"),
        ("total_spend * lifetime_years * age", "111105.0000 CNY"),
        ('tags has "vip"', True),
        ('tags has "VIP"', False),
        ("nps_score is known", False),
        ("nps_score >= 9", None),
        ("nps_score >= 9 or age = 36", True),
        ("nps_score >= 9 and age = 1", False),
        ("nps_score >= 9 and age = 36", None),
        ("nps_score otherwise 3", "3"),
        ("nps_score in (1, 2)", None),
        ("unsubscribed", False),
        ("not unsubscribed", True),
        ("unsubscribed is false", True),
        ("age is known and age != 35", True),
        ("nps_score is unknown or nps_score not in (1, 2)", True),
        ("not (age is known and age < 18)", True),
        # ordered enums: the levels of a tier, lowest last in the file
        ("member_level_held is gold", True),
        ("member_level_held >= silver", True),
        ("member_level_held > gold", False),
        ("gold <= member_level_held", True),
        ("member_level_held between silver and gold", True),
        ("member_level_held in (gold, platinum)", True),
        ("member_level_held is known and member_level_held is not platinum", True),
        # time
        ("days since joined_on", "996 days"),
        ("days since 2026-11-21", "0 days"),
        ("days until 2026-12-01", "10 days"),
        ("days since max(orders.paid_at)", "0 days"),
        ("months since joined_on", "32 months"),
        ("months since 2026-10-22", "0 months"),
        ("months since 2026-10-21", "1 months"),
        ("years since joined_on", "24 months"),
        ("weeks since 2026-11-01", "14 days"),
        ("weeks since 2026-11-22", "-7 days"),
        ("hours since 2026-11-21 08:30", "1 hours"),
        ("minutes since 2026-11-21 08:30", "90 minutes"),
        ("hours until 2026-11-21 12:59", "2 hours"),
        ("joined_on < 2024-03-01", True),
        ("birthday in this month", False),
        ("anniversary of birthday in this month", True),
        ("anniversary of birthday", "2026-11-05"),
        ("anniversary of joined_on", "2026-02-28"),
        ("anniversary of birthday within last 17 days", True),
        ("anniversary of birthday within last 16 days", False),
        ("anniversary of 2000-11-21 within next 1 day", True),
        ("anniversary of 2000-11-22 within next 1 day", False),
        ("anniversary of 2000-11-22 within next 2 days", True),
        ("anniversary of 2026-11-21 within next 7 days", False),
        ("anniversary of 2026-11-21 in this year", False),
        ("2026-11-16 in this week", True),
        ("2026-11-15 in this week", False),
        ("2026-11-22 in this week", True),
        ("2026-10-01 in this quarter", True),
        ("2026-11-15 within last 7 days", True),
        ("2026-11-14 within last 7 days", False),
        ("2026-11-21 within last 1 day", True),
        ("2026-11-27 within next 7 days", True),
        ("2026-11-28 within next 7 days", False),
        ("2026-10-22 within last 1 month", True),
        ("2026-10-21 within last 1 month", False),
        ("2026-11-20 10:00 within last 1 day", False),
        ("2026-11-20 10:01 within last 24 hours", True),
        ("2026-11-21 10:00 within next 1 hour", True),
        ("2026-11-21 11:00 within next 1 hour", False),
    ],
)
def test_of_a_member(expr: str, value: object) -> None:
    assert of_member(expr) == value


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        # rows later than as_of do not exist
        ("count(orders)", "3"),
        ("count(orders over next 1 hour)", "2"),
        ("count(orders over last 1 day)", "2"),
        ("count(orders over last 24 hours)", "2"),
        ("count(orders over last 10 hours)", "1"),
        ("sum(orders.amount)", "9100.01 CNY"),
        ("sum(orders.amount where status is paid)", "9000.01 CNY"),
        ("sum(orders.amount where orders.status is paid)", "9000.01 CNY"),
        ("sum(orders.amount over last 12 months where status is paid and amount > 1 yuan)",
         "9000.00 CNY"),
        ("avg(orders.amount)", "3033.336667 CNY"),
        ("min(orders.amount)", "0.01 CNY"),
        ("max(orders.amount) - min(orders.amount)", "8999.99 CNY"),
        ("distinct(orders.status)", "2"),
        ("distinct(orders.category)", "2"),
        ("count(orders.category)", "2"),
        ("exists(orders where status is placed)", False),
        ("exists(orders where amount between 99 yuan and 101 yuan)", True),
        ("latest(orders.status)", "paid"),
        ("latest(orders.order_id by amount)", "o1"),
        ("earliest(orders.category)", "tea"),
        ("latest(orders.category where status is refunded)", None),
        ("latest(orders.amount where amount > 1_000_000 yuan)", None),
        ("max(orders.amount where amount > 1_000_000 yuan)", None),
        ("sum(orders.amount where amount > 1_000_000 yuan)", "0.00 CNY"),
        ("count(orders where amount > 1_000_000 yuan)", "0"),
        ("avg(orders.amount where amount > 1_000_000 yuan)", None),
        ("count(contacts)", "0"),
        # the row's columns come first, then the customer's
        ("count(orders where amount > total_spend)", "1"),
        ("count(orders where category is known and category != \"tea\")", "1"),
        # nested rows: flattened, or those of the row an aggregate is at
        ("sum(lines.qty * lines.price)", "55.50 CNY"),
        ("sum(orders.lines.qty)", "6"),
        ("count(lines where sku = \"a\")", "2"),
        ("count(lines over last 1 day)", "1"),
        ("count(lines where orders.status is paid)", "3"),
        ("count(lines where status is paid)", "3"),
        ("sum(lines.qty * orders.amount)", "27000.03 CNY"),
        ("count(orders where exists(lines where sku = \"b\"))", "1"),
        ("count(orders where count(lines) = 0)", "1"),
        ("max(orders.amount where sum(lines.qty) >= 3)", "9000.00 CNY"),
        ("count(orders where exists(orders.lines where qty > 2))", "1"),
        ("sum(orders.amount * count(orders.lines))", "18000.01 CNY"),
        ("count(orders where amount = max(orders.amount))", "1"),
        ("count(orders where exists(lines where price * 100 < amount))", "1"),
        ("latest(lines.sku)", "a"),
        ("earliest(lines.sku)", "b"),
        # composed
        ("sum(orders.amount) / count(orders)", "3033.336667 CNY"),
        ("count(orders) >= 2 and exists(orders)", True),
    ],
)  # fmt: skip
def test_aggregates(expr: str, value: object) -> None:
    assert of_member(expr) == value


VIEWS = """
view purchases of orders where status is paid
view large of purchases where amount > 1 yuan
view sold of orders.lines where qty > 1
view sold_paid of purchases.lines where qty > 1
"""


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("count(purchases)", "2"),
        ("count(large)", "1"),
        ("sum(purchases.amount over last 1 day)", "0.01 CNY"),
        ("count(purchases where purchases.amount < 1 yuan)", "1"),
        ("count(sold)", "2"),
        ("count(sold_paid)", "2"),
        ("sum(purchases.lines.qty)", "6"),
        ("count(large.lines)", "2"),
        ("days since max(large.paid_at)", "265 days"),
        ('count(orders where exists(sold where sku = "a"))', "2"),
        ("not exists(large)", False),
        ("latest(purchases.category)", "rice"),
    ],
)
def test_views(expr: str, value: object) -> None:
    assert of_member(expr, VIEWS) == value


def test_a_cut_that_is_null_has_nobody_above_it() -> None:
    expr = "top 5% by total_spend among age >= 18"
    assert of_member(expr, cuts={"m.top_5": "1234.50"}) is True
    assert of_member(expr, cuts={"m.top_5": "1234.51"}) is False
    assert of_member(expr, cuts={}) is False
    assert of_member("top 2.5% by total_spend among age < 18", cuts={"m.top_2_5": "1"}) is False


def test_cuts_are_named_after_their_declaration_and_counted() -> None:
    done = checked(
        "segment s\n  when top 5% by age or top 5.0% by total_spend or top 12.50% by age\n"
        "metric m = population percentile(total_spend, 99.5) + population median(total_spend)"
    )
    assert not done.found
    assert list(done.build.cuts) == [
        "s.top_5", "s.top_5_2", "s.top_12_5", "m.percentile_99_5", "m.median",
    ]  # fmt: skip


def test_a_condition_of_a_top_share_is_known_though_the_cut_may_be_missing() -> None:
    done = checked("segment s\n  when true\n  unless top 5% by total_spend")
    assert not done.found


def test_the_event_of_the_moment() -> None:
    event = {"type": "order_paid", "order_id": "o9", "amount": "19.90"}
    assert of_member("event.amount", event=event) == "19.90 CNY"
    assert of_member("event.amount otherwise 1 yuan") == "1.00 CNY"
    assert of_member("event.points_offered is known", event=event) is False


@pytest.mark.parametrize(("metres", "near"), [("500 m", False), ("10 km", True), ("600 米", True)])
def test_places_are_apart_by_metres(metres: str, near: bool) -> None:
    member = {**MEMBER, "home": [31, 121]}
    context = {"place": [Decimal("31.005"), 121]}
    expr = f"distance(home, place) <= {metres}"
    assert worth(expr, customer=member, context=context) is near
    assert worth("distance(home, place)", customer=member, context=context) == "556"
    assert worth(expr, customer=MEMBER, context=context) is None


def test_the_context_of_the_moment() -> None:
    context = {"weather": "rain", "kind_of_day": "festival"}
    assert of_member('weather is "rain"', context=context) is True
    assert of_member("context.kind_of_day >= weekend", context=context) is True
    assert of_member("kind_of_day = workday") is None


def test_days_of_a_zone_and_elapsed_hours_differ_where_clocks_change() -> None:
    ask: dict[str, Any] = {"customer": MEMBER, "as_of": "2026-11-21T01:00:00+08:00"}
    assert worth("as_of = 2026-11-21", **ask) is True
    assert worth("days since 2026-11-20 23:59", **ask) == "1 days"
    assert worth("hours since 2026-11-20 23:59", **ask) == "1 hours"


OPTIONAL_ROWS = """
schema: shop
customer: {key: id, fields: {id: {type: text}}}
collections:
  visits:
    optional: true
    time: on
    key: no
    fields: {no: {type: int}, on: {type: date}}
    collections:
      pages: {fields: {path: {type: text}}}
"""


def test_rows_with_a_date_are_counted_by_days() -> None:
    visits = [{"no": n, "on": f"2026-11-{d}", "pages": []} for n, d in enumerate((14, 15, 21, 22))]
    facts: dict[str, Any] = {
        "customer": {"id": "1", "visits": visits},
        "schema": schema_of(OPTIONAL_ROWS),
    }
    assert worth("count(visits)", **facts) == "3"
    assert worth("count(visits over last 7 days)", **facts) == "2"
    assert worth("count(visits over next 2 days)", **facts) == "2"
    assert worth("latest(visits.no)", **facts) == "2"


def test_aggregates_of_rows_that_may_be_absent_are_unknown() -> None:
    facts: dict[str, Any] = {"customer": {"id": "1"}, "schema": schema_of(OPTIONAL_ROWS)}
    assert worth("count(visits)", **facts) is None
    assert worth("count(visits) otherwise 0", **facts) == "0"
    done = checked("segment s\n  when not exists(visits)", schema_of(OPTIONAL_ROWS))
    assert done.codes == ["E0501"]
