"""A few thousand customers from Parquet to Parquet, one call each of zen-engine, beside siyu.

The engine decides about one record at a time; a batch is a loop over rows that were read.
"""

from __future__ import annotations

import statistics

from benchmarks.nightly import folder, turns
from benchmarks.report import Finding, Row

NOTES = (
    "The 75 rules as one expression node, compiled once; rows are read and written by DuckDB, and",
    "what the engine says is kept as JSON. What a process takes less what it takes for a tenth as",
    "many customers is the cost of customers; imports and compiling are in neither.",
)


def run(quick: bool) -> Finding:
    """Measure five thousand customers (a thousand where it must be quick); siyu a million."""
    few, many = (1_000, 20_000) if quick else (5_000, 1_000_000)
    zen, siyu = (_each(name, size) for name, size in (("zen", few), ("siyu", many)))
    made = (
        Row(f"zen-engine, {few:,} customers: each", zen * 1e6, "µs"),
        Row(f"siyu run, {many:,} customers: each", siyu * 1e6, "µs"),
        Row("zen-engine ÷ siyu, each customer", zen / siyu, "×"),
    )
    return Finding("nightly_zen", "A whole base, one call a customer", made, NOTES)


def _each(rival: str, size: int) -> float:
    """Seconds of processor time that a customer takes."""
    found = [
        statistics.median(
            turn.processor for turn in turns((rival,), folder(f"members-{n}"), n, 1)[rival]
        )
        for n in (size // 10, size)
    ]
    return (found[1] - found[0]) / (size - size // 10)
