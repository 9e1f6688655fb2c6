"""Riders that a kind cannot have."""

from __future__ import annotations

from siyu.kinds.errors import NotHere
from siyu.semantics.build import Build
from siyu.syntax import ast


def refuse_switches(node: ast.Node, build: Build, kind: str) -> None:
    """Reports `unless` and `effective` at a kind that cannot be switched off."""
    for clause in getattr(node, "clauses", ()):
        match clause:
            case ast.Unless():
                build.report(NotHere(clause.span, "unless", kind))
            case ast.Effective():
                build.report(NotHere(clause.span, "effective", kind))
            case _:
                pass
