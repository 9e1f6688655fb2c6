"""Ten million members, beside one million: how a whole base grows. Takes a quarter of an hour."""

from __future__ import annotations

import statistics

from benchmarks.nightly import BASE, NOTES, RIVALS, TARGETS, Turn, folder, rows, turns
from benchmarks.report import Finding, Row, Target


def run(quick: bool) -> Finding:
    """Measure ten million members, and the growth from a tenth of them."""
    size = 1_000_000 if quick else 10_000_000
    small = turns(("siyu",), folder(f"members-{size // 10}"), size // 10, 1)
    large = turns((*RIVALS, "siyu-4gb"), folder(f"members-{size}"), size, 1)
    made = (
        *rows(large, BASE, TARGETS, f"{size:,} members"),
        growth(size, small["siyu"], large["siyu"]),
        Row("siyu run --memory 4GB: most memory resident", large["siyu-4gb"][0].peak / 1024, "GB",
            target=Target(5)),
    )  # fmt: skip
    return Finding("nightly_large", "A whole base, ten times as large", made, NOTES)


def growth(size: int, small: list[Turn], large: list[Turn]) -> Row:
    """How much longer ten times the members take, in processor time."""
    ten, one = (statistics.median(turn.processor for turn in each) for each in (large, small))
    return Row(
        f"siyu run: {size:,} members ÷ {size // 10:,}", ten / one, "×",
        time=f"{ten:.1f} s ÷ {one:.1f} s", target=Target(11),
    )  # fmt: skip
