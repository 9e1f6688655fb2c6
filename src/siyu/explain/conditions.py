"""Conditions as steps: each with its verdict, what decided first, what it rests on below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from siyu.core.ir import Aggregate, Expr, Not
from siyu.core.walk import parts
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
    waiting = [(root, True)]
    while waiting:
        node, grants = waiting.pop()
        if isinstance(node, Aggregate):
            table = node.rows.table
            rows = replay.trace.rows(node)
            if rows:
                text = _granted(len(rows), table) if grants else _refused(len(rows), table)
                found.append(Step("fact", text, below=row_steps(replay, node, rows)))
            continue
        inner = not grants if isinstance(node, Not) else grants
        waiting.extend((part, inner) for part in reversed(parts(node)))
    return tuple(found) or (Step("fact", say("no row of {table} is about it", table=table)),)


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
