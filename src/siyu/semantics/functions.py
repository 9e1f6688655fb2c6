"""The functions an author may call, each declared once: its shape and what it makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from siyu.core.ir import Const, Expr
from siyu.diagnostics import nearest
from siyu.semantics import ranges
from siyu.semantics.build import Scope, error_value
from siyu.semantics.errors import UnknownFunction, WrongArguments
from siyu.semantics.make import call, is_error
from siyu.semantics.moving import whole
from siyu.semantics.phrases import phrase
from siyu.semantics.type_errors import WrongType
from siyu.semantics.units import rescale
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import MAX_SCALE, DecimalType, GeoType, IntType

Args = tuple[Expr, ...]
Made = Callable[[Args, Scope, Span], Expr]
HALF_THE_EARTH = 20_100_000  # metres


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """`shape` is how it is called; `counts` how many arguments it takes."""

    name: str
    shape: str
    counts: tuple[int, ...]
    make: Made


def _number(arg: Expr, scope: Scope) -> bool:
    """Whether it is a number of any unit; False after a report."""
    if ranges.number(arg.type) is not None:
        return True
    scope.build.report(WrongType(arg.span, phrase(arg.type), "a number", "give a number"))
    return False


def _round(args: Args, scope: Scope, span: Span) -> Expr:
    """Half up to so many digits, none where none are said; a plain number is then a whole one."""
    digits = 0
    if len(args) == 2:
        asked = args[1]
        held = asked.value if isinstance(asked, Const) and isinstance(asked.type, IntType) else None
        if not isinstance(held, int) or not 0 <= held <= MAX_SCALE:
            advice = "write it as a number, as in `round(x, 2)`"
            wanted = f"a number of digits from 0 to {MAX_SCALE}"
            scope.build.report(WrongType(asked.span, phrase(asked.type), wanted, advice))
            return error_value(span)
        digits = held
    if not _number(args[0], scope):
        return error_value(span)
    return _as_whole(rescale(args[0], digits)) if digits == 0 else rescale(args[0], digits)


def _as_whole(expr: Expr) -> Expr:
    """A plain number without digits after the point, as an int."""
    if not isinstance(expr.type, DecimalType):
        return expr
    kind = IntType(*ranges.bounds(expr.type))
    if isinstance(expr, Const):
        return Const(expr.value, kind, span=expr.span)
    return call("rescale", kind, expr, Const(0, IntType(0, 0)), span=expr.span)


def _whole(function: str) -> Made:
    def made(args: Args, scope: Scope, span: Span) -> Expr:
        return whole(args[0], function) if _number(args[0], scope) else error_value(span)

    return made


def _abs(args: Args, scope: Scope, span: Span) -> Expr:
    kind = ranges.number(args[0].type)
    if kind is None:
        _number(args[0], scope)
        return error_value(span)
    target = ranges.within(kind, ranges.sized(ranges.bounds(kind)))
    return call("abs", target, args[0], span=span)


def _distance(args: Args, scope: Scope, span: Span) -> Expr:
    for arg in args:
        if not isinstance(arg.type, GeoType):
            advice = "name a field of type geo"
            scope.build.report(WrongType(arg.span, phrase(arg.type), "a place", advice))
            return error_value(span)
    return call("distance", IntType(0, HALF_THE_EARTH), *args, span=span)


BUILT_INS = {
    each.name: each
    for each in (
        BuiltIn("round", "round(x, digits)", (1, 2), _round),
        BuiltIn("floor", "floor(x)", (1,), _whole("floor")),
        BuiltIn("ceil", "ceil(x)", (1,), _whole("ceil")),
        BuiltIn("abs", "abs(x)", (1,), _abs),
        BuiltIn("distance", "distance(a, b)", (2,), _distance),
    )
}
AGGREGATES = ("sum", "count", "avg", "min", "max", "distinct", "exists", "latest", "earliest")


def built_in(node: ast.Call, scope: Scope) -> BuiltIn | None:
    """The function that a call names, if it takes so many arguments; None after a report."""
    name = node.function.text
    found = BUILT_INS.get(name)
    if found is None:
        has = (*BUILT_INS, *AGGREGATES)
        scope.build.report(UnknownFunction(node.function.span, name, nearest(name, has), has))
    elif len(node.args) not in found.counts:
        count = len(node.args)
        given = f"{count} value{'' if count == 1 else 's'}" if count else "nothing"
        wanted = " or ".join(str(n) for n in found.counts)
        problem = f"{wanted} value{'' if wanted == '1' else 's'} needed"
        scope.build.report(WrongArguments(node.span, name, given, problem, found.shape))
        return None
    return found


def apply(found: BuiltIn, args: Args, scope: Scope, span: Span) -> Expr:
    """The function's value for arguments already read."""
    return error_value(span) if is_error(*args) else found.make(args, scope, span)
