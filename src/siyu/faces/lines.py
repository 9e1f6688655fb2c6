"""Requests in a file or on standard input: one a line, read one at a time, none without bound."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from siyu.faces.speaking import told
from siyu.words import of_system, say

if TYPE_CHECKING:
    from siyu.records import Rejection

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
        raise click.UsageError(told(say("there is no file `{name}`", name=name))) from None
    except IsADirectoryError:
        said = say("`{name}` is a folder, not a file of requests", name=name)
        raise click.UsageError(told(said)) from None
    except OSError as error:
        said = say("`{name}` cannot be read: {why}", name=name, why=of_system(error))
        raise click.UsageError(told(said)) from None
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


def request_of(line: bytes, key: str) -> dict[str, Any] | Rejection:
    """The request that a line holds; a line without `customer` is the customer itself.

    `key` is the field that is the customer's key. A line that holds other parts of a request, and
    no key, is a request without a customer.

    >>> request_of(b'{"member_id": "M1"}', "member_id")
    {'customer': {'member_id': 'M1'}}
    """
    from siyu.records import Rejection, read_json

    read = read_json(line)
    if isinstance(read, Rejection) or "customer" in read:
        return read
    if read and key not in read and read.keys() <= _PARTS:
        return read
    return {"customer": read}


_PARTS = frozenset({"event", "context", "metrics", "as_of"})
