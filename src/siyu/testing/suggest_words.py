"""What suggested tests are called, and what is asked of the person who reads them."""

from __future__ import annotations

from collections.abc import Sequence

from siyu.testing.coverage_model import Goal
from siyu.testing.coverage_words import of_goal
from siyu.words import Speech, say

MOST_NAMED = 6


def title_of(goal: Goal, label: str, speech: Speech) -> str:
    """A title, from the first thing that the test is there for."""
    name = label or goal.rule
    told = speech.of(of_goal(goal)).replace("`", "")
    if goal.aim in ("true", "false", "unknown", "decides_true", "decides_false"):
        said = say("{label}: {code} {what}", label=name, code=goal.code, what=told)
    else:
        said = say("{label}: {what}", label=name, what=told)
    return speech.of(said).replace('"', "")


def comment_of(goals: Sequence[Goal], speech: Speech) -> str:
    """The comment above a test: what to do with it, and what it shows."""
    named = [
        f"{speech.of(of_goal(goal))}".replace("`", "")
        if goal.aim in ("fired", "not_fired", "cannot_tell", "outcome", "stopped")
        else f"{goal.code} {speech.of(of_goal(goal))}"
        for goal in goals[:MOST_NAMED]
    ]
    between = "；" if speech.tongue == "zh" else "; "
    lines = [speech.of(say("Confirm that this is what you mean, then delete these lines."))]
    more = len(goals) - len(named)
    shown = between.join(named)
    said = (
        say("It shows: {shown}", shown=shown)
        if not more
        else say("It shows: {shown}; and {more} more", shown=shown, more=more)
    )
    lines.append(speech.of(said))
    return "".join(f"# {line}\n" for line in lines)
