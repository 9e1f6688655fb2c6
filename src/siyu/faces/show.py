"""`siyu show`: what the compiler makes of a policy, stage by stage."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from siyu.faces.files import text_of
from siyu.faces.options import AS_OF, CALIBRATION, FORMAT, instant_option, telling, to_json
from siyu.faces.speaking import LANG, current, told
from siyu.words import say

if TYPE_CHECKING:
    from datetime import datetime

    from siyu.api import Policy
    from siyu.functions.declaration import Dialect as Engine
    from siyu.text import Span

EXAMPLE = """\b
Examples:
  siyu show tour.siyu --stage ast
  siyu show tour.siyu --stage core
  siyu show tour.siyu --stage python --event order_paid --calibration calibration.yaml
  siyu show starter.siyu --stage sql --engine duckdb --as-of 2026-11-21
"""


@click.command("show", epilog=EXAMPLE)
@click.argument("policy", metavar="POLICY")
@click.option(
    "--stage",
    type=click.Choice(["ast", "core", "python", "sql"]),
    default="core",
    show_default=True,
    help="The tree as written, the meaning, the generated program, or the generated query.",
)
@click.option("--event", metavar="EVENT", help="The generated program for requests with an event.")
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    help="What the query is written for; duckdb where this is not given.",
)
@AS_OF
@CALIBRATION
@FORMAT
@LANG
def command(
    policy: str,
    stage: str,
    event: str | None,
    engine: Engine | None,
    as_of: str | None,
    calibration: str | None,
    form: str,
) -> None:
    """Show what the compiler makes of a policy.

    `ast` is the tree of this one file, also of one with errors; `core` is what all its declarations
    mean, with the files it uses; `python` is the program that decides; `sql` is the query that
    decides about everyone, at one moment where --as-of says so. Exits 0, 1 when there are errors,
    2 for bad usage.
    """
    if event is not None and stage not in ("python", "sql"):
        raise click.UsageError(told(say("--event goes with --stage python or sql")))
    if stage != "sql" and (engine is not None or as_of is not None):
        raise click.UsageError(told(say("--engine and --as-of go with --stage sql")))
    if stage == "ast":
        _show_tree(policy, form)
        return
    from siyu import api

    with telling(policy, form):
        loaded = api.load(policy, calibration=calibration)
        if stage == "core":
            from siyu.core.show import show

            _print(stage, show(loaded.program), form)
            return
        _check_event(loaded, event)
        if stage == "python":
            _print(stage, loaded.source(event), form)
            return
        at = instant_option(as_of, loaded.program.timezone)
        _print(stage, _query(loaded, event, at, engine or "duckdb"), form)


def _query(policy: Policy, event: str | None, at: datetime | None, engine: Engine) -> str:
    """Over relations called as the tables are; without a moment each record says when."""
    from siyu.api.deciding import moment
    from siyu.core.passes import at_moment
    from siyu.evaluators.sql import Relations, generate, needs_read
    from siyu.evaluators.sql.dialects import DIALECTS

    program = at_moment(policy.ready, moment(at), event)
    name_of = DIALECTS[engine].name_of
    tables = {
        need.path: name_of(need.path.replace(".", "_")) for need in needs_read(program).tables
    }
    sources = policy.compiled.sources

    def place(span: Span) -> str:
        source = sources.get(span.file)
        return span.file if source is None else f"{span.file}:{source.place(span.start).line}"

    return generate(program, Relations("records", tables), engine, event, place=place).text


def _check_event(policy: Policy, event: str | None) -> None:
    known = policy.compiled.schema.events
    if event is not None and event not in known:
        said = say("there is no event `{event}`; the schema has none", event=event)
        if known:
            names = tuple(known)
            said = say(
                "there is no event `{event}`; the schema has {names}", event=event, names=names
            )
        raise click.UsageError(told(said))


def _print(stage: str, text: str, form: str) -> None:
    click.echo(to_json({"stage": stage, "text": text}) if form == "json" else text.rstrip("\n"))


def _show_tree(policy: str, form: str) -> None:
    from siyu.faces import render
    from siyu.faces.tree import tree_data, tree_text
    from siyu.syntax.parse import parse
    from siyu.text import Source

    source = Source.of(policy, text_of(policy))
    parsed = parse(source)
    if form == "json":
        click.echo(to_json({"stage": "ast", "tree": tree_data(parsed.file)}))
    else:
        click.echo(tree_text(parsed.file))
    paint = render.paint_for(sys.stderr)
    click.echo(
        render.render_all(parsed.diagnostics, {policy: source}, paint, current()),
        err=True,
        nl=False,
    )
    raise SystemExit(1 if parsed.diagnostics else 0)
