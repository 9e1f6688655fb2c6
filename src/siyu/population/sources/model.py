"""What a `sources.yaml` says, once it has been read and found right.

Nothing here has looked at a table yet: names of source columns are as people wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from siyu.text import NOWHERE, Source, Span

Scalar = str | int | Decimal | bool | None
Format = Literal["parquet", "csv", "jsonl", "duckdb", "postgres"]
Unique = Literal["checked", "trusted"]
CUSTOMER = "customer"
THROUGH = "customer of the profile"  # the column that a table gets which names profiles


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table lies. Files, globs and folders as written (`paths`), or a database: `table` or
    `query` of a `.duckdb` file, or of PostgreSQL, whose address is in the environment variable
    `dsn_env`. `nulls` are texts of CSV cells that mean nothing is there."""

    format: Format
    paths: tuple[str, ...] = ()
    table: str | None = None
    query: str | None = None
    dsn_env: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header: tuple[str, ...] | None = None  # names of the columns; None: the first line has them
    nulls: tuple[str, ...] = ("",)
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Column:
    """Where a field's values come from: one column, or two of a place (latitude, longitude).

    `format` is how dates and times are written (as `strftime` has it), `timezone` that of times
    without one, `separator` what stands between the items of a set, `values` what words of the
    source mean; `shortest` lets binary fractions count as their shortest digits.
    """

    names: tuple[str, ...]
    format: str | None = None
    timezone: str | None = None
    separator: str | None = None
    shortest: bool = False
    values: Mapping[str, Scalar] = field(default_factory=dict)
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose column is one of `among`, or lies from `low` to `high`; the others are left out,
    as if they were not in the table. None in `among` is where nothing stands."""

    column: str
    among: tuple[Scalar, ...] | None = None
    low: Scalar = None
    high: Scalar = None
    negated: bool = False
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Fresh:
    """The latest value of a column must not be older than this many minutes before as_of."""

    column: str
    minutes: int
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Complete:
    """Each of the last days up to as_of's must have a row."""

    column: str
    days: int
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Expect:
    """What must hold of a table before anything is decided with it."""

    least: int | None = None
    most: int | None = None
    fresh: Fresh | None = None
    complete: Complete | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Through:
    """Rows that name profiles of channels belong to the customers that an identity has made of
    them. `path` is its folder, or the file identities.parquet; `profile` the column with the
    profile's key. The channel is `channel`, or stands in `channel_column`."""

    path: str
    profile: str
    channel: str | None = None
    channel_column: str | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `name` is "customer", "customer.also.1" (from 1), a collection's path,
    "events.NAME" or "profiles.1" (from 1). `customer` is its column with the customer's key,
    `parent` that with the key of the row around it. `missing`: it need not be there yet.
    `through`: its customers are found by profiles. `channel` is that of all its profiles, where it
    is a table of profiles."""

    name: str
    place: Place
    columns: Mapping[str, Column] = field(default_factory=dict)
    where: tuple[Filter, ...] = ()
    expect: Expect = Expect()
    customer: Column = Column(())
    parent: Column | None = None
    timezone: str | None = None
    shortest: bool = False
    unique: Unique = "checked"
    missing: bool = False
    through: Through | None = None
    channel: str | None = None
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def column(self, name: str) -> Column:
        """Where a field's values come from: as mapped, else the column of its own name."""
        found = self.columns.get(name)
        return found if found is not None else Column((name,), span=self.span)


@dataclass(frozen=True, slots=True)
class Sources:
    """A whole file. `timezone` and `currency` are None where the policy's serve. `metrics` says in
    which column of the customers' table a metric stands that was computed before; `context` is what
    is the same for everyone. `profiles` are for identities; runs do not read them."""

    customer: Table
    also: tuple[Table, ...] = ()
    metrics: Mapping[str, Column] = field(default_factory=dict)
    collections: Mapping[str, Table] = field(default_factory=dict)
    events: Mapping[str, Table] = field(default_factory=dict)
    context: Mapping[str, object] = field(default_factory=dict)
    schema: str | None = None
    timezone: str | None = None
    currency: str | None = None
    profiles: tuple[Table, ...] = ()
    source: Source = field(default_factory=lambda: Source.of("", ""))

    def tables(self) -> Iterator[Table]:
        """Every table that runs read, the customers' first."""
        yield self.customer
        yield from self.also
        yield from self.collections.values()
        yield from self.events.values()
