"""Lints: what a policy says that can hardly be meant. Pure: whoever calls has read the files.

Nothing here changes what a policy decides, and loading one does not pay for it. A finding is true
of the policy as it stands: only ranges, words, constants and names are reasoned with, and what
cannot be told is not told. The table of contents is `table.py`, one file each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from siyu.compiler import Pack, of_library
from siyu.diagnostics import Diagnostic
from siyu.lint import allowed
from siyu.lint.finding import LEVELS, Finding, Level, Lint
from siyu.lint.look import Look
from siyu.lint.settings import SETTINGS, Settings, read_settings
from siyu.lint.table import BY_NAME, LINTS, lint_called
from siyu.semantics.build import Build

DEFAULT: Level = "warning"

__all__ = [
    "BY_NAME", "DEFAULT", "LEVELS", "LINTS", "SETTINGS", "Finding", "Level", "Lint", "Look",
    "Settings", "findings", "lint_called", "read_settings",
]  # fmt: skip


def findings(
    pack: Pack, build: Build, levels: Mapping[str, Level], today: str | None = None
) -> tuple[Diagnostic, ...]:
    """What lints say of a policy without errors. `levels` by code; what is not there is a warning.
    `today`, as `2026-11-21`, is the day on which to say what is over. What stands in a library is
    looked at in the library's own folder: one policy seldom uses all of it."""
    run = {lint.code: level for lint in LINTS
           if (level := levels.get(lint.code, DEFAULT)) != "off"}  # fmt: skip
    look = Look.of(pack, build, today)
    found = (each for lint in LINTS if lint.code in run for each in lint.find(look))
    kept = allowed.left_over(found, allowed.allows(pack, BY_NAME), pack, frozenset(run))
    ours = (each for each in kept if not of_library(each.span.file))
    return tuple(_graded(ours, run))


def _graded(found: Iterator[Finding], levels: Mapping[str, Level]) -> Iterator[Finding]:
    for each in found:
        yield replace(each, graded="error") if levels[each.code] == "error" else each
