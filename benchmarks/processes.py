"""Whole processes as rivals: what a person waits for after pressing return.

Their processor time is taken: the time that they take on a machine with nothing else to do.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.harness import Paired, Rival
from benchmarks.report import Row, Target

SCRIPTS = Path(sys.executable).parent


def process(name: str, *command: str, extra: Mapping[str, str] | None = None) -> Rival:
    """A rival that starts a process and waits for its end; a failing one stops the benchmark."""
    environment = {**os.environ, **(extra or {})}

    def run() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)

    return Rival(name, run, clock=_children)


def _children() -> int:
    """Processor time of all processes that were started and have ended, in nanoseconds."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return int((spent.ru_utime + spent.ru_stime) * 1e9)


def python(name: str, code: str, *arguments: str, extra: Mapping[str, str] | None = None) -> Rival:
    """A rival that runs a piece of Python in a fresh process."""
    return process(name, sys.executable, "-c", code, *arguments, extra=extra)


def milliseconds(found: Paired, target: float | None = None) -> Row:
    """A process's time as a row."""
    return Row(
        what=found.name,
        value=found.nanoseconds / 1e6,
        unit="ms",
        target=None if target is None else Target(target),
    )
