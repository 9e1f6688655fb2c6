"""DuckDB as an engine: what it gives back, where it stops, and what it says when it fails."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from siyu.population.engines import EngineFailed, EngineStopped, aside
from siyu.population.engines.duck import DuckEngine, open_engine

ENDLESS = "SELECT count(*) FROM range(100000000) a(i), range(1000) b(j) WHERE hash(i * j) % 3 = 1"


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[DuckEngine]:
    engine = open_engine("512MB", tmp_path, threads=2)
    yield engine
    engine.close()


def test_columns_are_described_without_running_the_query(duck: DuckEngine) -> None:
    found = duck.describe(
        "SELECT 1::BIGINT AS a, CAST(range AS DATE) AS b, ['x'] AS c FROM range(9)"
    )
    assert found == (("a", "BIGINT"), ("b", "DATE"), ("c", "VARCHAR[]"))


def test_views_and_tables_are_asked_by_name_and_replaced(duck: DuckEngine) -> None:
    assert duck.table("T 1", "SELECT range AS n FROM range(3)") == 3
    duck.view("v", 'SELECT sum(n) AS total FROM "T 1"')
    assert duck.rows("SELECT total FROM v") == [(3,)]
    assert duck.table("T 1", "SELECT range AS n FROM range(5)") == 5
    assert duck.rows("SELECT total FROM v") == [(10,)]


def test_values_come_back_exact(duck: DuckEngine) -> None:
    wide = 170141183460469231731687303715884105727
    select = f"SELECT {wide}::HUGEINT, 0.10::DECIMAL(18, 2), ['甲'], {{'lat': 1.5}}, NULL"
    assert duck.rows(select) == [(wide, Decimal("0.10"), ["甲"], {"lat": 1.5}, None)]


def test_no_digit_is_lost_in_a_file(duck: DuckEngine, tmp_path: Path) -> None:
    wide = 10**37 + 1
    select = f"SELECT {wide}::HUGEINT AS n, [{{'m': {wide}::HUGEINT}}] AS rows, 'x' AS t"
    assert duck.write(select, tmp_path / "it's.parquet") == 1
    (row,) = pq.read_table(tmp_path / "it's.parquet").to_pylist()
    assert row == {"n": Decimal(wide), "rows": [{"m": Decimal(wide)}], "t": "x"}


def test_files_keep_the_order_and_are_the_same_each_time(duck: DuckEngine, tmp_path: Path) -> None:
    select = "SELECT i, md5(i::VARCHAR) AS h FROM range(700000) t(i) ORDER BY h"
    assert duck.write(select, tmp_path / "a.parquet") == 700_000
    assert duck.write(select, tmp_path / "b.parquet") == 700_000
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    column = pq.read_table(tmp_path / "a.parquet")["h"].to_pylist()
    assert column == sorted(column)
    assert {path.name for path in tmp_path.iterdir()} == {"a.parquet", "b.parquet"}


def test_what_fails_leaves_no_file_and_keeps_the_one_before(
    duck: DuckEngine, tmp_path: Path
) -> None:
    path = tmp_path / "a.parquet"
    duck.write("SELECT 1 AS n", path)
    before = path.read_bytes()
    late = (
        "SELECT CASE WHEN i = 500000 THEN CAST('x' || i AS INT) ELSE i END FROM range(600000) t(i)"
    )
    with pytest.raises(EngineFailed) as failed:
        duck.write(late, path)
    assert str(failed.value) == (
        "a value does not fit its type: Could not convert string 'x500000' to INT32"
    )
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_memory_does_not_hold_goes_to_the_disk(tmp_path: Path) -> None:
    duck = open_engine("256MB", tmp_path, threads=2)
    assert duck.table("t", "SELECT hash(i) AS h, md5(i::VARCHAR) AS m FROM range(8000000) t(i)")
    assert any(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    ((count, total),) = duck.rows("SELECT count(*), sum(h % 7) FROM (SELECT * FROM t ORDER BY m)")
    assert (count, total > 0) == (8_000_000, True)
    duck.close()


def test_memory_that_does_not_do_is_said(tmp_path: Path) -> None:
    duck = open_engine("256MB", tmp_path)
    with pytest.raises(EngineFailed) as failed:
        duck.rows("SELECT len(list(md5(i::VARCHAR))) FROM range(80000000) t(i)")
    assert str(failed.value) == "the work needs more memory than it may take (256 MB)"
    assert str(failed.value.advice) == "allow it more with `--memory`"
    assert duck.rows("SELECT 1") == [(1,)], "what comes after goes on"


def test_a_disk_that_fills_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match=r"the disk of `.*` is full"):
        duck = open_engine("256MB", tmp_path)
        duck.rows("SET max_temp_directory_size = '20MB'")
        duck.table("t", "SELECT md5(i::VARCHAR) AS m FROM range(30000000) t(i) ORDER BY m")


def test_a_file_that_grows_beyond_what_is_allowed_is_said(tmp_path: Path) -> None:
    """In a process of its own, whose files may not be larger than 100 kB."""
    code = (
        "from pathlib import Path; import sys\n"
        "from siyu.population.engines import EngineFailed\n"
        "from siyu.population.engines.duck import open_engine\n"
        "folder = Path(sys.argv[1])\n"
        "try:\n"
        "    open_engine('512MB').write("
        "'SELECT md5(i::VARCHAR) AS m FROM range(300000) t(i)', folder / 'a.parquet')\n"
        "except EngineFailed as failed:\n"
        "    print(failed, [path.name for path in folder.iterdir()])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert done.stdout.endswith("is full []\n"), done


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ("SELECT * FROM read_parquet('none/*.parquet')", "a file cannot be read: No files found"),
        ("SELECT * FROM read_parquet('README.md')", "a file cannot be read: No magic bytes found"),
        ("SELECT 9223372036854775807::BIGINT + 1", "a value does not fit its type: Overflow"),
        ("SELECT * FROM nowhere", "DuckDB cannot run a query: Table with name nowhere"),
        ("SELECT * FROM 'https://example.com/x.parquet'", "DuckDB cannot run a query: "),
        ("SELECT FROM", "DuckDB cannot run a query: syntax error"),
    ],
)
def test_failures_are_said_in_words(duck: DuckEngine, select: str, said: str) -> None:
    with pytest.raises(EngineFailed) as failed:
        duck.rows(select)
    assert str(failed.value).startswith(said)
    assert "\n" not in str(failed.value) and "LINE 1" not in str(failed.value)


def test_variables_of_the_program_are_no_tables(duck: DuckEngine) -> None:
    hidden = pq.read_table  # noqa: F841  what a replacement scan would find
    with pytest.raises(EngineFailed, match="hidden"):
        duck.rows("SELECT * FROM hidden")


def test_moments_are_read_in_utc(duck: DuckEngine) -> None:
    assert duck.rows("SELECT epoch_us('1970-01-02 00:00'::TIMESTAMPTZ)") == [(86_400_000_000,)]


def test_another_thread_stops_a_query(duck: DuckEngine) -> None:
    threading.Timer(0.3, duck.interrupt).start()
    began = time.monotonic()
    with pytest.raises(EngineStopped):
        duck.rows(ENDLESS)
    assert time.monotonic() - began < 10
    assert duck.rows("SELECT 1") == [(1,)]


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit])
def test_a_signal_stops_a_query_and_comes_through(
    duck: DuckEngine, tmp_path: Path, raised: type[BaseException]
) -> None:
    def handler(*_: object) -> None:
        raise raised

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        began = time.monotonic()
        with pytest.raises(raised):
            duck.write(ENDLESS, tmp_path / "x.parquet")
    finally:
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - began < 10
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []
    assert duck.rows("SELECT 1") == [(1,)]


def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match="a file cannot be read"):
        open_engine(database=tmp_path / "none" / "x.duckdb")
    assert not any(tmp_path.iterdir())


def test_whoever_listens_hears_how_far_a_query_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "LOOKING", 0.001)
    heard: list[float] = []
    engine = open_engine(temporary=tmp_path, threads=1)
    engine.listen(heard.append)
    engine.table("many", "SELECT md5(CAST(i AS VARCHAR)) AS m FROM range(3000000) AS r(i)")
    engine.rows("SELECT m, count(*) FROM many GROUP BY m HAVING count(*) > 1")
    engine.listen(None)
    before = len(heard)
    engine.rows("SELECT count(*) FROM many WHERE m < 'f'")
    engine.close()
    assert heard, "nothing was heard"
    assert all(0 < share <= 1 for share in heard)
    assert len(heard) == before
