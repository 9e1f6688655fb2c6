"""What a schema file says, once it has been read and found right.

Everything here is frozen, and made of plain dicts and tuples, so that a compiled policy can be
kept in a file. Values are held as `siyu.types` says. Amounts without a `currency:` have the
currency "" until a policy names one (`Schema.with_currency`).
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from siyu.text import NOWHERE, Span
from siyu.types import MoneyType, Type, minor_digits
from siyu.words import Words, say


class Missing(enum.Enum):
    """That nothing was said; not the same as unknown, which is None."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class Labels:
    """What people see, per language; a label written without a language serves both."""

    zh: str | None = None
    en: str | None = None

    def text(self, language: str) -> str | None:
        """The label in "zh" or "en", else the other one, else None.

        >>> Labels(zh="金卡").text("en")
        '金卡'
        """
        first, second = (self.zh, self.en) if language == "zh" else (self.en, self.zh)
        return first if first is not None else second

    def __bool__(self) -> bool:
        return self.zh is not None or self.en is not None


NO_LABELS: Final = Labels()


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a customer, a row, an event or the context.

    `default` is a held value, or MISSING. `low` and `high` are the inclusive range of a date
    (ordinals); numbers carry theirs in their type. `scaled` is true where the file itself says the
    scale. `role` is "held level of T", "kept until of T", "opt-out" or None.
    """

    name: str
    type: Type
    optional: bool = False
    default: object = MISSING
    label: Labels = NO_LABELS
    pii: bool = False
    immutable: bool = False
    role: str | None = None
    low: int | None = None
    high: int | None = None
    scaled: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def maybe_unknown(self) -> bool:
        """Whether a valid record may leave the value unknown."""
        return self.optional and self.default is MISSING

    def with_currency(self, code: str) -> Field:
        """The same field, an amount of money without a currency being one of `code`."""
        if not isinstance(self.type, MoneyType) or self.type.currency:
            return self
        scale = self.type.scale if self.scaled else _scale_for(code, self.type.scale, self.default)
        kind, default = _rescaled(replace(self.type, currency=code), self.default, scale)
        return replace(self, type=kind, default=default)


def _scale_for(code: str, scale: int, default: object) -> int:
    """The minor digits of a currency, or as many more as the default has."""
    least = minor_digits(code)
    while scale > least and isinstance(default, int) and default % 10 ** (scale - least):
        least += 1
    return least


def _rescaled(kind: MoneyType, default: object, scale: int) -> tuple[MoneyType, object]:
    """Bounds move inwards where the new scale cannot hold them; the default always fits."""
    old = kind.scale
    if scale >= old:
        factor = 10 ** (scale - old)
        low, high = kind.low * factor, kind.high * factor
        moved = default * factor if isinstance(default, int) else default
    else:
        factor = 10 ** (old - scale)
        low, high = -(-kind.low // factor), kind.high // factor
        moved = default // factor if isinstance(default, int) else default
    return replace(kind, scale=scale, low=low, high=high), moved


CollectionRole = Literal["contact log", "incentive log", "points log", "consents"]


@dataclass(frozen=True, slots=True)
class Collection:
    """Rows that belong to a customer, or (nested) to a row of the collection around them.

    `key` and `time` name fields. Absent from a record: an error, unless `default_empty` (absent
    means none) or `optional` (then what is counted over it is unknown).
    """

    name: str
    key: str | None = None
    time: str | None = None
    role: CollectionRole | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)
    collections: Mapping[str, Collection] = field(default_factory=dict)
    default_empty: bool = False
    optional: bool = False
    extra_ignore: bool = False
    label: Labels = NO_LABELS
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened and is decided about; `time` names the field that gives as_of."""

    name: str
    key: str | None = None
    time: str | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)
    label: Labels = NO_LABELS
    extra_ignore: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Profiles:
    """What each channel knows of a person: one row a profile, told apart by `channel` and, within
    that, `key`, which name fields. An `identity` of a policy joins them into customers."""

    key: str
    channel: str
    fields: Mapping[str, Field] = field(default_factory=dict)
    label: Labels = NO_LABELS
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Enum:
    """A closed list of words, lowest first where ordered. `labels` has an entry per member."""

    name: str
    members: tuple[str, ...]
    labels: Mapping[str, Labels] = field(default_factory=dict)
    ordered: bool = False
    label: Labels = NO_LABELS
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Schema:
    """The contract with the data. `key` names the customer's field that identifies it.

    `collections` are those of the customer, by name; nested ones hang below their parent.
    """

    name: str
    key: str
    version: int = 1
    labels: Labels = NO_LABELS
    extra_ignore: bool = False
    enums: Mapping[str, Enum] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    collections: Mapping[str, Collection] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    context: Mapping[str, Field] = field(default_factory=dict)
    profiles: Profiles | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def collection(self, path: str) -> Collection | None:
        """The collection at a path like "orders" or "orders.lines"; None where there is none."""
        first, *rest = path.split(".")
        found = self.collections.get(first)
        for name in rest:
            if found is None:
                return None
            found = found.collections.get(name)
        return found

    def role(self, role: str) -> Field | Collection | None:
        """The customer's field or collection that plays a role, such as "contact log"."""
        players: list[Field | Collection] = [*self.fields.values(), *self.collections.values()]
        for each in players:
            if each.role == role:
                return each
        return None

    def walk(self) -> Iterator[tuple[str, Collection]]:
        """Every collection with its path, parents before what is nested in them."""
        waiting = list(self.collections.items())
        while waiting:
            path, each = waiting.pop(0)
            yield path, each
            waiting = [(f"{path}.{n}", below) for n, below in each.collections.items()] + waiting

    def with_currency(self, code: str) -> Schema:
        """The schema as a policy with this currency reads it."""
        events = {n: replace(e, fields=_priced(e.fields, code)) for n, e in self.events.items()}
        return replace(
            self,
            fields=_priced(self.fields, code),
            collections={n: _priced_rows(c, code) for n, c in self.collections.items()},
            events=events,
            context=_priced(self.context, code),
            profiles=self.profiles
            and replace(self.profiles, fields=_priced(self.profiles.fields, code)),
        )


def _priced(fields: Mapping[str, Field], code: str) -> dict[str, Field]:
    return {name: each.with_currency(code) for name, each in fields.items()}


def _priced_rows(rows: Collection, code: str) -> Collection:
    nested = {name: _priced_rows(each, code) for name, each in rows.collections.items()}
    return replace(rows, fields=_priced(rows.fields, code), collections=nested)


def outside(field: Field, value: object) -> Words | None:
    """Why a date lies outside its field's range, or None where it does not."""
    if not isinstance(value, int) or (field.low is None and field.high is None):
        return None
    if field.low is not None and value < field.low:
        return say("must not be before {date}", date=dt.date.fromordinal(field.low).isoformat())
    if field.high is not None and value > field.high:
        return say("must not be after {date}", date=dt.date.fromordinal(field.high).isoformat())
    return None
