"""The columns of a sample's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from siyu.population.sample import words
from siyu.population.sample.draws import text
from siyu.population.sample.held import as_column
from siyu.population.sample.model import Column, Form, Wish
from siyu.schema.model import MISSING, Collection, Field
from siyu.types import (
    DateTimeType,
    DateType,
    EnumType,
    GeoType,
    IntType,
    NumberType,
    SetType,
)

IN_TEXT = "strftime({}, '%Y-%m-%dT%H:%M:%S.%fZ')"


def columns_of(field: Field, held: str, form: Form, key: bool = False) -> Iterator[Column]:
    """The columns of a field: one, of a place two."""
    needed = not field.optional and field.default is MISSING
    if isinstance(field.type, GeoType):
        for part in ("lat", "lon"):
            sql = f"(({held}).{part} / 10000.0::DOUBLE)"
            yield Column(f"{field.name}_{part}", sql, "other", needed)
        return
    sql = as_column(field, held)
    match field.type:
        case DateType():
            yield Column(field.name, sql, "key" if key else "date", needed, _outside(field))
        case DateTimeType():
            written = "{}" if form == "parquet" else IN_TEXT
            yield Column(field.name, sql, "key" if key else "datetime", needed, "", written)
        case SetType() if form == "csv":
            joined = "array_to_string({}, ';')"
            yield Column(field.name, sql, "other", needed, "", joined)
        case EnumType():
            yield Column(field.name, sql, "key" if key else "enum", needed, text("no_such"))
        case _ if isinstance(field.type, NumberType):
            yield Column(field.name, sql, "key" if key else "number", needed, _outside(field))
        case _:
            yield Column(field.name, sql, "key" if key else "other", needed)


def nobody(key: Field) -> str:
    """A key that nobody has."""
    return "-1 - __row % 1000000" if isinstance(key.type, IntType) else "'NOBODY-' || __row"


def clamped(field: Field, held: str) -> str:
    """A held number that another field's range gave, within this one's."""
    if not isinstance(field.type, NumberType):
        return held
    return f"least(greatest({held}, {field.type.low}), {field.type.high})"


def _outside(field: Field) -> str:
    """A value beyond the range, where the file says one."""
    kind = field.type
    if isinstance(kind, NumberType) and -(10**8) <= kind.low < kind.high:
        return as_column(field, str(kind.low - 1))
    if isinstance(kind, DateType) and field.low is not None:
        return as_column(field, str(field.low - 719_163 - 1))
    return ""


def is_quantity(field: Field) -> bool:
    """Whether a field says how many were bought."""
    return isinstance(field.type, IntType) and words.is_about(field, "quantity")


def owner_column(wish: Wish, fields: Mapping[str, Field]) -> str:
    """What the column with the customer's key is called."""
    return _free((wish.schema.key, "customer", "customer_key", "of_customer"), fields)


def parent_column(wish: Wish, around: Collection, inner: Collection) -> str:
    """What the column with the key of the row around is called."""
    assert around.key is not None
    taken = {**inner.fields, owner_column(wish, inner.fields): None}
    return _free((around.key, f"{around.name}_{around.key}", "parent", "of_row"), taken)


def _free(wanted: tuple[str, ...], taken: Mapping[str, object]) -> str:
    folded = {each.casefold() for each in taken}
    return next(each for each in wanted if each.casefold() not in folded)
