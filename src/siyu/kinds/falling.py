"""That a tier's levels stand the highest first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from siyu.core.ir import Const, Expr, Ref
from siyu.diagnostics import Diagnostic, Note
from siyu.kinds.levels import Rung
from siyu.kinds.prove import values_of_param
from siyu.semantics.build import Scope
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import scale_of
from siyu.words import say


@dataclass(frozen=True, slots=True)
class LevelsRise(Diagnostic):
    code: ClassVar[str] = "E0633"
    message: ClassVar[str] = "nobody can ever be `{level}`: whoever reaches it is `{above}` already"
    label: ClassVar[str] = "this is no lower than where `{above}` begins"
    help: ClassVar[str] = "write the levels of a tier with the highest first"
    page: ClassVar[str] = (
        "The levels of a tier are asked from above, and the first that holds is earned. So the "
        "highest stands first, and each one below begins lower: `from` a smaller value, or at a "
        "larger share of the population."
    )
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric m = 7\n\ntier t by m\n  silver from 10\n"
        "  gold from 50\n  plain otherwise\n"
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric m = 7\n\ntier t by m\n  gold from 50\n"
        "  silver from 10\n  plain otherwise\n"
    )

    level: str
    above: str
    earlier: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        """Where the level above stands."""
        return (Note(say("`{name}` stands here", name=self.above), self.earlier),)


def check_falling(node: ast.Tier, rungs: tuple[Rung, ...], scope: Scope) -> None:
    """Reports each level that one above it takes everybody from, as far as constants tell."""
    for n, (level, rung) in enumerate(zip(node.levels, rungs, strict=True)):
        for upper, higher in zip(node.levels[:n], rungs[:n], strict=True):
            if _shadows(upper, higher, level, rung, scope):
                told = LevelsRise(level.rule.span, level.name.text, upper.name.text, upper.span)
                scope.build.report(told)
                break


def _shadows(upper: ast.Level, higher: Rung, level: ast.Level, rung: Rung, scope: Scope) -> bool:
    match upper.rule, level.rule:
        case ast.FromValue(), ast.FromValue():
            above = _numbers(higher.threshold, scope)
            below = _numbers(rung.threshold, scope)
            return bool(above and below) and min(below) >= max(above)
        case ast.TopShare() as more, ast.TopShare() as less:
            wider = Decimal(less.percent.digits) <= Decimal(more.percent.digits)
            return wider and more.among == less.among
        case _:
            return False


def _numbers(threshold: Expr | None, scope: Scope) -> list[Fraction]:
    """What a threshold may be: a constant, or the versions of a param; empty: nobody can tell."""
    match threshold:
        case Const():
            found = [threshold]
        case Ref():
            found = values_of_param(threshold.name, scope.build)
        case _:
            return []
    numbers = [
        Fraction(each.value, 10 ** scale_of(each.type))
        for each in found
        if isinstance(each.value, int)
    ]
    return numbers if len(numbers) == len(found) else []
