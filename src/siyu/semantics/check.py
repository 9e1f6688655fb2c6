"""The checker: an expression's tree becomes a typed core expression.

This module is the door; the rooms are beside it. Everything takes the `Scope` an expression
stands in, reports what is wrong to `scope.build`, and returns an `error_value` after a report.

Expressions
    value(tree, scope, expected=None)            any value
    condition(tree, scope, code="")              a bool; parts of and/or get `code.1`, `code.2`
    condition_and_guards(tree, scope, code="")   the same, and what is known where it is true
    forbids(tree, scope, code="")                of `unless` and `never when`: may not be unknown
    may_be_unknown(core, scope)                  whether a record may leave it unknown
    coerce(core, to, scope, span)                as a value of that type, digits added where needed
Arithmetic on core expressions
    add subtract multiply divide (a, b, scope, span), compare(op, a, b, scope, span)
    alike(core, other, scope, span)              whether both are of one unit; reports `core`
    rescale(core, scale)                         digits added, or rounded half up
Time
    as_of(scope), today(scope), local_date(core, scope)
    later(core, length, scope, span), earlier(…) a date or datetime moved by a duration
    in_over(time, over, scope), in_window(time, window, scope, span)
    effective_now(effective, scope)
Rows
    collection_path(name, scope)                 -> (path, view filters); ("", ()) after a report
    row_scope(path, scope)                       -> (the scope of one of its rows, Rows)
    column(name, row_scope)                      a column of the innermost row
    aggregate(op, path, value, where, scope, …)  over a collection, `value` and `where` in row_scope
Population
    share_cut(name, percent, by, among, …)       membership in the top share that the cut stands for
Words
    keep_words(because, scope, code)             the author's words, their `{names}` resolved
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from siyu.core.ir import And, Coalesce, Expr, Not, Or
from siyu.semantics import (
    aggregates,
    calendars,
    figures,
    functions,
    literals,
    make,
    names,
    numbers,
    population,
    sets,
    times,
)  # fmt: skip
from siyu.semantics import (
    compare as comparing,
)
from siyu.semantics.build import Scope, error_value
from siyu.semantics.candidates import near, of_members
from siyu.semantics.compare import compare
from siyu.semantics.figures import over_customers
from siyu.semantics.moving import earlier, later, local_date
from siyu.semantics.numbers import add, divide, multiply, subtract
from siyu.semantics.optional import forbidding, may_be_unknown, negatable, true_guards
from siyu.semantics.parts import member_of
from siyu.semantics.phrases import phrase
from siyu.semantics.population import share_cut
from siyu.semantics.ranges import bounds, number, union
from siyu.semantics.rows import aggregate, collection_path, column, row_scope
from siyu.semantics.times import as_of, effective_now, in_over, in_window, today
from siyu.semantics.type_errors import NotACondition, NotAMember
from siyu.semantics.units import alike, coerce, level_scales, paired, rescale, wider
from siyu.semantics.words import keep_words
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import BOOL, ERROR, EnumType, SetType, TextType, Type
from siyu.words import Words, say

__all__ = [
    "add", "aggregate", "alike", "as_of", "coerce", "collection_path", "column", "compare",
    "condition", "condition_and_guards", "divide", "earlier", "effective_now", "forbids", "in_over",
    "in_window", "keep_words", "later", "local_date", "may_be_unknown", "multiply", "negatable",
    "rescale", "row_scope", "share_cut", "subtract", "today", "value",
]  # fmt: skip

ARITHMETIC = {"+": add, "-": subtract, "*": multiply, "/": divide}


def value(expr: ast.Expr, scope: Scope, expected: Type | None = None) -> Expr:
    """The typed core of an expression.

    `expected` is the type of what it will be compared with or stored in: where that is an enum,
    a bare word of its members is that member. The result is not converted: see `coerce`.
    """
    build = scope.build
    build.depth += 1
    try:
        return _value(expr, scope, expected)
    finally:
        build.depth -= 1


def _value(expr: ast.Expr, scope: Scope, expected: Type | None) -> Expr:
    span = expr.span
    match expr:
        case ast.Number():
            return literals.number(expr, scope)
        case ast.Text():
            return literals.text(expr)
        case ast.Bool():
            return make.const(expr.value, BOOL, span)
        case ast.Date():
            return literals.day(expr, scope)
        case ast.DateTime():
            return literals.moment(expr, scope)
        case ast.Time():
            return literals.clock(expr, scope)
        case ast.Name():
            return _name(expr, scope, expected)
        case ast.Call():
            return _call(expr, scope)
        case ast.Aggregate() if over_customers(expr, scope):
            return figures.aggregate(expr, scope, value, condition)
        case ast.Aggregate():
            return aggregates.aggregate(expr, scope, value, condition)
        case ast.Share():
            return figures.share(expr, scope, condition)
        case ast.Population() if scope.stats is not None:
            return figures.ranked(expr, scope, value)
        case ast.Population():
            return population.population(expr, scope, value)
        case ast.Top():
            return population.top(expr, scope, value, condition)
        case ast.Negative():
            return numbers.negate(value(expr.value, scope, expected), scope, span)
        case ast.Arithmetic():
            left, right = value(expr.left, scope), value(expr.right, scope)
            return ARITHMETIC[expr.op](left, right, scope, span)
        case ast.Not():
            return _negation(condition(expr.value, scope), scope, span)
        case ast.And() | ast.Or():
            return _connected(expr, scope, ("",) * len(expr.items))
        case ast.Compare():
            return _comparison(expr, scope)
        case ast.Between():
            return _between(expr, scope)
        case ast.In():
            return _in(expr, scope)
        case ast.InPeriod():
            return _in_period(expr, scope)
        case ast.Within():
            return _within(expr, scope)
        case ast.Is():
            return _is(expr, scope)
        case ast.IsKnown():
            known = make.known(value(expr.value, scope), span)
            return known if expr.known else make.not_(known, span)
        case ast.Has():
            return _has(expr, scope)
        case ast.Set():
            return sets.literal(expr, scope, expected, value)
        case ast.Since():
            return times.since(expr.unit, value(expr.value, scope), expr.until, scope, span)
        case ast.Anniversary():
            return times.anniversary(value(expr.value, scope), scope, span)
        case ast.Otherwise():
            return _otherwise(expr, scope, expected)
        case _:
            assert_never(expr)


# ------------------------------------------------------------------------------ conditions


def condition(expr: ast.Expr, scope: Scope, code: str = "") -> Expr:
    """The typed core of a condition. It has the code; where it is written as `a and b` or
    `a or b`, its parts have `code.1`, `code.2` in the order written."""
    if isinstance(expr, (ast.And, ast.Or)):
        codes = [f"{code}.{n}" if code else "" for n in range(1, len(expr.items) + 1)]
        return make.recoded(_connected(expr, scope, codes), code)
    found = value(expr, scope)
    if found.type != BOOL and not make.is_error(found):
        scope.build.report(NotACondition(expr.span, phrase(found.type)))
        return error_value(expr.span)
    return make.recoded(found, code) if code else found


def condition_and_guards(
    expr: ast.Expr, scope: Scope, code: str = ""
) -> tuple[Expr, frozenset[Expr]]:
    """The condition, and what is known wherever it is true: for `scope.knowing(…)`."""
    found = condition(expr, scope, code)
    return found, true_guards(found)


def forbids(expr: ast.Expr, scope: Scope, code: str = "") -> Expr:
    """The condition of `unless` or `never when`; one that may be unknown is reported, since what
    is unknown would forbid nothing."""
    found = condition(expr, scope, code)
    forbidding(found, scope, expr.span)
    return found


def _connected(expr: ast.And | ast.Or, scope: Scope, codes: Iterable[str]) -> Expr:
    """A conjunction or disjunction. Parts that say what is known are read first, so that a guard
    holds for all the others, wherever it stands."""
    together = isinstance(expr, ast.And)
    parts = list(enumerate(zip(expr.items, codes, strict=True)))
    found: dict[int, Expr] = {}
    here = scope
    for at, (item, code) in sorted(parts, key=lambda part: not _speaks_of_known(part[1][0])):
        found[at] = condition(item, here, code)
        guards = true_guards(found[at]) if together else true_guards(make.not_(found[at]))
        here = here.knowing(guards) if guards else here
    items = tuple(found[at] for at in range(len(found)))
    if make.is_error(*items):
        return error_value(expr.span)
    return And(items, span=expr.span) if together else Or(items, span=expr.span)


def _speaks_of_known(expr: ast.Expr) -> bool:
    match expr:
        case ast.IsKnown():
            return True
        case ast.Not():
            return _speaks_of_known(expr.value)
        case ast.And() | ast.Or():
            return any(_speaks_of_known(item) for item in expr.items)
        case _:
            return False


def _negation(found: Expr, scope: Scope, span: Span) -> Expr:
    if make.is_error(found) or not negatable(found, scope, span):
        return error_value(span)
    return Not(found, span=span)


# ------------------------------------------------------------------------------ names and words


def _name(expr: ast.Name, scope: Scope, expected: Type | None) -> Expr:
    """A name; where a word of an enum is expected, that word first."""
    indicator = figures.indicator(expr, scope) if scope.stats is not None else None
    if indicator is not None:
        return figures.named(indicator, expr.span, scope, value)
    if isinstance(expected, EnumType) and len(expr.parts) == 1:
        word = member_of(expected.members, expr.parts[0])
        if word is not None:
            return make.const(word, expected, expr.span)
        found = names.lookup(expr.parts, expr.span, scope)
        return found or _not_a_member(expr, expected, scope)
    if expected == ERROR and len(expr.parts) == 1:
        # It may be a word of an enum, had the other side been right.
        found = names.lookup(expr.parts, expr.span, scope)
        if found is None:
            names.report_misspelt(expr, scope)
        return found or error_value(expr.span)
    hint: Words = ""
    if isinstance(expected, TextType):
        hint = say('write text in quotes: `"{text}"`', text=expr.text)
    return names.name(expr, scope, hint)


def _not_a_member(expr: ast.Name, kind: EnumType, scope: Scope) -> Expr:
    if kind.members:
        close = near(expr.text, of_members(kind, scope.build))
        scope.build.report(NotAMember(expr.span, expr.text, kind.name, kind.members, close))
        return error_value(expr.span)
    hint = say(
        "the schema speaks of levels of `{tier}`: declare a tier of this name", tier=kind.name
    )
    return names.name(expr, scope, hint)


def _pair(left: ast.Expr, right: ast.Expr, scope: Scope) -> tuple[Expr, Expr]:
    """Both sides of a comparison. The side that may be a bare word is read last, expecting the
    other's type."""
    if not _is_word_for(right, left, scope) and _is_word_for(left, right, scope):
        second = value(right, scope)
        return value(left, scope, second.type), second
    first = value(left, scope)
    return first, value(right, scope, first.type)


