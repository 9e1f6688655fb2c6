"""What could have stopped a rule, stage by stage, in the order in which it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from siyu.core.ir import And, Call, Expr, Known, Ref
from siyu.core.walk import walk
from siyu.explain.anatomy import Stop
from siyu.explain.conditions import condition, under
from siyu.explain.contests import preferred_stage
from siyu.explain.facts import facts
from siyu.explain.hours import hours_stage, open_stage
from siyu.explain.limits import limit_stage
from siyu.explain.model import Step
from siyu.explain.replay import Replay, verdict_of
from siyu.text import NOWHERE, Span
from siyu.types import INT
from siyu.words import Words, say

Stage = Callable[[Replay, str, Stop], Step | None]
LATE = ("discard", "arbitration")  # hours are told before these


def stages(replay: Replay, name: str, kind: str) -> Iterator[Step]:
    """Every stage, and whether it stops, or would where the rule does not come so far."""
    hours = hours_stage(replay, name) if kind == "contact" else None
    channels = replay.anatomy.channel_limits(name)
    for stop in replay.anatomy.stops(name):
        if stop.code in channels and _holds(replay, stop) is not True:
            continue  # told with its channel
        if hours is not None and stop.by in LATE:
            yield hours
            hours = None
        step = STAGES[stop.by](replay, name, stop)
        if step is not None:
            yield step


def _holds(replay: Replay, stop: Stop) -> bool | None:
    value: bool | None = replay.value(stop.holds)
    return value


def _step(
    replay: Replay,
    stop: Stop,
    text: Words,
    remark: Words = "",
    below: tuple[Step, ...] = (),
    span: Span = NOWHERE,
) -> Step:
    verdict = verdict_of(_holds(replay, stop))
    return Step("stopper", text, verdict, remark=remark, code=stop.code, span=span, below=below)


def _node(replay: Replay, name: str, stop: Stop) -> Expr | None:
    """The coded condition behind a stop."""
    return replay.anatomy.coded(name).get(stop.code)


# ---------------------------------------------------------------- conditions that forbid


def _unless(replay: Replay, name: str, stop: Stop) -> Step | None:
    node = _node(replay, name, stop)
    return None if node is None else condition(replay, replay.anatomy.clause(node), role="stopper")


def _never(replay: Replay, name: str, stop: Stop) -> Step | None:
    if ".open." in stop.code:
        return open_stage(replay, name, stop)
    node = _node(replay, name, stop)
    if node is None:
        return None
    clause = replay.anatomy.clause(node)
    owner = replay.anatomy.label(stop.code.rpartition(".never.")[0])
    return replace(
        _step(replay, stop, say("never when {condition}", condition=clause.text),
              say("of {policy}", policy=owner), span=node.span),
        below=under(replay, clause, False),
    )  # fmt: skip


def _posted(replay: Replay, name: str, stop: Stop) -> Step | None:
    text = say("it was posted for this event before")
    if _holds(replay, stop) is not True:
        text = say("not posted for this event before")
    expr = stop.holds
    if isinstance(expr, Ref):
        expr = replay.anatomy.bindings[expr.name].expr
    return _step(replay, stop, text, below=facts(replay, expr))


def _cap(replay: Replay, name: str, stop: Stop) -> Step | None:
    room = replay.anatomy.bindings.get(f"{stop.code}.room")
    if room is None:
        return None
    cap = replay.anatomy.text(room.span)
    text = say("`{cap}` leaves room", cap=cap)
    if _holds(replay, stop) is True:
        text = say("`{cap}` leaves no room", cap=cap)
    return _step(replay, stop, text, room_left(replay, name, room.name), span=room.span)


def room_left(replay: Replay, name: str, room: str) -> Words:
    """How much a cap still allows: points, money, or the whole units of a rule that redeems."""
    left = replay.bound(room)
    if f"{name}.units" in replay.anatomy.bindings:
        return say("room for {room} whole units", room=left)
    return say("room for {room}", room=left)


# ---------------------------------------------------------------- channels and hours


def _consent(replay: Replay, name: str, stop: Stop) -> Step | None:
    picked = replay.values.get(f"{name}.picked")
    text = say("no channel is open and consented to")
    if picked is not None:
        text = say("a channel is open and consented to")
    channels = []
    number = 1
    while f"{name}.via.{number}" in replay.anatomy.bindings:
        channels.append(_channel(replay, name, number))
        number += 1
    remark: Words = ""
    if picked is not None:
        remark = say("through {channel}", channel=replay.channel(picked))
    return _step(replay, stop, text, remark, tuple(channels))


def _channel(replay: Replay, name: str, number: int) -> Step:
    """A channel: its own condition, the consent, and its limits."""
    anatomy, code = replay.anatomy, f"{name}.via.{number}"
    binding = anatomy.bindings[code]
    found = anatomy.clauses(binding.expr)
    text = anatomy.text(found[-1].node.span) if found else code
    open_ = replay.values.get(code)
    full = False
    below = []
    for clause in found:
        if clause.code.endswith(".consent"):
            below.append(condition(replay, clause, text=say("consent to {channel}", channel=text)))
        else:
            below.append(condition(replay, clause))
    limit = 1
    while (reached := anatomy.bindings.get(f"{code}.limit.{limit}")) is not None:
        stop = Stop("limit", _first_code(reached.expr), Ref(reached.name, reached.type))
        step = limit_stage(replay, name, stop)
        if step is not None:
            below.append(step)
        full = full or replay.values.get(reached.name) is True
        limit += 1
    return Step("condition", text, verdict_of(open_ is True and not full), below=tuple(below))


def _first_code(expr: Expr) -> str:
    return next((node.code for node in walk(expr) if node.code), "")


def _discard(replay: Replay, name: str, stop: Stop) -> Step | None:
    node = _node(replay, name, stop)
    if not isinstance(node, Call):
        return None
    remark = say("not before {moment}, discarded after {latest}",
                 moment=replay.shown(node.args[0]), latest=replay.shown(node.args[1]))  # fmt: skip
    return _step(replay, stop, replay.anatomy.text(node.span), remark, span=node.span)


# ---------------------------------------------------------------- chance and allocations


def _holdout(replay: Replay, name: str, stop: Stop) -> Step | None:
    node = _node(replay, name, stop)
    if not isinstance(node, Call):
        return None  # the rule holds nobody out
    bucket, threshold = node.args
    remark = say("bucket {bucket} of {all}; below {threshold} is held out",
                 bucket=replay.shown(bucket), threshold=replay.shown(threshold),
                 all=replay.showing.of(INT, 10_000))  # fmt: skip
    return _step(replay, stop, replay.anatomy.text(node.span), remark, span=node.span)


def _allotted(replay: Replay, name: str, stop: Stop) -> Step | None:
    """A budget or a quota: whether an allocation is there, and what it says."""
    binding = replay.anatomy.bindings[stop.holds.name] if isinstance(stop.holds, Ref) else None
    if binding is None:
        return None
    inside = next(
        (n for n in walk(binding.expr) if isinstance(n, Call) and n.function == "admitted"), None
    )
    text = replay.anatomy.text(binding.span) or stop.code
    concerned, applied = _applies(replay, binding.expr)
    if not concerned:
        return _step(replay, stop, text, say("it does not concern this one"))
    if not applied:
        return _step(replay, stop, text, say("no allocation is there, so it does not bind yet"))
    out = _holds(replay, stop) is True
    remark = say("ranked behind where the allocation ends") if out else say("within the allocation")
    below = facts(replay, inside.args[3]) if inside is not None else ()
    return _step(replay, stop, text, remark, below, binding.span)


def _applies(replay: Replay, refused: Expr) -> tuple[bool, bool]:
    """Whether a quota concerns the contact, and whether there is an allocation for its period.

    What refuses is: it concerns, there are cuts, they are of this period, and do not admit."""
    items = refused.items if isinstance(refused, And) else (refused,)
    concerned = applied = True
    for item in items:
        asked = {node.function for node in walk(item) if isinstance(node, Call)}
        if "admitted" in asked or replay.value(item) is True:
            continue
        if isinstance(item, Known) or "period_key" in asked:
            applied = False
        else:
            concerned = False
    return concerned, applied


STAGES: Mapping[str, Stage] = {
    "unless": _unless,
    "never": _never,
    "consent": _consent,
    "limit": limit_stage,
    "cap": _cap,
    "posted": _posted,
    "group": preferred_stage,
    "holdout": _holdout,
    "budget": _allotted,
    "quota": _allotted,
    "arbitration": preferred_stage,
    "discard": _discard,
}
