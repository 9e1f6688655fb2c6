"""Limits: how often something was, how often it may be, and when it may be again."""

from __future__ import annotations

from siyu.core.ir import Aggregate, Call, Coalesce, Expr, Ref
from siyu.core.walk import walk
from siyu.explain.anatomy import Stop
from siyu.explain.facts import facts
from siyu.explain.model import Step
from siyu.explain.replay import Replay, verdict_of
from siyu.words import Words, say


def limit_stage(replay: Replay, stop: Stop) -> Step | None:
    """A limit with its count and its maximum, and the rows that count."""
    holds = stop.holds
    expr = replay.anatomy.bindings[holds.name].expr if isinstance(holds, Ref) else holds
    node = next((node for node in walk(expr) if node.code == stop.code), None)
    if not isinstance(node, Call):
        return None
    count, most = node.args
    remark: Words = say("{count} of at most {most}", count=replay.shown(count),
                        most=replay.shown(most))  # fmt: skip
    text = replay.anatomy.text(node.span) or stop.code
    below = facts(replay, count)
    return Step("stopper", text, verdict_of(replay.value(holds)), remark=remark, code=stop.code,
                span=node.span, below=below)  # fmt: skip


def counted_in(replay: Replay, count: Expr) -> Aggregate | None:
    """The aggregate behind a count."""
    while True:
        match count:
            case Aggregate():
                return count
            case Ref():
                count = replay.anatomy.bindings[count.name].expr
            case Coalesce():
                count = count.value
            case _:
                return None
