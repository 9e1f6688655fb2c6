"""The calibration of a run: made on the way, or of a file that is young enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from siyu.core.program import Program
from siyu.decision.values import datetime_text
from siyu.evaluators.sql import Relations
from siyu.population import calibration
from siyu.population.calibration.text import calibration_text
from siyu.population.engines import Engine
from siyu.population.files import PopulationValues, read_calibration
from siyu.population.run.base import Facts
from siyu.population.run.order import DAY_MINUTES, Order
from siyu.population.run.problems import RunProblem
from siyu.text import Source
from siyu.words import Words, say

MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """A calibration as it is kept: its text, and its values as read out of that text."""

    text: str
    values: PopulationValues
    population: int
    warnings: tuple[Words, ...]


def program_to_read(order: Order) -> Program:
    """The program, reading also what only a calibration needs where one is made."""
    return calibration.calibrating(order.program) if order.calibrate else order.program


def bindings_of(program: Program) -> tuple[str, ...]:
    """The bindings that a calibration is found in."""
    return calibration.bindings_of(program)


def make(
    engine: Engine,
    program: Program,
    facts: Facts,
    relations: Relations,
    order: Order,
    digests: Mapping[str, str],
) -> Made:
    """Calibrates over everyone who is decided about."""
    found = calibration.calibrate(
        engine, program, facts.plan, facts.good, relations, order.as_of, digests
    )
    text = calibration_text(found)
    values = read_calibration(Source.of("calibration.yaml", text), order.program)
    if values.problems:
        said = ", ".join(problem.message for problem in values.problems)
        raise AssertionError(f"our own calibration cannot be read: {said}")
    warnings = tuple(
        say("`{name}`: equal values put {reached} members into a top share meant for {meant}",
            name=cut.name, reached=cut.reached, meant=cut.meant)
        for cut in found.swollen
    )  # fmt: skip
    return Made(text, values, found.population, warnings)


def check_calibration(order: Order) -> tuple[Words, ...]:
    """That a policy which needs a calibration has one, and that it is young enough; what people
    should know of it otherwise. Raises RunProblem."""
    if order.calibrate:
        return ()
    needed = bool(order.program.cuts)
    given = order.calibration
    if given is None:
        if not needed:
            return ()
        cuts = tuple(cut.name for cut in order.program.cuts)
        said = say("the policy compares members with the whole population ({names}) and has no "
                   "calibration", names=cuts)  # fmt: skip
        raise RunProblem(said, say("name its file with --calibration, or make one now with "
                                   "--calibrate"))  # fmt: skip
    made = given.values.as_of
    if not needed:
        return ()
    zone = ZoneInfo(order.program.timezone)
    if order.max_calibration_age is None and (made is None or made <= order.as_of):
        return ()
    if made is None:
        said = say("`{path}` does not say when it was made", path=given.path)
        raise RunProblem(said, say("make it again with `siyu calibrate`, or run with --calibrate"))
    if made > order.as_of:
        return (say("the calibration is of {made}, later than this run: members are measured by "
                    "what was not known then", made=datetime_text(made, zone)),)  # fmt: skip
    age = (order.as_of - made) // MINUTE
    if order.max_calibration_age is None or age <= order.max_calibration_age:
        return ()
    said = say("the calibration `{path}` is of {made}, {age} before this run; "
               "--max-calibration-age allows {most}", path=given.path,
               made=datetime_text(made, zone), age=length(age),
               most=length(order.max_calibration_age))  # fmt: skip
    advice = say("make it again with `siyu calibrate`, run with --calibrate, or allow more with "
                 "--max-calibration-age")  # fmt: skip
    raise RunProblem(said, advice)


def length(minutes: int) -> Words:
    """A length of time, in days where it has some."""
    if minutes >= DAY_MINUTES:
        days = minutes // DAY_MINUTES
        return say("1 day") if days == 1 else say("{number} days", number=days)
    hours = minutes // 60
    return say("1 hour") if hours == 1 else say("{number} hours", number=hours)


def said_of(values: PopulationValues, population: int | None, order: Order) -> dict[str, Any]:
    """`calibration` of run.json."""
    zone = ZoneInfo(order.program.timezone)
    made = None if values.as_of is None else datetime_text(values.as_of, zone)
    return {"digest": values.digest, "as_of": made, "population": population}
