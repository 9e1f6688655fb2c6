"""Whether a day is in a list of days, and the nearest one that is.

A list is a constant of the policy: its name, the first and the last day that its calendar covers,
and its days in ascending order. Outside of what is covered nothing is known.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from siyu.functions import sql_dated
from siyu.functions.declaration import Example, Function
from siyu.functions.moments import held_day
from siyu.functions.sql import written
from siyu.functions.sql_dated import Listed


def _held(listed: Listed, day: int) -> bool:
    return listed[1] <= day <= listed[2]


def on_day(day: int, listed: Listed) -> bool | None:
    if not _held(listed, day):
        return None
    days = listed[3]
    place = bisect_left(days, day)
    return place < len(days) and days[place] == day


def next_day(day: int, listed: Listed) -> int | None:
    days = listed[3]
    place = bisect_left(days, day)
    return days[place] if _held(listed, day) and place < len(days) else None


def last_day(day: int, listed: Listed) -> int | None:
    days = listed[3]
    place = bisect_right(days, day)
    return days[place - 1] if _held(listed, day) and place else None


_A, _B, _C = held_day("2026-01-01"), held_day("2026-05-01"), held_day("2026-12-31")
_LIST = ("cn.holiday", _A, _C, (_A, _B, _B + 1))
_NONE = ("cn.none", _A, _C, ())

DECLARED = (
    Function(
        "on_day",
        "Whether a day is in a list; unknown outside of what the list's calendar covers.",
        on_day,
        (
            Example((_A, _LIST), True), Example((_B + 1, _LIST), True),
            Example((_B + 2, _LIST), False), Example((_C, _LIST), False),
            Example((_A - 1, _LIST), None), Example((_C + 1, _LIST), None),
            Example((_A, _NONE), False), Example((_A - 1, _NONE), None),
        ),
        partial=True,
        sql=written(sql_dated.on_day),
    ),
    Function(
        "next_day",
        "The first day of a list that is not before a day; unknown where the list has none, and "
        "outside of what its calendar covers.",
        next_day,
        (
            Example((_A, _LIST), _A), Example((_A + 1, _LIST), _B), Example((_B, _LIST), _B),
            Example((_B + 2, _LIST), None), Example((_A - 1, _LIST), None),
            Example((_A, _NONE), None),
        ),
        partial=True,
        sql=written(sql_dated.next_day),
    ),
    Function(
        "last_day",
        "The last day of a list that is not after a day; unknown where the list has none, and "
        "outside of what its calendar covers.",
        last_day,
        (
            Example((_A, _LIST), _A), Example((_B - 1, _LIST), _A), Example((_C, _LIST), _B + 1),
            Example((_C + 1, _LIST), None), Example((_A - 1, _LIST), None),
            Example((_A, _NONE), None),
        ),
        partial=True,
        sql=written(sql_dated.last_day),
    ),
)  # fmt: skip
