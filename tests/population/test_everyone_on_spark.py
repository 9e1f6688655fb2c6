"""Calibrations and figures are the same on both engines, to the byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from siyu.api.deciding import moment
from siyu.core.passes import at_moment, specialise
from siyu.evaluators.sql import decide_query, facts_query, plan_facts
from siyu.population import calibration, figures
from siyu.population.calibration.text import calibration_text
from siyu.population.engines import Engine
from siyu.population.engines.duck import open_engine
from siyu.resources import resource
from tests.evaluators.sql.held import relations
from tests.population.people import AS_OF, compiled, facts_of

if TYPE_CHECKING:
    from siyu.population.engines.spark import SparkEngine

RETAIL = resource("policies", "retail_membership", "retail.yaml").read_text("utf-8")
TEXT = """
metric spend = sum(orders.amount where status is paid)
segment best
  when top 5% by spend among spend > 0 yuan
segment upper
  when spend >= population median(spend)
tier lv by spend
  gold top 20% among upper
  plain otherwise
indicator rate = share(best where spend > 0 yuan) by lv
indicator typical = population percentile(spend, 33.3) by lv
indicator tagged = avg(spend) by tags
indicator total = sum(spend)
indicator words = distinct(advisor where age is known)
indicator highest = max(lv)
ensure few: share(best) <= 10%
recommend also from orders.category
  where lift > 1 and support > 0.01
  by confidence
  top 2
points buy on order_paid
  earn 1 per 1 yuan of event.amount
points off on checkout
  redeem 100 for 1 yuan of event.points_offered
"""


def member(n: int) -> dict[str, Any]:
    orders = [
        {"order_id": f"o{n}{c}", "paid_at": "2026-10-01T10:00:00+08:00", "amount": 100 * n,
         "status": "paid", "category": c}
        for c in "abc"[: n % 4]
    ]  # fmt: skip
    log = [
        {"at": f"2026-10-{day}T10:00:00+08:00", "rule": rule, "account": "points",
         "points": points * n, "event": rule}
        for day, rule, points in (("01", "buy", 100), ("01", "off", -50), ("02", "off", -10))
    ]  # fmt: skip
    return {
        "member_id": f"M{n}", "joined_on": "2024-01-01", "unsubscribed": False, "consents": [],
        "orders": orders, "points_log": log if n % 2 else [], "tags": ["x", "它"][: 1 + n % 2],
        "advisor": f"a{n % 3}", **({"age": n} if n % 5 else {}),
    }  # fmt: skip


def found(engine: Engine) -> tuple[str, str]:
    """The calibration and the figures of 21 members."""
    policy = compiled(TEXT, RETAIL)
    instant = moment(AS_OF)
    assert policy.program is not None
    assert instant is not None
    program = at_moment(calibration.calibrating(policy.program), instant, None)
    wanted = dict.fromkeys((*calibration.bindings_of(program), *figures.bindings_of(program)))
    plan = plan_facts(program, None, wanted=tuple(wanted))
    held = relations(program, facts_of(policy, [member(n) for n in range(21)], AS_OF), engine.name)
    engine.table("facts", facts_query(plan, held, engine.name).text)
    before = {"best.top_5": 300000, "upper.median": None}
    made = calibration.calibrate(
        engine, program, plan, "facts", held, instant, {"orders": "sha256:0"}, before
    )
    known = specialise(program, made.values, {})
    query = decide_query(plan, known, "facts", engine.name, figures.bindings_of(known))
    engine.table("decided", query.text)
    come_to = figures.find_figures(engine, known, query.columns, "decided")
    document = figures.figures_document(come_to, policy.labels, instant, "Asia/Shanghai")
    moved = [cut.moved for cut in made.cuts]
    return calibration_text(made), json.dumps([document, moved])


def test_both_engines_find_the_same(spark: SparkEngine) -> None:
    duck = open_engine(memory="500MB", threads=1)
    try:
        assert found(spark) == found(duck)  # type: ignore[arg-type]
    finally:
        duck.close()
