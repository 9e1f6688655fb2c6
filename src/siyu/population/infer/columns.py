"""From a column that was looked at to a field of a schema."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from siyu.population.infer import names
from siyu.population.infer.model import FieldGuess, Seen, TableSeen
from siyu.schema.loading import good_name
from siyu.words import Words, say, say_n

MOST_MEMBERS = 24
LONGEST_MEMBER = 40
RESERVED = ("known", "unknown", "any")
WIDEST = 10**12


def guess_fields(table: TableSeen, without: tuple[str, ...] = ()) -> tuple[FieldGuess, ...]:
    """The fields of a table's columns, without some (those that only join it to others)."""
    columns = {each.name for each in table.columns}
    taken: set[str] = set()
    found = []
    hidden: set[str] = set(without)
    for seen in table.columns:
        if seen.name in hidden or seen.kind == "rows":
            continue
        place = names.place_of(seen.name, columns) if seen.kind in ("decimal", "int") else None
        if place is not None:
            hidden.add(place[1])
            seen = replace(seen, kind="geo", second=place[1])
        guess = _guess(seen, place[0] if place is not None else None, table)
        name, count = guess.name, 2
        while name in taken:
            name, count = f"{guess.name}_{count}", count + 1
        taken.add(name)
        found.append(replace(guess, name=name))
    return tuple(each for each in found if each.seen.name not in hidden or each.seen.second)


def _guess(seen: Seen, place: str | None, table: TableSeen) -> FieldGuess:
    name, label = names.field_name(place or seen.name)
    settings: dict[str, object] = {}
    notes: list[Words] = []
    enum: tuple[str, ...] = ()
    match seen.kind:
        case "int" | "decimal":
            _number(seen, settings, notes)
        case "text":
            enum = _words(seen, settings, notes, table)
        case "set":
            settings["type"] = "set of text"
        case "nothing":
            settings["type"] = "text"
            notes.append(say("all rows are empty: the type is a guess"))
        case "date":
            settings["type"] = "date"
            _date(seen, settings, notes)
        case "datetime":
            settings["type"] = "datetime"
            if not seen.zoned:
                notes.append(say("times without a zone: `timezone` of sources.yaml says theirs"))
        case _:
            settings["type"] = seen.kind
    if label is not None:
        settings["label"] = label
    if seen.missing:
        settings["optional"] = True
        empty = say_n("1 of {rows} rows is empty", "{count} of {rows} rows are empty",
                      seen.missing, rows=seen.rows)  # fmt: skip
        notes.append(empty)
    personal = names.personal(seen.name) or names.LOOKS.get(seen.looks)
    if personal is not None and settings["type"] != "money" and not _is_a_flag(seen):
        settings["pii"] = True
        told = say("by its name {thing}", thing=personal)
        if seen.looks:
            told = say("looks like {thing}", thing=names.LOOKS[seen.looks])
        notes.append(told)
    if names.is_opt_out(seen.name) and settings["type"] == "bool":
        notes.append(say("may be `role: opt-out`"))
    return FieldGuess(name, seen, settings, enum, tuple(notes), name)


def _is_a_flag(seen: Seen) -> bool:
    return seen.kind == "bool" or (seen.kind == "datetime" and not names.is_birthday(seen.name))


# ---------------------------------------------------------------- numbers


def _number(seen: Seen, settings: dict[str, object], notes: list[Words]) -> None:
    if is_flag(seen):
        settings["type"] = "bool"
        notes.append(say("only 0 and 1 occur, and the name asks for yes or no"))
        return
    scale = 0 if seen.kind == "int" else seen.scale
    if names.is_money(seen.name) and scale <= 4:
        settings["type"] = "money"
        if scale > 2:
            settings["scale"] = scale
        notes.append(say("by its name an amount of money; is the currency the policy's?"))
    elif seen.kind == "int":
        settings["type"] = "int"
    else:
        settings["type"] = "decimal"
        settings["scale"] = max(scale, 1)
    if seen.floats and seen.kind == "decimal":
        notes.append(say("binary fractions in the data; digits beyond {scale} are refused",
                         scale=scale))  # fmt: skip
    low, high = seen.low, seen.high
    if isinstance(low, Decimal) and isinstance(high, Decimal) and not _identifies(seen):
        settings["min"], settings["max"] = outward(low, high)
        notes.append(say("seen: {low} to {high}", low=plain(low), high=plain(high)))
    elif isinstance(low, Decimal) and isinstance(high, Decimal) and (
        max(abs(low), abs(high)) > WIDEST
    ):  # fmt: skip
        settings["min"], settings["max"] = outward(low, high)


def is_flag(seen: Seen) -> bool:
    """Whether whole numbers stand for yes and no."""
    return seen.kind == "int" and seen.low == 0 and seen.high == 1 and names.is_truth(seen.name)


def _identifies(seen: Seen) -> bool:
    """Whether a number only tells things apart, so that its range says nothing."""
    return seen.kind == "int" and names.is_key(seen.name)


def outward(low: Decimal, high: Decimal) -> tuple[int, int]:
    """A range that holds the other one, with round ends.

    >>> outward(Decimal("3.2"), Decimal("812")), outward(Decimal(-7), Decimal(7))
    ((0, 1000), (-10, 10))
    """
    least = 0 if low >= 0 else -_round(-low)
    return least, 0 if high <= 0 else _round(high)


def _round(value: Decimal) -> int:
    """The least of 1, 2, 5, 10, 20, 50 … that is not less."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if value <= step * factor:
                return step * factor
        step *= 10


def plain(value: Decimal) -> str:
    """A number's digits, without zeros at the end.

    >>> plain(Decimal("120.50")), plain(Decimal("100"))
    ('120.5', '100')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# ---------------------------------------------------------------- words and dates


def _words(
    seen: Seen, settings: dict[str, object], notes: list[Words], table: TableSeen
) -> tuple[str, ...]:
    settings["type"] = "text"
    if seen.separator and any(mark in seen.name.casefold() for mark in ("tag", "标签", "list")):
        settings["type"] = "set of text"
        notes.append(say("`{mark}` stands between the words", mark=seen.separator))
        return ()
    words = tuple(word for word, _ in seen.members)
    if not _may_be_enum(seen, words, table):
        return ()
    notes.append(say_n("1 word was seen", "{count} words were seen", len(words)))
    return words


def _may_be_enum(seen: Seen, words: tuple[str, ...], table: TableSeen) -> bool:
    """Few words that occur again and again, and that can be names."""
    if not 2 <= len(words) <= MOST_MEMBERS or seen.known < 5 * len(words):
        return False
    if seen.looks or names.personal(seen.name) or names.is_key(seen.name):
        return False
    return all(len(w) <= LONGEST_MEMBER and good_name(w) and w not in RESERVED for w in words)


def _date(seen: Seen, settings: dict[str, object], notes: list[Words]) -> None:
    """The year before the first one, so that a date out of nowhere is noticed."""
    if isinstance(seen.low, str) and isinstance(seen.high, str):
        year = int(seen.low[:4])
        if year > 1:
            settings["min"] = f"{year - 1:04}-01-01"
        notes.append(say("seen: {low} to {high}", low=seen.low, high=seen.high))
