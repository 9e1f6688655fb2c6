"""Decide about 2,469 real households, and say what came out: what `make demo` runs.

    python examples/complete_journey/demo.py

shows the policy, decides about every household at the end of the year and about the last basket of
each, writes the decisions as JSON lines, and explains one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from prepare import HERE
from tally import Tally

POLICY = HERE / "journey.siyu"
CALIBRATION = HERE / "calibration.yaml"
EXCERPT = ("classify lifecycle", "tier card", "points basket_points", "incentive win_back")
EXAMPLE = "win_back_letter"
"""The contact whose first receiver is explained."""


@dataclass(slots=True)
class Run:
    """One pass over the households: what was decided, how fast, and who could not be decided."""

    out: Path
    tally: Tally = field(default_factory=Tally)
    rejects: int = 0
    seconds: float = 0.0


def excerpt(text: str, beginnings: Iterable[str]) -> str:
    """Cut out the declarations that begin so, each up to the empty line that ends it."""
    paragraphs = text.split("\n\n")
    found = (p for start in beginnings for p in paragraphs if p.startswith(start))
    return "\n\n".join(part.strip("\n") for part in found)


def decide(policy: siyu.Policy, requests: Iterable[Row], out: Path) -> Run:
    """Decide about every request and write the decisions; what was rejected is counted."""
    run = Run(out)
    started = time.perf_counter()
    with whole_file(out) as file:
        for decision in policy.decide_many(requests):
            document = decision.to_dict()
            file.write(json.dumps(document).encode())
            run.tally.add(document)
    run.seconds = time.perf_counter() - started
    return run
