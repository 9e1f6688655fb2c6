"""`siyu schema`: check and show schema files, and print the published JSON Schemas."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from siyu.faces.infer import command as infer
from siyu.faces.options import FORMAT, to_json
from siyu.faces.speaking import LANG, current, told
from siyu.words import of_system, say, say_n

if TYPE_CHECKING:
    from siyu.schema import Loaded
    from siyu.text import Source

EXAMPLE = """\b
Examples:
  siyu schema check retail.yaml
  siyu schema show retail.yaml
  siyu schema show retail.yaml --format json
  siyu schema infer data -o schema.yaml
  siyu schema json > schema.schema.json
  siyu schema decision > decision.schema.json
  siyu schema explanation > explanation.schema.json
"""


@click.group("schema", epilog=EXAMPLE)
@LANG
def command() -> None:
    """Check and show schema files: the contract with the data."""


@command.command("check", epilog="\b\nExample:\n  siyu schema check policies/*/retail.yaml\n")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@FORMAT
@LANG
def check(files: tuple[str, ...], form: str) -> None:
    """Tell everything that is wrong with schema files.

    Exits 0 when all are right (warnings do not count), 1 when one has errors, 2 for bad usage.
    """
    read = [load(name) for name in files]
    if form == "json":
        found = [problem for source, loaded in read for problem in _problems(source, loaded)]
        click.echo(to_json(found))
    else:
        for source, loaded in read:
            tell(source, loaded)
    raise SystemExit(0 if all(loaded.ok for _, loaded in read) else 1)


@command.command("show", epilog="\b\nExample:\n  siyu schema show retail.yaml --format json\n")
@click.argument("file", metavar="FILE")
@FORMAT
@LANG
def show(file: str, form: str) -> None:
    """Show what a schema file says: fields with type, range, label and what is special.

    Exits 0 when the file is right, 1 when it has errors (they are told), 2 for bad usage.
    """
    from siyu.faces.schema_view import as_data, painted

    source, loaded = load(file)
    if not loaded.ok or loaded.schema is None:
        tell(source, loaded)
        raise SystemExit(1)
    if form == "json":
        click.echo(to_json(as_data(loaded.schema)))
    else:
        from rich.console import Console

        Console().print(painted(loaded.schema))


@command.command("json", epilog="\b\nExample:\n  siyu schema json > schema.schema.json\n")
def print_file_schema() -> None:
    """Print the JSON Schema of schema files, for editors."""
    from siyu.schema.published import file_schema

    click.echo(published(file_schema()), nl=False)


@command.command("decision", epilog="\b\nExample:\n  siyu schema decision > decision.json\n")
def print_decision_schema() -> None:
    """Print the JSON Schema of decisions, for whoever reads them."""
    from siyu.decision.model import decision_schema

    click.echo(published(decision_schema()), nl=False)


@command.command(
    "explanation", epilog="\b\nExample:\n  siyu schema explanation > explanation.json\n"
)
def print_explanation_schema() -> None:
    """Print the JSON Schema of explanations, for whoever reads them."""
    from siyu.explain.document import explanation_schema

    click.echo(published(explanation_schema()), nl=False)


command.add_command(infer)


def published(document: dict[str, Any]) -> str:
    """A JSON Schema as it lies in `docs/reference`."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def load(name: str) -> tuple[Source, Loaded]:
    """A schema file, and what it says; `click.UsageError` where it cannot be read."""
    from siyu.schema import load_schema
    from siyu.text import Source

    path = Path(name)
    if not path.is_file():
        raise click.UsageError(told(say("there is no file `{path}`", path=name)))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = say("`{path}` is not UTF-8 text at byte {place}", path=name, place=error.start)
        raise click.UsageError(told(reason)) from None
    except OSError as error:
        reason = say("`{path}` cannot be read: {reason}", path=name, reason=of_system(error))
        raise click.UsageError(told(reason)) from None
    source = Source.of(name, text)
    return source, load_schema(source)


def _problems(source: Source, loaded: Loaded) -> list[dict[str, Any]]:
    from siyu.faces.render import as_json

    return [as_json(each, {source.name: source}, current()) for each in loaded.diagnostics]


def tell(source: Source, loaded: Loaded) -> None:
    """Problems to standard error, the verdict to standard output."""
    from siyu.faces.render import COLON, paint_for, render_all

    speech = current()
    drawn = render_all(loaded.diagnostics, {source.name: source}, paint_for(sys.stderr), speech)
    click.echo(drawn, err=True, nl=False, color=True)
    errors = sum(each.severity == "error" for each in loaded.diagnostics)
    warnings = len(loaded.diagnostics) - errors
    parts = (
        say_n("1 error", "{count} errors", errors) if errors else "",
        say_n("1 warning", "{count} warnings", warnings) if warnings else "",
    )
    comma = {"en": ", ", "zh": "，"}[speech.tongue]
    verdict = comma.join(speech.of(part) for part in parts if part) or speech.of(say("right"))
    click.echo(f"{source.name}{COLON[speech.tongue]}{verdict}")
