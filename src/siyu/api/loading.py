"""From a path to a policy that decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from siyu.api import cache as kept
from siyu.api.errors import InputFileError, PolicyError
from siyu.api.files import policy_file, read_pack, read_text
from siyu.api.policy import Policy
from siyu.compiler import Compiled, Pack, compile_pack
from siyu.core.program import Program
from siyu.diagnostics import Diagnostic
from siyu.population.files import PopulationValues, read_allocation, read_calibration
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
        """Whether the policy can decide."""
        return all(d.severity != "error" for d in self.diagnostics)


def check(path: str | Path) -> Checked:
    """Everything that is wrong with a policy file (or the folder of one) and the files it uses.

    Raises InputFileError where the file cannot be read.
    """
    pack = read_pack(policy_file(path))
    return _checked(pack, compile_pack(pack))


def _checked(pack: Pack, compiled: Compiled) -> Checked:
    trees = {used.path: used.parsed.file for used in pack.files}
    return Checked(compiled.diagnostics, pack.sources, tuple(trees), trees)


def load(
    path: str | Path,
    calibration: str | Path | None = None,
    allocation: str | Path | None = None,
    cache: bool = True,
) -> Policy:
    """A policy ready to decide: a `.siyu` file, or a folder that holds one.

    `calibration` is the file with the population's values, for policies that need them;
    `allocation` a run's budgets and quotas. An unchanged policy comes out of a cache in the user's
    cache folder, unless `cache` is False.

    Raises PolicyError for a policy with errors, InputFileError for a file that cannot be read or
    holds something else.
    """
    file = policy_file(path)
    compiled = kept.fetch(file) if cache else None
    if compiled is None:
        pack = read_pack(file)
        compiled = compile_pack(pack)
        if compiled.program is None:
            raise PolicyError(compiled.diagnostics, pack.sources)
        if cache:
            kept.keep(file, tuple(pack.sources), compiled)
    program = compiled.program
    assert program is not None
    cuts = _values(calibration, program, "calibration")
    allotted = _values(allocation, program, "allocation")
    return Policy(compiled, file, cuts, allotted)


def _values(path: str | Path | None, program: Program, kind: str) -> PopulationValues | None:
    if path is None:
        return None
    source = Source.of(str(path), read_text(Path(path)))
    read = read_calibration if kind == "calibration" else read_allocation
    values = read(source, program)
    if values.problems:
        lines = [f"the {kind} `{path}` cannot be used:"]
        for problem in values.problems[:20]:
            place = source.place(problem.span.start)
            lines.append(f"  line {place.line}: {problem.message}")
        raise InputFileError("\n".join(lines), "change the file, or make it again for this policy")
    return values
