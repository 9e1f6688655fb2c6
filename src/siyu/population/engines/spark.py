"""Spark: the same where one machine is outgrown. Only SQL goes in, no Python runs in its plans."""

from __future__ import annotations

import logging
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from siyu.population.engines import EngineFailed
from siyu.population.engines.aside import Aside
from siyu.population.engines.failures import spark_failure
from siyu.population.engines.java import needed_java
from siyu.population.engines.memory import memory_bytes
from siyu.words import say

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

T = TypeVar("T")

# What makes a query mean the same everywhere; options cannot change these.
MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
}
USUAL = {
    "spark.app.name": "siyu",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "false",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.hadoop.parquet.compression.codec.zstd.level": "1",
    "spark.sql.codegen.maxFields": "1000",
}
# A local master is this machine: nothing listens beyond it, and its few cores get few partitions.
LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "32",
}
# A stage of a large policy is one long method. Java compiles none of more than 8,000 bytecodes
# unless told to; and its better compiler gives up at 80,000 nodes, which are some 10,000 bytecodes,
# and leaves the method to the quick one: five times as slow, however often it runs.
FLAGS = (
    "-XX:+IgnoreUnrecognizedVMOptions -XX:-DontCompileHugeMethods "
    "-XX:MaxNodeLimit=400000 -XX:NodeLimitFudgeFactor=16000"
)
LOGGING = """\
status = error
rootLogger.level = error
rootLogger.appenderRef.file.ref = err
appender.err.type = Console
appender.err.name = err
appender.err.target = SYSTEM_ERR
appender.err.layout.type = PatternLayout
appender.err.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
"""


def open_engine(
    master: str = "local[2]",
    temporary: Path | None = None,
    options: Mapping[str, str] | None = None,
    memory: str | None = None,
) -> SparkEngine:
    """An engine with a session of its own; takes some seconds.

    `temporary`, a folder that exists (needed), takes tables, shuffles, the warehouse and Spark's
    log. `options` are Spark's own (`spark.executor.memory`); those that decide what a query means
    (time zone, ANSI) stay as they are. `memory` is the driver's (see `memory_bytes`); with a local
    master that is all there is.

    Raises EngineFailed where pyspark or Java 17 is missing, or Spark does not start.
    """
    if temporary is None:
        raise EngineFailed(say("Spark needs a folder for what it keeps while it works"))
    try:
        from pyspark import SparkConf, SparkContext, __version__, java_gateway
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineFailed(
            say("`--engine spark` needs pyspark, which is not installed"),
            say("install it with `pip install 'siyu[spark]'`; it needs Java 17, too"),
        ) from error
    needed_java()
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger", "py4j"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # they print to the terminal
    settings = configured(master, temporary.resolve(), options or {}, memory)
    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    log = temporary / "spark.log"
    (temporary / "log4j2.properties").write_text(LOGGING, "ascii")
    try:
        with log.open("ab") as out, _signals_kept():
            launch: Any = java_gateway.launch_gateway
            gateway = launch(conf, {"stdout": out, "stderr": out})
            context = SparkContext(conf=conf, gateway=gateway)
        session = SparkSession(context)
    except Exception as error:
        raise EngineFailed(
            say("Spark does not start with the master `{master}`: {reason}", master=master,
                reason=_last_words(log) or str(spark_failure(error, memory).said)),
            say("its log is {path}", path=str(log)),
        ) from error  # fmt: skip
    return SparkEngine(session, temporary, __version__, memory)


def configured(
    master: str, temporary: Path, options: Mapping[str, str], memory: str | None = None
) -> dict[str, str]:
    """All settings of a session: `options` over what is usual, under what must be."""
    local = master.startswith("local")
    java = f"{FLAGS} -Dlog4j2.configurationFile=file:{temporary / 'log4j2.properties'}"
    found = {
        **USUAL,
        **(LOCAL if local else {}),
        "spark.sql.warehouse.dir": str(temporary / "warehouse"),
        "spark.local.dir": str(temporary / "shuffle"),
        **options,
        **MEANING,
        "spark.master": master,
    }
    for side in ("driver", "executor"):
        name = f"spark.{side}.extraJavaOptions"
        found[name] = f"{java if side == 'driver' else FLAGS} {options.get(name, '')}".strip()
    if memory is not None or "spark.driver.memory" not in options:
        found["spark.driver.memory"] = f"{memory_bytes(memory) // 2**20}m"
    return found


