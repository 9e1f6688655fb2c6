"""The guides show what happens: files are written, commands run, their output compared."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"
sys.path.insert(0, str(GUIDE))

from walk import PAGES, walk  # noqa: E402  # found by the line above


@pytest.mark.parametrize("tongue", PAGES)
def test_a_guide_shows_what_happens(tongue: str, tmp_path: Path) -> None:
    _, differences = walk(tongue, tmp_path)
    assert not differences, "\n\n".join(map(str, differences))
