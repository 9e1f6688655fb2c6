"""Identities as lines."""

from __future__ import annotations

from typing import assert_never

from siyu.syntax import ast
from siyu.syntax.unparse.expressions import breakable, expression
from siyu.syntax.unparse.lines import Line, Piece
from siyu.syntax.unparse.speech import Speech, commas, joined, word


def identity_clause(say: Speech, node: ast.IdentityClause) -> Line:
    """One clause, below its declaration."""
    match node:
        case ast.JoinBy(field, kind, weak, when):
            lead = joined(
                say("join_by"),
                word(field.text),
                say(f"as_{kind}") if kind else "",
                say("weak") if weak else "",
            )
            if when is None:
                return Line(2, (Piece(lead, node.span),))
            return Line(2, breakable(say, joined(lead, say("when")), when, node))
        case ast.Country(code):
            text = joined(say("country"), word(code.text))
        case ast.ConflictOn(fields):
            text = joined(say("conflict_on"), commas([word(each.text) for each in fields]))
        case ast.Ignore(field, values):
            listed = commas([expression(say, each) for each in values])
            text = joined(say("ignore"), word(field.text), say("in"), f"({listed})")
        case ast.MostProfiles(count):
            if say.language == "zh":
                text = joined(say("value_at_most"), count, say("profiles_counted"))
            else:
                text = joined(say("at_most"), count, say("profiles_per_value"))
        case _:
            assert_never(node)
    return Line(2, (Piece(text, node.span),))
