"""What binds all contacts: every contact policy of the pack, gathered once."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.core.ir import Call, Expr
from siyu.kinds.kind import all_names, clauses, in_force, scope_of
from siyu.kinds.opening import Opening, openings_of
from siyu.kinds.roles import log_of_role
from siyu.kinds.rule import column_in, in_log, in_time, whole_number
from siyu.schema import Collection
from siyu.semantics import make
from siyu.semantics.build import CONTACTS, Build, Declared, Scope
from siyu.syntax import ast
from siyu.types import BOOL, INT


@dataclass(frozen=True, slots=True)
class HouseLimit:
    """A limit over all contacts, over some purposes, or through one channel."""

    code: str
    limit: ast.Limit
    most: Expr
    count: Expr
    binds: Expr

    @property
    def reached(self) -> Expr:
        full = Call("ge", (self.count, self.most), BOOL, code=self.code, span=self.limit.span)
        # What forbids fails closed: a limit that nobody can tell is reached.
        return make.all_of(self.binds, make.otherwise(full, make.true))

    @property
    def room(self) -> Expr:
        left = make.otherwise(make.call("sub", INT, self.most, self.count), make.const(0, INT))
        return make.call("max", INT, make.const(0, INT), left)

    def concerns(self, purpose: str | None) -> bool:
        return not self.limit.purposes or purpose in self.limit.purposes


@dataclass(frozen=True, slots=True)
class House:
    """One contact policy. `binds` is a condition (true for most)."""

    declared: Declared
    node: ast.ContactPolicy
    binds: Expr
    scope: Scope
    limits: tuple[HouseLimit, ...]
    openings: tuple[Opening, ...] = ()


def houses(build: Build) -> tuple[House, ...]:
    """All contact policies, by name."""
    if "houses" not in build.halves:
        found = sorted(
            (d for d in build.declared.values() if isinstance(d.node, ast.ContactPolicy)),
            key=lambda d: d.name,
        )
        build.halves["houses"] = tuple(_house(declared, build) for declared in found)
    kept = build.halves["houses"]
    assert isinstance(kept, tuple)
    return kept


def _house(declared: Declared, build: Build) -> House:
    node = declared.node
    assert isinstance(node, ast.ContactPolicy)
    scope = scope_of(declared, build)
    demands = in_force(node.clauses, scope, declared.name)
    binds = make.all_of(*demands)
    if demands:
        binds = build.bind(f"{declared.name}.binds", make.otherwise(binds, make.true), CONTACTS,
                           optional=False)  # fmt: skip
    limits = []
    for n, limit in enumerate(clauses(node, ast.Limit), 1):
        made = _limit(limit, f"{declared.name}.limit.{n}", binds, scope)
        if made is not None:
            limits.append(made)
    return House(declared, node, binds, scope, tuple(limits), openings_of(node, scope))


def _limit(limit: ast.Limit, code: str, binds: Expr, scope: Scope) -> HouseLimit | None:
    columns = ("contact", "channel") if limit.channel else ("contact",)
    log = log_of_role("contact log", columns, scope, limit.span, "limit")
    most = whole_number(limit.count, scope, "limit")
    if log is None or make.is_error(most):
        return None
    count = in_log(
        "count", log, None, lambda row: _counted(limit, log, row, scope.build), scope, limit.span
    )
    ref = scope.build.bind(f"{code}.count", make.otherwise(count, make.const(0, INT)), CONTACTS,
                           optional=False, span=limit.span)  # fmt: skip
    return HouseLimit(code, limit, most, ref, binds)


def _counted(limit: ast.Limit, log: Collection, row: Scope, build: Build) -> tuple[Expr, ...]:
    found = [in_time(limit.window, log, row, limit.span)]
    if limit.channel is not None:
        found.append(column_in("channel", frozenset({limit.channel.text}), row))
    if limit.purposes:
        if "purpose" in log.fields:
            found.append(column_in("purpose", frozenset(limit.purposes), row))
        else:
            found.append(column_in("contact", _named(limit.purposes, build), row))
    return tuple(found)


def _named(purposes: tuple[str, ...], build: Build) -> frozenset[str]:
    """The names under which contacts of these purposes stand in the log."""
    names: frozenset[str] = frozenset()
    for declared in build.declared.values():
        if isinstance(declared.node, ast.Contact) and declared.node.purpose in purposes:
            names |= all_names(declared.node, declared.name)
    return names
