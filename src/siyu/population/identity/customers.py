"""Keys of customers that stay: a customer keeps the key it had, whatever else has changed.

Without an earlier result a key is a digest of the identity's name and the customer's first profile.
With one, earlier keys and customers are matched, the pair with most profiles in common first (of
equally many, the customer whose first profile comes first, then the least key), each once. A key
that is left over is given up; a customer that is left over gets a new key that nobody had in the
earlier result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from hashlib import md5

from siyu.functions.declaration import Dialect
from siyu.functions.sql import TEXT
from siyu.population.engines import Engine
from siyu.population.identity.reference import Ref
from siyu.population.sources.sqltext import literal

DIGITS = 20


def fresh_key(identity: str, ref: Ref, turn: int = 0) -> str:
    """The key that a customer gets of its first profile.

    >>> fresh_key("one_id", ("tmall", "T1"))
    '27956f6d52c24d408aa0'
    """
    text = f"{identity}\x1f{ref[0]}\x1f{ref[1]}\x1f{turn}"
    return md5(text.encode("utf-8"), usedforsecurity=False).hexdigest()[:DIGITS]


def keys_of(first: Mapping[Ref, Ref], before: Mapping[Ref, str], identity: str) -> dict[Ref, str]:
    """The definition: each profile's customer key, of who is one customer and what keys the
    profiles had before."""
    shares: Counter[tuple[str, Ref]] = Counter(
        (before[ref], of) for ref, of in first.items() if ref in before
    )
    kept: dict[Ref, str] = {}
    given: set[str] = set()
    for (key, of), _ in sorted(shares.items(), key=lambda each: (-each[1], each[0][1], each[0][0])):
        if of not in kept and key not in given:
            kept[of] = key
            given.add(key)
    taken = set(before.values())
    keys = {}
    for of in set(first.values()):
        if of in kept:
            keys[of] = kept[of]
        else:
            turn = 0
            while fresh_key(identity, of, turn) in taken:
                turn += 1
            keys[of] = fresh_key(identity, of, turn)
    return {ref: keys[of] for ref, of in first.items()}


def write_customer_keys(engine: Engine, identity: str, before: str | None) -> None:
    """The same by SQL: `named`, the columns of `customers` with `customer`, and `was`, the earlier
    key or NULL. `before` is a relation of `channel`, `profile` and `customer`."""
    dialect = engine.name
    text = TEXT[dialect]
    was = (
        f"SELECT CAST(NULL AS {text}) AS channel, CAST(NULL AS {text}) AS profile, "
        f"CAST(NULL AS {text}) AS customer WHERE FALSE"
        if before is None
        else before
    )
    engine.table("before", f"SELECT DISTINCT channel, profile, customer FROM ({was}) b")
    engine.table(
        "known_before",
        "SELECT a.p, a.c, b.customer AS was FROM customers a JOIN keys k ON k.p = a.p "
        "LEFT JOIN before b ON b.channel = k.channel AND b.profile = k.profile",
    )
    _match(engine)
    fresh = (
        f"SELECT DISTINCT a.c, {_fresh(identity, '0', dialect)} AS customer FROM "
        " known_before a JOIN keys k ON k.p = a.c WHERE a.c NOT IN (SELECT c FROM kept_keys)"
    )
    engine.table("fresh_keys", fresh)
    turn = 0
    while engine.table(
        f"taken_{turn}",
        "SELECT f.c FROM fresh_keys f WHERE f.customer IN (SELECT customer FROM before)",
    ):
        turn += 1
        engine.table(
            f"fresh_{turn}",
            f"SELECT f.c, CASE WHEN t.c IS NULL THEN f.customer ELSE "
            f"{_fresh(identity, str(turn), dialect)} END AS customer FROM fresh_keys f JOIN keys k "
            f"ON k.p = f.c LEFT JOIN taken_{turn - 1} t ON t.c = f.c",
        )
        engine.table("fresh_keys", f"SELECT * FROM fresh_{turn}")
    engine.table(
        "named",
        "SELECT a.p, a.c, a.how, COALESCE(o.customer, f.customer) AS customer, w.was FROM "
        "customers a JOIN known_before w ON w.p = a.p LEFT JOIN kept_keys o ON o.c = a.c LEFT JOIN "
        "fresh_keys f ON f.c = a.c",
    )


def _match(engine: Engine) -> None:
    """The table `kept_keys`: who keeps which key. A pair that is the best one of its key and of its
    customer is what going through all pairs in order would give, so those are taken at once."""
    engine.table(
        "pairs_0",
        "SELECT was, c, count(*) AS n FROM known_before WHERE was IS NOT NULL GROUP BY was, c",
    )
    rounds = ["SELECT c, was AS customer FROM pairs_0 WHERE FALSE"]
    left, turn = 1, 0
    while left:
        engine.table(
            f"kept_{turn}",
            "SELECT c, was AS customer FROM (SELECT *, row_number() OVER (PARTITION BY was ORDER "
            "BY n DESC, c) AS r, row_number() OVER (PARTITION BY c ORDER BY n DESC, was) AS s FROM "
            f"pairs_{turn}) x WHERE r = 1 AND s = 1",
        )
        rounds.append(f"SELECT * FROM kept_{turn}")
        left = engine.table(
            f"pairs_{turn + 1}",
            f"SELECT * FROM pairs_{turn} WHERE was NOT IN (SELECT customer FROM kept_{turn}) AND c "
            f"NOT IN (SELECT c FROM kept_{turn})",
        )
        turn += 1
    engine.view("kept_keys", " UNION ALL ".join(rounds))


def _fresh(identity: str, turn: str, dialect: Dialect) -> str:
    mark = literal("\x1f", dialect)
    parts = (
        literal(identity, dialect), mark, "k.channel", mark, "k.profile", mark,
        literal(turn, dialect),
    )  # fmt: skip
    return f"substr(md5(concat({', '.join(parts)})), 1, {DIGITS})"
