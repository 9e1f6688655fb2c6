"""From tables to a calibration: what `siyu calibrate` does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from siyu.core.ir import Held
from siyu.core.passes import at_moment
from siyu.population.calibration.cuts import bindings_of
from siyu.population.calibration.find import calibrate, calibrating
from siyu.population.calibration.model import Calibration
from siyu.population.engines import Engine
from siyu.population.run import inputs
from siyu.population.run.base import bring_together
from siyu.population.run.order import Order


def calibrate_base(
    order: Order, engine: Engine, work: Path, before: Mapping[str, Held] | None = None
) -> Calibration:
    """Calibrates over everyone whom the tables of an order hold, without those set aside. `work` is
    a folder for copies and for what does not fit into memory.

    Raises RunProblem, SourcesFailed or EngineFailed.
    """
    program = calibrating(order.program)
    tables = inputs.open_tables(order, engine, work)
    try:
        staged = inputs.stage_for(order, tables, program, None)
        moment = at_moment(program, order.as_of, None)
        facts = bring_together(
            engine, moment, staged.relations, None, bindings_of(moment), given=staged.given,
            again=True, memory=order.memory,
        )  # fmt: skip
        inputs.stop_on_rejects(order, facts.read, facts.rejected)
        digests = inputs.plain_digests(tables.digests.result())
        return calibrate(
            engine, moment, facts.plan, facts.good, staged.relations, order.as_of, digests, before
        )
    finally:
        tables.digests.close()
