"""How points balances are spread, and what members hold when they redeem: where a reminder pays.

Balances are sums of the points log. Postings of one moment count the larger first, so that points
earned with an order can pay for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from siyu.core.program import Balances, TableNeed
from siyu.evaluators.sql import Relations
from siyu.evaluators.sql.dialects import DIALECTS
from siyu.evaluators.sql.picked import rows_query
from siyu.functions.sql import literal
from siyu.population.calibration.model import BalancesFound, Band, NotFound
from siyu.population.calibration.ranks import Asked, forget, ranked, spread_of
from siyu.population.engines import Engine

DECILES = tuple(Asked("percentile", str(percent)) for percent in range(10, 100, 10))


def find_balances(
    engine: Engine, rule: Balances, need: TableNeed | None, relations: Relations, facts: str,
    name: str,
) -> BalancesFound | NotFound:  # fmt: skip
    """How one account's balances are spread. `facts` is a relation of the customers to be counted.
    Raises EngineFailed."""
    if rule.why_not or need is None:
        return NotFound(rule.account, rule.why_not or "log")
    source = relations.tables.get(rule.table)
    if source is None:
        return NotFound(rule.account, "rows")
    _postings(engine, rule, need, source, facts, name)
    ((members, redeemers, redemptions),) = engine.rows(
        "SELECT count(DISTINCT key), count(DISTINCT CASE WHEN redeems THEN key END), "
        f"sum(CASE WHEN redeems THEN 1 ELSE 0 END) FROM {name}"
    )
    if not members:
        return NotFound(rule.account, "rows")
    engine.table(f"{name}_held", f"SELECT key, sum(v) AS held FROM {name} GROUP BY key")
    first = _deciles(engine, f"{name}_first", f"(SELECT held FROM {name} WHERE turn = 1) AS firsts")
    found = BalancesFound(
        rule.account,
        rule.type,
        int(members),
        int(redeemers),
        int(redemptions or 0),
        _deciles(engine, f"{name}_now", f"{name}_held"),
        first,
        _deciles(engine, f"{name}_each", f"(SELECT held FROM {name} WHERE redeems) AS each_one"),
        _bands(engine, f"{name}_held", first),
    )
    forget(engine, name, *(f"{name}_{part}" for part in ("held", "first", "now", "each")))
    return found


def _postings(
    engine: Engine, rule: Balances, need: TableNeed, source: str, facts: str, name: str
) -> None:
    """The account's postings as the table `name`: `v`, the balance `held` before it, whether it
    `redeems`, and which `turn` of the member's redemptions it is."""
    columns = (rule.time, rule.column, "rule")
    query = rows_query(source, need, columns, rule.row_where, engine.name)
    named = DIALECTS[engine.name].name_of
    at, amount, by = (f"r.{named(query.columns[column])}" for column in columns)
    names = ", ".join(literal(each, engine.name) for each in rule.redeemed_by)
    redeems = f"({amount} < 0 AND {by} IN ({names}))" if names else "FALSE"
    order = "PARTITION BY key ORDER BY moment, v DESC"
    engine.table(
        name,
        f"WITH posted AS (SELECT f.key AS key, {at} AS moment, {amount} AS v, "
        f"COALESCE({redeems}, FALSE) AS redeems FROM ({query.text}) AS r "
        f"JOIN {facts} AS f ON f.key = r.key) "
        f"SELECT key, v, redeems, COALESCE(sum(v) OVER ({order} "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS held, "
        "CASE WHEN redeems THEN sum(CASE WHEN redeems THEN 1 ELSE 0 END) "
        f"OVER ({order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) END AS turn "
        "FROM posted",
    )


def _deciles(engine: Engine, name: str, relation: str) -> tuple[int | None, ...]:
    spread = spread_of(engine, name, relation, "held")
    return tuple(found.value for found in ranked(engine, spread, DECILES))


def _bands(engine: Engine, held: str, edges: Sequence[int | None]) -> tuple[Band, ...]:
    """How many members stand between the edges."""
    starts: list[int | None] = [None, *sorted({edge for edge in edges if edge is not None})]
    if len(starts) == 1:
        return ()
    counts = []
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        low = "TRUE" if start is None else f"held >= {start}"
        high = "TRUE" if end is None else f"held < {end}"
        counts.append(f"sum(CASE WHEN {low} AND {high} THEN 1 ELSE 0 END)")
    (row,) = engine.rows(f"SELECT {', '.join(counts)} FROM {held}")
    return tuple(Band(start, int(n)) for start, n in zip(starts, row, strict=True))
