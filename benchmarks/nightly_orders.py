"""Ten figures over many order rows, beside one GROUP BY written by hand."""

from __future__ import annotations

from benchmarks.nightly import folder, rows, turns
from benchmarks.report import Finding

NOTES = (
    "A tenth as many customers as rows, which lie in order of time. The GROUP BY checks nothing.",
    "`siyu run` converts and checks every row, sets bad ones aside and counts rows without a",
    "customer; that no two rows have one key is checked unless `sources.yaml` trusts that.",
)


def run(quick: bool) -> Finding:
    """Measure fifty million rows (one million where it must be quick)."""
    size, rounds = (1_000_000, 1) if quick else (50_000_000, 2)
    rivals = ("groupby", "orders", "orders-checked")
    found = turns(rivals, folder(f"orders-{size}"), size, rounds)
    made = rows(found, "groupby", {"orders": 1.2}, f"{size:,} rows")
    return Finding("nightly_orders", "Figures over orders", made, NOTES)
