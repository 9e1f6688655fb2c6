"""Ten times the rules over a whole base, beside SQL by hand that repeats what its rules share."""

from __future__ import annotations

import statistics

from benchmarks.nightly import Turn, folder, rows, turns
from benchmarks.report import Finding, Row

RIVALS = ("grown-rules", "grown", "grown-programmes", "grown-one")
NOTES = (
    "Ten copies of the 75 rules with other names and numbers: ten programmes over a base. By hand",
    "they are ten statements with their own thresholds (`everyone/rivals/handgrown.py`), in three",
    "ways: a query for each programme's segments, classes and scores, levels and tables, actions,",
    "which says again all that these depend on (as campaigns come to be written, and as a database",
    "cannot share it); a query for each programme; one SELECT that says everything once. Checked",
    "members and figures are shared by all of them, and results are joined by member. Equal files",
    "(a test compares them), less reasons. Processor time of whole processes.",
)


def run(quick: bool) -> Finding:
    """Measure a million members (twenty thousand where it must be quick)."""
    size = 20_000 if quick else 1_000_000
    where = folder(f"members-{size}")
    found = turns(RIVALS, where, size, 1)
    small = turns(("siyu",), where, size, 1)
    shown = f"{size:,} members, 750 rules"
    made = (*rows(found, RIVALS[0], {"grown": 0.9}, shown), growth(small["siyu"], found["grown"]))
    return Finding("nightly_grown", "A whole base, ten times the rules", made, NOTES)


def growth(few: list[Turn], many: list[Turn]) -> Row:
    """How much longer siyu takes for ten times the rules."""
    ten, one = (statistics.median(turn.processor for turn in each) for each in (many, few))
    return Row("siyu run: 750 rules ÷ 75", ten / one, "×", time=f"{ten:.1f} s ÷ {one:.1f} s")
