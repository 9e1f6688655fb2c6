"""`incentive`: what to give, to whom, how often, out of which budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Const, Expr, Ref
from siyu.core.program import Fields, Fixed, Leaf, Part, Shape
from siyu.diagnostics import Diagnostic
from siyu.kinds.allotted import APPLIED, Allotment, allotment
from siyu.kinds.errors import Missing
from siyu.kinds.group import won
from siyu.kinds.kind import (
    Kind,
    Stopper,
    all_names,
    clauses,
    effective_within,
    only,
    say,
    scope_of,
    unless_stops,
)  # fmt: skip
from siyu.kinds.roles import log_of_role
from siyu.kinds.rule import (
    Conditions,
    check_event,
    column_in,
    happening,
    held_out,
    in_log,
    in_time,
    occasion,
    outcome_id,
    stopped_by,
    where_given,
)  # fmt: skip
from siyu.schema import Collection
from siyu.semantics import check, make
from siyu.semantics.build import INCENTIVES, Build, Declared, Outcome, Scope
from siyu.semantics.phrases import phrase
from siyu.syntax import ast
from siyu.types import DATE, INT, TEXT, MoneyType


@dataclass(frozen=True, slots=True)
class BudgetUnpriced(Diagnostic):
    code: ClassVar[str] = "E0661"
    message: ClassVar[str] = (
        "incentive `{name}` has a budget of {basis} but does not say its {basis}"
    )
    label: ClassVar[str] = "nothing can be counted against this budget"
    help: ClassVar[str] = "add a line `{basis} 10 yuan`, or give the budget the other basis"
    page: ClassVar[str] = (
        "A budget is used up by what each award costs, or with `of worth` by what it is worth. "
        "So the incentive must say that figure. Without `of` costs are counted, or worth where no "
        "costs are given."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\nincentive gift\n'
        '  for true\n  give coupon "A"\n  soft internal\n'
        "  budget 100 yuan per month by total_spend\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n  schema "retail.yaml"\n\nincentive gift\n'
        '  for true\n  give coupon "A"\n  costs 5 yuan\n  soft internal\n'
        "  budget 100 yuan per month by total_spend\n"
    )

    name: str
    basis: str


@dataclass(frozen=True, slots=True)
class NotAnAmount(Diagnostic):
    code: ClassVar[str] = "E0662"
    message: ClassVar[str] = "`{word}` takes {wanted}"
    label: ClassVar[str] = "this is {found}"
    help: ClassVar[str] = "write {example}"
    page: ClassVar[str] = (
        "What an incentive is worth and costs is money; how long it is valid is a duration; how "
        "often it may be given is a whole number."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n\nincentive gift\n  for true\n  give coupon "A"\n'
        "  worth 5\n  soft internal\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  currency CNY\n\nincentive gift\n  for true\n  give coupon "A"\n'
        "  worth 5 yuan\n  soft internal\n"
    )

    word: str
    wanted: str
    found: str
    example: str


@dataclass(frozen=True, slots=True)
class Eligible:
    """The first half of an incentive's life, before the group decides."""

    ref: Ref
    wanted: Ref
    stops: tuple[Stopper, ...]
    scope: Scope
    worth: Expr | None
    cost: Expr | None


def eligible(declared: Declared, build: Build) -> Eligible:
    """Audience, period, unless and limits: who takes part in the group."""
    node = declared.node
    assert isinstance(node, ast.Incentive)
    name = declared.name
    event = check_event(node.on, build)
    scope = scope_of(declared, build, event)
    if (group := next(iter(clauses(node, ast.Competes)), None)) is not None:
        scope = _barring(scope, group.group.text, name)
    audience, guards = check.condition_and_guards(node.audience, scope, f"{name}.for.1")
    inner = scope.knowing(guards)
    meant = make.all_of(happening(event), audience, *effective_within(node.clauses, inner))
    wanted = _bind(build, f"{name}.meant", make.otherwise(meant, make.false))
    found = (*unless_stops(node.clauses, inner, name), *_limits(node, name, inner))
    stops = tuple(
        Stopper(s.by, s.code, _bind(build, f"{name}.stop.{n}", make.otherwise(s.holds, make.false)))
        for n, s in enumerate(found, 1)
    )
    clear = make.all_of(wanted, *(make.not_(stop.holds) for stop in stops))
    say(node.clauses, inner, name)
    return Eligible(
        _bind(build, f"{name}.eligible", clear), wanted, stops, inner,
        _money(node, ast.Worth, "worth", inner), _money(node, ast.Costs, "costs", inner),
    )  # fmt: skip


def _barring(scope: Scope, group: str, name: str) -> Scope:
    """Members of one group may not name each other: their order is the group's business."""
    from dataclasses import replace

    rivals = frozenset(
        other.name
        for other in scope.build.declared.values()
        if isinstance(other.node, ast.Incentive)
        and other.name != name
        and any(c.group.text == group for c in clauses(other.node, ast.Competes))
    )
    return replace(scope, barred=rivals)


def _bind(build: Build, name: str, expr: Expr) -> Ref:
    return build.bind(name, expr, INCENTIVES, optional=False)


