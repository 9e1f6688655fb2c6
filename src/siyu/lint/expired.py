"""W0709: a period that is over, or that can never come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look, Written
from siyu.semantics.build import Declared
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.text import Span
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class Expired(Finding):
    code: ClassVar[str] = "W0709"
    message: ClassVar[str] = "{what}"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "correct the dates, or take it away"
    page: ClassVar[str] = (
        "Dates that do not go together: a rule whose periods have no day in common, or a version "
        "of a param that begins when every rule that reads it is over. That can be told from the "
        "policy alone. What is over by now is told where a day is given, as with "
        "`siyu check --today 2026-11-21 POLICY`: nothing here looks at the clock, so that the "
        "same policy earns the same findings tomorrow."
    )
    wrong: ClassVar[str] = (
        HEAD + "param enough = 4\n  from 2027-01-01 = 5\n\nsegment loyal\n"
        "  when count(orders) >= enough\n  effective from 2026-01-01 to 2026-12-31\n"
    )
    right: ClassVar[str] = (
        HEAD + "param enough = 4\n  from 2026-07-01 = 5\n\nsegment loyal\n"
        "  when count(orders) >= enough\n  effective from 2026-01-01 to 2026-12-31\n"
    )

    what: Words
    why: Words


@dataclass(frozen=True, slots=True)
class Period:
    """Days as `2026-11-21`, both included; these compare as they are written."""

    first: str
    last: str

    def meets(self, other: Period) -> Period:
        return Period(max(self.first, other.first), min(self.last, other.last))

    @property
    def empty(self) -> bool:
        return self.first > self.last


ALWAYS = Period("0000-00-00", "9999-99-99")


def find(look: Look) -> Iterator[Expired]:
    for each in look.written:
        yield from _rules(each, look.today)
    for declared in look.of_kind(ast.Param):
        yield from _versions(declared, look)


# ---------------------------------------------------------------- rules


def _rules(written: Written, today: str | None) -> Iterator[Expired]:
    for owner in written.nodes:
        periods = [rider for rider in _riders(owner) if isinstance(rider, ast.Effective)]
        if not periods:
            continue
        whole = _whole(periods)
        name = getattr(owner, "name", None)
        called = name.text if isinstance(name, ast.Ident) else written.name
        if whole.empty:
            yield Expired(periods[-1].span, say("`{name}` is never in force", name=called),
                          say("its periods have no day in common"))  # fmt: skip
        elif today is not None and whole.last < today:
            last = next(rider for rider in periods if rider.last.text == whole.last)
            yield Expired(last.span, say("`{name}` is no longer in force", name=called),
                          say("it ended on {last}", last=whole.last))  # fmt: skip


def _riders(node: ast.Node) -> tuple[object, ...]:
    return (*getattr(node, "riders", ()), *getattr(node, "clauses", ()))


def _whole(periods: list[ast.Effective]) -> Period:
    whole = ALWAYS
    for each in periods:
        whole = whole.meets(Period(each.first.text, each.last.text))
    return whole


# ---------------------------------------------------------------- versions of params


def _versions(declared: Declared, look: Look) -> Iterator[Expired]:
    """A version is of use where its days meet those of a rule that reads the param."""
    node = declared.node
    assert isinstance(node, ast.Param)
    later = [clause for clause in node.clauses if isinstance(clause, ast.ParamVersion)]
    uses = list(_uses(declared, look))
    if not later or not uses:
        return
    starts = [ALWAYS.first, *(clause.start.text for clause in later)]
    ends = [*starts[1:], ALWAYS.last]
    spans = [node.value.span, *(clause.span for clause in later)]
    for start, end, span in zip(starts, ends, spans, strict=True):
        if not any(_in_force(start, end, use) for use in uses):
            yield _idle(declared, span)


def _in_force(start: str, end: str, use: Period) -> bool:
    """Whether a period has a day that is not before the one and is before the other."""
    first = max(start, use.first)
    return first <= use.last and first < end


def _idle(declared: Declared, span: Span) -> Expired:
    what = say("this version of param `{name}` is never used", name=declared.name)
    return Expired(span, what, say("no rule that reads it is in force on its days"))


def _uses(declared: Declared, look: Look) -> Iterator[Period]:
    """When each place that names the param is in force; what bears no dates is always."""
    for written in look.written:
        if written.name in look.named[declared.name]:
            riders = _riders(written.node)
            yield _whole([rider for rider in riders if isinstance(rider, ast.Effective)])


LINT = Lint("expired", say("a period that is over or can never come"), Expired, find)
