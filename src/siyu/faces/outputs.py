"""Files that are complete or absent.

Everything is written beside its place under a name of its own, and takes its place when all of it
is there; whatever ends the work before leaves nothing behind and what was there before as it was.
"""

from __future__ import annotations

import errno
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self


class Outputs:
    """Several files that belong together: all of them take their places, or none does.

    Use as a context manager; `open` each file, write, and `keep` at the end. Raises OSError where a
    file cannot be written.
    """

    def __init__(self) -> None:
        self._files: list[tuple[BinaryIO, Path, Path]] = []

    def open(self, path: Path) -> BinaryIO:
        """A file to be written; it is called `path` when it is kept."""
        target = path.resolve()
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        with _undisturbed():  # a file that is there is always one that `__exit__` knows of
            handle, name = tempfile.mkstemp(
                prefix=f".{target.name}.", suffix=".part", dir=target.parent
            )
            file = os.fdopen(handle, "wb")
            self._files.append((file, Path(name), target))
        return file

    def keep(self) -> None:
        """Puts all files in their places, each as a whole."""
        for file, temporary, target in self._files:
            file.flush()
            os.fsync(file.fileno())
            file.close()
            temporary.chmod(_mode(target))
        with _undisturbed():
            while self._files:
                _, temporary, target = self._files[0]
                temporary.replace(target)
                del self._files[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file, temporary, _ in self._files:
            file.close()
            temporary.unlink(missing_ok=True)
        self._files.clear()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Whoever wants to end the process waits until this is done."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _mode(target: Path) -> int:
    """That of the file to be replaced, or what any new file gets."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
