"""Commands keep what they compile in a folder of the test's own."""

import shutil
from pathlib import Path

import pytest

from siyu.syntax.parse import parse
from siyu.syntax.unparse import unparse
from siyu.text import Source
from tests.faces.shell import RETAIL


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("SIYU_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the command stands in it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The retail policy in Chinese keywords, so that every Latin word in it is a name or data."""
    folder = tmp_path_factory.mktemp("pack")
    for path in RETAIL.iterdir():
        if path.suffix != ".siyu":
            shutil.copyfile(path, folder / path.name)
            continue
        source = Source.of(path.name, path.read_text("utf-8"))
        (folder / path.name).write_text(unparse(parse(source).file, "zh", source), "utf-8")
    return folder
