"""Sources and a schema become a program, or everything that is wrong with them.

Pure: whoever calls has read the files. The parts are found one after the other: declarations of all
files under their full names, then everything that is named on demand, then tests.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from siyu.core.compiled import Compiled, TestCase
from siyu.core.passes import needs_of
from siyu.core.program import ColumnNeed, Program, TableNeed
from siyu.diagnostics import Diagnostic, Note, in_source_order, nearest
from siyu.kinds import KINDS
from siyu.kinds.frozen import check_frozen, frozen_rules
from siyu.kinds.identity import identities_of
from siyu.kinds.published import (
    FrozenChanged,
    NotPublished,
    compare,
    entries_of,
    read_published,
)
from siyu.kinds.test import Written, test_cases
from siyu.schema import Collection, Field, Loaded, Schema
from siyu.schema.calendars import LoadedCalendar
from siyu.schema.messages import LoadedMessages
from siyu.schema.model import Labels
from siyu.semantics.build import Build, Declared, Outcome
from siyu.semantics.errors import UndefinedName
from siyu.semantics.gathered import everyone_of
from siyu.semantics.order import in_order
from siyu.semantics.phrases import KINDS as WORDS
from siyu.syntax import ast
from siyu.syntax.parse import Parsed
from siyu.text import Source, Span
from siyu.types import TEXT
from siyu.words import Words, say

KIND_OF = {kind.node: kind for kind in KINDS}
LANGUAGE = "1"
BUILT_IN = {  # what these mean is the same in every policy
    "as_of": say("this is the moment of the decision"),
    "event": say("this is the event that is decided about"),
    "context": say("this is the context of the moment"),
}


@dataclass(frozen=True, slots=True)
class NoHeader(Diagnostic):
    code: ClassVar[str] = "E0001"
    message: ClassVar[str] = "this file does not begin with `policy`"
    label: ClassVar[str] = "a policy has a name and a language"
    help: ClassVar[str] = "begin the file with `policy NAME` and `language 1`"
    page: ClassVar[str] = (
        "The file that is run begins with its name, the version of the language it is written in, "
        "and where its facts come from. Files that it uses may do without."
    )
    wrong: ClassVar[str] = "metric m = 1\n"
    right: ClassVar[str] = "policy p\n  language 1\n\nmetric m = 1\n"


@dataclass(frozen=True, slots=True)
class WrongLanguage(Diagnostic):
    code: ClassVar[str] = "E0002"
    message: ClassVar[str] = "{said}"
    label: ClassVar[str] = "the language of a file fixes what it means"
    help: ClassVar[str] = "write `language 1`"
    page: ClassVar[str] = (
        "`language 1` fixes the meaning of a file: later versions of the language never change "
        "what it decides."
    )
    wrong: ClassVar[str] = "policy p\n  language 7\n\nmetric m = 1\n"
    right: ClassVar[str] = "policy p\n  language 1\n\nmetric m = 1\n"

    said: Words


@dataclass(frozen=True, slots=True)
class NameTaken(Diagnostic):
    code: ClassVar[str] = "E0003"
    message: ClassVar[str] = "`{name}` is declared twice"
    label: ClassVar[str] = "{clash}"
    help: ClassVar[str] = "give one of them another name"
    page: ClassVar[str] = (
        "A name means one thing in the whole policy and all files that it uses, so that a rule can "
        "be read without asking which one is meant. Names of the schema's facts are taken too, and "
        "so are `as_of`, `event` and `context`. "
        "A file that is used `as x` has its names behind `x.`."
    )
    wrong: ClassVar[str] = "policy p\n  language 1\n\nmetric m = 1\nmetric m = 2\n"
    right: ClassVar[str] = "policy p\n  language 1\n\nmetric m = 1\nmetric n = 2\n"

    name: str
    clash: Words
    earlier: Span | None

    def what_to_do(self) -> Words:
        if self.earlier is None or self.earlier.file == self.span.file:
            return Diagnostic.what_to_do(self)
        return say("give one of them another name, or write `use \"{file}\" as x`",
                   file=self.span.file)  # fmt: skip

    @property
    def notes(self) -> tuple[Note, ...]:
        """Where the name was declared before."""
        return () if self.earlier is None else (Note(say("it stands here already"), self.earlier),)


@dataclass(frozen=True, slots=True)
class FileNotFound(Diagnostic):
    code: ClassVar[str] = "E0004"
    message: ClassVar[str] = "`{path}` {problem}"
    label: ClassVar[str] = "this file is needed here"
    help: ClassVar[str] = "paths are seen from the policy's own folder, and stay inside it"
    page: ClassVar[str] = (
        "`use` and `schema` name files inside the folder of the policy, or inside a library: a "
        "folder that several policies share, and to which `siyu.yaml` beside the policy gives a "
        "name, `libraries: {shared: ../shared}`. A file cannot use itself, however far around."
    )
    wrong: ClassVar[str] = 'policy p\n  language 1\n\nuse "nowhere.siyu"\n\nmetric m = 1\n'
    right: ClassVar[str] = "policy p\n  language 1\n\nmetric m = 1\n"

    path: str
    problem: Words
    hint: Words = ""

    def what_to_do(self) -> Words:
        return self.hint or Diagnostic.what_to_do(self)


@dataclass(frozen=True, slots=True)
class UnknownZone(Diagnostic):
    code: ClassVar[str] = "E0005"
    message: ClassVar[str] = "there is no time zone `{zone}`"
    label: ClassVar[str] = "days begin and end by the clock of a place"
    help: ClassVar[str] = "write a name such as `Asia/Shanghai` or `Europe/Paris`"
    page: ClassVar[str] = "Time zones are called as in the IANA database: a continent and a city."
    wrong: ClassVar[str] = 'policy p\n  language 1\n  timezone "Shanghai"\n\nmetric m = 1\n'
    right: ClassVar[str] = 'policy p\n  language 1\n  timezone "Asia/Shanghai"\n\nmetric m = 1\n'

    zone: str


@dataclass(frozen=True, slots=True)
class Used:
    """One file of a pack: its tree, the prefix of its names, and what could not be read of it."""

    path: str
    parsed: Parsed
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that was read for one policy. The first file is the policy itself. `written` are
    the paths by which files count in the digest, where they are others than their names;
    `calendars` what calendars name, by the place of the path; `messages` the catalogue that the
    head names; `published` says which rules are frozen, and is no part of the digest, since it
    changes no decision."""

    files: tuple[Used, ...]
    schema: Loaded | None
    sources: Mapping[str, Source]
    found: tuple[Diagnostic, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[Span, LoadedCalendar] = field(default_factory=dict)
    messages: LoadedMessages | None = None
    published: Source | None = None


def of_library(file: str) -> bool:
    """Whether a file of a pack, by its name, lies outside of the pack's folder: in a library, whose
    lints and tests are looked at where it lies."""
    return file.startswith("../")


NO_SCHEMA = Schema("facts", "key", fields={"key": Field("key", TEXT)})


def compile_pack(pack: Pack) -> Compiled:
    """The program of a pack, with everything that is wrong in source order."""
    lowered = lower_pack(pack)
    build = lowered.build
    labels, kinds = _labels(build)
    program = None if lowered.broken else _program(pack, lowered.header, build)
    return Compiled(program, lowered.diagnostics, build.schema,
                    () if lowered.broken else lowered.tests, labels, kinds, dict(build.words),
                    table_needs(build), dict(pack.sources), lowered.header.label,
                    () if lowered.broken else identities_of(build), _days(build))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lowered:
    """A pack of which every declaration was looked at: everything that is wrong with it, in source
    order, and what was collected on the way. `broken`: no program can be made of it."""

    header: Heading
    build: Build
    tests: tuple[TestCase, ...]
    diagnostics: tuple[Diagnostic, ...]
    broken: bool


def lower_pack(pack: Pack) -> Lowered:
    """A pack's declarations lowered, for whoever wants to know what is wrong rather than decide."""
    found = list(pack.found)
    for used in pack.files:
        found += used.parsed.diagnostics
    header = _header(pack.files[0], found)
    schema = pack.schema.schema if pack.schema and pack.schema.schema else None
    if pack.schema is not None:
        found += pack.schema.diagnostics
    build = _build(pack, header, schema or NO_SCHEMA, found)
    # What an unreadable schema would have declared cannot be told from what nobody declared.
    blind = pack.schema is not None and schema is None
    tests: tuple[TestCase, ...] = ()
    if not blind:
        _lower_all(build)
        check_frozen(build)
        tests = _tests(pack, build)
    diagnostics = _reported(pack, build)
    broken = blind or any(d.severity == "error" for d in diagnostics)
    if pack.published is not None and not broken:
        held = tuple(_held(pack.published, pack.files[0], header, build))
        diagnostics = in_source_order((*diagnostics, *held))
        broken = bool(held)
    return Lowered(header, build, tests, diagnostics, broken)


def _held(
    source: Source, first: Used, header: Heading, build: Build
) -> Iterator[FrozenChanged | NotPublished]:
    """What is not as it was published."""
    written = first.parsed.file.header
    head = Span(first.path, 0, 1) if written is None else written.name.span
    entries = entries_of(read_published(source), header.name, first.path)
    if not isinstance(entries, tuple):
        yield NotPublished(head, entries)
        return
    yield from compare(entries, frozen_rules(build), frozenset(build.declared), head)


# ---------------------------------------------------------------- the header


@dataclass(frozen=True, slots=True)
class Heading:
    name: str
    version: int
    timezone: str
    currency: str
    label: str = ""


def _header(first: Used, found: list[Diagnostic]) -> Heading:
    header = first.parsed.file.header
    if header is None:
        if not first.parsed.diagnostics:
            found.append(NoHeader(Span(first.path, 0, 1)))
        return Heading("policy", 1, "UTC", "")
    if header.language is None and not _spoilt(first.parsed):
        found.append(WrongLanguage(header.name.span, say("the policy does not say its language")))
    elif header.language not in (None, LANGUAGE):
        said = say("there is no language {number} yet", number=header.language)
        found.append(WrongLanguage(header.span, said))
    zone = header.timezone.value if header.timezone else "UTC"
    if not _is_zone(zone):
        assert header.timezone is not None
        found.append(UnknownZone(header.timezone.span, zone))
        zone = "UTC"
    version = int(header.version) if header.version and header.version.isdigit() else 1
    currency = header.currency.text if header.currency else ""
    return Heading(header.name.text, version, zone, currency, header.label or header.name.text)


def _spoilt(parsed: Parsed) -> bool:
    """Whether a line of the header could not be read: who knows what it says."""
    below = min((node.span.start for node in parsed.file.declarations), default=None)
    return any(below is None or found.span.start < below for found in parsed.diagnostics)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


# ---------------------------------------------------------------- declarations


def _build(pack: Pack, header: Heading, schema: Schema, found: list[Diagnostic]) -> Build:
    if header.currency:
        schema = schema.with_currency(header.currency)
    declared: dict[str, Declared] = {}
    build = Build(schema, header.name, header.timezone, header.currency, declared, _lower, found)
    for used in pack.files:
        for node in used.parsed.file.declarations:
            if not isinstance(node, ast.Test):
                _declare(node, used.prefix, declared, build)
    _take_calendars(pack, build)
    if pack.messages is not None:
        build.messages = pack.messages.catalogue
        found += pack.messages.diagnostics
    _check_aliases(pack, declared, build)
    _check_old_names(declared, build)
    return build


def _take_calendars(pack: Pack, build: Build) -> None:
    """What calendars say, and what is wrong with their files, each told once."""
    told = {found.span for found in pack.found if isinstance(found, FileNotFound)}
    said: set[int] = set()
    for used in pack.files:
        for node in used.parsed.file.declarations:
            if not isinstance(node, ast.Calendar):
                continue
            path = node.path
            loaded = pack.calendars.get(path.span)
            if loaded is not None and id(loaded) not in said:
                said.add(id(loaded))
                build.found += loaded.diagnostics
            if loaded is None and path.span not in told:
                build.report(FileNotFound(path.span, path.value, say("was not read")))
            build.calendars[path.span] = loaded.calendar if loaded else None


def _declare(
    node: ast.Declaration, prefix: str, declared: dict[str, Declared], build: Build
) -> None:
    assert not isinstance(node, ast.Test)
    kind = KIND_OF[type(node)]
    name = prefix + node.name.text
    before = declared.get(name)
    if before is not None:
        clash = _has(before, node.span.file)
        build.report(NameTaken(node.name.span, name, clash, _name_span(before)))
        return
    fact = _fact(name, build.schema)
    if fact is not None:
        build.report(NameTaken(node.name.span, name, fact, None))
    declared[name] = Declared(name, node, prefix, kind.word, kind.stratum)


def _fact(name: str, schema: Schema) -> Words | None:
    """What a name means without being declared, if anything."""
    if name in schema.fields or name in schema.collections:
        return say("the schema has a fact of this name")
    return BUILT_IN.get(name)


def _has(declared: Declared, here: str) -> Words:
    """That a declaration has a name that a file declares, too."""
    name, kind = declared.name, WORDS[declared.kind]
    file = _name_span(declared).file
    if file == here:
        return say("{kind} `{name}` has this name already", kind=kind, name=name)
    return say("{kind} `{name}` of `{file}` has this name already", kind=kind, name=name, file=file)


def _check_aliases(pack: Pack, declared: Mapping[str, Declared], build: Build) -> None:
    """`use … as x` takes the name `x`, since `x.name` must mean one thing."""
    for used in pack.files:
        for use in used.parsed.file.uses:
            if use.alias is None:
                continue
            name = use.alias.text
            other = declared.get(used.prefix + name)
            clash = _has(other, used.path) if other else _fact(name, build.schema)
            if clash is not None:
                earlier = _name_span(other) if other else None
                build.report(NameTaken(use.alias.span, name, clash, earlier))


LOGGED = (ast.Points, ast.Incentive, ast.Contact)


def _check_old_names(declared: Mapping[str, Declared], build: Build) -> None:
    """Logs, ids and hold-outs know a rule by its old names, too: no other rule may have them."""
    logged = [each for each in declared.values() if isinstance(each.node, LOGGED)]
    taken = {each.name: each for each in logged}
    for each in logged:
        for clause in getattr(each.node, "clauses", ()):
            if not isinstance(clause, ast.Formerly):
                continue
            name = clause.name.text
            other = taken.setdefault(name, each)
            if other is not each:
                kind = WORDS[other.kind]
                clash = say("logs know {kind} `{name}` by this name", kind=kind, name=other.name)
                build.report(NameTaken(clause.name.span, name, clash, _name_span(other)))


def _name_span(declared: Declared) -> Span:
    assert not isinstance(declared.node, ast.Test)
    return declared.node.name.span


def _lower(declared: Declared, build: Build) -> Outcome:
    return KIND_OF[type(declared.node)].lower(declared, build)


def _lower_all(build: Build) -> None:
    """Everything, what others name first: so how deep declarations hang together does not matter
    to the interpreter's stack."""
    for declared in in_order(build.declared):
        build.outcome(declared, _name_span(declared))
    build.finish()


def _tests(pack: Pack, build: Build) -> tuple[TestCase, ...]:
    found = [
        Written(node, used.prefix)
        for used in pack.files
        for node in used.parsed.file.declarations
        if isinstance(node, ast.Test)
    ]
    return test_cases(found, build)


def _reported(pack: Pack, build: Build) -> tuple[Diagnostic, ...]:
    """In source order. A name is not missed while the declaration that seems to declare it has a
    mistake of its own, and it is missed once in a declaration, with the other places."""
    broken = {ident.text for used in pack.files for ident in used.parsed.broken}
    lost = set(_lost(pack))
    broken |= lost
    places = sorted(_places(pack))
    kept: dict[object, Diagnostic] = {}
    for each in in_source_order(build.found):
        if not isinstance(each, UndefinedName):
            kept[each] = each
        elif each.name.split(".")[0] not in broken:
            if not each.near and not each.hint:
                if "" in lost:
                    continue
                each = replace(each, near=nearest(each.name, broken - lost))
            same = each.name, _around(each.span, places)
            first = kept.setdefault(same, each)
            if isinstance(first, UndefinedName) and first is not each:
                kept[same] = replace(first, again=(*first.again, each.span))
    return tuple(kept.values())


def _lost(pack: Pack) -> Iterator[str]:
    """The prefixes of files that are used and not there; empty for names without one."""
    missing = {found.span for found in pack.found if isinstance(found, FileNotFound)}
    for used in pack.files:
        for use in used.parsed.file.uses:
            if use.path.span in missing:
                yield use.alias.text if use.alias else ""


def _places(pack: Pack) -> Iterator[tuple[str, int]]:
    """Where declarations begin."""
    for used in pack.files:
        for node in used.parsed.file.declarations:
            yield node.span.file, node.span.start


def _around(span: Span, places: Sequence[tuple[str, int]]) -> int:
    """Which declaration holds a span."""
    return bisect_right(places, (span.file, span.start))


def _labels(build: Build) -> tuple[dict[str, str], dict[str, str]]:
    """What people see of declarations, and of cases and levels as `lifecycle.dormant`."""
    labels: dict[str, str] = {}
    for name, declared in build.declared.items():
        labels[name] = declared.label
        parts = (*getattr(declared.node, "cases", ()), *getattr(declared.node, "levels", ()))
        for part in parts:
            labels[f"{name}.{part.name.text}"] = part.label or part.name.text
    return labels, {name: declared.kind for name, declared in build.declared.items()}


def _days(build: Build) -> dict[str, Labels]:
    """What people see of the lists of calendars."""
    calendars = (
        (name, build.calendars.get(declared.node.path.span))
        for name, declared in build.declared.items()
        if isinstance(declared.node, ast.Calendar)
    )
    return {
        f"{name}.{days.name}": days.labels
        for name, calendar in calendars
        if calendar is not None
        for days in calendar.lists.values()
    }


# ---------------------------------------------------------------- the program


def _program(pack: Pack, header: Heading, build: Build) -> Program:
    bindings, tables = tuple(build.bindings.values()), table_needs(build)
    return Program(
        header.name,
        header.version,
        header.timezone,
        header.currency,
        bindings,
        needs_of(bindings, tables),
        tuple(sorted(build.parts, key=lambda part: part.name)),
        tuple(build.cuts.values()),
        tuple(build.allocations),
        build.schema.key,
        digest(pack.sources.values(), pack.written),
        tuple(build.ranked.values()),
        everyone_of(build, bindings, tables),
        tuple(build.natures[name] for name in sorted(build.natures)),
    )


def digest(sources: Iterable[Source], written: Mapping[str, str]) -> str:
    """sha256 over the names and texts of all files, sorted by name; `written` are other names."""
    total = hashlib.sha256()
    named = ((written.get(source.name, source.name), source.text) for source in sources)
    for both in sorted(named):
        for part in both:
            data = part.encode()
            total.update(len(data).to_bytes(8, "big") + data)
    return f"sha256:{total.hexdigest()}"


def table_needs(build: Build) -> dict[str, TableNeed]:
    """Every collection by its path, with all its columns: nested ones flattened, too."""
    found: dict[str, TableNeed] = {}
    for name, collection in build.schema.collections.items():
        _tables(name, collection, (), collection.optional, build, found)
    return found


def _tables(
    path: str,
    collection: Collection,
    outer: tuple[ColumnNeed, ...],
    optional: bool,
    build: Build,
    found: dict[str, TableNeed],
) -> None:
    own = _columns(collection, build)
    found[path] = TableNeed(path, (*own, *_nested(path, collection, build), *outer), optional)
    passed = tuple(replace(column, name=f"{path}.{column.name}") for column in own)
    for name, inner in collection.collections.items():
        _tables(
            f"{path}.{name}", inner, (*passed, *outer), optional or inner.optional, build, found
        )


def _columns(collection: Collection, build: Build) -> tuple[ColumnNeed, ...]:
    return tuple(
        ColumnNeed(name, build.real_type(f.type), f.maybe_unknown)
        for name, f in collection.fields.items()
    )


def _nested(path: str, collection: Collection, build: Build) -> tuple[ColumnNeed, ...]:
    """Inner collections as columns that hold rows."""
    columns = []
    for name, inner in collection.collections.items():
        below = TableNeed(
            f"{path}.{name}",
            (*_columns(inner, build), *_nested(f"{path}.{name}", inner, build)),
            inner.optional,
        )
        columns.append(ColumnNeed(name, TEXT, inner.optional, below))
    return tuple(columns)
