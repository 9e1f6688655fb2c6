"""The first half of an incentive's life: who would get it, before its group decides."""

from __future__ import annotations

from dataclasses import dataclass, replace

from siyu.core.ir import Expr, Ref
from siyu.kinds.competing import competing
from siyu.kinds.errors import NotAnAmount
from siyu.kinds.kind import (
    Stopper,
    all_names,
    clauses,
    effective_within,
    keep_because,
    only,
    scope_of,
    unless_stops,
)
from siyu.kinds.refuse import refuse_scopes
from siyu.kinds.roles import log_of_role
from siyu.kinds.rule import (
    Conditions,
    check_event,
    column_in,
    happening,
    in_log,
    in_time,
    whole_number,
)
from siyu.schema import Collection
from siyu.semantics import check, make
from siyu.semantics.build import INCENTIVES, Build, Declared, Scope
from siyu.semantics.phrases import phrase
from siyu.semantics.units import in_money
from siyu.syntax import ast
from siyu.text import NOWHERE, Span
from siyu.types import MoneyType
from siyu.words import say


@dataclass(frozen=True, slots=True)
class Eligible:
    """The first half of an incentive's life, before the group decides."""

    ref: Ref
    wanted: Ref
    stops: tuple[Stopper, ...]
    scope: Scope
    worth: Expr | None
    cost: Expr | None


def _eligible(declared: Declared, build: Build) -> Eligible:
    """Audience, period, unless and limits: who takes part in the group."""
    node = declared.node
    assert isinstance(node, ast.Incentive)
    name = declared.name
    event = check_event(node.on, build)
    scope = scope_of(declared, build, event)
    if (competes := next(iter(clauses(node, ast.Competes)), None)) is not None:
        scope = _barring(scope, build.find(competes.group.text, declared.prefix), name)
    audience, guards = check.condition_and_guards(node.audience, scope, f"{name}.for.1")
    inner = scope.knowing(guards)
    period = effective_within(node.clauses, inner, name)
    meant = make.all_of(happening(event), audience, *period)
    wanted = never_unknown(build, f"{name}.meant", make.otherwise(meant, make.false))
    found = (*unless_stops(node.clauses, inner, name), *_limits(node, name, inner))
    stops = tuple(
        Stopper(
            s.by,
            s.code,
            never_unknown(build, f"{name}.stop.{n}", make.otherwise(s.holds, make.false)),
        )
        for n, s in enumerate(found, 1)
    )
    clear = make.all_of(wanted, *(make.not_(stop.holds) for stop in stops))
    keep_because(node.clauses, inner, name)
    return Eligible(
        never_unknown(build, f"{name}.eligible", clear), wanted, stops, inner,
        _money(node, ast.Worth, "worth", inner), _money(node, ast.Costs, "costs", inner),
    )  # fmt: skip


def _barring(scope: Scope, group: Declared | None, name: str) -> Scope:
    """Members of one group may not name each other: their order is the group's business."""
    build = scope.build
    rivals = frozenset(each.name for each in competing(group, build) if each.name != name)
    return replace(scope, barred=rivals)


def never_unknown(build: Build, name: str, expr: Expr, span: Span = NOWHERE) -> Ref:
    """A binding of the incentives' floor that is always known."""
    return build.bind(name, expr, INCENTIVES, optional=False, span=span)


def _limits(node: ast.Incentive, name: str, scope: Scope) -> tuple[Stopper, ...]:
    found = []
    for n, limit in enumerate(clauses(node, ast.Limit), 1):
        code = f"{name}.limit.{n}"
        refuse_scopes(limit, scope.build, say("the limit of one incentive"), channels=False)
        log = log_of_role("incentive log", ("incentive",), scope, limit.span, "limit")
        most = whole_number(limit.count, scope, "limit")
        if log is None or make.is_error(most):
            continue
        rows = _given_rows(limit, log, all_names(node, name))
        count = in_log("count", log, None, rows, scope, limit.span)
        full = check.compare(">=", count, most, scope, limit.span)
        # What forbids fails closed: a limit that nobody can tell is reached.
        holds = make.otherwise(make.recoded(full, code), make.true)
        found.append(Stopper("limit", code, holds))
    return tuple(found)


def _given_rows(limit: ast.Limit, log: Collection, names: frozenset[str]) -> Conditions:
    def rows(row: Scope) -> tuple[Expr, ...]:
        return (
            column_in("incentive", names, row),
            in_time(limit.window, log, row, limit.span),
        )

    return rows


def _money(
    node: ast.Incentive, kind: type[ast.Worth] | type[ast.Costs], word: str, scope: Scope
) -> Expr | None:
    clause = only(node, kind, scope.build, word)
    if clause is None:
        return None
    value = check.value(clause.value, scope)
    if make.is_error(value) or isinstance(value.type, MoneyType):
        return value
    found, amount = phrase(value.type), in_money(value, MoneyType("", 2))
    scope.build.report(
        NotAnAmount(clause.value.span, word, say("an amount of money"), found, f"{word} {amount}")
    )
    return make.error_value(clause.span)


def eligible_of(declared: Declared, build: Build) -> Eligible:
    """The first half, made once however many ask for it."""
    key = f"eligible {declared.name}"
    if key not in build.halves:
        build.halves[key] = _eligible(declared, build)
    found = build.halves[key]
    assert isinstance(found, Eligible)
    return found
