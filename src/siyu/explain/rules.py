"""Why a rule happens or not: points, incentives and contacts, from their conditions to what
stops them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from siyu.core.ir import And, Call, Cases, Coalesce, Const, Expr, Input, Known
from siyu.explain.chain import stages
from siyu.explain.conditions import condition, decided_first, joined
from siyu.explain.facts import called, facts
from siyu.explain.model import Step
from siyu.explain.replay import Replay
from siyu.words import say

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
    for stage in stages(replay, name, kind, wanted):
        stops = stage.role == "stopper" and stage.verdict == "true"
        found.append(replace(stage, reached=reached, decisive=reached and stops))
        if stops:
            if not whole and reached:
                break
            reached = False
    return tuple(found)


# ---------------------------------------------------------------- points


def _posting(replay: Replay, name: str, wanted: bool) -> Iterator[Step]:
    """What a points rule earns, what multiplies it, and the least that is posted."""
    anatomy, codes = replay.anatomy, replay.anatomy.coded(name)
    for word in ("rounded", "units_offered"):
        if (binding := anatomy.bindings.get(f"{name}.{word}")) is not None:
            text = anatomy.text(binding.span) or say("whole units offered")
            value = replay.bound(binding.name)
            nothing = wanted and value.held == 0
            yield Step("fact", text, value=value, span=binding.span, decisive=nothing,
                       below=facts(replay, _before_times(binding.expr)))  # fmt: skip
    back = _taken_back(replay, name)
    if back is not None:
        yield back
    number = 1
    while (fired := anatomy.bindings.get(f"{name}.times.{number}.fired")) is not None:
        node = codes.get(f"{name}.times.{number}")
        if node is not None:
            yield condition(replay, anatomy.clause(node), text=anatomy.text(fired.span))
        number += 1
    yield from _caps(replay, name)
    least = codes.get(f"{name}.at_least.1")
    if least is not None:
        short = wanted and replay.value(least) is not True
        yield condition(replay, anatomy.clause(least), short)


def _taken_back(replay: Replay, name: str) -> Step | None:
    """What a rule takes back, and of what."""
    due = replay.anatomy.bindings.get(f"{name}.amount_due")
    others = ("rounded", "units_offered")
    if due is None or any(f"{name}.{word}" in replay.anatomy.bindings for word in others):
        return None
    assert isinstance(due.expr, Cases)
    amount = due.expr.arms[0].value
    return Step("fact", say("taken back"), value=replay.shown(amount), span=due.span,
                decisive=replay.value(amount) == 0, below=facts(replay, amount))  # fmt: skip


def _before_times(expr: Expr) -> Expr:
    """What an amount is earned from, without the factors, which have steps of their own."""
    inner = expr.value if isinstance(expr, Coalesce) else expr
    if isinstance(inner, Call) and inner.function == "quotient":
        top = inner.args[0]
        while isinstance(top, Call) and top.function == "mul" and not _is_plain(top.args[0]):
            if isinstance(top.args[1], Const) or top.args[1].type == top.args[0].type:
                break
            top = top.args[0]
        return top
    return inner


def _is_plain(node: Expr) -> bool:
    return isinstance(node, Const)


def _caps(replay: Replay, name: str) -> Iterator[Step]:
    """What cuts an amount, and how much room it leaves."""
    anatomy, codes = replay.anatomy, replay.anatomy.coded(name)
    number = 1
    while (room := anatomy.bindings.get(f"{name}.at_most.{number}.room")) is not None:
        node = codes.get(f"{name}.at_most.{number}")
        if node is not None:
            remark = say("room for {room}", room=replay.bound(room.name))
            yield Step("cap", anatomy.text(room.span), replay.verdict(node), remark=remark,
                       code=node.code, span=room.span, below=facts(replay, room.expr))  # fmt: skip
        number += 1
