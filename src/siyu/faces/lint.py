"""`siyu lint`: what lints there are, how severely each is taken here, and changing that."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siyu.faces.options import FORMAT, fail, to_json
from siyu.faces.speaking import LANG, current, told
from siyu.text import width
from siyu.words import either, of_system, say

if TYPE_CHECKING:
    from siyu.lint import Level, Lint, Settings
    from siyu.text import Source

EXAMPLE = """\b
Examples:
  siyu lint
  siyu lint policies/retail_membership
  siyu lint --set unused-metric=off --set W0715=error policies/retail_membership
"""


@click.command("lint", epilog=EXAMPLE)
@click.argument("path", default=".", metavar="[PATH]", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="NAME=LEVEL",
    help="Take a lint as off, warning or error from now on; it may be called by its code.",
)
@FORMAT
@LANG
def command(path: Path, changes: tuple[str, ...], form: str) -> None:
    """List the lints, and how severely each is taken for a policy.

    PATH is a policy file or its folder; without it, where you are. `siyu check` looks for them all,
    as `siyu.yaml` in that folder says; --set changes that file and nothing else in it. A comment
    `# allow: NAME because …` in a policy lets one line pass. Exits 0, 1 when `siyu.yaml` has
    mistakes (they are told), 2 for bad usage.
    """
    from siyu.lint import SETTINGS, read_settings
    from siyu.lint.edit import with_levels

    folder = path if path.is_dir() else path.parent
    wanted = dict(map(_change, changes))
    settings, source = _beside(folder, form)
    if settings.diagnostics and source is not None:
        _tell_mistakes(settings, source, folder, form)
    if wanted:
        text = with_levels(source.text if source is not None else "", wanted)
        _write(folder / SETTINGS, text)
        from siyu.text import Source

        settings = read_settings(Source.of(SETTINGS, text))
    if form == "json":
        click.echo(to_json(_document(folder / SETTINGS, settings.levels)))
    else:
        _tell(settings.levels)


# ---------------------------------------------------------------- settings


def _change(written: str) -> tuple[str, Level]:
    """The code and the severity that `NAME=LEVEL` means."""
    from siyu.diagnostics import nearest, perhaps
    from siyu.lint import BY_NAME, LEVELS, lint_called

    name, _, word = written.partition("=")
    lint = lint_called(name)
    if lint is None:
        near = nearest(name, BY_NAME)
        advice = perhaps(near) if near else say("`siyu lint` lists them all")
        wrong = say("no lint is called `{name}`: {advice}", name=name, advice=advice)
        raise click.BadParameter(told(wrong), param_hint="--set")
    level = next((each for each in LEVELS if each == word), None)
    if level is None:
        wrong = say("`{written}` does not end in one of {levels}, as in `{example}`",
                    written=written, levels=either(LEVELS), example=f"{name}=off")  # fmt: skip
        raise click.BadParameter(told(wrong), param_hint="--set")
    return lint.code, level


def _beside(folder: Path, form: str) -> tuple[Settings, Source | None]:
    from siyu.api import InputFileError
    from siyu.api.checking import settings_beside

    try:
        return settings_beside(folder / "policy.siyu")
    except InputFileError as error:
        fail(error.message, error.hint, form)


def _tell_mistakes(settings: Settings, source: Source, folder: Path, form: str) -> None:
    """What is wrong with `siyu.yaml`; with errors in it nothing is listed and nothing changed."""
    from siyu.faces import render

    sources = render.seen_from_here({source.name: source}, folder)
    found, speech = settings.diagnostics, current()
    if form == "json":
        entries = [render.as_json(each, sources, speech) for each in found]
        click.echo(to_json({"diagnostics": entries}), err=True)
    else:
        paint = render.paint_for(sys.stderr)
        click.echo(render.render_all(found, sources, paint, speech), nl=False, err=True)
    raise SystemExit(1)


def _write(path: Path, text: str) -> None:
    """The whole file, or none of it."""
    from siyu.faces.outputs import Outputs

    try:
        with Outputs() as outputs:
            outputs.open(path).write(text.encode())
            outputs.keep()
    except OSError as error:
        why = of_system(error)
        fail(say("`{path}` cannot be written: {why}", path=str(path), why=why))


# ---------------------------------------------------------------- telling


def _rows(levels: Mapping[str, Level]) -> list[tuple[Lint, Level]]:
    from siyu.lint import DEFAULT, LINTS

    return [(lint, levels.get(lint.code, DEFAULT)) for lint in LINTS]


def _tell(levels: Mapping[str, Level]) -> None:
    """A line for each lint; what `siyu.yaml` sets is marked."""
    rows = [(lint.code, lint.name, f"{level}{' *' if lint.code in levels else ''}",
             told(lint.meaning)) for lint, level in _rows(levels)]  # fmt: skip
    sizes = [max(width(row[n]) for row in rows) for n in range(3)]
    for row in rows:
        padded = (text + " " * (size - width(text)) for text, size in zip(row, sizes, strict=False))
        click.echo("  ".join((*padded, row[3])))
    if levels:
        click.echo(told(say("\n* set in `siyu.yaml`")))


def _document(path: Path, levels: Mapping[str, Level]) -> dict[str, object]:
    entries = [
        {
            "code": lint.code,
            "name": lint.name,
            "severity": level,
            "set": lint.code in levels,
            "meaning": told(lint.meaning),
        }
        for lint, level in _rows(levels)
    ]
    return {"settings": str(path), "lints": entries}
