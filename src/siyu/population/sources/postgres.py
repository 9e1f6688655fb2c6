"""Tables of PostgreSQL, through ADBC: read in a stream of Arrow batches into a Parquet file.

Whoever runs this has installed `siyu[postgres]`. The address, which may hold a password, comes
from an environment variable and appears in no message.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

from siyu.population.sources.failed import SourcesFailed
from siyu.population.sources.model import Place
from siyu.words import say

LENGTH = 300  # of the database's own words that are handed on


def fetch(place: Place, target: Path) -> int:
    """Writes the rows of a place to a Parquet file; how many there were.

    Raises SourcesFailed where the packages are not installed, the variable is not set, or the
    database does not answer.
    """
    try:
        manager = import_module("adbc_driver_manager")
        dbapi = import_module("adbc_driver_postgresql.dbapi")
        pyarrow = import_module("pyarrow")
        parquet = import_module("pyarrow.parquet")
    except ImportError:
        raise SourcesFailed(
            say("reading PostgreSQL needs further packages"),
            say("install them with `pip install 'siyu[postgres]'`"),
        ) from None
    assert place.dsn_env is not None
    address = os.environ.get(place.dsn_env)
    if not address:
        raise SourcesFailed(
            say("the environment variable `{name}` is not set", name=place.dsn_env),
            say("let it hold the address of the database, such as "
                "postgresql://user:password@host/members"),
        )  # fmt: skip
    query = place.query or f"SELECT * FROM {_name(place.table or '')}"
    count = 0
    try:
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            reader = cursor.fetch_record_batch()
            schema = pyarrow.schema([_plain(field, pyarrow) for field in reader.schema])
            with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
                for batch in reader:
                    columns = [
                        _storage(each, field.type, pyarrow)
                        for each, field in zip(batch.columns, schema, strict=True)
                    ]
                    writer.write_batch(pyarrow.record_batch(columns, schema=schema))
                    count += batch.num_rows
    except (manager.Error, pyarrow.ArrowException, OSError) as error:
        raise _failed(place, str(error), address) from None
    return count


def _failed(place: Place, text: str, address: str) -> SourcesFailed:
    reason = " ".join(text.replace(address, "…").split())[:LENGTH]
    return SourcesFailed(
        say("the database of `{name}` cannot be read: {reason}", name=place.dsn_env, reason=reason),
        say("check the address in the variable, the table or query, and that the database runs"),
    )


def _name(table: str) -> str:
    """A table's name, perhaps behind that of its schema."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))


def _plain(field: Any, pyarrow: Any) -> Any:
    """A column as Parquet has it: what Arrow does not know (numeric, enums) comes as text."""
    kind = field.type
    if isinstance(kind, pyarrow.BaseExtensionType):
        kind = kind.storage_type
    if pyarrow.types.is_interval(kind) or pyarrow.types.is_duration(kind):
        raise SourcesFailed(
            say("the column `{name}` is an interval, which cannot be read", name=field.name),
            say("turn it into a number in a `query`, such as extract(epoch from c) / 86400"),
        )
    return pyarrow.field(field.name, kind)


def _storage(column: Any, kind: Any, pyarrow: Any) -> Any:
    if isinstance(column.type, pyarrow.BaseExtensionType):
        column = column.storage
    return column if column.type == kind else column.cast(kind)
