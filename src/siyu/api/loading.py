"""From a path to a policy that decides. What only compiling needs is imported when it compiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from siyu.api import cache as kept
from siyu.api.errors import InputFileError, PolicyError
from siyu.api.paths import policy_file, read_text
from siyu.api.policy import Policy

if TYPE_CHECKING:
    from siyu.core.compiled import Compiled
    from siyu.core.program import Program
    from siyu.population.files import PopulationValues


def load(
    path: str | Path,
    calibration: str | Path | None = None,
    allocation: str | Path | None = None,
    cache: bool = True,
) -> Policy:
    """A policy ready to decide: a `.siyu` file, or a folder that holds one.

    `calibration` is the file with the population's values, for policies that need them;
    `allocation` a run's budgets and quotas. An unchanged policy comes out of a cache in the user's
    cache folder (SIYU_CACHE_DIR; none where that is empty), unless `cache` is False.

    >>> load("policies/starter").name
    'starter'

    Raises PolicyError for a policy with errors, InputFileError for a file that cannot be read or
    holds something else.
    """
    file = policy_file(path)
    found = kept.fetch(file) if cache else None
    policy = Policy(_compiled(file, cache) if found is None else found, file)
    if calibration is None and allocation is None:
        return policy
    cuts = values_of(calibration, policy.program, "calibration")
    allotted = values_of(allocation, policy.program, "allocation")
    return policy.with_values(cuts, allotted)


def _compiled(file: Path, cache: bool) -> Compiled:
    from siyu.api.files import read_files
    from siyu.compiler import compile_pack

    files = read_files(file)
    compiled = compile_pack(files.pack)
    if compiled.program is None:
        raise PolicyError(compiled.diagnostics, files.pack.sources)
    if cache:
        kept.keep(file, files.sums, compiled)
    return compiled


def values_of(path: str | Path | None, program: Program, kind: str) -> PopulationValues | None:
    """What a file of this kind holds for a program. Raises InputFileError."""
    if path is None:
        return None
    from siyu.population.files import Problems, read_allocation, read_calibration
    from siyu.text import Source
    from siyu.words import say

    source = Source.of(str(path), read_text(Path(path)))
    read = read_calibration if kind == "calibration" else read_allocation
    values = read(source, program)
    if values.problems:
        told = Problems(values.problems, source)
        what = say("calibration") if kind == "calibration" else say("allocation")
        said = say("the {what} `{path}` cannot be used:\n{problems}", what=what, path=path,
                   problems=told)  # fmt: skip
        raise InputFileError(said, say("change the file, or make it again for this policy"))
    return values
