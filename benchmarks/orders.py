"""What a decision costs as a customer's orders grow: it should grow with them, not faster."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import siyu
from benchmarks.harness import Rival, compare, over
from benchmarks.records import AS_OF
from benchmarks.report import Finding, Row, duration
from benchmarks.rivals.siyu import read

POLICY = Path(__file__).parent / "policy" / "orders.siyu"
SIZES = (100, 1_000, 10_000)
MOST = max(SIZES)
NOTES = (
    "`decide` takes a raw request and checks its rows; `evaluate` takes rows that were checked.",
    "Each size decides about 10,000 orders in all, those of 100, 10 or 1 customers. Where cost is",
    "linear the ratio is near 1, where it is quadratic it is 10. What exceeds 1 lies in checking,",
    "which keeps all rows of a customer, and their keys, until the last one is read. Evaluating",
    "goes through the rows once, which a test counts.",
)


def request(orders: int, seed: int = 1) -> dict[str, Any]:
    """A customer with that many orders over three years, newest last."""
    rng = random.Random(seed)
    now = datetime.fromisoformat(AS_OF)
    days = sorted((rng.random() * 1_095 for _ in range(orders)), reverse=True)
    rows = [_order(rng, number, now - timedelta(days=ago)) for number, ago in enumerate(days)]
    return {"customer": {"member_id": "M1", "orders": rows}, "as_of": AS_OF}


def _order(rng: random.Random, number: int, at: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "order_id": f"o{number:06d}",
        "paid_at": at.astimezone(timezone(timedelta(hours=8))).isoformat(timespec="seconds"),
        "amount": f"{rng.randrange(100, 90_000) / 100:.2f}",
        "status": rng.choice(("paid", "paid", "paid", "refunded", "placed")),
    }
    if rng.random() < 0.9:
        row["category"] = rng.choice(("food", "beauty", "baby", "home"))
    return row


def run(quick: bool) -> Finding:
    """Measure customers of 100, 1,000 and 10,000 orders; times are per order."""
    policy = siyu.load(str(POLICY))
    rounds = 3 if quick else 15
    requests = [[request(size, seed) for seed in range(MOST // size)] for size in SIZES]
    facts = [[read(policy, asked).facts for asked in share] for share in requests]
    rows = [
        *_rows("decide", _rivals(policy.decide, requests), rounds),
        *_rows("evaluate", _rivals(policy.engine().decide.decide, facts), rounds),
    ]
    return Finding("orders", "A customer with many orders", tuple(rows), NOTES)


def _rivals(function: Callable[[Any], object], shares: list[list[Any]]) -> list[Rival]:
    """A rival for each size; a unit is an order."""
    runs = [over("", function, share).run for share in shares]
    return [Rival(f"{size:,}", run, MOST) for size, run in zip(SIZES, runs, strict=True)]


def _rows(what: str, rivals: list[Rival], rounds: int) -> list[Row]:
    found = compare(rivals, rounds, base=1)
    rows = [
        Row(
            f"{what}: one order of {each.name}",
            each.nanoseconds / 1_000,
            "µs",
            time=f"{duration(each.nanoseconds * size)} in all",
        )
        for each, size in zip(found, SIZES, strict=True)
    ]
    most = found[-1]
    between = (most.lowest, most.highest)
    title = f"{what}: one of 10,000 ÷ one of 1,000"
    return [*rows, Row(title, most.ratio, "×", *between)]
