"""Who was preferred, and by which keys: the groups of incentives, and arbitration of contacts."""

from __future__ import annotations

from typing import Any

from siyu.core.contest import Entrant, chosen
from siyu.core.ir import Call, Candidate, Cases, Const, Contest, Expr, Ref
from siyu.explain.anatomy import Stop
from siyu.explain.model import Shown, Step
from siyu.explain.replay import Replay, verdict_of
from siyu.words import Said, Words, say


def preferred_stage(replay: Replay, name: str, stop: Stop) -> Step | None:
    """Whether others were preferred; of a rule that takes no part, whether they would be."""
    word = "wins" if stop.by == "group" else "chosen"
    binding = replay.anatomy.bindings.get(f"{name}.{word}")
    found = _contest(replay, binding.expr) if binding is not None else None
    if found is None:
        return None
    contest, place, called = found
    won = _winners(replay, contest, place)
    lost = not won[place]
    text = _said(lost, replay.anatomy.label(called.removesuffix(".contest")), stop.by == "group")
    below = []
    for number, candidate in enumerate(contest.candidates):
        if won[number] or number == place:
            below.append(_entrant(replay, candidate, won=won[number]))
    how = replay.anatomy.text(contest.span)
    return Step("stopper", text, verdict_of(lost), remark=how, code=stop.code, span=contest.span,
                below=tuple(below))  # fmt: skip


def _said(lost: bool, group: str, in_group: bool) -> Words:
    if in_group:
        return (
            say("another one of {group} is preferred", group=group)
            if lost
            else say("nothing else of {group} is preferred", group=group)
        )
    return say("another contact is preferred") if lost else say("no other contact is preferred")


def _entrant(replay: Replay, candidate: Candidate, won: bool) -> Step:
    keys = tuple(_key(replay, key) for key in candidate.keys)
    remark = say("ranked by {keys}", keys=keys) if keys else ""
    name = replay.anatomy.label(candidate.name)
    text = say("{name} is chosen", name=name) if won else say("{name} is not chosen", name=name)
    return Step("fact", text, remark=remark)


def _key(replay: Replay, key: Expr) -> Shown | Said:
    """What somebody is ranked by: nothing where the rule says none, such as no `priority`."""
    if isinstance(key, Const) and key.value is None:
        return say("nothing")
    return replay.shown(key)


def _contest(replay: Replay, expr: Expr) -> tuple[Contest, int, str] | None:
    """The contest that an expression asks for its winner, the place in it, and its binding."""
    while isinstance(expr, Cases):
        taken = [arm.value for arm in expr.arms if replay.value(arm.when) is True]
        expr = taken[0] if taken else expr.otherwise
    if not (isinstance(expr, Call) and expr.function == "item"):
        return None
    ref, place = expr.args
    if not (isinstance(ref, Ref) and isinstance(place, Const) and isinstance(place.value, int)):
        return None
    contest = replay.anatomy.bindings[ref.name].expr
    return (contest, place.value, ref.name) if isinstance(contest, Contest) else None


def _winners(replay: Replay, contest: Contest, place: int) -> tuple[bool, ...]:
    """Who is chosen where the candidate at a place takes part too."""
    entrants = []
    for number, candidate in enumerate(contest.candidates):
        if number == place or replay.value(candidate.eligible) is True:
            keys: tuple[Any, ...] = tuple(map(replay.value, candidate.keys))
            uses = tuple(use.room for use in candidate.uses if replay.value(use.when) is True)
            entrants.append(Entrant(number, candidate.name, keys, uses))
    rooms = tuple(map(replay.value, contest.rooms))
    size = len(contest.candidates)
    return chosen(size, entrants, contest.descending, rooms, contest.take)
