"""What people call a value."""

from __future__ import annotations

from typing import Any

from siyu.core.compiled import Compiled
from siyu.explain.model import Shown
from siyu.types import EnumType, Type


def shown(kind: Type, held: Any, compiled: Compiled, zone: str = "UTC") -> Shown:
    """A value, with what people call it where it is a member of an enum or a level."""
    if not isinstance(kind, EnumType) or not isinstance(held, str):
        return Shown(kind, held, zone)
    enum = compiled.schema.enums.get(kind.name)
    if enum is not None and held in enum.labels:
        labels = enum.labels[held]
        return Shown(kind, held, zone, labels.text("zh") or "", label_en=labels.text("en") or "")
    return Shown(kind, held, zone, compiled.labels.get(f"{kind.name}.{held}", ""))