class SparkEngine:
    """See `Engine`."""

    name: Literal["spark"] = "spark"

    def __init__(
        self, session: SparkSession, temporary: Path, version: str, memory: str | None = None
    ) -> None:
        self.session = session
        self.version = version
        self.temporary = temporary
        self._memory = memory
        self._numbers = count(1)
        self._aside = Aside("spark", self.interrupt)

    def describe(self, select: str) -> tuple[tuple[str, str], ...]:
        return tuple(self._try(lambda: self.session.sql(select).dtypes))

    def view(self, name: str, select: str) -> None:
        self._try(lambda: self.session.sql(select).createOrReplaceTempView(_quoted(name)))

    def table(self, name: str, select: str) -> int:
        folder = self.temporary / f"table-{next(self._numbers)}"

        def make() -> int:
            made = self.session.sql(select)
            made.write.parquet(str(folder), mode="overwrite", compression="snappy")
            # With its columns said, it is read without a job that looks for them. What stands in a
            # file has no history: each query plans what it does itself, and no more.
            kept = self.session.read.schema(made.schema).parquet(str(folder))
            kept.createOrReplaceTempView(_quoted(name))
            return self._rows_in(folder)

        return self._try(make)

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        found = self._try(lambda: self.session.sql(select).collect())
        return [tuple(_plain(value) for value in row) for row in found]

    def write(self, select: str, path: Path, *, gathered: bool = False) -> int:
        part = path.with_name(f".{path.name}.part")

        def make() -> int:
            self.session.sql(select).write.parquet(str(part), mode="overwrite")
            rows = self._rows_in(part)
            _own_names(part)
            if path.is_dir():
                shutil.rmtree(path)
            part.replace(path)
            return rows

        try:
            return self._try(make)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _rows_in(self, folder: Path) -> int:
        """How many rows were written there: that stands at the end of each part. A job that asks
        costs half a second, of which a run has a dozen."""
        java: Any = self.session._jvm
        parquet = java.org.apache.parquet.hadoop
        conf = self.session._jsc.hadoopConfiguration()
        rows = 0
        for part in sorted(folder.glob("part-*.parquet")):
            place = java.org.apache.hadoop.fs.Path(java.java.io.File(str(part.resolve())).toURI())
            file = parquet.util.HadoopInputFile.fromPath(place, conf)
            reader = parquet.ParquetFileReader.open(file)
            try:
                rows += int(reader.getRecordCount())
            finally:
                reader.close()
        return rows

    def interrupt(self) -> None:
        self.session.sparkContext.cancelAllJobs()

    def close(self) -> None:
        self._aside.close()
        with suppress(Exception):
            self.session.stop()
        shutil.rmtree(self.temporary / "shuffle", ignore_errors=True)

    def _try(self, work: Callable[[], T]) -> T:
        from py4j.protocol import Py4JError  # type: ignore[import-untyped]
        from pyspark.errors import PySparkException

        try:
            return self._aside.run(work)
        except (PySparkException, Py4JError, OSError) as error:
            raise spark_failure(error, self._memory) from error


def _plain(value: Any) -> Any:
    """A struct as a dict, as DuckDB has them."""
    if isinstance(value, tuple) and hasattr(value, "asDict"):
        return {name: _plain(each) for name, each in value.asDict().items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _own_names(folder: Path) -> None:
    """Names part files by their number alone: Spark's own hold a random word."""
    parts = sorted(folder.glob("part-*.parquet"))
    for other in set(folder.iterdir()) - set(parts):
        other.unlink()
    for number, part in enumerate(parts):
        part.replace(folder / f"part-{number:05d}.parquet")


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Spark takes Ctrl-C for itself when a session begins in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _last_words(log: Path) -> str:
    """What Java said last of why it does not start."""
    try:
        lines = log.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    told = [line.strip() for line in lines if "Exception" in line or "Error" in line]
    return told[-1][:300] if told else ""


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