def _is_word_for(word: ast.Expr, other: ast.Expr, scope: Scope) -> bool:
    """Whether one side is a bare word that only the other side's type can explain."""
    if not isinstance(word, ast.Name) or len(word.parts) > 1:
        return False
    if scope.stats is not None and figures.indicator(word, scope) is not None:
        return False
    of_everyone = scope.stats is not None and isinstance(other, ast.Name)
    if isinstance(other, ast.Name) and not (of_everyone and figures.indicator(other, scope)):
        found = names.lookup(other.parts, other.span, scope)
        if found is not None and isinstance(found.type, EnumType):
            return member_of(found.type.members, word.parts[0]) is not None
    return names.lookup(word.parts, word.span, scope) is None


# ------------------------------------------------------------------------------ comparisons


def _comparison(expr: ast.Compare, scope: Scope) -> Expr:
    if expr.op in ("=", "!=") and calendars.names_days(expr.right, scope):
        found = calendars.is_day(value(expr.left, scope), expr.right, scope, expr.span)
        return _negation(found, scope, expr.span) if expr.op == "!=" else found
    left, right = _pair(expr.left, expr.right, scope)
    found = compare(expr.op, left, right, scope, expr.span)
    if expr.op == "!=" and not make.is_error(found) and not negatable(found, scope, expr.span):
        return error_value(expr.span)
    return found


