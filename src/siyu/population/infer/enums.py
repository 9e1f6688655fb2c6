"""Which fields share the words of one enum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, count

from siyu.population.infer.model import FieldGuess, TableGuess

Place = tuple[str, str]  # a table's path, a field's name
Words = dict[str, list[str]]


def enums_for(
    fields: Iterable[tuple[TableGuess, FieldGuess]], known: Mapping[str, tuple[str, ...]]
) -> tuple[dict[Place, str], Words]:
    """The enum of each field that has one, and the words of those enums that are not `known` yet.

    Fields of one name whose words overlap have one enum, with the words of all; an enum that is
    known is used where it has all the words.
    """
    used: dict[Place, str] = {}
    made: Words = {}
    for table, field in fields:
        if not field.enum:
            continue
        name = _name_for(table, field, known, made)
        if name not in known:
            words = made.setdefault(name, [])
            words += [word for word in field.enum if word not in words]
        used[table.path, field.name] = name
    return used, made


def _name_for(
    table: TableGuess, field: FieldGuess, known: Mapping[str, tuple[str, ...]], made: Words
) -> str:
    own = f"{table.path.replace('.', '_')}_{field.shared}"
    for name in chain((field.shared, own), _numbered(own)):
        if name in known:
            if set(field.enum) <= set(known[name]):
                return name
        elif name not in made or set(made[name]) & set(field.enum):
            return name
    raise AssertionError("numbers do not end")


def _numbered(name: str) -> Iterator[str]:
    return (f"{name}_{number}" for number in count(2))
