"""One calibration: everything that a policy has to know of everyone, at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from siyu.core.ir import Held
from siyu.core.program import Program, TableNeed
from siyu.evaluators.sql import FactsPlan, Relations
from siyu.population.calibration.balances import find_balances
from siyu.population.calibration.cuts import find_cuts
from siyu.population.calibration.model import Calibration
from siyu.population.calibration.pairs import ROOM, find_pairs
from siyu.population.engines import Engine


def calibrating(program: Program) -> Program:
    """The program whose relations also hold what only a calibration reads: the rows of pairs, and
    the points log. What is staged and planned for it serves a run as well."""
    everyone = replace(program.everyone, needs=program.everyone.calibration)
    return replace(program, everyone=everyone)


def calibrate(
    engine: Engine,
    program: Program,
    plan: FactsPlan,
    facts: str,
    relations: Relations,
    as_of: int,
    sources: Mapping[str, str] | None = None,
    before: Mapping[str, Held] | None = None,
) -> Calibration:
    """Everything a calibration holds. `program` is `calibrating`, with the moment put in and no
    event; `facts` a relation of the customers to be counted (not those with bad rows), made from
    `plan`, which holds what `bindings_of` asks for; `sources` the tables' digests; `before` the
    cuts of an earlier one, to count who stands between.

    Raises EngineFailed. Tables called `calibrating_…` are made in the engine, and emptied.
    """
    everyone = program.everyone
    ((population,),) = engine.rows(f"SELECT count(*) FROM {facts}")
    needs: dict[str, TableNeed] = {need.path: need for need in everyone.needs.tables}
    cuts = find_cuts(engine, program, plan, facts, before)
    room = ROOM // max(1, len(everyone.pairs))
    pairs = tuple(
        find_pairs(
            engine, each, needs[each.table], relations, facts, f"calibrating_pairs_{number}", room
        )
        for number, each in enumerate(everyone.pairs)
    )
    distributions = tuple(
        find_balances(
            engine, each, needs.get(each.table), relations, facts, f"calibrating_points_{number}"
        )
        for number, each in enumerate(everyone.balances)
    )
    return Calibration(
        program.name,
        program.version,
        program.digest,
        program.timezone,
        as_of,
        int(population),
        cuts,
        pairs,
        distributions,
        dict(sorted((sources or {}).items())),
    )
