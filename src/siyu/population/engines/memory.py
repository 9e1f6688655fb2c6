"""How much memory an engine may take: `4GB` as people write it, or a share of the machine."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from pathlib import Path

from siyu.population.engines import EngineFailed
from siyu.words import say

UNITS = {
    "MB": 10**6, "GB": 10**9, "TB": 10**12, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40,
}  # fmt: skip
LEAST = 256 * 10**6  # bytes; with less, DuckDB fails at nothing much
SHARE = Fraction(3, 5)  # of the machine's memory, where nobody says how much
LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def memory_bytes(text: str | None) -> int:
    """The number of bytes that `text` says; without one, three fifths of what there is.

    Raises EngineFailed for what is no size, or too small to work with.

    >>> memory_bytes("4GB"), memory_bytes("1.5 GiB"), memory_bytes("512mb")
    (4000000000, 1610612736, 512000000)
    """
    if text is None:
        return max(LEAST, int(machine_bytes() * SHARE))
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?([KMGT]I?B)", text.strip().upper())
    if match is None or match[2] not in UNITS:
        raise EngineFailed(
            say("`{text}` is no amount of memory", text=text),
            say("write a number with MB, GB or TB, such as `4GB` or `512MB`"),
        )
    size = int(Fraction(match[1]) * UNITS[match[2]])
    if size < LEAST:
        raise EngineFailed(
            say("`{text}` of memory is too little to work with", text=text),
            say("give it `256MB` at least"),
        )
    return size


def machine_bytes() -> int:
    """The memory of this machine, or of the container that this runs in."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in LIMITS:
        try:
            found.append(int(Path(limit).read_text("ascii")))
        except (OSError, ValueError):
            continue  # no such control group, or one without a limit ("max")
    return min(found)
