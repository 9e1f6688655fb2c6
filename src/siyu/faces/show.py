"""`siyu show`: what the compiler makes of a policy, stage by stage."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from siyu.faces.files import text_of
from siyu.faces.options import CALIBRATION, FORMAT, telling, to_json
from siyu.faces.speaking import LANG, current, told
from siyu.words import say

if TYPE_CHECKING:
    from siyu.api import Policy

EXAMPLE = """\b
Examples:
  siyu show tour.siyu --stage ast
  siyu show tour.siyu --stage core
  siyu show tour.siyu --stage python --event order_paid --calibration calibration.yaml
"""


@click.command("show", epilog=EXAMPLE)
@click.argument("policy", metavar="POLICY")
@click.option(
    "--stage",
    type=click.Choice(["ast", "core", "python"]),
    default="core",
    show_default=True,
    help="The tree as written, the meaning, or the generated program.",
)
@click.option("--event", metavar="EVENT", help="The generated program for requests with an event.")
@CALIBRATION
@FORMAT
@LANG
def command(policy: str, stage: str, event: str | None, calibration: str | None, form: str) -> None:
    """Show what the compiler makes of a policy.

    `ast` is the tree of this one file, also of one with errors; `core` is what all its declarations
    mean, with the files it uses; `python` is the program that decides. Exits 0, 1 when there are
    errors, 2 for bad usage.
    """
    if event is not None and stage != "python":
        raise click.UsageError(told(say("--event goes with --stage python")))
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
        _print(stage, _source(loaded, event), form)


def _source(policy: Policy, event: str | None) -> str:
    known = policy.compiled.schema.events
    if event is not None and event not in known:
        said = say("there is no event `{event}`; the schema has none", event=event)
        if known:
            names = tuple(known)
            said = say(
                "there is no event `{event}`; the schema has {names}", event=event, names=names
            )
        raise click.UsageError(told(said))
    return policy.source(event)


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
