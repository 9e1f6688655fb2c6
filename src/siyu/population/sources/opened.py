"""The tables of a `sources.yaml`, found and looked at: where each lies, and what columns it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from siyu.functions.declaration import Dialect
from siyu.population.engines import Engine, EngineFailed, EngineStopped, MachineFailed
from siyu.population.files import Problem
from siyu.population.sources.cells import LINE, MISTAKE, select_cells, write_cells
from siyu.population.sources.failed import unfit
from siyu.population.sources.filters import problem, where
from siyu.population.sources.model import CUSTOMER, THROUGH, Place, Sources, Table, Through
from siyu.population.sources.physical import JSON, TEXT, Physical, physical
from siyu.population.sources.places import files_of, partitioned
from siyu.population.sources.postgres import fetch
from siyu.population.sources.sqltext import as_text, literal, literals, name
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that can be read: `view` gives its rows as they are, `columns` their types by name.
    `read` is the view with the row filter, to stand behind FROM. `cells`: it was a text file, so
    rows may say that they could not be read. A table that is not there yet has no columns.
    `beside` are further files that its rows were found with: those of an identity."""

    table: Table
    view: str
    columns: Mapping[str, Physical]
    files: tuple[Path, ...] = ()
    where: str = ""
    cells: bool = False
    missing: bool = False
    beside: tuple[Path, ...] = ()

    def read(self, dialect: Dialect) -> str:
        """The rows that are not left out."""
        if not self.where:
            return name(self.view, dialect)
        return f"(SELECT * FROM {name(self.view, dialect)} WHERE {self.where})"


@dataclass(frozen=True, slots=True)
class OpenSources:
    """All tables by name (see `Table`), opened with one engine. `timezone` is that of times without
    a zone, where neither column nor table says another. `folder` is where paths begin."""

    sources: Sources
    engine: Engine
    folder: Path
    timezone: str | None
    tables: Mapping[str, Opened] = field(default_factory=dict)

    @property
    def dialect(self) -> Dialect:
        return self.engine.name

    @property
    def customer(self) -> Opened:
        return self.tables[CUSTOMER]

    def also(self) -> Iterator[Opened]:
        """The further tables with a row a customer."""
        return (self.tables[table.name] for table in self.sources.also)


def open_sources(
    sources: Sources,
    folder: Path,
    engine: Engine,
    temporary: Path,
    events: tuple[str, ...] = (),
    timezone: str | None = None,
) -> OpenSources:
    """Finds the tables and looks at their columns; those of `events` only where asked for.

    `folder` is that of the `sources.yaml`; `temporary` one for copies of what the engine cannot
    read itself (text files, databases), which must stay until the engine is closed. `timezone`
    is what the policy says; that of the file goes before it.

    Raises SourcesFailed with all that is missing or cannot be, EngineFailed for broken files.
    """
    problems: list[Problem] = []
    opening = _Opening(sources, folder, engine, temporary, problems)
    tables = {}
    for place, table in enumerate(sources.tables()):
        event = table.name.removeprefix("events.")
        if event == table.name or event in events:
            opened = opening.open(table, f"source_{place}")
            tables[table.name] = opening.through(opened)
    if problems:
        raise unfit(sources.source, tuple(problems))
    zone = sources.timezone or timezone
    return OpenSources(sources, engine, folder, zone, tables)