def _is(expr: ast.Is, scope: Scope) -> Expr:
    op: comparing.Op = "!=" if expr.negated else "="
    return _comparison(ast.Compare(op, expr.value, expr.member, span=expr.span), scope)


def _between(expr: ast.Between, scope: Scope) -> Expr:
    middle = value(expr.value, scope)
    low, high = value(expr.low, scope, middle.type), value(expr.high, scope, middle.type)
    return comparing.between(middle, low, high, scope, expr.span)


def _in(expr: ast.In, scope: Scope) -> Expr:
    holder = value(expr.value, scope)
    items = tuple(value(item, scope, holder.type) for item in expr.items)
    found = comparing.one_of(holder, items, scope, expr.span)
    return _negation(found, scope, expr.span) if expr.negated else found


def _has(expr: ast.Has, scope: Scope) -> Expr:
    holder = value(expr.value, scope)
    wanted = holder.type.item if isinstance(holder.type, SetType) else None
    return comparing.has(holder, value(expr.item, scope, wanted), scope, expr.span)


def _in_period(expr: ast.InPeriod, scope: Scope) -> Expr:
    if isinstance(expr.value, ast.Anniversary):
        date = value(expr.value.value, scope)
        return times.anniversary_in_period(date, expr.unit, scope, expr.span)
    return times.in_period(value(expr.value, scope), expr.unit, scope, expr.span)


def _within(expr: ast.Within, scope: Scope) -> Expr:
    length = value(expr.length, scope)
    if isinstance(expr.value, ast.Anniversary):
        date = value(expr.value.value, scope)
        return times.anniversary_around(date, expr.direction, length, scope, expr.span)
    moment = value(expr.value, scope)
    return times.around_now(moment, expr.direction, length, scope, expr.span)


# ------------------------------------------------------------------------------ values


def _call(expr: ast.Call, scope: Scope) -> Expr:
    if expr.function.text in calendars.FUNCTIONS:
        return calendars.nearest_day(expr, scope)
    found = functions.built_in(expr, scope)
    if found is None:
        return error_value(expr.span)
    args = tuple(value(arg, scope) for arg in expr.args)
    return functions.apply(found, args, scope, expr.span)


def _otherwise(expr: ast.Otherwise, scope: Scope, expected: Type | None) -> Expr:
    """The default has the value's unit; the result the larger of both scales and ranges."""
    first = value(expr.value, scope, expected)
    second = value(expr.default, scope, expected or first.type)
    if make.is_error(first, second):
        return error_value(expr.span)
    pair = paired(first, second, scope, expr.span) if number(first.type) else None
    if pair is None or make.is_error(*pair):
        default = second if pair else coerce(second, first.type, scope, expr.default.span)
        return make.otherwise(first, pair[1] if pair else default, expr.span)
    one, two = level_scales(*pair)
    kind = wider((one, two), union(bounds(one.type), bounds(two.type)))
    return Coalesce(one, two, kind, span=expr.span)
