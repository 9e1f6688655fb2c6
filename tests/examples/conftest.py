"""The scripts of an example lie beside its policy and import each other by their bare names."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

sys.path.insert(0, str(ROOT / "examples" / "complete_journey"))
