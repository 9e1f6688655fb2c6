"""siyu itself on the benchmark policy: the generated function, and what stands around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import siyu
from benchmarks.handwritten import METRICS, SEGMENTS, Decided
from benchmarks.records import Member, request

POLICY = Path(__file__).parents[1] / "policy" / "growth75.siyu"


def policy() -> siyu.Policy:
    """The benchmark policy, loaded."""
    return siyu.load(str(POLICY))


def load() -> tuple[Callable[[Any], Any], Callable[[Member], Any]]:
    """The generated function, and what makes the validated record that it takes."""
    loaded = policy()

    def facts(member: Member) -> Any:
        return read(loaded, request(member)).facts

    return loaded.engine().decide.decide, facts


def read(loaded: siyu.Policy, asked: dict[str, Any]) -> Any:
    """A request as validated facts; a rejection is a mistake of the benchmark."""
    found = loaded.read(asked)
    if not hasattr(found, "facts"):
        raise AssertionError(found)
    return found


def outcome(loaded: siyu.Policy, member: Member) -> Decided:
    """The decision about a member in the shape that outcomes are compared in.

    Metrics are the held values with all digits; everything else is read from the document.
    """
    asked = request(member)
    held = loaded.engine().decide.values(read(loaded, asked).facts)
    found = loaded.decide(asked).to_dict()
    return Decided(
        metrics=tuple(held[name] for name in METRICS),
        segments=tuple(found["segments"][name] for name in SEGMENTS),
        classes=(found["classes"]["lifecycle"], found["classes"]["band"]),
        churn_risk=_score(found["scores"]["churn_risk"]),
        intent=_score(found["scores"]["intent"]),
        tier=_tier(found["tiers"]["member_level"]),
        offer=_row(found["tables"]["offer"]),
        care=_row(found["tables"]["care"]),
        incentives=[_incentive(given) for given in found["incentives"]],
        contacts=[(sent["id"], sent["rule"], sent["channel"]) for sent in found["contacts"]],
        stopped=[(stop["rule"], stop["by"], stop["code"]) for stop in found["stopped"]],
        claims=(found["claims"]["no_minors"], found["claims"]["no_staff"]),
    )


def _score(score: dict[str, Any]) -> tuple[int, list[str], list[str]]:
    return score["value"], score["reasons"], score["unknown"]


def _tier(tier: dict[str, Any]) -> tuple[Any, ...]:
    upper = tier["next"]
    return (
        tier["level"],
        tier["held"],
        tier["change"],
        _day(tier["keep_until"]),
        _day(tier["grace_until"]),
        None if upper is None else upper["level"],
        None if upper is None else _fen(upper["missing"].get("net_spend")),
        _fen(tier["keep"]["missing"].get("net_spend")),
    )


def _row(table: dict[str, Any]) -> tuple[Any, ...]:
    values = [_fen(v) if name == "cost" else v for name, v in table["out"].items()]
    return (table["row"], *values)


def _incentive(given: dict[str, Any]) -> tuple[Any, ...]:
    named = (given["id"], given["rule"], given["benefit"], given["detail"])
    return (*named, _fen(given["worth"]), _fen(given["cost"]), _day(given["valid_until"]))


def _fen(text: str | None) -> int | None:
    return None if text is None else int(Decimal(text) * 100)


def _day(text: str | None) -> int | None:
    return None if text is None else dt.date.fromisoformat(text).toordinal()
