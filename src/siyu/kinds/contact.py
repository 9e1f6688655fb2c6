"""`contact`: whom to reach, through which channel, with what, and not before when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from siyu.core.ir import Arm, Call, Candidate, Cases, Contest, Expr, Ref, Use
from siyu.core.program import Fields, Fixed, Leaf, Part, Shape
from siyu.diagnostics import Diagnostic
from siyu.kinds.classify import names_differ
from siyu.kinds.consent import consented
from siyu.kinds.errors import Missing, NotHere
from siyu.kinds.group import alike, how_many, order_key
from siyu.kinds.hours import NoMoment, never_open, not_before
from siyu.kinds.house import House, HouseLimit, houses
from siyu.kinds.kind import (
    Kind,
    Stopper,
    all_names,
    clauses,
    effective_within,
    keep_because,
    numbered,
    old_name,
    only,
    scope_of,
    unless_stops,
)  # fmt: skip
from siyu.kinds.message import (
    CannotTell,
    NoCatalogue,
    NoSuchMessage,
    NotAllowed,
    WrongMessage,
    WrongParameters,
    check_message,
    check_requirements,
)
from siyu.kinds.opening import NoDays, NoListOfZones
from siyu.kinds.quota import Quota, keep_quotas, keep_wants, quota_says, quotas_of, through
from siyu.kinds.refuse import refuse_scopes
from siyu.kinds.roles import log_of_role
from siyu.kinds.rule import (
    Conditions,
    check_event,
    column_in,
    happening,
    held_out,
    in_log,
    in_time,
    occasion,
    outcome_id,
    stopped_by,
    where_given,
    whole_number,
)  # fmt: skip
from siyu.schema import Collection
from siyu.semantics import check, make
from siyu.semantics.build import CONTACTS, Build, Declared, Outcome, Scope
from siyu.semantics.phrases import A_KIND, KINDS
from siyu.syntax import ast
from siyu.text import NOWHERE
from siyu.types import BOOL, DATETIME, INT, TEXT, EnumType
from siyu.words import say


@dataclass(frozen=True, slots=True)
class NoSuchChannel(Diagnostic):
    code: ClassVar[str] = "E0672"
    message: ClassVar[str] = "`{name}` is no channel of the consents"
    label: ClassVar[str] = "nobody could have agreed to it"
    help: ClassVar[str] = "the channels are {channels}"
    page: ClassVar[str] = (
        "A customer is reachable through a channel where the consents have a granted row for it. "
        "So a channel that the consents do not know reaches nobody."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\ncontact hello greeting\n  for true\n'
        '  via fax\n  send "t"\n'
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n  schema "retail.yaml"\n\ncontact hello greeting\n  for true\n'
        '  via app\n  send "t"\n'
    )

    name: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeveralChoose(Diagnostic):
    code: ClassVar[str] = "E0673"
    message: ClassVar[str] = "`choose` stands in contact policy `{name}` and in `{other}`"
    label: ClassVar[str] = "only one policy may say how many contacts are chosen"
    help: ClassVar[str] = "keep one of the two"
    page: ClassVar[str] = (
        "All contact policies bind together. How many contacts one customer gets at once, and "
        "which are preferred, can be said only once. Where no policy says it, one is chosen, by "
        "priority."
    )
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\ncontact policy a\n  choose 1 by priority\n\n"
        "contact policy b\n  choose 2 by priority\n"
    )
    right: ClassVar[str] = (
        "policy p\n  language 1\n\ncontact policy a\n  choose 1 by priority\n\n"
        "contact policy b\n  quiet 21:00 to 09:00\n"
    )

    name: str
    other: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The first half of a contact's life, before arbitration."""

    eligible: Ref
    wanted: Ref
    stops: tuple[Stopper, ...]
    channel: Ref
    not_before: Ref
    scope: Scope
    event: str | None


def ready_of(declared: Declared, build: Build) -> Ready:
    """The first half, made once however many ask for it."""
    key = f"ready {declared.name}"
    if key not in build.halves:
        build.halves[key] = _ready(declared, build)
    found = build.halves[key]
    assert isinstance(found, Ready)
    return found


