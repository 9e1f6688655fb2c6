"""What is asked for, and what a sample consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from siyu.schema.model import Schema
from siyu.words import Words

Form = Literal["parquet", "csv", "jsonl"]
FORMS: tuple[Form, ...] = ("parquet", "csv", "jsonl")

MILLION = 1_000_000


class SampleFailed(Exception):
    """A sample that cannot be made: `said` is why, `advice` what to do."""

    def __init__(self, said: Words, advice: Words = "") -> None:
        super().__init__(str(said))
        self.said = said
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Names:
    """What a policy calls its rules, as its logs hold them; placeholders where there is no policy.

    `points` are pairs of rule and account, `levels` those of each tier, lowest first. `words` are
    the texts that the policy compares each field with, by the field's name; `redeeming` are the
    pairs by which points are spent.
    """

    contacts: tuple[str, ...] = ("welcome", "birthday", "wakeup")
    incentives: tuple[str, ...] = ("new_member", "wakeup_coupon")
    points: tuple[tuple[str, str], ...] = (("purchase", "points"),)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    redeeming: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """A sample that is asked for.

    `rows` is how many rows a customer has on average, by collection's path or event's name; `as_of`
    is in microseconds since 1970 in UTC; `dirty` is how many of a million rows are spoilt, `skew`
    how many of a million rows belong to one customer.
    """

    schema: Schema
    customers: int
    seed: int
    as_of: int
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    rows: Mapping[str, float] = field(default_factory=dict)
    form: Form = "parquet"
    dirty: int = 0
    skew: int = 0
    names: Names = field(default_factory=Names)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: `sql` over the table's base relation. `domain` says what it holds.

    `outside` is SQL of a value that cannot be right (of a key: one that nobody has, by the row's
    number `__row`), empty where there is none; `written` is how a value (`{}`) stands in the file.
    """

    name: str
    sql: str
    domain: Literal[
        "customer", "parent", "key", "number", "date", "datetime", "enum", "text", "other"
    ] = "other"
    needed: bool = False
    outside: str = ""
    written: str = "{}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the sample: SELECT `columns` FROM `base`.

    `path` is "customer", a collection's path or "events/NAME"; `base` has `{low}` and `{high}` for
    the first customer and the one behind the last. `heavy` is the base of the rows that the one
    heavy customer has beside those, `{low}` and `{high}` counting rows; `extra` is how many.
    `mean` is the rows that a customer has on average, for cutting the work into parts.
    """

    path: str
    base: str
    columns: tuple[Column, ...]
    row: str  # the number of a row, by which it is drawn
    mean: float = 1.0
    heavy: str = ""
    extra: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """A table that was written: its files by their names in the folder, rows and bytes."""

    path: str
    pattern: str
    files: int
    rows: int
    size: int
