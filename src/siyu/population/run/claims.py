"""What keeps a run from being published: a claim that does not hold. Null is counted only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from siyu.population.run.problems import RunProblem
from siyu.words import Words, say, say_n


def broken(
    counts: Mapping[str, Mapping[str, int]],
    indicators: Mapping[str, Any],
    labels: Mapping[str, str],
) -> tuple[Words, ...]:
    """A sentence for each claim that is false: of a customer, or of everyone."""
    found: list[Words] = []
    for name, each in sorted(counts.items()):
        if each.get("false"):
            number = each["false"]
            found.append(say_n("the claim `{name}` does not hold for 1 customer: {label}",
                               "the claim `{name}` does not hold for {number} customers: {label}",
                               number, name=name, number=f"{number:,}",
                               label=labels.get(name, name)))  # fmt: skip
    for name, each in sorted(indicators.get("claims", {}).items()):
        if each["holds"] is False:
            found.append(say("the claim `{name}` does not hold of everyone ({value}): {label}",
                             name=name, value=each.get("value") or "?",
                             label=labels.get(name, name)))  # fmt: skip
    return tuple(found)


def earlier_indicators(previous: Path | None, policy: str) -> Mapping[str, Any] | None:
    """indicators.json of an earlier run of the policy. Raises RunProblem for what is none."""
    if previous is None:
        return None
    found, run = (_document(previous / f"{name}.json") for name in ("indicators", "run"))
    other = (run or {}).get("policy", {}).get("name", policy)
    if other != policy:
        raise RunProblem(
            say("`{path}` is a run of the policy `{other}`, not of `{name}`", path=str(previous),
                other=other, name=policy),
            say("name the folder of an earlier run of this policy with --previous"),
        )  # fmt: skip
    if found is None:
        raise RunProblem(
            say(
                "`{path}` is not the folder of a run: it has no indicators.json", path=str(previous)
            ),
            say("name the folder of an earlier run with --previous"),
        )
    return found


def _document(path: Path) -> dict[str, Any] | None:
    """A JSON object; None where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