def _ready(declared: Declared, build: Build) -> Ready:
    node = declared.node
    assert isinstance(node, ast.Contact)
    name = declared.name
    event = check_event(node.on, build)
    scope = replace(scope_of(declared, build, event), barred=_contacts(build) - {name})
    audience, guards = check.condition_and_guards(node.audience, scope, f"{name}.for.1")
    inner = scope.knowing(guards)
    policies = houses(build)
    period = effective_within(node.clauses, inner, name)
    meant = make.all_of(happening(event), audience, *period)
    wanted = _bind(build, f"{name}.meant", make.otherwise(meant, make.false))
    channel, no_channel = _channel(node, name, policies, inner)
    moment = not_before(node, channel, policies, inner)
    moment = build.bind(f"{name}.moment", moment, CONTACTS, span=node.span)
    found = (
        *unless_stops(node.clauses, inner, name),
        *_nevers(policies),
        *no_channel,
        *_own_limits(node, name, inner),
        *_house_limits(node, policies),
        *never_open(node, channel, moment, policies),
        *_discard(node, name, moment, inner),
    )
    stops = tuple(
        Stopper(s.by, s.code, _bind(build, f"{name}.stop.{n}", make.otherwise(s.holds, make.false)))
        for n, s in enumerate(found, 1)
    )
    keep_because(node.clauses, inner, name)
    clear = make.all_of(wanted, *(make.not_(stop.holds) for stop in stops))
    eligible = _bind(build, f"{name}.eligible", clear)
    return Ready(eligible, wanted, stops, channel, moment, inner, event)


def _contacts(build: Build) -> frozenset[str]:
    return frozenset(d.name for d in build.declared.values() if isinstance(d.node, ast.Contact))


def _bind(build: Build, name: str, expr: Expr) -> Ref:
    return build.bind(name, expr, CONTACTS, optional=False)


# ---------------------------------------------------------------- what stops it


def _nevers(policies: tuple[House, ...]) -> tuple[Stopper, ...]:
    found = []
    for house in policies:
        nevers = clauses(house.node, ast.NeverWhen)
        for code, never in zip(
            numbered(house.declared.name, "never", len(nevers)), nevers, strict=True
        ):
            holds = check.forbids(never.condition, house.scope, code)
            found.append(Stopper("never", code, make.all_of(house.binds, holds)))
    return tuple(found)


def _channel(
    node: ast.Contact, name: str, policies: tuple[House, ...], scope: Scope
) -> tuple[Ref, tuple[Stopper, ...]]:
    """The first channel whose `when` holds, that is consented, and whose limits are not reached;
    and what it is called if there is none."""
    build = scope.build
    via = only(node, ast.Via, build, "via")
    if via is None:
        build.report(Missing(node.name.span, KINDS["contact"], name, "via",
                             say("it has no channel to go through"), "via app"))  # fmt: skip
    consents = log_of_role("consents", ("channel", "granted"), scope,
                           via.span if via else node.name.span, "via")  # fmt: skip
    arms, limited = [], []
    for n, channel in enumerate(via.channels if via else (), 1):
        open_ = _open(node, channel, n, consents, scope)
        open_ = _bind(build, f"{name}.via.{n}", make.otherwise(open_, make.false))
        limits = _channel_limits(node, name, channel.name.text, policies, scope)
        reached = [_bind(build, f"{name}.via.{n}.limit.{i}", make.otherwise(holds, make.false))
                   for i, (_, holds) in enumerate(limits, 1)]  # fmt: skip
        free = make.all_of(open_, *(make.not_(r) for r in reached))
        arms.append(Arm(free, make.const(channel.name.text, TEXT)))
        limited += [
            (code, make.all_of(open_, r)) for (code, _), r in zip(limits, reached, strict=True)
        ]
    picked = Cases(tuple(arms), make.unknown(TEXT), "skip", TEXT, span=node.span)
    ref = build.bind(f"{name}.picked", picked, CONTACTS)
    none = make.not_(make.known(ref))
    stops = [Stopper("limit", code, make.all_of(none, holds)) for code, holds in limited]
    return ref, (*stops, Stopper("consent", f"{name}.via.1", none))


def _open(
    node: ast.Contact, channel: ast.Channel, n: int, consents: Collection | None, scope: Scope
) -> Expr:
    """Whether a channel's `when` holds and the customer consented to it."""
    code = f"{scope.owner}.via.{n}"
    wanted = make.true if channel.when is None else check.condition(channel.when, scope, code)
    if consents is None:
        return wanted
    kind = scope.build.real_type(consents.fields["channel"].type)
    if isinstance(kind, EnumType) and channel.name.text not in kind.members:
        scope.build.report(NoSuchChannel(channel.name.span, channel.name.text, kind.members))
        return make.false
    agreed = consented(consents, channel.name.text, node.purpose, scope, channel.span)
    told = replace(make.recoded(agreed, f"{code}.consent"), span=channel.name.span)
    return make.all_of(wanted, told)


