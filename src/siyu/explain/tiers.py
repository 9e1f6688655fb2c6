"""Levels: what was earned, what is kept, and what is missing to the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from siyu.core.ir import And, Arm, Call, Cases, Const, Expr, Input, Ref
from siyu.core.walk import walk
from siyu.explain.conditions import undecided
from siyu.explain.figures import case, first_of
from siyu.explain.later import later
from siyu.explain.model import Shown, Step
from siyu.explain.replay import Replay
from siyu.functions import FUNCTIONS
from siyu.types import DATE, DateType, EnumType, LevelType
from siyu.words import Words, say

Steps = tuple[Step, ...]


def tier_steps(replay: Replay, name: str) -> Steps:
    """Why this level: the date that keeps one which is not earned any more, then what is earned."""
    life = tuple(_held_on(replay, name))
    earned = _earned(replay, name)
    if not any(step.decisive for step in life):
        return (*earned, *life)
    below = tuple(map(undecided, earned))
    level = replay.bound(f"{name}.earned")
    return (*life, Step("fact", say("earned as things stand"), value=level, below=below))


def _earned(replay: Replay, name: str) -> Steps:
    chosen = _rungs(replay, name)
    return first_of(replay, chosen, lambda node: _level_name(replay, name, node))


def _rungs(replay: Replay, name: str) -> Cases:
    chosen = replay.anatomy.bindings[f"{name}.earned"].expr
    assert isinstance(chosen, Cases)
    return chosen


def _level_name(replay: Replay, name: str, node: Expr) -> str:
    level = node.value if isinstance(node, Const) else None
    return replay.anatomy.member(name, level) if isinstance(level, str) else ""


# ---------------------------------------------------------------- the level held until now


def _held_on(replay: Replay, name: str) -> Iterator[Step]:
    held = replay.bound(f"{name}.held")
    if held.held is None:
        return
    until, grace = _kept_until(replay, name), _end_of_grace(replay, name)
    change = replay.values.get(f"{name}.change")
    earned = replay.values.get(f"{name}.earned")
    day = until if until is not None else replay.showing.of(DATE, None)
    facts = {"level": held, "day": day}
    if change == "kept" and earned != held.held:
        yield _decided(say("{level} is kept until {day}, and that day has not passed", **facts))
    elif change == "in_grace":
        yield _decided(say("{level} was kept until {day}, and the time of grace lasts until {end}",
                           end=grace, **facts))  # fmt: skip
    elif change == "downgraded":
        yield _decided(say("{level} was kept until {day}, and that day has passed", **facts))
        if _falls_one_level(replay, name) and replay.values.get(name) != earned:
            yield _decided(say("nobody falls further than one level at once"))
    remark: Words = say("kept until {day}", day=until) if until is not None else ""
    yield Step("fact", say("level held until now"), value=held, remark=remark)


def _decided(text: Words) -> Step:
    return Step("condition", text, "true", decisive=True)


def _kept_until(replay: Replay, name: str) -> Shown | None:
    """The date that the member's record says."""
    node = _of_record(replay, f"{name}.keep_until", (DateType,))
    found = replay.shown(node) if node is not None else None
    return found if found is not None and found.held is not None else None


def _of_record(replay: Replay, bound: str, kinds: tuple[type, ...]) -> Input | None:
    """The customer's field of a type that a binding rests on."""
    binding = replay.anatomy.bindings.get(bound)
    for node in walk(binding.expr) if binding is not None else ():
        if isinstance(node, Input) and node.origin == "customer" and isinstance(node.type, kinds):
            return node
    return None


def _end_of_grace(replay: Replay, name: str) -> Shown | None:
    """The last day of grace behind the date that the record says."""
    end = _grace(replay, name)
    return None if end is None else replay.shown(end)


def _grace(replay: Replay, name: str) -> Call | None:
    """How the last day of grace is found: a date and what is added to it."""
    change = replay.anatomy.bindings[f"{name}.change"].expr
    for arm in change.arms if isinstance(change, Cases) else ():
        word = arm.value.value if isinstance(arm.value, Const) else None
        if word == "in_grace" and isinstance(arm.when, Call):
            end = arm.when.args[1]
            return end if isinstance(end, Call) else None
    return None


def _falls_one_level(replay: Replay, name: str) -> bool:
    expr = replay.anatomy.bindings[name].expr
    return any(isinstance(node, Call) and node.function == "item" for node in walk(expr))


# ---------------------------------------------------------------- what is missing


def tier_progress(replay: Replay, name: str) -> Steps:
    """The next level and what is missing to it; what keeps this one, until when, and what else."""
    level = replay.bound(name)
    if level.held is None:
        return ()
    return (*_next(replay, name), *_keeping(replay, name, level))


def _next(replay: Replay, name: str) -> Iterator[Step]:
    above = replay.bound(f"{name}.next")
    if above.held is None:
        yield Step("fact", say("there is no higher level"))
        return
    arm = _rung(replay, name, above.held)
    if arm is None:
        return
    below = _lacking(replay, name, arm)
    missing = replay.bound(f"{name}.missing")
    reached = _reached(replay, name, missing)
    text = say("to reach {level}", level=above)
    if missing.held is not None and missing.held > 0:
        remark = say("{gap} more of {figure}", gap=missing, figure=_figure(replay, name))
    else:
        remark = say("what is missing stands below")
    if not below:  # earned, and shown as soon as something known again
        remark = say("nothing is missing")
    yield Step("condition", text, replay.verdict(arm.when), remark=remark, span=arm.when.span,
               below=(*reached, *below))  # fmt: skip


