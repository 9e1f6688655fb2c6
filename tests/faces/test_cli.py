"""The command as a whole: subcommands, exit codes, and what is said when things go wrong."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

import siyu
from siyu.faces import cli
from tests.faces.shell import POLICY, pack, process
from tests.faces.shell import siyu as run


def test_version_and_help(snapshot: SnapshotAssertion) -> None:
    assert run("--version").out == f"siyu {siyu.__version__}\n"
    assert run("--help").out == snapshot


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_helps_with_examples_that_name_it(name: str) -> None:
    ran = run(name, "--help")
    assert ran.code == 0
    examples = ran.out.split("Examples:\n")[1]
    assert all(f"siyu {name}" in line for line in examples.splitlines() if line.strip())


def test_every_command_has_a_file_and_the_line_of_its_help() -> None:
    for name, (module, words) in cli.COMMANDS.items():
        found = importlib.import_module(f"siyu.faces.{module}").command
        assert found.name == name
        assert words.endswith(".")


@pytest.mark.parametrize(
    "args", [(), ("chek", "."), ("tour.siyu",), ("\x1b[31mxyzzy",), ("--nope",)]
)
def test_bad_usage(args: tuple[str, ...], snapshot: SnapshotAssertion) -> None:
    ran = run(*args)
    assert ran.code == 2
    assert "\x1b" not in ran.err
    assert ran.err == snapshot


# ---------------------------------------------------------------- a quick start


HEAVY = ("lark", "pydantic", "rich", "duckdb", "ruamel", "msgspec", "json", "decimal", "zoneinfo")


@pytest.mark.parametrize("args", ["--version", "--help"])
def test_nothing_heavy_is_imported_to_start(args: str) -> None:
    code = (
        "import sys\nfrom siyu.faces import cli\n"
        f"try:\n    cli.main(['{args}'])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stderr == "[]\n"


# ---------------------------------------------------------------- what may happen to a process


DECIDE = (sys.executable, "-m", "siyu", "decide")


def test_a_mistake_of_ours_is_called_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        error = ValueError("member M1, born 1990-01-01")
        error.add_note("at line 7 of the requests")
        raise error

    monkeypatch.setattr(cli.command, "invoke", broken)
    assert cli._guarded(["check", "."]) == 70
    said = capsys.readouterr().err
    assert said.startswith("siyu: a mistake of siyu itself, not of your policy: ValueError at ")
    assert "at line 7 of the requests\nhelp: please report it" in said
    assert "M1" not in said and "Traceback" not in said
    monkeypatch.setenv("SIYU_DEBUG", "1")
    cli._guarded(["check", "."])
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_stops_reading_is_no_reason_to_complain(tmp_path: Path) -> None:
    path = pack(tmp_path, policy=POLICY) / "policy.siyu"
    customers = tmp_path / "customers.jsonl"
    customers.write_text('{"id": "M1"}\n' * 5_000)
    running = subprocess.Popen(
        [*DECIDE, path, "--customers", customers, "--as-of", "2026-11-21"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None and running.stderr is not None
    assert running.stdout.readline().startswith(b'{"policy"')
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    assert (running.wait(60), said) == (cli.PIPE_CLOSED, b"")


def written(folder: Path) -> int:
    """Bytes in the files that are still being written."""
    return sum(path.stat().st_size for path in folder.glob(".a.jsonl.*.part"))


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, cli.INTERRUPTED, b"\nsiyu: interrupted\n"),
        (signal.SIGTERM, cli.TERMINATED, b""),
    ],
)
def test_an_interrupted_run_leaves_nothing(
    number: int, code: int, said: bytes, tmp_path: Path
) -> None:
    path = pack(tmp_path / "pack", policy=POLICY) / "policy.siyu"
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.jsonl").write_text("what was there before\n")
    fifo = tmp_path / "customers"
    os.mkfifo(fifo)
    running = subprocess.Popen(
        [*DECIDE, path, "--customers", fifo, "--as-of", "2026-11-21", "-o", out / "a.jsonl"],
        stderr=subprocess.PIPE,
    )
    with fifo.open("wb") as feed:
        feed.write(b'{"id": "M1"}\n' * 10_000)
        feed.flush()
        # The feed stays open: the run cannot end by itself, and waits for the next line.
        while running.poll() is None and not written(out):
            time.sleep(0.02)
        assert running.poll() is None, "the run has begun to write"
        running.send_signal(number)
        _, err = running.communicate(timeout=300)
    assert (running.returncode, err) == (code, said)
    assert [each.name for each in out.iterdir()] == ["a.jsonl"]
    assert (out / "a.jsonl").read_text() == "what was there before\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    path = pack(tmp_path, policy=POLICY)
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "siyu", "check", path],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert ran.returncode == 2
    assert ran.stderr.startswith(b"siyu: what it says cannot be written: No space left on device")
    assert b"Traceback" not in ran.stderr


def test_the_whole_way_of_a_new_user(tmp_path: Path) -> None:
    """init, check, test, decide, explain, each as a process, as `siyu init` tells to."""
    folder = tmp_path / "my_members"
    assert process("init", folder).returncode == 0
    assert process("check", folder).returncode == 0
    tested = process("test", folder)
    assert (tested.returncode, b"all passed" in tested.stdout) == (0, True)
    files = ("--customers", folder / "customers.jsonl")
    decided = process("decide", folder / "policy.siyu", *files, "--strict")
    assert (decided.returncode, len(decided.stdout.splitlines())) == (0, 6)
    explained = process("explain", folder / "policy.siyu", *files, "--customer", "M2")
    assert explained.returncode == 0
    assert b"welcome_back" in explained.stdout


def test_output_to_a_pipe_has_no_colour() -> None:
    ran = process("explain", "E0303", env={"TERM": "xterm-256color"})
    assert ran.returncode == 0
    assert b"\x1b" not in ran.stdout
