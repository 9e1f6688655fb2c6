"""Records to begin with, and what fields may hold: plausible, and within the schema."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from siyu.core.ir import Held
from siyu.schema.model import MISSING, Collection, Field, Schema
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    IntType,
    MoneyType,
    SetType,
    TextType,
    TimeType,
    Type,
    scale_of,
)  # fmt: skip

Json = dict[str, Any]
PLAUSIBLE = {"money": 100, "number": 1}


@dataclass(frozen=True, slots=True)
class Draft:
    """A request as records bring it, and the population values it is decided with (held)."""

    request: Json
    cuts: Mapping[str, Held] = field(default_factory=dict)

    @property
    def event(self) -> str | None:
        """The type of its event."""
        event = self.request.get("event")
        return None if event is None else str(event["type"])

    @property
    def moment(self) -> dt.datetime:
        """When it is decided."""
        return dt.datetime.fromisoformat(str(self.request["as_of"]))

    def changed(self) -> Draft:
        """A copy that may be written to."""
        return Draft(copy.deepcopy(self.request), self.cuts)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes records of one schema, in one time zone."""

    schema: Schema
    zone: ZoneInfo

    def minimal(self, moment: dt.datetime, event: str | None, cuts: Mapping[str, Held]) -> Draft:
        """A record with what must be there, and nothing else."""
        request: Json = {
            "customer": self.fields(self.schema.fields, moment),
            "as_of": self.instant(moment),
        }
        customer = request["customer"]
        customer.setdefault(
            self.schema.key, self.plain(self.schema.fields.get(self.schema.key), moment)
        )
        context = self.fields(self.schema.context, moment)
        if context:
            request["context"] = context
        return self.on(Draft(request, cuts), event)

    def on(self, draft: Draft, event: str | None) -> Draft:
        """The record with this event and no other, and with all that must be there."""
        made = draft.changed()
        if event is None:
            made.request.pop("event", None)
        elif draft.event != event:
            declared = self.schema.events[event]
            fields = self.fields(declared.fields, draft.moment)
            if declared.time is not None:
                fields[declared.time] = draft.request["as_of"]
            made.request["event"] = {"type": event, **fields}
        self.fill(made.request["customer"], draft.moment)
        return made

    def fill(self, customer: Json, moment: dt.datetime) -> None:
        """Adds to a customer what must be there."""
        for name, value in self.fields(self.schema.fields, moment).items():
            customer.setdefault(name, value)
        for name, collection in self.schema.collections.items():
            if not collection.optional:
                customer.setdefault(name, [])

    def fields(self, fields: Mapping[str, Field], moment: dt.datetime) -> Json:
        """A value for every field that must be there."""
        return {
            name: self.plain(each, moment)
            for name, each in fields.items()
            if not each.optional and each.default is MISSING
        }

    def row(self, collection: Collection, moment: dt.datetime, number: int) -> Json:
        """A row, the day before."""
        row = self.fields(collection.fields, moment - dt.timedelta(days=1))
        if collection.key is not None and collection.key in row:
            row[collection.key] = self.key(collection.fields[collection.key], number)
        return row

    def key(self, each: Field, number: int) -> Any:
        """A key that no other row has."""
        if isinstance(each.type, TextType):
            return f"{each.name.removesuffix('_id')[:1] or 'r'}{number}"
        return number

    def plain(self, each: Field | None, moment: dt.datetime) -> Any:
        """A value that somebody might have."""
        if each is None:
            return "test"
        match each.type:
            case BoolType():
                return False
            case IntType(low=low, high=high):
                return min(max(1, low), high)
            case MoneyType() | DecimalType():
                return number_text(
                    _within(each.type, 100 if isinstance(each.type, MoneyType) else 1), each.type
                )
            case DurationType():
                return f"1 {each.type.unit}"
            case DateType():
                return self.date(each, moment)
            case DateTimeType():
                return self.instant(moment)
            case TimeType():
                return "10:00"
            case EnumType(members=members):
                return members[0] if members else "x"
            case SetType():
                return []
            case _:
                return "test" if each.name == self.schema.key else "x"

    def date(self, each: Field, moment: dt.datetime) -> str:
        """A day in the field's range, a year back where it may be."""
        day = moment.astimezone(self.zone).date().toordinal() - 365
        day = max(day, each.low) if each.low is not None else day
        day = min(day, each.high) if each.high is not None else day
        return dt.date.fromordinal(day).isoformat()

    def instant(self, moment: dt.datetime) -> str:
        """A moment as records write it."""
        return moment.astimezone(self.zone).isoformat()


def _within(kind: DecimalType | MoneyType, wanted: int) -> Decimal:
    low, high = (Decimal(end).scaleb(-kind.scale) for end in (kind.low, kind.high))
    return min(max(Decimal(wanted), low), high)


def number_text(value: Decimal, kind: Type) -> str:
    """A number with its type's digits."""
    return str(value.quantize(Decimal(1).scaleb(-scale_of(kind))))
