"""Identities: who is one person."""

from __future__ import annotations

from collections.abc import Mapping

from siyu.syntax import ast
from siyu.syntax.building.leaf import Builder, Leaf, constant, named, node
from siyu.text import Span


def _join_by(
    span: Span,
    field: ast.Ident,
    kind: ast.KeyKind | None,
    weak: bool | None,
    when: ast.Expr | None,
) -> ast.JoinBy:
    return ast.JoinBy(field, kind, bool(weak), when, span=span)


def _conflict_on(span: Span, fields: list[ast.Ident]) -> ast.ConflictOn:
    return ast.ConflictOn(tuple(fields), span=span)


def _ignore(span: Span, field: ast.Ident, values: list[ast.Text | ast.Number]) -> ast.Ignore:
    return ast.Ignore(field, tuple(values), span=span)


def _most_profiles(span: Span, count: Leaf) -> ast.MostProfiles:
    return ast.MostProfiles(count.value, span=span)


IDENTITIES: Mapping[str, Builder] = {
    "identity": named(ast.Identity),
    "country": node(ast.Country),
    "join_by": _join_by,
    "as_phone": constant("phone"),
    "as_email": constant("email"),
    "weak": constant(True),
    "conflict_on": _conflict_on,
    "ignore": _ignore,
    "most_profiles": _most_profiles,
}
