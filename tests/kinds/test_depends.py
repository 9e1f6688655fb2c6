"""Claims about what depends on what: what is proven, and the way that a false one shows."""

from __future__ import annotations

import pytest

from siyu.compiler import Pack, Used, compile_pack
from siyu.core.compiled import Compiled
from siyu.schema import load_schema
from siyu.syntax.parse import parse
from siyu.text import Source
from tests.corpus.read import facts

HEAD = 'policy p\n  language 1\n  currency CNY\n  schema "facts.yaml"\n\n'
RULES = """
param bar = 100 yuan
  from 2027-01-01 = 200 yuan
metric paid = sum(orders.amount over last 12 months where status is paid)
metric purchases = count(orders)
segment rich "大客户"
  when paid > bar
segment near "附近"
  when city = "Shanghai"
segment best
  when top 5% by paid among near
tier level by paid
  high from 100 yuan
  low otherwise
  keep 12 months
table offer first gives price, words
  | rich | near -> price | words |
  | true | any  -> "A"   | "a"   |
  | any  | true -> "B"   | "b"   |
  | any  | any  -> "B"   | "c"   |
incentive gift
  for rich
  give offer.price
  soft internal
  holdout 10%
incentive plain
  for true
  give offer.price
  soft internal
points buy on paid
  earn 1 per 1 yuan of event.amount
contact note greeting
  for gift and near
  via sms
  send "x"
"""


def compiled(claim: str) -> Compiled:
    text = HEAD + RULES + f"ensure c: {claim}\n"
    source = Source.of("p.siyu", text)
    schema = load_schema(Source.of("facts.yaml", facts()), "CNY")
    return compile_pack(Pack((Used("p.siyu", parse(source)),), schema, {"p.siyu": source}))


@pytest.mark.parametrize(
    "claim",
    [
        "rich depends only on paid",
        "rich depends only on orders",
        "rich depends only on orders.amount, orders.status, orders.paid_at",
        "offer depends only on rich, near",
        "offer.price depends only on rich, near",
        "gift depends only on rich, offer.price, id",
        "plain.benefit depends only on offer",
        "plain depends only on offer",
        "buy depends only on event, orders, points_log",
        "best depends only on paid, near",
        "near never depends on orders",
        "rich never depends on near, city, orders.channel",
        "offer.price never depends on context.weather, event.amount",
        "buy.points never depends on city",
        "rich depends only on paid, near",  # naming more than is needed is no mistake
        "level.change depends only on level, level_held, level_until",
        "purchases depends only on orders",
        "near never depends on as_of",
    ],
)
def test_what_holds_is_proven_and_changes_no_decision(claim: str) -> None:
    made = compiled(claim)
    assert [each.text() for each in made.diagnostics] == []
    assert made.program is not None
    assert made.program.everyone.proven == ("c",)
    assert [part for part in made.program.parts if part.section == "claims"] == []
    assert "c" not in {binding.name for binding in made.program.bindings}


@pytest.mark.parametrize(
    ("claim", "chain"),
    [
        ("rich depends only on orders.amount", "rich → paid → orders.paid_at"),
        ("offer.price depends only on rich", "offer.price → near (附近) → city"),
        ("offer depends only on near", "offer → rich (大客户) → paid → orders.paid_at"),
        ("gift depends only on rich, offer", "gift → id"),
        ("plain never depends on city", "plain → offer → near (附近) → city"),
        ("note never depends on near", "note → near (附近)"),
        ("note never depends on gift", "note → gift"),
        ("rich never depends on bar", "rich → bar"),
        ("rich never depends on as_of", "rich → paid → as_of"),
        ("best never depends on near", "best → near (附近)"),
        ("buy.points never depends on event.amount", "buy.points → event.amount"),
        ("level never depends on orders", "level → paid → orders"),
        ("purchases depends only on city", "purchases → orders.paid_at"),
    ],
)
def test_what_does_not_hold_shows_the_way(claim: str, chain: str) -> None:
    made = compiled(claim)
    (told,) = made.diagnostics
    assert told.code in ("E0686", "E0687")
    assert str(told.text()).partition(": ")[2] == f"`{chain}`"


@pytest.mark.parametrize(
    "claim",
    ["offer.prise depends only on rich", "offer depends only on ritch", "orders depends only on n"],
)
def test_a_name_that_means_nothing_is_told_once(claim: str) -> None:
    assert len(compiled(claim).diagnostics) == 1


def test_other_facts_that_were_not_named_are_told_beside() -> None:
    (told,) = compiled("offer depends only on id").diagnostics
    assert len(told.notes) >= 2
