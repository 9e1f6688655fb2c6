"""Generated policies about generated customers, in SQL: DuckDB and Spark decide as the generated
Python does, to the byte (which decides as the reference does: see test_policies)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import settings

from siyu.api.policy import Policy
from siyu.population.engines.spark import SparkEngine
from siyu.records import Read
from tests.agreement.engine import by_reference, compiled_policy, with_cuts
from tests.agreement.relations import SqlEngine
from tests.agreement.sql import documents, duckdb
from tests.agreement.test_policies import made_policy
from tests.strategies.customers import People
from tests.strategies.policies import FACTS

LONG = 20  # times as many policies in the long profile


def rounds(count: int) -> range:
    """Seeds of policies: the same few, or in the long profile many."""
    long = settings.get_current_profile_name() == "long"
    return range(count * LONG if long else count)


def asked(policy: Policy, requests: Sequence[Mapping[str, Any]]) -> list[Read]:
    """The facts of requests, all of which can be decided about."""
    reads = [policy.read(request) for request in requests]
    assert [read for read in reads if not isinstance(read, Read)] == []
    return [read for read in reads if isinstance(read, Read)]


def people(rng: Random, policy: Policy, count: int, fixed: bool) -> list[Read]:
    """The facts of customers at their edges, all at one moment or each at one of its own."""
    zone = policy.program.timezone
    made = [People(rng, zone) for _ in range(1 if fixed else count)]
    return asked(policy, [made[number % len(made)].request() for number in range(count)])


def check(
    engine: SqlEngine, policy: Policy, reads: Sequence[Read], told: str, *, fixed: bool = True
) -> None:
    """Fails with everything that is needed to look into the first difference; `fixed` as
    `documents` has it."""
    expected = [policy.decide_about(read).to_json() for read in reads]
    found = documents(engine, policy, reads, fixed=fixed)
    for one, two, read in zip(expected, found, reads, strict=True):
        if one != two:
            python, sql = json.loads(one), json.loads(two)
            parts = {key: (python[key], sql[key]) for key in python if python[key] != sql[key]}
            pytest.fail(f"{engine.name} differs (Python, SQL): {parts}\n{told}\n{read.facts}")


def alike(rng: Random, policy: Policy, count: int) -> list[Read]:
    """The facts of as many requests at one moment about one event, without metrics: what one query
    answers."""
    event = (None, "paid", "checkout")[rng.randrange(3)]
    everybody = People(rng, policy.program.timezone)
    found: list[dict[str, Any]] = []
    while len(found) < count:
        request = everybody.request()
        if request.get("event", {}).get("type") == event and "metrics" not in request:
            found.append(request)
    return asked(policy, found)


def test_a_heap_of_policies_agrees_on_duckdb() -> None:
    """A query for each event and each set of metrics that is brought."""
    decided = 0
    for seed in rounds(16):
        rng = Random(5_000 + seed)
        text, policy = made_policy(rng)
        if policy is None:
            continue
        # Every other policy at one moment, which its queries know; else each customer's own.
        fixed = seed % 2 == 0
        reads = people(rng, policy, 50, fixed)
        check(duckdb(), policy, reads, f"seed {seed}\n{text}", fixed=fixed)
        decided += len(reads)
    assert decided >= 600


def test_thousands_of_customers_agree_on_duckdb() -> None:
    decided = 0
    for seed in rounds(3):
        rng = Random(7_000 + seed)
        text, policy = made_policy(rng)
        if policy is None:
            continue
        reads = alike(rng, policy, 2_000)
        check(duckdb(), policy, reads, f"seed {seed}\n{text}")
        decided += len(reads)
    assert decided >= 4_000


def test_policies_agree_on_spark(spark: SparkEngine) -> None:
    """Each costs Spark many seconds of planning: one, or in the long profile twenty."""
    decided = 0
    for seed in rounds(1):
        rng = Random(9_000 + seed)
        text, policy = made_policy(rng)
        if policy is None:
            continue
        reads = alike(rng, policy, 200)
        check(spark, policy, reads, f"seed {seed}\n{text}")
        decided += len(reads)
    assert decided >= 200


# ------------------------------------------------------------------------- edges of what is held

HEAD = """\
policy generated
  language 1
  timezone "Europe/Berlin"
  currency CNY
  schema "facts.yaml"

"""
EDGES = (
    HEAD
    + """\
