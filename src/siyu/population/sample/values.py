"""A field's values as SQL: held values first (numbers scaled, days and microseconds since 1970),
then as they stand in a column."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import assert_never

from siyu.population.sample import shapes, words
from siyu.population.sample.clock import Clock
from siyu.population.sample.draws import Draws, text
from siyu.population.sample.held import customer_key, number_table, within
from siyu.population.sample.model import Wish
from siyu.schema.model import Collection, Field
from siyu.types import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    DurationType,
    EnumType,
    ErrorType,
    GeoType,
    IntType,
    LevelType,
    MoneyType,
    NumberType,
    SetType,
    TextType,
    TimeType,
    scale_of,
)


@dataclass(frozen=True, slots=True)
class Row:
    """Which row a value is drawn for: SQL of its number, and of its place among its siblings.

    `first` and `last` are SQL of the positions in time between which it may lie.
    """

    path: str
    number: str
    place: str
    first: str = "p0"
    last: str = "p1"

    @property
    def customer(self) -> bool:
        return self.path == "customer"


@dataclass(frozen=True, slots=True)
class Values:
    """Values for a wish."""

    wish: Wish
    draws: Draws
    clock: Clock

    def maybe(self, field: Field, row: Row) -> str:
        """The held value, or NULL at a sensible rate where the field may be missing."""
        value = self.held(field, row)
        if not field.optional:
            return value
        if field.role is not None and not isinstance(field.type, BoolType):
            if not self.wish.names.levels.get(field.role.rpartition(" ")[2]):
                return "NULL"
            return f"CASE WHEN act >= 1229 THEN {value} END"
        if words.is_about(field, "referrer") and row.customer:
            rate = 80 if self.wish.customers > 1 else 0
        else:
            rate = 600 if isinstance(field.type, GeoType) else 780
        return f"CASE WHEN {self._chance(field, row, 'known', rate)} THEN {value} END"

    def held(self, field: Field, row: Row) -> str:
        """The held value."""
        place = (row.path, field.name)
        match field.type:
            case BoolType():
                rate = 40 if field.role == "opt-out" or words.is_about(field, "no") else 450
                return self._chance(field, row, "true", rate)
            case IntType() | DecimalType() | MoneyType() | DurationType():
                return self._number(field, field.type, row)
            case DateType():
                return self._date(field, row)
            case DateTimeType():
                return self._datetime(field, row)
            case TimeType():
                return self.draws.one_of(shapes.seconds(), row.number, place)
            case EnumType():
                members = words.members_weighted(field.type.members)
                return self.draws.one_of(members, row.number, place)
            case LevelType():
                return self._level(field.type)
            case SetType():
                return self._set(field, field.type, row)
            case GeoType():
                return self._geo(row, place)
            case TextType() | ErrorType():
                return self._text(field, row)
            case _:
                assert_never(field.type)

    def _chance(self, field: Field, row: Row, what: str, per_mille: int) -> str:
        return self.draws.chance(row.number, (row.path, field.name, what), per_mille)

    # ------------------------------------------------------------ numbers

    def _number(self, field: Field, kind: NumberType, row: Row) -> str:
        place = (row.path, field.name)
        if row.customer and words.is_about(field, "age") and (born := self._born()):
            years = f"({self.clock.today} - ({born})) * 400 // 146097"
            unit = 10 ** scale_of(kind)
            return f"least(greatest({years} * {unit}, {kind.low}), {kind.high})"
        table = number_table(field, kind, row.customer)
        if len(table) != shapes.AMOUNTS or table[0] < 0:
            return self.draws.one_of(table, row.number, place)
        drawn = self.draws.amount(table, row.number, place)
        if not isinstance(kind, MoneyType) or kind.scale != 2 or table[-1] < 1000:
            return drawn
        odd = self.draws.number(row.number, (*place, "price"), 4)
        ending = f"{drawn} % 100"  # half of all prices are round, or end in 90
        price = f"({drawn} - CASE {odd} WHEN 0 THEN {ending} WHEN 1 THEN {ending} - 90 ELSE 0 END)"
        return f"least(greatest({price}, {kind.low}), {kind.high})"

    def _born(self) -> str:
        """The day of birth that the customer's table has."""
        for field in self.wish.schema.fields.values():
            if isinstance(field.type, DateType) and _own_birthday(field):
                return self._date(field, Row("customer", "i", "i"))
        return ""

    # ------------------------------------------------------------ time

    def _date(self, field: Field, row: Row) -> str:
        return within(field, self._any_date(field, row))

    def _any_date(self, field: Field, row: Row) -> str:
        place = (row.path, field.name)
        today = self.clock.today
        if row.customer and words.is_about(field, "born"):
            return self._birthday(row, place, words.is_about(field, "child"))
        if row.customer and words.is_about(field, "joined"):
            return self.joined()
        if field.role is not None or words.is_about(field, "until"):
            return f"({today - 30} + {self.draws.number(row.number, place, 395)})"
        span = f"({row.last} - {row.first} + 1)"
        drawn = self.draws.number(row.number, place, 2**40)
        return self.clock.day_at(f"({row.first} + {drawn} % {span})")

    def joined(self) -> str:
        """The day on which a customer joined."""
        first = self.clock.days[0]
        return (
            f"(CASE WHEN joined < 0 THEN {first} + joined * 2 ELSE {self.clock.day_at('p0')} END)"
        )

    def _birthday(self, row: Row, place: tuple[str, str], child: bool) -> str:
        year = int(self.clock.today / 365.2425) + 1970
        ages = shapes.bell(5, 4, 0, 17) if child else shapes.bell(36, 11, 19, 80)
        age = self.draws.one_of(ages, row.number, (*place, "age"))
        drawn = self.draws.number(row.number, place, 365)
        leap = [f"{y}-02-29" for y in range(year - 78, year - 19) if y % 4 == 0 and y != 1900]
        special = ", ".join(str(_day(each)) for each in leap)
        rare = self.draws.number(row.number, (*place, "rare"), 10_000)
        listed = f"[{special}][1 + {rare} % {len(leap)}]"
        usual = f"({self.clock.today} - ({age} * 1461) // 4 - {drawn})"
        return usual if child else f"CASE WHEN {rare} < 60 THEN {listed} ELSE {usual} END"

    def _datetime(self, field: Field, row: Row) -> str:
        place = (row.path, field.name)
        if row.customer and words.is_about(field, "joined"):
            return f"({self.clock.utc(f'({self.joined()} * 86400)')} * 1000000)"
        if words.is_about(field, "until"):
            ahead = self.draws.number(row.number, place, 395)
            return f"({self.clock.as_of} + ({ahead} - 30) * 86400000000)"
        return self.clock.instant(row.first, row.last, row.number, place)

    # ------------------------------------------------------------ words and places

    def _level(self, kind: LevelType) -> str:
        levels = self.wish.names.levels.get(kind.tier, ())
        if not levels:
            return "NULL"
        steps = [levels[min(len(levels) - 1, place * len(levels) // 20)] for place in range(16)]
        steps[15] = levels[-1]
        return self.draws.listed(steps, "(act // 256)") if len(levels) > 1 else text(levels[0])

    def _set(self, field: Field, kind: SetType, row: Row) -> str:
        pool = self.pool(field)
        if isinstance(kind.item, EnumType):
            pool = kind.item.members
        elif not pool:
            pool = words.TAGS
        found: list[tuple[str, ...]] = []
        for place in range(64):
            size = (0, 0, 1, 1, 1, 2, 2, 3)[place % 8]
            step = 1 + place % max(1, len(pool) - 1)
            chosen = {pool[(place + step * each) % len(pool)] for each in range(size)}
            found.append(tuple(sorted(chosen)))
        index = self.draws.number(row.number, (row.path, field.name), len(found))
        return self.draws.listed(found, index)

    def _geo(self, row: Row, place: tuple[str, str]) -> str:
        town = self.draws.number(row.number, place, len(words.PLACES))
        away = self.draws.number(row.number, (*place, "away"), 4_000_000)
        north = self.draws.listed([each[0] for each in words.PLACES], town)
        east = self.draws.listed([each[1] for each in words.PLACES], town)
        lat = f"({north} - 1000 + {away} % 2000)"
        lon = f"({east} - 1000 + {away} // 2000)"
        return f"struct_pack(lat := {lat}, lon := {lon})"

    def pool(self, field: Field) -> tuple[str, ...]:
        """Words for a field, those that the policy looks for first."""
        known = self.wish.names.words.get(field.name, ())
        lists = {
            "category": words.CATEGORIES, "city": words.CITIES, "brand": words.BRANDS,
            "weather": words.WEATHERS, "channel": words.CHANNELS, "status": words.STATUSES,
        }  # fmt: skip
        usual = next((each for kind, each in lists.items() if words.is_about(field, kind)), ())
        if not known:
            return usual
        return (*known, *(each for each in usual if each not in known))

    def things(self, rows: Collection) -> tuple[str, ...]:
        """What rows are about, one each, where they stand for things that the policy asks for by
        name (such as permissions) and not for what happened; empty where they do not."""
        key = rows.fields[rows.key] if rows.key is not None and rows.time is None else None
        if key is None or not isinstance(key.type, TextType):
            return ()
        return self.wish.names.words.get(key.name, ())

    def _text(self, field: Field, row: Row) -> str:
        place = (row.path, field.name)
        if field.pii:
            return self._fictional(field, row)
        if words.is_about(field, "referrer") and row.customer:
            return self._somebody_else(row, place)
        pool = self.pool(field)
        if pool:
            return self.draws.one_of(words.weighted(pool), row.number, place)
        if words.is_about(field, "sku"):
            return f"('SKU' || (10000 + {self._zipf(row, place, 5000)}))"
        if words.is_about(field, "store"):
            return f"('S' || (100 + {self._zipf(row, place, 300)}))"
        if words.is_about(field, "advisor"):
            number = self.draws.number("i", place, max(1, self.wish.customers // 300))
            return f"('A' || (1 + {number}))"
        prefix = text(f"{field.name}-")
        return f"({prefix} || (1 + {self._zipf(row, place, 40)}))"

    def _zipf(self, row: Row, place: tuple[str, str], size: int) -> str:
        """A number below `size`, small ones more often."""
        drawn = self.draws.number(row.number, place, 65_536)
        return f"({drawn} * {drawn} // 65536 * {size} // 65536)"

    def _fictional(self, field: Field, row: Row) -> str:
        """Personal values that nobody can take for somebody's."""
        number = f"{row.number} % 10000000"
        if words.is_about(field, "phone"):
            return f"('000' || (10000000 + {number}))"
        if words.is_about(field, "email"):
            return f"('m' || {row.number} || '@example.com')"
        if words.is_about(field, "address"):
            house = self.draws.number(row.number, (row.path, field.name), 500)
            return f"('虚构路' || (1 + {house}) || '号')"
        if words.is_about(field, "person"):
            return f"('虚构' || {row.number})"
        return f"('fictional-' || {row.number})"

    def _somebody_else(self, row: Row, place: tuple[str, str]) -> str:
        """The key of another customer."""
        if self.wish.customers < 2:
            return "NULL"
        step = self.draws.number(row.number, place, self.wish.customers - 1)
        return customer_key(self.wish, f"((i + 1 + {step}) % {self.wish.customers})")


def _own_birthday(field: Field) -> bool:
    return words.is_about(field, "born") and not words.is_about(field, "child")


def _day(written: str) -> int:
    return (dt.date.fromisoformat(written) - shapes.EPOCH).days
