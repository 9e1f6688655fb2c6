"""Which files a table lies in."""

from __future__ import annotations

from pathlib import Path

import pytest

from siyu.population.sources.model import Place
from siyu.population.sources.places import digest_of, files_of


def place(*paths: str) -> Place:
    return Place("parquet", paths)


def test_a_file_that_is_named_twice_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of a log without a key would count twice."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/orders.parquet").write_bytes(b"PAR1")
    monkeypatch.chdir(tmp_path)
    every = place("orders.parquet", "ord*.parquet", ".", "../data/orders.parquet")
    for folder in (Path("data"), tmp_path / "data", Path("data/../data")):
        assert len(files_of(every, folder)) == 1, folder


@pytest.mark.parametrize("written", ["orders.parquet", "ord*.parquet", ".", "../data/*.parquet"])
def test_paths_are_those_of_the_sources_wherever_a_command_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/orders.parquet").write_bytes(b"PAR1")
    told = set()
    inside = tmp_path / "data"
    for here, folder in (
        (Path("/"), inside),
        (tmp_path, Path("data")),
        (inside, Path()),
        (inside, Path("../data")),
    ):
        monkeypatch.chdir(here)
        told |= {digest_of(path, folder).path for path in files_of(place(written), folder)}
    assert told == {"../data/orders.parquet" if ".." in written else "orders.parquet"}
