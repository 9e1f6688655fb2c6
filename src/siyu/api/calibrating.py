"""Calibrating over a customer base: files and engines are opened here, the rest is population's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from siyu.api.errors import InputFileError
from siyu.api.paths import read_text

if TYPE_CHECKING:
    from siyu.api.policy import Policy
    from siyu.core.program import Needs
    from siyu.population.calibration import Calibration
    from siyu.population.engines import Engine
    from siyu.population.files import PopulationValues
    from siyu.population.sources.model import Sources
    from siyu.records.plan import Plan

SOURCES = "sources.yaml"


@dataclass(frozen=True, slots=True)
class Asked:
    """A calibration that is asked for. `sources` is the file that names the tables, by default
    `sources.yaml` beside the policy; `as_of` an instant in microseconds since 1970 in UTC."""

    policy: Policy
    as_of: int
    sources: Path | None = None
    engine: Literal["duckdb", "spark"] = "duckdb"
    memory: str | None = None
    master: str | None = None


def calibrate(asked: Asked, before: PopulationValues | None = None) -> Calibration:
    """The calibration of a whole base; `before` an earlier one, to count whom its changes concern.

    Raises InputFileError for a file that cannot be used, or tables that cannot be calibrated over.
    """
    from siyu.population.calibration.whole import calibrate_base
    from siyu.population.engines import EngineFailed
    from siyu.population.engines.memory import memory_bytes
    from siyu.population.run.order import Order
    from siyu.population.run.problems import RunProblem
    from siyu.population.sources.failed import SourcesFailed

    policy = asked.policy
    path = asked.sources or policy.path.parent / SOURCES
    try:
        with tempfile.TemporaryDirectory(prefix="siyu-", ignore_cleanup_errors=True) as folder:
            work = Path(folder)
            engine = _engine(asked, work)
            try:
                order = Order(
                    policy.compiled,
                    policy.program,
                    _plan_for(policy),
                    read_sources_file(path, policy),
                    path.parent,
                    asked.as_of,
                    work,
                    lambda _: engine,
                    memory=memory_bytes(asked.memory),
                )
                values = None if before is None else before.values
                return calibrate_base(order, engine, work, values)
            finally:
                engine.close()
    except (EngineFailed, RunProblem, SourcesFailed) as failed:
        raise InputFileError(failed.said, failed.advice) from None


def read_sources_file(path: Path, policy: Policy) -> Sources:
    """What a `sources.yaml` says, for a policy. Raises InputFileError."""
    from siyu.population.files import Problems
    from siyu.population.sources.reader import read_sources
    from siyu.text import Source
    from siyu.words import say

    source = Source.of(str(path), read_text(path))
    metrics = [binding.name for binding in policy.program.bindings if binding.metric]
    read = read_sources(source, policy.compiled.schema, metrics)
    if read.sources is None or read.problems:
        told = Problems(read.problems, source)
        said = say("`{name}` cannot be used:\n{problems}", name=source.name, problems=told)
        raise InputFileError(said, say("change the file, or the tables that it names"))
    return read.sources


def _plan_for(policy: Policy) -> Callable[[Needs], Plan]:
    from dataclasses import replace

    from siyu.api.deciding import make_reader

    def plan(needs: Needs) -> Plan:
        program = replace(policy.program, needs=needs)
        return make_reader(policy.compiled.schema, program).plan

    return plan


def _engine(asked: Asked, work: Path) -> Engine:
    if asked.engine == "spark":
        from siyu.population.engines import spark

        master = asked.master or "local[2]"
        return cast("Engine", spark.open_engine(master, work, memory=asked.memory))
    from siyu.population.engines import duck

    return cast("Engine", duck.open_engine(asked.memory, work))
