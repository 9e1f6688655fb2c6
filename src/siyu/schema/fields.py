"""Fields: their type, range and default."""

from __future__ import annotations

import re
from dataclasses import replace

from siyu.diagnostics import nearest
from siyu.schema import diagnostics as problems
from siyu.schema.loading import Loading, good_name, setting
from siyu.schema.model import MISSING, Field, outside
from siyu.schema.numbers import A_NUMBER
from siyu.schema.shape import FIELD, ONLY_FOR, PLAIN_TYPES, TYPE_WORDS, type_name
from siyu.schema.tree import List, Map, Pair, Scalar, Tree
from siyu.schema.values import UNITS, Mistake, decimal_text, held, held_number
from siyu.text import Span
from siyu.types import (
    ERROR,
    MAX_DIGITS,
    MAX_SCALE,
    MONEY_LIMIT,
    NUMBER_LIMIT,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    IntType,
    LevelType,
    MoneyType,
    NumberType,
    SetType,
    TextType,
    Type,
    minor_digits,
    scale_of,
)
from siyu.words import Words, say


def read_fields(run: Loading, tree: Tree | None, where: Words) -> dict[str, Field]:
    """The fields of a customer, collection, event or context, by name."""
    pairs = run.named(tree, setting("fields", where))
    return {pair.key: read_field(run, pair) for pair in pairs}


def read_field(run: Loading, pair: Pair) -> Field:
    """One `name: {type: …}`."""
    name = f"`{pair.key}`"
    tree = run.object(pair.value, say("the field `{name}`", name=pair.key))
    if tree is None:
        return Field(pair.key, ERROR, span=pair.key_span)
    run.check_keys(tree, FIELD, say("a field"))
    kind, low, high = _ranged(run, tree, pair.key, _type(run, tree, pair.key))
    optional = run.flag(tree, "optional", name)
    made = Field(
        pair.key,
        kind,
        optional,
        label=run.labels(tree.get("label"), setting("label", name)),
        pii=run.flag(tree, "pii", name),
        immutable=run.flag(tree, "immutable", name),
        role=run.word(tree.get("role"), setting("role", name)),
        low=low,
        high=high,
        scaled=tree.get("scale") is not None,
        span=pair.key_span,
    )
    return replace(made, default=_default(run, tree, made))


# ---------------------------------------------------------------- types


def _type(run: Loading, tree: Map, name: str) -> Type:
    """The type without its range; ErrorType where it was not understood."""
    written = run.word(
        run.need(tree, "type", say("the field `{name}`", name=name)), setting("type", f"`{name}`")
    )
    if written is None:
        return ERROR
    kind = _type_of_words(run, tree, written.split())
    for key, types in ONLY_FOR.items():
        if tree.get(key) is not None and not isinstance(kind, (*types, type(ERROR))):
            run.report(problems.NotForThisType(tree.key_span(key), key, type_name(kind)))
    return _detailed(run, tree, name, kind)


# What other programs call our types.
OTHERWISE_CALLED = {
    **dict.fromkeys(("string", "str", "varchar", "char"), "text"),
    **dict.fromkeys(("integer", "long", "bigint", "number"), "int"),
    **dict.fromkeys(("float", "double", "numeric", "real"), "decimal"),
    **dict.fromkeys(("boolean", "flag"), "bool"),
    **dict.fromkeys(("timestamp", "instant"), "datetime"),
    **dict.fromkeys(("currency", "amount", "price"), "money"),
    **dict.fromkeys(("list", "array", "tags"), "set of text"),
}


def _type_of_words(run: Loading, tree: Map, words: list[str]) -> Type:
    match words:
        case [word] if word in PLAIN_TYPES:
            return PLAIN_TYPES[word]
        case ["enum", name]:
            return _enum(run, tree, name)
        case ["set", "of", "text"]:
            return SetType(TextType())
        case ["set", "of", "enum", name]:
            item = _enum(run, tree, name)
            return SetType(item) if isinstance(item, EnumType) else ERROR
        case ["level", "of", tier] if good_name(tier):
            return LevelType(tier)
        case _:
            written = " ".join(words)
            span = _span(tree, "type")
            meant = OTHERWISE_CALLED.get(written.casefold())
            near = (meant,) if meant else nearest(written, TYPE_WORDS)
            run.report(problems.UnknownType(span, written, near))
            return ERROR


def _span(tree: Map, key: str) -> Span:
    found = tree.get(key)
    return tree.span if found is None else found.span


def _enum(run: Loading, tree: Map, name: str) -> Type:
    found = run.enums.get(name)
    if found is not None:
        return EnumType(name, found.members, found.ordered)
    run.report(problems.UnknownEnum(_span(tree, "type"), name, nearest(name, run.enums)))
    return ERROR


CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
DURATION_UNITS = ("day", "hour", "minute", "second", "month")


def _detailed(run: Loading, tree: Map, name: str, kind: Type) -> Type:
    """The type with its scale, currency or unit."""
    match kind:
        case DecimalType():
            scale = _scale(run, tree, name)
            if scale is None and tree.get("scale") is None:
                run.report(problems.ScaleMissing(_span(tree, "type"), name))
            return ERROR if scale is None else DecimalType(scale)
        case MoneyType():
            currency = _currency(run, tree, name)
            scale = _scale(run, tree, name)
            return MoneyType(currency, minor_digits(currency) if scale is None else scale)
        case DurationType():
            return _duration(run, tree, name)
        case _:
            return kind


