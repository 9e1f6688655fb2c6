"""No record crashes or is taken for another: it is decided about, or rejected with reasons."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu import api
from siyu.decision import Decision
from siyu.records import Rejection

from .packs import AT, FACTS, MEMBER, pack

RULES = """\
metric total = sum(orders.amount)
metric rows = count(orders)
metric age = days since born
metric quiet = hours since seen
metric doubled = n * 2
metric rich = cash
segment vip
  when tags has "vip"
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> api.Policy:
    return api.load(pack(tmp_path_factory.mktemp("pack"), RULES), cache=False)


def member(**fields: Any) -> dict[str, Any]:
    return {"customer": {"id": "a", "n": 5, **fields}, "as_of": AT}


def order(**fields: Any) -> dict[str, Any]:
    row = {"no": "1", "at": "2026-11-01T10:00:00Z", "amount": "1.00", **fields}
    return member(orders=[{name: value for name, value in row.items() if value is not ...}])


DEEP: Any = []
for _ in range(100_000):
    DEEP = [DEEP]

REJECTED: dict[str, tuple[Any, str]] = {
    "nothing": (None, "request"),
    "a list": ([], "request"),
    "a text": ("{}", "request"),
    "no customer": ({"as_of": AT}, "customer"),
    "a customer that is a list": ({"customer": [], "as_of": AT}, "customer"),
    "an unknown part": ({**MEMBER, "costumer": {}}, "request"),
    "an unknown field": (member(nn=1), "customer"),
    "an unknown field of a row": (order(price="1"), "customer.orders[0]"),
    "a missing field": ({"customer": {"id": "a"}, "as_of": AT}, "customer.n"),
    "a missing field of a row": (order(amount=...), "customer.orders[0].amount"),
    "no key": ({"customer": {"n": 5}, "as_of": AT}, "customer.id"),
    "an empty key": (member(id=None), "customer.id"),
    "a number as key": (member(id=7), "customer.id"),
    "a text as number": (member(n="5"), "customer.n"),
    "a truth as number": (member(n=True), "customer.n"),
    "a fraction as int": (member(n=Decimal("1.5")), "customer.n"),
    "a float as int": (member(n=5.0), "customer.n"),
    "a float as money": (member(cash=0.1), "customer.cash"),
    "not a number": (member(cash=float("nan")), "customer.cash"),
    "no end": (member(cash=float("inf")), "customer.cash"),
    "decimal not a number": (member(cash=Decimal("NaN")), "customer.cash"),
    "decimal signalling": (member(cash=Decimal("sNaN")), "customer.cash"),
    "decimal without end": (member(cash=Decimal("-Infinity")), "customer.cash"),
    "5,000 digits": (member(n=10**5_000), "customer.n"),
    "5,000 digits below zero": (member(cash=-(10**5_000)), "customer.cash"),
    "5,000 digits as text": (member(cash="9" * 5_000), "customer.cash"),
    "a huge exponent": (member(cash=Decimal("1e999999")), "customer.cash"),
    "a tiny exponent": (member(cash=Decimal("1e-999999")), "customer.cash"),
    "a huge exponent as text": (member(cash="1e999999999"), "customer.cash"),
    "too many digits": (member(cash="0.001"), "customer.cash"),
    "below the range": (member(n=-1), "customer.n"),
    "above the range": (member(n=1001), "customer.n"),
    "Chinese digits": (member(cash="１２"), "customer.cash"),
    "spaces": (member(cash=" 1.00"), "customer.cash"),
    "underscores": (member(cash="1_000"), "customer.cash"),
    "an impossible date": (member(born="2026-02-30"), "customer.born"),
    "a moment as date": (member(born=AT), "customer.born"),
    "a number as date": (member(born=20261121), "customer.born"),
    "a moment without zone": (member(seen="2026-11-21T10:00:00"), "customer.seen"),
    "an impossible moment": (member(seen="2026-11-21T25:00:00Z"), "customer.seen"),
    "a moment before the calendar": (member(seen="0001-01-01T00:00:00+14:00"), "customer.seen"),
    "a NUL in a moment": (member(seen="2026-11-21T10:00:00Z\0"), "customer.seen"),
    "tags that are a text": (member(tags="vip"), "customer.tags"),
    "tags of numbers": (member(tags=[1]), "customer.tags"),
    "tags twice around": (member(tags=[["vip"]]), "customer.tags"),
    "rows that are an object": (member(orders={}), "customer.orders"),
    "a row that is a text": (member(orders=["x"]), "customer.orders[0]"),
    "one key, two rows": (
        member(orders=[order()["customer"]["orders"][0],
                       order(amount="2.00")["customer"]["orders"][0]]),
        "customer.orders",
    ),
    "deep nesting": (member(cash=DEEP), "customer.cash"),
    "deep nesting in tags": (member(tags=DEEP), "customer.tags"),
    "no moment": ({"customer": {"id": "a", "n": 5}}, "as_of"),
    "a moment that is none": ({**MEMBER, "as_of": "now"}, "as_of"),
    "a number for a moment": ({**MEMBER, "as_of": 5}, "as_of"),
    "an event that nobody knows": ({**MEMBER, "event": {"type": "paid"}}, "event"),
    "an event without type": ({**MEMBER, "event": {}}, "event"),
    "a metric that nobody knows": ({**MEMBER, "metrics": {"total2": 1}}, "metrics"),
    "a metric of another type": ({**MEMBER, "metrics": {"rows": "x"}}, "metrics.rows"),
    "a metric of 5,000 digits": ({**MEMBER, "metrics": {"rows": 10**5_000}}, "metrics.rows"),
    "a context that nobody knows": ({**MEMBER, "context": {"weather": 1}}, "context"),
}  # fmt: skip


