"""`indicators.json`: what indicators and claims came to, beside an earlier run's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from siyu.core.ir import Held
from siyu.decision.values import datetime_text, plain_value
from siyu.population.figures.found import FigureFound
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    IntType,
    MoneyType,
    TimeType,
    Type,
)

WORDS: tuple[tuple[type, str], ...] = (
    (BoolType, "bool"), (IntType, "int"), (DecimalType, "decimal"), (MoneyType, "money"),
    (DurationType, "duration"), (DateType, "date"), (TimeType, "time"),
    (DateTimeType, "datetime"), (EnumType, "enum"),
)  # fmt: skip
UNKNOWN = "unknown"
Document = dict[str, Any]


def figures_document(
    found: Sequence[FigureFound],
    labels: Mapping[str, str],
    as_of: int,
    timezone: str,
    earlier: Mapping[str, Any] | None = None,
    proven: Sequence[str] = (),
) -> Document:
    """The document: values are texts with all their digits, null where nobody can tell. `earlier`
    is the document of an earlier run: each indicator then says what it was `before`. `proven` are
    claims that hold whatever the data are."""
    zone = ZoneInfo(timezone)
    indicators: Document = {}
    claims: Document = {
        name: {"label": labels.get(name, name), "holds": True, "value": None, "proven": True}
        for name in proven
    }
    for each in found:
        name = each.figure.name
        if each.figure.kind == "claim":
            claims[name] = _claim(each, labels, zone)
        else:
            indicators[name] = _indicator(each, labels, zone, _earlier(earlier, name))
    return {"as_of": datetime_text(as_of, zone), "indicators": indicators, "claims": claims}


def _indicator(
    found: FigureFound, labels: Mapping[str, str], zone: ZoneInfo, before: Document | None
) -> Document:
    figure = found.figure
    by: Document | None = None
    if figure.by is not None:
        by = {"declaration": figure.by_name, "groups": _groups(found, zone)}
        if found.too_many:
            by["too_many"] = True
    return {
        "label": labels.get(figure.name, figure.name),
        "type": word_of(figure.type),
        "value": _text(found.value, figure.type, zone),
        "by": by,
        "before": before,
    }


def _claim(found: FigureFound, labels: Mapping[str, str], zone: ZoneInfo) -> Document:
    measured = found.measured
    return {
        "label": labels.get(found.figure.name, found.figure.name),
        "holds": found.holds,
        "value": None if measured is None else _text(*measured, zone),
    }


def _groups(found: FigureFound, zone: ZoneInfo) -> dict[str, str | None]:
    groups: dict[str, str | None] = {}
    for key, value in found.groups:
        groups[_key(key, groups)] = _text(value, found.figure.type, zone)
    return groups


def _key(key: Held, taken: Mapping[str, object]) -> str:
    """A group's name. Those of whom nobody can tell the group are `unknown`, which comes last; a
    word of the facts may be called so, too."""
    if key is None:
        return UNKNOWN if UNKNOWN not in taken else f"({UNKNOWN})"
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(key)


def _earlier(document: Mapping[str, Any] | None, name: str) -> Document | None:
    """What an earlier run said of an indicator, if it did and its file is what ours are."""
    indicators = document.get("indicators") if document is not None else None
    found = indicators.get(name) if isinstance(indicators, dict) else None
    if not isinstance(found, dict) or document is None:
        return None
    by = found.get("by")
    groups = by.get("groups") if isinstance(by, dict) else None
    return {"as_of": document.get("as_of"), "value": found.get("value"), "groups": groups}


def _text(value: Held, kind: Type, zone: ZoneInfo) -> str | None:
    written = plain_value(kind, value, zone)
    if isinstance(written, bool):
        return "true" if written else "false"
    return None if written is None else str(written)


def word_of(kind: Type) -> str:
    """What kind of value it is, in one word."""
    return next((word for each, word in WORDS if isinstance(kind, each)), "text")
