"""DuckDB over the files of one run: views of its Parquet files, grouped queries, small results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from siyu.population.report.folder import ReportFailed, RunFolder
from siyu.words import say

if TYPE_CHECKING:
    import duckdb

MEMORY = "4GB"
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DECIMAL")
FILES = ("decisions", "outcomes", "rejects")


def quoted(name: str) -> str:
    """A name as SQL writes it.

    >>> quoted('member_level.next')
    '"member_level.next"'
    """
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as SQL writes it.

    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Base:
    """The tables of one run: `decisions` (a row a customer, of several events of one the last by
    its key), `outcomes`, `rejects`. `columns` are those of decisions with their types."""

    folder: RunFolder
    connection: duckdb.DuckDBPyConnection
    columns: Mapping[str, str]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """A small result: integers, decimals, texts, truth values."""
        return _asked(self.connection, query, self.folder.path)

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
def open_base(folder: RunFolder, memory: str | None = None) -> Iterator[Base]:
    """The tables of a run, as long as the context lasts; more than `memory` goes to disk."""
    import duckdb

    with TemporaryDirectory(prefix="siyu-report-") as spill:
        settings: dict[str, Any] = {
            "memory_limit": memory or MEMORY,
            "temp_directory": spill,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        try:
            connection = duckdb.connect(":memory:", config=settings)
        except duckdb.Error:
            said = say("`{memory}` is no amount of memory", memory=memory or MEMORY)
            raise ReportFailed(said, say("write it like 4GB or 800MB")) from None
        try:
            yield Base(folder, connection, _views(connection, folder))
        finally:
            connection.close()


def _views(connection: duckdb.DuckDBPyConnection, folder: RunFolder) -> dict[str, str]:
    for name in FILES:
        place = folder.parquet(f"{name}.parquet")
        read = f"SELECT * FROM read_parquet({text(place)}, hive_partitioning = false)"
        if name == "decisions" and folder.about_events:
            read += (
                " QUALIFY row_number() OVER (PARTITION BY customer ORDER BY event DESC NULLS LAST)"
                " = 1"
            )
        _asked(connection, f"CREATE VIEW {name} AS {read}", folder.path)
    described = _asked(connection, "DESCRIBE decisions", folder.path)
    return {str(name): str(kind) for name, kind, *_ in described}


def _asked(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> list[tuple[Any, ...]]:
    import duckdb

    try:
        return connection.execute(query).fetchall()
    except duckdb.OutOfMemoryException:
        said = say("the figures of `{path}` need more memory or room on disk", path=str(path))
        raise ReportFailed(said, say("allow more with --memory, such as --memory 8GB")) from None
    except (duckdb.IOException, duckdb.InvalidInputException, duckdb.BinderException) as error:
        first = str(error).splitlines()[0]
        said = say("the files of `{path}` cannot be read: {why}", path=str(path), why=first)
        raise ReportFailed(said, say("run `siyu run` again")) from None