def _scale(run: Loading, tree: Map, name: str) -> int | None:
    match tree.get("scale"):
        case None:
            return None
        case Scalar(value=int(scale)) if not isinstance(scale, bool) and 0 <= scale <= MAX_SCALE:
            return scale
        case wrong:
            problem = say("must be a whole number from {low} to {high}", low=0, high=MAX_SCALE)
            run.report(problems.BadValue(wrong.span, "scale", name, problem))
            return None


def _currency(run: Loading, tree: Map, name: str) -> str:
    code = run.word(tree.get("currency"), setting("currency", f"`{name}`"))
    if code is None or CURRENCY.fullmatch(code):
        return code or run.currency
    problem = say("must be a code of three capital letters like `CNY`")
    run.report(problems.BadValue(_span(tree, "currency"), "currency", name, problem))
    return run.currency


def _duration(run: Loading, tree: Map, name: str) -> Type:
    written = run.word(tree.get("unit"), setting("unit", f"`{name}`"))
    match UNITS.get(written or ""):
        case ("day" | "hour" | "minute" | "second" | "month" as unit, 1):
            return DurationType(unit, _scale(run, tree, name) or 0)
        case _:
            problem = say("must be one of {members}", members=DURATION_UNITS)
            run.report(problems.BadValue(_span(tree, "unit"), "unit", name, problem))
            return ERROR


# ---------------------------------------------------------------- ranges

Range = tuple[Type, int | None, int | None]


def _ranged(run: Loading, tree: Map, name: str, kind: Type) -> Range:
    """The type with its range, and the range of a date."""
    match kind:
        case IntType() | DecimalType() | MoneyType() | DurationType():
            return _number_range(run, tree, name, kind), None, None
        case DateType():
            low = _bound(run, tree, name, kind, "min")
            high = _bound(run, tree, name, kind, "max")
            if low is not None and high is not None and low > high:
                _report_range(run, tree, name, kind, (_word(tree, "min"), _word(tree, "max")))
            return kind, low, high
        case _:
            return kind, None, None


def _number_range(run: Loading, tree: Map, name: str, kind: NumberType) -> NumberType:
    widest = (MONEY_LIMIT if isinstance(kind, MoneyType) else NUMBER_LIMIT) * 10 ** scale_of(kind)
    low = _bound(run, tree, name, kind, "min")
    high = _bound(run, tree, name, kind, "max")
    low, high = -widest if low is None else low, widest if high is None else high
    for key, bound in (("min", low), ("max", high)):
        if abs(bound) >= 10**MAX_DIGITS:
            run.report(problems.RangeTooWide(_span(tree, key), name))
            return replace(kind, low=-widest, high=widest)
    if low > high:
        texts = (decimal_text(bound, scale_of(kind), short=True) for bound in (low, high))
        _report_range(run, tree, name, kind, tuple(texts))
        return replace(kind, low=-widest, high=widest)
    return replace(kind, low=low, high=high)


def _report_range(run: Loading, tree: Map, name: str, kind: Type, texts: tuple[str, ...]) -> None:
    key = "max" if tree.get("max") is not None else "min"
    run.report(problems.BadRange(_span(tree, key), name, texts[0], texts[1]))


def _word(tree: Map, key: str) -> str:
    found = tree.get(key)
    return found.text if isinstance(found, Scalar) else ""


def _bound(run: Loading, tree: Map, name: str, kind: NumberType | DateType, key: str) -> int | None:
    found = tree.get(key)
    if found is None:
        return None
    raw = raw_of(found)
    value = held(kind, raw) if isinstance(kind, DateType) else held_number(kind, raw)
    if isinstance(value, int):
        return value
    problem = value.text() if isinstance(value, Mistake) else A_NUMBER
    run.report(problems.BadValue(found.span, key, name, problem))
    return None


# ---------------------------------------------------------------- defaults


def _default(run: Loading, tree: Map, field: Field) -> object:
    """The held default, or MISSING where there is none or it is none."""
    found = tree.get("default")
    if found is None or field.type == ERROR:
        return MISSING
    value = held(field.type, raw_of(found))
    if isinstance(value, Mistake):
        _report_default(run, found, field, value)
        return MISSING
    problem = outside(field, value)
    if problem is not None:
        run.report(problems.DefaultOutsideRange(found.span, field.name, problem))
    if field.optional:
        run.report(problems.DefaultNotNeeded(tree.key_span("optional"), field.name))
    return value


def _report_default(run: Loading, found: Tree, field: Field, mistake: Mistake) -> None:
    number = field.type if isinstance(field.type, NumberType) else None
    if number is not None and isinstance(held_number(number, raw_of(found)), int):
        run.report(problems.DefaultOutsideRange(found.span, field.name, mistake.text()))
    else:
        run.report(problems.BadValue(found.span, "default", field.name, mistake.text()))


def raw_of(tree: Tree) -> object:
    """The part of the file as a record would bring it."""
    match tree:
        case Scalar():
            return tree.value
        case List():
            return [raw_of(item) for item in tree.items]
        case Map():
            return {pair.key: raw_of(pair.value) for pair in tree.pairs}
