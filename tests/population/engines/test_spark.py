"""Spark as an engine: what it gives back, where it stops, and what it says when it fails."""

from __future__ import annotations

import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from siyu.population.engines import EngineFailed, EngineStopped
from siyu.population.engines.java import needed_java
from siyu.population.engines.spark import SparkEngine, configured, open_engine

ENDLESS = "SELECT count(*) FROM range(1000000000000) WHERE hash(id) % 3 = 1"


def test_columns_are_described(spark: SparkEngine) -> None:
    found = spark.describe("SELECT 1L AS a, DATE'2026-11-21' AS b, array('x') AS c")
    assert found == (("a", "bigint"), ("b", "date"), ("c", "array<string>"))


def test_views_and_tables_are_asked_by_name_and_replaced(spark: SparkEngine) -> None:
    assert spark.table("T 1", "SELECT id AS n FROM range(3)") == 3
    spark.view("v", "SELECT sum(n) AS total FROM `T 1`")
    assert spark.rows("SELECT total FROM v") == [(3,)]
    assert spark.table("T 1", "SELECT id AS n FROM range(5)") == 5
    assert spark.rows("SELECT sum(n) FROM `T 1`") == [(10,)]


def test_values_come_back_exact(spark: SparkEngine) -> None:
    wide = 10**37 + 1
    select = (
        f"SELECT CAST('{wide}' AS DECIMAL(38, 0)), 0.10BD, array('甲'),"
        " array(named_struct('lat', 1.5D)), NULL"
    )
    assert spark.rows(select) == [(Decimal(wide), Decimal("0.10"), ["甲"], [{"lat": 1.5}], None)]


def test_a_folder_of_numbered_files_in_order(spark: SparkEngine, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    select = "SELECT id, md5(CAST(id AS STRING)) AS h FROM range(5000) ORDER BY h"
    assert spark.write(select, path) == 5_000
    names = sorted(part.name for part in path.iterdir())
    assert names == [f"part-{n:05d}.parquet" for n in range(len(names))]
    first = [part.read_bytes() for part in sorted(path.iterdir())]
    found = [h for part in sorted(path.iterdir()) for h in pq.read_table(part)["h"].to_pylist()]
    assert found == sorted(found) and len(found) == 5_000
    assert spark.write(select, path) == 5_000
    assert [part.read_bytes() for part in sorted(path.iterdir())] == first
    assert list(tmp_path.iterdir()) == [path]


def test_rows_are_counted_wherever_they_are_written(spark: SparkEngine, tmp_path: Path) -> None:
    path = tmp_path / "客户 100%.parquet"
    assert spark.write("SELECT id FROM range(7) WHERE id > 2", path) == 4
    assert spark.write("SELECT id FROM range(7) WHERE id > 9", path) == 0


def test_moments_are_written_in_microseconds(spark: SparkEngine, tmp_path: Path) -> None:
    spark.write("SELECT timestamp_micros(1700000000000001) AS t", tmp_path / "a.parquet")
    (part,) = (tmp_path / "a.parquet").iterdir()
    assert pq.ParquetFile(part).schema_arrow.field("t").type == pa.timestamp("us", tz="UTC")


def test_what_fails_leaves_nothing(spark: SparkEngine, tmp_path: Path) -> None:
    late = "SELECT CASE WHEN id = 900 THEN CAST('x' || id AS INT) ELSE 1 END AS n FROM range(1000)"
    with pytest.raises(EngineFailed, match=r"^a value does not fit its type: The value 'x900'"):
        spark.write(late, tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ("SELECT * FROM parquet.`/none`", "a file cannot be read: Path does not exist"),
        ("SELECT 9223372036854775807L + 1", "a value does not fit its type: overflow"),
        ("SELECT * FROM nowhere", "Spark cannot run a query: The table or view `nowhere`"),
        ("SELEC", "Spark cannot run a query: Syntax error"),
    ],
)
def test_failures_are_said_in_words(
    spark: SparkEngine, select: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(EngineFailed) as failed:
        spark.rows(select)
    assert str(failed.value).startswith(said)
    assert "\n" not in str(failed.value) and "SQLSTATE" not in str(failed.value)
    assert capfd.readouterr() == ("", ""), "nothing of Spark's own reaches the terminal"


def test_another_thread_stops_a_query(spark: SparkEngine) -> None:
    threading.Timer(1, spark.interrupt).start()
    with pytest.raises(EngineStopped):
        spark.rows(ENDLESS)
    assert spark.rows("SELECT 1") == [(1,)]


def test_options_come_over_what_is_usual_and_under_what_must_be(tmp_path: Path) -> None:
    given = {
        "spark.sql.session.timeZone": "Asia/Shanghai",
        "spark.sql.shuffle.partitions": "7",
        "spark.driver.extraJavaOptions": "-Xss4m",
    }
    found = configured("local[2]", tmp_path, given, "4GB")
    assert found["spark.sql.session.timeZone"] == "UTC"
    assert found["spark.sql.shuffle.partitions"] == "7"
    assert found["spark.driver.memory"] == "3814m"
    assert " -XX:-DontCompileHugeMethods " in found["spark.driver.extraJavaOptions"]
    assert " -XX:MaxNodeLimit=400000 " in found["spark.driver.extraJavaOptions"]
    assert found["spark.driver.extraJavaOptions"].endswith(" -Xss4m")
    assert found["spark.driver.bindAddress"] == "127.0.0.1"
    assert "spark.driver.bindAddress" not in configured("yarn", tmp_path, {})


def test_without_java_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineFailed, match="Spark needs Java, which is not there") as failed:
        needed_java()
    assert "openjdk-17" in str(failed.value.advice)


def test_a_java_that_is_too_old_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_392\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineFailed, match="Spark needs Java 17 or newer"):
        needed_java()


def test_without_pyspark_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(EngineFailed, match="needs pyspark, which is not installed") as failed:
        open_engine("local[1]", tmp_path)
    assert "pip install 'siyu[spark]'" in str(failed.value.advice)


def test_a_master_that_is_none_is_said() -> None:
    """In a process of its own: Spark keeps one context in each."""
    code = (
        "import sys, tempfile; from pathlib import Path\n"
        "from siyu.population.engines import EngineFailed\n"
        "from siyu.population.engines.spark import open_engine\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    try: open_engine('nonsense', Path(folder), memory='512MB')\n"
        "    except EngineFailed as failed: print(failed)\n"
    )
    if not _java():
        pytest.skip("Spark was not tested: there is no Java")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.startswith("Spark does not start with the master `nonsense`: "), done
    assert done.stderr == ""


def _java() -> bool:
    try:
        return bool(needed_java())
    except EngineFailed:
        return False
