"""Writing a sample: workers that each have an engine of their own write parts of tables.

A part's bytes depend on nothing but the wish, so neither the number of workers nor their pace shows
in the files. Memory stays bounded: rows stream from the engine's ranges into a file.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siyu.population.sample.dirt import mistakes, spoilt
from siyu.population.sample.draws import literal
from siyu.population.sample.model import SampleFailed, Table, Wish, Written
from siyu.population.sample.sources import sources_text
from siyu.population.sample.tables import Plan, plan, selected
from siyu.words import of_system, say

if TYPE_CHECKING:
    import duckdb

PART = 4_000_000  # rows of a part, roughly
COPY = {
    "parquet": "FORMAT parquet, COMPRESSION snappy",
    "csv": "FORMAT csv, HEADER true",
    "jsonl": "FORMAT json",
}
Done = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A part of a table: the rows of customers from `low` to below `high`, or so many of those that
    the heavy customer has beside its own."""

    table: Table
    file: str
    low: int
    high: int
    heavy: bool = False

    @property
    def expected(self) -> int:
        """Its rows, roughly."""
        return round((self.high - self.low) * (1 if self.heavy else self.table.mean))


@dataclass(frozen=True, slots=True)
class Sample:
    """What was written. `left_out` are collections for which nothing could be written."""

    tables: tuple[Written, ...]
    left_out: tuple[str, ...]


def expected_rows(wish: Wish) -> int:
    """How many rows there will be, roughly: what `write_sample` will have told in the end."""
    return sum(job.expected for job in _jobs(plan(wish), wish))


def write_sample(
    wish: Wish, target: Path, workers: int = 2, memory: str = "1GB", done: Done = lambda rows: None
) -> Sample:
    """The sample in a new or empty folder: complete, or not there at all.

    `done` is told of rows (as expected) as they are written. Raises SampleFailed.
    """
    planned = plan(wish)
    jobs = list(_jobs(planned, wish))
    place = target.resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _made(place) as folder:
            counts, accounts = _run(jobs, planned, wish, folder, workers, memory, done)
            written = tuple(_written(table, jobs, counts, folder) for table in planned.tables)
            text = sources_text(wish, planned, {each.path: each.pattern for each in written})
            (folder / "sources.yaml").write_text(text, encoding="utf-8")
            if wish.dirty:
                dirty = _account(wish, planned, jobs, accounts)
                (folder / "dirty.json").write_text(dirty, encoding="utf-8")
    except OSError as error:
        said = say("`{path}` cannot be written: {why}", path=str(target), why=of_system(error))
        raise SampleFailed(said) from None
    return Sample(written, planned.left_out)


@contextmanager
def _made(place: Path) -> Iterator[Path]:
    """A folder beside the place, which takes the place when all is in it."""
    made = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
    try:
        yield made
        made.chmod(0o755)
        if place.exists():
            for child in sorted(made.iterdir()):
                child.replace(place / child.name)
            made.rmdir()
        else:
            made.replace(place)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _jobs(planned: Plan, wish: Wish) -> Iterator[Job]:
    for table in planned.tables:
        step = max(1, round(PART / max(table.mean, 0.001)))
        step = min(step, wish.customers)
        spans = [(low, min(low + step, wish.customers), False)
                 for low in range(0, wish.customers, max(step, 1))]  # fmt: skip
        spans += [(low, min(low + PART, table.extra), True)
                  for low in range(0, table.extra, PART)]  # fmt: skip
        if not spans:
            spans = [(0, 0, False)]
        ending = wish.form
        for number, (low, high, heavy) in enumerate(spans):
            alone = len(spans) == 1
            file = f"{table.path}.{ending}" if alone else f"{table.path}/part-{number:05}.{ending}"
            yield Job(table, file, low, high, heavy)


Counts = dict[str, int]
Accounts = dict[str, list[tuple[Any, ...]]]


def _run(
    jobs: list[Job],
    planned: Plan,
    wish: Wish,
    folder: Path,
    workers: int,
    memory: str,
    done: Done,
) -> tuple[Counts, Accounts]:
    """Rows of each file, and the mistakes made in it."""
    for job in jobs:
        (folder / job.file).parent.mkdir(parents=True, exist_ok=True)
    engines = _Engines(planned, folder, memory)
    counts: Counts = {}
    accounts: Accounts = {}

    def work(job: Job) -> None:
        engine = engines.mine()
        counts[job.file], accounts[job.file] = _write(engine, job, planned, wish, folder)

    pool = ThreadPoolExecutor(max(1, min(workers, len(jobs))))
    try:
        largest = sorted(jobs, key=lambda job: -job.expected)
        waiting: dict[Future[None], Job] = {pool.submit(work, job): job for job in largest}
        while waiting:
            finished, _ = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
            for each in finished:
                each.result()
                done(waiting.pop(each).expected)
    except BaseException:
        engines.stop()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        engines.close()
        shutil.rmtree(folder / TEMPORARY, ignore_errors=True)
    return counts, accounts


