"""From a column of a source to held values, per physical type, type of the field and dialect.

Texts (CSV, and text columns of any source) are read as `siyu.schema.values.held` reads what JSON
would have there: numbers, `true` and `false` without quotes, lists and places as JSON. What cannot
be a value gives NULL beside `given`; nothing fails while a query runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from siyu.functions.declaration import Dialect
from siyu.functions.sql import literal
from siyu.population.sources.convert import numbers, times, words
from siyu.population.sources.convert.converted import Code, Converted, Refused, Why
from siyu.population.sources.model import Column
from siyu.population.sources.physical import TEXT, Physical
from siyu.population.sources.sqltext import as_text, matches
from siyu.schema import Field
from siyu.schema.numbers import range_wanted
from siyu.schema.shape import type_name
from siyu.schema.values import Mistake, held
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
    SetType,
    TextType,
    TimeType,
    Type,
    scale_of,
)
from siyu.words import Words, say

__all__ = ["Code", "Converted", "How", "Refused", "Why", "convert"]

# Adds a column, by its expression, below the one that is made; gives its name. A column of level 1
# may name columns of the source, one of level 2 also those of level 1.
Bind = Callable[[str, int], str]
Source = tuple[str, Physical]  # SQL of a source column, and its type


@dataclass(frozen=True, slots=True)
class How:
    """What a conversion depends on besides the types: `zone` is that of times without one,
    `first` and `last` the earliest and latest instants there may be."""

    dialect: Dialect
    zone: str | None
    first: int
    last: int
    column: Column
    shortest: bool = False


def convert(field: Field, sources: Sequence[Source], how: How, bind: Bind) -> Converted:
    """The held value of a field out of its column (of a place: perhaps two columns).

    Raises Refused where no value can ever be made of such a column.
    """
    if len(sources) == 2:
        return _two_columns(field, sources, how)
    x, column = sources[0]
    made = _Making(field, x, column, how, bind)
    return made.run()


def _two_columns(field: Field, sources: Sequence[Source], how: How) -> Converted:
    if not isinstance(field.type, GeoType):
        raise Refused(say("only a place comes from two columns"))
    for _, column in sources:
        if column.kind not in ("int", "decimal", "float", "text", "json"):
            raise _unlike(field, column)
    (lat, north), (lon, east) = sources
    dialect = how.dialect
    halves = words.degrees(lat, north, dialect), words.degrees(lon, east, dialect)
    given = f"({lat} IS NOT NULL OR {lon} IS NOT NULL)"
    shown = [f"COALESCE({as_text(each, dialect)}, '-')" for each in (lat, lon)]
    raw = f"concat({shown[0]}, ', ', {shown[1]})"
    return Converted(words.place(*halves, dialect), given, raw, _fallback(field))


def _unlike(field: Field, column: Physical) -> Refused:
    kind, name = type_name(field.type), column.name
    if column.kind == "float":
        return Refused(
            say("holds binary fractions ({type}), which are not exact", type=name),
            say(
                "store the column as DECIMAL; or write `floats: shortest` to take the shortest "
                "digits that mean the same fraction"
            ),
        )
    if column.kind == "naive" and isinstance(field.type, DateTimeType):
        return Refused(
            say("holds times without a zone ({type})", type=name),
            say(
                "say `timezone: Asia/Shanghai`, or which zone it is, for the column, the table or "
                "the file"
            ),
        )
    if isinstance(field.type, BoolType) and column.kind == "int":
        return Refused(
            say("holds numbers ({type}), not true and false", type=name),
            say("say what they mean: {values}", values="`values: {1: true, 0: false}`"),
        )
    return Refused(
        say("is of type {type}, of which no `{kind}` can be made", type=name, kind=kind),
        say("name another column, or change the type in the schema"),
    )


def _fallback(field: Field) -> tuple[Why, ...]:
    """What is said where nothing closer is known."""
    found = held(field.type, object())
    wanted: Words = found.wanted if isinstance(found, Mistake) else say("must be another value")
    return (Why("type", "TRUE", wanted),)


@dataclass(slots=True)
class _Making:
    """One conversion. `x` is the column as it is; `t` its text, once it is written as text."""

    field: Field
    x: str
    column: Physical
    how: How
    bind: Bind

    def run(self) -> Converted:
        given = f"{self.x} IS NOT NULL"
        raw = as_text(self.x, self.how.dialect)
        if self.column.kind == "text" and self.column.name.upper() not in ("VARCHAR", "STRING"):
            self.x = self.bind(raw, 1)  # an enum's or a UUID's
        if self.how.column.values:
            self._mapped()
            given = f"{self.x} IS NOT NULL"
        value, whys = self._value(self.field.type)
        return Converted(value, given, raw, whys)

    @property
    def dialect(self) -> Dialect:
        return self.how.dialect

    def _mapped(self) -> None:
        """Words of the source by what they mean; the result is text."""
        text = self._string() if self.column.kind == "json" else as_text(self.x, self.dialect)
        if self.column.kind == "json":
            text = f"COALESCE({text}, {self.x})"
        arms = []
        for word, meant in self.how.column.values.items():
            value = meant if not isinstance(meant, bool) else ("true" if meant else "false")
            then = "NULL" if value is None else literal(str(value), self.dialect)
            arms.append(f"WHEN {text} = {literal(word, self.dialect)} THEN {then}")
        self.x = self.bind(f"CASE {' '.join(arms)} ELSE {text} END", 1)
        self.column = TEXT

    def _string(self) -> str:
        """What a JSON text holds between its quotes; NULL of other JSON."""
        inner = f"json_extract_string({self.x}, '$')"
        return f"CASE WHEN {self.x} LIKE '\"%' AND json_valid({self.x}) THEN {inner} END"

    def _text(self, quoted: bool | None = None) -> str:
        """The column as text. Of JSON: what stands in quotes, or (`quoted` False) what does not,
        or (None) either."""
        if self.column.kind != "json":
            return self.x
        if quoted:
            return self.bind(self._string(), 1)
        token = f"CASE WHEN {self.x} NOT LIKE '\"%' THEN {self.x} END"
        if quoted is False:
            return self.bind(token, 1)
        return self.bind(f"COALESCE({self._string()}, {token})", 1)

    def _value(self, kind: Type) -> tuple[str, tuple[Why, ...]]:
        match kind:
            case BoolType():
                return self._bool(), _fallback(self.field)
            case IntType() | DecimalType() | MoneyType() | DurationType():
                return self._number(kind)
            case DateType():
                return self._date()
            case TimeType():
                return self._time(), _fallback(self.field)
            case DateTimeType():
                return self._instant()
            case TextType() | LevelType() | ErrorType():
                value = self._words()
                nul = words.has_nul(value, self.dialect)
                why = Why("nul", nul, say("must not hold the character NUL"), False)
                return words.text(value, self.dialect), (why, *_fallback(self.field))
            case EnumType():
                (fallback,) = _fallback(self.field)
                why = Why("member", "TRUE", fallback.wanted)
                return words.member(kind, self._words(), self.dialect), (why,)
            case SetType():
                return self._set(kind)
            case GeoType():
                return self._place()
            case _:
                assert_never(kind)

    def _refuse(self) -> Refused:
        return _unlike(self.field, self.column)

    def _bool(self) -> str:
        if self.column.kind == "bool":
            return self.x
        if self.column.kind not in ("text", "json"):
            raise self._refuse()
        x = self._text(quoted=False)
        if self.column.kind == "text":
            x = f"lower({x})"
        return f"CASE {x} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"

    def _number(
        self, kind: IntType | DecimalType | MoneyType | DurationType
    ) -> tuple[str, tuple[Why, ...]]:
        dialect = self.dialect
        match self.column.kind:
            case "int" | "decimal":
                value = numbers.from_column(kind, self.x, self.column, dialect)
                whys = numbers.whys(kind, as_text(self.x, dialect), dialect)
            case "float" if self.how.shortest or self.how.column.shortest:
                value = numbers.from_column(kind, self.x, self.column, dialect)
                finite = f"abs({self.x}) < 1e300"
                text = f"CASE WHEN {finite} THEN '0' ELSE 'no' END"
                beyond = f"abs({self.x}) > {10**15}"
                whys = (
                    numbers.whys(kind, text, dialect)[0],
                    Why("range", beyond, range_wanted(kind)),
                    *self._float_whys(kind),
                )
            case "text":
                value = numbers.from_text(kind, self.x, dialect)
                if isinstance(kind, DurationType):
                    value = (
                        f"COALESCE({value}, {numbers.from_text_with_unit(kind, self.x, dialect)})"
                    )
                unit = isinstance(kind, DurationType)
                whys = numbers.whys(kind, self.x, dialect)
                if unit:
                    plain = matches(self.x, numbers.NUMBER, dialect)
                    other = numbers.whys(kind, self.x, dialect, unit=True)
                    whys = (
                        *(Why(w.code, f"{plain} AND {w.condition}", w.wanted) for w in whys),
                        *other,
                    )
            case "json":
                return self._json_number(kind)
            case _:
                raise self._refuse()
        return value, whys

    def _float_whys(self, kind: IntType | DecimalType | MoneyType | DurationType) -> list[Why]:
        """Either too many digits or outside the range: the bounds, as binary fractions, tell."""
        power = 10 ** scale_of(kind)
        low, high = kind.low / power, kind.high / power
        outside = f"NOT ({self.x} BETWEEN {low!r} AND {high!r})"
        return [
            Why("range", outside, range_wanted(kind)),
            Why("digits", "TRUE", numbers.digits_wanted(scale_of(kind))),
        ]

    def _json_number(
        self, kind: IntType | DecimalType | MoneyType | DurationType
    ) -> tuple[str, tuple[Why, ...]]:
        dialect = self.dialect
        token = self._text(quoted=False)
        value = numbers.from_text(kind, token, dialect)
        whys = numbers.whys(kind, f"COALESCE({token}, '')", dialect)
        if isinstance(kind, IntType):
            return value, whys
        inner = self._text(quoted=True)
        if isinstance(kind, DurationType):
            quoted = numbers.from_text_with_unit(kind, inner, dialect)
            more = numbers.whys(kind, inner, dialect, unit=True)
        else:
            quoted = numbers.from_text(kind, inner, dialect)
            more = numbers.whys(kind, inner, dialect)
        given = f"{inner} IS NOT NULL"
        return f"COALESCE({value}, {quoted})", (
            *(Why(w.code, f"{given} AND {w.condition}", w.wanted) for w in more),
            *whys,
        )

    # ------------------------------------------------------------ time

    def _date(self) -> tuple[str, tuple[Why, ...]]:
        low, high = self.field.low, self.field.high
        first = dt.date.fromordinal(low if low is not None else 1).isoformat()
        last = dt.date.max if high is None else dt.date.fromordinal(high)

        def of(least: str, most: str) -> str:
            return self._day(least, most)

        value = of(first, last.isoformat())
        whys = list(_fallback(self.field))
        if (form := self.how.column.format) is not None and self.column.kind in ("text", "json"):
            whys = [Why("type", "TRUE", say("must be a date written as `{format}`", format=form))]
        if low is not None or high is not None:
            any_day = of("0001-01-01", "9999-12-31")
            if low is not None:
                told = say("must not be before {date}", date=first)
                whys.insert(0, Why("range", f"COALESCE({any_day} < {low}, FALSE)", told, False))
            if high is not None:
                told = say("must not be after {date}", date=last.isoformat())
                whys.insert(0, Why("range", f"COALESCE({any_day} > {high}, FALSE)", told, False))
        return value, tuple(whys)

    def _day(self, low: str, high: str) -> str:
        form = self.how.column.format
        match self.column.kind:
            case "date":
                return times.date_from_column(self.x, low, high, self.dialect)
            case "naive":
                return times.date_from_midnight(self.x, low, high, self.dialect)
            case "text" | "json" if form is not None:
                parsed = self.bind(times.parsed(self._format(form), form), 2)
                return times.date_from_midnight(parsed, low, high, self.dialect)
            case "text" | "json":
                return times.date_from_text(self._text(quoted=True), low, high, self.dialect)
            case _:
                raise self._refuse()

    def _format(self, form: str) -> str:
        """The text that a format reads."""
        if self.dialect == "spark":
            raise Refused(
                say("has a `format`, which is not read on Spark"),
                say("store dates and times as such, or run with `--engine duckdb`"),
            )
        return self._text(quoted=True)

    def _time(self) -> str:
        match self.column.kind:
            case "time" if self.dialect == "duckdb":
                return times.time_from_column(self.x)
            case "text" | "json":
                return times.time_from_text(self._text(quoted=True), self.dialect)
            case _:
                raise self._refuse()

    def _instant(self) -> tuple[str, tuple[Why, ...]]:
        how, dialect = self.how, self.dialect
        outside = say("must lie within the years 1 to 9999 in every zone")
        range_why: tuple[Why, ...] = (Why("range", "TRUE", outside),)
        if self.column.nanoseconds:
            fine = say("must have at most 6 digits after the seconds")
            range_why = (Why("digits", f"epoch_ns({self.x}) % 1000 <> 0", fine), *range_why)
        zone = how.column.timezone or how.zone
        match self.column.kind:
            case "instant":
                return times.instant_from_column(
                    self.x, how.first, how.last, dialect, self.column.nanoseconds
                ), range_why
            case "naive":
                if zone is None:
                    raise self._refuse()
                wall = times.wall_from_column(self.x, self.column.nanoseconds, dialect)
                instant = self.bind(times.instant_of(self.bind(wall, 1), zone, dialect), 2)
                return times.between(instant, how.first, how.last), range_why
            case "text" | "json":
                return self._instant_of_text(zone, outside)
            case _:
                raise self._refuse()

    def _instant_of_text(self, zone: str | None, outside: Words) -> tuple[str, tuple[Why, ...]]:
        how, dialect = self.how, self.dialect
        fallback = _fallback(self.field)
        if (form := how.column.format) is not None:
            text = self._format(form)
            parsed = self.bind(times.parsed(text, form), 2)
            if "%z" in form:
                value = times.instant_from_column(parsed, how.first, how.last, dialect)
            elif zone is None:
                raise Refused(
                    say("has times without a zone"),
                    say("say `timezone: Asia/Shanghai`, or which zone it is"),
                )
            else:
                wall = self.bind(times.wall_from_column(parsed, False, dialect), 3)
                instant = self.bind(times.instant_of(wall, zone, dialect), 4)
                value = times.between(instant, how.first, how.last)
            told = say("must be a time written as `{format}`", format=form)
            return value, (Why("type", "TRUE", told),)
        text = self._text(quoted=True)
        wall = self.bind(times.wall_from_text(text, dialect), 2)
        offset = self.bind(times.offset_from_text(text, dialect), 2)
        made = f"{wall} - {offset}"
        if zone is not None:
            local = times.instant_of(wall, zone, dialect)
            made = f"CASE WHEN {offset} IS NOT NULL THEN {made} ELSE {local} END"
        instant = self.bind(made, 3)
        whys = [Why("type", f"NOT COALESCE({self._like(times.ANY_CLOCK, times.ANY_OFFSET)}, FALSE)",
                    fallback[0].wanted),
                Why("type", f"NOT {self._like(times.REAL_CLOCK, times.ANY_OFFSET)}",
                    say("must be a time that exists"))]  # fmt: skip
        if zone is None:
            told = say("must say its zone, as in 2026-11-21T10:00:00+08:00")
            whys.append(Why("zone", f"{offset} IS NULL", told))
        told = say("must have a zone that exists, as in 2026-11-21T10:00:00+08:00")
        whys.append(Why("zone", f"NOT {self._like(times.REAL_CLOCK, times.OFFSET)}", told))
        told = say("must have at most 6 digits after the seconds")
        whys.append(Why("digits", f"NOT {self._like(times.CLOCK, times.OFFSET)}", told))
        whys.append(Why("range", f"{wall} IS NOT NULL", outside))
        return times.between(instant, how.first, how.last), (*whys, *fallback)

    def _like(self, clock: str, offset: str) -> str:
        """Whether the text is a date with such a clock, and perhaps such an offset behind it."""
        return matches(self._text(quoted=True), f"{times.DATE}{clock}{offset}?", self.dialect)

    # ------------------------------------------------------------ words and places

    def _words(self) -> str:
        match self.column.kind:
            case "text" | "json":
                return self._text(quoted=True)
            case "int":
                return as_text(self.x, self.dialect)
            case _:
                raise self._refuse()

    def _set(self, kind: SetType) -> tuple[str, tuple[Why, ...]]:
        separator, dialect = self.how.column.separator, self.dialect
        fallback = _fallback(self.field)
        item = held(kind.item, object())
        wanted = item.wanted if isinstance(item, Mistake) else say("must be text")
        each = Why("items", "TRUE", say("each item {wanted}", wanted=wanted))
        match self.column.kind:
            case "list" if self.column.item is not None and self.column.item.kind == "text":
                x = self.x
                if dialect == "duckdb" and self.column.name != "VARCHAR[]":
                    x = self.bind(f"CAST({x} AS VARCHAR[])", 1)
                return words.items_from_list(kind, x, dialect), (each,)
            case "text" | "json" if separator is not None:
                x = self.bind(words.split(self._text(quoted=True), separator, dialect), 2)
                return words.items_from_list(kind, x, dialect), (each,)
            case "text" | "json" if dialect == "duckdb":
                x = self.bind(words.list_from_json(self.x), 1)
                listed = f"CASE WHEN json_valid({self.x}) THEN json_type({self.x}) END"
                no_list = Why("type", f"{listed} IS DISTINCT FROM 'ARRAY'", fallback[0].wanted)
                return words.items_from_list(kind, x, dialect), (no_list, each)
            case "text":
                raise Refused(
                    say("holds text, where a list is wanted"),
                    say("say in `separator` what stands between the items"),
                )
            case _:
                raise self._refuse()

    def _place(self) -> tuple[str, tuple[Why, ...]]:
        whys = _fallback(self.field)
        column, dialect = self.column, self.dialect
        if column.kind == "struct":
            kinds = dict(column.fields)
            if set(kinds) != {"lat", "lon"}:
                raise self._refuse()
            parts = [(f"{self.x}.{part}", kinds[part]) for part in ("lat", "lon")]
            if any(kind.kind not in ("int", "decimal", "float") for _, kind in parts):
                raise self._refuse()
            lat, lon = (words.degrees(x, kind, dialect) for x, kind in parts)
            return words.place(lat, lon, dialect), whys
        if column.kind == "list" and column.item is not None:
            if column.item.kind not in ("int", "decimal", "float"):
                raise self._refuse()
            first, size = (1, "len") if dialect == "duckdb" else (0, "size")
            lat, lon = (f"CAST({self.x}[{first + n}] AS DOUBLE)" for n in range(2))
            value = words.place(lat, lon, dialect)
            return f"CASE WHEN {size}({self.x}) = 2 THEN {value} END", whys
        if column.kind in ("text", "json") and dialect == "duckdb":
            made = words.place_from_json(self.x)
            lat, lon = (self.bind(each, 1) for each in made)
            return words.place(lat, lon, dialect), whys
        raise self._refuse()