def _limits(node: ast.Incentive, name: str, scope: Scope) -> tuple[Stopper, ...]:
    found = []
    for n, limit in enumerate(clauses(node, ast.Limit), 1):
        code = f"{name}.limit.{n}"
        log = log_of_role("incentive log", ("incentive",), scope, limit.span, "limit")
        most = check.value(limit.count, scope, INT)
        if log is None or make.is_error(most):
            continue
        rows = _given_rows(limit, log, all_names(node, name))
        count = in_log("count", log, None, rows, scope, limit.span)
        full = check.compare(">=", count, most, scope, limit.span)
        found.append(Stopper("limit", code, make.recoded(full, code)))
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
    found = phrase(value.type)
    scope.build.report(
        NotAnAmount(clause.value.span, word, "an amount of money", found, f"`{word} 10 yuan`")
    )
    return make.error_value(clause.span)


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Incentive)
    name = declared.name
    first = eligible_of(declared, build)
    scope = first.scope
    for clause in clauses(node, ast.Priority):
        check.value(clause.value, scope)
    chosen, group_stop = won(declared, first.ref, build)
    out = held_out(only(node, ast.Holdout, build, "holdout"), node, name, build)
    held = Stopper("holdout", f"{name}.holdout.1", _bind(build, f"{name}.held_out", out))
    budget = _budget(node, first, scope)
    stops = [*first.stops, *group_stop, held]
    if budget is not None:
        refused = _bind(build, f"{name}.over_budget", budget.refused)
        stops.append(Stopper("budget", f"{name}.budget.1", refused))
    later = stops[len(first.stops) + len(group_stop) :]
    clear = make.all_of(chosen, *(make.not_(s.holds) for s in later))
    given = build.bind(name, clear, INCENTIVES, optional=False, span=node.name.span)
    stopped = build.bind(f"{name}.stopped", stopped_by(first.wanted, tuple(stops)), INCENTIVES)
    return _emit(declared, node, first, given, stopped, budget, build)


def eligible_of(declared: Declared, build: Build) -> Eligible:
    """The first half, made once however many ask for it."""
    key = f"eligible {declared.name}"
    if key not in build.halves:
        build.halves[key] = eligible(declared, build)
    found = build.halves[key]
    assert isinstance(found, Eligible)
    return found


def _budget(node: ast.Incentive, first: Eligible, scope: Scope) -> Allotment | None:
    budget = only(node, ast.Budget, scope.build, "budget")
    if budget is None:
        return None
    basis = budget.of or ("worth" if first.cost is None else "costs")
    priced = first.worth if basis == "worth" else first.cost
    amount = check.value(budget.amount, scope)
    if priced is None:
        scope.build.report(BudgetUnpriced(budget.span, scope.owner, basis))
        return None
    check.compare(">=", amount, priced, scope, budget.span)
    rule = make.const(scope.owner, TEXT)
    return allotment(f"{scope.owner}.budget.1", rule, budget.window, budget.by, None, scope)


def _emit(
    declared: Declared, node: ast.Incentive, first: Eligible, given: Ref, stopped: Ref,
    budget: Allotment | None, build: Build,
) -> Outcome:  # fmt: skip
    name, scope = declared.name, first.scope
    event = node.on.text if node.on else None
    give = only(node, ast.Give, build, "give")
    only(node, ast.Nature, build, "hard or soft")
    if give is None:
        build.report(Missing(node.name.span, "incentive", name, "give",
                             "nobody could tell what is given", 'give coupon "…"'))  # fmt: skip
    parts: dict[str, Expr] = {
        "id": outcome_id(node, name, occasion(event, scope), build),
        "benefit": _benefit(give, scope) if give else make.unknown(TEXT),
        "detail": make.const(give.detail if give else None, TEXT),
        "worth": first.worth or make.const(None, TEXT),
        "cost": first.cost or make.const(None, TEXT),
        "valid_until": _valid_until(node, scope),
        "budget": budget.says if budget else make.const(None, APPLIED),
    }
    shapes: dict[str, Shape] = {}
    fields: dict[str, Expr] = {}
    for word, expr in parts.items():
        if isinstance(expr, Const) and (expr.value is None or isinstance(expr.type, type(TEXT))):
            shapes[word] = Fixed(expr.value if isinstance(expr.value, str) else None)
            fields[word] = expr
            continue
        ref = build.bind(f"{name}.{word}", where_given(given, expr), INCENTIVES)
        shapes[word] = Leaf(ref.name, expr.type)
        fields[word] = ref
    keys = ("benefit", "detail", "worth", "cost", "valid_until", "budget")
    shape = Fields(
        (("id", shapes["id"]), ("rule", Fixed(name)), *((word, shapes[word]) for word in keys))
    )
    build.emit(Part("incentives", name, shape, given.name, stopped.name, event))
    offered = {word: fields[word] for word in keys if word != "budget"}
    offered["costs"] = offered["cost"]
    return Outcome(name, declared.kind, INCENTIVES, given, offered)


def _benefit(give: ast.Give, scope: Scope) -> Expr:
    """A bare word is the benefit's name; `offer.benefit` is a value."""
    if len(give.benefit.parts) == 1:
        return make.const(give.benefit.parts[0], TEXT)
    return check.value(give.benefit, scope)


def _valid_until(node: ast.Incentive, scope: Scope) -> Expr:
    valid = only(node, ast.Valid, scope.build, "valid")
    if valid is None:
        return make.const(None, DATE)
    length = check.value(valid.value, scope)
    return check.later(check.today(scope), length, scope, valid.span)


KIND = Kind(
    "incentive",
    ast.Incentive,
    INCENTIVES,
    lower,
    """Something to give. Who gets it is decided in this order: the audience behind `for`, `unless`,
`limit` (the incentive log is counted), the group it competes in, the hold-out, the budget. Somebody
held out keeps the place in the group: nobody gets it instead. A budget binds through the allocation
that a run makes; a single decision without one says so.

```siyu
incentive wakeup "Wake-up coupon"
  for lifecycle is dormant and ltv >= 500 yuan
  give coupon "50 off 199"
  worth 50 yuan
  valid 14 days
  hard internal
  costs 50 yuan * 0.35
  limit 1 per 90 days
  holdout 10%
```
""",
    (BudgetUnpriced, NotAnAmount),
)
