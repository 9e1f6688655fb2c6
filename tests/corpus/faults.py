"""Faults put into the code on purpose: would anybody notice?"""

from __future__ import annotations
import __future__

import inspect
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType

import pytest


@dataclass(frozen=True)
class Fault:
    """`old` and `new` are code inside `function`, which may be a method, `Class.method`; several
    changes stand in pairs."""

    says: str
    module: ModuleType
    function: str
    changes: tuple[tuple[str, str], ...]
    files: tuple[str, ...]


def fault(says: str, module: ModuleType, function: str, old: str, new: str, *files: str) -> Fault:
    return Fault(says, module, function, ((old, new),), files)


def commit(
    change: Fault, patch: pytest.MonkeyPatch, given: Mapping[str, object] | None = None
) -> tuple[FunctionType, FunctionType]:
    """Puts the faulty function in the place of the right one, wherever it was imported, and gives
    both. `given` are further names that the change may use."""
    owner: object = change.module
    *classes, name = change.function.split(".")
    for each in classes:
        owner = getattr(owner, each)
    right = getattr(owner, name)
    assert isinstance(right, FunctionType)
    source = textwrap.dedent(inspect.getsource(right))
    for old, new in change.changes:
        assert source.count(old) == 1, f"`{old}` stands {source.count(old)} times"
        source = source.replace(old, new)
    names = {**vars(change.module), **(given or {})}
    flags = __future__.annotations.compiler_flag
    exec(compile(source, change.module.__file__ or "", "exec", flags), names)
    wrong = names[name]
    assert isinstance(wrong, FunctionType)
    if classes:
        patch.setattr(owner, name, wrong)
    for module in [each for key, each in sys.modules.items() if key.startswith("siyu.")]:
        if getattr(module, name, None) is right:
            patch.setattr(module, name, wrong)
    return right, wrong
