"""What has become of earlier customers: those that came together, and those that fell apart."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.core.identities import Identity
from siyu.functions.sql import TEXT
from siyu.population.engines import Engine
from siyu.population.sources.sqltext import literal

COLUMNS = ("was", "customer", "kind", "reason", "rule", "profiles")


@dataclass(frozen=True, slots=True)
class Counts:
    """Customers by what has become of them: `kept` their key, `new` (no profile was there before),
    `merged` into another, `split` off another, `gone` (no profile is there any more)."""

    kept: int
    new: int
    merged: int
    split: int
    gone: int


def write_changes(engine: Engine, identity: Identity) -> Counts:
    """The table `changes`: a row for each earlier key some of whose profiles have another one now.
    `kind` is "merged" where nobody has the earlier key any more, otherwise "split". `reason` of a
    merger is "joined", and `rule` the line that brought the profiles together with others; of a
    split "conflict", "ambiguous" or "shared" (what both sides still have in common, and why it
    joins them no more), or "no_evidence" (nothing is left in common)."""
    engine.table(
        "moved",
        "SELECT was, customer, count(*) AS n FROM named WHERE was IS NOT NULL AND was <> customer "
        "GROUP BY was, customer",
    )
    engine.table("keys_now", "SELECT DISTINCT customer FROM named")
    _mergers(engine, identity)
    _splits(engine)
    text = TEXT[engine.name]
    codes = " ".join(
        f"WHEN {place} THEN {literal(join.code, engine.name)}"
        for place, join in enumerate(identity.joins)
    )
    engine.table(
        "changes",
        "SELECT m.was, m.customer, CASE WHEN k.customer IS NULL THEN 'merged' ELSE 'split' END AS "
        "kind, CASE WHEN k.customer IS NULL THEN 'joined' ELSE COALESCE(s.status, 'no_evidence') "
        f"END AS reason, CAST(CASE WHEN k.customer IS NULL THEN CASE g.step {codes} END ELSE "
        f"CASE s.k {codes} END END AS {text}) AS rule, m.n AS profiles FROM moved m LEFT JOIN "
        "keys_now k ON k.customer = m.was LEFT JOIN mergers g ON g.was = m.was AND g.customer = "
        "m.customer LEFT JOIN splits s ON s.was = m.was AND s.customer = m.customer",
    )
    return _counts(engine)


def _mergers(engine: Engine, identity: Identity) -> None:
    """The first step after which profiles of an earlier customer were together with others."""
    steps = " UNION ALL ".join(
        f"SELECT CAST({number} AS INT) AS step, x.c AS c, n.was, n.customer FROM "
        f"customers_{number} x JOIN named n ON n.p = x.p WHERE n.customer IN "
        "(SELECT customer FROM moved)"
        for number in range(len(identity.joins))
    )
    engine.table("steps", steps)
    engine.table(
        "mergers",
        "SELECT s.was, s.customer, min(s.step) AS step FROM steps s JOIN (SELECT step, c FROM "
        "steps GROUP BY step, c HAVING count(DISTINCT COALESCE(was, '')) > 1) m ON m.step = s.step "
        "AND m.c = s.c WHERE s.was IS NOT NULL AND s.was <> s.customer GROUP BY s.was, s.customer",
    )


def _splits(engine: Engine) -> None:
    """What those who left still have in common with those who kept the key."""
    engine.table(
        "common",
        "SELECT DISTINCT l.k, l.e, l.status, n.was, n.customer FROM links l JOIN named n ON "
        "n.p = l.p WHERE n.was IN (SELECT was FROM moved)",
    )
    engine.table(
        "splits",
        "SELECT was, customer, k, status FROM (SELECT *, row_number() OVER (PARTITION BY was, "
        "customer ORDER BY k, status) AS r FROM (SELECT a.was, a.customer, a.k, CASE WHEN "
        "a.status <> 'joined' THEN a.status WHEN b.status <> 'joined' THEN b.status ELSE "
        "'conflict' END AS status FROM common a JOIN common b ON b.k = a.k AND b.e = a.e AND "
        "b.was = a.was AND b.customer = a.was WHERE a.customer <> a.was) y) x WHERE r = 1",
    )


def _counts(engine: Engine) -> Counts:
    ((new, kept, gone),) = engine.rows(
        "SELECT (SELECT count(*) FROM (SELECT customer FROM named GROUP BY customer HAVING "
        "count(was) = 0) n), (SELECT count(*) FROM keys_now WHERE customer IN (SELECT customer "
        "FROM before)), (SELECT count(*) FROM (SELECT DISTINCT customer FROM before WHERE customer "
        "NOT IN (SELECT was FROM named WHERE was IS NOT NULL)) g)"
    )
    rows = engine.rows(
        "SELECT kind, count(DISTINCT CASE WHEN kind = 'merged' THEN was ELSE customer END) FROM "
        "changes GROUP BY kind"
    )
    kinds = {str(kind): int(number) for kind, number in rows}
    return Counts(int(kept), int(new), kinds.get("merged", 0), kinds.get("split", 0), int(gone))
