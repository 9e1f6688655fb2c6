"""The fast reader and the careful one agree on every request, and neither ever raises."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from siyu.records import Read, Reader, Rejection, read_json
from siyu.records.detailed import read_in_detail
from siyu.records.memo import Stumble

from .shop import IGNORING, READ

ZONES = st.sampled_from([dt.timezone(dt.timedelta(hours=h, minutes=m)) for h, m in
                         [(8, 0), (0, 0), (-5, 0), (5, 45), (14, 0), (-12, 0)]])  # fmt: skip
INSTANTS = st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2100, 1, 1), timezones=ZONES).map(
    dt.datetime.isoformat
)
DATES = st.dates(dt.date(1900, 1, 1), dt.date(2026, 12, 31)).map(dt.date.isoformat)
TIMES = st.times().map(lambda t: t.isoformat("seconds"))
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
KEYS = TEXTS.filter(bool)


def amounts(scale: int, low: int = 0, high: int = 10**9) -> st.SearchStrategy[Any]:
    """An amount as an int, a decimal with zeros at the end, or text."""
    exact = st.decimals(low, high, places=scale)
    return st.integers(low, high) | exact | exact.map(lambda d: f"{d:f}")


def sometimes(**fields: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: st.none() | each for name, each in fields.items()}


LINES = st.fixed_dictionaries(
    {"line_no": st.integers(0, 9), "price": amounts(2)},
    optional=sometimes(qty=st.integers(0, 9)),
)
ORDERS = st.fixed_dictionaries(
    {
        "order_id": TEXTS,
        "paid_at": INSTANTS,
        "amount": amounts(2),
        "status": st.sampled_from(["placed", "paid"]),
        "lines": st.lists(LINES, max_size=3, unique_by=lambda row: row["line_no"]),
    },
    optional={
        "parcels": st.lists(st.fixed_dictionaries({"code": TEXTS}), max_size=2) | st.none(),
        "unread": st.integers(),
        **sometimes(note=TEXTS),
    },
)
CUSTOMERS = st.fixed_dictionaries(
    {
        "id": KEYS,
        "spend": amounts(2),
        "out": st.booleans(),
        "orders": st.lists(ORDERS, max_size=4, unique_by=lambda row: row["order_id"]),
    },
    optional={
        "unread": st.just("anything"),
        "visits_log": st.lists(st.fixed_dictionaries({"on": DATES}), max_size=3),
        "surveys": st.lists(st.fixed_dictionaries({"score": st.integers(0, 10)}), max_size=3),
        **sometimes(
            age=st.integers(0, 120),
            rate=amounts(3, -9),
            visits=st.integers(-5, 5),
            born=DATES,
            wakes=TIMES,
            seen=INSTANTS,
            stays=st.integers(0, 99) | st.integers(0, 99).map(lambda n: f"{n} days"),
            tags=st.lists(TEXTS, max_size=3),
            sizes=st.lists(st.sampled_from("sml"), max_size=3),
            size=st.sampled_from("sml"),
            home=st.tuples(st.integers(-90, 90), st.integers(-180, 180)).map(list),
            secret=TEXTS,
            level=st.sampled_from(["plain", "gold"]),
        ),
    },
)
EVENTS = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("paid"), "order_id": st.integers(), "at": INSTANTS, "amount": amounts(2)}
    ),
    st.fixed_dictionaries(
        {"type": st.just("asked"), "id": KEYS}, optional=sometimes(points=st.integers(0, 9))
    ),
    st.fixed_dictionaries({"type": st.just("unnamed")}),
)  # fmt: skip
REQUESTS = st.fixed_dictionaries(
    {"customer": CUSTOMERS, "as_of": INSTANTS},
    optional=sometimes(
        event=EVENTS.filter(lambda e: abs(e.get("order_id", 0)) <= 10**12),
        context=st.fixed_dictionaries({}, optional=sometimes(weather=TEXTS)),
        metrics=st.fixed_dictionaries({}, optional=sometimes(aov=amounts(6))),
    ),
)

JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**30), 2**63])
    | st.floats()
    | st.decimals()
    | st.sampled_from([Decimal("1E+99999999"), Decimal("1E-99999999"), Decimal("sNaN")])
    | st.text(max_size=5)
    | st.sampled_from(["\ud800", "\0", "1e9", "٣", "2026-02-30", "0000-01-01", "9999-12-31T23:59Z"])
    | st.binary(max_size=3)
    | st.dates()
    | st.datetimes(timezones=st.none() | ZONES),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=4) | st.sampled_from(["id", "type"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def agree(reader: Reader, request: Any, as_of: int | None = None) -> Read | Rejection:
    found = reader(request, as_of)
    assert found == read_in_detail(reader.plan, request, as_of)
    if isinstance(found, Rejection):
        assert found.reasons
        for reason in found.reasons:
            assert reason.path and reason.message
            assert "\n" not in str(reason)
    return found


@given(REQUESTS)
def test_good_requests_are_read_the_fast_way(request: dict[str, Any]) -> None:
    found = agree(READ, request)
    assert isinstance(found, Read), str(found)
    assert READ._fast(request, None) == found


@given(REQUESTS, st.data())
def test_spoiled_requests(request: dict[str, Any], data: st.DataObject) -> None:
    """Junk in one place, then both readers, with and without unknown keys."""
    place: Any = request
    while True:
        keys = [*place, "unknown"] if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key] if key != "unknown" else None
        if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
            place = inner
            continue
        break
    place[key] = data.draw(JUNK)
    agree(READ, request)
    agree(IGNORING, request, 0)


@given(JUNK)
def test_junk(request: Any) -> None:
    agree(READ, request)


@given(REQUESTS)
def test_rows_twice_are_rows_once(request: dict[str, Any]) -> None:
    once = agree(READ, request)
    request["customer"]["orders"] = request["customer"]["orders"] * 2
    assert agree(READ, request) == once


@given(REQUESTS)
def test_json_lines_bring_the_same_values(request: dict[str, Any]) -> None:
    line = json.dumps(request, default=str, ensure_ascii=False)
    as_text = json.loads(json.dumps(request, default=str), parse_float=Decimal)
    assert agree(READ, read_json(line)) == agree(READ, as_text)


def test_the_fast_reader_gives_up_rather_than_guess() -> None:
    for request in (None, {}, {"customer": {}}, {"customer": {"id": 1}}):
        try:
            READ._fast(request, 0)
        except (Stumble, TypeError, KeyError):
            continue
        raise AssertionError(request)
