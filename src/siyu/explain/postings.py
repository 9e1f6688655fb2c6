"""What a points rule posts: what is earned, offered or taken back, what multiplies and cuts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from siyu.core.ir import Aggregate, Call, Cases, Expr, Ref
from siyu.core.program import Binding
from siyu.core.walk import parts, walk
from siyu.explain.chain import room_left
from siyu.explain.conditions import condition
from siyu.explain.facts import facts
from siyu.explain.model import Shown, Step
from siyu.explain.replay import Replay
from siyu.types import BOOL
from siyu.words import Said, Words, say

Steps = tuple[Step, ...]


def posting_steps(replay: Replay, name: str, wanted: bool) -> Iterator[Step]:
    """What a points rule earns, what multiplies it, what cuts it, and the least that is posted."""
    happens = replay.values.get(name) is True
    together = _together(replay, name)
    yield from _amount(replay, name, wanted, happens, together)
    yield from _factors(replay, name, happens, together)
    yield from _caps(replay, name, happens)
    least = replay.anatomy.coded(name).get(f"{name}.at_least.1")
    if isinstance(least, Call):
        short = wanted and replay.value(least) is not True
        amount = say("it comes to {amount}", amount=replay.shown(least.args[0]))
        yield Step("condition", replay.anatomy.text(least.span), replay.verdict(least),
                   remark=amount, code=least.code, span=least.span, decisive=short)  # fmt: skip


def _amount(
    replay: Replay, name: str, wanted: bool, happens: bool, together: Together | None
) -> Iterator[Step]:
    """What is earned, offered or taken back; it decides where it is nothing, too."""
    anatomy = replay.anatomy
    remark: Words = ""
    if (earned := anatomy.bindings.get(f"{name}.rounded")) is not None:
        text: Words = anatomy.text(earned.span)
        value, below = replay.bound(earned.name), _earned_of(replay, earned)
        if together is not None:
            remark = say("times {factor}", factor=together.factor)
    elif (offered := anatomy.bindings.get(f"{name}.units_offered")) is not None:
        text, value = say("whole units offered"), replay.bound(offered.name)
        below = facts(replay, offered.expr)
    elif (due := anatomy.bindings.get(f"{name}.amount_due")) is not None:
        assert isinstance(due.expr, Cases)
        amount = due.expr.arms[0].value
        text, value, below = say("taken back"), replay.shown(amount), _taken_back(replay, amount)
    else:
        return
    decisive = happens or (wanted and value.held in (0, None))
    yield Step("fact", text, value=value, remark=remark, decisive=decisive, below=below)


def _earned_of(replay: Replay, earned: Binding) -> Steps:
    """The values that stand in `earn`, without those of the factors, which have their own steps."""
    whole = earned.span
    found: list[Step] = []
    waiting: list[Expr] = [earned.expr]
    while waiting:
        node = waiting.pop()
        span = node.span
        inside = span.file == whole.file and whole.start <= span.start and span.end <= whole.end
        if inside and span != whole:
            found += facts(replay, node)
        else:
            waiting.extend(reversed(parts(node)))
    return tuple(found)


# ---------------------------------------------------------------- factors


@dataclass(frozen=True, slots=True)
class Together:
    """The one factor that those come to that hold, and which of them it leaves out."""

    factor: Shown
    idle: frozenset[str]


def _together(replay: Replay, name: str) -> Together | None:
    """What the factors of a rule come to; None where none holds."""
    rounded = replay.anatomy.bindings.get(f"{name}.rounded")
    fired = {n for n in _fired(replay, name) if replay.values.get(n) is True}
    if rounded is None or not fired:
        return None
    node: Expr = rounded.expr
    while (inner := next((p for p in parts(node) if _asks_all(replay, name, p)), None)) is not None:
        node = inner
    idle: set[str] = set()
    if isinstance(node, Call) and node.function == "max":
        for each in node.args:
            when, value = _arm(each)
            if when in fired and replay.value(value) != replay.value(node):
                idle.add(when)
    return Together(replay.shown(node), frozenset(idle))


def _fired(replay: Replay, name: str) -> Iterator[str]:
    number = 1
    while (found := f"{name}.times.{number}.fired") in replay.anatomy.bindings:
        yield found
        number += 1


def _asks_all(replay: Replay, name: str, node: Expr) -> bool:
    """Whether a number rests on every factor of a rule."""
    asked = {each.name for each in walk(node) if isinstance(each, Ref)}
    return node.type != BOOL and asked.issuperset(_fired(replay, name))


def _arm(node: Expr) -> tuple[str, Expr]:
    """When one factor counts, and its value."""
    assert isinstance(node, Cases)
    (arm,) = node.arms
    assert isinstance(arm.when, Ref)
    return arm.when.name, arm.value


def _factors(replay: Replay, name: str, happens: bool, together: Together | None) -> Iterator[Step]:
    anatomy, codes = replay.anatomy, replay.anatomy.coded(name)
    for fired in _fired(replay, name):
        node = codes.get(fired.removesuffix(".fired"))
        if node is not None:
            idle = together is not None and fired in together.idle
            decisive = happens and replay.value(node) is True and not idle
            text = anatomy.text(anatomy.bindings[fired].span)
            remark = say("a higher one counts") if idle else ""
            yield condition(replay, anatomy.clause(node), decisive, text, remark)


# ---------------------------------------------------------------- caps


def _caps(replay: Replay, name: str, happens: bool) -> Iterator[Step]:
    """What cuts an amount, and how much room it leaves."""
    anatomy, codes = replay.anatomy, replay.anatomy.coded(name)
    number = 1
    while (room := anatomy.bindings.get(f"{name}.at_most.{number}.room")) is not None:
        node = codes.get(f"{name}.at_most.{number}")
        number += 1
        if node is not None:
            decisive = happens and replay.value(node) is True
            yield Step("cap", anatomy.text(room.span), replay.verdict(node),
                       remark=room_left(replay, name, room.name), code=node.code, span=room.span,
                       decisive=decisive, below=facts(replay, room.expr))  # fmt: skip


# ---------------------------------------------------------------- taking back


def _taken_back(replay: Replay, amount: Expr) -> Steps:
    """What was posted for the event, of how much, and what was taken back of it before."""
    figures = replay.anatomy.figures(amount)
    sums = [each for each in figures if isinstance(each, Aggregate) and each.op == "sum"]
    found: list[Step] = []
    for node in figures:
        if not isinstance(node, Aggregate):
            found += facts(replay, node)
            continue
        (step,) = facts(replay, node)
        text: Said = say("the amount it was posted for")
        if node in sums:
            text = say("taken back of it before") if node is sums[-1] else say(
                "posted for this event"
            )  # fmt: skip
        found.append(replace(step, text=text))
    return tuple(found)
