"""The files of an identity. What is personal stands in none of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from siyu.core.identities import Identity, Value
from siyu.functions.sql import TEXT
from siyu.population.engines import Engine
from siyu.population.identity import changes
from siyu.population.identity.profiles import Profiles
from siyu.population.identity.shown import written
from siyu.population.sources.rejects import COLUMNS as REJECTS
from siyu.population.sources.sqltext import as_text, literal, name

FILES = (
    "identities.parquet", "customers.parquet", "links.parquet", "conflicts.parquet",
    "changes.parquet", "rejects.parquet",
)  # fmt: skip


def write_all(
    engine: Engine, identity: Identity, profiles: Profiles, folder: Path
) -> dict[str, int]:
    """Writes every file into a folder; the number of rows of each."""
    writing = _Writing(engine, identity, profiles)
    made = {
        "identities": writing.identities(),
        "customers": writing.customers(),
        "links": writing.links(),
        "conflicts": writing.conflicts(),
        "changes": f"SELECT {', '.join(changes.COLUMNS)} FROM changes ORDER BY was, customer",
        "rejects": writing.rejects(),
    }
    return {each: engine.write(select, folder / f"{each}.parquet") for each, select in made.items()}


class _Writing:
    def __init__(self, engine: Engine, identity: Identity, profiles: Profiles) -> None:
        self.engine, self.identity, self.profiles = engine, identity, profiles
        self.text = TEXT[engine.name]

    def identities(self) -> str:
        """A row a profile: whose it is, how many that customer has, the line that joined it."""
        lines = ", ".join(
            f"CASE WHEN k.{self.profiles.column(join.value)} IS NOT NULL AND "
            f"{self.met(join.code)} THEN {self.literal(join.code)} END"
            for join in self.identity.joins
        )
        self.engine.table(
            "sizes", "SELECT customer, count(*) AS profiles FROM named GROUP BY customer"
        )
        return (
            "SELECT k.channel, k.profile, n.customer, s.profiles, "
            f"{self.code('n.how')} AS joined_by, concat_ws(',', {lines}) AS evidence FROM named n "
            "JOIN keys k ON k.p = n.p JOIN sizes s ON s.customer = n.customer "
            "ORDER BY k.channel, k.profile"
        )

    def met(self, code: str) -> str:
        when = self.profiles.whens.get(code)
        return "TRUE" if when is None else f"k.{when}"

    def customers(self) -> str:
        """A row a customer, with its first profile."""
        return (
            "SELECT s.customer, s.profiles, f.channels, k.channel AS first_channel, "
            "k.profile AS first_profile FROM sizes s JOIN (SELECT n.customer, min(n.c) AS c, "
            "count(DISTINCT x.channel) AS channels FROM named n JOIN keys x ON x.p = n.p GROUP BY "
            "n.customer) f ON f.customer = s.customer JOIN keys k ON k.p = f.c ORDER BY s.customer"
        )

    def links(self) -> str:
        """A row a profile and line by which it has something in common with another profile."""
        fields = " ".join(
            f"WHEN {place} THEN {self.literal(join.value.field)}"
            for place, join in enumerate(self.identity.joins)
        )
        values = " ".join(
            f"WHEN {place} THEN {self.key(join.value)}"
            for place, join in enumerate(self.identity.joins)
            if not join.value.pii
        )
        value = f"CASE l.k {values} END" if values else "NULL"
        return (
            f"SELECT {self.code('l.k')} AS rule, CASE l.k {fields} END AS field, e.channel AS "
            "evidence_channel, e.profile AS evidence_profile, k.channel, k.profile, n.customer, "
            f"l.status, o.channel AS link_channel, o.profile AS link_profile, "
            f"CAST({value} AS {self.text}) AS value FROM links l JOIN keys k ON k.p = l.p JOIN "
            "named n ON n.p = l.p JOIN keys e ON e.p = l.e LEFT JOIN keys o ON o.p = l.link "
            "ORDER BY l.k, l.e, l.p"
        )

    def conflicts(self) -> str:
        """A row a profile and field in which it differs from others of the same evidence; `side`
        numbers the values, the same for those who agree."""
        shown = [each for each in self.identity.conflicts if not each.pii]
        value = "NULL"
        if shown:
            listed = ", ".join(self.literal(each.field) for each in shown)
            value = f"CASE WHEN x.field IN ({listed}) THEN {self.formatted(shown)} END"
        sides = "PARTITION BY k, begins, chain, field ORDER BY value"
        numbered = (
            f"SELECT *, CASE WHEN value IS NOT NULL THEN dense_rank() OVER ({sides}) END AS place "
            "FROM clashes"
        )
        return (
            f"SELECT {self.code('x.k')} AS rule, b.channel AS begins_channel, b.profile AS "
            "begins_profile, CASE WHEN x.chain THEN 'chain' ELSE 'value' END AS kind, x.field, "
            "k.channel, k.profile, n.customer, CAST(x.side AS INT) AS side, "
            f"CAST({value} AS {self.text}) AS value FROM (SELECT *, CASE WHEN value IS NOT NULL "
            "THEN place - min(place) OVER (PARTITION BY k, begins, chain, field) + 1 END AS side "
            f"FROM ({numbered}) y) x JOIN keys k ON k.p = x.p JOIN named n ON n.p = x.p JOIN keys "
            "b ON b.p = x.begins ORDER BY x.k, x.begins, x.chain, x.field, x.p"
        )

    def formatted(self, shown: Sequence[Value]) -> str:
        """Values as people write them."""
        arms = " ".join(
            f"WHEN x.field = {self.literal(each.field)} THEN "
            f"{written('x.value', each, self.engine.name)}"
            for each in shown
        )
        return f"CASE {arms} END"

    def rejects(self) -> str:
        listed = ", ".join(name(each, self.engine.name) for each in REJECTS)
        self.engine.table("set_aside", f"SELECT {listed} FROM ({self.profiles.rejected}) u")
        return f"SELECT {listed} FROM set_aside ORDER BY {listed}"

    def key(self, value: Value) -> str:
        return as_text(f"k.{self.profiles.column(value)}", self.engine.name)

    def code(self, number: str) -> str:
        """The code of a line; NULL of none."""
        arms = " ".join(
            f"WHEN {place} THEN {self.literal(join.code)}"
            for place, join in enumerate(self.identity.joins)
        )
        return f"CASE {number} {arms} END"

    def literal(self, text: str) -> str:
        return literal(text, self.engine.name)