def _channel_limits(
    node: ast.Contact, name: str, channel: str, policies: tuple[House, ...], scope: Scope
) -> list[tuple[str, Expr]]:
    found = [
        (limit.code, limit.reached)
        for limit in _house(policies, node.purpose)
        if limit.limit.channel is not None and limit.limit.channel.text == channel
    ]
    return found + [
        (code, holds)
        for code, limit, holds in _reached(node, name, scope)
        if limit.channel is not None and limit.channel.text == channel
    ]


def _house(policies: tuple[House, ...], purpose: str | None) -> list[HouseLimit]:
    return [limit for house in policies for limit in house.limits if limit.concerns(purpose)]


def _house_limits(node: ast.Contact, policies: tuple[House, ...]) -> tuple[Stopper, ...]:
    return tuple(
        Stopper("limit", limit.code, limit.reached)
        for limit in _house(policies, node.purpose)
        if limit.limit.channel is None
    )


def _own_limits(node: ast.Contact, name: str, scope: Scope) -> tuple[Stopper, ...]:
    return tuple(
        Stopper("limit", code, holds)
        for code, limit, holds in _reached(node, name, scope)
        if limit.channel is None
    )


def _reached(node: ast.Contact, name: str, scope: Scope) -> list[tuple[str, ast.Limit, Expr]]:
    """Each of the contact's own limits, and whether the log has reached it."""
    found = []
    for n, limit in enumerate(clauses(node, ast.Limit), 1):
        code = f"{name}.limit.{n}"
        refuse_scopes(limit, scope.build, say("the limit of one contact"), channels=True)
        columns = ("contact", "channel") if limit.channel else ("contact",)
        log = log_of_role("contact log", columns, scope, limit.span, "limit")
        most = whole_number(limit.count, scope, "limit")
        if log is None or make.is_error(most):
            continue
        names = all_names(node, name)
        count = in_log("count", log, None, _own_rows(limit, log, names), scope, limit.span)
        full = check.compare(">=", count, most, scope, limit.span)
        # What forbids fails closed: a limit that nobody can tell is reached.
        found.append((code, limit, make.otherwise(make.recoded(full, code), make.true)))
    return found


def _own_rows(limit: ast.Limit, log: Collection, names: frozenset[str]) -> Conditions:
    def rows(row: Scope) -> tuple[Expr, ...]:
        found = [column_in("contact", names, row), in_time(limit.window, log, row, limit.span)]
        if limit.channel is not None:
            found.append(column_in("channel", frozenset({limit.channel.text}), row))
        return tuple(found)

    return rows


def _discard(node: ast.Contact, name: str, moment: Expr, scope: Scope) -> tuple[Stopper, ...]:
    discard = only(node, ast.Discard, scope.build, "discard after")
    if discard is None:
        return ()
    length = check.value(discard.after, scope)
    latest = check.later(check.as_of(scope), length, scope, discard.span)
    code = f"{name}.discard.1"
    late = Call("gt", (moment, latest), BOOL, code=code, span=discard.span)
    return (Stopper("discard", code, late),)


# ---------------------------------------------------------------- arbitration


def _chosen(declared: Declared, ready: Ready, build: Build) -> Expr:
    """Whether a contact is among those chosen for the customer, of all decided together."""
    members = sorted(
        (d for d in build.declared.values()
         if isinstance(d.node, ast.Contact) and check_event(d.node.on, build) == ready.event),
        key=lambda d: d.name,
    )  # fmt: skip
    place = [d.name for d in members].index(declared.name)
    house, choose = _choose(build)
    bound = _wins(place, members, ready.event, choose, build)
    if house is None or make.is_true(house.binds):
        return bound
    # Where the policy that chooses does not bind, nothing is said: one, by priority.
    free = _wins(place, members, ready.event, None, build)
    return Cases((Arm(house.binds, bound),), free, "skip", BOOL)


