"""A schema as a page for people and as data for machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from siyu.decision.values import date_text, plain_value
from siyu.schema import MISSING, Collection, Enum, Event, Field, Labels, Schema
from siyu.schema.shape import type_name
from siyu.schema.values import decimal_text
from siyu.types import DateType, DecimalType, DurationType, IntType, MoneyType, Type, scale_of

if TYPE_CHECKING:
    from rich.console import RenderableType


# ---------------------------------------------------------------- as data


def as_data(schema: Schema) -> dict[str, Any]:
    """Everything the schema says, as JSON takes it."""
    return {
        "schema": schema.name,
        "version": schema.version,
        "labels": _labels(schema.labels),
        "extra": "ignore" if schema.extra_ignore else "reject",
        "enums": {name: _enum(each) for name, each in schema.enums.items()},
        "customer": {"key": schema.key, "fields": _fields(schema.fields)},
        "collections": {name: _rows(each) for name, each in schema.collections.items()},
        "events": {name: _event(each) for name, each in schema.events.items()},
        "context": {"fields": _fields(schema.context)},
    }


def _labels(labels: Labels) -> dict[str, str]:
    both = {"zh": labels.zh, "en": labels.en}
    return {language: text for language, text in both.items() if text is not None}


def _enum(enum: Enum) -> dict[str, Any]:
    values = {name: _labels(enum.labels.get(name, Labels())) for name in enum.members}
    return {"values": values, "ordered": enum.ordered}


def _rows(rows: Collection) -> dict[str, Any]:
    return {
        "key": rows.key,
        "time": rows.time,
        "role": rows.role,
        "absent": absent(rows),
        "extra": "ignore" if rows.extra_ignore else "reject",
        "label": _labels(rows.label),
        "fields": _fields(rows.fields),
        "collections": {name: _rows(each) for name, each in rows.collections.items()},
    }


def _event(event: Event) -> dict[str, Any]:
    fields = _fields(event.fields)
    return {"key": event.key, "time": event.time, "label": _labels(event.label), "fields": fields}


def _fields(fields: Mapping[str, Field]) -> dict[str, Any]:
    return {name: _field(each) for name, each in fields.items()}


def _field(field: Field) -> dict[str, Any]:
    low, high = bounds(field)
    made: dict[str, Any] = {
        "type": type_name(field.type),
        "label": _labels(field.label),
        "optional": field.optional,
        "min": low,
        "max": high,
        "pii": field.pii,
        "immutable": field.immutable,
        "role": field.role,
    }
    match field.type:
        case DecimalType():
            made["scale"] = field.type.scale
        case MoneyType():
            made |= {"scale": field.type.scale, "currency": field.type.currency or None}
        case DurationType():
            made |= {"scale": field.type.scale, "unit": field.type.unit}
        case _:
            pass
    if field.default is not MISSING:
        made["default"] = default_value(field)
    return made


def default_value(field: Field) -> Any:
    """The default as a record would bring it."""
    import datetime as dt

    if isinstance(field.type, MoneyType) and isinstance(field.default, int):
        return decimal_text(field.default, field.type.scale)
    return plain_value(field.type, field.default, dt.UTC)


def bounds(field: Field) -> tuple[str | None, str | None]:
    """The range of a number or a date as text; None where there is none."""
    match field.type:
        case IntType() | DecimalType() | MoneyType() | DurationType():
            scale = scale_of(field.type)
            low, high = field.type.low, field.type.high
            return decimal_text(low, scale, short=True), decimal_text(high, scale, short=True)
        case DateType():
            ends = (field.low, field.high)
            texts = (None if end is None else date_text(end) for end in ends)
            return next(texts), next(texts)
        case _:
            return None, None


def absent(rows: Collection) -> str:
    """What it means that a record does not bring the collection."""
    return "none" if rows.default_empty else "unknown" if rows.optional else "error"


# ---------------------------------------------------------------- as a page


def painted(schema: Schema) -> RenderableType:
    """A page of tables: the customer, what hangs below, events, context and enums."""
    from rich.console import Group
    from rich.text import Text

    label = schema.labels.text("en")
    head = f"schema {schema.name}, version {schema.version}" + (f": {label}" if label else "")
    rule = "passed over" if schema.extra_ignore else "reject a record"
    parts: list[RenderableType] = [Text(head, style="bold"), Text(f"unknown keys {rule}")]
    parts.append(_table(f"customer (key: {schema.key})", schema.fields.values()))
    for path, rows in schema.walk():
        parts.append(_table(f"{path}{_about(rows)}", rows.fields.values()))
    for event in schema.events.values():
        pairs = (("key", event.key), ("time", event.time))
        parts.append(_table(f"event {event.name}{_listed(pairs)}", event.fields.values()))
    if schema.context:
        parts.append(_table("context", schema.context.values()))
    if schema.enums:
        parts.append(_enums(schema.enums.values()))
    return Group(*parts)


def _about(rows: Collection) -> str:
    missing = {"none": "may be absent: none", "unknown": "may be absent: unknown", "error": None}
    pairs = (("key", rows.key), ("time", rows.time), ("role", rows.role))
    return _listed((*pairs, ("", missing[absent(rows)])))


def _listed(pairs: Iterable[tuple[str, str | None]]) -> str:
    told = [f"{name}: {value}" if name else value for name, value in pairs if value is not None]
    return f" ({', '.join(told)})" if told else ""


def _table(title: str, fields: Iterable[Field]) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", title_style="bold", box=box.SIMPLE)
    for head in ("field", "type", "range", "label", ""):
        table.add_column(head, overflow="fold")
    for field in fields:
        cells = (field.name, _type(field.type), _range(field), _label(field), _flags(field))
        table.add_row(*map(Text, cells))
    return table


def _type(kind: Type) -> str:
    match kind:
        case DecimalType():
            return f"decimal, {kind.scale} digits"
        case MoneyType():
            return f"money {kind.currency}".rstrip()
        case DurationType():
            return f"duration in {kind.unit}s"
        case _:
            return type_name(kind)


def _range(field: Field) -> str:
    low, high = bounds(field)
    if isinstance(field.type, DateType):
        return f"{low or ''} to {high or ''}".strip() if low or high else ""
    return f"{low} to {high}" if low is not None else ""


def _label(field: Field) -> str:
    return field.label.text("zh") or ""


def _flags(field: Field) -> str:
    told = [word for word in ("optional", "pii", "immutable") if getattr(field, word)]
    if field.default is not MISSING:
        value = default_value(field)
        told.append(f"default {str(value).lower() if isinstance(value, bool) else value}")
    if field.role is not None:
        told.append(field.role)
    return ", ".join(told)


def _enums(enums: Iterable[Enum]) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text("enums"), title_justify="left", title_style="bold", box=box.SIMPLE)
    for head in ("enum", "members", ""):
        table.add_column(head, overflow="fold")
    for enum in enums:
        labels = ((name, enum.labels.get(name, Labels()).text("zh")) for name in enum.members)
        members = ", ".join(f"{name} ({label})" if label else name for name, label in labels)
        table.add_row(Text(enum.name), Text(members), "lowest first" if enum.ordered else "")
    return table
