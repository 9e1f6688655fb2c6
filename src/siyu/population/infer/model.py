"""What was seen in data files, and what is guessed from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from siyu.words import Words

Kind = Literal[
    "bool", "int", "decimal", "date", "time", "datetime", "text", "set", "rows", "geo", "nothing"
]
Looks = Literal["phone", "email", "id_card", "plate", ""]
Format = Literal["parquet", "csv", "jsonl", "duckdb"]


class InferFailed(Exception):
    """Data that cannot be read, or say too little: `said` is why, `advice` what to do."""

    def __init__(self, said: Words, advice: Words = "") -> None:
        super().__init__(str(said))
        self.said = said
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table lies: `paths` as `sources.yaml` may say them (files and globs); `table` of a
    DuckDB file. `select` is the FROM-able SQL of its rows, `encoding` that of CSV files which are
    not UTF-8."""

    name: str
    format: Format
    paths: tuple[str, ...]
    select: str
    table: str | None = None
    event: bool = False
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One column of a table, after all its rows were looked at.

    `known` rows have a value. `low` and `high` are the least and largest number, or text of the
    first and last date. `members` are the different words with their counts, most frequent first,
    where there are few; `distinct` is roughly how many different values there are, and `unique`
    whether none occurs twice. `form` is how dates are written where not as 2026-11-21, `zoned`
    whether times say their zone, `floats` whether numbers are binary fractions. `yes` and `no` are
    the words of a truth value that is written in its own way. `second` is the column of the
    longitude of a place.
    """

    name: str
    kind: Kind
    rows: int
    known: int
    distinct: int
    unique: bool = False
    low: Decimal | str | None = None
    high: Decimal | str | None = None
    scale: int = 0
    members: tuple[tuple[str, int], ...] = ()
    looks: Looks = ""
    form: str | None = None
    zoned: bool = True
    floats: bool = False
    yes: str | None = None
    no: str | None = None
    separator: str | None = None
    second: str | None = None

    @property
    def missing(self) -> int:
        """Rows without a value."""
        return self.rows - self.known


@dataclass(frozen=True, slots=True)
class TableSeen:
    """A table that was looked at."""

    place: Place
    rows: int
    columns: tuple[Seen, ...]

    @property
    def name(self) -> str:
        return self.place.name

    def column(self, name: str) -> Seen | None:
        """The column of a name, if there is one."""
        return next((each for each in self.columns if each.name == name), None)


@dataclass(frozen=True, slots=True)
class FieldGuess:
    """A field: its settings in the order in which a schema file says them, the words of its enum,
    and what a person should look at."""

    name: str
    seen: Seen
    settings: dict[str, object]
    enum: tuple[str, ...] = ()
    notes: tuple[Words, ...] = ()
    shared: str = ""  # what its enum would be called


@dataclass(frozen=True, slots=True)
class TableGuess:
    """A table of the draft. `path` is "customer", "orders", "orders.lines" or "events.NAME";
    `owner` is the column with the customer's key, `parent` that with the key of the row around."""

    path: str
    seen: TableSeen
    fields: tuple[FieldGuess, ...]
    key: str | None = None
    time: str | None = None
    owner: str | None = None
    parent: str | None = None
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """A whole draft; `loose` are tables that lead to no customer."""

    tables: tuple[TableGuess, ...]
    loose: tuple[TableSeen, ...] = field(default=())

    @property
    def customer(self) -> TableGuess:
        return self.tables[0]
