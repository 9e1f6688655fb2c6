"""What comes of converting a column: SQL of the held value, and of why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from siyu.functions.declaration import Dialect
from siyu.population.sources.sqltext import integer_type
from siyu.words import Words

Code = Literal[
    "missing", "type", "digits", "range", "member", "zone", "nul", "items", "empty", "differs",
    "repeated", "many", "unreadable", "no_key", "no_customer", "no_parent",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: it holds where the condition does (of several, the first). `wanted` reads behind
    the field's name, as the reasons of `siyu.records` do; `shown`: with what stood there."""

    code: Code
    condition: str
    wanted: Words
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Converted:
    """`held` is NULL where nothing stands and where what stands is no value; it never fails.
    `given` is true where something stands, `raw` that as text. `whys` tell apart why something that
    stands is no value; the last one's condition is TRUE."""

    held: str
    given: str
    raw: str
    whys: tuple[Why, ...]


class Refused(Exception):
    """A column of a type from which no value of the field can be made; `said` is why."""

    def __init__(self, said: Words, advice: Words = "") -> None:
        super().__init__(str(said))
        self.said = said
        self.advice = advice


def fitted(value: str, low: int, high: int, dialect: Dialect) -> str:
    """A number in the width of its range; NULL outside the range."""
    kind = integer_type(low, high, dialect)
    return f"CASE WHEN {value} BETWEEN {low} AND {high} THEN CAST({value} AS {kind}) END"
