"""Files that are complete or absent, and instants as people type them."""

from __future__ import annotations

import os
import signal
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siyu.faces.outputs import Outputs
from siyu.faces.times import NotATime, instant


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_nothing_is_there_until_everything_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with Outputs() as outputs:
        for name in ("a", "b"):
            outputs.open(tmp_path / name).write(b"new")
        assert (tmp_path / "a").read_text() == "old"
        assert not (tmp_path / "b").exists()
        outputs.keep()
    assert names(tmp_path) == ["a", "b"]
    assert [(tmp_path / name).read_text() for name in ("a", "b")] == ["new", "new"]


def test_what_is_not_kept_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Outputs() as outputs:
        outputs.open(tmp_path / "a").write(b"half")
        raise KeyboardInterrupt
    with Outputs() as outputs:
        outputs.open(tmp_path / "a")
    assert names(tmp_path) == []


def test_a_file_that_cannot_be_opened_takes_the_others_along(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError), Outputs() as outputs:
        outputs.open(tmp_path / "a")
        outputs.open(tmp_path / "folder")
    assert names(tmp_path) == ["folder"]


def test_an_interrupt_waits_until_all_files_stand_in_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)
        return replace(self, target)

    with pytest.raises(KeyboardInterrupt), Outputs() as outputs:
        for name in ("a", "b"):
            outputs.open(tmp_path / name)
        monkeypatch.setattr(Path, "replace", interrupted)
        outputs.keep()
    assert names(tmp_path) == ["a", "b"]


def test_an_interrupt_at_the_moment_when_a_file_is_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.fdopen

    def interrupted(handle: int, mode: str) -> IO[Any]:
        signal.raise_signal(signal.SIGINT)
        return opened(handle, mode)

    monkeypatch.setattr(os, "fdopen", interrupted)
    with pytest.raises(KeyboardInterrupt), Outputs() as outputs:
        outputs.open(tmp_path / "a")
    assert names(tmp_path) == []


def test_new_files_may_be_read_as_other_new_files_may(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with Outputs() as outputs:
        outputs.open(tmp_path / "ours")
        outputs.keep()
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "ours")}
    assert len(modes) == 1


# ---------------------------------------------------------------- instants


@given(
    st.datetimes(datetime(1901, 1, 1), datetime(9999, 12, 30)),
    st.timedeltas(timedelta(hours=-14), timedelta(hours=14)),
)
def test_a_time_with_a_zone_is_that_instant(wall: datetime, ahead: timedelta) -> None:
    minutes = int(ahead.total_seconds() // 60)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    found = instant(f"{wall.isoformat()}{sign}{hours:02}:{rest:02}", "Asia/Shanghai")
    assert found == wall.replace(tzinfo=UTC) - timedelta(minutes=minutes)


@given(st.datetimes(datetime(1901, 1, 1), datetime(9999, 12, 30)))
def test_a_time_without_one_is_on_the_policys_clock(wall: datetime) -> None:
    assert instant(str(wall), "Etc/GMT-8") == wall.replace(tzinfo=UTC) - timedelta(hours=8)


@given(st.text("0123456789-:T .+Zz", max_size=30))
def test_whatever_is_typed_is_an_instant_or_is_told(text: str) -> None:
    try:
        assert instant(text, "America/New_York").utcoffset() == timedelta()
    except NotATime as told:
        assert str(told)


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        ("2026-03-08 02:30", "2026-03-08T07:30:00+00:00"),
        ("2026-11-01 01:30", "2026-11-01T05:30:00+00:00"),
    ],
)
def test_clocks_that_are_changed(written: str, offset: str) -> None:
    """What is skipped moves forward; what comes twice is the first."""
    assert instant(written, "America/New_York").isoformat() == offset
