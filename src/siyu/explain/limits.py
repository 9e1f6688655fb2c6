"""Limits: how often something was, how often it may be, and when it may be again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from siyu.core.ir import Aggregate, And, Call, Coalesce, Column, Const, Expr, Ref
from siyu.core.walk import walk
from siyu.explain.anatomy import Stop
from siyu.explain.facts import facts
from siyu.explain.model import Shown, Step
from siyu.explain.replay import Replay, verdict_of
from siyu.functions import FUNCTIONS
from siyu.types import DATE
from siyu.words import Words, say

SHIFTS = ("shift_days", "shift_months", "shift_seconds", "add", "sub", "add_months")


def limit_stage(replay: Replay, name: str, stop: Stop) -> Step | None:
    """A limit with its count and its maximum, and the rows that count."""
    holds = stop.holds
    node = replay.anatomy.coded(name).get(stop.code)
    if not isinstance(node, Call):
        return None
    count, most = node.args
    remark: Words = say("{count} of at most {most}", count=replay.shown(count),
                        most=replay.shown(most))  # fmt: skip
    again = free_again(replay, count, most) if replay.value(node) is True else None
    if again is not None:
        remark = say("{counted}, again from {moment}", counted=remark, moment=again)
    text = replay.anatomy.text(node.span) or stop.code
    below = () if stop.code in replay.told else facts(replay, count)
    replay.told.add(stop.code)
    return Step("stopper", text, verdict_of(replay.value(holds)), remark=remark, code=stop.code,
                span=node.span, below=below)  # fmt: skip


def free_again(replay: Replay, count: Expr, most: Expr) -> Shown | None:
    """When so many rows have left a limit's window that it is free; None where it never is, or
    where its window cannot be told."""
    node = _counted_in(replay, count)
    allowed = replay.value(most)
    if node is None or not isinstance(allowed, int) or allowed <= 0:
        return None
    for start in _starts(node):
        ends = _ends(replay, node, start)
        rows = replay.trace.rows(node)
        if ends is not None and len(rows) >= allowed and len(ends) == len(rows):
            return sorted(ends, key=lambda end: end.held)[len(rows) - allowed]
    return None


def _counted_in(replay: Replay, count: Expr) -> Aggregate | None:
    """The aggregate behind a count."""
    while True:
        match count:
            case Aggregate():
                return count
            case Ref():
                count = replay.anatomy.bindings[count.name].expr
            case Coalesce():
                count = count.value
            case _:
                return None


def _starts(node: Aggregate) -> Iterator[Call]:
    """What asks rows to be later than the beginning of a window."""
    where = node.where
    for item in where.items if isinstance(where, And) else (where,):
        for call in (item.items if isinstance(item, And) else (item,)) if item else ():
            if isinstance(call, Call) and call.function in ("gt", "ge"):
                yield call


def _ends(replay: Replay, node: Aggregate, start: Call) -> list[Shown] | None:
    """When each row leaves the window."""
    column, begins = start.args
    if not isinstance(column, Column) or not isinstance(begins, Call):
        return None
    period = next((n for n in walk(begins) if isinstance(n, Call)
                   and n.function == "period_start"), None)  # fmt: skip
    rows = replay.trace.rows(node)
    if period is not None and start.function == "ge":
        day, unit = map(replay.value, period.args)
        last: Any = FUNCTIONS["period_end"].python(day, unit)
        return None if last is None else [replay.showing.of(DATE, last + 1)] * len(rows)
    if start.function != "gt":
        return None
    times = [row.row.get(column.name) for row in rows]
    ends = [_leaves(replay, begins, time) for time in times]
    kind = column.type
    return [replay.showing.of(kind, end) for end in ends if end is not None]


def _leaves(replay: Replay, begins: Call, time: Any) -> int | None:
    """The first moment at which a window of this length has left a time behind."""
    length = begins.args[1].value if isinstance(begins.args[1], Const) else None
    if time is None or not isinstance(length, int) or begins.function not in SHIFTS:
        return None
    back = -length if begins.function == "sub" else length
    move = FUNCTIONS["add" if begins.function == "sub" else begins.function].python
    more = [replay.value(arg) for arg in begins.args[2:]]
    end: Any = move(time, -back, *more)
    start: Any = None if end is None else move(end, back, *more)
    return None if start is None or start < time else end
