"""One shape for everybody's outcomes, so that rivals can be compared value by value.

`flat(decided)` gives `{"segments.active": True, …}`: a name for every outcome. The comparison is
outside what is measured.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from benchmarks import handwritten
from benchmarks.handwritten import METRICS, SEGMENTS, TIER, Decided

Flat = dict[str, Any]


def flat(decided: Decided) -> Flat:
    """Name every outcome of a decision."""
    found: Flat = {}
    found |= {f"metrics.{k}": v for k, v in zip(METRICS, decided.metrics, strict=True)}
    found |= {f"segments.{k}": v for k, v in zip(SEGMENTS, decided.segments, strict=True)}
    found["classes.lifecycle"], found["classes.band"] = decided.classes
    for name, (value, reasons, unknown) in (
        ("churn_risk", decided.churn_risk),
        ("intent", decided.intent),
    ):
        found[f"scores.{name}"] = value
        found[f"scores.{name}.reasons"] = tuple(reasons)
        found[f"scores.{name}.unknown"] = tuple(unknown)
    found |= {f"tier.{k}": v for k, v in zip(TIER, decided.tier, strict=True)}
    found["tables.offer"] = tuple(decided.offer)
    found["tables.care"] = tuple(decided.care)
    found["incentives"] = tuple(map(tuple, decided.incentives))
    found["contacts"] = tuple(map(tuple, decided.contacts))
    found["stopped"] = tuple(map(tuple, decided.stopped))
    found["claims.no_minors"], found["claims.no_staff"] = decided.claims
    return found


def differences(one: Flat, other: Flat) -> list[str]:
    """The names whose outcomes differ, with both values."""
    return [
        f"{name}: {one.get(name)!r} and {other.get(name)!r}"
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]


def reached(decisions: Iterable[Decided]) -> Counter[str]:
    """How often each outcome that a rule can have was reached."""
    counts: Counter[str] = Counter()
    for decided in decisions:
        counts.update(_reached(decided))
    return counts


def _reached(decided: Decided) -> Iterable[str]:
    for name, verdict in zip(SEGMENTS, decided.segments, strict=True):
        yield f"{name}={verdict}"
    yield f"lifecycle={decided.classes[0]}"
    yield f"band={decided.classes[1]}"
    for _, reasons, unknown in (decided.churn_risk, decided.intent):
        yield from reasons
        yield from (f"{code} unknown" for code in unknown)
    yield f"level={decided.tier[0]}"
    yield f"change={decided.tier[2]}"
    yield f"offer.row.{decided.offer[0]}"
    yield f"care.row.{decided.care[0]}"
    yield from (str(given[1]) for given in decided.incentives)
    yield from (f"{rule} via {channel}" for _, rule, channel in decided.contacts)
    yield from (f"{rule} stopped by {by}" for rule, by, _ in decided.stopped)
    yield f"no_minors={decided.claims[0]}"


def expected() -> set[str]:
    """Every outcome that the policy can have, but for `never false` and `always known`."""
    names: set[str] = set()
    for segment in SEGMENTS:
        names |= {f"{segment}=True", f"{segment}=False"}
        if segment not in TWO_VALUED:
            names.add(f"{segment}=None")
    cases = ("prospect", "lapsed", "dormant", "mature", "growth", None)
    names |= {f"lifecycle={case}" for case in cases}
    names |= {f"band={case}" for case in ("vip", "core", "regular", "light")}
    names |= {f"churn_risk.{n}" for n in range(1, 9)} | {f"intent.{n}" for n in range(1, 7)}
    names |= {f"churn_risk.{n} unknown" for n in (1, 2, 5, 7)} | {"intent.4 unknown"}
    names |= {f"level={level}" for level in handwritten.LEVELS}
    changes = ("entered", "upgraded", "kept", "in_grace", "downgraded")
    names |= {f"change={change}" for change in changes}
    names |= {f"offer.row.{n}" for n in range(1, 10)} | {f"care.row.{n}" for n in range(1, 7)}
    names |= GIVEN | STOPPED | {f"no_minors={claim}" for claim in (True, False, None)}
    for contact, channels in VIA.items():
        names |= {f"{contact} via {channel}" for channel in channels}
    return names


TWO_VALUED = {"newcomer", "cart_leaver", "points_rich", "rising", "reachable"}
GIVEN = {
    "cart_push", "double_points", "monthly_offer", "parent_box", "points_nudge", "save_call",
    "wake_big", "wake_small",
}  # fmt: skip
VIA = {
    "wake_push": ("wecom", "sms"),
    "cart_note": ("app", "sms"),
    "invite": ("wecom", "app", "sms"),
    "thanks": ("wecom", "app", "sms"),
}
STOPPED = (
    {f"{rule} stopped by unless" for rule in ("wake_big", "cart_push", "monthly_offer")}
    | {
        f"{rule} stopped by group"
        for rule in ("wake_big", "wake_small", "double_points", "parent_box")
    }
    | {f"{rule} stopped by {by}" for rule in VIA for by in ("never", "consent")}
    | {f"{rule} stopped by arbitration" for rule in ("cart_note", "invite", "thanks")}
)