@dataclass(slots=True)
class _Opening:
    sources: Sources
    folder: Path
    engine: Engine
    temporary: Path
    problems: list[Problem]

    def open(self, table: Table, view: str) -> Opened:
        """A table. What the engine cannot read of it is told at its line of the file."""
        try:
            return self._opened(table, view)
        except (EngineStopped, MachineFailed):
            raise
        except EngineFailed as error:
            told = say("the table `{table}`: {problem}", table=table.name, problem=error.said)
            return self._none(table, view, told)

    def _opened(self, table: Table, view: str) -> Opened:
        place = table.place
        if self.engine.name == "spark" and place.format != "parquet":
            told = say("`{table}` is {format}, and on Spark only Parquet is read; store it as "
                       "Parquet, or run with `--engine duckdb`", table=table.name,
                       format=place.format)  # fmt: skip
            return self._none(table, view, told)
        files = files_of(place, self.folder)
        if place.format == "postgres":
            copy = self.temporary / f"{view}.parquet"
            fetch(place, copy)
            select = f"SELECT * FROM read_parquet({literal(str(copy), 'duckdb')})"
        elif not files:
            if table.missing:
                return self._not_there(table, view)
            paths = tuple(place.paths)
            return self._none(table, view, say("there are no files {paths}", paths=paths))
        elif place.format == "parquet":
            select = self._parquet(files)
        elif place.format == "duckdb":
            select = self._database(files, place, view)
        else:
            return self._text(table, view, files)
        self.engine.view(view, select)
        return self._looked_at(table, view, files)

    def through(self, opened: Opened) -> Opened:
        """The table with one more column, where it names profiles: the customer of each."""
        through = opened.table.through
        if through is None or opened.missing:
            return opened
        found = _identities(through, self.folder)
        if not found:
            told = say("there is no identities.parquet at `{path}`: `siyu identity` makes it",
                       path=through.path)  # fmt: skip
            self.problems.append(Problem(told, through.span))
            return opened
        wanted = (through.profile, through.channel_column)
        lacking = [each for each in wanted if each is not None and each not in opened.columns]
        for each in lacking:
            table = opened.table.name
            self.problems.append(problem(each, opened.columns, table, through.span))
        if lacking:
            return opened
        dialect = self.engine.name
        channel = literal(through.channel, dialect)
        if through.channel_column is not None:
            channel = self._text_of(opened, through.channel_column)
        view = f"{opened.view}_through"
        self.engine.view(
            view,
            f"SELECT t.*, i.customer AS {name(THROUGH, dialect)} FROM {name(opened.view, dialect)} "
            f"t LEFT JOIN ({self._parquet(found)}) i ON i.channel = {channel} AND "
            f"i.profile = {self._text_of(opened, through.profile)}",
        )
        columns = {**opened.columns, THROUGH: TEXT}
        return replace(opened, view=view, columns=columns, beside=found)

    def _text_of(self, opened: Opened, column: str) -> str:
        dialect = self.engine.name
        of = f"t.{name(column, dialect)}"
        if opened.columns[column].kind == "json":
            return f"json_extract_string({of}, '$')"
        return as_text(of, dialect)

    def _not_there(self, table: Table, view: str) -> Opened:
        """A table that need not be there, and is not."""
        self.engine.view(view, "SELECT 1 AS nothing WHERE FALSE")
        return Opened(table, view, {}, missing=True)

    def _none(self, table: Table, view: str, told: Words) -> Opened:
        self.problems.append(Problem(told, table.place.span))
        return Opened(table, view, {}, missing=True)

    def _looked_at(self, table: Table, view: str, files: tuple[Path, ...]) -> Opened:
        dialect = self.engine.name
        described = self.engine.describe(f"SELECT * FROM {name(view, dialect)}")
        columns = {column: physical(kind, dialect) for column, kind in described}
        return self._filtered(Opened(table, view, columns, files))

    def _filtered(self, opened: Opened) -> Opened:
        made, problems = where(opened.table.where, opened.columns, opened.table.name,
                               self.engine.name)  # fmt: skip
        self.problems += problems
        return Opened(opened.table, opened.view, opened.columns, opened.files, made, opened.cells)

    def _parquet(self, files: tuple[Path, ...]) -> str:
        parts = partitioned(files, self.folder)
        if self.engine.name == "duckdb":
            listed = literals(map(str, files), "duckdb")
            return (
                f"SELECT * FROM read_parquet([{listed}], union_by_name = true, "
                f"hive_partitioning = {str(parts).lower()})"
            )
        return _on_spark(self.engine, files, parts)

    def _database(self, files: tuple[Path, ...], place: Place, view: str) -> str:
        """A database is attached under the view's own name; its queries see it as the place where
        tables are looked for."""
        database = f"{view}_database"
        self.engine.rows(
            f"ATTACH {literal(str(files[0]), 'duckdb')} AS {name(database, 'duckdb')} (READ_ONLY)"
        )
        if place.table is not None:
            parts = ".".join(name(part, "duckdb") for part in place.table.split("."))
            return f"SELECT * FROM {name(database, 'duckdb')}.{parts}"
        copy = self.temporary / f"{view}.parquet"
        (before,) = self.engine.rows("SELECT current_database() || '.' || current_schema()")
        self.engine.rows(f"USE {name(database, 'duckdb')}")
        try:
            self.engine.write(place.query or "", copy)
        finally:
            self.engine.rows(f"USE {before[0]}")
        return f"SELECT * FROM read_parquet({literal(str(copy), 'duckdb')})"

    def _text(self, table: Table, view: str, files: tuple[Path, ...]) -> Opened:
        """Text files are taken apart once, and kept in a form that is read quickly."""
        cells = write_cells(files, table.place, self.temporary / f"{view}.cells")
        if not cells.columns and table.missing:
            return self._not_there(table, view)
        if not cells.columns and table.place.format == "csv":
            told = say("the table `{table}` is empty: the first line of {files} should have the "
                       "names of its columns", table=table.name,
                       files=tuple(table.place.paths))  # fmt: skip
            return self._none(table, view, told)
        copy = self.temporary / f"{view}.parquet"
        self.engine.write(select_cells(cells), copy)
        cells.path.unlink()
        self.engine.view(view, f"SELECT * FROM read_parquet({literal(str(copy), 'duckdb')})")
        kind = JSON if table.place.format == "jsonl" else physical("VARCHAR", "duckdb")
        columns = dict.fromkeys(cells.columns, kind)
        return self._filtered(Opened(table, view, columns, files, cells=True))


