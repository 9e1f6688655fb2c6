"""A role is unknown, played twice, or played by something that cannot play it."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.diagnostics import Diagnostic, Note, perhaps
from siyu.schema.diagnostics.types import with_field
from siyu.schema.diagnostics.yaml import RIGHT
from siyu.text import Span
from siyu.words import Words, say

LOG = """\
collections:
  contacts:
    role: contact log
    default: []
    time: at
    fields:
      at:      {type: datetime}
      contact: {type: text}
      channel: {type: text}
"""


@dataclass(frozen=True, slots=True)
class UnknownRole(Diagnostic):
    code = "E0240"
    message = "`{role}` is not a role of {where}"
    label = "no such role"
    page = """\
Fields can be `held level of TIER`, `kept until of TIER` and `opt-out`; collections can be
`contact log`, `incentive log`, `points log` and `consents`."""
    wrong = with_field("unsubscribed: {type: bool, role: opt out}")
    right = with_field("unsubscribed: {type: bool, role: opt-out}")
    role: str
    where: Words
    known: tuple[str, ...]
    near: tuple[str, ...]

    def what_to_do(self) -> Words:
        """The nearest roles, or all of them."""
        if self.near:
            return perhaps(self.near)
        if not self.known:
            return say("leave it out: only the customer's own fields and collections have roles")
        return say("roles of {where} are {known}", where=self.where, known=self.known)


@dataclass(frozen=True, slots=True)
class RoleOfWrongType(Diagnostic):
    code = "E0241"
    message = "the role `{role}` needs a field of type `{wanted}`, and `{name}` is `{type}`"
    label = "cannot play this role"
    help = "write `type: {wanted}`, or give the role to another field"
    page = """\
The level a member holds is a `level of` that tier, the day until which it is kept a `date`, an
opt-out is true or false."""
    wrong = with_field("unsubscribed: {type: text, role: opt-out}")
    right = with_field("unsubscribed: {type: bool, role: opt-out}")
    role: str
    name: str
    type: str
    wanted: str


@dataclass(frozen=True, slots=True)
class RoleTwice(Diagnostic):
    code = "E0242"
    message = "`{name}` and `{other}` both have the role `{role}`"
    label = "the second one"
    help = "keep the role at one of them"
    page = """\
The engine reads a role's field or collection by the role, so there can be only one."""
    wrong = with_field("out: {type: bool, role: opt-out}\n    off: {type: bool, role: opt-out}")
    right = with_field("out: {type: bool, role: opt-out}\n    off: {type: bool}")
    name: str
    other: str
    role: str
    first: Span

    @property
    def notes(self) -> tuple[Note, ...]:
        return (Note(say("the first one"), self.first),)


@dataclass(frozen=True, slots=True)
class ColumnMissing(Diagnostic):
    code = "E0243"
    message = "the {role} `{name}` has no field `{column}`"
    label = "needs `{column}`"
    help = "add `{column}: {{type: {wanted}}}` to its fields"
    page = """\
What the engine counts must be there: a contact log has `contact` and `channel`; an incentive log
`incentive`; a points log `rule`, `account`, `points` and `event`, for reversals also `amount`, for
accounts in money also `worth`; consents have `channel` and `granted`."""
    wrong = RIGHT + LOG.replace("      contact: {type: text}\n", "")
    right = RIGHT + LOG
    role: Words
    name: str
    column: str
    wanted: str


@dataclass(frozen=True, slots=True)
class ColumnOfWrongType(Diagnostic):
    code = "E0244"
    message = "the field `{column}` of the {role} `{name}` must be `{wanted}`, not `{type}`"
    label = "must be `{wanted}`"
    help = "write `type: {wanted}`"
    page = """\
The engine compares these fields with names of rules and channels and adds them up, so their types
are fixed. An enum does where text is wanted."""
    wrong = RIGHT + LOG.replace("contact: {type: text}", "contact: {type: int}")
    right = RIGHT + LOG
    role: Words
    name: str
    column: str
    type: str
    wanted: str


@dataclass(frozen=True, slots=True)
class TimeMissing(Diagnostic):
    code = "E0245"
    message = "the {role} `{name}` does not say its `time`"
    label = "`time:` is missing"
    help = "add `time: at`, and `at: {{type: datetime}}` to its fields"
    page = """\
Limits and caps count what was sent, given or posted in a period, so every row of a log needs to
say when it happened."""
    wrong = RIGHT + LOG.replace("    time: at\n", "")
    right = RIGHT + LOG
    role: Words
    name: str
