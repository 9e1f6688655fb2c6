"""The folder of a run: which files lie in it, and what its JSON files say.

Whatever reads it asks by name and gets nothing for what is not there: a run without budgets writes
no budgets, an older one may lack what came later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from siyu.words import Words, of_system, say

NEEDED = ("run.json", "indicators.json", "decisions.parquet", "outcomes.parquet", "rejects.parquet")
COMPLETE = say("name the folder that `siyu run -o DIR` wrote; a run that did not end leaves none")

Json = Mapping[str, Any]
EMPTY: Json = {}


class ReportFailed(Exception):
    """A report cannot be made: what is wrong, and what to do."""

    def __init__(self, said: Words, advice: Words = "") -> None:
        super().__init__(str(said))
        self.said = said
        self.advice = advice


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A complete run. `run` and `indicators` are the JSON files, numbers with a point
    as Decimal."""

    path: Path
    run: Json
    indicators: Json

    def part(self, *keys: str) -> Json:
        """A map inside run.json, empty where there is none."""
        found: Any = self.run
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else EMPTY

    def named(self, *kinds: str) -> tuple[str, ...]:
        """The declarations of some kinds, in the order in which the run names them."""
        return tuple(name for name, kind in self.part("kinds").items() if kind in kinds)

    def kind(self, name: str) -> str:
        """What a declaration is, empty where the run does not know it."""
        return str(self.part("kinds").get(name, ""))

    @property
    def currency(self) -> str:
        """The currency of all amounts, by its ISO code."""
        return str(self.run.get("currency") or "")

    @property
    def zone(self) -> str:
        """The time zone in which the run tells the time."""
        return str(self.run.get("timezone") or "UTC")

    @property
    def about_events(self) -> bool:
        """Whether decisions.parquet has a row an event."""
        return bool(self.run.get("events"))


def open_folder(path: Path) -> RunFolder:
    """A run's folder; raises ReportFailed where it is none, or not a whole one."""
    if not path.exists():
        raise ReportFailed(say("there is no folder `{path}`", path=str(path)), COMPLETE)
    if not path.is_dir():
        raise ReportFailed(say("`{path}` is a file, not the folder of a run", path=str(path)),
                           COMPLETE)  # fmt: skip
    missing = tuple(name for name in NEEDED if not (path / name).exists())
    if missing:
        said = say("`{path}` is no folder of a complete run: it lacks {names}",
                   path=str(path), names=missing)  # fmt: skip
        raise ReportFailed(said, COMPLETE)
    run = _json(path / "run.json")
    if run.get("run") != 1 or not isinstance(run.get("policy"), dict):
        said = say("`{path}` does not say what was run", path=str(path / "run.json"))
        raise ReportFailed(said, COMPLETE)
    return RunFolder(path, run, _json(path / "indicators.json"))


def _json(path: Path) -> Json:
    try:
        found = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        said = say("`{path}` cannot be read: {why}", path=str(path), why=of_system(error))
        raise ReportFailed(said) from None
    except ValueError:
        raise ReportFailed(say("`{path}` is not JSON", path=str(path)), COMPLETE) from None
    if not isinstance(found, dict):
        raise ReportFailed(say("`{path}` is not a JSON object", path=str(path)), COMPLETE)
    return found
