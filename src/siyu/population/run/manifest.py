"""`run.json`: what was decided with what, in one canonical document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from siyu.core.compiled import Compiled
from siyu.core.program import Leaf, Program
from siyu.decision.values import datetime_text
from siyu.population.run.allocate import Settled
from siyu.schema.values import decimal_text
from siyu.types import EnumType, Type, scale_of

LANGUAGE = 1


@dataclass(slots=True)
class Manifest:
    """What is known of a run, while it grows."""

    as_of: int
    events: tuple[str, ...]
    engine: tuple[str, str]
    siyu: str
    calibration: Mapping[str, Any] | None = None
    allocation: str | None = None
    sources: Mapping[str, Any] = field(default_factory=dict)
    customers: Mapping[str, int] = field(default_factory=dict)
    occurred: Mapping[str, int] | None = None
    rows: dict[str, int] = field(default_factory=dict)
    rejects: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    budgets: dict[str, Any] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def document(manifest: Manifest, compiled: Compiled, program: Program) -> dict[str, Any]:
    """The document of a run."""
    zone = ZoneInfo(program.timezone)
    name, version = manifest.engine
    schema = compiled.schema
    return {
        "run": 1,
        "policy": {
            "name": program.name, "version": program.version, "digest": program.digest,
            "label": compiled.label or program.name,
        },
        "schema": {"name": schema.name, "version": schema.version},
        "as_of": datetime_text(manifest.as_of, zone),
        "timezone": program.timezone,
        "currency": program.currency,
        "events": list(manifest.events),
        "engine": name,
        "arguments": manifest.arguments,
        "calibration": manifest.calibration,
        "allocation": manifest.allocation,
        "sources": manifest.sources,
        "customers": manifest.customers,
        "occurred": manifest.occurred,
        "rows": manifest.rows,
        "rejects": manifest.rejects,
        "counts": manifest.counts,
        "budgets": manifest.budgets,
        "labels": dict(compiled.labels),
        "kinds": dict(compiled.kinds),
        "cases": _cases(program),
        "warnings": list(manifest.warnings),
        "versions": {"siyu": manifest.siyu, "engine": version, "language": LANGUAGE},
    }  # fmt: skip


def _cases(program: Program) -> dict[str, list[str]]:
    """The cases of classes in the order of the policy: keys of JSON are sorted, and lose it."""
    found = {}
    for part in program.parts:
        if part.section == "classes" and isinstance(part.shape, Leaf):
            kind = part.shape.type
            found[part.name] = list(kind.members) if isinstance(kind, EnumType) else []
    return found


def canonical(value: Mapping[str, Any]) -> str:
    """JSON that is the same for the same values: sorted, indented, UTF-8."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Such a file; halves of characters, which no encoding has, are written as escapes."""
    path.write_bytes(canonical(value).encode("utf-8", "backslashreplace"))


def budgets_of(settled: Sequence[Settled], types: Mapping[str, Type]) -> dict[str, Any]:
    """`budgets`: amounts with their digits, of quotas numbers; `limit` is each sender's where
    shares are apart. `types` are those of limits, by binding."""
    found = {}
    for each in settled:
        scale = scale_of(types[each.allotment.limit])

        def text(held: int | None, scale: int = scale) -> str | int | None:
            return held if held is None or scale == 0 else decimal_text(held, scale)

        wanted, admitted = each.total("wanted"), each.total("admitted")
        found[each.code] = {
            "kind": each.allotment.kind,
            "window": each.allotment.window,
            "senders": len(each.verdicts),
            "limit": text(each.limit),
            "used_before": text(each.total("used")),
            "spent": text(each.total("spent")),
            "wanted": wanted,
            "admitted": admitted,
            "refused": wanted - admitted,
        }
    return found
