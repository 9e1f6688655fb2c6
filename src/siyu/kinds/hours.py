"""When a contact may go out: its own hours, everybody's quiet hours, and the hours in which its
channel is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import ClassVar

from siyu.core.ir import Arm, Call, Cases, Const, Expr
from siyu.diagnostics import Diagnostic
from siyu.functions import FUNCTIONS
from siyu.functions.moments import held_instant
from siyu.functions.openings import Hours
from siyu.functions.windows import Window
from siyu.kinds.house import House
from siyu.kinds.kind import Stopper, clauses
from siyu.kinds.opening import Opening, seconds
from siyu.semantics import check, make
from siyu.semantics.build import Scope
from siyu.syntax import ast
from siyu.text import Span
from siyu.types import BOOL, DATETIME, TEXT
from siyu.words import Words, say

SOME_MONDAY = held_instant("2026-01-05T00:00:00+00:00")  # whole summers and winters follow
MOST_LOOKED_AT = 300  # zones of several fields, each with each
NO_MOMENT = say("these hours and the quiet hours leave no moment of the day")


@dataclass(frozen=True, slots=True)
class NoMoment(Diagnostic):
    code: ClassVar[str] = "E0671"
    message: ClassVar[str] = "contact `{name}` could never be sent"
    label: ClassVar[str] = "{clash}"
    help: ClassVar[str] = "move `during`, or the `quiet` hours of the contact policies"
    page: ClassVar[str] = (
        "`during`, `quiet` and `open` hours never stop a contact; they move it to the next moment "
        "that all of them allow. Together they must leave one, in every time zone that somebody "
        "may live in."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\ncontact hello greeting\n  for true\n'
        '  via app\n  send "t"\n  during 22:00 to 23:00\n\ncontact policy house\n'
        "  quiet 21:00 to 09:00\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\ncontact hello greeting\n  for true\n'
        '  via app\n  send "t"\n  during 10:00 to 20:00\n\ncontact policy house\n'
        "  quiet 21:00 to 09:00\n"
    )

    name: str
    clash: Words = NO_MOMENT


@dataclass(frozen=True, slots=True)
class Bound:
    """What binds at once: windows of the policy's zone, and the hours of a channel."""

    windows: tuple[Window, ...] = ()
    openings: tuple[Opening, ...] = ()

    def __add__(self, other: Bound) -> Bound:
        return Bound(self.windows + other.windows, self.openings + other.openings)


def not_before(node: ast.Contact, channel: Expr, policies: tuple[House, ...], scope: Scope) -> Expr:
    """The first moment from as_of on that all hours allow, for the channel that was picked."""
    own = Bound(tuple(_window("during", d.windows, scope) for d in clauses(node, ast.During)))
    at = next(iter(clauses(node, ast.During)), None)
    span = at.span if at else node.name.span
    names = _channels(node)
    if not any(o.concerns(name) for name in names for h in policies for o in h.openings):
        return _through(None, own, policies, span, scope)
    moments = {name: _through(name, own, policies, span, scope) for name in dict.fromkeys(names)}
    first, *others = dict.fromkeys(moments.values())
    if not others:
        return first
    arms = [
        Arm(make.otherwise(_is(channel, name), make.false), moment)
        for name, moment in moments.items()
        if moment is not first
    ]
    return Cases(tuple(arms), first, "skip", DATETIME)


def never_open(
    node: ast.Contact, channel: Expr, moment: Expr, policies: tuple[House, ...]
) -> tuple[Stopper, ...]:
    """One stopper for each `open` that cannot tell when the contact may go out: nobody knows the
    person's zone, or the calendar does not cover the days."""
    names = _channels(node)
    binding = [(h, o) for h in policies for o in h.openings if any(map(o.concerns, names))]
    zones = [o.zone for _, o in binding if o.zone is not None]
    found = []
    for house, opening in binding:
        through: Expr = make.true
        if not all(map(opening.concerns, names)):
            picked = [_is(channel, name) for name in names if opening.concerns(name)]
            through = make.otherwise(make.any_of(*picked), make.false)
        # Where nobody knows the zone of one clause, no other is to blame for it.
        late = make.all_of(make.not_(make.known(moment)), *(make.known(zone) for zone in zones))
        if opening.zone is not None:
            late = make.any_of(make.not_(make.known(opening.zone)), late)
        holds = make.all_of(house.binds, through, late)
        told = make.recoded(replace(holds, span=opening.node.span), opening.code)
        found.append(Stopper("never", opening.code, told))
    return tuple(found)


