"""`python -m benchmarks [--quick] [--only NAME]`: measure, print tables, keep `results/`."""

from __future__ import annotations

import argparse
from importlib import import_module

from benchmarks import report

# Measured in this order; each is a module with `run(quick) -> Finding`.
NAMES = (
    "decision",
    "whole",
    "growing",
    "compiling",
    "starting",
    "orders",
    "explaining",
    "checking",
    "nightly",
    "nightly_orders",
)
LARGE = (
    "nightly_spark",
    "nightly_large",
    "nightly_grown",
    "nightly_zen",
)  # measured only where it is named


def main() -> None:
    """Run all benchmarks, or those that were named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, results are not kept")
    known = NAMES + LARGE
    parser.add_argument("--only", metavar="NAME", choices=known, action="append", help="one of all")
    asked = parser.parse_args()
    for name in asked.only or NAMES:
        finding = import_module(f"benchmarks.{name}").run(asked.quick)
        report.show(finding)
        if not asked.quick:
            report.save(finding)
    if not asked.quick:
        report.write_readme(NAMES + LARGE)


if __name__ == "__main__":
    main()
