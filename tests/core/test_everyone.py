"""Passes carry along what a run over everyone reads, and `verify` looks at it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from siyu.api.deciding import moment
from siyu.core.ir import Const, Expr, Input, Ref
from siyu.core.passes import alone, at_moment, everywhere, fold_constants, prune, share, specialise
from siyu.core.program import Everyone, Program
from siyu.core.verify import verify
from siyu.core.walk import refs, walk
from siyu.evaluators.reference import evaluate
from siyu.population.calibration import calibrating
from siyu.resources import resource
from siyu.types import INT
from tests.population.people import AS_OF, compiled, facts_of

RETAIL = resource("policies", "retail_membership", "retail.yaml").read_text("utf-8")
TOUR = resource("policies", "retail_membership", "tour.siyu").read_text("utf-8")
TEXT = """
param most = 10%
  from 2026-11-01 = 20%
metric spend = sum(orders.amount over last 12 months where status is paid)
segment best
  when top 5% by spend among spend > 100 yuan
incentive gift
  for best
  give coupon "A"
  worth 5 yuan
  soft internal
  budget 100 yuan per month by spend
indicator rate = share(spend >= population median(spend) where spend > 100 yuan)
ensure few: share(best) <= most
recommend also from orders.category
  where lift > most
points off on checkout
  redeem 100 for 1 yuan of event.points_offered
"""
CUTS = {"best.top_5": 500_00, "rate.median": 100_00}
ALLOTTED = {"gift.budget.1": (("", "none", True, 0, ""),), "gift.budget.1.period": "2026-11"}
MEMBER = {
    "member_id": "M1", "joined_on": "2024-01-01", "unsubscribed": False, "consents": [],
    "grants": [{"at": "2026-11-01T10:00:00+08:00", "incentive": "gift"}],
    "orders": [{"order_id": "a", "paid_at": "2026-11-01T10:00:00+08:00", "amount": 600,
                "status": "paid"}],
}  # fmt: skip


@pytest.fixture
def program() -> Program:
    found = compiled(TEXT, RETAIL).program
    assert found is not None
    return found


def exprs(program: Program) -> list[Expr]:
    everyone = program.everyone
    found: list[Expr | None] = [b.expr for b in (*program.bindings, *everyone.bindings)]
    found += [figure.value for figure in everyone.figures]
    found += [part for pairs in everyone.pairs for part in (pairs.where, pairs.row_where)]
    found += [each.row_where for each in everyone.balances]
    return [expr for expr in found if expr is not None]


def inputs(program: Program, origin: str) -> set[str]:
    nodes = (node for expr in exprs(program) for node in walk(expr))
    return {node.name for node in nodes if isinstance(node, Input) and node.origin == origin}


def values(program: Program) -> dict[str, Any]:
    """Of all bindings that are there, decisions' and everyone's."""
    found = compiled(TEXT, RETAIL)
    assert found.program is not None
    (facts,) = facts_of(found, [MEMBER], AS_OF)
    everyone = calibrating(found.program).everyone
    bindings = (*program.bindings, *program.everyone.bindings)
    whole = replace(program, bindings=bindings, needs=everyone.needs)
    return evaluate(whole, facts, None)


def test_cuts_and_allocations_are_put_in_everywhere(program: Program) -> None:
    assert inputs(program, "cut") == set(CUTS)
    made = specialise(program, CUTS, ALLOTTED)
    assert inputs(made, "cut") == inputs(made, "allocation") == set()
    assert values(made)["gift.budget.1.gift.wants"] is True
    assert values(made)["gift"] is False


def test_the_moment_is_put_in_everywhere(program: Program) -> None:
    instant = moment(AS_OF)
    made = at_moment(program, instant, None)
    assert inputs(made, "request") <= {"key"}
    few = next(figure for figure in made.everyone.figures if figure.name == "few")
    assert {node.value for node in walk(few.value) if isinstance(node, Const)} >= {200_000}
    (pairs,) = made.everyone.pairs
    assert pairs.where is not None
    assert refs(pairs.where) == {"lift"}


@pytest.mark.parametrize("improve", [fold_constants, share])
def test_passes_change_no_value(program: Program, improve: Any) -> None:
    ready = specialise(program, CUTS, {})
    before, after = values(ready), values(improve(ready))
    assert {name: after[name] for name in before} == before
    assert verify(improve(ready)) == verify(ready) == ()


def test_what_decisions_share_everyone_reads_by_name(program: Program) -> None:
    made = share(specialise(program, CUTS, {}))
    own = {b.name for b in made.bindings}
    assert {b.name for b in made.everyone.bindings} == {b.name for b in program.everyone.bindings}
    assert all(not b.name.startswith("shared~") for b in made.everyone.bindings)
    named = {name for b in made.everyone.bindings for name in refs(b.expr)}
    assert named <= own | {b.name for b in made.everyone.bindings}


def test_decisions_alone_know_nothing_of_everyone(program: Program) -> None:
    assert alone(program).everyone == prune(program, None).everyone == Everyone()
    assert alone(program).bindings == program.bindings
    assert everywhere(program, lambda expr: expr) == program


def test_the_tour_is_well_formed() -> None:
    rfm = resource("policies", "retail_membership", "rfm.siyu").read_text("utf-8")
    body = TOUR.partition('use "rfm.siyu"\n')[2] + rfm
    assert compiled(body, RETAIL).program is not None  # looks at it with `verify`


def everyone(program: Program, **changed: Any) -> Program:
    return replace(program, everyone=replace(program.everyone, **changed))


def test_what_is_not_well_formed_is_found(program: Program) -> None:
    found = program.everyone
    (cut, *_), (allotment,) = found.cuts, found.allotments
    figure = found.figures[-1]
    broken = {
        "best.top_5: reads nothing, which is not bound":
            everyone(program, cuts=(replace(cut, by="nothing"),)),
        "gift.budget.1: comes after x, which is not settled before it":
            everyone(program, allotments=(replace(allotment, after=("x",)),)),
        "gift.budget.1: counts in several scales":
            everyone(program, allotments=(replace(allotment, used="best"),)),
        "rate: reads other, which is not bound before it":
            everyone(program, figures=(replace(figure, value=Ref("other", figure.type)),)),
        f"rate: is {figure.type}, but its expression is {INT}":
            everyone(program, figures=(replace(figure, value=Const(1, INT)),)),
        "also: reads orders.x, which is not among the needs":
            everyone(program, pairs=(replace(found.pairs[0], column="x"),)),
        "gift.budget.1.limit: is bound twice":
            everyone(program, bindings=(*found.bindings, found.bindings[-1],
                                        next(b for b in found.bindings
                                             if b.name == "gift.budget.1.limit"))),
    }  # fmt: skip
    assert verify(program) == ()
    for problem, made in broken.items():
        assert problem in verify(made), problem
