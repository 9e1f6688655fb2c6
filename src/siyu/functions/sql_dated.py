"""Lists of days as SQL: they are constants, so the days are written down.

Days in a row are one comparison, not one each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from siyu.functions.declaration import Dialect, SqlArg
from siyu.functions.sql import cast, constant, integer, number, where

Listed = tuple[str, int, int, tuple[int, ...]]  # its name, what is covered, the days


def on_day(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    _, first, last, days = _listed(args)
    day = number(args[0], 32, dialect)
    tests = [
        f"{day} = {low}" if low == high else f"{day} BETWEEN {low} AND {high}"
        for low, high in _stretches(days)
    ]
    covered = f"{args[0].text} BETWEEN {first} AND {last}"
    return where([covered], f"({' OR '.join(tests)})" if tests else "FALSE")


def next_day(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    """The earliest stretch that does not end before the day: its first day, or the day itself."""
    _, first, last, days = _listed(args)
    arms = [
        (f"{args[0].text} <= {high}", _later(low, high, args[0], bits, dialect))
        for low, high in _stretches(days)
    ]
    return _chosen(args[0], (first, last), arms, bits, dialect)


def last_day(dialect: Dialect, args: Sequence[SqlArg], bits: int) -> str:
    _, first, last, days = _listed(args)
    arms = [
        (f"{args[0].text} >= {low}", _earlier(low, high, args[0], bits, dialect))
        for low, high in reversed(list(_stretches(days)))
    ]
    return _chosen(args[0], (first, last), arms, bits, dialect)


def _chosen(
    day: SqlArg, covered: tuple[int, int], arms: Sequence[tuple[str, str]], bits: int,
    dialect: Dialect,
) -> str:  # fmt: skip
    unknown = cast("NULL", bits, dialect)
    outside = f"WHEN {day.text} NOT BETWEEN {covered[0]} AND {covered[1]} THEN {unknown}"
    written = " ".join(f"WHEN {test} THEN {value}" for test, value in arms)
    return f"CASE {outside} {written} ELSE {unknown} END" if arms else unknown


def _later(low: int, high: int, day: SqlArg, bits: int, dialect: Dialect) -> str:
    start = integer(low, dialect, bits)
    return start if low == high else f"greatest({start}, {number(day, bits, dialect)})"


def _earlier(low: int, high: int, day: SqlArg, bits: int, dialect: Dialect) -> str:
    end = integer(high, dialect, bits)
    return end if low == high else f"least({end}, {number(day, bits, dialect)})"


def _stretches(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last day of each run of days."""
    low = None
    for place, day in enumerate(days):
        low = day if low is None else low
        if place + 1 == len(days) or days[place + 1] != day + 1:
            yield low, day
            low = None


def _listed(args: Sequence[SqlArg]) -> Listed:
    listed: Listed = constant(args[1], "a list of days")
    return listed
