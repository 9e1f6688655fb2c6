"""Decide about 2,469 real households, and say what came out: what `make demo` runs.

    python examples/complete_journey/demo.py

shows the policy, decides about every household at the end of the year and about the last basket of
each, writes the decisions as JSON lines, and explains one of them.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
from files import whole_file
from households import Row, last_basket
from prepare import CACHE, HERE, packaged_tables, prepare, progress
from rich.console import Console
from rich.text import Text
from summary import print_baskets, print_year_end
from tally import Tally

import siyu

POLICY = HERE / "journey.siyu"
CALIBRATION = HERE / "calibration.yaml"
EXCERPT = ("classify churn", "tier card", "points basket_points", "incentive win_back")
EXAMPLE = "win_back_letter"
"""Whoever is the first to be sent this is explained."""


@dataclass(slots=True)
class Run:
    """One pass over the households: what was decided, and what could not be."""

    tally: Tally = field(default_factory=Tally)
    rejects: list[str] = field(default_factory=list)
    example: Row | None = None
    seconds: float = 0.0

    @property
    def speed(self) -> float:
        """Decisions a second, reading and writing included."""
        return self.tally.decisions / self.seconds if self.seconds else 0.0


def read_requests(path: Path) -> Iterator[Row]:
    """Read one request a line."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def excerpt(text: str, beginnings: Iterable[str]) -> str:
    """Cut out the declarations that begin so, each up to the empty line behind it.

    >>> excerpt("param a = 1\\n\\nparam b = 2\\n  from 2027-01-01 = 3\\n", ["param b"])
    'param b = 2\\n  from 2027-01-01 = 3'
    """
    paragraphs = [part.strip("\n") for part in text.split("\n\n")]
    found = (part for start in beginnings for part in paragraphs if part.startswith(f"{start} "))
    return "\n\n".join(found)
