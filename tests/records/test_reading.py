"""What a request means, value by value, and why it is rejected.

Every case goes through the fast reader and the careful one; they must agree.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from siyu.records import Read, Reader, Rejection, instant
from siyu.records.detailed import read_in_detail

from .conftest import AS_OF, customer
from .shop import IGNORING, NAMES, READ, TABLES


def micros(text: str) -> int:
    found = dt.datetime.fromisoformat(text) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return found // dt.timedelta(microseconds=1)


def both(request: Any, read: Reader = READ, as_of: int | None = None) -> Read | Rejection:
    found = read(request, as_of)
    assert found == read_in_detail(read.plan, request, as_of)
    return found


def accepted(request: Any, read: Reader = READ, as_of: int | None = None) -> Read:
    found = both(request, read, as_of)
    assert isinstance(found, Read), str(found)
    return found


def value(request: Any, origin: str, name: str) -> Any:
    return dict(zip(NAMES, accepted(request).facts.values, strict=True))[origin, name]


def table(request: Any, path: str) -> Any:
    return dict(zip(TABLES, accepted(request).facts.tables, strict=True))[path]


def why(request: Any, read: Reader = READ, as_of: int | None = None) -> list[str]:
    found = both(request, read, as_of)
    assert isinstance(found, Rejection)
    return [str(reason) for reason in found.reasons]


def of(**fields: Any) -> dict[str, Any]:
    return {"as_of": AS_OF, "customer": customer(**fields)}


def test_the_least_request() -> None:
    read = accepted(of())
    assert (read.key, read.event, read.event_key, read.ignored) == ("M1", None, None, 0)
    assert read.as_of == micros(AS_OF)


def test_whoever_has_no_key_is_nobody() -> None:
    assert why(of(id="")) == ["customer.id must not be empty: it is the key"]
    nameless = {**of(), "event": {"type": "asked", "id": ""}}
    assert why(nameless) == ["event.id must not be empty: it is the key"]
    assert accepted(of(id=" ")).key == " ", "data is never changed"


# --- values


@pytest.mark.parametrize(
    ("name", "raw", "held"),
    [
        ("age", 0, 0),
        ("age", 120, 120),
        ("age", Decimal("5.0"), 5),
        ("age", Decimal("1E+2"), 100),
        ("age", None, None),
        ("visits", None, 0),
        ("visits", 7, 7),
        ("spend", 5, 500),
        ("spend", "5", 500),
        ("spend", "19.900", 1990),
        ("spend", Decimal("19.9"), 1990),
        ("spend", Decimal("0E+999999"), 0),
        ("spend", "1000000000", 10**11),
        ("rate", "-0.001", -1),
        ("rate", -1, -1000),
        ("rate", Decimal("1.5000000000"), 1500),
        ("born", "1990-02-28", 726_526),
        ("born", dt.date(1990, 2, 28), 726_526),
        ("wakes", "07:30", 27_000),
        ("wakes", "23:59:59", 86_399),
        ("wakes", dt.time(7, 30), 27_000),
        ("seen", "1970-01-01T00:00:00Z", 0),
        ("seen", "1970-01-01 08:00+08:00", 0),
        ("seen", "1970-01-01T00:00:00.25Z", 250_000),
        ("seen", "1969-12-31T23:59:59.999999+00:00", -1),
        ("seen", dt.datetime(1970, 1, 1, 8, tzinfo=dt.timezone(dt.timedelta(hours=8))), 0),
        ("stays", 3, 3),
        ("stays", "2 weeks", 14),
        ("stays", "1 day", 1),
        ("tags", ["b", "a", "b"], frozenset("ab")),
        ("tags", None, frozenset()),
        ("sizes", ["s", "l"], frozenset("sl")),
        ("size", "m", "m"),
        ("level", "gold", "gold"),
        ("home", [31.23, 121.47], (31.23, 121.47)),
        ("home", {"lat": -90, "lon": Decimal("180")}, (-90.0, 180.0)),
        ("secret", "换行\n也行", "换行\n也行"),
        ("out", True, True),
    ],
)
def test_values_as_they_are_held(name: str, raw: Any, held: Any) -> None:
    found = value(of(**{name: raw}), "customer", name)
    assert found == held
    assert type(found) is type(held)


TWO_DIGITS = "must have at most 2 digits after the point"
DEGREES = "must lie from -90 to 90 degrees north and -180 to 180 degrees east"


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("age", 121, "must be from 0 to 120, not `121`"),
        ("age", True, "must be a whole number, not `true`"),
        ("age", "5", "must be a whole number, not `5`"),
        ("age", Decimal("5.5"), "must be a whole number, not `5.5`"),
        ("age", Decimal("NaN"), "must be a whole number, not `NaN`"),
        ("age", Decimal("sNaN"), "must be a whole number, not `NaN`"),
        ("age", 5.0, "must be sent digit by digit, as a decimal or as text, not a binary fraction"),
        pytest.param("age", 10**5000, "must be from 0 to 120, not a number of very many digits",
                     id="huge"),
        ("spend", -1, "must be from 0 to 1000000000, not `-1.00`"),
        ("spend", "19.905", "must have at most 2 digits after the point, not `19.905`"),
        ("spend", "1e3", "must be a number, not `1e3`"),
        ("spend", " 5", "must be a number, not ` 5`"),
        ("spend", "５", "must be a number, not `５`"),
        ("spend", "1_000", "must be a number, not `1_000`"),
        ("spend", Decimal("Infinity"), "must be a number, not `Infinity`"),
        ("spend", Decimal("1E+999999"), "must be a smaller number, not `1E+999999`"),
        ("spend", Decimal("1E-99999"), f"{TWO_DIGITS}, not `1E-99999`"),
        ("spend", False, "must be a number, not `false`"),
        ("spend", None, "is missing"),
        ("rate", "0.0001", "must have at most 3 digits after the point, not `0.0001`"),
        ("wakes", "24:00", "must be a time of day like 20:00, not `24:00`"),
        ("seen", "2026-11-21T10:00:00", "must say its zone, as in 2026-11-21T10:00:00+08:00, "
         "not `2026-11-21T10:00:00`"),
        ("seen", "2026-11-21T25:00:00Z", "must be a time that exists, not `2026-11-21T25:00:00Z`"),
        ("seen", "9999-12-31T23:59:59Z", "must lie within the years 1 to 9999 in every zone"),
        ("seen", 0, "must be an instant with its zone like 2026-11-21T10:00:00+08:00, not `0`"),
        ("stays", "3 hours", "must be a number of days like `30 days`, not `3 hours`"),
        ("stays", "1 month", "must be a number of days like `30 days`, not `1 month`"),
        ("tags", "vip", "must be a list, not `vip`"),
        ("tags", ["a", 1], "each item must be text, not `1`"),
        ("tags", [["a"]], "each item must be text, not a list"),
        ("sizes", ["xl"], "each item must be one of `s`, `m`, `l`, not `xl`"),
        ("size", "M", "must be one of `s`, `m`, `l`, not `M`"),
        ("size", ["m"], "must be one of `s`, `m`, `l`, not a list"),
        ("level", "silver", "must be one of `plain`, `gold`, not `silver`"),
        ("home", [91, 0], DEGREES),
        ("home", [float("nan"), 0], DEGREES),
        ("home", "here", "must be a place like [31.23, 121.47], latitude first, not `here`"),
        ("out", 0, "must be true or false, not `0`"),
        ("out", "true", "must be true or false, not `true`"),
        ("id", 5, "must be text, not `5`"),
        ("id", "a\0b", "must not hold the character NUL"),
        ("id", "\ud83d", "must be Unicode text without half of a pair"),
    ],
)  # fmt: skip
def test_values_that_are_none(name: str, raw: Any, message: str) -> None:
    assert why(of(**{name: raw})) == [f"customer.{name} {message}"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("1899-12-31", "must not be before 1900-01-01"),
        ("2027-01-01", "must not be after 2026-12-31"),
        ("1990-02-30", "must be a date like 2026-11-21"),
        ("19900228", "must be a date like 2026-11-21"),
        ("1990-2-28", "must be a date like 2026-11-21"),
        (19900228, "must be a date like 2026-11-21"),
    ],
)
def test_private_values_are_not_shown(raw: Any, message: str) -> None:
    assert why(of(born=raw)) == [f"customer.born {message}"]


def test_what_is_not_needed_is_not_read() -> None:
    accepted(of(unread="not a number", never_read=5))


# --- requests


def test_all_reasons_are_told_at_once() -> None:
    request = {
        "customer": customer(age=-1, spend=None, agee=3, orders=[{"order_id": "o1"}, 5]),
        "event": {"type": "payd"},
        "metrics": {"aov": "much"},
        "as_off": AS_OF,
    }
    assert why(request) == [
        "request has an unknown key `as_off`; did you mean `as_of`",
        "customer has an unknown key `agee`; did you mean `age`",
        "customer.age must be from 0 to 120, not `-1`",
        "customer.spend is missing",
        "customer.orders[0].paid_at is missing",
        "customer.orders[0].amount is missing",
        "customer.orders[0].status is missing",
        "customer.orders[0].lines is missing; send `[]` where there are none",
        "customer.orders[1] must be an object, not `5`",
        "event.type is `payd`, which is not an event; did you mean `paid`",
        "metrics.aov must be a number, not `much`",
        "as_of is missing, and nothing else says when to decide",
    ]


@pytest.mark.parametrize("request_", [None, 5, "x", [], [{}], True])
def test_what_is_no_request(request_: Any) -> None:
    assert why(request_) == [f"request must be an object, not {_named(request_)}"]


def _named(raw: Any) -> str:
    return {"None": "nothing", "[]": "a list", "[{}]": "a list"}.get(
        str(raw), f"`{str(raw).lower()}`"
    )


@pytest.mark.parametrize("part", ["customer", "event", "context", "metrics"])
def test_parts_must_be_objects(part: str) -> None:
    assert f"{part} must be an object, not a list" in why({**of(), part: []})


def test_as_of_comes_from_the_request_first() -> None:
    assert accepted(of(), as_of=5).as_of == micros(AS_OF)
    assert accepted({"customer": customer()}, as_of=5).as_of == 5
    assert why({"as_of": "today", "customer": customer()}, as_of=5) == [
        "as_of must be an instant with its zone like 2026-11-21T10:00:00+08:00, not `today`"
    ]


def test_an_events_own_time_is_the_instant() -> None:
    event = {"type": "paid", "order_id": 7, "at": "2026-01-01T00:00:00-05:00", "amount": 1}
    read = accepted({**of(), "event": event})
    assert read.as_of == micros("2026-01-01T05:00:00+00:00")
    assert (read.event, read.event_key) == ("paid", "7")
    assert value({"customer": customer(), "event": event}, "event", "paid.amount") == 100


def test_inputs_of_other_events_are_unknown() -> None:
    request = {**of(), "event": {"type": "asked", "id": "q", "points": 5}}
    assert value(request, "event", "asked.points") == 5
    assert value(request, "event", "paid.amount") is None
    assert value(request, "request", "event") == "asked"
    assert value(request, "request", "event_key") == "q"
    assert value({**of(), "event": {"type": "unnamed"}}, "event", "unnamed.n") == 3


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({}, "event.type is missing"),
        ({"type": 5}, "event.type is `5`, which is not an event"),
        ({"type": []}, "event.type is a list, which is not an event"),
        ({"type": "asked"}, "event.id is missing"),
        ({"type": "asked", "id": "a", "x": 1}, "event has an unknown key `x`"),
        ({"type": "asked", "id": "a", "points": -1},
         "event.points must be from 0 to 1000000000000, not `-1`"),
    ],
)  # fmt: skip
def test_events_that_are_none(event: Any, reason: str) -> None:
    assert why({**of(), "event": event}) == [reason]


def test_context() -> None:
    assert value({**of(), "context": {"weather": "雨"}}, "context", "weather") == "雨"
    assert value(of(), "context", "weather") is None
    assert why({**of(), "context": {"wether": "rain"}}) == [
        "context has an unknown key `wether`; did you mean `weather`"
    ]


def test_given_metrics() -> None:
    request = {**of(), "metrics": {"aov": "12.345678", "size_now": None}}
    assert accepted(request).facts.given == (("aov", 12_345_678),)
    assert value(request, "metric", "aov") == 12_345_678
    assert why({**of(), "metrics": {"ltv": 1}}) == ["metrics has an unknown key `ltv`"]


def test_unknown_keys_are_counted_where_they_are_ignored() -> None:
    order = {**ORDER, "x": 1, "lines": [{"line_no": 1, "price": 1, "y": 1, "z": 2}]}
    request = {
        "as_of": AS_OF,
        "customer": customer(a=1, orders=[order]),
        "metrics": {"b": 1},
        "context": {"c": 1},
        "event": {"type": "asked", "id": "q", "d": 1},
    }
    assert accepted(request, IGNORING).ignored == 7
    assert len(why(request)) == 7
    assert why({**request, "as_off": 1}, IGNORING) == [
        "request has an unknown key `as_off`; did you mean `as_of`"
    ]


# --- rows

ORDER: dict[str, Any] = {
    "order_id": "o1",
    "paid_at": "2026-03-01T00:00:00Z",
    "amount": "10.00",
    "status": "paid",
    "lines": [],
    "parcels": [],
}
PAID = micros("2026-03-01T00:00:00+00:00")


def order(key: str, **more: Any) -> dict[str, Any]:
    return {**ORDER, "order_id": key, **more}


def line(number: int, price: Any = 1, **more: Any) -> dict[str, Any]:
    return {"line_no": number, "price": price, **more}


def test_rows_nested_and_flattened() -> None:
    request = of(orders=[order("o1", lines=[line(1, qty=2), line(2, "0.50")]), order("o2")])
    assert table(request, "orders") == (
        (PAID, 1000, "paid", None, ((2,), (1,))),
        (PAID, 1000, "paid", None, ()),
    )
    assert table(request, "orders.lines") == ((100, 2, PAID), (50, 1, PAID))


def test_absent_collections() -> None:
    assert table(of(), "visits_log") == ()
    assert table(of(), "surveys") is None
    assert table(of(surveys=[]), "surveys") == ()
    assert why({"as_of": AS_OF, "customer": {"id": "a", "spend": 1, "out": True}}) == [
        "customer.orders is missing; send `[]` where there are none"
    ]


def test_one_unknown_nested_collection_makes_the_flattened_one_unknown() -> None:
    known = [order("o1", parcels=[{"code": "x"}]), order("o2", parcels=[{"code": "y"}])]
    assert table(of(orders=known), "orders.parcels") == (("x",), ("y",))
    for missing in range(2):
        partly = [{k: v for k, v in each.items() if k != "parcels" or i != missing}
                  for i, each in enumerate(known)]  # fmt: skip
        assert table(of(orders=partly), "orders.parcels") is None


def test_identical_rows_collapse() -> None:
    twice = [order("o1", amount=1), order("o2"), order("o1", amount="1.00")]
    assert len(table(of(orders=twice), "orders")) == 2
    lines = [line(1), line(1, Decimal("1.0"), qty=1)]
    assert table(of(orders=[order("o1", lines=lines)]), "orders.lines") == ((100, 1, PAID),)
    days = [{"on": "2026-01-01"}, {"on": "2026-01-01"}]
    assert len(table(of(visits_log=days), "visits_log")) == 2


def test_one_key_with_two_contents_rejects() -> None:
    assert why(of(orders=[order("o1"), order("o1", amount=3)])) == [
        "customer.orders[1].order_id is the key `o1` of two rows that differ"
    ]
    nested = [order("o1", lines=[line(1), line(1, 2)]), order("o2", lines=[line(1)])]
    assert why(of(orders=nested)) == [
        "customer.orders[0].lines[1].line_no is the key `1` of two rows that differ"
    ]


def test_one_bad_row_rejects_its_customer() -> None:
    rows = [order("o1"), order("o2", lines=[line(1, qty=-1)]), order("o3", status="lost")]
    assert why(of(orders=rows)) == [
        "customer.orders[1].lines[0].qty must be from 0 to 1000000000000, not `-1`",
        "customer.orders[2].status must be one of `placed`, `paid`, not `lost`",
    ]


def test_zones_may_be_mixed() -> None:
    rows = [
        order("a", paid_at="2026-03-01T08:00:00+08:00"),
        order("b", paid_at="2026-02-28T19:00-05:00"),
    ]
    assert [row[0] for row in table(of(orders=rows), "orders")] == [PAID, PAID]


@pytest.mark.parametrize("raw", [{}, "x", 5, [5], [[]], [None], {"order_id": 1}])
def test_what_is_no_list_of_rows(raw: Any) -> None:
    (reason,) = why(of(orders=raw))
    assert reason.startswith("customer.orders")


def test_a_hundred_reasons_are_enough() -> None:
    reasons = why(of(orders=[5] * 1000))
    assert len(reasons) == 101
    assert reasons[-1] == "request has 900 more mistakes"


def test_ten_thousand_orders_in_one_pass() -> None:
    rows = [order(f"o{n}", lines=[line(1)]) for n in range(10_000)]
    assert len(table(of(orders=rows), "orders.lines")) == 10_000
    assert len(table(of(orders=rows + rows), "orders")) == 10_000


def test_instants_of_callers() -> None:
    assert instant(AS_OF) == micros(AS_OF)
    assert not isinstance(instant("now"), int)


# --- in both languages


def test_reasons_are_said_in_either_language() -> None:
    from siyu.locale import speech

    zh = speech("zh")
    found = both({**of(id="", agee=3, orders={}), "event": {"type": "piad"}})
    assert isinstance(found, Rejection)
    assert [reason.message for reason in found.reasons] == [
        reason.spoken(speech("en")).removeprefix(f"{reason.path} ") for reason in found.reasons
    ]
    assert [reason.spoken(zh) for reason in found.reasons] == [
        "customer 有不认识的键 `agee`；是不是想写 `age`？",
        "customer.id 不能为空：它是键",
        "customer.orders 必须是对象的列表，不能是对象",
        "event.type 是 `piad`，不是已知的事件；是不是想写 `paid`？",
    ]