@pytest.mark.parametrize("name", REJECTED)
def test_it_is_rejected_with_its_place(name: str, policy: api.Policy) -> None:
    request, path = REJECTED[name]
    for ask in (policy.decide, policy.explain):
        with pytest.raises(api.Rejected) as caught:
            ask(request)
        reasons = caught.value.reasons
        assert any(reason.path.startswith(path) for reason in reasons), reasons
        assert all(len(reason.message) < 300 for reason in reasons)


def test_moments_of_many_zones_are_one_moment(policy: api.Policy) -> None:
    texts = ("2026-11-20T00:00:00Z", "2026-11-20T08:00:00+08:00", "2026-11-19T18:30:00-05:30")
    found = {policy.decide(member(seen=text)).metrics["quiet"] for text in texts}
    assert len(found) == 1


def test_a_reason_does_not_repeat_a_long_value(policy: api.Policy) -> None:
    with pytest.raises(api.Rejected) as caught:
        policy.decide(member(cash="x" * 1_000_000))
    assert len(str(caught.value)) < 300


def test_thousands_of_mistakes_are_counted_not_listed(policy: api.Policy) -> None:
    rows = [{"no": str(n), "at": AT, "amount": "x"} for n in range(5_000)]
    with pytest.raises(api.Rejected) as caught:
        policy.decide(member(orders=rows))
    assert len(caught.value.reasons) == 101
    assert "4900 more" in str(caught.value.reasons[-1])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"customer": {"id": "a", "n": 1e400}}', "customer.n"),
        (b'{"customer": {"id": "a", "n": NaN}}', "NaN"),
        (b'{"customer": {"id": "a", "n": 5, "n": 6}}', "`n` twice"),
        (b'{"customer": {"id": "\xff"}}', "not UTF-8"),
        (b'{"a":' * 100_000, "line"),
        (b"[" * 100_000, "line"),
        (b'{"n": ' + b"9" * 10_000 + b"}", "line"),
        (b"\0", "line"),
        (b'{"customer": {"id": "a\\ud800", "n": 5}, "as_of": "%s"}' % AT.encode(), ""),
    ],
)
def test_lines_that_mean_harm_are_rejected(line: bytes, message: str, policy: api.Policy) -> None:
    with pytest.raises(api.Rejected) as caught:
        policy.decide_json(line)
    assert message in str(caught.value)


def test_unknown_keys_pass_only_where_the_schema_lets_them(tmp_path: Path) -> None:
    facts = FACTS.replace("version: 1\n", "version: 1\nextra: ignore\n")
    policy = api.load(pack(tmp_path, RULES, facts), cache=False)
    read = policy.read(member(nn=1, mm={"deep": DEEP}))

    assert not isinstance(read, Rejection)
    assert read.ignored == 2


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from([AT, "a", "1.00", "2026-01-01", Decimal("1.5"), 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["customer", "id", "n", "orders", "no", "at", "amount", "cash", "x"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(["id", "n", "cash", "born", "seen", "tags", "orders"]), VALUES)
)
def test_whatever_a_customer_is_nothing_raises(policy: api.Policy, fields: dict[str, Any]) -> None:
    (found,) = policy.decide_many([{"customer": fields, "as_of": AT}])
    if isinstance(found, Decision):
        assert json.loads(found.to_json())["customer"] == fields["id"]
    else:
        assert found.reasons
