"""Why a rule happens or not: points, incentives and contacts, from their conditions to what
stops them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from siyu.core.ir import And, Coalesce, Expr, Input, Known
from siyu.explain.chain import stages
from siyu.explain.conditions import decided_first, joined
from siyu.explain.facts import called, facts
from siyu.explain.model import Step
from siyu.explain.postings import posting_steps
from siyu.explain.replay import Replay
from siyu.semantics.scheme import KINDS_OF_COST, PRINCIPLES
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
    if kind == "incentive":
        return (*asked, *_nature(replay, name))
    if kind != "points":
        return asked
    return decided_first((*asked, *posting_steps(replay, name, wanted)))


def _nature(replay: Replay, name: str) -> Iterator[Step]:
    """What kind of incentive it is, where its author says what it serves."""
    for each in replay.anatomy.program.natures:
        if each.name == name and each.serves:
            kind = KINDS_OF_COST.get((each.cost, each.source), "")
            served = tuple(PRINCIPLES[word] for word in each.serves)
            yield Step("fact", say("it serves {principles}", principles=served), remark=kind)


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
