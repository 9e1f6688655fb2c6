"""Small changes of a record: one fact other, or a row more, less or other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from siyu.core.ir import Input
from siyu.schema.model import Field
from siyu.testing.suggest.facts import Facts
from siyu.testing.suggest.record import Draft, Maker, number_text
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    LevelType,
    MoneyType,
    SetType,
    TextType,
    TimeType,
    Type,
    scale_of,
)  # fmt: skip

MOST_VALUES = 36
MOST_KEYS = 40
LIFETIME = 30  # years back, for birthdays


@dataclass(frozen=True, slots=True)
class Values:
    """What a field might hold, tried in this order; from the constants around it."""

    facts: Facts
    maker: Maker
    moment: dt.datetime

    def of(self, each: Field, kind: Type, now: Any) -> tuple[Any, ...]:
        """Values for a field of a type (levels resolved), other than the one it has."""
        found = dict.fromkeys(
            value if not isinstance(value, list) else tuple(value)
            for value in self._of(each, kind, now)
        )
        values = [list(value) if isinstance(value, tuple) else value for value in found]
        return tuple(value for value in values if value != now)[:MOST_VALUES]

    def _of(self, each: Field, kind: Type, now: Any) -> Iterator[Any]:
        match kind:
            case BoolType():
                yield from (True, False)
            case EnumType(members=members):
                yield from members
            case IntType() | MoneyType() | DecimalType():
                yield from self._numbers(kind, now)
            case DateType():
                yield from self._dates(each)
            case DateTimeType():
                yield from self.instants()
            case SetType():
                yield []
                yield from ([word] for word in self.facts.texts)
            case TextType() | LevelType():
                yield from self.facts.texts
                yield "x"
            case TimeType():
                yield from (f"{hour:02}:00" for hour in (0, 3, 8, 10, 12, 18, 21, 23))
            case _:
                return

    def _numbers(self, kind: IntType | MoneyType | DecimalType, now: Any) -> Iterator[Any]:
        step = Decimal(1).scaleb(-scale_of(kind))
        low, high = (Decimal(end) * step for end in (kind.low, kind.high))
        for value in self._wanted(now, step):
            rounded = value.quantize(step)
            if low <= rounded <= high:
                yield int(rounded) if isinstance(kind, IntType) else number_text(rounded, kind)

    def _wanted(self, now: Any, step: Decimal) -> Iterator[Decimal]:
        try:
            held = Decimal(str(now)) if now is not None else Decimal(0)
        except InvalidOperation:
            held = Decimal(0)
        for gap in list(self.facts.gaps)[:4]:
            yield from (held + gap, held - gap, held + gap + step, held + gap - step)
        for number in self.facts.some_numbers:
            yield from (number, number - step, number + step)
        yield from (
            Decimal(0),
            Decimal(1),
            Decimal(2),
            Decimal(10),
            Decimal(1000),
            Decimal(100_000),
        )

    def _dates(self, each: Field) -> Iterator[str]:
        today = self.moment.astimezone(self.maker.zone).date()
        for day in self._days(today):
            inside = (each.low is None or day >= each.low) and (
                each.high is None or day <= each.high
            )
            if inside and 1 <= day <= dt.date.max.toordinal():
                yield dt.date.fromordinal(day).isoformat()

    def _days(self, today: dt.date) -> Iterator[int]:
        for day in self.facts.days:
            yield from (day, day - 1, day + 1)
        now = today.toordinal()
        yield now
        for count in self.facts.counts:
            yield from (now - count, now - count - 1, now - count + 1, now + count, now + count + 1)
            if count <= 120:  # it may be months
                yield from (_months(today, -count), _months(today, -count) - 1)
        year = today.year - LIFETIME
        born = dt.date(year, today.month, min(today.day, 28)).toordinal()
        yield from (born, born + 45, born - 45, now - 1, now + 1, now - 400, now + 400)

    def instants(self) -> Iterator[str]:
        """Moments around the decision, on whole minutes."""
        zone = self.maker.zone
        local = self.moment.astimezone(zone)
        yield self._shown(local - dt.timedelta(days=1))
        for count in self.facts.counts:
            for days in (count, count + 1, count - 1):
                yield self._shown(local - dt.timedelta(days=days))
            if count <= 120:
                month = dt.date.fromordinal(_months(local.date(), -count))
                moved = dt.datetime.combine(month, local.time(), zone)
                yield from (self._shown(moved), self._shown(moved + dt.timedelta(days=1)))
            if count >= 60:
                yield self._shown(local - dt.timedelta(seconds=count - 60))
        yield self._shown(local)
        yield from (self._shown(local - dt.timedelta(hours=h)) for h in (1, 3))
        yield self._shown(local - dt.timedelta(days=800))

    def _shown(self, moment: dt.datetime) -> str:
        return self.maker.instant(moment.replace(second=0, microsecond=0))


def _months(day: dt.date, count: int) -> int:
    """The day so many months away, clamped to the month."""
    month = day.year * 12 + day.month - 1 + count
    year = max(1, month // 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month % 12 + 1, last).toordinal()
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


# ---------------------------------------------------------------- fields


def field_edits(draft: Draft, facts: Facts, maker: Maker) -> Iterator[Draft]:
    """The record with one field other than it is."""
    values = Values(facts, maker, draft.moment)
    for (origin, name), node in facts.inputs.items():
        match origin:
            case "customer":
                yield from _one(
                    draft, "customer", name, maker.schema.fields.get(name), node, values
                )
            case "context":
                yield from _one(
                    draft, "context", name, maker.schema.context.get(name), node, values
                )
            case "event":
                event, _, inner = name.partition(".")
                if draft.event == event:
                    declared = maker.schema.events[event].fields.get(inner)
                    yield from _one(draft, "event", inner, declared, node, values)
            case "request" if name == "as_of":
                yield from _moments(draft, facts, maker)
            case _:
                pass
    if facts.chance:
        yield from _keys(draft, maker)


def _one(
    draft: Draft, where: str, name: str, each: Field | None, node: Input, values: Values
) -> Iterator[Draft]:
    if each is None:
        return
    now = draft.request.get(where, {}).get(name)
    for value in values.of(each, node.type, now):
        made = draft.changed()
        made.request.setdefault(where, {})[name] = value
        yield made
    if each.maybe_unknown and now is not None:
        made = draft.changed()
        del made.request[where][name]
        yield made


def _moments(draft: Draft, facts: Facts, maker: Maker) -> Iterator[Draft]:
    local = draft.moment.astimezone(maker.zone)
    found: list[dt.datetime] = []
    for day in facts.days:
        for near in (day, day - 1, day + 1):
            date = dt.date.fromordinal(near)
            found.append(dt.datetime.combine(date, dt.time(10), maker.zone))
    for clock in facts.clocks:
        for minutes in (clock // 60, clock // 60 - 1, clock // 60 + 61):
            at = dt.time(minutes // 60 % 24, minutes % 60)
            found.append(dt.datetime.combine(local.date(), at, maker.zone))
    for moment in dict.fromkeys(found):
        made = draft.changed()
        made.request["as_of"] = maker.instant(moment)
        declared = None if draft.event is None else maker.schema.events[draft.event]
        if declared is not None and declared.time is not None:
            made.request["event"][declared.time] = made.request["as_of"]
        yield made


def _keys(draft: Draft, maker: Maker) -> Iterator[Draft]:
    """Other members: who is held out hangs on the key."""
    key = maker.schema.fields.get(maker.schema.key)
    if key is None or not isinstance(key.type, TextType):
        return
    for number in range(1, MOST_KEYS + 1):
        made = draft.changed()
        made.request["customer"][maker.schema.key] = f"M{number}"
        yield made
