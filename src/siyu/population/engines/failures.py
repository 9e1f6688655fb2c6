"""What engines say when they fail, in words for the people who asked for the run."""

from __future__ import annotations

import errno
import re
from pathlib import Path

from siyu.population.engines import EngineFailed, EngineStopped, MachineFailed
from siyu.words import Words, of_system, say

FULL = ("No space left on device", "Disk quota exceeded", "File too large", 'errno":"28"')
LENGTH = 300  # of an engine's own words that are handed on


def duckdb_failure(error: Exception, limit: int, temporary: Path | None) -> EngineFailed:
    """DuckDB's error as ours; `limit` is the memory it had, in bytes."""
    text = str(error)
    kind = type(error).__name__
    if kind == "InterruptException":
        return stopped()
    if isinstance(error, OSError):
        return disk_full(error.filename) if error.errno in (errno.ENOSPC, errno.EDQUOT) else (
            EngineFailed(say("writing `{path}` failed: {reason}", path=str(error.filename),
                             reason=of_system(error)))
        )  # fmt: skip
    if "max_temp_directory_size" in text or any(word in text for word in FULL):
        return disk_full(str(temporary) if temporary else None)
    if kind == "OutOfMemoryException":
        return out_of_memory(f"{limit // 10**6} MB")
    if kind == "IOException":
        return unreadable(plain(text))
    if kind in ("ConversionException", "OutOfRangeException", "TypeMismatchException"):
        return EngineFailed(say("a value does not fit its type: {reason}", reason=plain(text)))
    if _spoilt(text):
        return unreadable(plain(text))
    return EngineFailed(say("DuckDB cannot run a query: {reason}", reason=plain(text)))


def _spoilt(text: str) -> bool:
    """Whether it is about a file that holds something else than its name says."""
    return (
        "No magic bytes" in text
        or "too small to be a Parquet file" in text
        or "Failed to read file" in text
        or "ecompression failure" in text
        or "TProtocolException" in text
        or "Prefetch registered for bytes outside file" in text
        or "CSV Error" in text
        or "JSON" in text
    )


def spark_failure(error: Exception, limit: str | None) -> EngineFailed:
    """Spark's error as ours; `limit` is the memory of its driver as it was asked for."""
    text = str(error)
    if "cancelled" in text and ("SparkException" in text or "Job" in text):
        return stopped()
    if any(word in text for word in FULL):
        return disk_full(None)
    if "OutOfMemoryError" in text or "UNABLE_TO_ACQUIRE_MEMORY" in text:
        return out_of_memory(limit or say("memory"))
    condition = re.search(r"\[([A-Z][A-Z0-9_.]+)\]", text)
    name = condition[1] if condition else ""
    if name.startswith(("PATH_NOT_FOUND", "FAILED_READ_FILE", "UNABLE_TO_INFER_SCHEMA")):
        return unreadable(plain(text))
    if name.startswith(("CAST_", "ARITHMETIC_OVERFLOW", "NUMERIC_VALUE_OUT_OF_RANGE")):
        return EngineFailed(say("a value does not fit its type: {reason}", reason=plain(text)))
    return EngineFailed(say("Spark cannot run a query: {reason}", reason=plain(text)))


def stopped() -> EngineStopped:
    """That somebody ended a query."""
    return EngineStopped(say("the query was stopped before its end"))


def disk_full(path: str | None) -> EngineFailed:
    """That a disk has no more room."""
    said = (
        say("the disk is full") if path is None else say("the disk of `{path}` is full", path=path)
    )
    return MachineFailed(said, say("make room there, and run it again"))


def out_of_memory(limit: Words) -> EngineFailed:
    """That `limit` of memory did not do."""
    return MachineFailed(
        say("the work needs more memory than it may take ({limit})", limit=limit),
        say("allow it more with `--memory`"),
    )


def unreadable(reason: Words) -> EngineFailed:
    """That a file cannot be read, or holds something else than its name says."""
    return EngineFailed(
        say("a file cannot be read: {reason}", reason=reason),
        say("check that it is there, complete, and of the kind that its name says"),
    )


def plain(text: str) -> str:
    """An engine's own words: one line, without its advice and the query around the place.

    >>> plain('IO Error: No files found that match "x"\\n\\nLINE 1: select\\n   ^')
    'No files found that match "x"'
    """
    first = re.split(
        r"\n\s*\n|\nLINE \d|\nPossible solutions|;\s*\n|\n== SQL|\n?\s*SQLSTATE:|If necessary set",
        text.strip(),
    )[0]
    first = re.sub(r"\s+", " ", first)
    first = re.sub(r"^(?:[A-Z][A-Za-z ]{0,30} Error: )", "", first)
    first = re.sub(r"^(?:\[[A-Z0-9_.]+\] )", "", first)
    first = first.strip()
    return first if len(first) <= LENGTH else f"{first[:LENGTH]}…"
