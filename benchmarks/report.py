"""What a benchmark found, kept as JSON beside the machine it came from, and shown as tables."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PACKAGES = (
    "siyu", "zen-engine", "datalogic-py", "msgspec", "pydantic", "lark", "duckdb", "polars",
    "numpy", "pyspark",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """What was aimed at: the value should be at most, or at least, the bound."""

    bound: float
    at_least: bool = False

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure, the unit it is in, how far it moved, and its target if it has one."""

    what: str
    value: float
    unit: str
    lowest: float | None = None
    highest: float | None = None
    time: str | None = None  # the absolute time behind a ratio, as text
    target: Target | None = None

    @property
    def verdict(self) -> str:
        if self.target is None:
            return ""
        return "met" if self.target.met(self.value) else "not met"


@dataclass(frozen=True, slots=True)
class Finding:
    """All figures of one benchmark, and what a reader must know to judge them."""

    name: str
    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = field(default=())


def machine() -> dict[str, Any]:
    """The machine and the versions that figures came from; no host names, no paths."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": {name: found for name in PACKAGES if (found := _version(name)) is not None},
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def duration(nanoseconds: float) -> str:
    """A time in the unit that people read it in."""
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def figure(value: float) -> str:
    """A figure with three digits that matter, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def save(finding: Finding) -> None:
    """Keep a finding as `results/<name>.json`, with its machine."""
    RESULTS.mkdir(exist_ok=True)
    kept = {"machine": machine(), **asdict(finding)}
    for row, of in zip(kept["rows"], finding.rows, strict=True):
        row["target"] = None if of.target is None else str(of.target)
        row["verdict"] = of.verdict
    text = json.dumps(kept, ensure_ascii=False, indent=2)
    (RESULTS / f"{finding.name}.json").write_text(text + "\n", encoding="utf-8")


def write_readme(names: Iterable[str]) -> None:
    """Write the tables of all kept findings into `results/README.md`."""
    parts = ["# Measurements", "", *INTRODUCTION]
    for name in names:
        path = RESULTS / f"{name}.json"
        if path.exists():
            parts += _section(json.loads(path.read_text(encoding="utf-8")))
    (RESULTS / "README.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


INTRODUCTION = (
    "Written by `make bench`. Ratios are medians over rounds in which the rivals take turns in one",
    "process; beside them the lowest and the highest. A time is the median of that rival's turns,",
    "in processor time, so that other work on the machine counts as little as possible.",
)


def _section(kept: dict[str, Any]) -> list[str]:
    lines = ["", f"## {kept['title']}", ""]
    lines += ["| what | measured | lowest..highest | time | target | |"]
    lines += ["|---|---:|---:|---:|---:|---|"]
    lines += [f"| {' | '.join(_cells(row))} |" for row in kept["rows"]]
    if kept["notes"]:
        lines += ["", *kept["notes"]]
    of = kept["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in of["packages"].items())
    lines += ["", f"Machine: {of['cpu']}, {of['cores']} cores, {of['system']}, {of['python']};"]
    return [*lines, f"{packages}."]


def _cells(row: dict[str, Any]) -> list[str]:
    spread = ""
    if row["lowest"] is not None:
        spread = f"{figure(row['lowest'])}..{figure(row['highest'])}"
    measured = f"{figure(row['value'])} {row['unit']}"
    target = f"{row['target']} {row['unit']}" if row["target"] else ""
    return [row["what"], measured, spread, row["time"] or "", target, row["verdict"]]


def show(finding: Finding) -> None:
    """Print a finding as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=finding.title, title_justify="left", show_edge=False)
    for heading, side in zip(HEADINGS, SIDES, strict=True):
        table.add_column(heading, justify=side)
    for row in finding.rows:
        target = None if row.target is None else str(row.target)
        cells = _cells({**asdict(row), "target": target, "verdict": row.verdict})
        style = {"met": "green", "not met": "red"}.get(row.verdict)
        table.add_row(*cells[:-1], f"[{style}]{cells[-1]}[/]" if style else "")
    console = Console()
    console.print(table)
    for note in finding.notes:
        console.print(note, style="dim")
    console.print()


HEADINGS = ("what", "measured", "lowest..highest", "time", "target", "")
SIDES: tuple[Any, ...] = ("left", "right", "right", "right", "right", "left")
