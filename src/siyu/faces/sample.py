"""`siyu sample`: made-up data that fit a schema, at any size."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siyu.faces.options import fail, instant_option, tell_policy_error
from siyu.faces.speaking import LANG, told
from siyu.words import Words, say, say_n

if TYPE_CHECKING:
    from siyu.population.sample.model import Wish
    from siyu.population.sample.write import Sample
    from siyu.schema import Schema

EXAMPLE = """\b
Examples:
  siyu sample policy.siyu --customers 1000 -o data
  siyu sample retail.yaml --customers 1000000 --seed 7 --rows orders=12 -o data
  siyu sample retail.yaml --customers 1000 --format csv --dirty 0.1% -o spoilt
"""
AS_OF = "2026-11-21T10:00:00+08:00"  # a fixed moment: the same command gives the same bytes
ZONE, CURRENCY = "Asia/Shanghai", "CNY"
MOST = 1_000_000_000
WRITING = say("writing rows")


@click.command("sample", epilog=EXAMPLE)
@click.argument("what", metavar="SCHEMA|POLICY")
@click.option("--customers", type=click.IntRange(1, MOST), required=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="Other seeds, other data.")
@click.option("-o", "--output", required=True, metavar="DIR", help="A new or an empty folder.")
@click.option(
    "--rows",
    multiple=True,
    metavar="TABLE=N",
    help="Rows a customer on average: of a collection (`orders=12`), of an event "
    "(`order_paid=0.3`), or of rows inside a row (`orders.lines=3`).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "csv", "jsonl"]),
    default="parquet",
    show_default=True,
    help="What kind of files.",
)
@click.option("--as-of", metavar="TIME", help=f"Now, in the data. [default: {AS_OF}]")
@click.option("--dirty", metavar="SHARE", help="Spoil this share of all rows, such as `0.1%`.")
@click.option("--skew", metavar="SHARE", help="Give one customer this share of all rows.")
@click.option("--memory", metavar="SIZE", default="2GB", show_default=True, help="At most.")
@LANG
def command(
    what: str,
    customers: int,
    seed: int,
    output: str,
    rows: tuple[str, ...],
    form: str,
    as_of: str | None,
    dirty: str | None,
    skew: str | None,
    memory: str,
) -> None:
    """Make up customers with all that a schema says of them: orders, logs, consents, events.

    Nobody in the data exists. Most customers buy little, a few very much; days and hours are busy
    or quiet; logs use the names of a policy's rules where a policy is given. The same seed gives
    the same files. Beside the tables stands a sources.yaml, so that `siyu run` can begin at once;
    what --dirty has spoilt is listed in dirty.json. The folder is complete or absent.

    Exits 0, 1 when the schema or the policy has errors, 2 for bad usage.
    """
    wish = _wish(what, customers, seed, rows)
    wish = replace(
        wish,
        as_of=_instant(as_of, wish.timezone),
        form="csv" if form == "csv" else "jsonl" if form == "jsonl" else "parquet",
        dirty=_share(dirty, "--dirty"),
        skew=_share(skew, "--skew"),
    )
    target = Path(output)
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        said = say("`{path}` is not empty", path=output)
        said = said if target.is_dir() else say("`{path}` is a file", path=output)
        fail(said, say("name a folder that does not exist yet"))
    began = time.monotonic()
    made = _made(wish, target, memory)
    _tell(made, output, time.monotonic() - began)


def _made(wish: Wish, target: Path, memory: str) -> Sample:
    from siyu.faces.progress import Progress
    from siyu.population.sample.model import SampleFailed
    from siyu.population.sample.write import expected_rows, processors, write_sample

    workers = processors()
    share = _megabytes(memory) // workers
    try:
        with Progress(expected_rows(wish), task=WRITING, counted=True) as progress:
            return write_sample(wish, target, workers, f"{max(share, 64)}MB", progress.advance)
    except SampleFailed as error:
        fail(error.said, error.advice)


# ---------------------------------------------------------------- what is asked for


def _wish(what: str, customers: int, seed: int, rows: tuple[str, ...]) -> Wish:
    from siyu.population.sample.model import Wish

    path = Path(what)
    if path.is_dir() or path.suffix == ".siyu":
        wish = _of_policy(what, customers, seed)
    else:
        schema = _schema(what)
        wish = Wish(schema, customers, seed, 0, ZONE, CURRENCY)
    return replace(wish, rows=_means(rows, wish.schema))


def _of_policy(what: str, customers: int, seed: int) -> Wish:
    from siyu import api
    from siyu.population.sample.model import Wish
    from siyu.population.sample.policy import names_of

    try:
        policy = api.load(what)
    except api.PolicyError as error:
        tell_policy_error(what, error, "text")
        raise SystemExit(1) from None
    except api.SiyuError as error:
        fail(error.said, error.advice)
    program, schema = policy.program, policy.compiled.schema
    zone, currency = program.timezone, program.currency
    return Wish(schema, customers, seed, 0, zone, currency, names=names_of(program))


def _schema(what: str) -> Schema:
    from siyu.faces.schema import load, tell

    source, loaded = load(what)
    if not loaded.ok or loaded.schema is None:
        tell(source, loaded)
        raise SystemExit(1)
    return loaded.schema.with_currency(CURRENCY)


def _means(rows: tuple[str, ...], schema: Schema) -> dict[str, float]:
    from siyu.diagnostics import nearest

    known = [path for path, _ in schema.walk()] + list(schema.events)
    found = {}
    for each in rows:
        name, _, number = each.partition("=")
        if name not in known:
            near = nearest(name, known)
            said = say("the schema has no table `{name}`", name=name)
            if near:
                said = say("{said}; did you mean `{near}`?", said=said, near=near[0])
            raise _bad(said, "--rows")
        if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,6})?", number):
            raise _bad(say("`{text}` is not written like `orders=12`", text=each), "--rows")
        found[name] = float(number)
    return found


def _share(text: str | None, option: str) -> int:
    """A share in parts of a million."""
    if text is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,4})?%", text) or Decimal(text[:-1]) > 50:
        said = say("`{text}` is no share from 0% to 50%, such as `0.1%`", text=text)
        raise _bad(said, option)
    return int(Decimal(text[:-1]) * 10_000)


def _megabytes(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,6}) ?([MG]B)", text, re.IGNORECASE)
    size = int(found[1]) * (1000 if found[2].upper() == "GB" else 1) if found else 0
    if size < 128:
        said = say("`{text}` is no size from 128MB on, such as `2GB`", text=text)
        raise _bad(said, "--memory")
    return size


def _bad(said: Words, option: str) -> click.BadParameter:
    return click.BadParameter(told(said), param_hint=option)


def _instant(text: str | None, zone: str) -> int:
    from datetime import UTC, datetime, timedelta

    found = instant_option(text or AS_OF, zone)
    assert found is not None
    if not 1990 <= found.year <= 2200:
        raise _bad(say("the moment must lie in the years 1990 to 2200"), "--as-of")
    return (found - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


# ---------------------------------------------------------------- what was made


def _tell(made: Sample, folder: str, seconds: float) -> None:
    width = max(len(t.pattern) for t in made.tables)
    for t in made.tables:
        click.echo(f"  {t.pattern:<{width}}  {t.rows:>13,}  {t.size / 1e6:>10,.1f} MB")
    rows = sum(t.rows for t in made.tables)
    size = f"{sum(t.size for t in made.tables) / 1e6:,.1f}"
    counted = say_n("1 row", "{rows} rows", rows, rows=f"{rows:,}")
    said = say("{counted}, {size} MB in {seconds} s: {folder}", counted=counted, size=size,
               seconds=f"{seconds:.1f}", folder=folder)  # fmt: skip
    click.echo(told(said))
    for path in made.left_out:
        warned = say("`{path}` is left out: the rows around it have no key", path=path)
        click.echo(told(warned), err=True)
