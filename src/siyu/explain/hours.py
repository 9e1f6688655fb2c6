"""When a contact may go out, and whose clock and calendar say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from siyu.core.ir import Call, Cases, Const, Expr, Known, Ref
from siyu.core.walk import walk
from siyu.explain.anatomy import Stop
from siyu.explain.model import Step
from siyu.explain.replay import Replay, verdict_of
from siyu.functions.windows import pairs
from siyu.text import NOWHERE
from siyu.types import DATETIME, INT, TIME
from siyu.words import Words, say

WEEKDAYS = (
    say("Monday"), say("Tuesday"), say("Wednesday"), say("Thursday"), say("Friday"),
    say("Saturday"), say("Sunday"),
)  # fmt: skip


def hours_stage(replay: Replay, name: str) -> Step | None:
    """The hours that bound a contact, and how far they moved it: they never stop it."""
    binding = replay.anatomy.bindings.get(f"{name}.moment")
    if binding is None:
        return None
    found = tuple(dict.fromkeys(_bound(replay, binding.expr)))
    if not found:
        return None
    moment = replay.values.get(binding.name)
    if moment is None:
        return Step("fact", say("nobody can tell when its hours are"), below=found)
    moved = moment > replay.read.as_of
    text = say("moved by its hours") if moved else say("within its hours")
    remark = say("not before {moment}", moment=replay.showing.of(DATETIME, moment))
    return Step("fact", text, remark=remark, below=found)


def _bound(replay: Replay, expr: Expr) -> Iterator[Step]:
    """What bound for this customer, of all that may bind."""
    while isinstance(expr, Cases):
        taken = (arm.value for arm in expr.arms if replay.value(arm.when) is True)
        expr = next(taken, expr.otherwise)
    match expr:
        case Call(function="next_allowed", args=(_, _, Const(value=tuple(windows)))):
            for window in windows:
                word, *ends = _told(window)
                yield Step("fact", _within(replay, str(word), ends))
        case Call(function="next_open", args=(_, Const(value=tuple(rules)))):
            for rule in rules:
                yield _opening(replay, _told(rule))


def _told(held: object) -> tuple[object, ...]:
    assert isinstance(held, tuple)
    return held


def _opening(replay: Replay, rule: Sequence[object]) -> Step:
    word, zone, ends, days, closed, covered = rule
    parts: list[Words] = []
    assert isinstance(ends, tuple) and isinstance(days, tuple) and isinstance(closed, tuple)
    if days:
        parts.append(_weekdays(days))
    if covered:
        parts.append(say("without the {n} days that the calendar excludes",
                         n=replay.showing.of(INT, len(closed))))  # fmt: skip
    if zone != replay.anatomy.program.timezone:
        parts.append(say("by the clock of {zone}", zone=str(zone)))
    text = _within(replay, str(word), ends) if ends else say("sent at any time of day")
    return Step("fact", text, remark=say("{parts}", parts=tuple(parts)) if parts else "")


def _within(replay: Replay, word: str, ends: Sequence[object]) -> Words:
    times = [end for end in ends if isinstance(end, int)]
    spans = tuple(
        {"start": replay.showing.of(TIME, a), "end": replay.showing.of(TIME, b)}
        for a, b in pairs(times)
    )
    if word == "quiet":
        return say("quiet from {start} to {end}", **spans[0])
    if len(spans) == 1:
        return say("sent between {start} and {end}", **spans[0])
    return say("sent within {windows}", windows=tuple(say("{start}–{end}", **s) for s in spans))


def _weekdays(days: Sequence[int]) -> Words:
    """`Monday to Friday`, or the days one by one where they do not follow each other."""
    if len(days) > 2 and all(b == a + 1 for a, b in pairwise(days)):
        return say("{first} to {last}", first=WEEKDAYS[days[0] - 1], last=WEEKDAYS[days[-1] - 1])
    return say("{days}", days=tuple(WEEKDAYS[day - 1] for day in days))


def open_stage(replay: Replay, name: str, stop: Stop) -> Step | None:
    """What stops a contact of which nobody can tell when it may go out."""
    if replay.value(stop.holds) is not True:
        return None  # told with its hours
    node = replay.anatomy.coded(name).get(stop.code)
    owner = replay.anatomy.label(stop.code.rpartition(".open.")[0])
    text: Words = say("the calendar does not cover the days that come next")
    for each in walk(node) if node is not None else ():
        if isinstance(each, Known) and _is_zone(each.value) and replay.value(each) is not True:
            field = replay.anatomy.text(each.value.span)
            text = say("nobody knows the person's time zone, `{field}`", field=field)
    return Step("stopper", text, verdict_of(True), remark=say("of {policy}", policy=owner),
                code=stop.code, span=node.span if node is not None else NOWHERE)  # fmt: skip


def _is_zone(expr: Expr) -> bool:
    return not (isinstance(expr, Ref) and expr.name.endswith(".moment"))
