"""Compiled policies, kept between runs.

An entry is found by the policy's path and counts only if every file of the pack still has the
bytes it had, and this program is the one that wrote it. Entries hold pickles: so they are read only
from a folder that is the user's own and that nobody else can write. What is wrong with an entry
or its folder is no error: the policy is compiled again.

Nothing is imported here that a policy out of the cache could do without.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import pickle
import stat
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from siyu import __version__

if TYPE_CHECKING:
    from siyu.core.compiled import Compiled, TestCase
    from siyu.diagnostics import Diagnostic

FORMAT = 3
SUM = 32  # bytes of the sha256 that an entry begins with


class Kept:
    """A policy out of the cache, still packed: unpacked when it is asked to decide."""

    def __init__(self, compiled: bytes, beside: bytes) -> None:
        self._packed = compiled
        self._packed_beside = beside

    @cached_property
    def compiled(self) -> Compiled:
        """The policy without what decisions do without."""
        found: Compiled = pickle.loads(self._packed)
        return found

    @cached_property
    def beside(self) -> tuple[tuple[TestCase, ...], tuple[Diagnostic, ...]]:
        """Its tests and warnings."""
        found: tuple[tuple[TestCase, ...], tuple[Diagnostic, ...]] = pickle.loads(
            self._packed_beside
        )
        return found


def folder() -> Path | None:
    """Where entries are kept: SIYU_CACHE_DIR, else the user's cache folder; None: nowhere."""
    named = os.environ.get("SIYU_CACHE_DIR")
    if named == "":
        return None
    home = os.environ.get("XDG_CACHE_HOME")
    try:
        base = Path(named) if named else (Path(home) if home else Path.home() / ".cache") / "siyu"
        base.mkdir(parents=True, exist_ok=True, mode=0o700)
        info = base.stat()
    except (OSError, RuntimeError, ValueError):
        return None
    if hasattr(os, "geteuid") and info.st_uid != os.geteuid():
        return None
    if info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return None
    return base


def fetch(path: Path) -> Kept | None:
    """The compiled policy at a path, if nothing of it has changed."""
    kept = _entry(path)
    if kept is None:
        return None
    try:
        data = kept.read_bytes()
        if hashlib.sha256(data[SUM:]).digest() != data[:SUM]:
            return None
        stamp, sums, compiled, beside = marshal.loads(data[SUM:])
        if stamp != program_stamp():
            return None
        if any(_sum(path.parent / name) != known for name, known in sums):
            return None
    except Exception:  # whatever is wrong with an entry, the policy can be compiled again
        return None
    return Kept(compiled, beside)


def keep(path: Path, sums: Mapping[str, str], compiled: Compiled) -> None:
    """Keeps a compiled policy with the sha256 of the files it was made of; where that is not
    possible nothing happens."""
    kept = _entry(path)
    if kept is None:
        return
    try:
        data = marshal.dumps((program_stamp(), tuple(sums.items()), *_packed(compiled)))
        _write(kept, hashlib.sha256(data).digest() + data)
    except (OSError, RecursionError, ValueError, pickle.PicklingError):
        return


def _packed(compiled: Compiled) -> tuple[bytes, bytes]:
    from dataclasses import replace

    main = replace(compiled, tests=(), diagnostics=())
    beside = (compiled.tests, compiled.diagnostics)
    return pickle.dumps(main, 5), pickle.dumps(beside, 5)


def _write(kept: Path, data: bytes) -> None:
    """All of it or nothing, whoever else reads and writes."""
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=kept.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(temporary).replace(kept)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _entry(path: Path) -> Path | None:
    base = folder()
    if base is None:
        return None
    try:
        name = hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:32]
    except (OSError, ValueError):
        return None
    return base / f"{name}.policy"


def program_stamp() -> str:
    """Entries of another program, another Python or other sources of this one do not count."""
    from siyu.resources import ROOT

    found = hashlib.sha256()
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    for line in sorted((*_stamps(package), *_stamps(str(ROOT / "grammar")))):
        found.update(line.encode("utf-8", "surrogateescape"))
    return f"{FORMAT} {__version__} {sys.version} {found.hexdigest()}"


def _stamps(here: str) -> Iterator[str]:
    """Name, size and time of every source below a folder."""
    with os.scandir(here) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in ("__pycache__", "_data"):
                    yield from _stamps(entry.path)
            elif entry.name.endswith((".py", ".lark", ".yaml")):
                info = entry.stat()
                yield f"{entry.path} {info.st_size} {info.st_mtime_ns}\n"


def _sum(path: Path) -> str:
    """The sum of a file; empty for one that is not there."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
