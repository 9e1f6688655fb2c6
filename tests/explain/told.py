"""An explanation as plain lines, and its steps one by one: apart from how writers show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from siyu.explain import Explanation, Outcome, Step
from siyu.explain.values import sentence
from siyu.words import ENGLISH, Speech

MARKS = {"true": "✓", "false": "✗", "unknown": "?", None: "·"}


def told(explanation: Explanation, speech: Speech = ENGLISH) -> str:
    """Everything an explanation says. `*` stands before what decided, `~` before what was not
    asked any more, the role behind a mark where it is no condition and no fact."""
    return "\n".join(line for outcome in explanation.outcomes for line in _outcome(outcome, speech))


def _outcome(outcome: Outcome, speech: Speech) -> Iterator[str]:
    yield f"{outcome.kind} {outcome.label} [{outcome.name}] {outcome.status}"
    yield f"  {speech.of(outcome.headline)}"
    for words in outcome.because:
        yield f"  “{sentence(words)}”"
    for title in ("steps", "chain", "progress"):
        steps: tuple[Step, ...] = getattr(outcome, title)
        if steps:
            yield f"  {title}"
        for step in steps:
            yield from _step(step, speech, "    ")
    yield ""


def _step(step: Step, speech: Speech, margin: str) -> Iterator[str]:
    sign = "*" if step.decisive else " " if step.reached else "~"
    role = f"{step.role} " if step.role in ("stopper", "cap") else ""
    said = f"{margin}{sign}{MARKS[step.verdict]} {role}{speech.of(step.text)}"
    if step.value is not None:
        said += f" = {step.value.spoken(speech)}"
    if step.remark:
        said += f" ({speech.of(step.remark)})"
    if step.code:
        said += f"  [{step.code}]"
    yield said
    for below in step.below:
        yield from _step(below, speech, margin + "  ")


def steps_of(steps: Iterable[Step]) -> Iterator[Step]:
    """Steps and all below them."""
    for step in steps:
        yield step
        yield from steps_of(step.below)


def all_steps(outcome: Outcome) -> Iterator[Step]:
    """Every step of an outcome."""
    yield from steps_of((*outcome.steps, *outcome.chain, *outcome.progress))
