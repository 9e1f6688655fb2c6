"""Looking at a policy without deciding: everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from siyu.api.files import read_files
from siyu.api.paths import policy_file
from siyu.compiler import compile_pack
from siyu.diagnostics import Diagnostic
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

    >>> check("policies/starter").ok
    True

    Raises InputFileError where the file cannot be read.
    """
    pack = read_files(policy_file(path)).pack
    compiled = compile_pack(pack)
    trees = {used.path: used.parsed.file for used in pack.files}
    return Checked(compiled.diagnostics, pack.sources, tuple(trees), trees)
