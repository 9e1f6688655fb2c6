"""From a trace to an explanation: which outcomes, how they stand, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from siyu.core.ir import Const, Expr, Ref
from siyu.evaluators.reference import Trace
from siyu.explain.anatomy import RULES, Anatomy
from siyu.explain.figures import figure_steps
from siyu.explain.headlines import headline, status_of
from siyu.explain.model import Explanation, Outcome, Question, Shown, Step
from siyu.explain.names import Asked, asked_for
from siyu.explain.parts import known_part, part_outcome
from siyu.explain.replay import Replay
from siyu.explain.rewards import expiring, points_progress, rules_into
from siyu.explain.rules import rule_chain, rule_steps
from siyu.explain.shown import Showing
from siyu.explain.tiers import tier_progress, tier_steps
from siyu.explain.values import MASK
from siyu.records import Read
from siyu.words import Words

SECTIONS = (
    "tiers", "incentives", "points", "contacts", "stopped", "classes", "segments", "scores",
    "tables", "claims",
)  # fmt: skip


def explain(
    anatomy: Anatomy,
    read: Read,
    values: Mapping[str, Any],
    trace: Trace,
    decision: Mapping[str, Any],
    what: str | None = None,
    question: Question = "why",
    show_pii: bool = False,
) -> Explanation:
    """Why the decision is what it is: everything, or one declaration by its name or label; or why
    it is not something else.

    `values` and `trace` are those of the reference evaluator on the same program and facts, and
    `decision` is the document. Raises NoSuchOutcome for a name that nothing has.
    """
    showing = Showing(anatomy, show_pii)
    given = frozenset(name for name, _ in read.facts.given)
    replay = Replay(anatomy, showing, read, values, trace, decision, given)
    replay.behind = None if what is None else behind
    program, compiled = anatomy.program, anatomy.compiled
    asked = names(replay)
    if what is not None:
        asked = (known_part(anatomy, asked_for(what, compiled)),)
    return Explanation(
        question,
        program.name,
        compiled.label or program.name,
        MASK if showing.hides_key else read.key,
        decision["as_of"],
        read.event,
        program.timezone,
        tuple(outcome(replay, each, question) for each in asked),
        compiled.sources,
    )


def names(replay: Replay) -> tuple[Asked, ...]:
    """What the decision decided, outcomes first, facts last; metrics where that is all."""
    found: dict[str, None] = {}
    for section in SECTIONS:
        there = replay.decision[section]
        if isinstance(there, list):
            found.update((item["rule"], None) for item in there)
        else:
            found.update((name, None) for name in there)
    if not found:
        found.update((name, None) for name in replay.decision["metrics"])
    return tuple(Asked(name) for name in found if name in replay.anatomy.compiled.kinds)


def outcome(replay: Replay, asked: Asked, question: Question) -> Outcome:
    """What was decided about a declaration, and why."""
    if question == "why_not":
        part = part_outcome(replay, asked)
        if part is not None:
            return part
    name = asked.name
    kind = replay.anatomy.compiled.kinds[name]
    label = replay.anatomy.compiled.labels[name]
    replay.told.add(name)
    status = status_of(replay, name, kind)
    said = headline(replay, name, kind)
    words = tuple(_because(replay, name))
    if kind in RULES:
        steps = rule_steps(replay, name, kind)
        chain = rule_chain(replay, name, kind, question == "why_not")
        progress = points_progress(replay, name) if kind == "points" else ()
        return Outcome(name, kind, label, status, said, words, steps, chain, progress)
    if kind == "account":
        lots = expiring(replay, rules_into(replay, name))
        return Outcome(name, kind, label, status, said, words, progress=lots)
    if kind == "tier":
        return Outcome(name, kind, label, status, said, words, tier_steps(replay, name),
                       progress=tier_progress(replay, name))  # fmt: skip
    return Outcome(name, kind, label, status, said, words, figure_steps(replay, name, kind))


def behind(replay: Replay, name: str) -> tuple[Words, tuple[Step, ...]]:
    """How a figure or a rule stands that another one rests on, and what decided it."""
    kind = replay.anatomy.compiled.kinds[name]
    if kind in RULES:
        steps = rule_steps(replay, name, kind)
        chain = rule_chain(replay, name, kind, whole=False)
        remark = headline(replay, name, kind)
        return remark, tuple(step for step in (*chain, *steps) if step.decisive)
    steps = tier_steps(replay, name) if kind == "tier" else figure_steps(replay, name, kind)
    return "", tuple(step for step in steps if step.decisive)


# ---------------------------------------------------------------- the author's words


def _because(replay: Replay, name: str) -> Iterator[tuple[str | Shown, ...]]:
    """The words of the rule, or of the case or line that fired."""
    for code, pieces in replay.anatomy.because.get(name, ()):
        own = code == name and replay.values.get(name) not in (False, None)
        if own or (code != name and _fired(replay, name, code)):
            yield tuple(p if isinstance(p, str) else _piece(replay, p) for p in pieces)


def _fired(replay: Replay, name: str, code: str) -> bool:
    if f"{code}.fired" in replay.values:
        return replay.values[f"{code}.fired"] is True
    return bool(replay.values.get(name) == code.removeprefix(f"{name}."))


def _piece(replay: Replay, piece: Expr) -> Shown:
    if isinstance(piece, Ref) and piece.name in replay.values:
        return replay.showing.value(piece, replay.values[piece.name])
    return replay.showing.value(piece, piece.value if isinstance(piece, Const) else None)
