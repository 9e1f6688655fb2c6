"""What Spark costs where one machine would do: the whole base on both engines, in one process.

Spark begins slowly and works well once it is warm, so these are told apart: the start of its
session, what a run of two thousand members takes, and warm runs beside DuckDB's.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.everyone.data import customer_base
from benchmarks.everyone.turn import AS_OF, POLICIES, SOURCES
from benchmarks.nightly import folder
from benchmarks.report import Finding, Row, Target

if TYPE_CHECKING:
    from siyu.api.policy import Policy

FEW = 2_000
NOTES = (
    "Spark local[2] against DuckDB with two threads, in one process, in turns: processor time, in",
    "seconds, of Python and Java together. What else the machine does shows in it less than on the",
    "wall. A warm run follows another of the same policy and size in the same session. A session",
    "that starts and a first run count once a night: they are not in the ratios.",
)


def run(quick: bool) -> Finding:
    """Measure a million members (ten thousand where it must be quick)."""
    sizes, rounds = ((10_000,), 2) if quick else ((100_000, 1_000_000), 3)
    made: list[Row] = []
    for size in (FEW, *sizes):
        found = _measured(size, rounds)
        shown = f"{size:,} members"
        if size == FEW:
            made.append(Row("session start", found["session"], "s"))
        first, warm = found["spark"][0], found["spark"][1:]
        made.append(Row(f"{shown}: first run on Spark", first, "s"))
        made.append(
            Row(f"{shown}: warm run on Spark", statistics.median(warm), "s", min(warm), max(warm))
        )
        if size != FEW:
            made.append(_ratio(shown, warm, found["duckdb"][1:]))
    return Finding("nightly_spark", "Spark on one machine", tuple(made), NOTES)


def _ratio(shown: str, spark: list[float], duck: list[float]) -> Row:
    """How many times as much processor time a run takes warm."""
    ratios = [one / other for one, other in zip(spark, duck, strict=True)]
    return Row(
        f"{shown}: a warm run, Spark against DuckDB", statistics.median(ratios), "×", min(ratios),
        max(ratios), f"{statistics.median(spark):.1f} s against {statistics.median(duck):.1f} s",
        Target(3.0),
    )  # fmt: skip


def _measured(size: int, rounds: int) -> Mapping[str, Any]:
    command = [sys.executable, "-m", "benchmarks.nightly_spark", str(size), str(rounds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(size: int, rounds: int) -> None:
    """Runs of both engines in this process; prints what each took as JSON."""
    import siyu
    from siyu.population.engines.spark import open_engine

    place = folder(f"members-{size}")
    base = customer_base(place, size)
    sources = place / "spark.yaml"
    sources.write_text(SOURCES.format(members=base.members, consents=base.consents))
    work = place / "spark-work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    policy = siyu.load(POLICIES / "growth75.siyu", cache=False)
    start = _processor()
    engine = open_engine("local[2]", work, {}, "6GB")
    found: dict[str, Any] = {"session": _processor() - start, "spark": [], "duckdb": []}
    try:
        for _ in range(rounds):
            found["spark"].append(_turn(policy, place, sources, "spark", _Kept(engine)))
            found["duckdb"].append(_turn(policy, place, sources, "duckdb", None))
    finally:
        engine.close()
        shutil.rmtree(work, ignore_errors=True)
    print(json.dumps(found))


class _Kept:
    """A session that outlives a run."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def close(self) -> None:
        """Not now."""


def _turn(policy: Policy, place: Path, sources: Path, engine: str, kept: _Kept | None) -> float:
    """The processor time of one run."""
    from siyu.api.deciding import moment
    from siyu.api.running import RunOptions, order_for
    from siyu.population.run.run import run as make

    options = RunOptions(sources=sources, engine=engine, threads=2, force=True)  # type: ignore[arg-type]
    order = order_for(policy, moment(AS_OF), place / f"out-{engine}", options)
    if kept is not None:
        order = replace(order, open_engine=lambda work: kept)  # type: ignore[arg-type, return-value]
    before = _processor()
    make(order)
    return _processor() - before


def _processor() -> float:
    """Seconds of processor time of this process and of Java beneath it."""
    import psutil

    here = psutil.Process()
    times = [each.cpu_times() for each in (here, *here.children(recursive=True))]
    return sum(each.user + each.system for each in times)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
