"""The lines of a file or of standard input, one at a time, none of them without bound."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

LONGEST = 256 * 1024 * 1024  # bytes; a customer with a million rows needs about as much


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The file called `name`, `-` being standard input; raises `click.UsageError` without one."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 (closed below)
    except FileNotFoundError:
        raise click.UsageError(f"there is no file `{name}`") from None
    except IsADirectoryError:
        raise click.UsageError(f"`{name}` is a folder, not a file of requests") from None
    except OSError as error:
        raise click.UsageError(f"`{name}` cannot be read: {error.strerror}") from None
    with file:
        yield file


def size(file: BinaryIO) -> int | None:
    """How many bytes there are, where that can be told."""
    try:
        status = os.fstat(file.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def numbered(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, from 1. A line longer than `LONGEST` comes as its beginning,
    longer than `LONGEST`; the rest of it is passed over."""
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST and not line.endswith(b"\n"):
            _pass_over(file)
        yield number, line


def _pass_over(file: BinaryIO) -> None:
    while (rest := file.readline(1 << 20)) and not rest.endswith(b"\n"):
        pass
