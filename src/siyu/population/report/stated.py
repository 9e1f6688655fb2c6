"""What a run says itself of everyone: indicators and claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siyu.population.report.base import Base
from siyu.population.report.folder import RunFolder
from siyu.population.report.layers import LAYERED, order_of
from siyu.population.report.model import Claim, Indicator

CLAIMS = ("ensure", "claim")


def indicators(base: Base, earlier: RunFolder | None) -> tuple[Indicator, ...]:
    """Indicators as the run wrote them, beside those of an earlier run; groups by level stand from
    the top."""
    folder, past = base.folder, _stated(earlier)
    found = []
    for name, each in _stated(folder).items():
        old = past.get(name, {})
        before = old.get("value") if earlier is not None else each.get("before")
        found.append(
            Indicator(
                name, str(each.get("type", "")), _word(each.get("value")), _word(before),
                _by(each), _groups(base, each, old),
            )
        )  # fmt: skip
    return tuple(found)


def _stated(folder: RunFolder | None) -> Mapping[str, Any]:
    stated = folder.indicators.get("indicators") if folder is not None else None
    found = stated if isinstance(stated, dict) else {}
    return {name: each for name, each in found.items() if isinstance(each, dict)}


def _by(each: Mapping[str, Any]) -> str | None:
    by = each.get("by")
    return str(by.get("declaration")) if isinstance(by, dict) else None


def _groups(
    base: Base, each: Mapping[str, Any], old: Mapping[str, Any]
) -> tuple[tuple[str, str | None, str | None], ...]:
    groups, before = _map(each.get("by"), "groups"), _map(old.get("by"), "groups")
    before = before or _map(each.get("before"), "groups")
    known = _order(base, _by(each) or "")
    places = {key: place for place, key in enumerate(known)}
    keys = sorted(groups, key=lambda key: places.get(key, len(places)))
    return tuple((str(k), _word(groups[k]), _word(before.get(k))) for k in keys)


def _map(found: object, key: str) -> Mapping[str, Any]:
    inside = found.get(key) if isinstance(found, dict) else None
    return inside if isinstance(inside, dict) else {}


def _order(base: Base, by: str) -> tuple[str, ...]:
    section = LAYERED.get(base.folder.part("kinds").get(by, ""))
    return order_of(base, by, section) if section is not None else ()


def _word(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("value")
    return None if value is None else str(value)


def claims(folder: RunFolder) -> tuple[Claim, ...]:
    """Claims about everyone and about each customer; those that do not hold come first."""
    stated = folder.indicators.get("claims")
    about_all = stated if isinstance(stated, dict) else {}
    counted = folder.part("claims") or folder.part("counts", "claims")
    names = dict.fromkeys((*folder.named(*CLAIMS), *about_all, *counted))
    found = [_claim(name, about_all.get(name), counted.get(name)) for name in names]
    rank = {False: 0, None: 1, True: 2}
    return tuple(sorted((c for c in found if c is not None), key=lambda c: rank[c.holds]))


def _claim(name: str, about_all: Any, counted: Any) -> Claim | None:
    counts = counted if isinstance(counted, dict) else {}
    true, false, unknown = (int(counts.get(key, 0)) for key in ("true", "false", "unknown"))
    value = None
    if isinstance(about_all, dict):
        holds, value = about_all.get("holds"), _word(about_all.get("value"))
    elif counts:
        holds = False if false else True if true else None
    else:
        return None
    return Claim(name, holds, true, false, unknown, value)
