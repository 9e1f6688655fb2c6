"""Who is one customer, by SQL: the same as `reference`, for a whole base on either engine.

Profiles and customers are numbers: a customer has that of its first profile. Each line of the
identity is a step, and has these tables, of which N is its number:

- `parts_N`: a value (`e`, the first profile that has it), a profile `p` that has it, its customer
  `c` so far, what that has in the fields that must not differ (`f0`, `f1`…), which of them differ
  among the value's customers (`d0`…), and the part of the value it belongs to (`g`, its first
  customer), NULL for whom that is not known;
- `links_N`: the same with what was found out: `link`, `status`, and `root`, `a0`… of the whole that
  several values make together;
- `customers_N`: each profile `p` with its customer `c` after the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from siyu.core.identities import Identity, Join
from siyu.functions.sql import TEXT
from siyu.population.engines import Engine
from siyu.population.identity.components import components
from siyu.population.identity.profiles import Profiles
from siyu.population.sources.sqltext import any_of, as_text, literal


@dataclass(frozen=True, slots=True)
class Looked:
    """What one line found: profiles with a value (`known`), with one that cannot be one or is
    ignored (`invalid`), whose condition does not hold (`unmet`), that it could go by (`usable`);
    values and profiles that too many share; values of several profiles (`values`), and the rounds
    that joining took."""

    join: Join
    known: int = 0
    invalid: int = 0
    unmet: int = 0
    usable: int = 0
    shared_values: int = 0
    shared_profiles: int = 0
    values: int = 0
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class Resolved:
    """Tables: `customers` of `p`, its first profile `c` and `how`, the line's number or NULL;
    `links` of `k` (the line's number), `p`, `e`, `link`, `status`; `clashes` of `k`, `begins`,
    `chain`, `field`, `p`, `value`."""

    customers: str
    links: str
    clashes: str
    looked: tuple[Looked, ...] = field(default=())


def resolve(engine: Engine, profiles: Profiles, identity: Identity) -> Resolved:
    """Finds out. The table `keys` must be there (see `write_keys`)."""
    return _Resolving(engine, profiles, identity).run()


class _Resolving:
    def __init__(self, engine: Engine, profiles: Profiles, identity: Identity) -> None:
        self.engine, self.profiles, self.identity = engine, profiles, identity
        self.facts = [profiles.column(each) for each in identity.conflicts]
        self.text = TEXT[engine.name]

    def run(self) -> Resolved:
        self.evidence()
        before = "customers_start"
        self.engine.view(before, "SELECT p, p AS c FROM keys")
        looked, links, clashes = [], [self.shared()], []
        counts = self.counts()
        for number, join in enumerate(self.identity.joins):
            values, rounds = self.step(number, join, before)
            looked.append(Looked(join, *counts[number], values, rounds))
            before = f"customers_{number}"
            links.append(
                f"SELECT CAST({number} AS INT) AS k, p, e, link, status FROM links_{number}"
            )
            clashes += self.clashes(number, join)
        self.engine.table("links", " UNION ALL ".join(links))
        nothing = (
            f"SELECT CAST(NULL AS INT) AS k, CAST(NULL AS BIGINT) AS begins, FALSE AS chain, "
            f"CAST(NULL AS {self.text}) AS field, CAST(NULL AS BIGINT) AS p, "
            f"CAST(NULL AS {self.text}) AS value WHERE FALSE"
        )
        self.engine.table("clashes", " UNION ALL ".join([nothing, *clashes]))
        self.engine.table(
            "customers",
            f"SELECT a.p, a.c, h.how FROM {before} a LEFT JOIN (SELECT p, min(k) AS how FROM links "
            "WHERE link IS NOT NULL GROUP BY p) h ON h.p = a.p",
        )
        return Resolved("customers", "links", "clashes", tuple(looked))

    # ------------------------------------------------------------ evidence

    def evidence(self) -> None:
        """`evidence`: what each line could go by (`k`, `v`, `p`), how many profiles have it (`n`),
        and the first of them (`e`); `known`: what profiles each has a strong key of its own."""
        selects = []
        for number, join in enumerate(self.identity.joins):
            key = self.profiles.column(join.value)
            selects.append(
                f"SELECT CAST({number} AS INT) AS k, {as_text(key, self.engine.name)} AS v, p "
                f"FROM keys WHERE {key} IS NOT NULL AND {self.met(join)}"
            )
        self.engine.table(
            "evidence",
            "SELECT k, p, count(*) OVER w AS n, min(p) OVER w AS e FROM "
            f"({' UNION ALL '.join(selects)}) x WINDOW w AS (PARTITION BY k, v)",
        )
        strong = [str(at) for at, join in enumerate(self.identity.joins) if not join.weak]
        self.engine.table(
            "known",
            f"SELECT DISTINCT p FROM evidence WHERE k IN ({', '.join(strong)}) AND {self.few()}",
        )

    def met(self, join: Join) -> str:
        return "TRUE" if join.when is None else self.profiles.whens[join.code]

    def few(self) -> str:
        most = self.identity.most
        return "TRUE" if most is None else f"n <= {most}"

    def shared(self) -> str:
        return (
            "SELECT k, p, e, CAST(NULL AS BIGINT) AS link, 'shared' AS status FROM evidence "
            f"WHERE n > 1 AND NOT ({self.few()})"
        )

    def counts(self) -> list[tuple[int, int, int, int, int, int]]:
        """The first six figures of `Looked`, line by line."""
        found: list[tuple[int, int, int, int, int, int]] = []
        few = self.few()
        rows = self.engine.rows(
            f"SELECT k, count(*), count(DISTINCT CASE WHEN NOT ({few}) THEN e END), "
            f"count(CASE WHEN NOT ({few}) THEN 1 END) FROM evidence GROUP BY k"
        )
        usable = {int(k): (int(n), int(values), int(held)) for k, n, values, held in rows}
        for number, join in enumerate(self.identity.joins):
            key = self.profiles.column(join.value)
            raw = f"v{key[1:]}"
            ((known, invalid, unmet),) = self.engine.rows(
                f"SELECT count({raw}), count(CASE WHEN {key} IS NULL THEN {raw} END), "
                f"count(CASE WHEN NOT {self.met(join)} THEN {key} END) FROM keys"
            )
            found.append((int(known), int(invalid), int(unmet), *usable.get(number, (0, 0, 0))))
        return found

    # ------------------------------------------------------------ one line

    def step(self, number: int, join: Join, before: str) -> tuple[int, int]:
        """One line: how many values several profiles have, and the rounds that joining took."""
        engine = self.engine
        names = self.differing(join)
        engine.view(f"rows_{number}", self.rows(number, join, before, names))
        held = any_of([f"(d{at} AND f{at} IS NULL)" for at in range(len(names))])
        part = self.parts("e", "d", names)
        count = engine.table(
            f"parts_{number}",
            f"SELECT *, CASE WHEN NOT ({held}) THEN min(c) OVER (PARTITION BY {part}) END AS g "
            f"FROM rows_{number}",
        )
        whole, rounds = self.joined(f"whole_{number}", f"parts_{number}", "g")
        apart = self.apart(number, whole, names)
        if apart:
            linked, more = self.finer(number, names)
            rounds += more
        else:
            linked = f"SELECT *, g AS whole, {self.none(names)} FROM parts_{number}"
            engine.view(f"final_{number}", f"SELECT * FROM {whole}")
        engine.table(f"links_{number}", self.status(linked, join, names))
        engine.table(
            f"customers_{number}",
            f"SELECT b.p, COALESCE(f.root, b.c) AS c FROM {before} b LEFT JOIN final_{number} f "
            "ON f.node = b.c",
        )
        if not count:
            return 0, rounds
        ((values,),) = engine.rows(f"SELECT count(DISTINCT e) FROM parts_{number}")
        return int(values), rounds

    def differing(self, join: Join) -> list[str]:
        """What must not differ: SQL of the customer's value, over its profiles."""
        found = [f"min(k.{each})" for each in self.facts]
        if join.weak:
            found.append(f"CASE WHEN max(s.p) IS NOT NULL THEN {self.as_text('b.c')} END")
        return found

    def as_text(self, value: str) -> str:
        return as_text(value, self.engine.name)

    def rows(self, number: int, join: Join, before: str, names: Sequence[str]) -> str:
        made = "".join(f", {self.as_text(each)} AS f{at}" for at, each in enumerate(names))
        weak = " LEFT JOIN known s ON s.p = b.p" if join.weak else ""
        facts = f"SELECT b.c{made} FROM {before} b JOIN keys k ON k.p = b.p{weak} GROUP BY b.c"
        kept = ", ".join([f"f{at}" for at in range(len(names))])
        differ = ", ".join(
            f"COALESCE(min(f{at}) OVER w <> max(f{at}) OVER w, FALSE) AS d{at}"
            for at in range(len(names))
        )
        listed = f", {kept}" if kept else ""
        window = " WINDOW w AS (PARTITION BY v.e)" if differ else ""
        return (
            f"SELECT v.e, v.p, b.c{listed}{', ' if differ else ''}{differ} FROM evidence v "
            f"JOIN {before} b ON b.p = v.p"
            + (f" JOIN ({facts}) f ON f.c = b.c" if names else "")
            + f" WHERE v.k = {number} AND v.n > 1 AND {self.few()}{window}"
        )

    def parts(self, by: str, differ: str, names: Sequence[str]) -> str:
        found = [by]
        found += [f"CASE WHEN {differ}{at} THEN f{at} END" for at in range(len(names))]
        return ", ".join(found)

    def joined(self, name: str, table: str, group: str) -> tuple[str, int]:
        """What hangs together by groups."""
        edges = f"SELECT c AS u, {group} AS v FROM {table} WHERE {group} IS NOT NULL"
        return components(self.engine, name, edges)

    def apart(self, number: int, whole: str, names: Sequence[str]) -> int:
        """`apart_N`: what several values would make one and must not be; how many there are."""
        if not names:
            return 0
        differ = [f"COALESCE(min(f{at}) <> max(f{at}), FALSE)" for at in range(len(names))]
        listed = ", ".join(f"{each} AS a{at}" for at, each in enumerate(differ))
        return self.engine.table(
            f"apart_{number}",
            f"SELECT root, {listed} FROM (SELECT x.*, COALESCE(w.root, x.c) AS root FROM "
            f"parts_{number} x LEFT JOIN {whole} w ON w.node = x.c WHERE x.g IS NOT NULL) y "
            f"GROUP BY root HAVING {' OR '.join(differ)}",
        )

    def finer(self, number: int, names: Sequence[str]) -> tuple[str, int]:
        """Takes such wholes apart: those stay together who agree."""
        apart = ", ".join(f"COALESCE(a.a{at}, FALSE) AS a{at}" for at in range(len(names)))
        held = any_of([f"(a{at} AND f{at} IS NULL)" for at in range(len(names))])
        part = self.parts("e, g", "a", names)
        self.engine.table(
            f"finer_{number}",
            f"SELECT *, CASE WHEN g IS NOT NULL AND NOT ({held}) THEN min(c) OVER (PARTITION BY "
            f"{part}) END AS whole FROM "
            f"(SELECT x.*, a.root, {apart} FROM parts_{number} x LEFT JOIN whole_{number} w ON "
            f"w.node = x.c LEFT JOIN apart_{number} a ON a.root = COALESCE(w.root, x.c) AND "
            "x.g IS NOT NULL) y",
        )
        name, rounds = self.joined(f"final_{number}", f"finer_{number}", "whole")
        assert name == f"final_{number}"
        return f"SELECT * FROM finer_{number}", rounds

    def none(self, names: Sequence[str]) -> str:
        """The columns of a line of which nothing had to be taken apart."""
        return ", ".join(
            ["CAST(NULL AS BIGINT) AS root", *(f"FALSE AS a{at}" for at in range(len(names)))]
        )

    def status(self, linked: str, join: Join, names: Sequence[str]) -> str:
        """The first profile that each one is joined with, and why it is joined with none."""
        last = len(self.facts)
        why = f"CASE WHEN d{last} OR a{last} THEN 'ambiguous' ELSE 'conflict' END"
        if not join.weak:
            why = "'conflict'"
        columns = ["e", "p", "c", "root"]
        columns += [f"{kind}{at}" for at in range(len(names)) for kind in "fda"]
        alone = "CASE WHEN whole IS NOT NULL THEN count(*) OVER w ELSE 0 END < 2"
        return (
            f"SELECT {', '.join(columns)}, CASE WHEN {alone} THEN NULL ELSE min(p) OVER w END AS "
            f"link, CASE WHEN {alone} THEN {why} ELSE 'joined' END AS status FROM ({linked}) x "
            "WINDOW w AS (PARTITION BY e, whole)"
        )

    def clashes(self, number: int, join: Join) -> list[str]:
        """What must not differ and does, a row a profile: of one value, or of several together. Of
        a weak line that points to two customers nothing is said: it joins nobody anyway."""
        found, last = [], len(self.facts)
        for at, value in enumerate(self.identity.conflicts):
            for kind, first, chain in (("d", "e", "FALSE"), ("a", "root", "TRUE")):
                known = f" AND NOT {kind}{last}" if join.weak else ""
                found.append(
                    f"SELECT CAST({number} AS INT) AS k, {first} AS begins, {chain} AS chain, "
                    f"{literal(value.field, self.engine.name)} AS field, p, f{at} AS value FROM "
                    f"links_{number} WHERE {kind}{at}{known}"
                )
        return found