def _wins(
    place: int, members: list[Declared], event: str | None, choose: ast.Choose | None, build: Build
) -> Expr:
    """Whether the candidate at a place wins the contest of an event, which is made once."""
    name = "~contacts" if choose is not None else "~contacts unbound"
    name = name if event is None else f"{name} on {event}"
    if name not in build.bindings:
        build.bind(name, _contest(members, choose, build), CONTACTS, optional=False)
    return Call("item", (Ref(name, BOOL), make.const(place, INT)), BOOL)


def _contest(members: list[Declared], choose: ast.Choose | None, build: Build) -> Contest:
    take = how_many(choose.count, choose.span, build) if choose else 1
    by = choose.by if choose else (ast.Order("priority"),)
    policies = houses(build)
    # One contact alone cannot meet a limit that the log has not reached: rooms matter from two on.
    limits = [limit for house in policies for limit in house.limits] if take > 1 else []
    candidates = []
    for member in members:
        ready = ready_of(member, build)
        keys = tuple(order_key(order, member, None, None, build) for order in by)
        assert isinstance(member.node, ast.Contact)
        uses = tuple(
            Use(n, make.all_of(limit.binds, through(limit.limit.channel, ready.channel)))
            for n, limit in enumerate(limits)
            if limit.concerns(member.node.purpose)
        )
        candidates.append(Candidate(member.name, ready.eligible, keys, uses))
    descending = tuple(order.direction != "ascending" for order in by)
    rooms = tuple(limit.room for limit in limits)
    span = choose.span if choose else NOWHERE
    return Contest(alike(tuple(candidates), build), descending, rooms, take, span=span)


def _choose(build: Build) -> tuple[House | None, ast.Choose | None]:
    """The one policy that says how many are chosen, and what it says."""
    found = [(house, c) for house in houses(build) for c in clauses(house.node, ast.Choose)]
    for house, extra in found[1:]:
        build.report(SeveralChoose(extra.span, house.declared.name, found[0][0].declared.name))
    return found[0] if found else (None, None)


# ---------------------------------------------------------------- the outcome


def lower(declared: Declared, build: Build) -> Outcome:
    node = declared.node
    assert isinstance(node, ast.Contact)
    name = declared.name
    ready = ready_of(declared, build)
    chosen = _bind(build, f"{name}.chosen", _chosen(declared, ready, build))
    out = held_out(only(node, ast.Holdout, build, "holdout"), node, name, build)
    quotas = quotas_of(old_name(node, name), ready.channel, build)
    stops = [
        *ready.stops,
        Stopper(
            "arbitration", f"{name}.priority.1", make.all_of(ready.eligible, make.not_(chosen))
        ),
        Stopper("holdout", f"{name}.holdout.1", _bind(build, f"{name}.held_out", out)),
    ]
    for n, quota in enumerate(quotas, 1):
        over = build.bind(f"{name}.over_quota.{n}", quota.allotment.refused, CONTACTS,
                          optional=False, span=quota.node.span)  # fmt: skip
        free = (make.not_(stop.holds) for stop in stops[len(ready.stops) + 1 :])
        wants = make.all_of(chosen, *free, quota.allotment.concerns)
        build.later(partial(keep_wants, quota, wants))
        stops.append(Stopper("quota", quota.code, over))
    after = stops[len(ready.stops) + 1 :]
    clear = make.all_of(chosen, *(make.not_(stop.holds) for stop in after))
    given = build.bind(name, clear, CONTACTS, optional=False, span=node.name.span)
    stopped = build.bind(f"{name}.stopped", stopped_by(ready.wanted, tuple(stops)), CONTACTS)
    return _emit(declared, node, ready, given, stopped, quotas, build)


