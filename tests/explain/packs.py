"""The retail policy with its members, and small policies of a test's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import siyu

PACK = Path(__file__).resolve().parents[2] / "policies/retail_membership"
AT = "2026-11-21T10:00:00+08:00"


@cache
def tour() -> siyu.Policy:
    """The retail policy."""
    return siyu.load(PACK / "tour.siyu", calibration=PACK / "calibration.yaml", cache=False)


def requests() -> Iterator[dict[str, Any]]:
    """Every request of the retail pack."""
    for name in ("customers.jsonl", "events.jsonl"):
        for line in (PACK / name).read_text(encoding="utf-8").splitlines():
            yield json.loads(line, parse_float=Decimal)


def asked(member: str, event: str | None = None) -> dict[str, Any]:
    """The request about a member, or about a member's event."""
    return next(
        each
        for each in requests()
        if each["customer"]["member_id"] == member and each.get("event", {}).get("type") == event
    )


def loaded(folder: Path, text: str, facts: str) -> siyu.Policy:
    """A policy out of texts."""
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    (folder / "p.siyu").write_text(text, encoding="utf-8")
    return siyu.load(folder, cache=False)
