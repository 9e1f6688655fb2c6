"""The document as a dict: the definition of what a decision contains, shape by shape.

`writer.py` writes the same document as bytes without making the dict; a property test compares
the two.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, assert_never
from zoneinfo import ZoneInfo

from siyu.core import program as core
from siyu.core.passes.prune import written
from siyu.core.program import Entry, Fields, Fixed, Items, Leaf, Maybe, Part, Program, Shape
from siyu.decision.values import datetime_text, plain_value

MAPS = ("metrics", "segments", "classes", "scores", "tiers", "tables")
LISTS = ("points", "incentives", "contacts")


class Head(NamedTuple):
    """Whom and when a decision is about, as `records.Read` has it: the customer's key, the instant
    in microseconds since 1970, the event's key as text, and the calibration's digest."""

    customer: str
    as_of: int
    event_key: str | None = None
    calibration: str | None = None


def canonical(document: Mapping[str, Any]) -> bytes:
    """A document as canonical bytes: compact UTF-8, keys in the order they have."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def exports_of(program: Program, event: str | None) -> tuple[str, ...]:
    """The bindings whose values a decision about this event shows, each once, in a fixed order."""
    return written(program.emits(event))


def plain_document(
    program: Program, event: str | None, values: Mapping[str, Any], head: Head
) -> dict[str, Any]:
    """The document of a decision, from the values of its exported bindings."""
    zone = ZoneInfo(program.timezone)
    parts = sorted(program.emits(event), key=lambda part: part.name)
    build = _Plain(values, zone)
    made: dict[str, Any] = {
        "policy": {"name": program.name, "version": program.version, "digest": program.digest},
        "as_of": datetime_text(head.as_of, zone),
        "customer": head.customer,
        "event": None if event is None else {"type": event, "key": head.event_key},
    }
    for section in MAPS:
        made[section] = {p.name: build.shape(p.shape) for p in parts if p.section == section}
    for section in LISTS:
        made[section] = [
            build.shape(p.shape) for p in parts if p.section == section and build.present(p.guard)
        ]
    made["stopped"] = [stop for part in parts if (stop := build.stopped(part)) is not None]
    made["claims"] = {p.name: build.shape(p.shape) for p in parts if p.section == "claims"}
    made["calibration"] = head.calibration
    return made


@dataclass(frozen=True, slots=True)
class _Plain:
    values: Mapping[str, Any]
    zone: dt.tzinfo

    def present(self, guard: str | None) -> bool:
        return guard is None or self.values[guard] is True

    def stopped(self, part: Part) -> dict[str, str] | None:
        said = None if part.stop is None else self.values[part.stop]
        if said is None:
            return None
        by, _, code = said.partition(" ")
        return {"rule": part.name, "by": by, "code": code}

    def shape(self, shape: Shape) -> Any:
        match shape:
            case Leaf():
                return plain_value(shape.type, self.values[shape.binding], self.zone)
            case Fixed():
                return shape.value
            case Fields():
                return {key: self.shape(each) for key, each in shape.items}
            case Items():
                return [self.shape(entry.shape) for entry in self.ordered(shape.entries)]
            case core.Mapping():
                entries = sorted(shape.entries, key=lambda pair: pair[0])
                return {k: self.shape(e.shape) for k, e in entries if self.present(e.guard)}
            case Maybe():
                return self.shape(shape.shape) if self.present(shape.guard) else None
            case _:
                assert_never(shape)

    def ordered(self, entries: tuple[Entry, ...]) -> list[Entry]:
        """Those that are present, the weightiest first, then in the order written."""
        return sorted((e for e in entries if self.present(e.guard)), key=self.weight)

    def weight(self, entry: Entry) -> int:
        value = None if entry.weight is None else self.values[entry.weight]
        return 0 if value is None else -abs(value)
