"""A field's type, range or default does not fit, or a key or time points to the wrong field."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.diagnostics import Diagnostic, perhaps
from siyu.schema.diagnostics.shape import WITH_ENUM
from siyu.schema.diagnostics.yaml import RIGHT
from siyu.words import Words, say


def with_field(text: str) -> str:
    """The small right schema with one more field."""
    return f"{RIGHT}    {text}\n"


ORDERS = "collections:\n  orders: {key: order_id, time: paid_at, fields: {FIELDS}}\n"


def with_orders(fields: str) -> str:
    """The small right schema with orders of these fields."""
    return RIGHT + ORDERS.replace("FIELDS", fields)


@dataclass(frozen=True, slots=True)
class UnknownType(Diagnostic):
    code = "E0220"
    message = "`{written}` is not a type"
    label = "no such type"
    page = """\
Types are `bool`, `int`, `decimal`, `money`, `duration`, `date`, `time`, `datetime`, `text`, `geo`,
`enum NAME`, `set of text`, `set of enum NAME`, and `level of TIER`."""
    wrong = with_field("name: {type: string}")
    right = with_field("name: {type: text}")
    written: str
    near: tuple[str, ...]

    def what_to_do(self) -> Words:
        """The nearest types, or all of them."""
        if self.near:
            return perhaps(self.near)
        return say(
            "types are {known}",
            known=(
                *("bool", "int", "decimal", "money", "duration", "date", "time", "datetime"),
                *("text", "geo", "enum NAME", "set of text", "set of enum NAME", "level of TIER"),
            ),
        )


@dataclass(frozen=True, slots=True)
class UnknownEnum(Diagnostic):
    code = "E0221"
    message = "there is no enum `{name}`"
    label = "not among `enums:`"
    page = """\
The members of an enum are listed under `enums:` at the top of the file, with their labels."""
    wrong = with_field("prefers: {type: enum chanel}") + WITH_ENUM
    right = with_field("prefers: {type: enum channel}") + WITH_ENUM
    name: str
    near: tuple[str, ...]

    def what_to_do(self) -> Words:
        """The nearest enums, or how to declare one."""
        if self.near:
            return perhaps(self.near)
        return say(
            "declare it under `enums:`, as in `{name}: {{sms: SMS, app: App}}`", name=self.name
        )


@dataclass(frozen=True, slots=True)
class ScaleMissing(Diagnostic):
    code = "E0222"
    message = "the decimal `{name}` does not say its `scale`"
    label = "how many digits after the point"
    help = "add `scale: 2` for two digits after the point, at most 9"
    page = """\
Decimals are exact, so it must be known how many digits they have after the point. Money has its
currency's digits unless a `scale:` says otherwise."""
    wrong = with_field("rate: {type: decimal}")
    right = with_field("rate: {type: decimal, scale: 2}")
    name: str


@dataclass(frozen=True, slots=True)
class NotForThisType(Diagnostic):
    code = "E0223"
    message = "`{key}` does not go with the type `{type}`"
    label = "has no meaning here"
    help = "remove it, or change the type"
    page = """\
Only numbers and dates have `min` and `max`; only decimals, money and durations have `scale`; only
money has `currency`, only a duration has `unit`."""
    wrong = with_field("name: {type: text, min: 1}")
    right = with_field("name: {type: text}")
    key: str
    type: str


@dataclass(frozen=True, slots=True)
class BadValue(Diagnostic):
    code = "E0224"
    message = "`{key}` of `{name}` {problem}"
    label = "not a value for it"
    help = "write it as a record would bring it"
    page = """\
`min`, `max` and `default` are written like the field's values in a record, `scale` is 0 to 9,
`currency` three capital letters, `unit` one of day, hour, minute, second, month. Amounts have no
more digits than the field can hold."""
    wrong = with_field("visits: {type: int, default: none}")
    right = with_field("visits: {type: int, default: 0}")
    key: str
    name: str
    problem: Words


@dataclass(frozen=True, slots=True)
class BadRange(Diagnostic):
    code = "E0225"
    message = "no value of `{name}` can be at least {low} and at most {high}"
    label = "less than the minimum"
    help = "exchange the two, or correct one"
    page = """\
`min` and `max` belong to the range. With the larger one first, every record would be rejected."""
    wrong = with_field("age: {type: int, min: 120, max: 0}")
    right = with_field("age: {type: int, min: 0, max: 120}")
    name: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class RangeTooWide(Diagnostic):
    code = "E0226"
    message = "`{name}` would need more than 38 digits"
    label = "too large"
    help = "give a `min` and `max` that the data really has"
    page = """\
Numbers are kept digit by digit, in 38 digits at most, before and after the point together."""
    wrong = with_field("n: {type: int, max: 1_000_000_000_000_000_000_000_000_000_000_000_000_000}")
    right = with_field("n: {type: int, max: 1_000_000_000_000_000}")
    name: str