def _reached(replay: Replay, name: str, missing: Shown) -> Steps:
    """How much there is, and how much it takes, where something is missing."""
    there = replay.bound(f"{name}.by")
    if there.held is None or missing.held is None or missing.held <= 0:
        return ()
    if there.type != missing.type:
        return ()
    needed = replay.showing.of(missing.type, there.held + missing.held)
    figure = _figure(replay, name)
    return (
        Step("fact", say("{figure} now", figure=figure), value=there),
        Step("fact", say("needed"), value=needed),
    )


def _rung(replay: Replay, name: str, level: str) -> Arm | None:
    """How a level is earned; None of the one that is left."""
    for arm in _rungs(replay, name).arms:
        if isinstance(arm.value, Const) and arm.value.value == level:
            return arm
    return None


def _lacking(replay: Replay, name: str, arm: Arm) -> Steps:
    """The conditions of a level that do not hold; where one of several is enough, all of them."""
    step = case(replay, _level_name(replay, name, arm.value), arm.when, decisive=False)
    asked = (step,) if step.code and not isinstance(arm.when, And) else step.below
    return tuple(_bare(each) for each in asked if each.verdict != "true")


def _bare(step: Step) -> Step:
    """A condition with the conditions below it, without the facts that stand above."""
    below = tuple(_bare(each) for each in step.below if each.verdict not in (None, "true"))
    return replace(step, below=below)


def _figure(replay: Replay, name: str) -> Words:
    """What levels are measured by."""
    binding = replay.anatomy.bindings[f"{name}.by"]
    if isinstance(binding.expr, Ref) and binding.expr.name in replay.anatomy.compiled.kinds:
        return replay.anatomy.label(binding.expr.name)
    return replay.anatomy.text(binding.span)


def _keeping(replay: Replay, name: str, level: Shown) -> Iterator[Step]:
    until = replay.bound(f"{name}.keep_until")
    if until.held is None:
        return  # the level follows what is earned from day to day
    arm = _rung(replay, name, level.held)
    if arm is None or replay.value(arm.when) is True:
        text = say("{level} is kept until {day}", level=level, day=until)
        again = say("it needs nothing") if arm is None else _again(replay, name, level, until)
        yield Step("fact", text, remark=again)
        return
    last = _last_day(replay, name, until)
    missing = replay.bound(f"{name}.keep_missing")
    below = (*_reached(replay, name, missing), *_lacking(replay, name, arm))
    remark: Words = say("what is missing stands below")
    if missing.held is not None and missing.held > 0:
        remark = say("{gap} more of {figure}", gap=missing, figure=_figure(replay, name))
    text = say("to keep {level} beyond {day}", level=level, day=last)
    yield Step("condition", text, replay.verdict(arm.when), remark=remark, below=below)
    yield Step("fact", say("otherwise {level} from {day} on",
                           level=_fallen(replay, name, level),
                           day=replay.showing.of(DATE, last.held + 1)))  # fmt: skip


def _last_day(replay: Replay, name: str, until: Shown) -> Shown:
    """The last day on which a level is shown that is not earned: the end of the grace behind the
    date that it is now kept until."""
    grace = _grace(replay, name)
    if grace is None:
        return until
    function = FUNCTIONS[grace.function].python
    end = function(until.held, *map(replay.value, grace.args[1:]))
    return replay.showing.of(DATE, end)


def _again(replay: Replay, name: str, level: Shown, until: Shown) -> Words:
    """Whether a level that is earned now will be on the day until which it is kept, if nothing is
    added: rows may have left their windows by then."""
    held = _of_record(replay, f"{name}.held", (EnumType, LevelType))
    kept = _of_record(replay, f"{name}.keep_until", (DateType,))
    pairs = ((held, level.held), (kept, until.held))
    facts = {node.name: value for node, value in pairs if node is not None}
    earned, gap = later(replay, (f"{name}.earned", f"{name}.keep_missing"), until.held, facts)
    kind = level.type
    ranks = kind.members if isinstance(kind, EnumType) else ()
    if earned is None or ranks.index(earned) >= ranks.index(level.held):
        return say("it would be earned again as things stand")
    missing = replay.showing.of(replay.bound(f"{name}.keep_missing").type, gap)
    if gap is not None and gap > 0:
        return say("if nothing is added, {gap} of {figure} will be missing on that day",
                   gap=missing, figure=_figure(replay, name))  # fmt: skip
    return say("if nothing is added, it will not be earned any more on that day")


def _fallen(replay: Replay, name: str, level: Shown) -> Shown:
    """The level that follows where this one is not kept."""
    kind = level.type
    if _falls_one_level(replay, name) and isinstance(kind, EnumType):
        rank = kind.members.index(level.held)
        return replay.showing.of(kind, kind.members[max(rank - 1, 0)])
    return replay.bound(f"{name}.earned")