def _identities(through: Through, folder: Path) -> tuple[Path, ...]:
    """The file that an identity has written: at the path, or in the folder there."""
    inside = Place("parquet", (f"{through.path}/identities.parquet",))
    return files_of(inside, folder) or files_of(Place("parquet", (through.path,)), folder)


def _on_spark(engine: Engine, files: tuple[Path, ...], parts: bool) -> str:
    """Folders called `key=value` make columns of their names where the folder above is read."""
    if parts:
        roots = dict.fromkeys(_root(path) for path in files)
        sources = [f"SELECT * FROM parquet.{name(str(root), 'spark')}" for root in roots]
    else:
        folders: dict[Path, list[str]] = {}
        for path in files:
            folders.setdefault(path.parent, []).append(path.name)
        sources = [
            f"SELECT * FROM parquet.{name(_braced(folder, names), 'spark')}"
            for folder, names in folders.items()
        ]
    if len(sources) == 1:
        return sources[0]
    kinds: dict[str, str] = {}
    described = [dict(engine.describe(source)) for source in sources]
    for each in described:
        for column, kind in each.items():
            kinds.setdefault(column, kind)
    arms = []
    for source, known in zip(sources, described, strict=True):
        items = (
            name(column, "spark") if column in known
            else f"CAST(NULL AS {kind}) AS {name(column, 'spark')}"
            for column, kind in kinds.items()
        )  # fmt: skip
        arms.append(f"SELECT {', '.join(items)} FROM ({source})")
    return " UNION ALL ".join(arms)


def _root(path: Path) -> Path:
    """The folder that holds the partitions a file lies in."""
    for at, part in enumerate(path.parts):
        if "=" in part:
            return Path(*path.parts[:at])
    return path.parent


def _braced(folder: Path, names: list[str]) -> str:
    return str(folder / names[0]) if len(names) == 1 else f"{folder}/{{{','.join(names)}}}"


__all__ = ["LINE", "MISTAKE", "OpenSources", "Opened", "open_sources"]
