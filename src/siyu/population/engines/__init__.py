"""What runs SQL over whole customer bases: DuckDB on one machine, Spark beyond it.

`duck` and `spark` open an engine; both are imported by whoever needs one, and take their libraries
in when they open one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Protocol

from siyu.words import Words


class EngineFailed(Exception):
    """A query, a file or the machine under it failed. `said` is what is wrong and `advice` what to
    do about it (may be empty); the error's own text is `said` in English."""

    def __init__(self, said: Words, advice: Words = "") -> None:
        super().__init__(str(said))
        self.said = said
        self.advice = advice


class MachineFailed(EngineFailed):
    """The machine has too little memory, or no more room on its disk, whatever is read."""


class EngineStopped(EngineFailed):
    """A query ended because `interrupt` was called."""


class Engine(Protocol):
    """Runs SQL of its own dialect. Every method raises EngineFailed where that goes wrong, and
    leaves nothing half made. A signal handler's exception comes through, with the query ended."""

    version: str

    @property
    def name(self) -> Literal["duckdb", "spark"]:
        """Which engine, and so which SQL."""
        ...

    def describe(self, select: str) -> tuple[tuple[str, str], ...]:
        """The columns of a SELECT with the engine's own names of their types, without running
        it."""
        ...

    def view(self, name: str, select: str) -> None:
        """A temporary view; one of that name before is replaced."""
        ...

    def table(self, name: str, select: str) -> int:
        """The same, worked out at once and kept until the engine is closed (on disk where memory
        does not hold it). The number of its rows."""
        ...

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """A small result: numbers are int or Decimal, structs dicts, lists lists. Moments and dates
        are for the SELECT to turn into numbers or text."""
        ...

    def write(self, select: str, path: Path, *, gathered: bool = False) -> int:
        """Parquet at `path` in the order of the SELECT, there when all of it is written: a file,
        of Spark a folder of part files. Integers of more than 64 bits become DECIMAL(38, 0). The
        number of rows. `gathered` says that the rows are picked from several relations, so that
        they do not come in blocks of one size: DuckDB then writes the same bytes each time."""
        ...

    def interrupt(self) -> None:
        """Ends what is running now, from another thread: there, EngineStopped is raised."""
        ...

    def close(self) -> None:
        """Forgets all views and tables. Nothing can be asked afterwards."""
        ...
