"""Every diagnostic there is, by its code: found by looking through the modules of the compiler."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache

from siyu.diagnostics import Diagnostic

# Whatever can say something about a policy or a schema stands in one of these.
_WHERE = (
    "siyu.syntax", "siyu.schema", "siyu.semantics", "siyu.kinds", "siyu.compiler", "siyu.lint",
)  # fmt: skip


def classes() -> tuple[type[Diagnostic], ...]:
    """All diagnostic classes, in the order of their codes."""
    found = {
        each
        for module in _modules()
        for _, each in inspect.getmembers(importlib.import_module(module), inspect.isclass)
        if issubclass(each, Diagnostic) and each.code
    }
    return tuple(sorted(found, key=lambda each: (each.code, each.__module__, each.__name__)))


def _modules() -> Iterator[str]:
    for name in _WHERE:
        yield name
        path = getattr(importlib.import_module(name), "__path__", None)
        if path is not None:
            yield from (found.name for found in pkgutil.walk_packages(path, f"{name}."))


@cache
def catalogue() -> Mapping[str, type[Diagnostic]]:
    """The diagnostics by code."""
    return {each.code: each for each in classes()}


def is_schema_code(code: str) -> bool:
    """Whether a code speaks of schema files; its examples are schema files, too.

    >>> is_schema_code("E0201"), is_schema_code("E0303")
    (True, False)
    """
    return code.startswith("E02")


def is_published_code(code: str) -> bool:
    """Whether a code speaks of what `published.yaml` binds; its examples are looked at beside one.

    >>> is_published_code("E0006"), is_published_code("E0005")
    (True, False)
    """
    return code in ("E0006", "E0007")


def is_settings_code(code: str) -> bool:
    """Whether a code speaks of `siyu.yaml`; its examples are such files.

    >>> is_settings_code("E0701"), is_settings_code("W0701")
    (True, False)
    """
    return code.startswith("E070")


def is_calendar_code(code: str) -> bool:
    """Whether a code speaks of calendars; its examples are such files.

    >>> is_calendar_code("E0801"), is_calendar_code("E0701")
    (True, False)
    """
    return code.startswith("E08")
