"""DuckDB over the files of one run: views of its Parquet files, grouped queries, small results."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from siyu.population.engines import EngineFailed
from siyu.population.engines.duck import DuckEngine, open_engine
from siyu.population.report.folder import ReportFailed, RunFolder

MEMORY = "4GB"
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DECIMAL")
FILES = ("decisions", "outcomes", "rejects")
WILD = re.compile(r"([*?\[])")


def text(value: str) -> str:
    """A text as SQL writes it.

    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def pattern(path: Path) -> str:
    """What DuckDB finds a file by, or the part files of a folder; what it would take for a
    wildcard is none.

    >>> pattern(Path("runs[1]/decisions.parquet"))
    'runs[[]1]/decisions.parquet'
    """
    literal = WILD.sub(r"[\1]", str(path))
    return f"{literal}/**/*.parquet" if path.is_dir() else literal


@dataclass(frozen=True, slots=True)
class Base:
    """The tables of one run: `decisions` (a row a customer, of several events of one the last by
    its key), `outcomes`, `rejects`. `columns` are those of decisions with their types."""

    folder: RunFolder
    engine: DuckEngine
    columns: Mapping[str, str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """A small result: integers, decimals, texts, truth values."""
        with told():
            return self.engine.rows(query)

    def column(self, section: str, name: str) -> str | None:
        """The column of a fact: it bears its section's name where another has taken its own."""
        apart = f"{section}.{name}"
        return apart if apart in self.columns else name if name in self.columns else None

    def is_number(self, column: str) -> bool:
        """Whether a column can be summed."""
        return self.columns.get(column, "").startswith(NUMBERS)

    def digits(self, column: str) -> int:
        """Digits after the point of a column of numbers."""
        kind = self.columns[column]
        return int(kind[:-1].split(",")[1]) if kind.startswith("DECIMAL(") else 0


@contextmanager
def told() -> Iterator[None]:
    """What an engine says when it fails is why there is no report."""
    try:
        yield
    except EngineFailed as failed:
        raise ReportFailed(failed.said, failed.advice) from None


@contextmanager
def open_base(folder: RunFolder, memory: str | None = None) -> Iterator[Base]:
    """The tables of a run, as long as the context lasts; more than `memory` goes to disk."""
    with TemporaryDirectory(prefix="siyu-report-") as spill:
        with told():
            engine = open_engine(memory or MEMORY, Path(spill))
        try:
            with told():
                columns = _views(engine, folder)
            yield Base(folder, engine, columns)
        finally:
            engine.close()


def _views(engine: DuckEngine, folder: RunFolder) -> dict[str, str]:
    for name in FILES:
        place = text(pattern(folder.path / f"{name}.parquet"))
        read = f"SELECT * FROM read_parquet({place}, hive_partitioning = false)"
        if name == "decisions" and folder.about_events:  # sorted once, for all queries
            last = "PARTITION BY customer ORDER BY event DESC NULLS LAST"
            engine.table(name, f"{read} QUALIFY row_number() OVER ({last}) = 1")
        else:
            engine.view(name, read)
    return dict(engine.describe("SELECT * FROM decisions"))
