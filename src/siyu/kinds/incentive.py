"""`incentive`: what to give, to whom, how often, out of which budget."""

from __future__ import annotations

from siyu.core.ir import Const, Expr, Ref
from siyu.core.program import Fields, Fixed, Leaf, Part, Shape
from siyu.kinds.allotted import APPLIED, Allotment
from siyu.kinds.budget import BudgetUnpriced, budget_of, keep_budget
from siyu.kinds.eligible import Eligible, eligible_of, never_unknown
from siyu.kinds.errors import Missing, NotAnAmount
from siyu.kinds.group import won
from siyu.kinds.kind import (
    Kind,
    Stopper,
    clauses,
    only,
)  # fmt: skip
from siyu.kinds.nature import ServedTwice, keep_nature
from siyu.kinds.rule import (
    held_out,
    occasion,
    outcome_id,
    stopped_by,
    where_given,
)  # fmt: skip
from siyu.semantics import check, make
from siyu.semantics.build import INCENTIVES, Build, Declared, Outcome, Scope
from siyu.semantics.phrases import KINDS
from siyu.syntax import ast
from siyu.types import DATE, TEXT
from siyu.words import say


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
    held = Stopper("holdout", f"{name}.holdout.1", never_unknown(build, f"{name}.held_out", out))
    budget = budget_of(node, first, scope)
    stops = [*first.stops, *group_stop, held]
    if budget is not None:
        written = clauses(node, ast.Budget)[0].span
        refused = budget.allotment.refused
        over = never_unknown(build, f"{name}.over_budget", refused, written)
        stops.append(Stopper("budget", f"{name}.budget.1", over))
        wants = make.all_of(chosen, make.not_(held.holds))
        build.later(lambda: keep_budget(node, budget, wants, scope))
    later = stops[len(first.stops) + len(group_stop) :]
    clear = make.all_of(chosen, *(make.not_(s.holds) for s in later))
    given = build.bind(name, clear, INCENTIVES, optional=False, span=node.name.span)
    stopped = build.bind(f"{name}.stopped", stopped_by(first.wanted, tuple(stops)), INCENTIVES)
    made = None if budget is None else budget.allotment
    return _emit(declared, node, first, given, stopped, made, build)


def _emit(
    declared: Declared, node: ast.Incentive, first: Eligible, given: Ref, stopped: Ref,
    budget: Allotment | None, build: Build,
) -> Outcome:  # fmt: skip
    name, scope = declared.name, first.scope
    event = node.on.text if node.on else None
    give = only(node, ast.Give, build, "give")
    keep_nature(node, name, build)
    if give is None:
        why = say("nobody could tell what is given")
        kind = KINDS["incentive"]
        build.report(Missing(node.name.span, kind, name, "give", why, 'give coupon "…"'))
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
held out keeps the place in the group: nobody gets it instead. A run over everyone settles the
budget by rank and keeps what it found in its allocation, with which single decisions come out
alike; a decision without one says so.

`serves` says what the incentive does for the membership scheme: `join` is a reason to join,
`stickiness` makes members come again and again, `next_purchase` brings the next purchase nearer,
`larger_baskets` makes baskets larger, `social_face` gives face before others, `affection` makes
members feel at home. It decides nothing: `siyu show` and explanations say it, and `siyu diagnose`
finds what nothing serves.

```siyu
incentive wakeup "Wake-up coupon"
  for lifecycle is dormant and ltv >= 500 yuan
  give coupon "50 off 199"
  worth 50 yuan
  valid 14 days
  hard internal
  serves next_purchase, affection
  costs 50 yuan * 0.35
  limit 1 per 90 days
  holdout 10%
```
""",
    (BudgetUnpriced, NotAnAmount, ServedTwice),
)
