"""`param`: a named constant, with versions that hold from a date on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Aggregate, Arm, Cases, Column, Contest, Expr, Input, Ref
from siyu.core.walk import walk
from siyu.diagnostics import Diagnostic
from siyu.kinds.kind import Kind, clauses, keep_because, scope_of
from siyu.kinds.refuse import refuse_switches
from siyu.semantics import check, make
from siyu.semantics.build import FACTS, Build, Declared, Outcome, Scope
from siyu.semantics.phrases import A_KIND
from siyu.semantics.ranges import bounds, number, shifted, union, within
from siyu.syntax import ast
from siyu.types import BOOL, ERROR, Type


@dataclass(frozen=True, slots=True)
class NotConstant(Diagnostic):
    code: ClassVar[str] = "E0611"
    message: ClassVar[str] = "a param is a constant, and `{name}` depends on a member or a moment"
    label: ClassVar[str] = "this is not the same for everybody"
    help: ClassVar[str] = "write a number, a date or a text, or make it a `metric`"
    page: ClassVar[str] = (
        "A param is a figure that people change by hand: a threshold, a rate, a budget. It may be "
        "computed from other params. What depends on the member is a metric."
    )
    wrong: ClassVar[str] = "policy p\n  language 1\n\nparam p1 = as_of\n"
    right: ClassVar[str] = "policy p\n  language 1\n\nparam p1 = 5\n"

    name: str


@dataclass(frozen=True, slots=True)
class DatesNotRising(Diagnostic):
    code: ClassVar[str] = "E0612"
    message: ClassVar[str] = "the versions of param `{name}` do not follow one another"
    label: ClassVar[str] = "this date is not later than {before}"
    help: ClassVar[str] = "write the versions in the order of their dates, each date once"
    page: ClassVar[str] = (
        "Each `from` begins a version that holds until the next one. Written in order, the last "
        "one that has begun is easy to see."
    )
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\nparam p1 = 1\n  from 2027-01-01 = 2\n  from 2026-01-01 = 3\n"
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\nparam p1 = 1\n  from 2026-01-01 = 3\n  from 2027-01-01 = 2\n"
    )

    name: str
    before: str


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Param)
    scope = scope_of(declared, build)
    refuse_switches(node, build, A_KIND["param"])
    keep_because(node.clauses, scope, declared.name)
    first = _constant(node.value, scope, None)
    versions = [
        (clause, _constant(clause.value, scope, first.type))
        for clause in clauses(node, ast.ParamVersion)
    ]
    kind = widest([first, *(value for _, value in versions)])
    first, *later = (
        check.coerce(value, kind, scope, value.span)
        for value in (first, *(value for _, value in versions))
    )
    arms = _arms(declared.name, [clause for clause, _ in versions], later, scope)
    chosen = Cases(arms, first, "skip", kind, span=node.span) if arms else first
    ref = build.bind(declared.name, chosen, FACTS, optional=False, span=node.name.span)
    return Outcome(declared.name, declared.kind, FACTS, ref)


def _arms(
    name: str, versions: list[ast.ParamVersion], values: list[Expr], scope: Scope
) -> tuple[Arm, ...]:
    """Latest version first: the first that has begun is the one that holds."""
    arms: list[Arm] = []
    before: str | None = None
    for version, value in zip(versions, values, strict=True):
        text = version.start.text
        if before is not None and text <= before:
            scope.build.report(DatesNotRising(version.start.span, name, before))
        before = text
        start = check.value(version.start, scope)
        begun = make.call("ge", BOOL, check.today(scope), start, span=version.span)
        arms.append(Arm(begun, value))
    return tuple(reversed(arms))


def _constant(expr: ast.Expr, scope: Scope, expected: Type | None) -> Expr:
    value = check.value(expr, scope, expected)
    if not _is_constant(value, scope.build):
        scope.build.report(NotConstant(expr.span, scope.owner))
    return value


def _is_constant(value: Expr, build: Build) -> bool:
    for node in walk(value):
        match node:
            case Input() | Column() | Aggregate() | Contest():
                return False
            case Ref():
                named = build.find(node.name, "")
                if named is None or not isinstance(named.node, ast.Param):
                    return False
            case _:
                pass
    return True


def widest(values: list[Expr]) -> Type:
    """The type of all of them together: of numbers the one with most digits after the point, with
    bounds that hold every one."""
    kinds = [value.type for value in values if value.type != ERROR]
    if not kinds:
        return ERROR
    most = max(kinds, key=_digits)
    found = number(most)
    if found is None:
        return most
    reach = bounds(most)
    for kind in kinds:
        reach = union(reach, shifted(bounds(kind), _digits(most) - _digits(kind)))
    return within(found, reach)


def _digits(kind: Type) -> int:
    return int(getattr(kind, "scale", 0))


KIND = Kind(
    "param",
    ast.Param,
    FACTS,
    lower,
    """A named constant that people change by hand. `from DATE = VALUE` begins a new version on that
day, in the policy's time zone; the last one that has begun holds.

```siyu
param gold_entry "Gold from" = 5000 yuan
  from 2027-01-01 = 6000 yuan
```
""",
    (NotConstant, DatesNotRising),
)
