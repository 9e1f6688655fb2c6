"""A name or a part of the file is missing, unknown, or not what it must be."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.diagnostics import Diagnostic, Note, perhaps
from siyu.schema.diagnostics.yaml import RIGHT
from siyu.text import Span
from siyu.words import Words, say

WITH_ENUM = "enums:\n  channel: {sms: SMS, app: App}\n"


@dataclass(frozen=True, slots=True)
class UnknownKey(Diagnostic):
    code = "E0208"
    message = "`{key}` is not a setting of {where}"
    label = "not known here"
    page = """\
A setting that is silently ignored is a mistake found months later, so every name must be one that
is known at its place."""
    wrong = RIGHT.replace("{type: text}", "{type: text, optionl: true}")
    right = RIGHT + "    name: {type: text, optional: true}\n"
    key: str
    where: Words
    known: tuple[str, ...]
    near: tuple[str, ...]

    def what_to_do(self) -> Words:
        """The nearest settings, or all of them."""
        if self.near:
            return perhaps(self.near)
        return say("{where} can have {known}", where=self.where, known=self.known)


@dataclass(frozen=True, slots=True)
class KeyMissing(Diagnostic):
    code = "E0209"
    message = "{where} does not say its `{key}`"
    label = "`{key}` is missing here"
    help = "add a line `{key}: …`"
    page = """\
The file must name the schema, and have a customer with a key and fields; every field needs a type,
every collection and event needs fields."""
    wrong = RIGHT.replace("  key: member_id\n", "")
    right = RIGHT
    where: Words
    key: str


@dataclass(frozen=True, slots=True)
class WrongShape(Diagnostic):
    code = "E0210"
    message = "{what} must be {wanted}, not {found}"
    label = "not {wanted}"
    help = "compare with the example on the page of this message"
    page = """\
Fields, collections, events and enums are written as `name: …` pairs; settings are single words,
numbers, or true and false."""
    wrong = RIGHT.replace("    member_id: {type: text}", "    - member_id")
    right = RIGHT
    what: Words
    wanted: Words
    found: Words


@dataclass(frozen=True, slots=True)
class BadName(Diagnostic):
    code = "E0211"
    message = "`{name}` cannot be a name"
    label = "not a name"
    help = "use letters, digits and underscores, in any language"
    page = """\
Policies write a field's name in a sentence, a dot leads into a collection, and backticks set off
an unusual name; so a name has no dots, backticks or invisible characters, and is not empty."""
    wrong = RIGHT + "    first.name: {type: text}\n"
    right = RIGHT + "    first_name: {type: text}\n"
    name: str


@dataclass(frozen=True, slots=True)
class NameTwice(Diagnostic):
    code = "E0212"
    message = "`{name}` is both {this} and {other}"
    label = "{this} of this name"
    help = "rename one of them"
    page = """\
In a record a field and a collection lie side by side, so they need different names. An event
brings its own `type`, so no field of an event can be called that."""
    wrong = RIGHT + (
        "    orders: {type: int}\n"
        "collections:\n  orders: {key: order_id, fields: {order_id: {type: text}}}\n"
    )
    right = RIGHT + (
        "    order_count: {type: int}\n"
        "collections:\n  orders: {key: order_id, fields: {order_id: {type: text}}}\n"
    )
    name: str
    this: Words
    other: Words
    first: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        return (Note(say("{this} of this name", this=self.other), self.first),)


@dataclass(frozen=True, slots=True)
class EmptyEnum(Diagnostic):
    code = "E0213"
    message = "the enum `{name}` has no members"
    label = "nothing to choose from"
    help = "list the members with their labels, as in `{{sms: SMS, app: App}}`"
    page = """\
An enum is a closed list of words, each with a label. With `values:` it can also be `ordered: true`,
lowest first."""
    wrong = RIGHT + "enums:\n  channel: {}\n"
    right = RIGHT + WITH_ENUM
    name: str


@dataclass(frozen=True, slots=True)
class MemberNeedsBackticks(Diagnostic):
    code = "E0214"
    severity = "warning"
    message = "the member `{member}` of `{enum}` is also a word of the policy language"
    label = "rules must write it in backticks"
    help = "rename it, or write it in backticks wherever a policy names it"
    page = """\
In conditions and tables `known`, `unknown` and `any` ask whether there is a value at all. A member
of that name can be used, but only in backticks, and readers will mistake it."""
    wrong = RIGHT + "enums:\n  sex: {female: Female, male: Male, unknown: Not told}\n"
    right = RIGHT + "enums:\n  sex: {female: Female, male: Male, not_told: Not told}\n"
    enum: str
    member: str
