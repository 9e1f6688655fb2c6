"""Expressions as text, with the parentheses that the grammar needs and no others."""

from __future__ import annotations

from typing import assert_never

from siyu.syntax import ast
from siyu.syntax.unparse.lines import Piece, reach
from siyu.syntax.unparse.speech import Speech, commas, joined, path, quoted

# How tightly a form binds; a place that asks for a level takes it and everything tighter.
VALUE, CONDITION, NOT, PREDICATE, SUM, PRODUCT, UNARY, PREFIXED, ATOM = range(9)


def expression(say: Speech, node: ast.Expr, least: int = CONDITION) -> str:
    """The text of an expression, in parentheses if it binds looser than `least`."""
    level, text = _form(say, node)
    return text if level >= least else f"({text})"


def breakable(say: Speech, lead: str, node: ast.Expr, whole: ast.Node) -> tuple[Piece, ...]:
    """`lead` and an expression, in pieces that may stand below each other: one for each operand of
    an outermost `and` or `or`. `whole` is what `lead` begins."""
    match node:
        case ast.And(items):
            link = say("and")
        case ast.Or(items):
            link = say("or")
        case _:
            return (Piece(joined(lead, expression(say, node)), reach(whole.span, node.span)),)
    first = Piece(joined(lead, expression(say, items[0], NOT)), reach(whole.span, items[0].span))
    return first, *(Piece(f"{link} {expression(say, item, NOT)}", item.span) for item in items[1:])


def _form(say: Speech, node: ast.Expr) -> tuple[int, str]:
    """How tightly it binds, and its text."""

    def at(inner: ast.Expr, least: int) -> str:
        return expression(say, inner, least)

    match node:
        case ast.Number():
            return ATOM, say.number(node)
        case ast.Text(value):
            return ATOM, quoted(value)
        case ast.Bool(value):
            return ATOM, say("true" if value else "false")
        case ast.Date(text) | ast.Time(text):
            return ATOM, text
        case ast.DateTime(date, time):
            return ATOM, f"{date} {time}"
        case ast.Name():
            return ATOM, path(node)
        case ast.Call() | ast.Aggregate() | ast.Share() | ast.Population():
            return ATOM, _figure(say, node)
        case ast.Set(items):
            return ATOM, f"({commas([at(item, VALUE) for item in items])})"
        case ast.Since() | ast.Anniversary():
            return _calendar(say, node)
        case ast.Negative(value):
            return UNARY, f"-{at(value, UNARY)}"
        case ast.Arithmetic():
            return _arithmetic(say, node)
        case ast.And(items):
            return CONDITION, f" {say('and')} ".join(at(item, NOT) for item in items)
        case ast.Or(items):
            return CONDITION, f" {say('or')} ".join(at(item, NOT) for item in items)
        case ast.Not(value):
            return NOT, f"{say('not')} {at(value, NOT)}"
        case ast.Otherwise(value, default):
            return VALUE, f"{at(value, CONDITION)} {say('default')} {at(default, CONDITION)}"
        case _:
            return PREDICATE, _predicate(say, node)


def _arithmetic(say: Speech, node: ast.Arithmetic) -> tuple[int, str]:
    """A chain of one level, left to right; walked, since it may be thousands long."""
    level = SUM if node.op in "+-" else PRODUCT
    links: list[str] = []
    left: ast.Expr = node
    while isinstance(left, ast.Arithmetic) and (left.op in "+-") == (level == SUM):
        links.append(f"{left.op} {expression(say, left.right, level + 1)}")
        left = left.left
    return level, " ".join([expression(say, left, level), *reversed(links)])


_Predicate = (
    ast.Compare | ast.Between | ast.In | ast.InPeriod | ast.Within | ast.Is | ast.IsKnown | ast.Has
    | ast.Top
)  # fmt: skip


def _predicate(say: Speech, node: _Predicate) -> str:
    def at(inner: ast.Expr) -> str:
        return expression(say, inner, SUM)

    match node:
        case ast.Compare(op, left, right):
            return f"{at(left)} {op} {at(right)}"
        case ast.Between(value, low, high):
            link = say("and") if say.language == "en" else say("to")
            return f"{at(value)} {say('between')} {at(low)} {link} {at(high)}"
        case ast.In(value, items, negated):
            listed = commas([at(item) for item in items])
            return f"{at(value)} {say('not_in' if negated else 'in')} ({listed})"
        case ast.InPeriod(value, unit):
            return f"{at(value)} {say(f'in_this.{unit}')}"
        case ast.Within(value, direction, length):
            return joined(at(value), say(f"within_{direction}"), at(length), say("within_end"))
        case ast.Is(value, member, negated):
            return f"{at(value)} {say('is_not' if negated else 'is')} {at(member)}"
        case ast.IsKnown(value, known):
            return f"{at(value)} {say('is_known' if known else 'is_unknown')}"
        case ast.Has(value, item):
            return f"{at(value)} {say('has')} {at(item)}"
        case ast.Top(percent, by, among):
            text = f"{say('top')} {say.number(percent)} {say('by')} {at(by)}"
            if among is None:
                return text
            return f"{text} {say('among')} {expression(say, among, NOT)}"
        case _:
            assert_never(node)


def _figure(say: Speech, node: ast.Call | ast.Aggregate | ast.Share | ast.Population) -> str:
    def inside(args: tuple[ast.Expr, ...]) -> str:
        return commas([expression(say, arg, VALUE) for arg in args])

    match node:
        case ast.Call(function, args):
            return f"{say.function(function.text)}({inside(args)})"
        case ast.Population(function, args):
            return f"{say('population')} {say.population(function.text)}({inside(args)})"
        case ast.Share(condition, where):
            return f"{say('share')}({joined(expression(say, condition), _where(say, where))})"
        case ast.Aggregate(function_name, args, by, over, where):
            sort = joined(say("by"), path(by)) if by else ""
            parts = joined(inside(args), sort, _over(say, over), _where(say, where))
            return f"{say(f'aggregate.{function_name}')}({parts})"
        case _:
            assert_never(node)


def _where(say: Speech, condition: ast.Expr | None) -> str:
    return joined(say("where"), expression(say, condition)) if condition is not None else ""


def _over(say: Speech, over: ast.Over | None) -> str:
    if over is None:
        return ""
    text = joined(say(f"over_{over.direction}"), expression(say, over.length, SUM))
    if over.ending is None:
        return text
    return joined(text, say("ending"), expression(say, over.ending, SUM), say("ago"))


def _calendar(say: Speech, node: ast.Since | ast.Anniversary) -> tuple[int, str]:
    """`days since x` is `距 x 的天数`; `anniversary of x` is `x 的周年`."""
    level = PREFIXED if say.language == "en" else ATOM
    match node:
        case ast.Anniversary(value):
            text = expression(say, value, level)
            return level, joined(say("anniversary_of"), text, say("the_anniversary"))
        case ast.Since(unit, value, until):
            lead = "until" if until else "since"
            opening = say(f"{lead}_open", f"{lead}.{unit}")
            text = expression(say, value, PREFIXED)
            return level, joined(opening, text, say(f"counted.{unit}"))
        case _:
            assert_never(node)
