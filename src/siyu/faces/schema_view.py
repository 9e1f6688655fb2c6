"""A schema as a page for people and as data for machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from siyu.decision.values import date_text, plain_value
from siyu.faces.speaking import colon, comma, told, tongue
from siyu.schema import MISSING, Collection, Enum, Event, Field, Labels, Schema
from siyu.schema.model import Profiles
from siyu.schema.shape import type_name
from siyu.schema.values import decimal_text
from siyu.types import DateType, DecimalType, DurationType, IntType, MoneyType, Type, scale_of
from siyu.words import Words, say, say_n

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
        **_profiles(schema.profiles),
    }


def _profiles(profiles: Profiles | None) -> dict[str, Any]:
    """Nothing where the schema has none."""
    if profiles is None:
        return {}
    fields = _fields(profiles.fields)
    return {"profiles": {"key": profiles.key, "channel": profiles.channel, "fields": fields}}


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

COLUMNS = (say("field"), say("type"), say("range"), say("label"))
KEY, TIME, ROLE, CHANNEL = say("key"), say("time"), say("role"), say("channel")
FLAGS: Mapping[str, Words] = {
    "optional": say("optional"),
    "pii": say("personal"),
    "immutable": say("immutable"),
}
ABSENT: Mapping[str, Words] = {
    "none": say("absent means none"),
    "unknown": say("absent means unknown"),
}


def painted(schema: Schema) -> RenderableType:
    """A page of tables: the customer, what hangs below, events, context and enums."""
    from rich.console import Group
    from rich.text import Text

    label = schema.labels.text(tongue())
    about = {"name": schema.name, "version": schema.version, "label": label}
    head = say("schema {name}, version {version}", **about)
    if label:
        head = say("schema {name}, version {version}: {label}", **about)
    rule = say("unknown keys reject a record")
    if schema.extra_ignore:
        rule = say("unknown keys are passed over")
    parts: list[RenderableType] = [Text(told(head), style="bold"), Text(told(rule))]
    key = say("customer (key: {key})", key=schema.key)
    parts.append(_table(told(key), schema.fields.values()))
    for path, rows in schema.walk():
        parts.append(_table(f"{path}{_about(rows)}", rows.fields.values()))
    for event in schema.events.values():
        pairs = ((KEY, event.key), (TIME, event.time))
        title = told(say("event {name}", name=event.name))
        parts.append(_table(f"{title}{_listed(pairs)}", event.fields.values()))
    if schema.context:
        parts.append(_table(told(say("context")), schema.context.values()))
    if schema.profiles is not None:
        pairs = ((KEY, schema.profiles.key), (CHANNEL, schema.profiles.channel))
        title = f"{told(say('profiles'))}{_listed(pairs)}"
        parts.append(_table(title, schema.profiles.fields.values()))
    if schema.enums:
        parts.append(_enums(schema.enums.values()))
    return Group(*parts)


def _about(rows: Collection) -> str:
    missing = ABSENT.get(absent(rows))
    pairs = ((KEY, rows.key), (TIME, rows.time), (ROLE, rows.role))
    return _listed((*pairs, ("", None if missing is None else told(missing))))


def _listed(pairs: Iterable[tuple[Words, str | None]]) -> str:
    found = [
        f"{told(name)}{colon()}{value}" if name else value
        for name, value in pairs
        if value is not None
    ]
    around = "（{}）" if tongue() == "zh" else " ({})"
    return around.format(comma().join(found)) if found else ""


def _table(title: str, fields: Iterable[Field]) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", title_style="bold", box=box.SIMPLE)
    for head in (*COLUMNS, ""):
        table.add_column(told(head), overflow="fold")
    for field in fields:
        cells = (field.name, _type(field.type), _range(field), _label(field), _flags(field))
        table.add_row(*map(Text, cells))
    return table


def _type(kind: Type) -> str:
    match kind:
        case DecimalType():
            return told(say_n("decimal, 1 digit", "decimal, {count} digits", kind.scale))
        case MoneyType():
            return f"money {kind.currency}".rstrip()
        case DurationType():
            return told(say("duration, unit: {unit}", unit=kind.unit))
        case _:
            return type_name(kind)


def _range(field: Field) -> str:
    low, high = bounds(field)
    if isinstance(field.type, DateType):
        return told(say("{low} to {high}", low=low or "", high=high or "")) if low or high else ""
    return told(say("{low} to {high}", low=low, high=high)) if low is not None else ""


def _label(field: Field) -> str:
    return field.label.text(tongue()) or ""


def _flags(field: Field) -> str:
    flags = [told(flag) for name, flag in FLAGS.items() if getattr(field, name)]
    if field.default is not MISSING:
        value = default_value(field)
        shown = str(value).lower() if isinstance(value, bool) else value
        flags.append(told(say("default {value}", value=shown)))
    if field.role is not None:
        flags.append(field.role)
    return comma().join(flags)


def _enums(enums: Iterable[Enum]) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(told(say("enums"))), title_justify="left", title_style="bold", box=box.SIMPLE
    )
    for head in (say("enum"), say("members"), ""):
        table.add_column(told(head), overflow="fold")
    for enum in enums:
        labels = ((name, enum.labels.get(name, Labels()).text(tongue())) for name in enum.members)
        members = comma().join(f"{name}{_listed([('', label or None)])}" for name, label in labels)
        table.add_row(
            Text(enum.name), Text(members), told(say("lowest first")) if enum.ordered else ""
        )
    return table
