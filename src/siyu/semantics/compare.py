"""Comparisons: which values have something to say to each other."""

from __future__ import annotations

from typing import Literal

from siyu.core.ir import Const, Expr
from siyu.semantics import make
from siyu.semantics.build import Scope, error_value
from siyu.semantics.make import call, const, is_error
from siyu.semantics.moving import local_date
from siyu.semantics.phrases import phrase
from siyu.semantics.type_errors import NotComparable, NotOrdered, WrongType
from siyu.semantics.units import level_scales, paired, plain, write_money
from siyu.text import Span
from siyu.types import (
    BOOL,
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    IntType,
    MoneyType,
    SetType,
    TextType,
    TimeType,
    Type,
)  # fmt: skip
from siyu.words import Said, say

Op = Literal["=", "!=", "<", "<=", ">", ">="]

FUNCTION: dict[Op, str] = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
MIRRORED: dict[Op, Op] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compare(op: Op, a: Expr, b: Expr, scope: Scope, span: Span) -> Expr:
    """A bool, unknown where a side is; reports sides that do not go together.

    Numbers are brought to one unit and scale; a date is compared with a moment by local date.
    """
    if is_error(a, b):
        return error_value(span)
    pair = _sides(a, b, scope, span)
    if pair is None or is_error(*pair):
        return error_value(span)
    x, y = pair
    if isinstance(x.type, EnumType) and isinstance(y.type, EnumType) and op not in ("=", "!="):
        return _by_rank(op, x, y, x.type, scope, span)
    if op not in ("=", "!=") and isinstance(x.type, BoolType):
        scope.build.report(NotOrdered(span, say("a condition"), op))
        return error_value(span)
    return call(FUNCTION[op], BOOL, x, y, span=span)


def _sides(a: Expr, b: Expr, scope: Scope, span: Span) -> tuple[Expr, ...] | None:
    """Both sides as held values of one type; None after a report."""
    match a.type, b.type:
        case (
            (IntType() | DecimalType() | MoneyType() | DurationType()),
            (IntType() | DecimalType() | MoneyType() | DurationType()),
        ):
            pair = paired(a, b, scope, span)
            if pair is None:
                _refuse(a, b, scope, span)
            return level_scales(*pair) if pair and not is_error(*pair) else None
        case (DateType(), DateTimeType()) | (DateTimeType(), DateType()):
            return local_date(a, scope), local_date(b, scope)
        case (
            (BoolType(), BoolType()) | (TextType(), TextType()) | (TimeType(), TimeType())
            | (DateType(), DateType()) | (DateTimeType(), DateTimeType())
        ):  # fmt: skip
            return a, b
        case EnumType(), EnumType() if a.type == b.type:
            return a, b
        case _:
            _refuse(a, b, scope, span)
            return None


def _refuse(a: Expr, b: Expr, scope: Scope, span: Span) -> None:
    advice = _advice(a, b)
    scope.build.report(NotComparable(span, phrase(a.type), phrase(b.type), advice))


def _advice(one: Expr, other: Expr) -> Said:
    """What was probably meant."""
    a, b = kinds = (one.type, other.type)
    if _bare(one, other) or _bare(other, one):
        return say("leave the unit of the number out, or compare something of that unit")
    match a, b:
        case MoneyType(), _ if plain(b):
            return write_money(other, a)
        case _, MoneyType() if plain(a):
            return write_money(one, b)
        case (MoneyType(), DurationType()) | (DurationType(), MoneyType()):
            return say("compare an amount with an amount, and a length of time with another")
        case (TextType(), _) | (_, TextType()) if _quoted_number(one, other):
            return say("write the number without quotes")
        case _:
            return _by_kinds(kinds)


def _bare(figure: Expr, number: Expr) -> bool:
    """Whether a figure without unit is compared with a number that is written with one."""
    if not plain(figure.type) or isinstance(figure, Const):
        return False
    return isinstance(number, Const) and isinstance(number.type, (MoneyType, DurationType))


def _quoted_number(one: Expr, other: Expr) -> bool:
    """Whether a number is compared with a number that stands in quotes."""
    written, value = (one, other) if isinstance(one.type, TextType) else (other, one)
    held = written.value if isinstance(written, Const) else None
    return plain(value.type) and isinstance(held, str) and held.replace(".", "").isdigit()


