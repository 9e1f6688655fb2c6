"""W0716: a figure of nothing, where something is meant to come of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from siyu.lint.finding import Finding, Lint
from siyu.lint.look import Look
from siyu.semantics.errors import HEAD
from siyu.syntax import ast
from siyu.words import Words, say


@dataclass(frozen=True, slots=True)
class NoEffect(Finding):
    code: ClassVar[str] = "W0716"
    message: ClassVar[str] = "`{clause}` can hardly be meant"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "correct the figure, or take the line away"
    page: ClassVar[str] = (
        "A limit of 0 lets nothing through, an earning of 0 posts nothing, a coupon valid for 0 "
        "days is over as it is given. Such a line says one thing and does another. To stop a rule "
        "for a while, give it a period with `effective`."
    )
    wrong: ClassVar[str] = (
        HEAD + 'incentive gift\n  for true\n  give coupon "A"\n  costs 5 yuan\n  soft internal\n'
        "  limit 0 per day\n"
    )
    right: ClassVar[str] = (
        HEAD + 'incentive gift\n  for true\n  give coupon "A"\n  costs 5 yuan\n  soft internal\n'
        "  limit 1 per day\n"
    )

    clause: str
    why: Words


STOPS = say("nothing is ever let through")
POSTS = say("nothing is ever posted")
OVER = say("it is over as it begins")
CHANGES = say("this changes nothing")


def find(look: Look) -> Iterator[NoEffect]:
    for written in look.written:
        for node in written.nodes:
            figure, why = _figure(node)
            values = None if figure is None else _values(figure, written.prefix, look)
            if values and all(value <= 0 for value in values):
                yield NoEffect(node.span, look.text(node.span), why)


def _figure(node: ast.Node) -> tuple[ast.Expr | None, Words]:
    """The figure of a clause that means something above 0 only, and what comes of it otherwise."""
    match node:
        case ast.Limit(count=figure) | ast.Quota(count=figure) | ast.Budget(amount=figure):
            return figure, STOPS
        case ast.AtMost(value=figure) | ast.Earn(value=figure) | ast.Times(value=figure):
            return figure, POSTS
        case ast.Valid(value=figure) | ast.Keep(value=figure) | ast.Discard(after=figure):
            return figure, OVER
        case ast.ExpireAfter(after=figure):
            return figure, OVER
        case ast.Grace(value=figure) | ast.Usable(after=figure):
            return figure, CHANGES
        case _:
            return None, ""


def _values(figure: ast.Expr, prefix: str, look: Look) -> list[Decimal] | None:
    """What a figure may be: itself, or the versions of a param; None: it is worked out."""
    match figure:
        case ast.Number():
            return [Decimal(figure.digits)]
        case ast.Negative(value=ast.Number(digits=digits)):
            return [-Decimal(digits)]
        case ast.Name():
            declared = look.meant(figure.text, prefix)
            if declared is None or not isinstance(declared.node, ast.Param):
                return None
            versions = [c.value for c in declared.node.clauses if isinstance(c, ast.ParamVersion)]
            numbers = [each for each in (declared.node.value, *versions)
                       if isinstance(each, ast.Number)]  # fmt: skip
            whole = len(numbers) == 1 + len(versions)
            return [Decimal(each.digits) for each in numbers] if whole else None
        case _:
            return None


LINT = Lint("no-effect", say("a limit, a length or an amount of nothing"), NoEffect, find)
