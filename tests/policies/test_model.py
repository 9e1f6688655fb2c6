"""The packs of `policies/` read one data model: `policies/shared/model.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from siyu.schema import Collection, Enum, Event, Field, Schema, load_schema
from siyu.schema.shape import type_name
from siyu.text import Source

ROOT = Path(__file__).resolve().parents[2]
POLICIES = ROOT / "policies"
MODEL = POLICIES / "shared/model.yaml"
APART = ("retail_membership",)  # the language's own example, which is part of its contract


def read(path: Path) -> Schema:
    loaded = load_schema(Source.of(path.name, path.read_text("utf-8")), "CNY")
    assert loaded.diagnostics == ()
    assert loaded.schema is not None
    return loaded.schema.with_currency("CNY")


def schemas() -> list[Path]:
    found = (path for path in sorted(POLICIES.glob("*/*.yaml")) if path != MODEL)
    return [path for path in found if path.parent.name not in APART and is_schema(path)]


def is_schema(path: Path) -> bool:
    return any(line.startswith("schema:") for line in path.read_text("utf-8").splitlines())


def fields_of(schema: Schema) -> Iterator[tuple[str, Field]]:
    """Every field by its place: `customer.birthday`, `orders.lines.qty`, `event joined.channel`."""
    yield from _at("customer", schema.fields)
    for path, rows in schema.walk():
        yield from _at(path, rows.fields)
    for event in schema.events.values():
        yield from _at(f"event {event.name}", event.fields)
    yield from _at("context", schema.context)
    if schema.profiles is not None:
        yield from _at("profiles", schema.profiles.fields)


def _at(place: str, fields: Mapping[str, Field]) -> Iterator[tuple[str, Field]]:
    return ((f"{place}.{name}", each) for name, each in fields.items())


def said(field: Field) -> tuple[object, ...]:
    return (type_name(field.type), field.label.zh, field.pii, field.immutable, field.role)


def differences(schema: Schema, model: Schema) -> list[str]:
    """What a schema says otherwise than the model."""
    ours, found = dict(fields_of(model)), []
    for place, field in fields_of(schema):
        if place not in ours:
            if not type_name(field.type).startswith("level of ") and field.role is None:
                found.append(f"{place}: not in the model")
        elif said(field) != said(ours[place]):
            found.append(f"{place}: {said(field)}, in the model {said(ours[place])}")
    rows = dict(model.walk())
    for path, each in schema.walk():
        found += [f"{path}: {what}" for what in _rows(each, rows.get(path))]
    for name, event in schema.events.items():
        other = model.events.get(name)
        if other is not None and not _same_place(event, other):
            found.append(f"event {name}: key or time")
    for name, words in schema.enums.items():
        found += [f"enum {name}: {what}" for what in _words(words, model.enums.get(name))]
    return found


def _same_place(each: Collection | Event, other: Collection | Event) -> bool:
    """Whether key and time are the model's; a pack may do without a time."""
    return each.key == other.key and each.time in (None, other.time)


def _rows(each: Collection, other: Collection | None) -> Iterator[str]:
    if other is None:
        return
    if not _same_place(each, other):
        yield "key or time"
    if each.role != other.role:
        yield "role"
    if each.default_empty != other.default_empty:
        yield "default"


def _words(words: Enum, model: Enum | None) -> Iterator[str]:
    if model is None:
        yield "not in the model"
        return
    if words.ordered != model.ordered:
        yield "ordered"
    for member in words.members:
        if member not in model.members:
            yield f"`{member}` is not in the model"
        elif words.labels[member].zh != model.labels[member].zh:
            yield f"label of `{member}`"


@pytest.mark.parametrize("path", schemas(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_pack_takes_its_fields_from_the_model(path: Path) -> None:
    assert differences(read(path), read(MODEL)) == []


def test_the_model_names_everything_in_chinese() -> None:
    model = read(MODEL)
    labels = {place: field.label.zh for place, field in fields_of(model)}
    labels |= {path: rows.label.zh for path, rows in model.walk()}
    labels |= {f"{e.name}.{m}": e.labels[m].zh for e in model.enums.values() for m in e.members}
    assert [name for name, label in labels.items() if not label] == []


def test_a_difference_is_found() -> None:
    model = read(MODEL)
    text = MODEL.read_text("utf-8")
    for old, new, place in (
        ("label: 生日}", "label: 出生日期}", "customer.birthday"),
        ("{type: bool, role: opt-out", "{type: bool", "customer.unsubscribed"),
        ("qty:          {type: int", "qty:          {type: decimal, scale: 2", "orders.lines.qty"),
        ("rain: 雨", "rain: 大雨", "enum weather"),
        ("    key: refund_id", "    key: refund_id ", ""),
        ("city:                {", "town:                {", "customer.town"),
    ):
        assert old in text
        changed = load_schema(Source.of("s", text.replace(old, new, 1)), "CNY").schema
        assert changed is not None
        found = differences(changed.with_currency("CNY"), model)
        assert [each.split(":")[0] for each in found] == ([place] if place else [])
