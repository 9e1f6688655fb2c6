"""Which incentives compete in which group."""

from __future__ import annotations

from siyu.kinds.kind import clauses
from siyu.semantics.build import Build, Declared
from siyu.syntax import ast


def competing(group: Declared | None, build: Build) -> tuple[Declared, ...]:
    """The incentives of a group, in the order written; looked for once in a compilation."""
    if group is None:
        return ()
    if "competing" not in build.halves:
        build.halves["competing"] = _by_group(build)
    found = build.halves["competing"]
    assert isinstance(found, dict)
    members: tuple[Declared, ...] = found.get(group.name, ())
    return members


def _by_group(build: Build) -> dict[str, tuple[Declared, ...]]:
    found: dict[str, dict[str, Declared]] = {}
    for each in build.declared.values():
        if isinstance(each.node, ast.Incentive):
            for clause in clauses(each.node, ast.Competes):
                group = build.find(clause.group.text, each.prefix)
                if group is not None:
                    found.setdefault(group.name, {})[each.name] = each
    return {name: tuple(members.values()) for name, members in found.items()}
