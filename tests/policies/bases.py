"""Small bases of customers for what needs everyone: indicators and pairs of a pack's policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import siyu
from siyu.core.passes import specialise
from siyu.population.calibration import calibrate
from siyu.population.calibration.model import PairsFound
from siyu.population.figures import bindings_of, figures_document, find_figures
from tests.population.people import AS_OF, people_of

POLICIES = Path(__file__).resolve().parents[2] / "policies"


def figures(
    pack: str,
    customers: Sequence[Mapping[str, Any]],
    cuts: Mapping[str, Any] | None = None,
    as_of: str = AS_OF,
) -> dict[str, Any]:
    """The document `indicators.json` of a base: `{"nps": {"value": "30.000000", …}, …}`.

    `pack` is a folder of `policies/`, or a policy file in one (`shared/tests.siyu`).
    """
    compiled = siyu.load(POLICIES / pack, cache=False).compiled
    with people_of(compiled, customers, as_of=as_of) as base:
        program = specialise(base.program, dict(cuts or {}), {})
        relation, columns = base.decided(program, bindings_of(program))
        found = find_figures(base.engine, program, columns, relation)
        document = figures_document(
            tuple(found), compiled.labels, base.as_of, program.timezone, None
        )
    indicators = document["indicators"]
    return (
        {each["name"]: each for each in indicators} if isinstance(indicators, list) else indicators
    )


def pairs(pack: str, customers: Sequence[Mapping[str, Any]], as_of: str = AS_OF) -> PairsFound:
    """The pairs that a calibration of the base finds for the policy's one recommendation."""
    compiled = siyu.load(POLICIES / pack, cache=False).compiled
    with people_of(compiled, customers, as_of=as_of) as base:
        made = calibrate(
            base.engine, base.program, base.plan, base.facts, base.relations, base.as_of, None, None
        )
    (found,) = made.pairs
    return found