def _by_kinds(kinds: tuple[Type, Type]) -> Said:
    if any(isinstance(kind, SetType) for kind in kinds):
        return say('ask what a set holds with `has`, as in `tags has "vip"`')
    if any(isinstance(kind, EnumType) for kind in kinds) and TextType() in kinds:
        return say("write a word of an enum without quotes")
    if any(isinstance(kind, DurationType) for kind in kinds) and any(map(plain, kinds)):
        return say("write the number with its unit, as in `30 days`")
    if any(isinstance(kind, (DateType, DateTimeType)) for kind in kinds):
        return say("compare dates with dates; `days since x` turns a date into a number of days")
    if TextType() in kinds:
        return say("text is compared with text in quotes")
    return say("compare values of one kind")


def _by_rank(op: Op, a: Expr, b: Expr, kind: EnumType, scope: Scope, span: Span) -> Expr:
    if not kind.ordered:
        scope.build.report(NotOrdered(span, say("`{name}`", name=kind.name), op))
        return error_value(span)
    if isinstance(a, Const) and not isinstance(b, Const):
        return _by_rank(MIRRORED[op], b, a, kind, scope, span)
    if isinstance(b, Const) and isinstance(b.value, str):
        return call("in_set", BOOL, a, _members(op, b.value, kind), span=span)
    return call(FUNCTION[op], BOOL, rank(a), rank(b), span=span)


def _members(op: Op, member: str, kind: EnumType) -> Const:
    """The members of an ordered enum that are `op` the given one."""
    at = kind.members.index(member)
    chosen = {
        "<": kind.members[:at],
        "<=": kind.members[: at + 1],
        ">": kind.members[at + 1 :],
        ">=": kind.members[at:],
    }[op]
    return const(frozenset(chosen), SetType(kind))


def rank(value: Expr) -> Expr:
    """Where a word stands in its ordered enum, 0 the lowest."""
    assert isinstance(value.type, EnumType)
    members = value.type.members
    order = Const(members, SetType(value.type))
    return call("rank", IntType(0, max(len(members) - 1, 0)), value, order, span=value.span)


def between(value: Expr, low: Expr, high: Expr, scope: Scope, span: Span) -> Expr:
    """Both ends included."""
    above = compare(">=", value, low, scope, span)
    if is_error(above):
        return above
    return make.all_of(above, compare("<=", value, high, scope, span), span=span)


def one_of(value: Expr, items: tuple[Expr, ...], scope: Scope, span: Span) -> Expr:
    """Whether the value equals one of the items (unknown ones by Kleene's `or`)."""
    if is_error(value, *items):
        return error_value(span)
    found = [compare("=", value, item, scope, item.span) for item in items]
    if is_error(*found):
        return error_value(span)
    if not isinstance(value, Const) and all(isinstance(item, Const) for item in items):
        return _in_set(value, items, scope, span)
    return make.any_of(*found, span=span)


def _in_set(value: Expr, items: tuple[Expr, ...], scope: Scope, span: Span) -> Expr:
    """One look-up, where all items are constants."""
    pairs = [_sides(value, item, scope, item.span) for item in items]
    sides = [pair for pair in pairs if pair is not None]
    left = {pair[0] for pair in sides}
    constants = [pair[1].value for pair in sides if isinstance(pair[1], Const)]
    held = frozenset(constants)
    if len(left) != 1 or len(constants) != len(items) or None in held:
        return make.any_of(*(compare("=", value, i, scope, i.span) for i in items), span=span)
    item_type = value.type if isinstance(value.type, EnumType) else TextType()
    return call("in_set", BOOL, left.pop(), Const(held, SetType(item_type)), span=span)  # type: ignore[arg-type]


def has(holder: Expr, item: Expr, scope: Scope, span: Span) -> Expr:
    """Whether a set holds an item."""
    if is_error(holder, item):
        return error_value(span)
    if not isinstance(holder.type, SetType):
        advice = say("`has` asks what a set holds; compare other values with `is` or `in (…)`")
        scope.build.report(
            WrongType(holder.span, phrase(holder.type), say("a set of words"), advice)
        )
        return error_value(span)
    if item.type != holder.type.item:
        pair = phrase(item.type), _set_of(holder.type.item)
        scope.build.report(NotComparable(span, *pair, _advice(item, Const(None, holder.type.item))))
        return error_value(span)
    return call("has", BOOL, holder, item, span=span)


def _set_of(item: Type) -> Said:
    if isinstance(item, EnumType):
        return say("a set of the words of `{name}`", name=item.name)
    return say("a set of texts")
