"""Expressions about everyone: they are checked with the policy and wait for a run over the whole
population; a decision about one customer has no part in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from siyu.semantics import check
from siyu.semantics.build import Build, Scope
from siyu.syntax import ast


def checked_only(look: Callable[[], object], build: Build) -> None:
    """Runs a check and forgets the bindings and cuts it made: no decision needs them."""
    bindings, cuts = dict(build.bindings), dict(build.cuts)
    look()
    kept = {name: b for name, b in build.bindings.items() if name in bindings or "~" not in name}
    build.bindings = kept
    build.cuts = cuts


def trees(node: object) -> Iterator[ast.Node]:
    """A node and everything below it."""
    if isinstance(node, ast.Node):
        yield node
    if is_dataclass(node) and not isinstance(node, type):
        for field in fields(node):
            if field.name != "span":
                yield from trees(getattr(node, field.name))
    elif isinstance(node, tuple):
        for item in node:
            yield from trees(item)


def speaks_of_everyone(expr: ast.Expr, scope: Scope) -> bool:
    """Whether an expression holds a share, or an aggregate over customers."""
    return any(
        isinstance(node, ast.Share)
        or (isinstance(node, ast.Aggregate) and is_over_customers(node, scope))
        for node in trees(expr)
    )


def is_over_customers(node: ast.Aggregate, scope: Scope) -> bool:
    """An aggregate that names no collection and no view runs over everyone: `sum(spend_12m)`.
    `min(a, b)` of plain values does not."""
    if len(node.args) > 1 and node.function in ("min", "max"):
        return False
    schema, build = scope.build.schema, scope.build
    nested = {name for c in schema.collections.values() for name in c.collections}
    for name in trees(node.args):
        if not isinstance(name, ast.Name):
            continue
        first = name.parts[0]
        declared = build.find(first, scope.prefix)
        is_view = declared is not None and isinstance(declared.node, ast.View)
        if first in schema.collections or first in nested or is_view:
            return False
    return True


def check_everyone(expr: ast.Expr, scope: Scope) -> None:
    """Checks a figure about everyone: shares, sums, averages, medians, and sums of such."""
    match expr:
        case ast.Arithmetic(left=left, right=right):
            check_everyone(left, scope)
            check_everyone(right, scope)
        case ast.Negative(value=value):
            check_everyone(value, scope)
        case ast.Otherwise(value=value, default=default):
            check_everyone(value, scope)
            check_everyone(default, scope)
        case ast.Aggregate() if is_over_customers(expr, scope):
            for arg in expr.args:
                check.value(arg, scope)
            if expr.where is not None:
                check.condition(expr.where, scope)
        case _:
            check.value(expr, scope)
