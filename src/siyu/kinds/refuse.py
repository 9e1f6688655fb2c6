"""Clauses that mean nothing where they stand: nothing that is written is passed over in silence."""

from __future__ import annotations

from collections.abc import Mapping

from siyu.kinds.errors import NotHere
from siyu.semantics.build import Build
from siyu.syntax import ast
from siyu.words import Words


def refuse_switches(node: ast.Node, build: Build, about: Words) -> None:
    """Reports `unless` and `effective` at a kind that cannot be switched off."""
    for clause in getattr(node, "clauses", ()):
        match clause:
            case ast.Unless():
                build.report(NotHere(clause.span, "unless", about))
            case ast.Effective():
                build.report(NotHere(clause.span, "effective", about))
            case _:
                pass


# What only earning knows: the rest follows from the rule that is taken back, or from the quote.
EARNING = {
    ast.Times: "times",
    ast.Multipliers: "multipliers",
    ast.RoundTo: "round",
    ast.Usable: "usable after",
    ast.ExpireAfter: "expire",
    ast.ExpireAtEnd: "expire",
}
NOT_TAKEN_BACK = {
    **EARNING,
    ast.Into: "into",
    ast.AtMost: "at most",
    ast.AtLeast: "at least",
}


def refuse_clauses(
    node: ast.Node, words: Mapping[type[ast.Node], str], build: Build, about: Words
) -> None:
    """Reports every clause of these types, by the word it is written with."""
    for clause in getattr(node, "clauses", ()):
        if (word := words.get(type(clause))) is not None:
            build.report(NotHere(clause.span, word, about))


def refuse_scopes(limit: ast.Limit, build: Build, about: Words, *, channels: bool) -> None:
    """Reports what a rule's own limit cannot be about: other purposes, or channels it lacks."""
    if limit.purposes:
        build.report(NotHere(limit.span, "for", about))
    if limit.channel is not None and not channels:
        build.report(NotHere(limit.span, "on", about))
