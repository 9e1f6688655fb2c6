"""From what a command line names to tables that can be read."""

from __future__ import annotations

import codecs
import glob
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from siyu.diagnostics import nearest
from siyu.population.infer.model import Format, InferFailed, Place
from siyu.population.infer.select import csv_select
from siyu.words import say

if TYPE_CHECKING:
    import duckdb

    from siyu.population.infer.texts import Texts

ENDINGS: dict[str, Format] = {
    ".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".duckdb": "duckdb", ".db": "duckdb",
}  # fmt: skip
EVENTS = "events"


def open_engine(memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """An engine that reaches for nothing but the files it is told of."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if memory is not None:
        config["memory_limit"] = memory
    engine = duckdb.connect(config=config)
    engine.execute("SET TimeZone = 'UTC'")
    return engine


def places(
    engine: duckdb.DuckDBPyConnection, sources: tuple[str, ...], texts: Texts | None = None
) -> tuple[Place, ...]:
    """The tables that files, globs, folders and DuckDB files hold; raises InferFailed. `texts` are
    text files in another encoding."""
    found: dict[str, Place] = {}
    for source in sources:
        for written in _of_source(engine, source):
            place = written
            if texts is not None and written.format == "csv":
                place = texts.read(written)
            other = found.setdefault(place.name, place)
            if other is not place:
                said = say("two tables are called `{name}`: {one} and {two}", name=place.name,
                           one=other.paths[0], two=place.paths[0])  # fmt: skip
                raise InferFailed(said, say("rename one of the files"))
    if not found:
        raise InferFailed(say("there is no table in what was named"))
    return tuple(found.values())


def _of_source(engine: duckdb.DuckDBPyConnection, source: str) -> Iterator[Place]:
    path = Path(source)
    if path.is_dir():
        yield from _of_folder(engine, path, source)
    elif path.is_file():
        yield from _of_file(engine, path, (source,), _stem(path))
    elif glob.has_magic(source):
        files = sorted(glob.glob(source, recursive=True))  # noqa: PTH207 - as written, from root or here
        if not files:
            raise InferFailed(say("no file is called like `{path}`", path=source))
        pieces = Path(source).parts
        plain = [each for each in pieces[:-1] if not glob.has_magic(each)]
        name = _stem(Path(pieces[-1].replace("*", "").strip("._-") or "x"))
        name = plain[-1] if plain and (not name or "*" in pieces[-1][:1]) else name
        yield from _of_file(engine, Path(files[0]), (source,), name)
    else:
        near = nearest(path.name, _names_in(path.parent))
        advice = say("did you mean `{near}`?", near=near[0]) if near else ""
        raise InferFailed(say("there is no file or folder `{path}`", path=source), advice)


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir())[:1000]
    except OSError:
        return []


def _of_folder(engine: duckdb.DuckDBPyConnection, path: Path, source: str) -> Iterator[Place]:
    """Each file is a table, each folder of files one, too; below `events` each is an event."""
    for child in sorted(path.iterdir()):
        if child.name.startswith("."):
            continue
        written = f"{source.rstrip('/')}/{child.name}"
        if child.is_file() and child.suffix in ENDINGS:
            yield from _of_file(engine, child, (written,), _stem(child))
        elif child.is_dir() and child.name == EVENTS:
            for each in _of_folder(engine, child, written):
                yield replace(each, event=True)
        elif child.is_dir():
            files = sorted(p for p in child.rglob("*") if p.is_file() and p.suffix in ENDINGS)
            if files:
                depth = "**/" if files[0].parent != child else ""
                pattern = f"{written}/{depth}*{files[0].suffix}"
                yield from _of_file(engine, files[0], (pattern,), child.name)


def _stem(path: Path) -> str:
    return path.name.removesuffix(path.suffix) if path.suffix in ENDINGS else path.name


def _of_file(
    engine: duckdb.DuckDBPyConnection, file: Path, paths: tuple[str, ...], name: str
) -> Iterator[Place]:
    form = ENDINGS.get(file.suffix)
    if form is None:
        said = say("what `{path}` holds cannot be told from its name", path=str(file))
        advice = say("files end in .parquet, .csv, .tsv, .jsonl or .duckdb")
        raise InferFailed(said, advice)
    if form == "duckdb":
        yield from _of_database(engine, paths[0])
        return
    listed = "[" + ", ".join(quoted(each) for each in paths) + "]"
    match form:
        case "parquet":
            select = f"read_parquet({listed}, union_by_name = true)"
        case "csv":
            yield Place(name, form, paths, csv_select(paths, file.suffix))
            return
        case _:
            select = (
                f"read_json({listed}, format = 'newline_delimited', union_by_name = true, "
                "sample_size = -1, maximum_object_size = 64000000)"
            )
    yield Place(name, form, paths, f"(SELECT * FROM {select})")


def _of_database(engine: duckdb.DuckDBPyConnection, path: str) -> Iterator[Place]:
    import duckdb

    alias = f"file{len(engine.execute('SHOW DATABASES').fetchall())}"
    try:
        engine.execute(f"ATTACH {quoted(path)} AS {alias} (READ_ONLY)")
        tables = engine.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ? UNION ALL "
            "SELECT schema_name, view_name FROM duckdb_views() "
            "WHERE database_name = ? AND NOT internal ORDER BY 1, 2",
            [alias, alias],
        ).fetchall()
    except duckdb.Error as error:
        raise unreadable(path, error) from None
    for schema, table in tables:
        name = table if schema == "main" else f"{schema}.{table}"
        select = f"(SELECT * FROM {alias}.{named(schema)}.{named(table)})"
        yield Place(table, "duckdb", (path,), select, name)


def unreadable(path: str, error: Exception) -> InferFailed:
    """What a user is told of a file that the engine cannot read."""
    text = str(error).strip().split("\n")[0]
    reason = text.partition("Error: ")[2] or text
    said = say("`{path}` cannot be read: {why}", path=path, why=reason)
    if "utf-8" in text.casefold() or "unicode" in text.casefold() or _other_bytes(path):
        said = say("`{path}` is not in the encoding UTF-8", path=path)
        if ENDINGS.get(Path(path).suffix) == "csv":
            return InferFailed(said, say("say which it is in, such as `--encoding gb18030`"))
        return InferFailed(said, say("save it in UTF-8"))
    return InferFailed(said, say("check that the file is whole, and is what its name says"))


def _other_bytes(path: str) -> bool:
    """Whether a text file is not in UTF-8: of a Chinese one DuckDB only says that it is no CSV."""
    if ENDINGS.get(Path(path).suffix) not in ("csv", "jsonl"):
        return False
    try:
        with Path(path).open("rb") as file:
            codecs.getincrementaldecoder("utf-8")().decode(file.read(1 << 20))
    except UnicodeDecodeError:
        return True
    except OSError:
        return False
    return False


def quoted(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'
