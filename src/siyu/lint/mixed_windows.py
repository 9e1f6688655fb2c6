"""W0710: figures of rolling and of calendar windows, measured against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.build import Declared
from siyu.semantics.errors import HEAD
from siyu.semantics.order import tree
from siyu.syntax import ast
from siyu.words import say

Window = Literal["rolling", "calendar"]
ROLLING: frozenset[Window] = frozenset({"rolling"})
CALENDAR: frozenset[Window] = frozenset({"calendar"})
DEEPEST = 8  # names that are looked through, one behind the other


@dataclass(frozen=True, slots=True)
class MixedWindows(Finding):
    code: ClassVar[str] = "W0710"
    message: ClassVar[str] = "`{rolling}` runs along with the days, `{calendar}` begins anew"
    label: ClassVar[str] = "a rolling and a calendar window are measured against each other"
    help: ClassVar[str] = "take both over the same window: `over last …`, or `in this …`"
    page: ClassVar[str] = (
        "`over last 12 months` always holds a whole year, `in this year` next to nothing in "
        "January and a whole year in December. A comparison of the two comes out differently from "
        "month to month although nobody buys more or less. Take both over rolling windows, or "
        "both over the calendar."
    )
    wrong: ClassVar[str] = (
        HEAD + "metric last_year = sum(orders.amount over last 12 months)\n"
        "metric this_year = sum(orders.amount where paid_at in this year)\n\n"
        "segment rising\n  when this_year > last_year\n"
    )
    right: ClassVar[str] = (
        HEAD + "metric last_year = sum(orders.amount over last 12 months)\n"
        "metric last_half = sum(orders.amount over last 6 months)\n\n"
        "segment rising\n  when last_half * 2 > last_year\n"
    )

    rolling: str
    calendar: str


def find(look: Look) -> Iterator[MixedWindows]:
    kinds = {type(node) for written in look.written for node in written.nodes}
    if not {ast.Over, ast.InPeriod} <= kinds:
        return
    for written in look.written:
        for node in written.nodes:
            sides = _sides(node)
            windows = [_windows(side, written.prefix, look, DEEPEST) for side in sides]
            shown = dict(zip(windows, map(look.text, (side.span for side in sides)), strict=True))
            if set(windows) == {ROLLING, CALENDAR}:
                yield MixedWindows(node.span, shown[ROLLING], shown[CALENDAR])


def _sides(node: ast.Node) -> tuple[ast.Expr, ...]:
    """What is measured against each other; a product of two figures measures nothing."""
    match node:
        case ast.Compare(left=left, right=right):
            return left, right
        case ast.Arithmetic(op="-" | "/", left=left, right=right):
            return left, right
        case ast.Between(value=value, low=low, high=high):
            return value, low, high
        case _:
            return ()


def _windows(node: ast.Node, prefix: str, look: Look, hops: int) -> frozenset[Window]:
    """The windows of all figures in an expression, through metrics and views."""
    found: frozenset[Window] = frozenset()
    for inner in tree(node):
        match inner:
            case ast.Over(direction="last"):
                found |= ROLLING
            case ast.Aggregate(where=where) if where is not None:
                if any(isinstance(each, ast.InPeriod) for each in tree(where)):
                    found |= CALENDAR
            case ast.Name() if hops > 0:
                found |= _behind(inner, prefix, look, hops - 1)
            case _:
                pass
    return found


def _behind(name: ast.Name, prefix: str, look: Look, hops: int) -> frozenset[Window]:
    """What stands behind a name, looked at once however often it is named."""
    declared = look.meant(name.text, prefix)
    if declared is None:
        return frozenset()
    kept = f"windows {declared.name}"
    if kept not in look.kept:
        look.kept[kept] = _of_declared(declared, look, hops)
    found = look.kept[kept]
    assert isinstance(found, frozenset)
    return found


def _of_declared(declared: Declared, look: Look, hops: int) -> frozenset[Window]:
    match declared.node:
        case ast.Metric(value=value):
            return _windows(value, declared.prefix, look, hops)
        case ast.View(where=where):
            held = any(isinstance(each, ast.InPeriod) for each in tree(where))
            return CALENDAR if held else frozenset()
        case _:
            return frozenset()


LINT = Lint(
    "mixed-windows",
    say("a rolling and a calendar window measured against each other"),
    MixedWindows,
    find,
)
