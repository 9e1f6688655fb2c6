"""Profiles out of their tables: one relation with what an identity compares, and what of them was
set aside, with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from siyu.core.identities import PROFILE, Identity, Value
from siyu.evaluators.sql import generate
from siyu.evaluators.sql.names import BAD, KEY
from siyu.functions.declaration import Dialect
from siyu.functions.sql import TEXT
from siyu.population.engines import Engine
from siyu.population.files import Problem
from siyu.population.sources.failed import unfit
from siyu.population.sources.filters import problem
from siyu.population.sources.model import CUSTOMER, Column, Sources
from siyu.population.sources.opened import Opened, OpenSources
from siyu.population.sources.physical import TEXT as A_TEXT
from siyu.population.sources.rejects import COLUMNS, TWICE, rejects
from siyu.population.sources.sqltext import as_text, literal, name
from siyu.population.sources.staged import stage
from siyu.records.plan import Plan
from siyu.text import Span
from siyu.words import ENGLISH, say

CHANNEL = "profile.channel"


@dataclass(frozen=True, slots=True)
class Profiles:
    """The relation `table`: `p`, a number by channel and key in the order of code points;
    `channel`, `profile`; under `values` the raw texts of what is compared, by field and kind; under
    `whens` the verdicts of lines, by code. `rejected` is a relation with the columns of rejects;
    `read` and `aside` count profiles."""

    table: str
    values: tuple[tuple[str, Value], ...]
    whens: dict[str, str]
    rejected: str
    read: int
    aside: int

    def column(self, value: Value) -> str:
        """The column that holds a value's key, once `write_keys` has made it."""
        for place, (_, each) in enumerate(self.values):
            if (each.field, each.kind) == (value.field, value.kind):
                return f"k{place}"
        raise KeyError(value.field)


def values_of(identity: Identity) -> tuple[Value, ...]:
    """What is compared, each once."""
    found: dict[tuple[str, str], Value] = {}
    for value in (*(join.value for join in identity.joins), *identity.conflicts):
        found.setdefault((value.field, value.kind), value)
    return tuple(found.values())


def profile_sources(sources: Sources) -> Sources:
    """The tables of profiles as those that are to be opened. Raises SourcesFailed without any."""
    if not sources.profiles:
        told = say("there is no table of profiles: write `profiles:` with `from:` below it")
        raise unfit(sources.source, (Problem(told, Span(sources.source.name, 0, 1)),))
    first, *others = sources.profiles
    return replace(
        sources, customer=first, also=tuple(others), metrics={}, collections={}, events={},
        context={},
    )  # fmt: skip


def read_profiles(opened: OpenSources, identity: Identity, plan: Plan, as_of: int) -> Profiles:
    """Reads all tables of profiles. Raises SourcesFailed for columns that are missing or cannot
    serve."""
    return _Reading(opened, identity, plan, as_of).read()