def _channels(node: ast.Contact) -> tuple[str, ...]:
    return tuple(c.name.text for via in clauses(node, ast.Via)[:1] for c in via.channels)


def _is(channel: Expr, name: str) -> Expr:
    return Call("eq", (channel, make.const(name, TEXT)), BOOL)


def _through(
    channel: str | None, own: Bound, policies: tuple[House, ...], span: Span, scope: Scope
) -> Expr:
    """The moment for a channel; None: one that no `open` speaks of."""
    rules = [(house, _of(house, channel)) for house in policies]
    always = sum((b for h, b in rules if make.is_true(h.binds)), own)
    sometimes = [(h, b) for h, b in rules if not make.is_true(h.binds) and b != Bound()]
    _check(sum((b for _, b in sometimes), always), channel, span, scope)
    return _moved(always, sometimes, scope)


def _of(house: House, channel: str | None) -> Bound:
    quiet = tuple(_window("quiet", (q,), house.scope) for q in clauses(house.node, ast.Quiet))
    if channel is None:
        return Bound(quiet)
    return Bound(quiet, tuple(o for o in house.openings if o.concerns(channel)))


def _moved(bound: Bound, sometimes: list[tuple[House, Bound]], scope: Scope) -> Expr:
    """Policies that bind only sometimes are taken into account one after the other."""
    if not sometimes:
        return _next(bound, scope)
    (house, more), *rest = sometimes
    arm = Arm(house.binds, _moved(bound + more, rest, scope))
    return Cases((arm,), _moved(bound, rest, scope), "skip", DATETIME)


def _next(bound: Bound, scope: Scope) -> Expr:
    now = check.as_of(scope)
    if bound.openings:
        return _in_zones(bound, {}, now, scope)
    if not bound.windows:
        return now
    zone = make.const(scope.build.timezone, TEXT)
    return make.call("next_allowed", DATETIME, now, zone, Const(bound.windows, TEXT))


def _in_zones(bound: Bound, zones: dict[Expr, str], now: Expr, scope: Scope) -> Expr:
    """A case for each zone that the person may live in; where that is unknown, so is the moment."""
    asked = (o for o in bound.openings if o.zone is not None and o.zone not in zones)
    opening = next(asked, None)
    if opening is None:
        hours = _hours(bound, zones, scope.build.timezone)
        return make.call("next_open", DATETIME, now, Const(hours, TEXT))
    field = opening.zone
    assert field is not None
    arms = tuple(
        Arm(Call("eq", (field, make.const(zone, field.type)), BOOL),
            _in_zones(bound, {**zones, field: zone}, now, scope))
        for zone in opening.zones
    )  # fmt: skip
    return Cases(arms, make.unknown(DATETIME), "skip", DATETIME)


def _hours(
    bound: Bound, zones: dict[Expr, str], own: str, *, dates: bool = True
) -> tuple[Hours, ...]:
    """All that binds, as `next_open` takes it."""
    windows = tuple((word, own, tuple(ends), (), (), ()) for word, *ends in bound.windows)
    openings = tuple(
        o.hours(own if o.zone is None else zones[o.zone], dates=dates) for o in bound.openings
    )
    return (*windows, *dict.fromkeys(openings))


def _check(bound: Bound, channel: str | None, span: Span, scope: Scope) -> None:
    """Reports hours that leave no moment, whatever the calendars say."""
    if not bound.openings:
        windows = bound.windows
        if windows and FUNCTIONS["next_allowed"].python(0, "UTC", windows) is None:
            scope.build.report(NoMoment(span, scope.owner))
        return
    fields = {o.zone: o.zones for o in bound.openings if o.zone is not None}
    for chosen in islice(product(*fields.values()), MOST_LOOKED_AT):
        zones = dict(zip(fields, chosen, strict=True))
        hours = _hours(bound, zones, scope.build.timezone, dates=False)
        if FUNCTIONS["next_open"].python(SOME_MONDAY, hours) is None:
            scope.build.report(NoMoment(span, scope.owner, _clash(channel or "", chosen)))
            return


def _clash(channel: str, zones: tuple[str, ...]) -> Words:
    if not zones:
        return say("for `{channel}` all hours together leave no moment of the week",
                   channel=channel)  # fmt: skip
    return say("for `{channel}` all hours together leave no moment of the week to somebody in "
               "{zones}", channel=channel, zones=zones)  # fmt: skip


def _window(word: str, pairs: Sequence[ast.Hours | ast.Quiet], scope: Scope) -> Window:
    return (word, *(seconds(end, scope) for pair in pairs for end in (pair.start, pair.end)))
