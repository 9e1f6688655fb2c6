"""A run's folder is complete or absent, whatever ends the run."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from siyu.population.run import folder as folders
from siyu.population.run.folder import MARKER, Folder, sweep
from siyu.population.run.problems import RunProblem


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def finished(place: Path, text: str = "{}") -> None:
    with Folder(place, force=place.exists()) as made:
        (made.here / "run.json").write_text(text)
        (made.work / "spilled").write_text("x")
        made.publish()


def test_nothing_stands_at_the_place_before_everything_is_there(tmp_path: Path) -> None:
    place = tmp_path / "night"
    with Folder(place) as made:
        (made.here / "run.json").write_text("{}")
        assert not place.exists()
        assert made.here.name.startswith(".night.part-")
        made.publish()
    assert names(tmp_path) == ["night"]
    assert names(place) == ["run.json"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_what_goes_wrong_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), Folder(tmp_path / "night") as made:
        (made.here / "decisions.parquet").write_text("half")
        raise error
    assert names(tmp_path) == []


def test_a_folder_that_is_there_is_not_touched_without_being_told(tmp_path: Path) -> None:
    place = tmp_path / "night"
    finished(place, "old")
    with pytest.raises(RunProblem, match="is there already"):
        Folder(place)
    assert (place / "run.json").read_text() == "old"
    finished(place, "new")
    assert (place / "run.json").read_text() == "new"
    assert names(tmp_path) == ["night"]


@pytest.mark.parametrize("swaps", [True, False])
def test_an_old_run_stays_where_the_new_one_fails(
    tmp_path: Path, swaps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "night"
    finished(place, "old")
    if not swaps:
        monkeypatch.setattr(folders, "exchange", lambda one, other: False)
    with pytest.raises(RuntimeError), Folder(place, force=True):
        raise RuntimeError
    assert (place / "run.json").read_text() == "old"
    finished(place, "new")
    assert (place / "run.json").read_text() == "new"
    assert names(tmp_path) == ["night"]


def test_other_peoples_folders_are_not_replaced(tmp_path: Path) -> None:
    place = tmp_path / "photos"
    place.mkdir()
    (place / "me.jpg").write_text("")
    with pytest.raises(RunProblem, match="not the folder of a run"):
        Folder(place, force=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(RunProblem, match="is no folder"):
        Folder(tmp_path / "file", force=True)
    with pytest.raises(RunProblem, match="there is no folder"):
        Folder(tmp_path / "nowhere" / "night")


@pytest.mark.parametrize("foreign", ["report.html", "src", ".git"])
def test_what_no_run_has_written_is_not_removed(tmp_path: Path, foreign: str) -> None:
    """A page beside the figures, or a project that has a `run.json` of its own."""
    place = tmp_path / "night"
    finished(place, "old")
    (place / foreign).mkdir() if "." not in foreign[1:] else (place / foreign).write_text("mine")
    with pytest.raises(RunProblem, match=f"holds what no run has written .*{foreign}"):
        Folder(place, force=True)
    assert names(place) == sorted([foreign, "run.json"])


def test_what_is_put_there_meanwhile_is_not_removed(tmp_path: Path) -> None:
    place = tmp_path / "night"
    finished(place, "old")
    with pytest.raises(RunProblem, match=r"mine\.txt"), Folder(place, force=True) as made:
        (made.here / "run.json").write_text("new")
        (place / "mine.txt").write_text("mine")
        made.publish()
    assert (place / "run.json").read_text() == "old" and (place / "mine.txt").exists()


def test_a_full_disk_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with Folder(tmp_path / "night") as made:
        (made.here / "run.json").write_text("{}")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(RunProblem, match="No space left") as told:
            made.publish()
        assert "make room" in str(told.value.advice)
    assert names(tmp_path) == []


BEGIN = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from siyu.population.run.folder import Folder
    with Folder(Path(sys.argv[1])) as made:
        (made.here / "decisions.parquet").write_text("half")
        print("ready", flush=True)
        time.sleep(60)
    """
)


def test_the_next_run_sweeps_what_a_killed_one_has_left(tmp_path: Path) -> None:
    place = tmp_path / "night"
    begun = subprocess.Popen(
        [sys.executable, "-c", BEGIN, str(place)], stdout=subprocess.PIPE, text=True
    )
    assert begun.stdout is not None
    with begun.stdout:
        assert begun.stdout.readline() == "ready\n"
        assert sweep(place) == 0, "a run that is alive is left alone"
        begun.send_signal(signal.SIGKILL)
        begun.wait()
    assert len(names(tmp_path)) == 1
    finished(place)
    assert names(tmp_path) == ["night"]


def test_only_what_we_have_left_is_swept(tmp_path: Path) -> None:
    place = tmp_path / "night"
    (tmp_path / ".night.part-mine").mkdir()
    other = tmp_path / ".night.part-elsewhere"
    other.mkdir()
    (other / MARKER).write_text(json.dumps({"siyu": "run", "pid": 1, "host": "another"}))
    assert sweep(place) == 0
    assert len(names(tmp_path)) == 2


def test_two_runs_of_one_process_do_not_sweep_each_other(tmp_path: Path) -> None:
    place = tmp_path / "night"
    with Folder(place) as one:
        with Folder(place) as two:
            assert one.here.exists() and two.here.exists()
        assert one.here.exists()