TEMPORARY = ".engine"


class _Engines:
    """An engine for each worker, made when it is first asked for."""

    def __init__(self, planned: Plan, folder: Path, memory: str) -> None:
        self._planned = planned
        self._folder = folder
        self._memory = memory
        self._local = threading.local()
        self._all: list[duckdb.DuckDBPyConnection] = []
        self._lock = threading.Lock()
        self._stopped = False

    def mine(self) -> duckdb.DuckDBPyConnection:
        """The engine of this thread."""
        found: duckdb.DuckDBPyConnection | None = getattr(self._local, "engine", None)
        if found is None:
            found = self._open()
            self._local.engine = found
        if self._stopped:
            raise SampleFailed(say("the work was stopped"))
        return found

    def _open(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        engine = duckdb.connect(
            config={
                "threads": 1,
                "memory_limit": self._memory,
                "temp_directory": str(self._folder / TEMPORARY),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        engine.execute("SET TimeZone = 'UTC'")
        for variable, values in self._planned.draws.lists.items():
            engine.execute(f"SET VARIABLE {variable} = {literal(values)}")
        with self._lock:
            self._all.append(engine)
        return engine

    def stop(self) -> None:
        """Ends what the engines are doing."""
        with self._lock:
            self._stopped = True
            for engine in self._all:
                engine.interrupt()

    def close(self) -> None:
        with self._lock:
            for engine in self._all:
                engine.close()


def _write(
    engine: duckdb.DuckDBPyConnection, job: Job, planned: Plan, wish: Wish, folder: Path
) -> tuple[int, list[tuple[Any, ...]]]:
    """One file; returns its rows, and the mistakes made in it."""
    import duckdb

    account: list[tuple[Any, ...]] = []
    path = str(folder / job.file).replace("'", "''")
    select = selected(job.table, job.low, job.high, job.heavy)
    try:
        if wish.dirty:
            base = job.table.heavy if job.heavy else job.table.base
            bounds = base.replace("{low}", str(job.low)).replace("{high}", str(job.high))
            dirty = spoilt(job.table, wish, planned.draws, bounds)
            select, account = dirty.select, engine.execute(dirty.account).fetchall()
        done = engine.execute(f"COPY ({select}) TO '{path}' ({COPY[wish.form]})").fetchone()
    except duckdb.Error as error:
        raise _failed(error, job) from error
    return (int(done[0]) if done else 0), account


def _failed(error: duckdb.Error, job: Job) -> SampleFailed:
    text = str(error).split("\n")[0]
    if "No space left" in text or "could not write" in text.casefold():
        said = say("`{file}` cannot be written: {why}", file=job.file, why=text)
        return SampleFailed(said, say("make room on the disk, or ask for fewer rows"))
    if "Out of Memory" in text:
        said = say("there is not enough memory to write `{file}`", file=job.file)
        return SampleFailed(said, say("allow more with --memory"))
    return SampleFailed(say("`{file}` cannot be written: {why}", file=job.file, why=text))


def _written(table: Table, jobs: list[Job], counts: Counts, folder: Path) -> Written:
    files = [job.file for job in jobs if job.table is table]
    alone = len(files) == 1
    pattern = files[0] if alone else f"{table.path}/*.{files[0].rpartition('.')[2]}"
    size = sum((folder / file).stat().st_size for file in files)
    return Written(table.path, pattern, len(files), sum(counts[file] for file in files), size)


def _account(wish: Wish, planned: Plan, jobs: list[Job], accounts: Accounts) -> str:
    """dirty.json: what was spoilt where, counted, with the first keys."""
    found = []
    for table in planned.tables:
        kinds = mistakes(table, wish)
        made: dict[int, tuple[int, list[Any]]] = {}
        for job in jobs:
            for which, count, keys in accounts[job.file] if job.table is table else ():
                before, first = made.get(which, (0, []))
                made[which] = (before + count, [*first, *keys][:20])
        for which, (count, keys) in sorted(made.items()):
            each = kinds[which]
            found.append({"table": table.path, "kind": each.kind, "column": each.column,
                          "rows": count, "first": keys})  # fmt: skip
    document = {"dirty": 1, "seed": wish.seed, "per_million": wish.dirty, "mistakes": found}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
