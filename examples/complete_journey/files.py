"""Files that appear complete or not at all, made again only when their sources change."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the name `path` only once all of it is written.

    An interruption leaves whatever had that name before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_jsonl(path: Path, rows: Iterable[object]) -> None:
    """Write one row a line, compact, in the order given: the same rows give the same bytes."""
    with whole_file(path) as file:
        for row in rows:
            text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
            file.write(text.encode() + b"\n")


def made_from(sources: Iterable[Path], target: Path, make: Callable[[], None]) -> bool:
    """Call `make` unless `target` is as it was made from these very sources; say whether it was.

    What was made from what stands in a small file beside the target.
    """
    note = target.with_name(f"{target.name}.source.json")
    source = digest(sources)
    if target.is_file() and _read(note) == {"source": source, "target": digest([target])}:
        return False
    make()
    with whole_file(note) as file:
        made = {"source": source, "target": digest([target])}
        file.write(json.dumps(made, indent=1).encode() + b"\n")
    return True


def shown(path: Path) -> Path:
    """The path as people would type it from where they are."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def digest(paths: Iterable[Path]) -> str:
    """Digest names and contents of files, in the order given."""
    total = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{path.name} {content}\n".encode())
    return f"sha256:{total.hexdigest()}"


def _read(note: Path) -> object:
    try:
        return json.loads(note.read_bytes())
    except (OSError, ValueError):
        return None
