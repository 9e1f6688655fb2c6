"""A run over eight customers that is counted by hand, and the one before it over seven."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.population.report.making import small_run

#       customer orders spend   level     held      change        next    rich  new    stage
ROWS = (
    ("A", 10, "3000.00", "gold", "gold", "kept", None, True, False, "mature", 90),
    ("B", 4, "1000.00", "gold", "silver", "upgraded", None, True, False, "growth", 40),
    ("C", 2, "500.00", "silver", "gold", "downgraded", "gold", True, True, "growth", 20),
    ("D", 2, "300.00", "silver", "silver", "kept", "gold", False, True, "growth", 20),
    ("E", 1, "100.00", "plain", None, "entered", "silver", False, None, "mature", 5),
    ("F", 1, "100.50", "plain", "plain", "kept", "silver", False, False, "growth", 0),
    ("G", 0, "0.00", "plain", "plain", "kept", "silver", False, False, None, None),
    ("H", 0, None, None, None, None, None, None, None, None, None),
)  # fmt: skip
BEFORE = (
    ("A", 8, "2400.00", "gold", "gold", "kept", None, True, False, "mature", 90),
    ("B", 3, "600.00", "silver", "silver", "kept", "gold", False, False, "growth", 40),
    ("C", 2, "600.00", "gold", "gold", "kept", None, True, True, "growth", 20),
    ("D", 2, "300.00", "silver", "silver", "kept", "gold", False, True, "growth", 20),
    ("F", 1, "100.00", "plain", "plain", "kept", "silver", False, False, "growth", 0),
    ("G", 0, "0.00", "plain", "plain", "kept", "silver", False, False, "mature", 0),
    ("I", 1, "50.00", "plain", "plain", "kept", "silver", False, False, "mature", 0),
)
COLUMNS = (
    ("customer", "VARCHAR"), ("orders_12m", "BIGINT"), ("spend_12m", "DECIMAL(18,2)"),
    ("level", "VARCHAR"), ("level.held", "VARCHAR"), ("level.change", "VARCHAR"),
    ("level.next", "VARCHAR"), ("rich", "BOOLEAN"), ("new", "BOOLEAN"), ("stage", "VARCHAR"),
    ("risk", "DECIMAL(18,1)"),
)  # fmt: skip
KINDS = {
    "orders_12m": "metric", "spend_12m": "metric", "rich": "segment", "new": "segment",
    "stage": "classify", "risk": "score", "level": "tier", "offer": "table", "earn": "points",
    "pay": "points", "coupon": "incentive", "hello": "contact", "promise": "ensure",
    "rate": "indicator",
}  # fmt: skip
LABELS = {
    "p": "策略", "level": "等级", "level.gold": "金卡", "level.silver": "银卡",
    "level.plain": "普卡", "rich": "高消费", "stage": "阶段", "coupon": "优惠券",
    "spend_12m": "消费额",
}  # fmt: skip
OUTCOMES: list[dict[str, object]] = [
    {"customer": "A", "kind": "points", "rule": "earn", "account": "points", "points": 300},
    {"customer": "B", "kind": "points", "rule": "earn", "account": "points", "points": 101},
    {"customer": "B", "kind": "points", "rule": "pay", "account": "points", "points": -100,
     "worth": Decimal("-1.00")},
    {"customer": "A", "kind": "incentive", "rule": "coupon", "benefit": "coupon",
     "worth": Decimal("50.00"), "cost": Decimal("17.50")},
    {"customer": "C", "kind": "incentive", "rule": "coupon", "benefit": "coupon",
     "worth": Decimal("50.00"), "cost": Decimal("17.50")},
    {"customer": "A", "kind": "contact", "rule": "hello", "purpose": "greeting",
     "channel": "wecom"},
    {"customer": "B", "kind": "contact", "rule": "hello", "purpose": "greeting", "channel": "sms"},
    {"customer": "D", "kind": "stopped", "rule": "coupon", "by": "budget",
     "code": "coupon.budget.1"},
    {"customer": "E", "kind": "stopped", "rule": "coupon", "by": "budget",
     "code": "coupon.budget.1"},
    {"customer": "F", "kind": "stopped", "rule": "hello", "by": "consent", "code": "hello.via.1"},
]  # fmt: skip
REJECTS: list[dict[str, object]] = [
    {"source": "orders", "kind": "row", "customer": "X", "key": "o1", "field": "amount",
     "code": "number", "reason": "13800138000 is no amount"},
    {"source": "orders", "kind": "row", "customer": "X", "key": "o2", "field": "amount",
     "code": "number", "reason": "13800138001 is no amount"},
]  # fmt: skip


def values(rows: tuple[tuple[object, ...], ...]) -> str:
    """A SELECT of the rows."""
    lines = []
    for row in rows:
        cells = ("NULL" if v is None else repr(v) if not isinstance(v, bool) else str(v)
                 for v in row)  # fmt: skip
        lines.append(f"({', '.join(cells)})")
    names = ", ".join(f'"{name}"' for name, _ in COLUMNS)
    casts = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in COLUMNS)
    more = ', "spend_12m"::DECIMAL(18,2) AS "level.next.missing.spend_12m"'
    return f"SELECT {casts}{more} FROM (VALUES {', '.join(lines)}) t({names})"


def run_of(rows: tuple[tuple[object, ...], ...], **more: object) -> dict[str, object]:
    """What run.json says of it."""
    return {
        "kinds": KINDS, "labels": LABELS,
        "customers": {"read": len(rows) + 1, "decided": len(rows), "rejected": 1},
        "counts": {"tiers": {"level": {"levels": {"gold": 2, "plain": 3, "silver": 2,
                                                  "unknown": 1}}},
                   "classes": {"stage": {"growth": 4, "mature": 2, "lost": 0, "unknown": 2}},
                   "claims": {"promise": {"true": 7, "false": 0, "unknown": 1}}},
        "budgets": {"coupon.budget.1": {"limit": "100.00", "used_before": "25.00",
                                        "spent": "35.00", "wanted": 4, "admitted": 2,
                                        "refused": 2}},
        **more,
    }  # fmt: skip


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of eight; read only."""
    folder = tmp_path_factory.mktemp("small") / "run"
    groups = {"plain": "0.100000", "silver": "0.500000", "gold": "1.000000", "unknown": None}
    rate = {"label": "复购率", "type": "decimal", "value": "0.500000", "before": None,
            "by": {"declaration": "level", "groups": groups}}  # fmt: skip
    return small_run(folder, values(ROWS), OUTCOMES, REJECTS, run_of(ROWS),
                     {"indicators": {"rate": rate},
                      "claims": {"surge": {"label": "surge", "holds": False,
                                           "value": "0.600000"}}})  # fmt: skip


@pytest.fixture(scope="session")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of seven before it."""
    folder = tmp_path_factory.mktemp("earlier") / "run"
    return small_run(folder, values(BEFORE), OUTCOMES[3:4] + OUTCOMES[5:6], [],
                     run_of(BEFORE, as_of="2026-10-21T10:00:00+08:00"),
                     {"indicators": {"rate": {"type": "decimal", "value": "0.400000", "by": None}},
                      "claims": {}})  # fmt: skip
