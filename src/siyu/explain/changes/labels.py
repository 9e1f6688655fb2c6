"""What people call a figure, and a value of it."""

from __future__ import annotations

from typing import Any

from siyu.core.compiled import Compiled
from siyu.explain.model import Shown
from siyu.explain.shown import Label, two
from siyu.schema.model import Field
from siyu.types import EnumType, Type
from siyu.words import Words, say


def called(field: Field) -> Words:
    """A field's label, in each language where it has two; its name where it has none."""
    label, label_en = two(field.label)
    if label_en:
        return say("{label}", label=Label(label, label_en))
    return label or field.name


def shown(kind: Type, held: Any, compiled: Compiled, zone: str = "UTC") -> Shown:
    """A value, with what people call it where it is a member of an enum or a level."""
    if not isinstance(kind, EnumType) or not isinstance(held, str):
        return Shown(kind, held, zone)
    enum = compiled.schema.enums.get(kind.name)
    if enum is not None and held in enum.labels:
        label, label_en = two(enum.labels[held])
        return Shown(kind, held, zone, label, label_en=label_en)
    return Shown(kind, held, zone, compiled.labels.get(f"{kind.name}.{held}", ""))
