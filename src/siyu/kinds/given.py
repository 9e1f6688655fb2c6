"""What a test gives: literals become a request as it would come from outside."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from siyu.core.ir import Const, Expr
from siyu.diagnostics import Diagnostic
from siyu.functions import FUNCTIONS
from siyu.schema import Field
from siyu.semantics import check, make
from siyu.semantics.build import Scope
from siyu.syntax import ast
from siyu.types import (
    DateTimeType,
    DateType,
    DecimalType,
    MoneyType,
    SetType,
    TimeType,
    Type,
    scale_of,
)  # fmt: skip

Raw = str | int | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class NotGiven(Diagnostic):
    code: ClassVar[str] = "E0691"
    message: ClassVar[str] = "a test gives plain values, and this has to be worked out"
    label: ClassVar[str] = "this depends on something else"
    help: ClassVar[str] = "write the value itself"
    page: ClassVar[str] = (
        "What a test gives stands for a record: numbers, texts, dates, members of an enum."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\nmetric m = age otherwise 0\n\n'
        'test "t" at 2026-01-01\n  given customer\n    age = m\n  expect m = 0\n'
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\nmetric m = age otherwise 0\n\n'
        'test "t" at 2026-01-01\n  given customer\n    age = 5\n  expect m = 5\n'
    )


def raw(written: ast.Expr, kind: Type, scope: Scope) -> Raw:
    """A literal as a record would hold it; None after a report."""
    kind = scope.build.real_type(kind)
    if isinstance(kind, SetType):
        if isinstance(written, ast.Set):
            items = [raw(each, kind.item, scope) for each in written.items]
            words = [each for each in items if isinstance(each, str)]
            return words if len(words) == len(items) else None
        item = raw(written, kind.item, scope)
        return [item] if isinstance(item, str) else None
    if isinstance(kind, DateTimeType) and isinstance(written, ast.Date):
        written = ast.DateTime(written.text, "00:00", span=written.span)
    found = check.coerce(check.value(written, scope, kind), kind, scope, written.span)
    if make.is_error(found):
        return None
    outside = _outside(found, scope) if isinstance(found, Const) else None
    if outside is None:
        scope.build.report(NotGiven(written.span))
    return outside


def held(written: ast.Expr, kind: Type, scope: Scope) -> Expr:
    """A literal as a constant of a type."""
    return check.coerce(check.value(written, scope, kind), kind, scope, written.span)


def _outside(found: Const, scope: Scope) -> Raw:
    """A held value in the form in which records bring it."""
    value = found.value
    match found.type:
        case DecimalType() | MoneyType():
            text = FUNCTIONS["digits"].python(value, scale_of(found.type))
            return str(text)
        case DateType() if isinstance(value, int):
            day = FUNCTIONS["iso_date"].python(value)
            return None if day is None else str(day)
        case TimeType() if isinstance(value, int):
            return f"{value // 3600:02}:{value // 60 % 60:02}:{value % 60:02}"
        case DateTimeType() if isinstance(value, int):
            return moment_text(value, scope.build.timezone)
        case _:
            return value if isinstance(value, bool | int | str) else None


def moment_text(instant: int, timezone: str) -> str:
    """An instant in a zone, as records write it."""
    start = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    moment = start + dt.timedelta(microseconds=instant)
    return moment.astimezone(ZoneInfo(timezone)).isoformat()


def is_missing(written: ast.Expr, field: Field) -> bool:
    """Whether a cell says that its value is missing."""
    return isinstance(written, ast.Name) and written.text == "unknown" and field.optional
