"""`group`: which of several incentives is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from siyu.core.ir import Call, Candidate, Const, Contest, Expr, Ref
from siyu.diagnostics import Diagnostic, nearest, perhaps
from siyu.kinds.competing import competing
from siyu.kinds.eligible import eligible_of
from siyu.kinds.errors import NotAnAmount
from siyu.kinds.kind import Kind, Stopper, clauses, only, scope_of
from siyu.kinds.param import widest
from siyu.kinds.rule import check_event
from siyu.semantics import check, make
from siyu.semantics.build import FACTS, INCENTIVES, Build, Declared, Outcome, Scope
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import BOOL, INT
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class NoSuchGroup(Diagnostic):
    code: ClassVar[str] = "E0663"
    message: ClassVar[str] = "there is no group `{name}`"
    label: ClassVar[str] = "nobody could tell which incentive wins"
    help: ClassVar[str] = "declare it: `group {name} choose 1 by priority`"
    page: ClassVar[str] = (
        "`competes in` names a group, and the group says how many of its incentives are given and "
        "in which order they are preferred."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n\nincentive gift\n  for true\n  give coupon "A"\n'
        "  soft internal\n  competes in gifts\n"
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\ngroup gifts choose 1 by priority\n\n"
        'incentive gift\n  for true\n  give coupon "A"\n  soft internal\n  competes in gifts\n'
        "  priority 10\n"
    )

    name: str
    near: tuple[str, ...]

    def what_to_do(self) -> Words:
        return perhaps(self.near) if self.near else Diagnostic.what_to_do(self)


def lower(declared: Declared, build: Build) -> Outcome:
    """A group offers nothing by itself; its contest is made when the first member asks for it.
    The sort keys are checked here, so that a group without members has its mistakes told too."""
    assert isinstance(declared.node, ast.Group)
    scope = Scope(build, declared.name, INCENTIVES, declared.prefix)
    how_many(declared.node.choose, declared.node.span, build)
    for order in declared.node.by:
        if not isinstance(order.key, str):
            check.value(order.key, scope)
    return Outcome(declared.name, declared.kind, FACTS)


def won(declared: Declared, eligible: Ref, build: Build) -> tuple[Expr, tuple[Stopper, ...]]:
    """Whether an incentive wins in its group, as only an eligible one can, and what stops it if it
    loses."""
    node, name = declared.node, declared.name
    assert isinstance(node, ast.Incentive)
    competes = only(node, ast.Competes, build, "competes in")
    if competes is None:
        return eligible, ()
    group = build.find(competes.group.text, declared.prefix)
    if group is None or not isinstance(group.node, ast.Group):
        _no_group(competes.group, build)
        return eligible, ()
    contest, members = _contest(group, build)
    index = make.const(members.index(name), INT)
    win = build.bind(f"{name}.wins", Call("item", (contest, index), BOOL), INCENTIVES,
                     optional=False)  # fmt: skip
    lost = make.all_of(eligible, make.not_(win))
    return win, (Stopper("group", f"{name}.competes.1", lost),)


def _no_group(name: ast.Ident, build: Build) -> None:
    groups = [d.name for d in build.declared.values() if isinstance(d.node, ast.Group)]
    near = nearest(name.text, groups)
    build.report(NoSuchGroup(name.span, name.text, near))


def _contest(group: Declared, build: Build) -> tuple[Ref, list[str]]:
    """The contest of a group, bound once, and its members in the order of its candidates."""
    node = group.node
    assert isinstance(node, ast.Group)
    members = sorted(competing(group, build), key=lambda each: each.name)
    name = f"{group.name}.contest"
    if name not in build.bindings:
        candidates = alike(tuple(_candidate(d, node, build) for d in members), build)
        contest = Contest(
            candidates, tuple(order.direction != "ascending" for order in node.by), (),
            how_many(node.choose, node.span, build), span=node.span,
        )  # fmt: skip
        build.bind(name, contest, INCENTIVES, optional=False, span=node.name.span)
    return Ref(name, BOOL), [d.name for d in members]


def how_many(count: str, span: Span, build: Build) -> int:
    """How many `choose` takes: a whole number, at least one."""
    if count.replace("_", "").isdigit() and int(count) > 0:
        return int(count)
    wanted, found = say("a whole number of at least 1"), say("`{count}`", count=count)
    build.report(NotAnAmount(span, "choose", wanted, found, "choose 1 by priority"))
    return 1


def _candidate(declared: Declared, group: ast.Group, build: Build) -> Candidate:
    first = eligible_of(declared, build)
    keys = tuple(order_key(order, declared, first.worth, first.cost, build) for order in group.by)
    return Candidate(declared.name, first.ref, keys)


def alike(candidates: tuple[Candidate, ...], build: Build) -> tuple[Candidate, ...]:
    """The candidates with each sort key in one type, so that held values can be compared."""
    columns = []
    for keys in zip(*(c.keys for c in candidates), strict=True):
        kind = widest([key for key in keys if not is_unknown(key)])
        scope = Scope(build, "", INCENTIVES)
        columns.append(
            tuple(
                make.unknown(kind) if is_unknown(key) else check.coerce(key, kind, scope, key.span)
                for key in keys
            )
        )
    rows = tuple(zip(*columns, strict=True)) if columns else ((),) * len(candidates)
    return tuple(replace(c, keys=row) for c, row in zip(candidates, rows, strict=True))


def is_unknown(expr: Expr) -> bool:
    return isinstance(expr, Const) and expr.value is None


def order_key(
    order: ast.Order, declared: Declared, worth: Expr | None, cost: Expr | None, build: Build
) -> Expr:
    """A candidate's value of one sort key; unknown (last) where it does not have it."""
    on = getattr(declared.node, "on", None)
    scope = scope_of(declared, build, check_event(on, build))
    match order.key:
        case "priority":
            priority = next(iter(clauses(declared.node, ast.Priority)), None)
            return check.value(priority.value, scope) if priority else make.unknown(INT)
        case "worth":
            return worth if worth is not None else make.unknown(INT)
        case "costs":
            return cost if cost is not None else make.unknown(INT)
        case _:
            return check.value(order.key, scope)


KIND = Kind(
    "group",
    ast.Group,
    FACTS,
    lower,
    """Incentives that compete. `choose N by` names what is preferred: `priority`, `worth`, `costs`,
or any value, the highest first unless `ascending` is written; a missing value comes last, and
equal ones are settled by name. The losers of a group get no second chance.

```siyu
group reactivation "Wake-up benefits" choose 1 by priority, worth
```
""",
    (NoSuchGroup,),
)
