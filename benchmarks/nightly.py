"""The whole base at night: 75 rules over a million members, Parquet to Parquet.

Each rival takes its turns in processes of its own; the base is made once and kept in a temporary
folder that the benchmarks share (SIYU_BENCH_DATA, else the system's).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.report import Finding, Row, Target, duration

BASE = "handsql"
NAMES = {
    "copy": "DuckDB, the members read and written again",
    "handsql": "DuckDB SQL by hand: decisions, outcomes, state; no reasons",
    "siyu": "siyu run: the same and rejects, reason codes, counts, digests",
    "audit": "siyu run --audit: and every condition as a bit",
    "polars": "Polars by hand, streaming: decisions only",
    "numpy": "NumPy by hand: decisions only",
    "siyu-4gb": "siyu run --memory 4GB",
    "grown-rules": "SQL by hand, a query for each group of a programme's rules",
    "grown-programmes": "SQL by hand, a query for each programme",
    "grown-one": "SQL by hand, one SELECT that says everything once",
    "grown": "siyu run, with reason codes",
    "groupby": "one GROUP BY by hand",
    "orders": "siyu run, keys said to be unique",
    "orders-checked": "siyu run, keys checked",
}
PACKAGES = ("polars", "numpy")
NOTES = (
    "Processor time of whole processes, imports and the policy's compilation included. The SQL",
    "written by hand makes the same checks of its input and gives equal decisions and outcomes (a",
    "test compares them), less the codes of reasons. Polars and NumPy write the decisions only.",
    "Python may keep its bytecode, as it does of packages that are installed.",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn took: seconds, and MB."""

    processor: float
    wall: float
    peak: float


def folder(name: str) -> Path:
    """Where a base of this name is kept between turns and benchmarks."""
    root = Path(os.environ.get("SIYU_BENCH_DATA") or tempfile.gettempdir())
    return root / "siyu-bench" / name


def turns(rivals: Iterable[str], where: Path, size: int, rounds: int) -> dict[str, list[Turn]]:
    """The turns of rivals that alternate; a failing one stops the benchmark. A rival that needs a
    package which is not installed stays away."""
    kept = tuple(name for name in rivals if name not in PACKAGES or find_spec(name))
    found: dict[str, list[Turn]] = {name: [] for name in kept}
    where.mkdir(parents=True, exist_ok=True)
    for number in range(rounds):
        for place in range(len(kept)):
            name = kept[(number + place) % len(kept)]
            found[name].append(_turn(name, where, size))
    return found


def _turn(rival: str, where: Path, size: int) -> Turn:
    command = [sys.executable, "-m", "benchmarks.everyone.turn", rival, str(where), str(size)]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env=environment
    )  # fmt: skip
    spent = json.loads(done.stdout.splitlines()[-1])
    return Turn(spent["processor"], spent["wall"], spent["peak_mb"])


def rows(
    found: Mapping[str, list[Turn]], base: str, targets: Mapping[str, float], size: str
) -> tuple[Row, ...]:
    """A row a rival: its processor time as a ratio to the base's in the same round."""
    made = []
    for name, taken in found.items():
        ratios = [t.processor / b.processor for t, b in zip(taken, found[base], strict=True)]
        seconds = statistics.median(t.processor for t in taken)
        wall = statistics.median(t.wall for t in taken)
        peak = max(t.peak for t in taken)
        time = f"{duration(seconds * 1e9)}, wall {duration(wall * 1e9)}, {peak:,.0f} MB"
        target = Target(targets[name]) if name in targets else None
        what = f"{size}: {NAMES[name]}"
        made.append(
            Row(what, statistics.median(ratios), "×", min(ratios), max(ratios), time, target)
        )
    return tuple(made)


RIVALS = ("handsql", "siyu", "audit", "copy", "polars", "numpy")
TARGETS = {"siyu": 1.2, "audit": 2.3}


def run(quick: bool) -> Finding:
    """Measure a million members (a hundred thousand where it must be quick)."""
    size, rounds = (100_000, 1) if quick else (1_000_000, 3)
    found = turns(RIVALS, folder(f"members-{size}"), size, rounds)
    shown = f"{size:,} members"
    return Finding("nightly", "A whole base", rows(found, BASE, TARGETS, shown), NOTES)
