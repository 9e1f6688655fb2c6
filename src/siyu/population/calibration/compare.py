"""How far two calibrations lie apart: old and new values, the change, and whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from siyu.core.ir import Held
from siyu.core.program import Program
from siyu.functions.numbers import half_up
from siyu.population.calibration.model import Calibration
from siyu.population.calibration_file import Count
from siyu.population.files import PopulationValues
from siyu.population.run.allocation_file import rank_text
from siyu.schema.values import decimal_text
from siyu.semantics.ranges import number
from siyu.types import Type

TENTHS = 1  # digits of a percentage that people read


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its values, and what it counted where it says so."""

    as_of: int | None
    population: int | None
    values: Mapping[str, Held]
    counts: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class Drift:
    """One cut. Values are held (None: the population had none); `is_new` and `is_gone` where one
    file does not have it. `change` is in tenths of a percent; shares of customers who reach the
    cut, and of those `concerned`, who reach one of the two and not the other, are in millionths."""

    name: str
    type: Type
    old: Held
    new: Held
    change: int | None
    old_share: int | None
    new_share: int | None
    concerned: int | None
    is_new: bool = False
    is_gone: bool = False


def side_of_file(found: PopulationValues) -> Side:
    """What a file says."""
    return Side(found.as_of, found.population, found.values, found.counts)


def side_of(found: Calibration) -> Side:
    """What was found just now."""
    counts = {cut.name: Count(cut.population, cut.reached) for cut in found.cuts}
    return Side(found.as_of, found.population, found.values, counts)


def drifts(
    program: Program, old: Side, new: Side, moved: Mapping[str, int] | None = None
) -> tuple[Drift, ...]:
    """Each cut of the policy that one of the two has, in the order of the policy. `moved` are how
    many customers a change concerns, where that was counted."""
    found = []
    for rule in program.everyone.cuts:
        name = rule.name
        if name in old.values or name in new.values:
            before, after = old.values.get(name), new.values.get(name)
            count = new.counts.get(name)
            concerned = (moved or {}).get(name)
            found.append(
                Drift(
                    name, rule.type, before, after, _change(before, after, rule.type),
                    _share(old.counts.get(name)), _share(count),
                    None if concerned is None or count is None
                    else half_up(concerned * 10**6, count.known),
                    name not in old.values, name not in new.values,
                )
            )  # fmt: skip
    return tuple(found)


def _change(old: Held, new: Held, kind: Type) -> int | None:
    """In tenths of a percent of the old value, half up; of numbers only."""
    if number(kind) is None or not isinstance(old, int) or not isinstance(new, int):
        return None
    return half_up((new - old) * 100 * 10**TENTHS, abs(old))


def _share(count: Count | None) -> int | None:
    return None if count is None else half_up(count.reached * 10**6, count.known)


def drift_document(
    program: Program, old: Side, new: Side, found: tuple[Drift, ...]
) -> dict[str, Any]:
    """The comparison as JSON: values as texts, null where there is none."""
    from zoneinfo import ZoneInfo

    from siyu.decision.values import datetime_text

    zone = ZoneInfo(program.timezone)

    def head(side: Side) -> dict[str, Any]:
        at = None if side.as_of is None else datetime_text(side.as_of, zone)
        return {"as_of": at, "population": side.population}

    return {
        "policy": program.name,
        "old": head(old),
        "new": head(new),
        "cuts": [
            {
                "name": each.name,
                "old": value_of(each.old, each.type),
                "new": value_of(each.new, each.type),
                "change": percent(each.change),
                "old_share": share(each.old_share),
                "new_share": share(each.new_share),
                "concerned": share(each.concerned),
                "only_in": "new" if each.is_new else "old" if each.is_gone else None,
            }
            for each in found
        ],
    }


def value_of(held: Held, kind: Type) -> str | None:
    """A cut's value as text."""
    return rank_text(held, kind) if isinstance(held, int) else None


def percent(tenths: int | None) -> str | None:
    """A change in percent, with its sign.

    >>> percent(125), percent(-5), percent(0), percent(None)
    ('+12.5', '-0.5', '0.0', None)
    """
    if tenths is None:
        return None
    return ("+" if tenths > 0 else "") + decimal_text(tenths, TENTHS)


def share(millionths: int | None) -> str | None:
    """A share of the customers, with its digits."""
    return None if millionths is None else decimal_text(millionths, 6)
