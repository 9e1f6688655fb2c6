"""`siyu run`: decide about everyone in tables, into one folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import click

from siyu.faces.options import CALIBRATION, FORMAT, fail, instant_option, telling, to_json
from siyu.faces.speaking import LANG, told
from siyu.words import say

if TYPE_CHECKING:
    from siyu.api.running import RunOptions
    from siyu.population.run.run import Finished

UNPUBLISHED = 3

EXAMPLE = """\b
Examples:
  siyu run policy.siyu --as-of 2026-11-21 --calibrate -o out/2026-11-21
  siyu run policy.siyu --as-of 2026-11-21 --calibration calibration.yaml -o out/2026-11-21
  siyu run policy.siyu --as-of 2026-11-21 --events order_paid --calibration c.yaml -o out/points
  siyu run policy.siyu --sources s.yaml --as-of 2026-11-21 --engine spark -o out/2026-11-21
"""


@click.command("run", epilog=EXAMPLE)
@click.argument("policy", metavar="POLICY")
@click.option(
    "--sources", metavar="FILE", help="Where the tables are; otherwise sources.yaml beside POLICY."
)
@click.option(
    "--as-of",
    required=True,
    metavar="TIME",
    help="The instant to decide at: a date (its first moment) or a date and time; without a zone "
    "it is in the policy's.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    help="The folder to make; it is complete or not there.",
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What does the work.",
)
@click.option("--master", metavar="URL", help="Spark's master; local[*] where none is named.")
@click.option(
    "--spark-conf",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of Spark's; may be said again for others.",
)
@click.option("--memory", metavar="SIZE", help="At most, such as 4GB; the rest goes to disk.")
@click.option("--threads", type=click.IntRange(min=1), metavar="N", help="Otherwise all cores.")
@click.option(
    "--events",
    metavar="EVENT,…",
    help="Decide about every event of these types, instead of every customer.",
)
@CALIBRATION
@click.option("--calibrate", is_flag=True, help="Make the calibration now, and keep it in DIR.")
@click.option(
    "--max-calibration-age",
    metavar="AGE",
    default="7d",
    show_default=True,
    help="How old a calibration may be, such as 36h, 7d, 5w; `any` takes every one.",
)
@click.option(
    "--allocation", metavar="FILE", help="With --events: how a run has shared out what is scarce."
)
@click.option(
    "--max-rejects",
    metavar="N|P%",
    help="Stop when more customers or events are set aside; otherwise more than 1% are warned of.",
)
@click.option("--previous", metavar="OLDDIR", help="An earlier run, to compare indicators with.")
@click.option("--audit", is_flag=True, help="Write every condition of every decision as well.")
@click.option("--force", is_flag=True, help="Replace the folder of an earlier run.")
@FORMAT
@LANG
def command(
    policy: str,
    sources: str | None,
    as_of: str,
    output: str,
    engine: Literal["duckdb", "spark"],
    master: str | None,
    settings: tuple[str, ...],
    memory: str | None,
    threads: int | None,
    events: str | None,
    calibration: str | None,
    calibrate: bool,
    max_calibration_age: str,
    allocation: str | None,
    max_rejects: str | None,
    previous: str | None,
    audit: bool,
    force: bool,
    form: str,
) -> None:
    """Decide about everyone in the tables of a sources.yaml, and write all of it into one folder.

    The folder holds decisions.parquet (a row a customer, or an event), outcomes.parquet (a row for
    everything posted, given, sent or stopped), state.parquet (what the next run begins with),
    indicators.json, rejects.parquet, run.json, and the calibration and allocation that were used.
    It is complete or absent; the same inputs give the same bytes.

    Exits 0; 1 when the policy has errors or the data do not allow a run; 2 for bad usage; 3 when a
    claim (`ensure`) does not hold, and nothing is published.
    """
    if master is not None and engine != "spark":
        raise click.UsageError(told(say("--master goes with --engine spark")))
    if settings and engine != "spark":
        raise click.UsageError(told(say("--spark-conf goes with --engine spark")))
    if threads is not None and engine == "spark":
        raise click.UsageError(told(say("--threads goes with DuckDB; Spark's are in --master")))
    from siyu import api
    from siyu.api.running import RunOptions

    options = RunOptions(
        sources, engine, master or "local[*]", memory, threads,
        () if events is None else (events,), calibration, calibrate,
        None if max_calibration_age == "any" else max_calibration_age, allocation, max_rejects,
        previous, audit, force, _settings(settings),
    )  # fmt: skip
    with telling(policy, form):
        loaded = api.load(policy)
    at = instant_option(as_of, loaded.program.timezone)
    with telling_runs(form):
        finished = _made(loaded, at, output, options, form)
    _tell(finished, form)
    raise SystemExit(0 if finished.place is not None else UNPUBLISHED)


def _settings(given: tuple[str, ...]) -> dict[str, str]:
    """Settings by name, of which the last one said counts."""
    found: dict[str, str] = {}
    for each in given:
        name, sign, value = each.partition("=")
        if not sign or not name.strip().startswith("spark."):
            raise click.UsageError(
                told(say("--spark-conf {given}: say a setting such as "
                         "`--spark-conf spark.executor.memory=8g`", given=each))
            )  # fmt: skip
        found[name.strip()] = value.strip()
    return found


@contextmanager
def telling_runs(form: str) -> Iterator[None]:
    """Tells why there is no run; nothing is at its place then."""
    from siyu.api import InputFileError, SiyuError
    from siyu.api.running import RunFailed

    try:
        yield
    except RunFailed as error:
        fail(error.said, error.advice, form, error.code)
    except InputFileError as error:
        fail(error.said, error.advice, form)
    except SiyuError as error:
        fail(error.said, error.advice, form)


def _made(loaded: object, at: object, output: str, options: RunOptions, form: str) -> Finished:
    from siyu.api.running import run
    from siyu.faces.stages import Stages

    with Stages(form == "text") as stages:
        return run(loaded, at, output, progress=stages, options=options)  # type: ignore[arg-type]


def _tell(finished: Finished, form: str) -> None:
    if form == "json":
        print(
            to_json(
                {
                    "place": None if finished.place is None else str(finished.place),
                    "why": [told(each) for each in finished.why],
                    "warnings": [told(each) for each in finished.warnings],
                    "run": finished.run,
                    "indicators": finished.indicators,
                    "timings": {k: round(v, 3) for k, v in finished.timings.items()},
                }
            )
        )
        return
    from siyu.faces.run_summary import show

    show(finished)
