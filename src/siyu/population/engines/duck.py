"""DuckDB: everything in one process, within the memory it is given; the rest goes to disk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from siyu.population.engines.aside import Aside
from siyu.population.engines.failures import duckdb_failure
from siyu.population.engines.memory import memory_bytes

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Level 1 takes a tenth longer than snappy and makes files a third smaller; level 3 gains nothing.
# A column of more different values than 1,000 in a row group gets no dictionary: trying one out
# for ids and amounts took a tenth of the time of writing.
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 1000"
SETTINGS = {
    "TimeZone": "UTC",
    "preserve_insertion_order": True,
    "enable_progress_bar": False,
    # Nothing is fetched from anywhere, and no SQL sees variables of the program around it.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    # DuckDB 2.0 takes the bounds of a sum over a window for those of its rows, and then packs the
    # sum into too few bits: an error at best.
    "disabled_optimizers": "compressed_materialization",
}


def open_engine(
    memory: str | None = None,
    temporary: Path | None = None,
    threads: int | None = None,
    database: Path | None = None,
) -> DuckEngine:
    """An engine with nothing in it.

    `memory` is text like `4GB` (see `memory_bytes`). What does not fit goes to `temporary`, a
    folder that exists; without one, nothing can. Tables are held in memory and spilled, which is
    three times as fast as a `database` file; give one to keep them afterwards.

    Raises EngineFailed for a `memory` that is no size and a `database` that cannot be opened.
    """
    import duckdb

    limit = memory_bytes(memory)
    settings: dict[str, Any] = {
        **SETTINGS,
        "memory_limit": f"{limit}B",
        "temp_directory": "" if temporary is None else str(temporary),
    }
    if threads is not None:
        settings["threads"] = threads
    try:
        connection = duckdb.connect(":memory:" if database is None else str(database))
        for name, value in settings.items():
            connection.execute(f"SET {name} = ?", [value])
    except duckdb.Error as error:
        raise duckdb_failure(error, limit, temporary) from error
    return DuckEngine(connection, limit, temporary, duckdb.__version__)


class DuckEngine:
    """See `Engine`."""

    name: Literal["duckdb"] = "duckdb"

    def __init__(
        self, connection: DuckDBPyConnection, limit: int, temporary: Path | None, version: str
    ) -> None:
        self.connection = connection
        self.version = version
        self._limit = limit
        self._temporary = temporary
        self._aside = Aside("duckdb", connection.interrupt)

    def describe(self, select: str) -> tuple[tuple[str, str], ...]:
        return tuple((str(row[0]), str(row[1])) for row in self._all(f"DESCRIBE {select}"))

    def view(self, name: str, select: str) -> None:
        self._all(f"CREATE OR REPLACE TEMP VIEW {quoted(name)} AS {select}")

    def table(self, name: str, select: str) -> int:
        return self._count(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS {select}")

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        return self._all(select)

    def write(self, select: str, path: Path, *, gathered: bool = False) -> int:
        # Several threads put blocks of rows together as they come: where each is of its own size,
        # row groups end elsewhere every time. One thread ends them at the same rows.
        threads = self._count("SELECT current_setting('threads')")
        part = path.with_name(f".{path.name}.part")
        target = str(part).replace("'", "''")
        try:
            if gathered:
                self._all("SET threads = 1")
            written = self._count(f"COPY ({self._wide(select)}) TO '{target}' ({PARQUET})")
            part.replace(path)
        except OSError as error:
            raise duckdb_failure(error, self._limit, self._temporary) from error
        finally:
            if gathered:
                self._all(f"SET threads = {threads}")
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return written

    def listen(self, hear: Callable[[float], None] | None) -> None:
        """While somebody listens they hear now and then how much of a query is done, 0 to 1, where
        that can be told."""
        import duckdb

        self.connection.execute("SET enable_progress_bar_print = false")
        self.connection.execute(f"SET enable_progress_bar = {hear is not None}")

        def look() -> None:
            with suppress(duckdb.Error):
                percent = self.connection.query_progress()
                if hear is not None and percent > 0:
                    hear(min(percent / 100, 1.0))

        self._aside.look = None if hear is None else look

    def interrupt(self) -> None:
        self.connection.interrupt()

    def close(self) -> None:
        self._aside.close()
        self.connection.close()

    def _wide(self, select: str) -> str:
        """DuckDB writes integers of 128 bits to Parquet as floating point, and loses digits."""
        casts = [
            f"CAST({quoted(name)} AS {kind.replace('HUGEINT', 'DECIMAL(38, 0)')}) AS {quoted(name)}"
            for name, kind in self.describe(select)
            if "HUGEINT" in kind
        ]
        return f"SELECT * REPLACE ({', '.join(casts)}) FROM ({select})" if casts else select

    def _count(self, statement: str) -> int:
        ((count,),) = self._all(statement)
        return int(count)

    def _all(self, statement: str) -> list[tuple[Any, ...]]:
        import duckdb

        try:
            return self._aside.run(lambda: self.connection.execute(statement).fetchall())
        except duckdb.Error as error:
            raise duckdb_failure(error, self._limit, self._temporary) from error


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'
