"""`siyu sources`: look at the tables of a whole base before anything is decided with them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from siyu.faces.options import FORMAT, fail, instant_option, telling, to_json
from siyu.faces.speaking import LANG, colon, current, told
from siyu.words import Words, say, say_n

if TYPE_CHECKING:
    from siyu.population.engines import Engine
    from siyu.population.sources.checking import Refusal, Report, TableReport

EXAMPLE = """\b
Examples:
  siyu sources check policy.siyu --as-of 2026-11-21
  siyu sources check policy.siyu --sources nightly.yaml --as-of 2026-11-21 --max-rejects 10
  siyu sources check retail.yaml --sources sources.yaml --as-of 2026-11-21 --format json
"""
MASTER = "local[2]"


@click.group("sources", epilog=EXAMPLE)
@LANG
def command() -> None:
    """Check the tables that a sources.yaml maps to a schema."""


@command.command("check", epilog=EXAMPLE)
@click.argument("policy", metavar="POLICY|SCHEMA")
@click.option(
    "--sources", metavar="FILE", help="Where the tables are; otherwise sources.yaml beside it."
)
@click.option(
    "--as-of",
    metavar="TIME",
    required=True,
    help="When tables must be fresh: a date (its first moment) or a date and time.",
)
@click.option(
    "--max-rejects", metavar="N", type=click.IntRange(min=0), default=0, show_default=True,
    help="How many customers may be set aside.",
)  # fmt: skip
@click.option(
    "--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True,
    help="What reads the tables.",
)  # fmt: skip
@click.option("--memory", metavar="SIZE", help="The most memory to use, such as 4GB.")
@FORMAT
@LANG
def check(
    policy: str,
    sources: str | None,
    as_of: str,
    max_rejects: int,
    engine: Literal["duckdb", "spark"],
    memory: str | None,
    form: str,
) -> None:
    """Report what would be set aside of each table, by reason, with counts and examples.

    With a policy, what it reads is checked; with a schema, all fields that a table has. Rows of
    nobody hurt nobody, any other bad row sets its customer aside. Private values are not shown.

    Exits 0, 1 when more customers than --max-rejects would be set aside or a table is not as
    `expect` says, 2 for files that are wrong or cannot be read.
    """
    from siyu.population.engines import EngineFailed
    from siyu.population.sources.failed import SourcesFailed

    with telling(policy, form):
        try:
            report = _report(policy, sources, as_of, engine, memory)
        except (EngineFailed, SourcesFailed) as failed:
            fail(failed.said, failed.advice, form)
    if form == "json":
        click.echo(to_json(_document(report)))
    else:
        _show(report)
    raise SystemExit(1 if report.problems or report.rejected > max_rejects else 0)


def _report(
    policy: str, named: str | None, as_of: str, engine: Literal["duckdb", "spark"],
    memory: str | None,
) -> Report:  # fmt: skip
    from siyu.population.sources.checking import check_sources, everything
    from siyu.population.sources.failed import unfit
    from siyu.population.sources.opened import open_sources
    from siyu.population.sources.reader import read_sources
    from siyu.records import reader

    path = _file(policy, named)
    source = _source(path)
    asked = _of_schema(policy, source) if policy.endswith((".yaml", ".yml")) else _of_policy(policy)
    schema, zone, metrics, plan = asked
    read = read_sources(source, schema, metrics)
    if read.sources is None:
        raise unfit(source, read.problems)
    zone = zone or read.sources.timezone or "UTC"
    instant = instant_option(as_of, zone)
    assert instant is not None
    from siyu.api.deciding import moment

    at = moment(instant)
    assert at is not None
    with tempfile.TemporaryDirectory(prefix="siyu-", ignore_cleanup_errors=True) as folder:
        opened_with = _engine(engine, Path(folder), memory)
        try:
            events = tuple(read.sources.events)
            opened = open_sources(
                read.sources, path.parent, opened_with, Path(folder), events, zone
            )
            if plan is None:
                plan = reader(schema, everything(schema, opened), zone).plan
            return check_sources(opened, schema, plan, at, zone, current())
        finally:
            opened_with.close()


def _engine(name: Literal["duckdb", "spark"], folder: Path, memory: str | None) -> Engine:
    if name == "spark":
        from siyu.population.engines import spark

        return spark.open_engine(MASTER, folder, memory=memory)
    from siyu.population.engines import duck

    return duck.open_engine(memory, folder)


def _file(policy: str, named: str | None) -> Path:
    from siyu.faces.options import pack_folder

    if named is None:
        return pack_folder(policy) / "sources.yaml"
    return Path(named) / "sources.yaml" if Path(named).is_dir() else Path(named)


def _source(path: Path) -> Any:
    from siyu.api.paths import read_text
    from siyu.text import Source

    return Source.of(str(path), read_text(path))


def _of_policy(policy: str) -> tuple[Any, str | None, Any, Any]:
    from dataclasses import replace

    from siyu import api
    from siyu.api.deciding import make_reader
    from siyu.evaluators.sql import needs_read

    loaded = api.load(policy)
    program = loaded.program
    schema = loaded.compiled.schema
    metrics = tuple(binding.name for binding in program.bindings if binding.metric)
    plan = make_reader(schema, replace(program, needs=needs_read(program))).plan
    return schema, program.timezone, metrics, plan


def _of_schema(path: str, source: Any) -> tuple[Any, str | None, Any, Any]:
    from siyu.api import InputFileError
    from siyu.schema import load_schema
    from siyu.schema.tree import Map, Scalar, read_tree

    tree, _ = read_tree(source)
    named = tree.get("currency") if isinstance(tree, Map) else None
    currency = named.text if isinstance(named, Scalar) and named.value else "CNY"
    loaded = load_schema(_source(Path(path)), currency)
    if loaded.schema is None or not loaded.ok:
        raise InputFileError(say("the schema `{path}` has errors", path=path),
                             say("`siyu schema check {path}` lists them", path=path))  # fmt: skip
    return loaded.schema, None, None, None


# ---------------------------------------------------------------- for people and machines


def _show(report: Report) -> None:
    for table in report.tables:
        _show_table(table)
    for line, said in report.problems:
        click.echo(told(say("line {line} of the file: {problem}", line=line, problem=said)))
    customers = _customers(report.customers)
    click.echo(told(say("{customers}, {rejected} of them would be set aside", customers=customers,
                        rejected=report.rejected)))  # fmt: skip


def _show_table(table: TableReport) -> None:
    if table.missing:
        click.echo(f"{table.name}{colon()}{told(say('not there yet'))}")
        return
    rows = _rows(table.rows)
    files = say_n("1 file", "{count} files", table.files)
    size = say("{size} bytes", size=f"{table.bytes:,}")
    parts = [told(rows)] + ([told(files), told(size)] if table.files else [])
    if table.latest is not None:
        parts.append(told(say("latest {latest}", latest=table.latest)))
    click.echo(f"{table.name}{colon()}{_comma().join(parts)}")
    for refusal in table.refusals:
        _show_refusal(refusal)
    for said, names in (
        (say("columns that nothing reads"), table.unmapped),
        (say("fields without a column"), table.lacking),
        (say("fields that are never filled"), table.empty),
    ):
        if names:
            click.echo(f"  {told(said)}{colon()}{_comma().join(names)}")


def _show_refusal(refusal: Refusal) -> None:
    whom = {
        "orphan": say_n("1 row of nobody", "{count} rows of nobody", refusal.count),
        "row": _rows(refusal.count),
    }.get(refusal.kind, _customers(refusal.count))
    field = f" {refusal.field}" if refusal.field else ""
    click.echo(f"  {told(whom)}{field} ({refusal.code})")
    for each in refusal.examples:
        who = " ".join(part for part in (each.customer, each.key) if part)
        click.echo(f"    {who}{colon()}{each.reason}")


def _rows(number: int) -> Words:
    return say_n("1 row", "{rows} rows", number, rows=f"{number:,}")


def _customers(number: int) -> Words:
    return say_n("1 customer", "{number} customers", number, number=f"{number:,}")


def _comma() -> str:
    return {"en": ", ", "zh": "，"}[current().tongue]


def _document(report: Report) -> dict[str, Any]:
    tables = {
        table.name: {
            "rows": table.rows,
            "files": table.files,
            "bytes": table.bytes,
            "latest": table.latest,
            "missing": table.missing,
            "rejects": [
                {
                    "kind": each.kind,
                    "field": each.field or None,
                    "code": each.code,
                    "count": each.count,
                    "examples": [
                        {"customer": e.customer, "key": e.key, "reason": e.reason}
                        for e in each.examples
                    ],
                }
                for each in table.refusals
            ],
            "unmapped": list(table.unmapped),
            "lacking": list(table.lacking),
            "empty": list(table.empty),
        }
        for table in report.tables
    }
    problems = [{"line": line, "problem": told(said)} for line, said in report.problems]
    counts = {"read": report.customers, "rejected": report.rejected}
    return {"customers": counts, "tables": tables, "problems": problems}
