"""The tables of a run: opened, looked at, staged, and what was set aside of them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from siyu.core.program import Program
from siyu.evaluators.sql import Relations, needs_read
from siyu.population.engines import Engine
from siyu.population.run.dialect import dialect_of
from siyu.population.run.manifest import Manifest
from siyu.population.run.order import Order, Rejects
from siyu.population.run.problems import RunProblem
from siyu.population.sources.expected import Counted, check_expected
from siyu.population.sources.model import CUSTOMER
from siyu.population.sources.opened import OpenSources, open_sources
from siyu.population.sources.places import digest_of
from siyu.population.sources.rejects import COLUMNS, nothing, rejects
from siyu.population.sources.staged import Staged, stage
from siyu.words import Words, say

USUAL = Rejects(basis_points=100)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Digests:
    """Digests of all files, worked out beside the engine's work."""

    def __init__(self, sources: OpenSources) -> None:
        self._sources = sources
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="digests")
        self._found: Future[dict[str, Any]] = self._pool.submit(digests_of, sources)

    def result(self) -> dict[str, Any]:
        """By table: `digest` and `files`."""
        return self._found.result()

    def close(self) -> None:
        """Stops looking."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def digests_of(sources: OpenSources) -> dict[str, Any]:
    """Of every table its files with their digests, and a digest of all of them; null where there
    are no files, such as for a database that is asked. `NAME.through` is the identity through which
    the customers of a table's rows were found."""
    found: dict[str, Any] = {}
    for name, opened in sources.tables.items():
        found[name] = _digest(opened.files, sources.folder)
        if opened.beside:
            found[f"{name}.through"] = _digest(opened.beside, sources.folder)
    return found


def _digest(paths: Sequence[Path], folder: Path) -> dict[str, Any]:
    files = [digest_of(path, folder) for path in paths]
    lines = "".join(f"{each.path} {each.digest}\n" for each in files)
    whole = f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}" if files else None
    listed = [{"path": each.path, "bytes": each.bytes, "digest": each.digest} for each in files]
    return {"digest": whole, "files": listed}


@dataclass(frozen=True, slots=True)
class Tables:
    """The opened tables of a run, with the number of rows that each has."""

    sources: OpenSources
    counted: Counted
    digests: Digests


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is staged of them for one kind of decision."""

    tables: Tables
    staged: Staged

    @property
    def relations(self) -> Relations:
        return self.staged.relations

    @property
    def given(self) -> tuple[str, ...]:
        return self.staged.given


def open_tables(order: Order, engine: Engine, work: Path) -> Tables:
    """Opens all tables, and stops where one is not as the file expects it. Raises SourcesFailed."""
    zone = order.program.timezone
    sources = open_sources(order.sources, order.folder, engine, work, order.events, zone)
    counted = check_expected(sources, order.as_of, zone)
    return Tables(sources, counted, Digests(sources))


def stage_for(
    order: Order, tables: Tables, program: Program, event: str | None, name: str = "staged"
) -> Inputs:
    """Stages what a program reads. Raises SourcesFailed."""
    needs = needs_read(program)
    plan = order.plan_for(needs)
    schema = order.compiled.schema
    staged = stage(tables.sources, schema, plan, order.as_of, needs, event, name)
    return Inputs(tables, staged)


def today(order: Order) -> int:
    """The local date of the run's moment, as an ordinal."""
    moment = EPOCH + dt.timedelta(microseconds=order.as_of)
    return moment.astimezone(ZoneInfo(order.program.timezone)).toordinal()


def stop_on_rejects(order: Order, read: int, rejected: int) -> None:
    """Ends a run of which too much was set aside, or nobody is left."""
    if not order.max_rejects.exceeded(rejected, read):
        return
    what = say("events") if order.events else say("customers")
    said = say("{rejected} of {read} {what} are set aside, more than --max-rejects allows",
               rejected=f"{rejected:,}", read=f"{read:,}", what=what)  # fmt: skip
    raise RunProblem(said, say("`siyu sources check` says which, and why"), 1)


def many_rejects(order: Order, manifest: Manifest) -> tuple[Words, ...]:
    """A warning, where more than one in a hundred was set aside and nobody has said how many may
    be."""
    found = manifest.customers if manifest.occurred is None else manifest.occurred
    read, rejected = found["read"], found["rejected"]
    if order.max_rejects != Rejects() or not USUAL.exceeded(rejected, read):
        return ()
    what = say("events") if order.events else say("customers")
    return (
        say("{rejected} of {read} {what} ({share} %) are set aside, and nothing is decided about "
            "them: `siyu sources check` says which, and why; --max-rejects 1% stops such a run",
            rejected=f"{rejected:,}", read=f"{read:,}", what=what,
            share=f"{rejected * 100 / read:.1f}"),
    )  # fmt: skip


def nothing_aside(inputs: Inputs, read: int, rejected: int, rows: Mapping[str, int]) -> bool:
    """Whether every row that was read is somebody's, and nobody is set aside: then the counts of
    the facts say so, and no table has to be read again to list what is wrong with it. `read` are
    the customers, `rows` what they have, by table."""
    staged, counted = inputs.staged, inputs.tables.counted.rows
    if rejected or staged.event is not None or len(staged.customers.scans) > 1:
        return False
    return read == counted[CUSTOMER] and all(
        rows.get(path) == counted[path] for path in staged.views
    )


def write_rejects(
    engine: Engine, inputs: Sequence[Inputs], rejected: int, path: Path, manifest: Manifest
) -> None:
    """rejects.parquet, and what run.json says of it, of the `inputs` that have any. Where no
    customer was set aside only rows of nobody are looked for."""
    dialect = dialect_of(engine.name)
    selects: dict[str, None] = {}
    for each in inputs:
        selects |= dict.fromkeys(rejects(each.staged, nobody_hurt=not rejected))
    listed = ", ".join(map(dialect.identifier, COLUMNS))
    union = " UNION ALL ".join(selects) or nothing(engine.name)
    distinct = "DISTINCT " if len(inputs) > 1 else ""
    engine.table("set_aside", f"SELECT {distinct}{listed} FROM ({union}) AS u ORDER BY {listed}")
    manifest.rows["rejects"] = engine.write(f"SELECT * FROM set_aside ORDER BY {listed}", path)
    counts: dict[str, dict[str, int]] = {}
    query = "SELECT source, code, count(*) FROM set_aside GROUP BY source, code"
    for source, code, number in engine.rows(query):
        counts.setdefault(source, {})[code] = int(number)
    manifest.rejects = counts


def sources_of(tables: Tables) -> dict[str, Any]:
    """`sources` of run.json."""
    found = {}
    for name, digest in tables.digests.result().items():
        found[name] = {**digest, "rows": tables.counted.rows.get(name, 0)}
    return found


def plain_digests(found: Mapping[str, Any]) -> dict[str, str]:
    """The digests of tables by name."""
    return {name: each["digest"] for name, each in found.items() if each["digest"] is not None}
