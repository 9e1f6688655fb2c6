"""Runs over whole customer bases, from Python."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from siyu.api.errors import InputFileError, SiyuError
from siyu.api.loading import load
from siyu.api.paths import read_text
from siyu.words import Words, say

if TYPE_CHECKING:
    from siyu.api.deciding import When
    from siyu.api.policy import Policy
    from siyu.core.program import Needs
    from siyu.population.engines import Engine
    from siyu.population.files import PopulationValues
    from siyu.population.run.order import GivenFile, Order, Progress, Rejects
    from siyu.population.run.run import Finished
    from siyu.population.sources.model import Sources
    from siyu.records.plan import Plan

EngineName = Literal["duckdb", "spark"]
AGE = re.compile(r"\s*([0-9]{1,6})\s*(m|h|d|w)\s*", re.ASCII)
MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10_080}
PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?%", re.ASCII)
START = "sources.yaml"


class RunFailed(SiyuError):
    """A run that could not be made; nothing is at its place. `code` is what a command exits with: 1
    where the data do not allow it, 2 where it was asked for wrongly."""

    def __init__(self, said: Words, advice: Words = "", code: int = 2) -> None:
        super().__init__(said, advice)
        self.code = code


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is made; see `run`."""

    sources: str | Path | None = None
    engine: EngineName = "duckdb"
    master: str = "local[*]"
    memory: str | None = None
    threads: int | None = None
    events: Sequence[str] = ()
    calibration: str | Path | None = None
    calibrate: bool = False
    max_calibration_age: str | None = "7d"
    allocation: str | Path | None = None
    max_rejects: str | int | None = None
    previous: str | Path | None = None
    audit: bool = False
    force: bool = False
    spark: Mapping[str, str] = field(default_factory=dict)


def run(
    policy: str | Path | Policy,
    as_of: When,
    output: str | Path,
    *,
    progress: Progress | None = None,
    options: RunOptions | None = None,
    **changed: object,
) -> Finished:
    """Decides about everyone in the tables of a `sources.yaml`, and writes one folder, complete or
    absent (see `docs/reference/runs.md`).

    `as_of` is the instant of all decisions. The other arguments are fields of `RunOptions`:
    `sources` (default: `sources.yaml` beside the policy), `engine` ("duckdb", or "spark" with its
    `master` and, as `spark`, other settings of Spark's by name), `memory` ("4GB"), `threads`,
    `events` (then every event of these types is decided about, instead of every customer),
    `calibration` or `calibrate`, `max_calibration_age` ("7d"; None: any), `allocation` (for
    events), `max_rejects` (a number, or "1%"), `previous` (an earlier run's folder), `audit`,
    `force`.

    What comes back has `place`, the folder; None where a claim does not hold and nothing was
    published (`why` says which). Raises RunFailed, InputFileError, PolicyError.
    """
    made = replace(options or RunOptions(), **changed)  # type: ignore[arg-type]
    with failing():
        from siyu.population.run.run import run as make

        return make(order_for(policy, as_of, Path(output), made), progress)


