"""A run's folder: complete or absent.

It is made beside its place under a hidden name and takes its place when all of it is there, safe
on disk. What a killed run has left is swept by the next one: only folders with our marker, whose
process is gone.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from siyu.population.run.problems import RunProblem
from siyu.words import of_system, say

MARKER = ".siyu-run"
PARTS = frozenset({
    "decisions.parquet", "outcomes.parquet", "state.parquet", "audit.parquet", "rejects.parquet",
    "indicators.json", "run.json", "timings.json", "calibration.yaml", "allocation.yaml", MARKER,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What a folder of ours holds: `document` is there in every one of them, `parts` are all its
    files."""

    document: str
    parts: frozenset[str]


RUN = Kept("run.json", PARTS)
WORK = "work"  # temporary files of the engine; never published
_OPEN: set[Path] = set()  # folders that runs of this process are writing


class Folder:
    """The folder of one run. Use as a context manager; write below `here`, temporary files below
    `work`, and `publish` at the end. Raises RunProblem for a place where nothing can be put."""

    def __init__(self, place: Path, force: bool = False, kind: Kept = RUN) -> None:
        self.place = _resolved(place)
        self.force = force
        self.kind = kind
        _check(self.place, place, force, kind)
        self.here = Path()
        self.swept = 0

    def __enter__(self) -> Self:
        self.swept = sweep(self.place)
        here = self.place.with_name(f".{self.place.name}.part-{secrets.token_hex(4)}")
        try:
            here.mkdir()
            (here / MARKER).write_text(_mark(), encoding="utf-8")
            (here / WORK).mkdir()
        except OSError as error:
            with suppress(OSError):
                shutil.rmtree(here, ignore_errors=True)
            raise cannot_write(self.place, error) from None
        self.here = here
        _OPEN.add(here)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.here != Path():
            shutil.rmtree(self.here, ignore_errors=True)
            _OPEN.discard(self.here)

    @property
    def work(self) -> Path:
        """Where the engine puts what does not fit into memory."""
        return self.here / WORK

    def publish(self) -> None:
        """Puts the folder into its place, as a whole."""
        try:
            shutil.rmtree(self.work, ignore_errors=True)
            (self.here / MARKER).unlink(missing_ok=True)
            _to_disk(self.here)
            with undisturbed():
                self._take_place()
            _sync(self.place.parent)
        except OSError as error:
            raise cannot_write(self.place, error) from None

    def _take_place(self) -> None:
        """An older folder changes places with the new one at a stroke. Where the system cannot do
        that, it steps aside first; should that fail it comes back."""
        _check(self.place, self.place, self.force, self.kind)
        if not self.place.exists():
            self.here.rename(self.place)
            return
        if exchange(self.here, self.place):
            shutil.rmtree(self.here, ignore_errors=True)
            return
        aside = self.place.with_name(f".{self.place.name}.part-{secrets.token_hex(4)}")
        (self.place / MARKER).write_text(_mark(), encoding="utf-8")
        self.place.rename(aside)
        try:
            self.here.rename(self.place)
        except OSError:
            (aside / MARKER).unlink(missing_ok=True)
            aside.rename(self.place)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def sweep(place: Path) -> int:
    """Removes what killed runs have left beside a place; how many of them."""
    found = 0
    try:
        beside = sorted(place.parent.glob(f".{_literally(place.name)}.part-*"))
    except OSError:
        return 0
    for each in beside:
        mine = each in _OPEN
        if each.is_dir() and not each.is_symlink() and not mine and _abandoned(each):
            shutil.rmtree(each, ignore_errors=True)
            found += 1
    return found


def _literally(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def _abandoned(folder: Path) -> bool:
    """Whether a run of ours began this folder on this machine and is no more."""
    try:
        mark = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        pid, host, born = mark["pid"], mark["host"], mark.get("born")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    if not isinstance(pid, int) or host != socket.gethostname():
        return False
    return not _alive(pid) or (born is not None and _born(pid) not in (None, born))


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return False  # of a run of this process that has ended: open ones are not asked about
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _born(pid: int) -> str | None:
    """When a process began, where the system tells: numbers of processes come again."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return None


def _mark() -> str:
    pid = os.getpid()
    return json.dumps({"siyu": "run", "pid": pid, "host": socket.gethostname(), "born": _born(pid)})


# ---------------------------------------------------------------- places


def _resolved(place: Path) -> Path:
    try:
        return place.parent.resolve() / place.name if place.name else place.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise cannot_write(place, error) from None


def _check(place: Path, named: Path, force: bool, kind: Kept) -> None:
    if not place.parent.is_dir():
        raise RunProblem(
            say("there is no folder `{path}`", path=str(named.parent)),
            say("make it, or name another one"),
        )
    if place.is_symlink():
        raise RunProblem(
            say("`{path}` is a link, and a run makes a folder of its own", path=str(named)),
            say("name the folder to which it leads, or one that is new"),
        )
    if place.exists() and not place.is_dir():
        raise RunProblem(
            say("`{path}` is no folder", path=str(named)), say("name a folder that is new")
        )
    if not place.exists():
        return
    if not force:
        raise RunProblem(
            say("`{path}` is there already", path=str(named)),
            say("name a folder that is new, or replace this one with --force"),
        )
    if any(place.iterdir()) and not (place / kind.document).is_file():
        raise RunProblem(
            say("`{path}` is not the folder of a run, and is not replaced", path=str(named)),
            say("name another folder"),
        )
    foreign = sorted({each.name for each in place.iterdir()} - kind.parts)
    if foreign:
        raise RunProblem(
            say("`{path}` holds what no run has written ({names}), and is not replaced",
                path=str(named), names=tuple(foreign[:5])),
            say("put that elsewhere, or name another folder"),
        )  # fmt: skip


def cannot_write(place: Path, error: OSError | ValueError | RuntimeError) -> RunProblem:
    """What is said where the system refuses to write."""
    why = of_system(error) if isinstance(error, OSError) else str(error)
    said = say("the run cannot be written to `{path}`: {why}", path=str(place), why=why)
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return RunProblem(said, say("make room, or name a folder on another disk") if full else "")


# ---------------------------------------------------------------- the disk


def _to_disk(folder: Path) -> None:
    """Every file and folder of a tree is on disk, not only on its way there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            _sync(path)
    for path in (*sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True), folder):
        _sync(path)


def exchange(one: Path, other: Path) -> bool:
    """Two folders change places at once; False where the system has no such thing."""
    import ctypes

    rename = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), swap) == 0)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Whoever wants to end the process waits until this is done."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
