"""`open` of a contact policy: when contacts through its channels may go out, and whose clock and
calendar that goes by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, cast, get_args

from siyu.core.ir import Const, Expr
from siyu.diagnostics import Diagnostic, nearest, perhaps
from siyu.functions.openings import Hours
from siyu.functions.zones import is_zone
from siyu.kinds.kind import clauses, numbered
from siyu.semantics import check, make
from siyu.semantics.build import Scope
from siyu.semantics.calendars import listed, names_days
from siyu.semantics.phrases import phrase
from siyu.syntax import ast
from siyu.types import EnumType
from siyu.words import Words, say

WEEKDAYS: tuple[str, ...] = get_args(ast.Weekday)
MOST_ZONES = 60  # each is a case of its own in every contact
# What people write who have not met the database's names, and how it calls their clock.
FAMILIAR = (
    "Europe/Paris", "Europe/London", "Europe/Berlin", "Asia/Shanghai", "Asia/Tokyo",
    "Asia/Hong_Kong", "America/New_York", "America/Los_Angeles", "Indian/Reunion", "UTC",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoListOfZones(Diagnostic):
    code: ClassVar[str] = "E0674"
    message: ClassVar[str] = "`{name}` does not say in which time zone somebody lives"
    label: ClassVar[str] = "{problem}"
    help: ClassVar[str] = (
        "let the schema list the zones as an enum, such as `values: [Europe/Paris, Indian/Reunion]`"
    )
    page: ClassVar[str] = (
        "`in zone of` takes a field that is an enum of the schema, whose members are time zones "
        "as the IANA database calls them: a continent or an ocean, and a place. The list is "
        "closed, so a record with any other zone is rejected; somebody whose zone is not known is "
        "not contacted."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\n'
        "contact policy house\n  open 10:00 to 20:00 in zone of birthday\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\n'
        "contact policy house\n  open 10:00 to 20:00\n"
    )

    name: str
    problem: Words
    near: tuple[str, ...] = ()

    def what_to_do(self) -> Words:
        return perhaps(self.near) if self.near else Diagnostic.what_to_do(self)


@dataclass(frozen=True, slots=True)
class NoDays(Diagnostic):
    code: ClassVar[str] = "E0669"
    message: ClassVar[str] = "`{name}` is no list of days"
    label: ClassVar[str] = "this is {found}"
    help: ClassVar[str] = "write the days of a calendar, as in `except fr.holiday`"
    page: ClassVar[str] = (
        "Behind `except` stand lists of days that calendars name: nothing goes out on them. A day "
        "that a calendar does not cover cannot be told, so contacts that would wait for it are "
        "stopped."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\n'
        "contact policy house\n  open 10:00 to 20:00 except birthday\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\n'
        "contact policy house\n  open 10:00 to 20:00 on monday to saturday\n"
    )

    name: str
    found: Words


@dataclass(frozen=True, slots=True)
class Opening:
    """One `open`. `zone` is where the person's zone is found, one of `zones`; without it the
    policy's zone is meant. `channels` empty: all of them."""

    code: str
    node: ast.Open
    ends: tuple[int, ...]
    days: tuple[int, ...]
    closed: tuple[int, ...]
    covered: tuple[int, ...]
    zone: Expr | None
    zones: tuple[str, ...]
    channels: frozenset[str]

    def concerns(self, channel: str) -> bool:
        return not self.channels or channel in self.channels

    def hours(self, zone: str, *, dates: bool = True) -> Hours:
        """What it asks for on the clock of a zone; without `dates`, as if no day were excluded."""
        if not dates:
            return ("open", zone, self.ends, self.days, (), ())
        return ("open", zone, self.ends, self.days, self.closed, self.covered)


def openings_of(node: ast.ContactPolicy, scope: Scope) -> tuple[Opening, ...]:
    """What the `open` clauses of a contact policy ask for."""
    found = clauses(node, ast.Open)
    codes = numbered(scope.owner, "open", len(found))
    return tuple(_opening(code, each, scope) for code, each in zip(codes, found, strict=True))


def _opening(code: str, node: ast.Open, scope: Scope) -> Opening:
    ends = tuple(seconds(end, scope) for each in node.windows for end in (each.start, each.end))
    zone, zones = _zone(node.zone, scope) if node.zone else (None, ())
    channels = frozenset(channel.text for channel in node.channels)
    return Opening(code, node, ends, _days(node), *_closed(node, scope), zone, zones, channels)


def seconds(time: ast.Time, scope: Scope) -> int:
    """A time of day since midnight; 0 where what is wrong with it was reported."""
    found = check.value(time, scope)
    return found.value if isinstance(found, Const) and isinstance(found.value, int) else 0


def _days(node: ast.Open) -> tuple[int, ...]:
    """The weekdays that are meant; `saturday to monday` goes over the week's end."""
    found: set[int] = set()
    for each in node.days:
        first = WEEKDAYS.index(each.first)
        last = first if each.last is None else WEEKDAYS.index(each.last)
        found |= {(first + n) % 7 + 1 for n in range((last - first) % 7 + 1)}
    return tuple(sorted(found))


def _closed(node: ast.Open, scope: Scope) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The days that calendars exclude, and the first and last day that all of them cover."""
    closed: set[int] = set()
    covered: list[tuple[int, int]] = []
    for name in node.exceptions:
        found = _days_of(name, scope)
        if found is not None:
            first, last, days = found
            closed.update(days)
            covered.append((first, last))
    if not covered:
        return (), ()
    span = max(first for first, _ in covered), min(last for _, last in covered)
    return tuple(sorted(closed)), span


def _days_of(name: ast.Name, scope: Scope) -> tuple[int, int, tuple[int, ...]] | None:
    """The first and the last day that a calendar covers, and the days of the list that is named."""
    if not names_days(name, scope):
        found = check.value(name, scope)
        if not make.is_error(found):
            scope.build.report(NoDays(name.span, name.text, phrase(found.type)))
        return None
    days = listed(name, scope)
    if days is None:
        return None
    assert isinstance(days.value, tuple)
    _, first, last, within = days.value
    return cast(tuple[int, int, tuple[int, ...]], (first, last, within))


def _zone(name: ast.Name, scope: Scope) -> tuple[Expr | None, tuple[str, ...]]:
    found = check.value(name, scope)
    if make.is_error(found):
        return None, ()
    if not isinstance(found.type, EnumType):
        problem = say("this is {what}, no list of time zones", what=phrase(found.type))
        scope.build.report(NoListOfZones(name.span, name.text, problem))
        return None, ()
    if len(found.type.members) > MOST_ZONES:
        problem = say("a list of zones has at most {most}", most=MOST_ZONES)
        scope.build.report(NoListOfZones(name.span, name.text, problem))
        return None, ()
    for member in found.type.members:
        if not is_zone(member):
            near = nearest(member.rpartition("/")[2], [z.rpartition("/")[2] for z in FAMILIAR])
            full = tuple(z for z in FAMILIAR if z.rpartition("/")[2] in near)
            problem = say("there is no time zone `{zone}`", zone=member)
            scope.build.report(NoListOfZones(name.span, name.text, problem, full))
            return None, ()
    return found, found.type.members
