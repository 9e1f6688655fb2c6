"""What can be wrong with what a policy's names mean: E03xx. Types and units (E04xx) stand in
`type_errors`, what may be unknown (E05xx) in `unknown_errors`; mistakes of one rule kind in that
kind's file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.diagnostics import Diagnostic, Note, perhaps
from siyu.text import Span
from siyu.words import Words, either, say

# What the examples of the pages begin with.
HEAD = (
    'policy p\n  language 1\n  timezone "Asia/Shanghai"\n  currency CNY\n  schema "retail.yaml"\n\n'
)

# Facts in which two collections have rows of one name, and two events a field of one name.
TWICE = """schema: shop
customer: {key: id, fields: {id: {type: text}}}
collections:
  orders: {fields: {paid: {type: bool}}, collections: {lines: {fields: {qty: {type: int}}}}}
  returns: {fields: {paid: {type: bool}}, collections: {lines: {fields: {qty: {type: int}}}}}
events:
  parcel: {key: no, fields: {no: {type: text}, size: {type: int}, weight: {type: int}}}
  letter: {key: no, fields: {no: {type: text}, size: {type: text}, weight: {type: int}}}
"""


@dataclass(frozen=True, slots=True)
class Cycle(Diagnostic):
    code: ClassVar[str] = "E0301"
    message: ClassVar[str] = "`{name}` is defined by itself"
    label: ClassVar[str] = "this closes the circle: {circle}"
    help: ClassVar[str] = "define one of them without the others"
    page: ClassVar[str] = (
        "Declarations may stand in any order, but their values must be found one after the other. "
        "Two declarations that name each other have no first."
    )
    wrong: ClassVar[str] = "policy p\n  language 1\n\nmetric a = b + 1\nmetric b = a + 1\n"
    right: ClassVar[str] = "policy p\n  language 1\n\nmetric a = b + 1\nmetric b = 1\n"

    name: str
    path: tuple[str, ...]

    def facts(self) -> dict[str, object]:
        """With the way around as it is drawn."""
        return {**Diagnostic.facts(self), "circle": " → ".join(f"`{name}`" for name in self.path)}


@dataclass(frozen=True, slots=True)
class WrongStratum(Diagnostic):
    code: ClassVar[str] = "E0302"
    message: ClassVar[str] = "{kind} `{name}` is decided later than what names it here"
    label: ClassVar[str] = "{theirs} come after {ours}"
    help: ClassVar[str] = "name something here that is decided earlier"
    page: ClassVar[str] = (
        "Decisions are made floor by floor: facts and metrics, then segments, classes, scores, "
        "tiers and tables, then points, then incentives, then contacts, then claims. A rule may "
        "name what is decided on its own floor or below. So a segment cannot depend on whether an "
        "incentive was given; the incentive may depend on the segment."
    )
    wrong: ClassVar[str] = (
        HEAD + "segment loyal\n  when gift\n\n"
        'incentive gift\n  for count(orders) >= 3\n  give coupon "A"\n  soft internal\n'
    )
    right: ClassVar[str] = (
        HEAD + "segment loyal\n  when count(orders) >= 3\n\n"
        'incentive gift\n  for loyal\n  give coupon "A"\n  soft internal\n'
    )

    name: str
    kind: Words
    theirs: Words
    ours: Words


@dataclass(frozen=True, slots=True)
class UndefinedName(Diagnostic):
    code: ClassVar[str] = "E0303"
    message: ClassVar[str] = "nothing is called `{name}`"
    label: ClassVar[str] = "neither the facts nor the policy know this name"
    help: ClassVar[str] = "declare it as a metric or a param, or add it to the schema"
    page: ClassVar[str] = (
        "A name in a condition is a field of the customer, the row, the context or the event, or "
        "something the policy declares. A word of an enum is understood where it is compared with "
        "a value of that enum, as in `status is paid`; any other text stands in quotes."
    )
    wrong: ClassVar[str] = HEAD + "metric a = count(orders)\nmetric b = aa + 1\n"
    right: ClassVar[str] = HEAD + "metric a = count(orders)\nmetric b = a + 1\n"

    name: str
    near: tuple[str, ...] = ()
    hint: Words = ""
    again: tuple[Span, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """Where else the same declaration names it."""
        return tuple(Note(say("here, too"), span) for span in self.again)

    def what_to_do(self) -> Words:
        if self.hint:
            return self.hint
        return perhaps(self.near) if self.near else Diagnostic.what_to_do(self)


@dataclass(frozen=True, slots=True)
class NoSuchField(Diagnostic):
    code: ClassVar[str] = "E0304"
    message: ClassVar[str] = "`{owner}` has no `{name}`"
    label: ClassVar[str] = "not a part of `{owner}`"
    help: ClassVar[str] = "choose one of its parts: {has}"
    page: ClassVar[str] = (
        "Behind a dot stands a field of a collection or an event as the schema lists it, or a "
        "part of an outcome, such as `member_level.change` or `offer.benefit`."
    )
    wrong: ClassVar[str] = HEAD + "metric spend = sum(orders.amuont)\n"
    right: ClassVar[str] = HEAD + "metric spend = sum(orders.amount)\n"

    name: str
    owner: str
    near: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    parts: tuple[Words, ...] = ()

    def what_to_do(self) -> Words:
        if self.near:
            return perhaps(self.near)
        if self.parts:
            return say("choose one of its parts: {has}", has=self.parts)
        if self.has:
            return say("choose one of its parts: {has}", has=either(self.has))
        return say("take the dot away")


@dataclass(frozen=True, slots=True)
class NotAValue(Diagnostic):
    code: ClassVar[str] = "E0305"
    message: ClassVar[str] = "`{name}` is {what}, not one value"
    label: ClassVar[str] = "a value is needed here"
    help: ClassVar[str] = "{instead}"
    page: ClassVar[str] = (
        "A collection or a view holds many rows: count them, add them up, or ask for the latest "
        "one. Some declarations have no value of their own, only parts behind a dot."
    )
    wrong: ClassVar[str] = HEAD + "segment buyers\n  when orders > 3\n"
    right: ClassVar[str] = HEAD + "segment buyers\n  when count(orders) > 3\n"

    name: str
    what: Words
    instead: Words


@dataclass(frozen=True, slots=True)
class NotRows(Diagnostic):
    code: ClassVar[str] = "E0306"
    message: ClassVar[str] = "`{function}` needs the rows of a collection"
    label: ClassVar[str] = "no collection is named here"
    help: ClassVar[str] = "name a collection's column, as in `{function}({example})`"
    page: ClassVar[str] = (
        "Aggregates such as `sum`, `count` and `latest` run over the rows of a collection or a "
        "view. The plain functions `min(a, b)` and `max(a, b)` take two values or more."
    )
    wrong: ClassVar[str] = HEAD + "metric spend = sum(total_spend)\n"
    right: ClassVar[str] = HEAD + "metric spend = sum(orders.amount)\n"

    function: str
    example: str


@dataclass(frozen=True, slots=True)
class NamedRival(Diagnostic):
    code: ClassVar[str] = "E0307"
    message: ClassVar[str] = (
        "`{name}` is decided together with `{owner}`, so neither may name the other"
    )
    label: ClassVar[str] = "which of them wins is not known yet"
    help: ClassVar[str] = "give them a `priority`, so that one of them comes first"
    page: ClassVar[str] = (
        "Members of one group, and contacts, compete: which of them is chosen is found for all "
        "at once. Say who goes first with `priority`, or with the keys of the group."
    )
    wrong: ClassVar[str] = (
        HEAD + 'contact a\n  for true\n  via sms\n  send "a"\n\n'
        'contact b\n  for not a\n  via sms\n  send "b"\n'
    )
    right: ClassVar[str] = (
        HEAD + 'contact a\n  for true\n  via sms\n  send "a"\n  priority 2\n\n'
        'contact b\n  for true\n  via sms\n  send "b"\n  priority 1\n'
    )

    name: str
    owner: str


@dataclass(frozen=True, slots=True)
class EventsDisagree(Diagnostic):
    code: ClassVar[str] = "E0308"
    message: ClassVar[str] = "`event.{name}` is not the same kind of value in every event"
    label: ClassVar[str] = "it is {first} in one event and {second} in another"
    help: ClassVar[str] = "write the rule `on` one of the events"
    page: ClassVar[str] = (
        "In a rule `on` an event, `event.x` is that event's field. Elsewhere it is the field of "
        "whatever event is being decided about, which needs one type in all of them."
    )
    wrong: ClassVar[str] = HEAD + "metric m = event.size\n"
    right: ClassVar[str] = HEAD + "metric m = event.weight\n"
    example_facts: ClassVar[str] = TWICE

    name: str
    first: Words
    second: Words


@dataclass(frozen=True, slots=True)
class MixedRows(Diagnostic):
    code: ClassVar[str] = "E0309"
    message: ClassVar[str] = "`{first}` and `{second}` belong to different collections"
    label: ClassVar[str] = "an aggregate runs over one collection"
    help: ClassVar[str] = "write one aggregate for each of them"
    page: ClassVar[str] = (
        "An aggregate goes through the rows of one collection. Rows of two collections have "
        "nothing that says which belongs to which; only the columns of the row around a nested "
        "one may be named beside its own."
    )
    wrong: ClassVar[str] = HEAD + "metric m = sum(orders.amount + grants.worth)\n"
    right: ClassVar[str] = HEAD + "metric m = sum(orders.amount) + sum(grants.worth)\n"

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class NoTime(Diagnostic):
    code: ClassVar[str] = "E0310"
    message: ClassVar[str] = "the rows of `{name}` have no time, so no period can be picked"
    label: ClassVar[str] = "which of them are in this period cannot be told"
    help: ClassVar[str] = "name the column that says when as the collection's `time:`"
    page: ClassVar[str] = (
        "`over last 12 months` keeps the rows whose time lies in the period. The schema names "
        "the column that holds a row's time."
    )
    wrong: ClassVar[str] = HEAD + "metric m = count(consents over last 30 days)\n"
    right: ClassVar[str] = HEAD + "metric m = count(orders over last 30 days)\n"

    name: str


@dataclass(frozen=True, slots=True)
class NoKey(Diagnostic):
    code: ClassVar[str] = "E0311"
    message: ClassVar[str] = "`{function}` needs a key for the rows of `{name}`"
    label: ClassVar[str] = "of two rows of the same moment neither is the `{function}` one"
    help: ClassVar[str] = "name the column that tells rows apart as the collection's `key:`"
    page: ClassVar[str] = (
        "Two rows may have the same time. Then the one with the greatest key counts, so that the "
        "answer never depends on the order in which the rows arrive."
    )
    wrong: ClassVar[str] = HEAD + "metric m = latest(contacts.contact)\n"
    right: ClassVar[str] = HEAD + "metric m = latest(orders.category)\n"

    name: str
    function: str


@dataclass(frozen=True, slots=True)
class UnknownFunction(Diagnostic):
    code: ClassVar[str] = "E0312"
    message: ClassVar[str] = "there is no function `{name}`"
    label: ClassVar[str] = "not a function of the language"
    help: ClassVar[str] = "choose one of {has}"
    page: ClassVar[str] = (
        "Functions are `round`, `floor`, `ceil`, `abs`, `distance`, `min` and `max`; aggregates "
        "over rows are `sum`, `count`, `avg`, `min`, `max`, `distinct`, `exists`, `latest` and "
        "`earliest`."
    )
    wrong: ClassVar[str] = HEAD + "metric m = rond(1.25, 1)\n"
    right: ClassVar[str] = HEAD + "metric m = round(1.25, 1)\n"

    name: str
    near: tuple[str, ...] = ()
    has: tuple[str, ...] = ()

    def what_to_do(self) -> Words:
        return perhaps(self.near or self.has)


@dataclass(frozen=True, slots=True)
class WrongArguments(Diagnostic):
    code: ClassVar[str] = "E0313"
    message: ClassVar[str] = "`{function}` is given {given}"
    label: ClassVar[str] = "{problem}"
    help: ClassVar[str] = "write `{shape}`"
    page: ClassVar[str] = (
        "`round(x, digits)` takes a number and how many digits to keep, `floor(x)`, `ceil(x)` and "
        "`abs(x)` one number, `distance(a, b)` two places, `min` and `max` two values or more. "
        "Aggregates take one expression over a collection's columns."
    )
    wrong: ClassVar[str] = HEAD + "metric m = floor(1.5, 2)\n"
    right: ClassVar[str] = HEAD + "metric m = floor(1.5)\n"

    function: str
    given: Words
    problem: Words
    shape: str


@dataclass(frozen=True, slots=True)
class OfEveryone(Diagnostic):
    code: ClassVar[str] = "E0314"
    message: ClassVar[str] = "`share` is a figure about everyone, not about one member"
    label: ClassVar[str] = "a decision about one member cannot read it"
    help: ClassVar[str] = "write it in an `indicator` or an `ensure`"
    page: ClassVar[str] = (
        "A share is known when everybody has been decided about. Indicators show it and claims "
        "check it; a rule about one member uses `top 5% by x` or `population percentile(x, 95)`, "
        "which a calibration turns into a number beforehand."
    )
    wrong: ClassVar[str] = HEAD + "metric m = share(count(orders) >= 2)\n"
    right: ClassVar[str] = HEAD + "indicator m = share(count(orders) >= 2)\n"


@dataclass(frozen=True, slots=True)
class PopulationInRows(Diagnostic):
    code: ClassVar[str] = "E0315"
    message: ClassVar[str] = "`{what}` compares members, not the rows of one member"
    label: ClassVar[str] = "this stands inside an aggregate or a view"
    help: ClassVar[str] = "declare the figure as a metric, and compare it outside of the rows"
    page: ClassVar[str] = (
        "Population values compare a member's figure with the figures of all members. Inside an "
        "aggregate's `where` the values are those of single rows."
    )
    wrong: ClassVar[str] = HEAD + "metric m = count(orders where top 5% by amount)\n"
    right: ClassVar[str] = HEAD + "segment m\n  when top 5% by sum(orders.amount)\n"

    what: str


@dataclass(frozen=True, slots=True)
class AmbiguousRows(Diagnostic):
    code: ClassVar[str] = "E0316"
    message: ClassVar[str] = "`{name}` may mean {paths}"
    label: ClassVar[str] = "several collections have rows of this name"
    help: ClassVar[str] = "write the whole path"
    page: ClassVar[str] = (
        "A nested collection may be called by its own name as long as no other collection has "
        "one of the same name."
    )
    wrong: ClassVar[str] = HEAD + "metric m = count(lines)\n"
    right: ClassVar[str] = HEAD + "metric m = count(orders.lines)\n"
    example_facts: ClassVar[str] = TWICE

    name: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NestedFilter(Diagnostic):
    code: ClassVar[str] = "E0317"
    message: ClassVar[str] = (
        "the filter of the view looks into nested rows, so its own nested rows cannot be listed"
    )
    label: ClassVar[str] = "this filter needs the rows of `{name}` one by one"
    help: ClassVar[str] = "aggregate over `{name}` and repeat the condition there"
    page: ClassVar[str] = (
        "`view.lines` lists the nested rows of all rows of a view in one table. A filter that "
        "itself counts nested rows cannot be asked of that table."
    )
    wrong: ClassVar[str] = (
        HEAD + "view v of orders where exists(lines where qty > 1)\nmetric m = count(v.lines)\n"
    )
    right: ClassVar[str] = (
        HEAD + "view v of orders where exists(lines where qty > 1)\n"
        "metric m = sum(v.amount * count(lines))\n"
    )

    name: str


@dataclass(frozen=True, slots=True)
class LongChain(Diagnostic):
    code: ClassVar[str] = "E0318"
    message: ClassVar[str] = "`{name}` is one of {limit} declarations or more that need each other"
    label: ClassVar[str] = "the chain is followed no further"
    help: ClassVar[str] = "see whether they define each other in a circle, and break it"
    page: ClassVar[str] = (
        "Values are found one after the other, however many there are. Only where declarations "
        "define each other in a large circle is no first one found."
    )
    wrong: ClassVar[str] = HEAD + "".join(f"metric m{n} = m{(n + 1) % 40} + 1\n" for n in range(40))
    right: ClassVar[str] = (
        HEAD + "metric m0 = 1\n" + "".join(f"metric m{n} = m{n - 1} + 1\n" for n in range(1, 40))
    )

    name: str
    limit: int
