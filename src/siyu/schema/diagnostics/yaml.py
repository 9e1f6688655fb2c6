"""The file is not readable as YAML, or uses more of YAML than a schema needs."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.diagnostics import Diagnostic, Note
from siyu.text import Span
from siyu.words import Words, say

RIGHT = """\
schema: shop
customer:
  key: member_id
  fields:
    member_id: {type: text}
"""


@dataclass(frozen=True, slots=True)
class NotYaml(Diagnostic):
    code = "E0201"
    message = "this is not valid YAML: {problem}"
    label = "it cannot be read further than this"
    help = "look for a missing bracket, quote or colon on this line or the one before"
    page = """\
A schema file is YAML: names and values with a colon and a space between them, nested by
indentation or by braces. Nothing more can be said about the file until it can be read."""
    wrong = RIGHT.replace("{type: text}", "{type: text")
    right = RIGHT
    problem: Words
    begins: Span | None = None

    @property
    def notes(self) -> tuple[Note, ...]:
        """Where that begins which does not end."""
        return () if self.begins is None else (Note(say("it begins here"), self.begins),)


@dataclass(frozen=True, slots=True)
class TabInsteadOfSpaces(Diagnostic):
    code = "E0202"
    message = "a tab stands where YAML wants spaces"
    label = "a tab"
    help = "indent with spaces; most editors can replace tabs in one go"
    page = """\
YAML does not allow tabs for indentation, because they look differently wide in every editor."""
    wrong = RIGHT.replace("  key: member_id", "\tkey: member_id")
    right = RIGHT


@dataclass(frozen=True, slots=True)
class DuplicateKey(Diagnostic):
    code = "E0203"
    message = "`{key}` is written twice in the same place"
    label = "the second one"
    help = "keep one of the two"
    page = """\
Of two equal names, most programs silently take the last. A schema says everything once."""
    wrong = RIGHT + "    member_id: {type: int}\n"
    right = RIGHT
    key: str
    first: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        return (Note(say("the first one"), self.first),)


@dataclass(frozen=True, slots=True)
class AliasUsed(Diagnostic):
    code = "E0204"
    message = "`{alias}` repeats another part of the file"
    label = "an alias"
    help = "write the part out again"
    page = """\
YAML aliases (`*name`) make a small file stand for a huge one, and hide what a field is from its
reader. Schema files are written out."""
    wrong = RIGHT.replace("{type: text}", "&word {type: text}") + "    name: *word\n"
    right = RIGHT + "    name: {type: text}\n"
    alias: str


@dataclass(frozen=True, slots=True)
class TagUsed(Diagnostic):
    code = "E0205"
    message = "the tag `{tag}` has no meaning in a schema file"
    label = "a tag"
    help = "remove the tag; put the value in quotes where it shall be text"
    page = """\
YAML tags (`!name`) ask a program to make something particular of a value. A schema file holds
only text, numbers, true and false."""
    wrong = RIGHT.replace("schema: shop", "schema: !text shop")
    right = RIGHT
    tag: str


@dataclass(frozen=True, slots=True)
class TooDeep(Diagnostic):
    code = "E0206"
    message = "this is nested more than {limit} levels deep"
    label = "one level too deep"
    help = "flatten the file; collections in collections need only a few levels"
    page = """\
Nothing a schema can say needs so many levels, so the reader stops before they cost anything."""
    wrong = RIGHT + "labels: " + "[" * 24 + "]" * 24 + "\n"
    right = RIGHT
    limit: int


@dataclass(frozen=True, slots=True)
class TooLarge(Diagnostic):
    code = "E0207"
    message = "the file has more than {limit} characters"
    label = "not read"
    help = "see whether this is the right file: a schema describes the data, and holds none"
    page = """\
Real schemas have some hundred lines. A file beyond a million characters is not read at all."""
    wrong = RIGHT + "#" * 1_000_000
    right = RIGHT
    limit: int

    def facts(self) -> dict[str, object]:
        return {"limit": f"{self.limit:,}"}
