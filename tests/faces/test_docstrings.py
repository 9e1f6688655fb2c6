"""The examples in docstrings of the language and of the commands hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

PACKAGES = ("siyu.faces", "siyu.kinds", "siyu.semantics", "siyu.syntax")
MODULES = ("siyu", "siyu.compiler", "siyu.diagnostics", "siyu.text", "siyu.types")


def modules() -> Iterator[str]:
    yield from MODULES
    for name in PACKAGES:
        path = importlib.import_module(name).__path__
        yield from (found.name for found in pkgutil.walk_packages(path, f"{name}."))


@pytest.mark.parametrize("name", sorted(modules()))
def test_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
