"""Compiled policies, kept between runs.

An entry is found by the policy's path and counts only if every file of the pack still has the
content it had. Entries are pickles: so they are read only from a folder that is the user's own and
that nobody else can write.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from siyu import __version__
from siyu.compiler import Compiled

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """`files` are the pack's files, relative to its folder, with the sha256 of their bytes. What
    tests need is kept apart, since decisions do without."""

    version: str
    files: tuple[tuple[str, str], ...]
    compiled: bytes


def folder() -> Path | None:
    """Where entries are kept: SIYU_CACHE_DIR, else the user's cache folder; None: nowhere."""
    named = os.environ.get("SIYU_CACHE_DIR")
    if named == "":
        return None
    home = os.environ.get("XDG_CACHE_HOME")
    base = Path(named) if named else (Path(home) if home else Path.home() / ".cache") / "siyu"
    try:
        base.mkdir(parents=True, exist_ok=True, mode=0o700)
        info = base.stat()
    except (OSError, RuntimeError):
        return None
    if hasattr(os, "geteuid") and info.st_uid != os.geteuid():
        return None
    if info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return None
    return base


def fetch(path: Path) -> Compiled | None:
    """The compiled policy at a path, if nothing of it has changed."""
    kept = _entry(path)
    if kept is None:
        return None
    try:
        entry = pickle.loads(kept.read_bytes())
        if not isinstance(entry, Entry) or entry.version != _version():
            return None
        if any(_sha(path.parent / name) != sha for name, sha in entry.files):
            return None
        compiled = pickle.loads(entry.compiled)
    except Exception:  # whatever is wrong with an entry, the policy can be compiled again
        return None
    return compiled if isinstance(compiled, Compiled) else None


def keep(path: Path, names: tuple[str, ...], compiled: Compiled) -> None:
    """Keeps a compiled policy; where that is not possible nothing happens."""
    kept = _entry(path)
    if kept is None:
        return
    with contextlib.suppress(OSError, RecursionError, pickle.PicklingError):
        files = tuple((name, _sha(path.parent / name)) for name in names)
        entry = Entry(_version(), files, pickle.dumps(compiled, pickle.HIGHEST_PROTOCOL))
        handle, temporary = tempfile.mkstemp(dir=kept.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as out:
                pickle.dump(entry, out, pickle.HIGHEST_PROTOCOL)
            Path(temporary).replace(kept)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise


def _entry(path: Path) -> Path | None:
    base = folder()
    if base is None:
        return None
    try:
        name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]
    except (OSError, RuntimeError):
        return None
    return base / f"{name}.policy"


def _version() -> str:
    """Entries of another program, another Python or other sources of this one do not count."""
    package = Path(__file__).resolve().parent.parent
    newest = max((p.stat().st_mtime_ns for p in package.rglob("*.py")), default=0)
    return f"{FORMAT} {__version__} {sys.version_info[:3]} {newest}"


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
