"""The rungs of a tier: when each holds, and from which value on."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.core.ir import Expr, Ref
from siyu.semantics import check, make
from siyu.semantics.build import Found, Scope
from siyu.semantics.population import has_order, is_share
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import BOOL


@dataclass(frozen=True, slots=True)
class Rung:
    """A level. `holds` None is `otherwise`; `threshold`: the value of `by` it begins at."""

    level: str
    holds: Expr | None
    threshold: Expr | None
    span: Span


def rungs_of(node: ast.Tier, by: Ref, scope: Scope) -> tuple[Rung, ...]:
    """The tier's levels in the order written, the highest first."""
    return tuple(_rung(level, by, scope) for level in node.levels)


def _rung(level: ast.Level, by: Ref, scope: Scope) -> Rung:
    name, rule = level.name.text, level.rule
    code = f"{scope.owner}.{name}"
    match rule:
        case ast.OtherwiseLevel():
            return Rung(name, None, None, level.span)
        case ast.When():
            return Rung(name, check.condition(rule.condition, scope, code), None, level.span)
        case ast.FromValue():
            start = check.value(rule.value, scope, by.type)
            holds = make.recoded(check.compare(">=", by, start, scope, rule.span), code)
            if make.is_error(holds):
                start = holds  # so that what is missing to this level is not reported once more
            return Rung(name, holds, start, level.span)
        case ast.TopShare():
            fine = is_share(rule.percent, scope) and (make.is_error(by) or has_order(by, scope))
            if not fine:
                return Rung(name, make.error_value(rule.span), None, level.span)
            among: Expr = make.true
            if rule.among is not None:
                among = check.condition(rule.among, scope, f"{code}.among")
            found = Found("top", rule.percent.digits, by, among)
            cut = scope.build.cut(code, by.type, rule.span, found)
            # A cut that the population does not have puts nobody in.
            reached = make.recoded(make.call("ge", BOOL, by, cut, span=rule.span), code)
            return Rung(name, make.all_of(among, make.known(cut), reached), cut, level.span)