def _emit(
    declared: Declared, node: ast.Contact, ready: Ready, given: Ref, stopped: Ref,
    quotas: tuple[Quota, ...], build: Build,
) -> Outcome:  # fmt: skip
    name, scope = declared.name, ready.scope
    send = only(node, ast.Send, build, "send")
    if send is None:
        build.report(Missing(node.name.span, KINDS["contact"], name, "send",
                             say("nobody could tell what is sent"), 'send "TEMPLATE"'))  # fmt: skip
    for clause in clauses(node, ast.Priority):
        check.value(clause.value, scope)
    targets = [ast.Ident(a.target.text, span=a.target.span) for a in send.params] if send else []
    names_differ(targets, build, KINDS["contact"], name)

    def leaf(word: str, expr: Expr) -> Leaf:
        ref = build.bind(f"{name}.{word}", where_given(given, expr), CONTACTS)
        return Leaf(ref.name, expr.type)

    made = outcome_id(node, name, occasion(ready.event, scope), build)
    values = {
        assign.target.text: check.value(assign.value, scope)
        for assign in sorted(send.params if send else (), key=lambda a: a.target.text)
    }
    if send is not None:
        check_message(node, send, values, houses(build), build)
    params = tuple((word, leaf(f"with.{word}", value)) for word, value in values.items())
    quota: Shape = leaf("quota", quota_says(quotas)) if quotas else Fixed(None)
    shape = Fields(
        (
            ("id", leaf("id", made)),
            ("rule", Fixed(name)),
            ("purpose", Fixed(node.purpose)),
            ("channel", leaf("channel", ready.channel)),
            ("send", Fixed(send.template if send else None)),
            ("params", Fields(params)),
            ("not_before", leaf("not_before", ready.not_before)),
            ("quota", quota),
        )
    )
    build.emit(Part("contacts", name, shape, given.name, stopped.name, ready.event))
    fields: dict[str, Expr] = {
        "channel": Ref(f"{name}.channel", TEXT),
        "not_before": Ref(f"{name}.not_before", DATETIME),
    }
    return Outcome(name, declared.kind, CONTACTS, given, fields)


def lower_policy(declared: Declared, build: Build) -> Outcome:
    """A contact policy decides nothing by itself. Its rules are checked where they are gathered;
    here what no contact may ever have asked for."""
    policies = houses(build)
    _nevers(policies)
    _, choose = _choose(build)
    if choose is not None:
        how_many(choose.count, choose.span, build)
    for order in choose.by if choose else ():
        if order.key in ("worth", "costs"):
            build.report(NotHere(order.span, f"by {order.key}", A_KIND["contact"]))
    for house in policies:
        check_requirements(house, build)
        keep_because(house.node.clauses, house.scope, house.declared.name)
        for quota in clauses(house.node, ast.Quota):
            whole_number(quota.count, house.scope, "quota")
    build.later(lambda: keep_quotas(build))
    return Outcome(declared.name, declared.kind, CONTACTS)


KIND = Kind(
    "contact",
    ast.Contact,
    CONTACTS,
    lower,
    """Whom to reach. It is decided in this order: the audience behind `for`, `unless`, the
never-rules of all contact policies, the channel (the first of `via` whose `when` holds, to which
the customer consented, and whose channel limits are not reached), the contact's own limits, the
policies' limits, `discard after`, arbitration between all contacts of the moment, the hold-out and
quotas.
Hours never stop a contact: `during`, and the contact policies' `quiet` and `open` hours, move
`not_before` to the next moment that all of them allow. `during 10:00 to 13:00, 14:00 to 20:00` is
inside any of the two; of several `during` clauses all hold. Only where nobody can tell when the
channel is open, since the person's time zone is not known or a calendar does not cover the days,
the contact is stopped.

Where the head of the policy names a catalogue, `messages "messages.yaml"`, `send` names one of its
messages, and `with` gives each of its parameters.

```siyu
contact wakeup_push "Wake-up message" recover
  for wakeup
  via wecom when wecom_friend, sms, app
  send "wakeup_v2" with amount = wakeup.worth
  during 10:00 to 20:00
  limit 1 per 30 days
  priority 70
```
""",
    (NoMoment, NoSuchChannel, NoSuchMessage, WrongParameters, WrongMessage, NotAllowed),
)
POLICY = Kind(
    "contact policy",
    ast.ContactPolicy,
    CONTACTS,
    lower_policy,
    """What binds all contacts. Several policies all bind: limits over everything, per channel or
purpose; quotas per sender; quiet hours; never-rules; and in one of them `choose`, which says how
many contacts a customer gets at once and which are preferred. `per day` is the calendar day, `per
24 hours` the last twenty-four hours.

`open` says when contacts through some channels may go out: hours, weekdays, `except` days of a
calendar, `for` channels, `in zone of` a field that holds the person's time zone; every part may be
left out. `require` is a condition over the `title` and `body` of each message that may be sent.

```siyu
contact policy calls "When we may call"
  open 10:00 to 13:00, 14:00 to 20:00 on monday to friday for sms
```

```siyu
contact policy house "House rules"
  limit 1 per 24 hours
  limit 4 per 30 days on wecom
  quiet 21:00 to 09:00
  never when unsubscribed
  choose 1 by priority
```
""",
    (SeveralChoose, NoListOfZones, NoDays, NoCatalogue, CannotTell),
)