class _Reading:
    def __init__(self, opened: OpenSources, identity: Identity, plan: Plan, as_of: int) -> None:
        self.opened, self.identity, self.plan, self.as_of = opened, identity, plan, as_of
        self.engine: Engine = opened.engine
        self.dialect: Dialect = opened.engine.name
        self.values = values_of(identity)
        self.whens = {
            join.code: f"w{place}"
            for place, join in enumerate(identity.joins)
            if join.when is not None
        }

    def read(self) -> Profiles:
        sources = self.opened.sources
        tables = [sources.customer, *sources.also]
        selects: list[str] = []
        aside: list[str] = []
        for place, table in enumerate(tables):
            select, rejected = self.one(self.opened.tables[table.name], place)
            selects.append(select)
            aside += rejected
        self.engine.table("profiles_read", " UNION ALL ".join(selects))
        return self.once(aside)

    def one(self, table: Opened, place: int) -> tuple[str, Sequence[str]]:
        """One table's profiles as they are held, bad ones too, and SELECTs of what is bad."""
        keyed = self.keyed(table)
        main = replace(self.opened.sources, customer=keyed.table, also=(), profiles=())
        opened = replace(self.opened, sources=main, tables={CUSTOMER: keyed})
        identity = self.identity
        needs = identity.program.needs
        staged = stage(opened, identity.schema, self.plan, self.as_of, needs, None,
                       f"profiles_{place}")  # fmt: skip
        wanted = [binding.name for binding in identity.program.bindings]
        query = generate(identity.program, staged.relations, self.dialect, wanted=wanted)
        columns = query.columns

        def text(binding: str) -> str:
            return as_text(f"q.{name(columns[binding], self.dialect)}", self.dialect)

        fields = {each: f"of {each}" for each in (identity.channel, identity.key)}
        items = [
            f"q.{name(KEY, self.dialect)} AS whole",
            f"{text(fields[identity.channel])} AS channel",
            f"{text(fields[identity.key])} AS profile",
            f"q.{name(BAD, self.dialect)} AS bad",
        ]
        items += [f"{text(each.binding)} AS v{at}" for at, each in enumerate(self.values)]
        for join in identity.joins:
            if join.when is not None:
                column = name(columns[join.when], self.dialect)
                items.append(f"COALESCE(q.{column}, FALSE) AS {self.whens[join.code]}")
        return f"SELECT {', '.join(items)} FROM ({query.text}) q", rejects(staged, ENGLISH)

    def keyed(self, opened: Opened) -> Opened:
        """A table with a key that tells profiles of all channels apart: "channel:key"."""
        table, identity, dialect = opened.table, self.identity, self.dialect
        key = self.column(opened, identity.key)
        extra, columns = "", dict(opened.columns)
        if table.channel is not None:
            channel = literal(table.channel, dialect)
            extra = f", {channel} AS {name(CHANNEL, dialect)}"
            columns[CHANNEL] = A_TEXT
            table = replace(table, columns={**table.columns, identity.channel: Column((CHANNEL,))})
        else:
            channel = self.column(opened, identity.channel)
        whole = (
            f"CASE WHEN {channel} <> '' AND {key} <> '' AND {channel} NOT LIKE '%:%' THEN "
            f"concat({channel}, ':', {key}) END"
        )
        view = f"{opened.view}_keyed"
        self.engine.view(
            view,
            f"SELECT t.*{extra}, {whole} AS {name(PROFILE, dialect)} FROM "
            f"{name(opened.view, dialect)} t",
        )
        columns[PROFILE] = A_TEXT
        key_column = Column((PROFILE,), span=table.span)
        # Two rows of one profile are looked for in all tables together.
        told = {**table.columns, PROFILE: key_column}
        made = replace(table, customer=key_column, columns=told, unique="trusted")
        return replace(opened, table=made, view=view, columns=columns)

    def column(self, opened: Opened, field: str) -> str:
        """A column's texts, as the source has them."""
        column = opened.table.column(field).names[0]
        if column not in opened.columns:
            found = problem(column, opened.columns, opened.table.name, opened.table.span)
            raise unfit(self.opened.sources.source, (found,))
        of = f"t.{name(column, self.dialect)}"
        if opened.columns[column].kind == "json":
            return f"json_extract_string({of}, '$')"
        return as_text(of, self.dialect)

    def once(self, aside: Sequence[str]) -> Profiles:
        """Equal rows are one profile; rows that differ are set aside, all of them."""
        engine = self.engine
        columns = ["whole", "channel", "profile", "bad"]
        columns += [f"v{at}" for at in range(len(self.values))]
        columns += self.whens.values()
        listed = ", ".join(columns)
        engine.table("profiles_once", f"SELECT DISTINCT {listed} FROM profiles_read")
        engine.table(
            "profiles_twice",
            "SELECT whole FROM profiles_once GROUP BY whole HAVING count(*) > 1",
        )
        rejected = " UNION ALL ".join([*aside, self.twice()])
        kept = ", ".join(f"o.{each}" for each in columns if each not in ("whole", "bad"))
        count = engine.table(
            "profiles",
            "SELECT CAST(row_number() OVER (ORDER BY o.channel, o.profile) AS BIGINT) AS p, "
            f"{kept} FROM profiles_once o LEFT JOIN profiles_twice t ON t.whole = o.whole "
            "WHERE NOT o.bad AND t.whole IS NULL",
        )
        ((read,),) = engine.rows("SELECT count(DISTINCT whole) FROM profiles_once")
        values = tuple((f"v{at}", each) for at, each in enumerate(self.values))
        return Profiles("profiles", values, self.whens, rejected, int(read), int(read) - count)

    def twice(self) -> str:
        """What is said of profiles that stand in rows which differ."""
        dialect = self.dialect
        said = {
            "source": literal("profiles", dialect), "kind": literal("customer", dialect),
            "customer": "whole", "key": "NULL", "field": "NULL",
            "code": literal("repeated", dialect),
            "reason": literal(ENGLISH.of(TWICE), dialect),
        }  # fmt: skip
        items = ", ".join(
            f"CAST({said[each]} AS {TEXT[dialect]}) AS {name(each, dialect)}" for each in COLUMNS
        )
        return f"SELECT {items} FROM profiles_twice"


__all__ = ["Profiles", "profile_sources", "read_profiles", "values_of"]
