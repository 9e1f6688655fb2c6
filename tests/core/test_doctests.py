"""The examples in docstrings of the functions, the core and the evaluators hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import siyu.core
import siyu.evaluators
import siyu.functions


def _modules() -> Iterator[str]:
    for package in (siyu.functions, siyu.core, siyu.evaluators):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield found.name


@pytest.mark.parametrize("name", sorted(_modules()))
def test_docstrings(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_every_pass_shows_what_it_does() -> None:
    from siyu.core import passes

    for name in passes.__all__:
        function = getattr(passes, name)
        if callable(function) and name != "written":
            assert ">>>" in (function.__doc__ or ""), name