@dataclass(frozen=True, slots=True)
class DefaultOutsideRange(Diagnostic):
    code = "E0227"
    message = "the default of `{name}` {problem}"
    label = "outside the range"
    help = "widen the range, or choose a default within it"
    page = """\
A default stands in for a missing value, so it must be one that a record could have brought."""
    wrong = with_field("visits: {type: int, min: 1, default: 0}")
    right = with_field("visits: {type: int, min: 0, default: 0}")
    name: str
    problem: Words


@dataclass(frozen=True, slots=True)
class DefaultForbidden(Diagnostic):
    code = "E0228"
    message = "`{name}` says whether a person may be contacted and must not have a default"
    label = "a decision nobody made"
    help = (
        "remove the default; a record that does not tell is then rejected, or unknown if optional"
    )
    page = """\
A missing opt-out is not a consent. With a default, a lost column would mean that everybody agrees
to be contacted; without one, it is noticed."""
    wrong = with_field("unsubscribed: {type: bool, role: opt-out, default: false}")
    right = with_field("unsubscribed: {type: bool, role: opt-out}")
    name: str


@dataclass(frozen=True, slots=True)
class DefaultNotNeeded(Diagnostic):
    code = "E0229"
    severity = "warning"
    message = "`{name}` is never missing, because it has a default"
    label = "has no effect beside `default`"
    help = "remove `optional: true`, or the default if rules shall see that nothing is known"
    page = """\
`optional: true` lets a value be unknown; a default says what it is then. Together only the default
counts."""
    wrong = with_field("visits: {type: int, optional: true, default: 0}")
    right = with_field("visits: {type: int, default: 0}")
    name: str


@dataclass(frozen=True, slots=True)
class DefaultOrOptional(Diagnostic):
    code = "E0230"
    message = "`{name}` cannot be both empty and unknown when it is absent"
    label = "contradicts `default: []`"
    help = "keep `default: []` where absent means none, `optional: true` where it means not known"
    page = """\
A collection that a record does not bring is an error, unless the schema says that it then has no
rows (`default: []`) or that its rows are not known (`optional: true`)."""
    wrong = RIGHT + (
        "collections:\n  orders: {default: [], optional: true, fields: {order_id: {type: text}}}\n"
    )
    right = RIGHT + "collections:\n  orders: {default: [], fields: {order_id: {type: text}}}\n"
    name: str


@dataclass(frozen=True, slots=True)
class PointsNowhere(Diagnostic):
    code = "E0231"
    message = "the `{role}` of {where} names `{name}`, which is not one of its fields"
    label = "no such field"
    page = """\
`key:` names the field that tells one row from another, `time:` the field that says when it
happened. Both stand among the fields of the same collection, event or customer."""
    wrong = with_orders("order_no: {type: text}, paid_at: {type: datetime}")
    right = with_orders("order_id: {type: text}, paid_at: {type: datetime}")
    role: str
    where: Words
    name: str
    near: tuple[str, ...]

    def what_to_do(self) -> Words:
        """The nearest fields, or what to do."""
        if self.near:
            return perhaps(self.near)
        return say("add `{name}` to the fields, or name one of them", name=self.name)


@dataclass(frozen=True, slots=True)
class WrongFieldFor(Diagnostic):
    code = "E0232"
    message = "the `{role}` of {where} must be {wanted}, and `{name}` is `{type}`"
    label = "cannot be the `{role}`"
    help = "change the type of the field, or name another field"
    page = """\
A key is text, a whole number, an enum, a date or an instant (of customers and events: text or a
whole number). A time is an instant or a date, of events an instant."""
    wrong = with_orders("order_id: {type: text}, paid_at: {type: text}")
    right = with_orders("order_id: {type: text}, paid_at: {type: datetime}")
    role: str
    where: Words
    name: str
    type: str
    wanted: Words


@dataclass(frozen=True, slots=True)
class WrongFieldMissing(Diagnostic):
    code = "E0233"
    message = "`{name}` is the `{role}` of {where} and can be neither optional nor given a default"
    label = "must always be there"
    help = "remove `optional` and `default`, or name another field"
    page = """\
Rows without a key cannot be told apart, and rows without a time belong to no period."""
    wrong = with_orders("order_id: {type: text}, paid_at: {type: datetime, optional: true}")
    right = with_orders("order_id: {type: text}, paid_at: {type: datetime}")
    role: str
    where: Words
    name: str
