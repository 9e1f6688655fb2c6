"""Conditions as steps: each with its verdict, what decided first, what it rests on below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeGuard

from siyu.core.ir import Aggregate, Call, Column, Expr, Not
from siyu.core.walk import parts, walk
from siyu.evaluators.reference import Counted
from siyu.explain.anatomy import Clause
from siyu.explain.facts import facts, row_steps
from siyu.explain.model import Role, Step
from siyu.explain.replay import Replay
from siyu.words import Words, say, say_n


def joined(replay: Replay, root: Expr, decisive: bool = True) -> tuple[Step, ...]:
    """The conditions that an expression joins; those that made its value come first."""
    found = replay.anatomy.clauses(root)
    if not found:
        return ()
    made = replay.value(root)
    values = [_counted_as(replay, clause) for clause in found]
    # A default settles what is unknown: then the unknown ones decided.
    wanted = made if made in values else None
    order = sorted(range(len(found)), key=lambda place: values[place] is not wanted)
    return tuple(
        condition(replay, found[place], decisive and values[place] is wanted) for place in order
    )


def _counted_as(replay: Replay, clause: Clause) -> bool | None:
    value: bool | None = replay.value(clause.node)
    return value if value is None or not clause.against else not value


def condition(
    replay: Replay,
    clause: Clause,
    decisive: bool = False,
    text: Words = "",
    remark: Words = "",
    role: Role = "condition",
) -> Step:
    """One condition, with the conditions or the values under it."""
    if clause.clause == "unless":
        role = "stopper"
        text = text or say("unless {condition}", condition=clause.text)
    elif clause.clause == "lifetime":
        text = text or say("for life: {condition}", condition=clause.text)
    return Step(
        role,
        text or clause.text,
        replay.verdict(clause.node),
        remark=remark,
        code=clause.code,
        span=clause.node.span,
        decisive=decisive,
        below=under(replay, clause, decisive),
    )


def under(replay: Replay, clause: Clause, decisive: bool) -> tuple[Step, ...]:
    """What a condition rests on."""
    if not clause.parts:
        if clause.code.endswith(".consent"):
            return consents(replay, clause.node)
        return facts(replay, clause.node)
    made = replay.value(clause.node)
    wanted = made if made is None or not clause.turned else not made
    ranked = sorted(clause.parts, key=lambda part: replay.value(part.node) is not wanted)
    return tuple(
        condition(replay, part, decisive and replay.value(part.node) is wanted) for part in ranked
    )


def consents(replay: Replay, root: Expr) -> tuple[Step, ...]:
    """Which rows grant and which refuse: those that refuse stand in a negation."""
    found: list[Step] = []
    table = ""
    asked: Aggregate | None = None
    waiting = [(root, True)]
    while waiting:
        node, grants = waiting.pop()
        if isinstance(node, Aggregate):
            table = node.rows.table
            asked = node if grants else asked
            rows = replay.trace.rows(node)
            if rows:
                text = _granted(len(rows), table) if grants else _refused(len(rows), table)
                found.append(Step("fact", text, below=row_steps(replay, node, rows)))
            continue
        inner = not grants if isinstance(node, Not) else grants
        waiting.extend((part, inner) for part in reversed(parts(node)))
    if not found and asked is not None:
        found += _idle(replay, asked)
    return tuple(found) or (Step("fact", say("no row of {table} is about it", table=table)),)


def _idle(replay: Replay, asked: Aggregate) -> Iterator[Step]:
    """The rows of the channel that neither grant nor refuse: they have expired, have no basis, or
    speak of another purpose."""
    table = asked.rows.table
    channel = next((n.args[1] for n in walk(*parts(asked)) if _names_channel(n)), None)
    rows = tuple(
        Counted(place, dict(row)) for place, row in enumerate(replay.rows_of(table))
        if channel is not None and row.get("channel") == replay.value(channel)
    )  # fmt: skip
    if rows:
        text = say_n("1 row of {table} is about this channel, and grants nothing now",
                     "{count} rows of {table} are about this channel, and grant nothing now",
                     len(rows), table=table)  # fmt: skip
        yield Step("fact", text, below=row_steps(replay, asked, rows))


def _names_channel(node: Expr) -> TypeGuard[Call]:
    return (
        isinstance(node, Call)
        and node.function == "eq"
        and isinstance(node.args[0], Column)
        and node.args[0].name == "channel"
    )


def _granted(count: int, table: str) -> Words:
    return say_n("1 row of {table} grants it", "{count} rows of {table} grant it", count,
                 table=table)  # fmt: skip


def _refused(count: int, table: str) -> Words:
    return say_n("1 row of {table} refuses it", "{count} rows of {table} refuse it", count,
                 table=table)  # fmt: skip


def decided_first(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Steps with those that decided in front, otherwise in their order."""
    return tuple(sorted(steps, key=lambda step: not step.decisive))


def undecided(step: Step) -> Step:
    """A step that did not decide, with all below it."""
    below = tuple(undecided(each) for each in step.below)
    return replace(step, decisive=False, below=below)
