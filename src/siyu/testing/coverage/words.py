"""What coverage is called where people read of it."""

from __future__ import annotations

from collections.abc import Mapping

from siyu.testing.coverage.model import Aim, Goal, Shown
from siyu.words import Said, Words, say

OF_CONDITION: dict[Aim, Said] = {
    "true": say("true"),
    "false": say("false"),
    "unknown": say("unknown"),
    "decides_true": say("true, and decides alone"),
    "decides_false": say("false, and decides alone"),
}
HEADS: dict[Aim, Said] = {
    "true": say("true"),
    "false": say("false"),
    "unknown": say("unknown"),
    "decides_true": say("alone, true"),
    "decides_false": say("alone, false"),
}
STOPPED_BY: dict[str, Said] = {
    "unless": say("stopped by its `unless` ({code})"),
    "never": say("stopped by a `never` rule ({code})"),
    "consent": say("stopped for want of consent ({code})"),
    "limit": say("stopped by a limit ({code})"),
    "cap": say("stopped by a cap ({code})"),
    "posted": say("stopped because the event has been posted before ({code})"),
    "group": say("stopped by its group ({code})"),
    "holdout": say("stopped by the hold-out ({code})"),
    "budget": say("stopped by the budget ({code})"),
    "quota": say("stopped by a quota ({code})"),
    "arbitration": say("stopped by arbitration ({code})"),
    "discard": say("stopped because it would come too late ({code})"),
}


def of_goal(goal: Goal) -> Words:
    """What a goal of a rule asks for."""
    match goal.aim:
        case "fired":
            return say("fires")
        case "not_fired":
            return say("does not fire")
        case "cannot_tell":
            return say("is unknown")
        case "outcome":
            return say("gives `{outcome}`", outcome=goal.code.removeprefix(f"{goal.rule}."))
        case "stopped":
            by, _, code = goal.code.partition(" ")
            return Said(STOPPED_BY[by].template, (("code", code),))
        case _:
            return OF_CONDITION[goal.aim]


def progress(shown: int, counted: int, percent: float) -> Words:
    """How much of what there is to show has been shown."""
    return say("{shown} of {counted} shown, {percent} %", shown=shown, counted=counted,
               percent=plain_percent(percent))  # fmt: skip


def plain_percent(percent: float) -> str:
    """A percentage without a point that says nothing.

    >>> plain_percent(100.0), plain_percent(33.3)
    ('100', '33.3')
    """
    return f"{percent:.1f}".removesuffix(".0")


def by_aim(shown: tuple[Shown, ...]) -> Mapping[Aim, Shown]:
    """What is shown of one condition, by what is asked for."""
    return {each.goal.aim: each for each in shown}
