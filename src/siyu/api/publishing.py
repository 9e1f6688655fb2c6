"""Publishing a policy: its frozen rules are written down, and bound from then on."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from siyu.api.errors import InputFileError, PolicyError
from siyu.api.files import read_files
from siyu.api.paths import policy_file
from siyu.compiler import Pack, lower_pack
from siyu.diagnostics import Diagnostic
from siyu.kinds.frozen import frozen_rules
from siyu.kinds.published import (
    FILE,
    Entry,
    Section,
    compare,
    entries_of,
    entry_of,
    found_in,
    published_text,
    read_published,
)
from siyu.text import Span
from siyu.words import Words, of_system, say


@dataclass(frozen=True, slots=True)
class Bound:
    """A frozen rule: since which day it is published, and until which day it stays as it is."""

    rule: str
    label: str
    published: str
    last: str


@dataclass(frozen=True, slots=True)
class Published:
    """What was published: `new` rules, those that were `kept` as they were published before, those
    whose period has passed and that are `let_go`, and the `file` that says so."""

    policy: str
    file: Path
    new: tuple[Bound, ...]
    kept: tuple[Bound, ...]
    let_go: tuple[Bound, ...]
    changed: bool


def publish(path: str | Path, as_of: dt.date) -> Published:
    """Writes the frozen rules of a policy to `published.yaml` beside it, as they are on a day.

    Rules whose period has passed on that day are let go. Raises PolicyError where the policy has
    errors, or where a rule that is still frozen is not as it was published: then nothing is
    written. Raises InputFileError where a file cannot be read or written.
    """
    file = policy_file(path)
    pack = read_files(file).pack
    lowered = lower_pack(replace(pack, published=None))
    if lowered.broken:
        raise PolicyError(lowered.diagnostics, pack.sources)
    day, target = as_of.isoformat(), file.parent / FILE
    rules = frozen_rules(lowered.build)
    sections = _sections(pack)
    before = _before(sections, lowered.header.name, file.name)
    bound = tuple(entry for entry in before if entry.last >= day)
    head = _head(pack)
    broken: tuple[Diagnostic, ...] = tuple(
        compare(bound, rules, frozenset(lowered.build.declared), head)
    )
    if broken:
        raise PolicyError(broken, pack.sources)
    entries: list[Entry] = []
    new: list[str] = []
    for rule in rules:
        if rule.last < day:
            continue
        earlier = next((e for e in bound if e.rule in rule.names), None)
        entry = entry_of(rule, day if earlier is None else earlier.published)
        entries.append(entry)
        if earlier is None:
            new.append(rule.name)
    others = {name: each for name, each in sections.items() if name != lowered.header.name}
    text = published_text({**others, lowered.header.name: Section(file.name, tuple(entries))})
    changed = pack.published is None or pack.published.text != text
    if changed and (entries or pack.published is not None):
        _write(target, text)
    labels = {name: each.label for name, each in lowered.build.declared.items()}

    def shown(entry: Entry) -> Bound:
        now = found_in(entry, rules)
        name = now.name if now else entry.rule
        return Bound(name, labels.get(name, name), entry.published, entry.last)

    kept = tuple(shown(each) for each in entries if each.rule not in new)
    gone = tuple(shown(each) for each in before if each.last < day)
    made = tuple(shown(each) for each in entries if each.rule in new)
    return Published(lowered.header.name, target, made, kept, gone, changed)


def _head(pack: Pack) -> Span:
    first = pack.files[0]
    header = first.parsed.file.header
    return Span(first.path, 0, 1) if header is None else header.name.span


def _sections(pack: Pack) -> Mapping[str, Section]:
    """What the file says of all policies of the folder."""
    sections = {} if pack.published is None else read_published(pack.published)
    if not isinstance(sections, Mapping):
        raise _refused(sections)
    return sections


def _before(sections: Mapping[str, Section], policy: str, file: str) -> tuple[Entry, ...]:
    entries = entries_of(sections, policy, file)
    if not isinstance(entries, tuple):
        raise _refused(entries)
    return entries


def _refused(problem: Words) -> InputFileError:
    said = say("`{file}` {problem}", file=FILE, problem=problem)
    return InputFileError(said, say("take the file back from where your policies are kept"))


def _write(target: Path, text: str) -> None:
    """All of it or nothing."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{FILE}.", suffix=".part", dir=target.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        problem = say("cannot write `{path}`: {why}", path=str(target), why=of_system(error))
        raise InputFileError(problem) from error
