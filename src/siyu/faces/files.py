"""Which policy files a command line means.

A path is a policy file, or a folder whose `*.siyu` files are meant, at any depth; hidden folders
are left out. A file with a `policy` line is a policy; one without is a part that policies `use`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

from siyu.faces.speaking import told
from siyu.words import of_system, say

LARGEST = 20_000_000  # bytes of a policy file


def policy_files(paths: Iterable[str]) -> list[Path]:
    """The files that are named or lie in a named folder, each once, in order.

    Raises `click.UsageError` for a path that does not exist, something that is neither a file nor a
    folder, and a folder without a policy file.
    """
    found: dict[Path, None] = {}
    for name in paths:
        path = Path(name)
        if not path.exists():
            raise click.UsageError(told(say("there is no file or folder `{path}`", path=name)))
        if not path.is_dir() and not path.is_file():
            raise click.UsageError(told(say("`{path}` is neither a file nor a folder", path=name)))
        inside = _inside(path) if path.is_dir() else [path]
        if not inside:
            raise click.UsageError(told(say("the folder `{path}` holds no .siyu file", path=name)))
        found.update(dict.fromkeys(inside))
    return list(found)


def _inside(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*.siyu")
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    )


def text_of(name: str) -> str:
    """The text of a policy file; raises `click.UsageError` where there is none."""
    path = Path(name)
    if not path.is_file():
        raise click.UsageError(told(say("there is no file `{path}`", path=name)))
    try:
        if path.stat().st_size > LARGEST:
            size = LARGEST // 1_000_000
            raise click.UsageError(
                told(say("`{path}` is larger than {megabytes} MB", path=name, megabytes=size))
            )
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        reason = say("`{path}` is not UTF-8 text at byte {place}", path=name, place=error.start)
        raise click.UsageError(told(reason)) from None
    except OSError as error:
        reason = say("`{path}` cannot be read: {reason}", path=name, reason=of_system(error))
        raise click.UsageError(told(reason)) from None


@dataclass(frozen=True, slots=True)
class Policies:
    """`roots` have a `policy` line (or could not be read, which checking them will tell); `parts`
    have none."""

    roots: tuple[Path, ...]
    parts: tuple[Path, ...]


def policies(paths: Iterable[str]) -> Policies:
    """The policies and the parts among the files that a command line means."""
    files = policy_files(paths)
    parts = tuple(path for path in files if _is_part(path))
    return Policies(tuple(path for path in files if path not in parts), parts)


def _is_part(path: Path) -> bool:
    try:
        if path.stat().st_size > LARGEST:
            return False
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return False
    return bool(text.strip()) and not _header().search(text)


@cache
def _header() -> re.Pattern[str]:
    """A line that begins with the keyword `policy`, in either language."""
    from siyu.syntax.keywords import keywords

    words = "|".join(map(re.escape, keywords().by_position["policy"].spellings))
    return re.compile(rf"^\s*(?:{words})(?:\s|$)", re.MULTILINE)
