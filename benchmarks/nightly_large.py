"""Ten million members, beside one million: how a whole base grows. Takes a quarter of an hour."""

from __future__ import annotations

from benchmarks.nightly import BASE, NOTES, RIVALS, TARGETS, folder, rows, turns
from benchmarks.report import Finding, Row, Target


def run(quick: bool) -> Finding:
    """Measure ten million members, and the growth from a tenth of them."""
    size = 1_000_000 if quick else 10_000_000
    small = turns(("siyu",), folder(f"members-{size // 10}"), size // 10, 1)
    large = turns(RIVALS, folder(f"members-{size}"), size, 1)
    one, ten = small["siyu"][0].wall, large["siyu"][0].wall
    growth = Row(
        f"siyu run: {size:,} members ÷ {size // 10:,}, on the wall", ten / one, "×",
        time=f"{ten:.1f} s ÷ {one:.1f} s", target=Target(11),
    )  # fmt: skip
    made = (*rows(large, BASE, TARGETS, f"{size:,} members"), growth)
    return Finding("nightly_large", "A whole base, ten times as large", made, NOTES)
