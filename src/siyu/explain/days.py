"""Days of calendars: whether a date is one of them, and which is the nearest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from siyu.core.ir import Call, Const, Expr
from siyu.explain.model import Shown, Step
from siyu.explain.replay import Replay
from siyu.explain.shown import Label, two
from siyu.functions import FUNCTIONS
from siyu.types import DATE
from siyu.words import Words, say


def asks_days(node: Expr) -> TypeGuard[Call]:
    """Whether it asks for a day of a calendar."""
    return isinstance(node, Call) and node.function in ("on_day", "next_day", "last_day")


def day_steps(replay: Replay, node: Call) -> Iterator[Step]:
    """What the calendar says of a date; nothing where there is no date."""
    day, listed = node.args
    assert isinstance(listed, Const) and isinstance(listed.value, tuple)
    name, first, last, _ = listed.value
    at = replay.value(day)
    if at is None:
        return
    called = _called(replay, str(name))
    found = replay.value(node)
    if not isinstance(at, int) or not first <= at <= last:  # type: ignore[operator]
        ends = _date(replay, first), _date(replay, last)
        yield Step("fact", say("{days}: known from {first} to {last} only",
                               days=called, first=ends[0], last=ends[1]))  # fmt: skip
    elif node.function == "on_day":
        date = _date(replay, at)
        if found:
            yield Step("fact", say("{date} is {days}", date=date, days=called))
            return
        soon = FUNCTIONS["next_day"].python(at, listed.value)
        remark: Words = ""
        if soon is not None:
            remark = say("the next one is {date}", date=_date(replay, soon))
        yield Step("fact", say("{date} is not {days}", date=date, days=called), remark=remark)
    else:
        whole = (
            say("the next {days}", days=called)
            if node.function == "next_day"
            else say("the last {days}", days=called)
        )
        yield Step("fact", whole, value=replay.showing.of(DATE, found))


def _date(replay: Replay, day: object) -> Shown:
    return replay.showing.of(DATE, day)


def _called(replay: Replay, name: str) -> Words:
    """What people call a list of days: its label with its name."""
    labels = replay.anatomy.compiled.days.get(name)
    zh, en = ("", "") if labels is None else two(labels)
    if not zh and not en:
        return say("`{name}`", name=name)
    return say("{label} ({name})", label=Label(zh, en or zh), name=name)