metric square = n * n
metric cube = n * n * n
metric area = (cash / 1 yuan) * n
metric share = cash / 3
metric part = n / 7
metric halves = round(d / 8, 2)
metric low = floor(d / 3)
metric high = ceil(d / 3)
metric total = sum(orders.amount)
metric dear = sum(orders.lines.qty * orders.lines.price)
metric big = sum(orders.lines.qty * orders.lines.qty * orders.lines.qty)
metric mean = avg(orders.amount)
metric hues = distinct(orders.hue)
metric newest = latest(orders.amount by orders.paid_at)
metric bunches = count(orders where sum(lines.qty) >= 3)
metric empty = count(orders where not exists(lines))
metric long = max(visits.long)
metric calls = count(visits)
metric any = exists(visits)
metric old = days since born
metric months = months since joined
metric hours = (as_of - seen) / 1 hour
metric gap = days since max(orders.paid_at)
metric lately = count(orders over last 1 month)
metric today = count(orders where paid_at in this day)

segment tagged
  when tags has "x"

segment untold
  when not (tags has "y") or n_opt = 3

segment due
  when anniversary of born within next 30 days
"""
)
# As wide as a schema lets fields be that say no range.
WIDER = {
    "n:        {type: int, min: -100, max: 1000}": "n:        {type: int}",
    "cash:     {type: money, min: 0, max: 100_000}": "cash:     {type: money}",
    "amount:   {type: money, min: 0, max: 10_000}": "amount:   {type: money}",
    "qty:     {type: int, min: 0, max: 100}": "qty:     {type: int, min: 0, max: 1000}",
    "price:   {type: money, min: 0, max: 1_000}": "price:   {type: money}",
}
WIDE = (-(10**12), -1, 0, 1, 7, 10**12)
MONEY = ("-1000000000", "-0.01", "0", "0.01", "19.90", "999999999.99", "1000000000")
MOMENTS = (
    "2026-03-29T01:59:59.999999+01:00", "2026-03-29T03:00:00+02:00", "2026-10-25T02:30:00+02:00",
    "2026-10-25T02:30:00+01:00", "2028-02-29T23:59:59.999999+01:00", "2026-03-31T00:00:00+02:00",
)  # fmt: skip
DAYS = ("2026-01-31", "2024-02-29", "2000-12-31", "2026-03-31", "0001-01-03", "9999-12-28")


def edge(rng: Random, number: int) -> dict[str, Any]:
    """A request whose every value lies at an end of what there is, or is not there."""

    def one(items: Sequence[Any]) -> Any:
        return items[rng.randrange(len(items))]

    orders = [
        {"order_id": f"o{n}", "paid_at": one(MOMENTS), "amount": one(MONEY), "paid": True,
         "lines": [{"line_no": i, "qty": one((0, 1, 1_000)), "price": one(MONEY)}
                   for i in range(one((0, 1, 3)))],
         **({"hue": one(("red", "blue"))} if rng.randrange(2) else {})}
        for n in range(one((0, 1, 2, 6)))
    ]  # fmt: skip
    customer = {
        "id": f"C{number}", "n": one(WIDE), "d": one(("-100", "-0.05", "0.05", "2.35", "999.99")),
        "cash": one(MONEY), "joined": one(DAYS), "fit": "s", "stopped_all": False,
        "orders": orders, "contacts": [], "grants": [], "points_log": [], "consents": [],
    }  # fmt: skip
    maybe = {
        "tags": one(([], ["x"], ["y", "x", "x"], ["日", "X", "a'b\"\\"])), "born": one(DAYS),
        "seen": one(MOMENTS), "n_opt": one((3, 4)),
        "visits": [{"day": one(DAYS), "long": one(("0", "500"))} for _ in range(one((0, 2)))],
    }  # fmt: skip
    customer |= {name: value for name, value in maybe.items() if rng.randrange(3)}
    request: dict[str, Any] = {"customer": customer, "as_of": one(MOMENTS)}
    if number % 4 == 0:
        request["metrics"] = {"gap": one(("0 days", "30 days")), "square": one((0, 10**24))}
    return request


@pytest.fixture(scope="module")
def edges() -> tuple[Policy, list[Read]]:
    rng = Random(1)
    facts = FACTS
    for old, new in WIDER.items():
        assert facts.count(old) == 1, old
        facts = facts.replace(old, new)
    compiled = compiled_policy(EDGES, facts)
    assert compiled.program is not None, [f"{d.code} {d.text()}" for d in compiled.diagnostics]
    policy = with_cuts(compiled, rng)
    return policy, asked(policy, [edge(rng, number) for number in range(400)])


def test_edges_agree_on_duckdb(edges: tuple[Policy, list[Read]]) -> None:
    policy, reads = edges
    for read in reads[:50]:
        assert by_reference(policy, read) == policy.decide_about(read).to_json()
    check(duckdb(), policy, reads, EDGES)
    check(duckdb(), policy, reads, EDGES, fixed=False)


def test_edges_agree_on_spark(edges: tuple[Policy, list[Read]], spark: SparkEngine) -> None:
    check(spark, *edges, EDGES, fixed=False)
