"""Where a path in a policy leads: into the pack's own folder, or into a library that `siyu.yaml`
beside the policy names. Nothing else can be read, whatever is written and wherever links lead."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from siyu.api.errors import InputFileError
from siyu.api.paths import decoded, read_bytes
from siyu.diagnostics import nearest
from siyu.text import Source
from siyu.words import Words, either, say

SETTINGS = "siyu.yaml"
OUTSIDE = say("lies outside the policy's folder")


@dataclass(frozen=True, slots=True)
class Place:
    """A file in the pack's folder, or in a library: `root` is then the library's folder as seen
    from the pack's, `library` its name; `steps` lead from there to the file."""

    root: str
    library: str
    steps: tuple[str, ...]

    @property
    def name(self) -> str:
        """The path as seen from the pack's folder."""
        return "/".join((self.root, *self.steps) if self.root else self.steps)

    @property
    def written(self) -> str:
        """The path that policies write: it is the same wherever the library lies."""
        return "/".join((self.library, *self.steps) if self.library else self.steps)


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a path leads nowhere, and what to do, where more than the usual can be said."""

    problem: Words
    hint: Words = ""


class Libraries:
    """The libraries of the pack in a folder; its settings are read when a path may need them, and
    the sha256 of their bytes is then kept in `sums`."""

    def __init__(self, folder: Path, sums: MutableMapping[str, str]) -> None:
        self.folder = folder
        self.sums = sums

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The paths of libraries by name, as written; none where the settings cannot be read."""
        from siyu.lint import read_settings

        path = self.folder / SETTINGS
        try:
            if not path.exists():
                return {}
            data = read_bytes(path)
            self.sums[SETTINGS] = hashlib.sha256(data).hexdigest()
            return read_settings(Source.of(SETTINGS, decoded(path, data))).libraries
        except (InputFileError, OSError):
            return {}

    def root(self, library: str) -> str | Unfit:
        """A library's folder as seen from the pack's, or why it cannot be one."""
        written = self.named[library]
        root = _normal(written)
        folder = self.folder / root
        try:
            real, pack = folder.resolve(), self.folder.resolve()
            home = Path.home().resolve()
            if not real.is_dir():
                said = say("is in library `{library}`, whose folder `{path}` is not there",
                           library=library, path=written)  # fmt: skip
                return Unfit(said, say("look at `libraries` in `siyu.yaml` beside the policy"))
        except (OSError, ValueError, RuntimeError):
            return Unfit(say("is in library `{library}`, which cannot be read", library=library))
        if real == home or pack.is_relative_to(real):
            said = say("is in library `{library}`, whose folder `{path}` holds more than a library",
                       library=library, path=written)  # fmt: skip
            return Unfit(said, say("a library is a folder of its own, beside the policy's"))
        return root


def first_place(name: str) -> Place:
    """The policy's own file."""
    return Place("", "", (name,))


def place_of(written: str, here: Place, libraries: Libraries) -> Place | Unfit:
    """Where a path leads that stands in the file `here`, with links followed."""
    if not written or written.startswith(("/", "~")) or "\\" in written or "\0" in written:
        return Unfit(OUTSIDE)
    parts = PurePosixPath(written).parts
    if len(parts) > 1 and parts[0] in libraries.named:
        if not here.library and (libraries.folder / parts[0]).is_dir():
            said = say("is both in a folder `{name}` here and in library `{name}`", name=parts[0])
            return Unfit(said, say("give one of them another name"))
        root = libraries.root(parts[0])
        if isinstance(root, Unfit):
            return root
        start, parts = Place(root, parts[0], ()), parts[1:]
    else:
        start = Place(here.root, here.library, here.steps[:-1])
    steps: list[str] = list(start.steps)
    for step in parts:
        if step == "..":
            if not steps:
                return _outside(start, written)
            steps.pop()
        elif step != ".":
            steps.append(step)
    place = Place(start.root, start.library, tuple(steps))
    return place if _is_inside(place, libraries.folder) else _outside(start, written)


def _outside(start: Place, written: str) -> Unfit:
    if start.library:
        return Unfit(say("lies outside library `{library}`", library=start.library))
    if ".." not in PurePosixPath(written).parts:
        return Unfit(OUTSIDE)
    hint = say("a folder that policies share has a name under `libraries` in `siyu.yaml`, such as "
               "`shared: ../shared`; then write `use \"shared/…\"`")  # fmt: skip
    return Unfit(OUTSIDE, hint)


def _is_inside(place: Place, folder: Path) -> bool:
    try:
        real = (folder / place.name).resolve()
        return real.is_relative_to((folder / place.root).resolve())
    except (OSError, ValueError, RuntimeError):
        return False


def near_files(written: str, place: Place, libraries: Libraries) -> Words:
    """What may be meant by a path to a file that is not there; empty where nothing is near."""
    if not place.steps:
        return ""
    first = PurePosixPath(written).parts[0]
    folder = (libraries.folder / place.name).parent
    near: tuple[str, ...] = ()
    try:
        if folder.is_dir():
            names = sorted(each.name for each in folder.iterdir() if each.is_file())
            head = written[: -len(place.steps[-1])] if written.endswith(place.steps[-1]) else ""
            near = tuple(f"{head}{name}" for name in nearest(place.steps[-1], names))
        elif not place.library:
            rest = written[len(first) :]
            near = tuple(f"{name}{rest}" for name in nearest(first, libraries.named))
            if not near and libraries.named:
                return say("`siyu.yaml` names these libraries: {names}",
                           names=tuple(libraries.named))  # fmt: skip
    except OSError:
        return ""
    return say("did you mean {near}?", near=either(near)) if near else ""


def _normal(written: str) -> str:
    """A path without `.`, with `..` only in front.

    >>> _normal("./lib/../../shared/"), _normal(".")
    ('../shared', '')
    """
    steps: list[str] = []
    for step in PurePosixPath(written).parts:
        if step == ".." and steps and steps[-1] != "..":
            steps.pop()
        elif step != ".":
            steps.append(step)
    return "/".join(steps)
