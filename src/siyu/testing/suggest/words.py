"""What suggested tests are called, and what is asked of the person who reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from siyu.testing.coverage.model import Aim, Goal
from siyu.testing.coverage.words import of_goal
from siyu.words import Speech, say

MOST_NAMED = 6
LONGEST = 48
RULE_AIMS = ("fired", "not_fired", "cannot_tell", "outcome", "stopped")
TELLING: tuple[Aim, ...] = (
    "stopped", "outcome", "fired", "decides_true", "decides_false", "unknown", "true", "false",
    "cannot_tell", "not_fired",
)  # fmt: skip
Texts = Mapping[str, str]


def by_telling(goals: Iterable[Goal]) -> list[Goal]:
    """The goals, those first that say most about a test."""
    return sorted(goals, key=lambda goal: TELLING.index(goal.aim))


def title_of(goal: Goal, label: str, texts: Texts, speech: Speech) -> str:
    """A title, from one thing that the test is there for. `texts` are conditions as written, by
    code."""
    colon = "：" if speech.tongue == "zh" else ": "
    said = f"{label or goal.rule}{colon}{_what(goal, texts, speech)}"
    return said.replace("`", "").replace('"', "'")


def comment_of(goals: Sequence[Goal], texts: Texts, speech: Speech) -> str:
    """The comment above a test: what to do with it, and what it shows that no other test shows."""
    alone = {goal.code for goal in goals if goal.aim in ("decides_true", "decides_false")}
    goals = [g for g in goals if g.aim not in ("true", "false") or g.code not in alone]
    named = [_what(goal, texts, speech) for goal in goals[:MOST_NAMED]]
    shown = ("；" if speech.tongue == "zh" else "; ").join(named)
    more = len(goals) - len(named)
    said = (
        say("It shows: {shown}; and {more} more", shown=shown, more=more)
        if more
        else say("It shows: {shown}", shown=shown)
    )
    ask = say("Confirm that this is what you mean, then delete these lines.")
    return "".join(f"# {speech.of(line)}\n" for line in (ask, said))


def _what(goal: Goal, texts: Texts, speech: Speech) -> str:
    told = speech.of(of_goal(goal))
    if goal.aim in RULE_AIMS:
        return told
    text = _condition(goal.code, texts)
    return speech.of(say("{condition} is {verdict}", condition=text, verdict=told))


def _condition(code: str, texts: Texts) -> str:
    """A condition as written; of a table its place, since cells say little alone."""
    text = texts.get(code, "")
    row = code.rpartition(".row.")[2] if ".row." in code else ""
    if not text or row.isdigit():
        return code
    if len(text) > LONGEST:
        text = f"{text[:LONGEST].rstrip()}…"
    return f"{code} ({text})" if row else text
