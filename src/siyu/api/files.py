"""Reading the files of a pack: the policy, what it uses, and its schema.

A file is called by its path as seen from the pack's folder; one of a library lies outside of it
(`../shared/rfm.siyu`) and counts in the digest by the path that policies write (`shared/rfm.siyu`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from siyu.api.errors import InputFileError
from siyu.api.libraries import Libraries, Place, Unfit, first_place, near_files, place_of
from siyu.api.paths import decoded, read_bytes
from siyu.compiler import FileNotFound, Pack, Used
from siyu.diagnostics import Diagnostic
from siyu.kinds.published import FILE as PUBLISHED
from siyu.schema import Loaded, load_schema
from siyu.schema.calendars import LoadedCalendar, load_calendar
from siyu.schema.messages import UNREADABLE, LoadedMessages, load_messages
from siyu.syntax import ast
from siyu.syntax.parse import Parsed, parse
from siyu.text import Source, Span
from siyu.words import Words, say

MAX_FILES = 500


@dataclass(slots=True)
class Reading:
    """The files of one pack, while they are being found."""

    folder: Path
    files: list[Used] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)
    schema: Loaded | None = None
    taken: set[tuple[str, str]] = field(default_factory=set)
    parsed: dict[str, Parsed] = field(default_factory=dict)
    sums: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    libraries: Libraries = field(init=False)

    def __post_init__(self) -> None:
        self.libraries = Libraries(self.folder, self.sums)

    def text(self, name: str) -> str:
        """A file's text; what was read is remembered, for whoever asks whether it has changed."""
        path = self.folder / name
        data = read_bytes(path)
        self.sums[name] = hashlib.sha256(data).hexdigest()
        return decoded(path, data)


@dataclass(frozen=True, slots=True)
class Files:
    """What was read of a policy: its pack, and the sha256 of each file's bytes by name."""

    pack: Pack
    sums: Mapping[str, str]


def read_files(path: Path) -> Files:
    """The policy at `path` with everything that it uses. What cannot be found in the pack is a
    diagnostic at the place that names it; only the policy itself raises InputFileError."""
    reading = Reading(path.parent)
    reading.places[path.name] = first_place(path.name)
    _take_all(reading, path.name)
    header = reading.files[0].parsed.file.header
    if header is not None and header.schema is not None:
        _schema(reading, header)
    calendars = _calendars(reading)
    messages = _messages(reading, header.messages) if header and header.messages else None
    written = {name: place.written for name, place in reading.places.items()}
    found = tuple(reading.found)
    pack = Pack(
        tuple(reading.files), reading.schema, reading.sources, found, written, calendars, messages,
        _published(reading),
    )  # fmt: skip
    return Files(pack, reading.sums)


def _published(reading: Reading) -> Source | None:
    """What `siyu publish` wrote beside the policy, if it did; that it did not is remembered too."""
    if not (reading.folder / PUBLISHED).exists():
        reading.sums[PUBLISHED] = ""
        return None
    return Source.of(PUBLISHED, reading.text(PUBLISHED))


class Asked(NamedTuple):
    """A `use`, the file it stands in, the prefix there, and the files that led there."""

    use: ast.Use
    file: str
    prefix: str
    above: tuple[str, ...]


def _take_all(reading: Reading, first: str) -> None:
    """Reads a file and, depth first, what it uses; the same file under the same prefix once."""
    waiting = [_take(reading, first, reading.text(first), "", ())]
    while waiting:
        asked = next(waiting[-1], None)
        if asked is None:
            waiting.pop()
        else:
            waiting.append(_use(reading, asked))


def _take(
    reading: Reading, name: str, text: str, prefix: str, above: tuple[str, ...]
) -> Iterator[Asked]:
    reading.taken.add((name, prefix))
    source = reading.sources.setdefault(name, Source.of(name, text))
    if name not in reading.parsed:
        reading.parsed[name] = parse(source)
    parsed = reading.parsed[name]
    reading.files.append(Used(name, parsed, prefix))
    return (Asked(use, name, prefix, (*above, name)) for use in parsed.file.uses)


def _use(reading: Reading, asked: Asked) -> Iterator[Asked]:
    use, name, prefix, above = asked
    target = _inside(reading, name, use.path)
    if target is None:
        return iter(())
    if target in above:
        return _refuse(reading, use.path, say("is used by itself, directly or through others"))
    inner = f"{prefix}{use.alias.text}." if use.alias else prefix
    if (target, inner) in reading.taken:
        return iter(())
    if len(reading.files) >= MAX_FILES:
        problem = say("is one file too many: a policy may use {most}", most=MAX_FILES)
        return _refuse(reading, use.path, problem)
    text = _text(reading, target, use.path)
    return iter(()) if text is None else _take(reading, target, text, inner, above)


def _refuse(reading: Reading, path: ast.Text, problem: Words, hint: Words = "") -> Iterator[Asked]:
    reading.found.append(FileNotFound(path.span, path.value, problem, hint))
    return iter(())


def _schema(reading: Reading, header: ast.Header) -> None:
    assert header.schema is not None
    target = _inside(reading, reading.files[0].path, header.schema)
    text = None if target is None else _text(reading, target, header.schema)
    if target is None or text is None:
        reading.schema = Loaded(None, ())
        return
    source = reading.sources.setdefault(target, Source.of(target, text))
    currency = header.currency.text if header.currency else ""
    reading.schema = _loaded(source, currency)


@lru_cache(maxsize=16)
def _loaded(source: Source, currency: str) -> Loaded:
    """A schema that has not changed is not read again: it mostly has not, when a policy has."""
    return load_schema(source, currency)


def _calendars(reading: Reading) -> dict[Span, LoadedCalendar]:
    """The files that calendars name, by the place of the path; each is read once."""
    found: dict[Span, LoadedCalendar] = {}
    read: dict[str, LoadedCalendar] = {}
    for used in tuple(reading.files):
        for node in used.parsed.file.declarations:
            if not isinstance(node, ast.Calendar) or node.path.span in found:
                continue
            target = _inside(reading, used.path, node.path)
            text = None if target is None else _text(reading, target, node.path)
            if target is None or text is None:
                continue
            if target not in read:
                source = reading.sources.setdefault(target, Source.of(target, text))
                read[target] = load_calendar(source)
            found[node.path.span] = read[target]
    return found


def _messages(reading: Reading, path: ast.Text) -> LoadedMessages:
    target = _inside(reading, reading.files[0].path, path)
    text = None if target is None else _text(reading, target, path)
    if target is None or text is None:
        return UNREADABLE
    return load_messages(reading.sources.setdefault(target, Source.of(target, text)))


def _inside(reading: Reading, name: str, path: ast.Text) -> str | None:
    """The path of a file as seen from the pack's folder; None, reported, where it is neither in
    that folder nor in a library."""
    place = place_of(path.value, reading.places[name], reading.libraries)
    if isinstance(place, Unfit):
        _refuse(reading, path, place.problem, place.hint)
        return None
    reading.places.setdefault(place.name, place)
    return place.name


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no disk can hold
        return False


def _text(reading: Reading, target: str, path: ast.Text) -> str | None:
    if target in reading.sources:
        return reading.sources[target].text
    try:
        return reading.text(target)
    except InputFileError as error:
        place, folder = reading.places[target], reading.libraries.folder
        if _is_there(folder / place.name):
            hint = error.advice  # it is there: something else is wrong with it
        else:
            hint = near_files(path.value, place, reading.libraries)
        _refuse(reading, path, error.problem, hint)
        return None
