"""What the writers of explanations say themselves: kinds, statuses, headings, marks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from siyu.explain.model import Change, Changes, Explanation, Outcome, Shown, Status, Step
from siyu.explain.values import sentence
from siyu.types import DateTimeType, DateType
from siyu.words import Said, Speech, Words, say, say_n

MARKS: Mapping[Status, str] = {
    "yes": "✓", "no": "✗", "stopped": "■", "unknown": "?", "elsewhere": "·",
}  # fmt: skip

KINDS: Mapping[str, Said] = {
    "metric": say("metric"),
    "view": say("view"),
    "calendar": say("calendar"),
    "param": say("param"),
    "segment": say("segment"),
    "classify": say("classification"),
    "score": say("score"),
    "tier": say("tier"),
    "account": say("account"),
    "points": say("points rule"),
    "incentive": say("incentive"),
    "group": say("group of incentives"),
    "table": say("decision table"),
    "contact": say("contact"),
    "contact policy": say("contact policy"),
    "recommend": say("recommendation"),
    "indicator": say("indicator"),
    "ensure": say("claim"),
    "identity": say("identity"),
    "test": say("test"),
}

DECIDED: Mapping[Status, Said] = {
    "yes": say("yes"),
    "no": say("no"),
    "stopped": say("stopped"),
    "unknown": say("cannot be told"),
    "elsewhere": say("not decided here"),
}
_OWN: Mapping[tuple[str, Status], Said] = {
    ("segment", "yes"): say("in the segment"),
    ("segment", "no"): say("not in the segment"),
    ("points", "yes"): say("posted"),
    ("points", "no"): say("not posted"),
    ("points", "stopped"): say("posting stopped"),
    ("incentive", "yes"): say("given"),
    ("incentive", "no"): say("not given"),
    ("incentive", "stopped"): say("giving stopped"),
    ("contact", "yes"): say("sent"),
    ("contact", "no"): say("not sent"),
    ("contact", "stopped"): say("sending stopped"),
    ("ensure", "yes"): say("holds"),
    ("ensure", "no"): say("does not hold"),
}

WHY = say("Why")
WHY_NOT = say("Why not")
CHAIN = say("What could have stopped it")
PROGRESS = say("How far it is")
CHANGES = say("What would change it")
BOTH = say("both at once")
STOPPED = say("What stopped it")
CONDITIONS = say("Its conditions")
WAITING = say("waiting")
NOT_REACHED = say("not reached")
WOULD_STOP = say("not reached, would have stopped it too")
SOURCE = say("In the policy")


def kind_words(kind: str) -> Words:
    """What people call a kind."""
    return KINDS.get(kind, kind)


def status_words(outcome: Outcome) -> Said:
    """The badge of an outcome: `given`, `posting stopped`."""
    return _OWN.get((outcome.kind, outcome.status), DECIDED[outcome.status])


def is_figure(outcome: Outcome) -> bool:
    """Whether what came out is a value rather than yes or no, so that its headline says all."""
    return outcome.status == "yes" and (outcome.kind, "yes") not in _OWN


def mark_of(step: Step) -> str:
    """The mark of a step: what it does when it is so."""
    if step.role == "fact" or step.verdict is None or not step.reached:
        return "·"
    match step.role, step.verdict:
        case _, "unknown":
            return "?"
        case "condition", verdict:
            return "✓" if verdict == "true" else "✗"
        case "stopper", verdict:
            return "■" if verdict == "true" else "○"
        case _, verdict:
            return "▼" if verdict == "true" else "○"


def reasons(outcome: Outcome, why_not: bool) -> tuple[tuple[Said, tuple[Step, ...]], ...]:
    """The conditions and the stages of an outcome under their headings, what decided first."""
    if outcome.status == "stopped":
        return (STOPPED, outcome.chain), (CONDITIONS, outcome.steps)
    return (WHY_NOT if why_not else WHY, outcome.steps), (CHAIN, outcome.chain)


def remarks_of(step: Step) -> tuple[Words, ...]:
    """What is worth saying beside a step."""
    said: tuple[Words, ...] = (step.remark,) if step.remark else ()
    if step.reached:
        return said
    return (*said, WOULD_STOP if step.verdict == "true" else NOT_REACHED)


def called(label: str, name: str) -> str:
    """A label with its name, where they are two.

    >>> called("唤醒大额券", "wakeup"), called("wakeup", "wakeup")
    ('唤醒大额券 (wakeup)', 'wakeup')
    """
    if not name or label in ("", name):
        return label or name
    return f"{label} ({name})"


def moment(explanation: Explanation) -> Shown:
    """When it was decided."""
    instant = dt.datetime.fromisoformat(explanation.as_of)
    since = instant - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return Shown(DateTimeType(), since // dt.timedelta(microseconds=1), explanation.timezone)


def about(explanation: Explanation) -> Said:
    """Who and when."""
    if explanation.event:
        return say(
            "customer {customer}, event `{event}`, {when}",
            customer=explanation.customer,
            event=explanation.event,
            when=moment(explanation),
        )
    return say("customer {customer}, {when}", customer=explanation.customer,
               when=moment(explanation))  # fmt: skip


def quote(because: tuple[str | Shown, ...]) -> str:
    """The author's words with their values, in the author's language."""
    return sentence(because)


# ---------------------------------------------------------------- changes


def figure_of(change: Change, speech: Speech) -> tuple[str, str]:
    """The label and the name of what would change; of waiting there is no name."""
    if change.origin == "time":
        return speech.of(WAITING), ""
    return speech.of(change.label or change.fact), change.fact


def needed(change: Change) -> Words:
    """The value that it takes."""
    if change.origin == "time":
        return say("from {after}", after=change.after)
    match change.bound:
        case "at least":
            return say("{after} or more", after=change.after)
        case "at most":
            return say("{after} or less", after=change.after)
        case "exactly":
            return say("{after}", after=change.after)


def difference(change: Change, speech: Speech) -> str:
    """How much that is, with the share of the present value: `¥320.00 more (12 %)`."""
    gap = change.gap
    if gap is None or gap.held is None:
        return ""
    size = Shown(gap.type, abs(gap.held), gap.zone) if isinstance(gap.held, int) else gap
    if change.origin == "time":
        said = say("in {gap}", gap=size)
    elif _less(change):
        said = say("{gap} less", gap=size)
    else:
        said = say("{gap} more", gap=size)
    if change.share is None:
        return speech.of(said)
    return speech.of(say("{gap} ({share} %)", gap=said, share=_percent(change.share)))


def _less(change: Change) -> bool:
    before, after = change.before.held, change.after.held
    if isinstance(before, int) and isinstance(after, int):
        return after < before
    return change.bound == "at most"


def _percent(share: float) -> str:
    """
    >>> _percent(0.0123), _percent(0.5), _percent(12.0)
    ('1.2', '50', '1,200')
    """
    percent = abs(share) * 100
    return f"{percent:,.1f}".removesuffix(".0") if percent < 10 else f"{percent:,.0f}"


def ending(change: Change, speech: Speech) -> str:
    """The last day on which it works, where there is one."""
    if change.by is None:
        return ""
    day = Shown(DateType(), change.by)
    return speech.of(say("by {day}", day=day))


def were_sought(changes: Changes) -> bool:
    """Whether there was anything that could have been changed."""
    return bool(changes.found) or changes.tried > 0 or changes.hidden


def none_found(changes: Changes) -> Said:
    """That nothing alone would change it."""
    if changes.hidden:
        return say("all that could change it is personal, and is not looked at")
    return say_n(
        "no single change within {within} found (1 figure was tried)",
        "no single change within {within} found ({count} figures were tried)",
        changes.tried,
        within=changes.within,
    )


# ---------------------------------------------------------------- progress


def part_of(step: Step) -> float | None:
    """How far a figure is, from 0 to 1, where its present and its needed value stand below it."""
    facts = [fact.value for fact in step.below[:2] if fact.role == "fact"]
    held = [fact.held for fact in facts if fact is not None and not fact.hidden]
    if len(held) < 2 or any(isinstance(each, bool) or not isinstance(each, int) for each in held):
        return None
    present, aim = held
    return min(1.0, max(0.0, present / aim)) if aim > 0 else None
