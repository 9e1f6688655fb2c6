"""The quotas of contact policies: what a sender can still send, and who wants a part of it."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.core.ir import Arm, Call, Cases, Expr, Ref
from siyu.kinds.allotted import (
    APPLIED,
    NOBODY,
    Allotment,
    Place,
    Used,
    allotment,
    keep_allotment,
    keep_want,
    log_called,
    place_in,
    sender_of,
)
from siyu.kinds.house import House, houses
from siyu.kinds.kind import clauses, old_name
from siyu.kinds.rule import column_in, in_log, in_time, whole_number
from siyu.semantics import make
from siyu.semantics.build import Build, Scope
from siyu.syntax import ast
from siyu.types import BOOL, INT, TEXT


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota as it binds one contact. `code` is what stops are called by, `kept` what allocations
    know it by: the oldest names."""

    code: str
    kept: str
    rule: str
    node: ast.Quota
    house: House
    allotment: Allotment


def quotas_of(rule: str, channel: Ref, build: Build) -> tuple[Quota, ...]:
    """All quotas, as they bind the contact that logs know as `rule` and that goes through the
    channel, in the order in which they are asked."""
    found = []
    for house, n, node in _written(build):
        whole_number(node.count, house.scope, "quota")
        kept = _kept(house, n)
        made = allotment(kept, rule, node.window, node.by, node.same, house.scope)
        concerns = make.all_of(house.binds, through(node.channel, channel))
        applied = make.all_of(concerns, made.applied)
        refused = make.all_of(concerns, made.refused)
        bound = Allotment(applied, refused, concerns)
        found.append(Quota(f"{house.declared.name}.quota.{n}", kept, rule, node, house, bound))
    return tuple(found)


def _written(build: Build) -> list[tuple[House, int, ast.Quota]]:
    return [
        (house, n, node)
        for house in houses(build)
        for n, node in enumerate(clauses(house.node, ast.Quota), 1)
    ]


def _kept(house: House, n: int) -> str:
    return f"{old_name(house.node, house.declared.name)}.quota.{n}"


def through(channel: ast.Ident | None, picked: Ref) -> Expr:
    """Whether a contact goes through a channel; any will do where none is named."""
    if channel is None:
        return make.true
    same = Call("eq", (picked, make.const(channel.text, TEXT)), BOOL)
    return make.otherwise(same, make.false)


def quota_says(quotas: tuple[Quota, ...]) -> Expr:
    """ "not applied" if any quota that concerns it has no allocation; null if none does."""
    says = {word: make.const(word, APPLIED) for word in ("applied", "not applied")}
    bound = [quota.allotment for quota in quotas]
    open_ = [make.all_of(each.concerns, make.not_(each.applied)) for each in bound]
    some = [each.concerns for each in bound]
    arms = (
        Arm(make.any_of(*open_), says["not applied"]),
        Arm(make.any_of(*some), says["applied"]),
    )
    return Cases(arms, make.unknown(APPLIED), "skip", APPLIED)


# ---------------------------------------------------------------- in a run over everyone


def keep_wants(quota: Quota, wants: Expr) -> None:
    """Keeps for runs who wants the contact, each in the place that the quota gives."""
    scope, node = quota.house.scope, quota.node
    keep_want(quota.kept, quota.rule, wants, None, _place(quota.rule, node, scope), scope)


def _place(rule: str, node: ast.Quota, scope: Scope) -> Place:
    return place_in(rule, node.by, node.same, scope)


def keep_quotas(build: Build) -> None:
    """Keeps for runs what each quota holds, and what was sent of it. Every contact of the log
    counts, as it does in the policy's limits; it counts for the sender whom the customer has
    today."""
    for house, n, node in _written(build):
        code, scope = _kept(house, n), house.scope
        if code in build.aside.allotments:
            continue
        limit = whole_number(node.count, scope, "quota")
        keep_allotment(code, "quota", limit, node.window, _used(node, scope), scope, node.span)


def _used(node: ast.Quota, scope: Scope) -> Used | None:
    columns = ("contact", "channel") if node.channel is not None else ("contact",)
    log = log_called("contact log", columns, scope)
    if log is None or node.window.unit in ("run", "posting"):
        return None

    def rows(row: Scope) -> tuple[Expr, ...]:
        found = [in_time(node.window, log, row, node.span)]
        if node.channel is not None:
            found.append(column_in("channel", frozenset({node.channel.text}), row))
        return tuple(found)

    count = in_log("count", log, None, rows, scope, node.span)
    sender = NOBODY if node.same is None else sender_of(node.same, scope)
    return Used(make.otherwise(count, make.const(0, INT)), sender)