class failing:  # noqa: N801 - a `with` reads as a verb
    """Turns what the floors below raise into errors of the API."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, SiyuError):
            return
        from siyu.population.engines import EngineFailed
        from siyu.population.run.problems import RunProblem
        from siyu.population.sources.failed import SourcesFailed

        match error:
            case RunProblem():
                raise RunFailed(error.said, error.advice, error.code) from None
            case EngineFailed():
                raise RunFailed(error.said, error.advice, 1) from error
            case SourcesFailed():
                raise RunFailed(error.said, error.advice, 1) from None


# ---------------------------------------------------------------- what is asked for


def order_for(
    policy: str | Path | Policy, as_of: When, output: Path, options: RunOptions
) -> Order:  # fmt: skip
    """Everything a run needs, read and checked. Raises what `run` raises."""
    from siyu import __version__
    from siyu.api.deciding import moment
    from siyu.population.run.order import Order

    loaded = load(policy) if isinstance(policy, str | Path) else policy
    at = moment(as_of)
    if at is None:
        raise InputFileError(say("a run must say when it decides"), say("give `as_of`"))
    events = _events(options.events, loaded)
    _fitting(options)
    path = sources_file(options.sources, loaded)
    given = _given(options.calibration, loaded, "calibration")
    return Order(
        compiled=loaded.compiled,
        program=loaded.program,
        plan_for=plan_for(loaded),
        sources=sources_of(path, loaded),
        folder=path.parent,
        as_of=at,
        place=output,
        open_engine=opener_of(options),
        events=events,
        calibration=given,
        calibrate=options.calibrate,
        max_calibration_age=_age(options.max_calibration_age),
        allocation=_given(options.allocation, loaded, "allocation"),
        max_rejects=rejects_of(options.max_rejects),
        previous=None if options.previous is None else Path(options.previous),
        audit=options.audit,
        force=options.force,
        memory=_memory(options),
        version=__version__,
    )


def _events(names: Sequence[str], policy: Policy) -> tuple[str, ...]:
    known = policy.compiled.schema.events
    asked = [names] if isinstance(names, str) else names
    found = tuple(dict.fromkeys(name.strip() for each in asked for name in each.split(",")))
    for name in found:
        if name not in known:
            said = say("the schema has no event `{event}`", event=name)
            has = say("it has {names}", names=tuple(known)) if known else ""
            raise InputFileError(said, has)
    return found


def _fitting(options: RunOptions) -> None:
    """Arguments that do not go together."""
    if options.calibrate and options.calibration is not None:
        raise InputFileError(say("a run takes a calibration or makes one, not both"),
                             say("leave --calibrate out, or --calibration"))  # fmt: skip
    if options.calibrate and options.events:
        said = say("a calibration needs everyone, and events are not everyone")
        raise InputFileError(said, say("make it with `siyu calibrate`, or in a run over customers, "
                                       "and name it with --calibration"))  # fmt: skip
    if options.allocation is not None and not options.events:
        said = say("a run over customers shares out budgets and quotas itself")
        raise InputFileError(said, say("leave --allocation out: it goes with --events"))
    if options.threads is not None and options.threads < 1:
        raise InputFileError(say("a run needs one thread at least"))


def sources_file(path: str | Path | None, policy: Policy) -> Path:
    """The file that is named, or the one beside the policy."""
    if path is not None:
        found = Path(path)
        return found / START if found.is_dir() else found
    beside = policy.path.parent / START
    if not beside.is_file():
        said = say("there is no `{name}` beside the policy", name=START)
        raise InputFileError(said, say("say where the tables are with --sources"))
    return beside


def sources_of(path: Path, policy: Policy) -> Sources:
    """A `sources.yaml`, read for a policy. Raises InputFileError with all that is wrong."""
    from siyu.population.files import Problems
    from siyu.population.sources.reader import read_sources
    from siyu.text import Source

    source = Source.of(str(path), read_text(path))
    metrics = [binding.name for binding in policy.program.bindings if binding.metric]
    read = read_sources(source, policy.compiled.schema, metrics)
    if read.sources is None:
        said = say("`{path}` cannot be used:\n{problems}", path=path,
                   problems=Problems(read.problems, source))  # fmt: skip
        raise InputFileError(said, say("change the file"))
    wanted = read.sources.currency
    if wanted is not None and wanted != policy.program.currency:
        said = say("`{path}` speaks of {theirs}, the policy of {ours}", path=path, theirs=wanted,
                   ours=policy.program.currency)  # fmt: skip
        raise InputFileError(said, say("amounts are not converted: name the policy's currency"))
    return read.sources


class plan_for:  # noqa: N801 - it is called
    """Reading plans of a policy, by what is needed."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def __call__(self, needs: Needs) -> Plan:
        from siyu.api.deciding import make_reader

        program = replace(self._policy.program, needs=needs)
        return make_reader(self._policy.compiled.schema, program).plan


def _given(path: str | Path | None, policy: Policy, kind: str) -> GivenFile | None:
    from siyu.api.loading import values_of
    from siyu.population.run.order import GivenFile

    values: PopulationValues | None = values_of(path, policy.program, kind)
    if path is None or values is None:
        return None
    return GivenFile(str(path), read_text(Path(path)), values)


def _age(text: str | None) -> int | None:
    """Minutes of a length of time such as `7d`."""
    if text is None:
        return None
    found = AGE.fullmatch(text)
    if found is None:
        said = say("`{text}` is no length of time", text=text)
        raise InputFileError(said, say("write it like 7d, 36h or 2w"))
    return int(found[1]) * MINUTES[found[2]]


def rejects_of(text: str | int | None) -> Rejects:
    """How many may be set aside: `20`, or `0.5%`."""
    from siyu.population.run.order import Rejects

    if text is None:
        return Rejects()
    written = str(text).strip()
    found = PERCENT.fullmatch(written)
    if found is not None:
        points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
        if points <= 10_000:
            return Rejects(basis_points=points)
    elif re.fullmatch(r"[0-9]{1,12}", written, re.ASCII):
        return Rejects(number=int(written))
    said = say("`{text}` is no number of rejects", text=written)
    raise InputFileError(said, say("write a number such as 20, or a share such as 0.5%"))


def _memory(options: RunOptions) -> int | None:
    from siyu.population.engines import EngineFailed
    from siyu.population.engines.memory import memory_bytes

    try:
        return None if options.memory is None else memory_bytes(options.memory)
    except EngineFailed as error:
        raise InputFileError(error.said, error.advice) from None


class opener_of:  # noqa: N801 - it is called
    """Opens the engine that is asked for."""

    def __init__(self, options: RunOptions) -> None:
        self._options = options

    def __call__(self, work: Path) -> Engine:
        options = self._options
        if options.engine == "spark":
            from siyu.population.engines import spark

            return spark.open_engine(options.master, work, options.spark, options.memory)
        from siyu.population.engines import duck

        return duck.open_engine(options.memory, work, options.threads)
