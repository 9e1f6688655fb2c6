"""`siyu identity`: who is one customer among the profiles of all channels, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from siyu.faces.excerpt import harmless
from siyu.faces.options import FORMAT, fail, instant_option, telling, to_json
from siyu.faces.run import telling_runs
from siyu.faces.speaking import LANG, told
from siyu.words import say

if TYPE_CHECKING:
    from siyu.api.identifying import IdentityOptions
    from siyu.population.identity.run import Done

EXAMPLE = """\b
Examples:
  siyu identity policy.siyu -o out/one_id
  siyu identity policy.siyu --previous out/one_id -o out/one_id_2
  siyu identity policy.siyu --run out/one_id --why tmall:T1001 wecom:W17
  siyu identity policy.siyu --run out/one_id --why tmall:T1001 store:S3 --pii --lang zh
"""


@click.command("identity", epilog=EXAMPLE)
@click.argument("policy", metavar="POLICY")
@click.option("--name", metavar="NAME", help="Which identity, where the policy has several.")
@click.option(
    "--sources", metavar="FILE", help="Where the tables are; otherwise sources.yaml beside POLICY."
)
@click.option(
    "-o", "--output", metavar="DIR", help="The folder to make; it is complete or not there."
)
@click.option(
    "--previous", metavar="OLDDIR", help="An earlier result, whose customers keep their keys."
)
@click.option(
    "--as-of",
    metavar="TIME",
    help="The instant that conditions and sources speak of, where they speak of one.",
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What does the work.",
)
@click.option("--master", metavar="URL", help="Spark's master; local[*] where none is named.")
@click.option("--memory", metavar="SIZE", help="At most, such as 4GB; the rest goes to disk.")
@click.option("--threads", type=click.IntRange(min=1), metavar="N", help="Otherwise all cores.")
@click.option(
    "--max-rejects",
    metavar="N|P%",
    help="Stop when more profiles are set aside; otherwise any number may be.",
)
@click.option("--force", is_flag=True, help="Replace the folder of an earlier result.")
@click.option("--run", "past", metavar="DIR", help="With --why: the result to explain.")
@click.option(
    "--why",
    nargs=2,
    metavar="A B",
    help="Explain why two profiles are one customer or two; each is channel, colon and key.",
)
@click.option("--pii", is_flag=True, help="With --why: show personal values, out of the tables.")
@FORMAT
@LANG
def command(
    policy: str,
    name: str | None,
    sources: str | None,
    output: str | None,
    previous: str | None,
    as_of: str | None,
    engine: Literal["duckdb", "spark"],
    master: str | None,
    memory: str | None,
    threads: int | None,
    max_rejects: str | None,
    force: bool,
    past: str | None,
    why: tuple[str, str] | None,
    pii: bool,
    form: str,
) -> None:
    """Join the profiles that channels have of people into customers (ONE ID), as an identity of the
    policy says.

    Writes one folder: identities.parquet (a row a profile, with its customer), customers.parquet,
    links.parquet (what profiles have in common), conflicts.parquet (what kept them apart),
    changes.parquet (what became of the customers of --previous), rejects.parquet, identity.json. It
    is complete or absent; the same inputs give the same bytes. A sources.yaml names it in
    `customer: {through: …}`, so that runs decide about the joined customers.

    Exits 0; 1 when the policy has errors or the data do not allow it; 2 for bad usage.
    """
    if why is not None:
        if past is None:
            raise click.UsageError(told(say("--why needs the result to explain: --run DIR")))
        _explain(policy, name, sources, past, why, pii, form)
        return
    if past is not None or pii:
        raise click.UsageError(told(say("--run and --pii go with --why")))
    if output is None:
        raise click.UsageError(told(say("say where the result is to be with -o DIR")))
    if master is not None and engine != "spark":
        raise click.UsageError(told(say("--master goes with --engine spark")))
    if threads is not None and engine == "spark":
        raise click.UsageError(told(say("--threads goes with DuckDB; Spark's are in --master")))
    from siyu import api
    from siyu.api.identifying import IdentityOptions

    with telling(policy, form):
        loaded = api.load(policy)
    at = None if as_of is None else instant_option(as_of, loaded.program.timezone)
    options = IdentityOptions(
        name, sources, engine, master or "local[*]", memory, threads, at, previous, max_rejects,
        force,
    )  # fmt: skip
    with telling_runs(form):
        done = _made(loaded, output, options, form)
    if form == "json":
        timings = {name: round(seconds, 3) for name, seconds in done.timings.items()}
        print(to_json({"place": str(done.place), "identity": done.document, "timings": timings}))
        return
    from siyu.faces.identity_summary import show

    show(done)


def _made(loaded: object, output: str, options: IdentityOptions, form: str) -> Done:
    from siyu.api.identifying import identify
    from siyu.faces.stages import Stages

    with Stages(form == "text") as stages:
        return identify(loaded, output, progress=stages, options=options)  # type: ignore[arg-type]


def _explain(
    policy: str,
    name: str | None,
    sources: str | None,
    past: str,
    why: tuple[str, str],
    pii: bool,
    form: str,
) -> None:
    from siyu import api
    from siyu.api.identifying import explain_identity
    from siyu.population.identity.why import as_document, tell

    with telling(policy, form):
        loaded = api.load(policy)
    if not Path(past).is_dir():
        fail(say("there is no folder `{path}`", path=past), form=form)
    with telling_runs(form):
        shown = loaded if pii else None
        answer = explain_identity(past, *why, policy=shown, sources=sources, name=name)
    if form == "json":
        print(to_json(as_document(answer)))
        return
    indents = {"head": "", "line": "  ", "more": "    "}
    for kind, words in tell(answer):
        print(indents[kind] + harmless(told(words)))
