"""`score`: a number between two ends, with the reasons that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.ir import Arm, Cases, Const, Expr
from siyu.core.program import Entry, Fields, Fixed, Items, Leaf, Part
from siyu.diagnostics import Diagnostic
from siyu.kinds.errors import Missing
from siyu.kinds.kind import Kind, clauses, in_force, keep_because, only, scope_of
from siyu.semantics import check, make
from siyu.semantics.build import FIGURES, Build, Declared, Outcome, Scope
from siyu.semantics.phrases import KINDS
from siyu.semantics.ranges import Range, bounds, number, union, within
from siyu.syntax import ast
from siyu.types import BOOL, INT, Type
from siyu.words import say

TOGETHER = 50  # lines that are one expression: however many there are, none is deep


@dataclass(frozen=True, slots=True)
class NoRoom(Diagnostic):
    code: ClassVar[str] = "E0634"
    message: ClassVar[str] = "score `{name}` has no room between its two ends"
    label: ClassVar[str] = "the first end is not below the second"
    help: ClassVar[str] = "write the lower end first: `from 0 to 100`"
    page: ClassVar[str] = (
        "A score is held between its two ends. Where the first is not below the second, every "
        "member would have the same score."
    )
    wrong: ClassVar[str] = "policy p\n  language 1\n\nscore s from 100 to 0\n  start 20\n"
    right: ClassVar[str] = "policy p\n  language 1\n\nscore s from 0 to 100\n  start 20\n"

    name: str


def _not_below(low: Const, high: Const) -> bool:
    ends = (low.value, high.value)
    return all(isinstance(end, int) for end in ends) and ends[0] >= ends[1]  # type: ignore[operator]


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Score)
    scope = scope_of(declared, build)
    name = declared.name
    start = only(node, ast.Start, build, "start")
    if start is None:
        build.report(
            Missing(
                node.name.span,
                KINDS["score"],
                name,
                "start",
                say("it has nothing to add to"),
                "start 0",
            )
        )
    begin = check.value(start.value, scope) if start else make.const(0, INT)
    lines = clauses(node, ast.Adjust)
    total, fired_lines, unknowns = begin, [], []
    for n, line in enumerate(lines, 1):
        code = f"{name}.{n}"
        fired, amount = _line(line, scope, code)
        zero = check.coerce(make.const(0, INT), amount.type, scope, line.span)
        either = _reaching(amount.type, union(bounds(amount.type), (0, 0)))
        part = Cases((Arm(fired, amount),), zero, "skip", either, span=line.span)
        fired_lines.append((code, amount, line))
        if check.may_be_unknown(fired, scope):
            unknown = make.not_(make.known(fired))
            build.bind(f"{code}.unknown", unknown, FIGURES, optional=False)
            unknowns.append(Entry(f"{code}.unknown", Fixed(code)))
        total = check.add(total, part, scope, line.span)
        if n % TOGETHER == 0:
            total = build.bind(f"{name}.sum.{n}", total, FIGURES, span=line.span,
                               optional=check.may_be_unknown(total, scope))  # fmt: skip
    entries = _reasons(fired_lines, scope)
    low = check.value(node.low, scope)
    high = check.value(node.high, scope)
    kind = _common(total, low, high)
    total, low, high = (check.coerce(x, kind, scope, x.span) for x in (total, low, high))
    if isinstance(low, Const) and isinstance(high, Const) and _not_below(low, high):
        build.report(NoRoom(node.low.span.to(node.high.span), name))
    kind = _reaching(kind, _held(*(bounds(x.type) for x in (total, low, high))))
    held = make.call("max", kind, low, make.call("min", kind, high, total))
    ref = build.bind(name, held, FIGURES, span=node.name.span,
                     optional=check.may_be_unknown(held, scope))  # fmt: skip
    shape = Fields(
        (
            ("value", Leaf(name, kind)),
            ("reasons", Items(tuple(entries))),
            ("unknown", Items(tuple(unknowns))),
        )
    )
    build.emit(Part("scores", name, shape))
    return Outcome(name, declared.kind, FIGURES, ref)


def _line(line: ast.Adjust, scope: Scope, code: str) -> tuple[Expr, Expr]:
    """Whether a line fires, and what it then adds (negative for `subtract`). Both have names."""
    when, guards = check.condition_and_guards(line.when, scope, code)
    inner = scope.knowing(guards)
    demands = in_force(line.riders, inner, code)
    keep_because(line.riders, scope, code)
    fired = make.all_of(when, *demands)
    amount = check.value(line.value, inner)
    if line.sign == "subtract":
        least, most = bounds(amount.type)
        kind = _reaching(amount.type, (-most, -least))
        amount = make.call("neg", kind, amount, span=line.value.span)
    # A line whose amount is unknown cannot be added: it is unknown itself.
    if check.may_be_unknown(amount, inner):
        fired = make.all_of(fired, make.call("eq", BOOL, amount, amount))
    build = scope.build
    ref = build.bind(f"{code}.fired", fired, FIGURES, span=line.span,
                     optional=check.may_be_unknown(fired, scope))  # fmt: skip
    sized = build.bind(f"{code}.amount", amount, FIGURES, span=line.span,
                       optional=check.may_be_unknown(amount, inner))  # fmt: skip
    return ref, sized


def _reasons(lines: list[tuple[str, Expr, ast.Adjust]], scope: Scope) -> list[Entry]:
    """The lines as reasons. Their sizes are compared, so they are weighed with the same digits."""
    if not lines:
        return []
    kind = _common(*(amount for _, amount, _ in lines))
    entries = []
    for code, amount, line in lines:
        weight = f"{code}.amount"
        if amount.type != kind:
            sized = check.coerce(amount, kind, scope, line.span)
            weight = scope.build.bind(f"{code}.weight", sized, FIGURES, span=line.span).name
        entries.append(Entry(f"{code}.fired", Fixed(code), weight))
    return entries


def _reaching(kind: Type, reach: Range) -> Type:
    """The type with other bounds, where it is one of numbers."""
    found = number(kind)
    return kind if found is None else within(found, reach)


def _held(total: Range, low: Range, high: Range) -> Range:
    """What a total lies between once it is held between two ends.

    >>> _held((-10, 120), (0, 0), (100, 100)), _held((5, 7), (0, 0), (100, 100))
    ((0, 100), (5, 7))
    """
    upper = min(total[0], high[0]), min(total[1], high[1])
    return max(upper[0], low[0]), max(upper[1], low[1])


def _common(*parts: Expr) -> Type:
    return max((p.type for p in parts), key=lambda kind: getattr(kind, "scale", 0))


KIND = Kind(
    "score",
    ast.Score,
    FIGURES,
    lower,
    """A number that starts somewhere, gains and loses, and is held between its two ends once, when
all lines have been counted. The reasons are the lines that fired, the largest first. A line whose
condition is unknown adds nothing and is listed as unknown.

```siyu
score churn_risk "Churn risk" from 0 to 100
  start 20
  add 40 when recency > 120 days because "no purchase for 120 days"
  subtract 30 when orders_12m >= 6 because "buys often"
```
""",
    (NoRoom,),
)
