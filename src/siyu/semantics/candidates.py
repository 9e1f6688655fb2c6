"""What a word could have meant: the names and labels that can be seen from a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from siyu.core.ir import Expr
from siyu.diagnostics import nearest
from siyu.schema import Field, Labels
from siyu.semantics.build import Build, Scope
from siyu.syntax import ast
from siyu.types import EnumType, LevelType

MANY = 50  # mistakes after which no names are suggested
Said = tuple[str, str]  # what may have been written, and the name it stands for


def near(word: str, said: Iterable[Said]) -> tuple[str, ...]:
    """Names whose spelling or label is near a word, nearest first; a label leads to its name.

    >>> near("客单", [("aov", "aov"), ("客单价", "aov"), ("ltv", "ltv")])
    ('aov',)
    """
    meant: dict[str, str] = {}
    for text, name in said:
        meant.setdefault(text, name)
    return tuple(dict.fromkeys(meant[text] for text in nearest(word, meant, limit=6)))[:3]


def of_labels(name: str, labels: Labels) -> Iterator[Said]:
    for label in (labels.zh, labels.en):
        if label:
            yield label, name


def of_fields(fields: Iterable[Field]) -> Iterator[Said]:
    for each in fields:
        yield each.name, each.name
        yield from of_labels(each.name, each.label)


def everything(scope: Scope) -> Iterator[Said]:
    """Every name that a bare word could mean in a scope, nearest first; none after many mistakes,
    since looking through everything for each of thousands would take too long."""
    build = scope.build
    if len(build.found) > MANY:
        return
    for row in scope.rows:
        collection = build.schema.collection(row.path)
        if collection is not None:
            yield from of_fields(collection.fields.values())
    yield from of_fields(build.schema.fields.values())
    yield from of_fields(build.schema.context.values())
    for full, declared in build.declared.items():
        name = full.removeprefix(scope.prefix)
        yield name, name
        yield declared.label, name
        if "." in name:
            yield name.rsplit(".", 1)[1], name
    yield from of_rows(scope)
    yield from ((word, word) for word in ("as_of", "today", "true", "false"))


def of_rows(scope: Scope) -> Iterator[Said]:
    """Every collection and view."""
    if len(scope.build.found) > MANY:
        return
    for path, collection in scope.build.schema.walk():
        yield path, path
        yield from of_labels(path, collection.label)
    for full, declared in scope.build.declared.items():
        if isinstance(declared.node, ast.View):
            name = full.removeprefix(scope.prefix)
            yield name, name
            yield declared.label, name


def of_members(kind: EnumType, build: Build) -> Iterator[Said]:
    """The words of an enum, with the labels that the schema, tier or classification gives them."""
    for member in kind.members:
        yield member, member
    found = build.schema.enums.get(kind.name)
    if found is not None:
        for member, labels in found.labels.items():
            yield from of_labels(member, labels)
    declared = build.declared.get(kind.name)
    match declared and declared.node:
        case ast.Tier(levels=parts) | ast.Classify(cases=parts):
            for part in parts:
                if part.label:
                    yield part.label, part.name.text


def of_outcome(fields: Mapping[str, Expr]) -> Iterator[Said]:
    for name in fields:
        yield name, name


@dataclass(frozen=True, slots=True)
class Member:
    """A word of an enum, tier or classification, and what has it as a value."""

    owner: str
    word: str

    @property
    def compared(self) -> str:
        """The condition that it is meant for."""
        return f"{self.owner} is {self.word}"


def members(build: Build) -> Iterator[tuple[str, Member]]:
    """Every word of an enum with its labels, by what may have been written; none after many
    mistakes."""
    if len(build.found) > MANY:
        return
    for name, declared in build.declared.items():
        match declared.node:
            case ast.Tier(levels=parts) | ast.Classify(cases=parts):
                for part in parts:
                    for text in filter(None, (part.name.text, part.label)):
                        yield text, Member(name, part.name.text)
    for name, each in (*build.schema.fields.items(), *build.schema.context.items()):
        kind = build.real_type(each.type) if isinstance(each.type, LevelType) else each.type
        if isinstance(kind, EnumType):
            yield from ((text, Member(name, word)) for text, word in of_members(kind, build))


def member_called(word: str, build: Build) -> Member | None:
    """The member that a word or a label names, if any."""
    return next((member for text, member in members(build) if text == word), None)


def near_members(word: str, build: Build) -> tuple[str, ...]:
    """Conditions with the members whose spelling or label is near a word."""
    return near(word, ((text, member.compared) for text, member in members(build)))
