"""What a decision costs as a customer's orders grow: it should grow with them, not faster."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from benchmarks.harness import Rival, compare, over
from benchmarks.records import AS_OF
from benchmarks.report import Finding, Row, Target, duration

POLICY = Path(__file__).parent / "policy" / "orders.siyu"
SIZES = (100, 1_000, 10_000)
NOTES = (
    "Raw request in, decision out: checking the rows is part of the time. Each size decides about",
    "10,000 orders in all, those of 100, 10 or 1 customers, so that no row is met again.",
    "Where cost is linear the last ratio is near 1, where it is quadratic it is 10; what it is above",
    "1 is memory: 10,000 orders do not fit into the processor's nearer caches. The rows are gone",
    "through once, which a test counts.",
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
    """Measure one customer of 100, 1,000 and 10,000 orders; times are per order."""
    import siyu

    policy = siyu.load(str(POLICY))
    rivals = []
    for size in SIZES:
        customers = [request(size, seed) for seed in range(max(SIZES) // size)]
        run_all = over(f"{size:,} orders", policy.decide, customers).run
        rivals.append(Rival(f"{size:,} orders", run_all, max(SIZES)))
    found = compare(rivals, 3 if quick else 15, base=1)
    rows = [
        Row(f"one order of {each.name}", each.nanoseconds / 1_000, "µs", time=_whole(each, size))
        for each, size in zip(found, SIZES, strict=True)
    ]
    most = found[-1]
    rows.append(
        Row(
            "one of 10,000 ÷ one of 1,000",
            most.ratio,
            "×",
            most.lowest,
            most.highest,
            target=Target(1.5),
        )
    )
    return Finding("orders", "A customer with many orders", tuple(rows), NOTES)


def _whole(each: Any, size: int) -> str:
    return f"{duration(each.nanoseconds * size)} in all"
