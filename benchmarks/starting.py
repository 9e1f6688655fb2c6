"""How long the command takes to start, beside a Python that does nothing."""

from __future__ import annotations

from benchmarks.harness import compare
from benchmarks.processes import SCRIPTS, milliseconds, process, python
from benchmarks.report import Finding, Row


def run(quick: bool) -> Finding:
    """Measure `siyu --version` and `python -c pass` in turns."""
    rivals = [
        python("python -c pass", "pass"),
        process("siyu --version", str(SCRIPTS / "siyu"), "--version"),
        process("siyu --help", str(SCRIPTS / "siyu"), "--help"),
    ]
    bare, version, shown = compare(rivals, 3 if quick else 25)
    rows = (
        milliseconds(bare),
        milliseconds(version, 120),
        Row("siyu --version ÷ python -c pass", version.ratio, "×", version.lowest, version.highest),
        milliseconds(shown),
    )
    return Finding("starting", "Start of the command", rows)
