"""`siyu schema infer`: a schema draft from data files, or what has changed since the last one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siyu.faces.options import fail
from siyu.faces.speaking import LANG, colon, told
from siyu.words import Words, of_system, say, say_n

if TYPE_CHECKING:
    from siyu.population.infer.changes import Change
    from siyu.population.infer.model import Guess

EXAMPLE = """\b
Examples:
  siyu schema infer data -o schema.yaml --sources-out sources.yaml
  siyu schema infer members.csv "orders/*.parquet" --customer members -o schema.yaml
  siyu schema infer shop.duckdb > schema.yaml
  siyu schema infer 会员.csv --encoding gb18030 -o schema.yaml --sources-out sources.yaml
  siyu schema infer data -o schema.yaml --check
"""
LOOKING = say("looking at tables")
HELP = say("help")


@click.command("infer", epilog=EXAMPLE)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", metavar="FILE", help="The schema file; otherwise it is printed.")
@click.option("--customer", metavar="TABLE", help="The table with a row a customer.")
@click.option("--key", metavar="COLUMN", help="Its column with the customer's key.")
@click.option("--sources-out", metavar="FILE", help="Where a draft of sources.yaml goes.")
@click.option("--encoding", metavar="NAME", help="Of CSV files that are not UTF-8: gb18030, big5.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when the data do not fit FILE.")
@LANG
def command(
    sources: tuple[str, ...],
    output: str | None,
    customer: str | None,
    key: str | None,
    sources_out: str | None,
    encoding: str | None,
    check: bool,
) -> None:
    """Draft a schema file from data: types, ranges, words, keys, what is personal.

    A SOURCE is a file (.parquet, .csv, .jsonl), several ("orders/*.parquet"), a folder with a table
    in each file or folder, or a .duckdb file. All rows are looked at. Every guess that a person
    should look at has a comment. Where FILE is there already, all that people wrote stays: what is
    new in the data is put in, and what has changed is told. An existing sources.yaml is left alone.

    Exits 0; 1 when FILE has errors or (with --check) the data do not fit it; 2 for bad usage.
    """
    from siyu.population.infer.model import InferFailed

    if check and (output is None or not Path(output).is_file()):
        raise click.UsageError(told(say("--check needs the schema file: name it with -o")))
    try:
        guess = _guess(sources, customer, key, encoding)
    except InferFailed as error:
        fail(error.said, error.advice)
    if output is not None and Path(output).exists():
        _again(output, guess, check)
    else:
        _first(output, guess)
    if sources_out is not None and not check:
        _sources(sources_out, output, guess)


def _guess(
    sources: tuple[str, ...], customer: str | None, key: str | None, encoding: str | None
) -> Guess:
    import tempfile

    import duckdb

    from siyu.faces.progress import Progress
    from siyu.population.infer.files import open_engine, places, unreadable
    from siyu.population.infer.observe import observe
    from siyu.population.infer.tables import relate
    from siyu.population.infer.texts import Texts

    engine = open_engine()
    copies = tempfile.TemporaryDirectory(prefix="siyu-")
    try:
        texts = None if encoding is None else Texts(encoding, Path(copies.name))
        found = places(engine, sources, texts)
        with Progress(len(found), task=LOOKING, counted=True) as progress:
            seen = [observe(engine, each, lambda: progress.advance(1)) for each in found]
        return relate(engine, seen, customer, key)
    except duckdb.Error as error:
        raise unreadable(sources[0], error) from None
    finally:
        engine.close()
        copies.cleanup()


def _first(output: str | None, guess: Guess) -> None:
    from siyu.population.infer.draft import draft_text
    from siyu.population.infer.names import table_name

    stem = Path(output).stem if output else ""
    name = table_name(stem)[0] if stem else guess.customer.seen.name
    text = draft_text(guess, name, told)
    if output is None:
        click.echo(text, nl=False)
        return
    _write(output, text)
    fields = sum(len(each.fields) for each in guess.tables)
    click.echo(told(say("wrote {path}: {tables} tables, {fields} fields", path=output,
                        tables=len(guess.tables), fields=fields)))  # fmt: skip


def _again(output: str, guess: Guess, check: bool) -> None:
    from siyu.faces.schema import load, tell
    from siyu.population.infer.again import relay

    source, loaded = load(output)
    if not loaded.ok or loaded.schema is None:
        tell(source, loaded)
        raise SystemExit(1)
    relaid = relay(source, loaded.schema.with_currency("CNY"), guess, told)
    for each in relaid.changes:
        _tell(each)
    wrong = sum(not each.fits for each in relaid.changes)
    if check:
        verdict = say_n("the data do not fit in 1 place", "the data do not fit in {count} places",
                        wrong)  # fmt: skip
        click.echo(told(verdict if wrong else say("the data fit {path}", path=output)))
        raise SystemExit(1 if wrong else 0)
    if relaid.text == source.text:
        click.echo(told(say("{path} stays as it is", path=output)))
    else:
        _write(output, relaid.text)
        click.echo(told(say("put into {path} what is new in the data", path=output)))


def _tell(change: Change) -> None:
    from siyu.faces.excerpt import harmless

    said = say("`{place}` {said}", place=change.place, said=change.said)
    click.echo(harmless(told(said)))


def _sources(path: str, schema: str | None, guess: Guess) -> None:
    from siyu.population.infer.sources import sources_draft

    if Path(path).exists():
        left: Words = say("`{path}` is there already and stays as it is", path=path)
        print(told(left), file=sys.stderr)
        advice = say("name another file to see the draft")
        print(f"{told(HELP)}{colon()}{told(advice)}", file=sys.stderr)
        return
    _write(path, sources_draft(guess, schema, Path(path).parent, told))
    click.echo(told(say("wrote {path}", path=path)))


def _write(path: str, text: str) -> None:
    from siyu.faces.outputs import Outputs

    try:
        with Outputs() as outputs:
            outputs.open(Path(path)).write(text.encode())
            outputs.keep()
    except OSError as error:
        fail(say("`{path}` cannot be written: {why}", path=path, why=of_system(error)))
