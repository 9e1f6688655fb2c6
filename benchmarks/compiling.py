"""From policy text to a policy that decides: cold, and out of the cache, in fresh processes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.growth import POLICY, grown
from benchmarks.harness import compare
from benchmarks.processes import milliseconds, python
from benchmarks.report import Finding, Row

LINES = 1_000
DECIDE = "siyu.load(sys.argv[1], cache=CACHE).engine()"
LOAD = "siyu.load(sys.argv[1], cache=CACHE)"
UNPACK = "siyu.load(sys.argv[1], cache=CACHE).program"
PROGRAM = "import sys, siyu; {work}"
NOTES = (
    "Whole processes: starting Python and importing siyu are part of the time. A policy is ready",
    "to decide when its decision function is generated and compiled, which is done at the first",
    "decision of each kind of event; loading alone does without. Out of the cache, `load` looks",
    "whether anything changed and leaves the program packed until it is asked for; loaded is what",
    "has its program in hand, and the target is held against that.",
)


def run(quick: bool) -> Finding:
    """Measure fresh processes that compile 1,000 lines, or load them from the cache."""
    with tempfile.TemporaryDirectory() as folder:
        path, lines = write(Path(folder), LINES)
        cache = {"SIYU_CACHE_DIR": str(Path(folder) / "cache")}
        rivals = [
            python("python -c pass", "pass"),
            python("import siyu and its API", "import siyu; siyu.load"),
            python(f"compile {lines:,} lines, cold", code(LOAD, False), str(path), extra=cache),
            python("the same, ready to decide", code(DECIDE, False), str(path), extra=cache),
            python("load them from the cache", code(UNPACK, True), str(path), extra=cache),
            python("the same, program still packed", code(LOAD, True), str(path), extra=cache),
            python("the same, ready to decide", code(DECIDE, True), str(path), extra=cache),
            python("load 75 rules from the cache", code(UNPACK, True), str(POLICY), extra=cache),
            python("75 rules from the cache, ready", code(DECIDE, True), str(POLICY), extra=cache),
        ]
        found = compare(rivals, 3 if quick else 15)
    bare, imported, cold, ready, cached, packed, cached_ready, few, small = found
    seconds = (cold.nanoseconds - bare.nanoseconds) / 1e9
    rows = (
        milliseconds(bare),
        milliseconds(imported),
        milliseconds(cold, 1_000),
        milliseconds(ready),
        Row("lines per second from cold, a bare Python aside", lines / seconds, "lines/s"),
        milliseconds(cached, 60),
        milliseconds(packed),
        milliseconds(cached_ready),
        milliseconds(few, 60),
        milliseconds(small),
    )
    return Finding("compiling", "Compiling and loading", rows, NOTES)


def code(work: str, cache: bool) -> str:
    """A program that loads the policy named by its first argument."""
    return PROGRAM.format(work=work.replace("CACHE", str(cache)))


def write(folder: Path, lines: int) -> tuple[Path, int]:
    """A valid policy of that many lines at least, with its schema; and how many lines it has."""
    copies = 1
    while grown(copies).count("\n") < lines:
        copies += 1
    text = grown(copies)
    folder.mkdir(exist_ok=True)
    path = folder / "policy.siyu"
    path.write_text(text, encoding="utf-8")
    schema = POLICY.with_suffix(".yaml").read_text(encoding="utf-8")
    path.with_name("growth75.yaml").write_text(schema, encoding="utf-8")
    return path, text.count("\n")
