"""What a run is asked for: everything that was read of files and arguments, and found right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from siyu.core.compiled import Compiled
from siyu.core.program import Needs, Program
from siyu.population.engines import Engine
from siyu.population.files import PopulationValues
from siyu.population.sources.model import Sources
from siyu.records.plan import Plan
from siyu.words import Words

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Rejects:
    """How many customers (or events) may be set aside: so many, or so many hundredths of a per
    cent of those that were read."""

    number: int | None = None
    basis_points: int | None = None

    def exceeded(self, rejected: int, read: int) -> bool:
        """Whether there are more."""
        if self.number is not None:
            return rejected > self.number
        return self.basis_points is not None and rejected * 10_000 > self.basis_points * read


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A calibration or an allocation: its values, and its text to be kept beside the results."""

    path: str
    text: str
    values: PopulationValues


class Progress(Protocol):
    """Hears how far a run is. Stages come one after another."""

    def stage(self, name: Words, total: int | None = None) -> None:
        """A stage begins; `total` is how many parts it has, where that is known."""
        ...

    def advance(self, done: int = 1) -> None:
        """So many parts more are done."""
        ...

    def within(self, share: float) -> None:
        """How much is done of the part that is under way, 0 to 1."""
        ...


class Silent:
    """Nobody listens."""

    def stage(self, name: Words, total: int | None = None) -> None:
        """See `Progress`."""

    def advance(self, done: int = 1) -> None:
        """See `Progress`."""

    def within(self, share: float) -> None:
        """See `Progress`."""


@dataclass(frozen=True, slots=True)
class Order:
    """One run. `plan_for` gives the reading plan of some needs; `open_engine` opens the engine with
    a folder for what does not fit into memory. `folder` is that of the sources file. `memory` is in
    bytes, as far as known; `version` is siyu's own."""

    compiled: Compiled
    program: Program
    plan_for: Callable[[Needs], Plan]
    sources: Sources
    folder: Path
    as_of: int
    place: Path
    open_engine: Callable[[Path], Engine]
    events: tuple[str, ...] = ()
    calibration: GivenFile | None = None
    calibrate: bool = False
    max_calibration_age: int | None = 7 * DAY_MINUTES  # minutes
    allocation: GivenFile | None = None
    max_rejects: Rejects = Rejects()
    previous: Path | None = None
    audit: bool = False
    force: bool = False
    memory: int | None = None
    version: str = ""
