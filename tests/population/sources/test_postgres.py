"""PostgreSQL through ADBC, against a real server on a socket of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from population.sources.bases import compare, opened
from records.shop import READ
from records.shop import schema_of as shop
from siyu.api.replaying import replay
from siyu.api.running import RunFailed
from siyu.population.sources.failed import SourcesFailed
from tests.population.run.bases import make_base

PROGRAMS = ("initdb", "postgres", "pg_ctl", "psql")
TEXT = """\
sources: 1
timezone: Asia/Shanghai
customer: {postgres: {dsn_env: SIYU_TEST_DB, table: crm.members}}
collections:
  orders: {postgres: {dsn_env: SIYU_TEST_DB, query: "SELECT * FROM orders WHERE amount > 0"}}
  orders.lines: {from: lines.jsonl, parent: o}
"""
TABLES = """
CREATE SCHEMA crm;
CREATE TYPE size AS ENUM ('s', 'm', 'l');
CREATE TABLE crm.members (id text, spend numeric, out boolean, age bigint, born date,
  seen timestamptz, tags text[], size size, rate numeric(10, 3), wakes time);
INSERT INTO crm.members VALUES
  ('M1', 19.90, false, 30, '1990-02-28', '2026-11-21 10:00:00+08', '{b,a,b}', 'l', 1.5, '20:00'),
  ('M2', 19.905, false, 30, null, null, null, null, null, null),
  ('M3', 'NaN', false, 30, null, null, null, null, null, null),
  ('M4', 1, true, 3000, null, null, null, null, null, null),
  ('M5', 1, true, null, 'infinity', 'infinity', null, null, null, null);
CREATE TABLE orders (id text, order_id text, paid_at timestamp, amount numeric(12, 2), status text);
INSERT INTO orders SELECT 'M' || n % 2 + 1, 'O' || n, '2026-11-01 10:00:00', 5, 'paid'
  FROM generate_series(1, 3000) n;
INSERT INTO orders VALUES ('M1', 'none', '2026-11-01', 0, 'what');
"""


def run(*command: str) -> None:
    """As nobody who may do everything: PostgreSQL refuses to be run so."""
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else None
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, cwd="/",
        user=None if user is None else user.pw_uid, group=None if user is None else user.pw_gid,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if lacking := [name for name in PROGRAMS if shutil.which(name) is None]:
        pytest.skip(f"PostgreSQL is not installed here: no {', '.join(lacking)}")
    pytest.importorskip("adbc_driver_postgresql")
    folder = Path(tempfile.mkdtemp(prefix="siyu-pg-"))  # a socket's path must be short
    if os.getuid() == 0:
        shutil.chown(folder, "nobody")
    data = folder / "data"
    try:
        run("initdb", "-D", str(data), "-A", "trust", "-U", "tester", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -k {folder} -F"
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            run("psql", "-h", str(folder), "-U", "tester", "-d", "postgres", "-q", "-c", TABLES)
            yield f"postgresql:///postgres?host={folder}&user=tester"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_tables_and_queries(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_TEST_DB", address)
    (tmp_path / "lines.jsonl").write_text("", "utf-8")
    (tmp_path / "lines.jsonl").write_text('{"id": "M1", "o": "O2", "line_no": 1, "price": 1}\n')
    schema = shop("")
    found = compare(opened(tmp_path, TEXT, schema), schema, READ)
    assert found.accepted == {"M1"}
    told = {(row[2], row[4], row[5]) for row in found.rejects}
    assert told == {
        ("M2", "spend", "digits"), ("M3", "spend", "type"), ("M4", "age", "range"),
        ("M5", "born", "type"), ("M5", "seen", "range"),
    }  # fmt: skip


def test_what_goes_wrong_is_said_without_the_address(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "sources: 1\ncustomer: {postgres: {dsn_env: SIYU_TEST_DB, table: nothing}}\n"
    monkeypatch.delenv("SIYU_TEST_DB", raising=False)
    with pytest.raises(SourcesFailed, match="the environment variable `SIYU_TEST_DB` is not set"):
        opened(tmp_path, text, shop(""))
    monkeypatch.setenv("SIYU_TEST_DB", address + "&password=geheim")
    with pytest.raises(SourcesFailed, match="the database of `SIYU_TEST_DB` cannot be read") as bad:
        opened(tmp_path, text, shop(""))
    assert "geheim" not in str(bad.value)
    assert "nothing" in str(bad.value)


def test_a_run_of_a_database_has_no_digest_and_is_not_replayed_once_it_has_changed(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIYU_TEST_DB", address)
    folder = address.partition("host=")[2].partition("&")[0]

    def sql(text: str) -> None:
        run("psql", "-h", folder, "-U", "tester", "-d", "postgres", "-q", "-c", text)

    sql("CREATE TABLE shop AS SELECT 'A'::text AS id, 21::numeric AS spend, false AS out")
    base = make_base(tmp_path, "metric twice = spend * 2\n", {"customers": []})
    (tmp_path / "sources.yaml").write_text(
        "sources: 1\ncustomer: {postgres: {dsn_env: SIYU_TEST_DB, table: shop}}\n"
    )
    made = base.run()
    assert made.run["sources"]["customer"] == {"digest": None, "files": [], "rows": 1}
    assert replay(base.policy, base.folder / "night", "A").problems == ()
    sql("UPDATE shop SET spend = 22")
    with pytest.raises(RunFailed, match="the database no longer says what it said"):
        replay(base.policy, base.folder / "night", "A")
