"""Looking at a policy without deciding: everything that is wrong with it, and what lints say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from siyu.api.files import read_files
from siyu.api.paths import policy_file, read_text
from siyu.compiler import lower_pack
from siyu.diagnostics import Diagnostic, in_source_order
from siyu.lint import SETTINGS, Settings, findings, read_settings
from siyu.syntax import ast
from siyu.text import Source


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at a policy found: `diagnostics` in source order, the sources by the names in
    their spans, the names of the pack's policy files, and their trees."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    files: tuple[str, ...]
    trees: Mapping[str, ast.File]

    @property
    def ok(self) -> bool:
        """Whether there are no errors; warnings are none, unless they were set to be."""
        return all(d.severity != "error" for d in self.diagnostics)


def check(path: str | Path, *, lints: bool = True, today: dt.date | None = None) -> Checked:
    """Everything that is wrong with a policy file (or the folder of one) and the files it uses.

    A policy without errors is also looked at by lints, as severely as `siyu.yaml` beside it says,
    unless `lints` is False. `today` is the day on which to say what is over; without it nothing
    that depends on a day is said.

    >>> check("policies/starter").ok
    True

    Raises InputFileError where a file cannot be read.
    """
    file = policy_file(path)
    pack = read_files(file).pack
    lowered = lower_pack(pack)
    found, sources = lowered.diagnostics, dict(pack.sources)
    if lints:
        settings, source = settings_beside(file)
        if source is not None and settings.diagnostics:
            sources[source.name] = source
        found += settings.diagnostics
        if not lowered.broken:
            day = None if today is None else today.isoformat()
            found += findings(pack, lowered.build, settings.levels, day)
    trees = {used.path: used.parsed.file for used in pack.files}
    return Checked(in_source_order(found), sources, tuple(trees), trees)


def settings_beside(file: Path) -> tuple[Settings, Source | None]:
    """The settings in the folder of a policy's file, and where they stand; none where there is no
    such file. Raises InputFileError where it cannot be read."""
    path = file.parent / SETTINGS
    if not path.exists():
        return Settings(), None
    source = Source.of(SETTINGS, read_text(path))
    return read_settings(source), source
