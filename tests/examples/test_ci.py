"""`examples/ci`: a repository of policies, and the script that every change of it has to pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "ci"
LEVELS = "policies/members/levels.siyu"
WIN_BACK = "policies/members/win_back.siyu"

Check = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    copy = tmp_path / "repository"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("build"))
    return copy


@pytest.fixture
def check(repository: Path) -> Check:
    def run(*before: Path) -> subprocess.CompletedProcess[str]:
        tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env = {**os.environ, "PATH": tools, "CUSTOMERS": "300", "SIYU_LANG": "en"}
        return subprocess.run(
            ["bash", "check.sh", *map(str, before)],
            cwd=repository,
            env=env,
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


def change(repository: Path, file: str, old: str, new: str) -> None:
    path = repository / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_it_passes_as_it_is(check: Check, repository: Path) -> None:
    passed = check(FOLDER)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "12 tests in 1 policy on python and reference: all passed" in passed.stdout
    assert "Nothing: every customer is decided about as before." in passed.stdout
    assert (repository / "build" / "coverage.html").is_file()
    assert (repository / "build" / "tests.xml").is_file()


def test_a_change_says_what_it_changes(check: Check, repository: Path) -> None:
    change(repository, LEVELS, "= 500 yuan", "= 600 yuan")
    told = check(FOLDER).stdout
    assert "### What changes, for 300 customers" in told
    assert "| 读者等级 `reader_level` | " in told
    assert "silver → standard: " in told
    assert "500.00 → 600.00" not in told
    assert (repository / "build" / "changes.md").read_text(encoding="utf-8") in told


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (LEVELS, "  keep 12 months", "   keep  12 months", "would be formatted"),
        (LEVELS, "from gold_from", "from gold_form", "nothing is called `gold_form`"),
        (LEVELS, "= 2000 yuan", "= 3000 yuan", "1 failure"),
        (
            "policies/members/win_back.siyu",
            "limit 1 per 30 days",
            "limit 2 per 30 days",
            "1 failure",
        ),
    ],
)
def test_what_stops_a_change(
    check: Check, repository: Path, file: str, old: str, new: str, said: str
) -> None:
    change(repository, file, old, new)
    stopped = check()
    assert stopped.returncode != 0
    assert said in stopped.stdout + stopped.stderr


def test_too_few_tests_stop_a_change(check: Check, repository: Path) -> None:
    tests = repository / "policies/members/tests.siyu"
    first = tests.read_text(encoding="utf-8").split("\n\n")[:2]
    tests.write_text("\n\n".join(first) + "\n", encoding="utf-8")
    stopped = check()
    assert stopped.returncode != 0
    assert "less than the 95 % that are asked for" in stopped.stderr
