"""The budget of an incentive: what it counts, and who draws on it in a run over everyone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Expr, Ref
from siyu.diagnostics import Diagnostic
from siyu.kinds.allotted import (
    NOBODY,
    Allotment,
    Used,
    allotment,
    keep_allotment,
    keep_want,
    log_called,
    place_in,
)
from siyu.kinds.eligible import Eligible
from siyu.kinds.kind import all_names, old_name, only
from siyu.kinds.rule import Conditions, column_in, in_log, in_time
from siyu.schema import Collection, Field
from siyu.semantics import check, make
from siyu.semantics.build import Scope
from siyu.syntax import ast
from siyu.types import INT, MoneyType, minor_digits, scale_of

COLUMN = {"worth": "worth", "costs": "cost"}


@dataclass(frozen=True, slots=True)
class BudgetUnpriced(Diagnostic):
    code: ClassVar[str] = "E0661"
    message: ClassVar[str] = (
        "incentive `{name}` has a budget of its `{basis}`, but no line `{basis}`"
    )
    label: ClassVar[str] = "nothing can be counted against this budget"
    help: ClassVar[str] = "add a line `{basis} 10 yuan`, or let the budget count the other one"
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
class Budget:
    """A budget as it is written, what it counts (`basis`: worth or costs), and its meaning."""

    node: ast.Budget
    basis: str
    amount: Expr
    priced: Expr
    allotment: Allotment


def budget_of(node: ast.Incentive, first: Eligible, scope: Scope) -> Budget | None:
    """The incentive's budget; None where it has none, or after a report."""
    budget = only(node, ast.Budget, scope.build, "budget")
    if budget is None:
        return None
    basis = budget.of or ("worth" if first.cost is None else "costs")
    priced = first.worth if basis == "worth" else first.cost
    amount = check.value(budget.amount, scope)
    if priced is None:
        scope.build.report(BudgetUnpriced(budget.span, scope.owner, basis))
        return None
    check.alike(amount, priced, scope, budget.amount.span)
    rule = old_name(node, scope.owner)
    made = allotment(f"{rule}.budget.1", rule, budget.window, budget.by, None, scope)
    return Budget(budget, basis, amount, priced, made)


def keep_budget(node: ast.Incentive, budget: Budget, wants: Expr, scope: Scope) -> None:
    """Keeps for runs what the budget holds, what the log says was given of it, and who wants it.

    All amounts are counted as they leave the engine, rounded to what can be paid, in one scale. An
    award whose amount nobody can tell draws nothing; a row of the log that does not say its amount
    counts as what the award is worth, or costs, today.
    """
    amount, priced = budget.amount, budget.priced
    if make.is_error(amount, priced, wants):
        return
    assert isinstance(priced.type, MoneyType)
    log = log_called("incentive log", ("incentive",), scope)
    column = None if log is None else _column(log, budget)
    minor = minor_digits(priced.type.currency)
    scale = max(minor, scale_of(amount.type), 0 if column is None else scale_of(column.type))
    paid = check.rescale(check.rescale(priced, minor), scale)
    rule = old_name(node, scope.owner)
    code = f"{rule}.budget.1"
    taken = make.otherwise(paid, make.const(0, paid.type))
    name = scope.build.aside.name(f"{code}.{rule}.amount", taken)
    each = Ref(name, taken.type)
    used = None
    window, span = budget.node.window, budget.node.span
    if log is not None and window.unit not in ("run", "posting"):
        used = Used(_used(all_names(node, scope.owner), log, column, budget, each, scope), NOBODY)
    limit = check.rescale(amount, scale)
    keep_allotment(code, "budget", limit, window, used, scope, span)
    keep_want(code, rule, wants, each, place_in(rule, budget.node.by, None, scope), scope)


def _column(log: Collection, budget: Budget) -> Field | None:
    """The log's field that says what was given, if it has one of this currency."""
    found = log.fields.get(COLUMN[budget.basis])
    if found is None or not isinstance(found.type, MoneyType):
        return None
    assert isinstance(budget.priced.type, MoneyType)
    return found if found.type.currency == budget.priced.type.currency else None


def _used(
    names: frozenset[str], log: Collection, column: Field | None, budget: Budget, each: Ref,
    scope: Scope,
) -> Expr:  # fmt: skip
    """What the log holds of the rule in the period."""
    window, span = budget.node.window, budget.node.span
    silent = None if column is None else column.name
    count = in_log("count", log, None, _rows(window, log, names, silent), scope, span)
    unsaid = check.multiply(make.otherwise(count, make.const(0, INT)), each, scope, span)
    if column is None:
        return unsaid
    said = in_log("sum", log, column.name, _rows(window, log, names, None), scope, span)
    said = check.rescale(make.otherwise(said, make.const(0, said.type)), scale_of(each.type))
    return check.add(said, unsaid, scope, span)


def _rows(
    window: ast.Window, log: Collection, names: frozenset[str], silent: str | None
) -> Conditions:
    """The rule's rows of the period; with `silent` those that leave this column out."""

    def rows(row: Scope) -> tuple[Expr, ...]:
        found = [column_in("incentive", names, row), in_time(window, log, row, window.span)]
        if silent is not None:
            found.append(make.not_(make.known(check.column(silent, row))))
        return tuple(found)

    return rows
