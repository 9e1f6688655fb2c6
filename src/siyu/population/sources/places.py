"""Which files a table lies in: globs and folders, always in the same order, and their digests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from siyu.population.sources.failed import unreadable
from siyu.population.sources.model import Place

SUFFIXES = {"parquet": (".parquet", ".pq"), "csv": (".csv", ".tsv", ".txt"),
            "jsonl": (".jsonl", ".ndjson"), "duckdb": (".duckdb", ".db")}  # fmt: skip
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileDigest:
    """`path` as seen from the folder of the sources; `digest` is `sha256:…` of the contents."""

    path: str
    bytes: int
    digest: str


def files_of(place: Place, folder: Path) -> tuple[Path, ...]:
    """The files of a place, sorted within each path that is written, each of them once; none
    where there are none. They are absolute, so that it does not matter where a command is called.
    """
    found: dict[str, Path] = {}
    for written in place.paths:
        for path in _files(folder.absolute() / written, SUFFIXES[place.format]):
            found.setdefault(os.path.normpath(path), path)
    return tuple(found.values())


def _files(path: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from _inside(path, suffixes)
    else:
        for inner in sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor)))):
            if inner.is_dir():
                yield from _inside(inner, suffixes)
            elif not inner.name.startswith((".", "_")):
                yield inner


def _inside(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """The files of a folder and those below it, without what begins with a dot or underscore."""
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith((".", "_"))]
        found += [
            Path(root) / name
            for name in names
            if name.lower().endswith(suffixes) and not name.startswith((".", "_"))
        ]
    return sorted(found)


def partitioned(files: Iterable[Path], folder: Path) -> bool:
    """Whether folders are called like `dt=2026-11-21`, which makes columns of their names."""
    return any("=" in part for path in files for part in _below(path, folder).parent.parts)


def _below(path: Path, folder: Path) -> Path:
    path, folder = path.absolute(), folder.absolute()
    return path.relative_to(folder) if path.is_relative_to(folder) else path


def _real(path: Path, folder: Path) -> Path:
    """Which file it is, seen from the folder: a link to the last run names another one tomorrow.
    What lies elsewhere keeps the path that is written."""
    real, base = path.resolve(), folder.resolve()
    written = os.path.relpath(path, folder)
    if real.is_relative_to(base) and (found := real.relative_to(base)) != Path(written):
        return found
    return _below(path, folder)


def digest_of(path: Path, folder: Path) -> FileDigest:
    """A file's digest, read in blocks; raises SourcesFailed where it cannot be read."""
    hashed = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                hashed.update(block)
                size += len(block)
    except OSError as error:
        raise unreadable(path, error) from None
    return FileDigest(_real(path, folder).as_posix(), size, f"sha256:{hashed.hexdigest()}")
