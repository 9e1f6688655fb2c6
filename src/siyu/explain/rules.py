"""Why a rule happens or not: points, incentives and contacts, from their conditions to what
stops them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from siyu.core.ir import And, Call, Cases, Coalesce, Expr, Input, Known
from siyu.core.program import Binding
from siyu.core.walk import parts
from siyu.explain.chain import room_left, stages
from siyu.explain.conditions import condition, decided_first, joined
from siyu.explain.facts import called, facts
from siyu.explain.model import Step
from siyu.explain.replay import Replay
from siyu.words import Words, say

Steps = tuple[Step, ...]


def is_wanted(replay: Replay, name: str) -> bool:
    """Whether a rule is meant for this customer now: whatever may stop it still."""
    return replay.values.get(f"{name}.meant") is True


def is_elsewhere(replay: Replay, name: str) -> bool:
    """Whether a rule is decided in other requests only: on another event, or without one."""
    events = replay.anatomy.events(name)
    return bool(events) and replay.read.event not in events


def rule_steps(replay: Replay, name: str, kind: str) -> Steps:
    """The conditions of a rule and what it comes to; what decided first."""
    if is_elsewhere(replay, name):
        return (_other_event(replay, name),)
    meant = replay.anatomy.bindings.get(f"{name}.meant")
    if meant is None:
        return ()
    wanted = is_wanted(replay, name)
    happens = replay.values.get(name) is True
    asked = (*joined(replay, meant.expr, happens or not wanted), *_receiver(replay, meant.expr))
    if kind != "points":
        return asked
    return decided_first((*asked, *_posting(replay, name, wanted)))


def _other_event(replay: Replay, name: str) -> Step:
    event = next(iter(replay.anatomy.events(name)))
    text = say("the request is about the event `{event}`", event=event) if event else say(
        "the request is about no event"
    )  # fmt: skip
    return Step("condition", text, "false", decisive=True)


def _receiver(replay: Replay, meant: Expr) -> Iterator[Step]:
    """That it is known who receives what is posted."""
    whole = meant.value if isinstance(meant, Coalesce) else meant
    for item in whole.items if isinstance(whole, And) else ():
        if isinstance(item, Known) and isinstance(item.value, Input) and not item.code:
            if item.value.origin == "request":
                continue
            text = say("{fact} is known", fact=called(replay, item.value))
            lacking = replay.value(item) is False
            yield Step("condition", text, replay.verdict(item), decisive=lacking,
                       below=facts(replay, item.value))  # fmt: skip


def rule_chain(replay: Replay, name: str, kind: str, whole: bool) -> Steps:
    """What could have stopped a rule; with `whole` also what was not asked any more."""
    if is_elsewhere(replay, name):
        return ()
    wanted = is_wanted(replay, name)
    if not wanted and not whole:
        return ()
    found: list[Step] = []
    reached = wanted
    for stage in stages(replay, name, kind):
        stops = stage.role == "stopper" and stage.verdict == "true"
        found.append(replace(stage, reached=reached, decisive=reached and stops))
        if stops:
            if not whole and reached:
                break
            reached = False
    return tuple(found)


# ---------------------------------------------------------------- points


def _posting(replay: Replay, name: str, wanted: bool) -> Iterator[Step]:
    """What a points rule earns, what multiplies it, what cuts it, and the least that is posted."""
    happens = replay.values.get(name) is True
    yield from _amount(replay, name, wanted, happens)
    yield from _factors(replay, name, happens)
    yield from _caps(replay, name, happens)
    least = replay.anatomy.coded(name).get(f"{name}.at_least.1")
    if isinstance(least, Call):
        short = wanted and replay.value(least) is not True
        yield Step("condition", replay.anatomy.text(least.span), replay.verdict(least),
                   value=replay.shown(least.args[0]), code=least.code, span=least.span,
                   decisive=short)  # fmt: skip


def _amount(replay: Replay, name: str, wanted: bool, happens: bool) -> Iterator[Step]:
    """What is earned, offered or taken back; it decides where it is nothing, too."""
    anatomy = replay.anatomy
    if (earned := anatomy.bindings.get(f"{name}.rounded")) is not None:
        text: Words = anatomy.text(earned.span)
        value, below = replay.bound(earned.name), _earned_of(replay, earned)
    elif (offered := anatomy.bindings.get(f"{name}.units_offered")) is not None:
        text, value = say("whole units offered"), replay.bound(offered.name)
        below = facts(replay, offered.expr)
    elif (due := anatomy.bindings.get(f"{name}.amount_due")) is not None:
        assert isinstance(due.expr, Cases)
        amount = due.expr.arms[0].value
        text, value, below = say("taken back"), replay.shown(amount), facts(replay, amount)
    else:
        return
    decisive = happens or (wanted and value.held in (0, None))
    yield Step("fact", text, value=value, decisive=decisive, below=below)


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


def _factors(replay: Replay, name: str, happens: bool) -> Iterator[Step]:
    anatomy, codes = replay.anatomy, replay.anatomy.coded(name)
    number = 1
    while (fired := anatomy.bindings.get(f"{name}.times.{number}.fired")) is not None:
        node = codes.get(f"{name}.times.{number}")
        number += 1
        if node is not None:
            decisive = happens and replay.value(node) is True
            yield condition(replay, anatomy.clause(node), decisive, anatomy.text(fired.span))


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
