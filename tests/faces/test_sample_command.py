"""`siyu sample` and `siyu schema infer`, as people type them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from siyu.faces.cli import command

ROOT = Path(__file__).parents[2]
RETAIL = ROOT / "policies/retail_membership/retail.yaml"
POLICY = ROOT / "policies/retail_membership/tour.siyu"


def run(*args: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in args])


def test_a_policy_gets_a_folder_that_a_run_can_begin_with(here: Path) -> None:
    done = run("sample", POLICY, "--customers", 50, "--seed", 3, "-o", "data", "--rows", "orders=2")
    assert done.exit_code == 0, done.output
    assert "customer.parquet" in done.output and "data" in done.output.splitlines()[-1]
    assert (here / "data/sources.yaml").read_text(encoding="utf-8").count("from:") == 10
    assert sorted(p.name for p in here.iterdir()) == ["data"]
    again = run("sample", POLICY, "--customers", 50, "-o", "data")
    assert again.exit_code == 2 and "not empty" in again.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--rows", "order=2"), "did you mean `orders`?"),
        (("--rows", "orders=x"), "is not written like"),
        (("--dirty", "60%"), "is no share"),
        (("--skew", "a"), "is no share"),
        (("--memory", "1"), "is no size"),
        (("--as-of", "today"), "is no time"),
        (("--as-of", "1066-01-01"), "years 1990 to 2200"),
    ],
)
def test_what_is_typed_wrongly_is_told(args: tuple[str, str], said: str, here: Path) -> None:
    done = run("sample", RETAIL, "--customers", 5, "-o", "data", *args)
    assert done.exit_code == 2 and said in done.stderr
    assert list(here.iterdir()) == []


def test_a_schema_with_errors_is_told(here: Path) -> None:
    (here / "bad.yaml").write_text("schema: x\n")
    done = run("sample", "bad.yaml", "--customers", 5, "-o", "data")
    assert done.exit_code == 1 and "customer" in done.stderr
    assert run("sample", "none.yaml", "--customers", 5, "-o", "data").exit_code == 2


def test_an_interrupted_sample_leaves_nothing(here: Path) -> None:
    code = "from siyu.faces.cli import main; main()"
    args = ["sample", str(RETAIL), "--customers", "20000000", "-o", str(here / "data")]
    running = subprocess.Popen(
        [sys.executable, "-c", code, *args], stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        waited = time.monotonic() + 60
        while time.monotonic() < waited and not list(here.rglob("*.parquet")):
            time.sleep(0.1)
        assert list(here.rglob("*.parquet")), "it has begun"
        os.kill(running.pid, signal.SIGINT)
        _, told = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 130 and b"interrupted" in told
    assert list(here.iterdir()) == []


def test_a_draft_is_written_checked_and_kept(here: Path) -> None:
    assert run("sample", RETAIL, "--customers", 100, "-o", "data").exit_code == 0
    drafted = run("schema", "infer", "data", "-o", "mine.yaml", "--sources-out", "sources.yaml")
    assert drafted.exit_code == 0 and "wrote mine.yaml: 10 tables" in drafted.output
    assert run("schema", "check", "mine.yaml").exit_code == 0
    before = (here / "mine.yaml").read_bytes()
    fits = run("schema", "infer", "data", "-o", "mine.yaml", "--check")
    assert fits.exit_code == 0 and "the data fit mine.yaml" in fits.output
    again = run("schema", "infer", "data", "-o", "mine.yaml", "--sources-out", "sources.yaml")
    assert again.exit_code == 0 and "stays as it is" in again.output
    assert (here / "mine.yaml").read_bytes() == before
    assert run("sample", RETAIL, "--customers", 100, "--dirty", "5%", "-o", "bad").exit_code == 0
    wrong = run("schema", "infer", "bad", "-o", "mine.yaml", "--check")
    assert wrong.exit_code == 1 and "do not fit in" in wrong.output
    assert (here / "mine.yaml").read_bytes() == before
    printed = run("schema", "infer", "data")
    assert printed.exit_code == 0 and printed.stdout.startswith("# Drafted from data")
    assert run("schema", "infer", "nothing").exit_code == 2
    assert run("schema", "infer", "data", "--check").exit_code == 2
