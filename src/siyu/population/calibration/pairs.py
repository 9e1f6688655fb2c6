"""What goes with what: values that occur with the same customers more often than others.

Counting is the engine's, over each customer's distinct values; the measures are exact fractions
rounded half up once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from siyu.core.ir import And, Call, Const, Expr, Held, Or, Ref
from siyu.core.program import Pairs, TableNeed
from siyu.evaluators.sql import Relations
from siyu.evaluators.sql.dialects import DIALECTS
from siyu.evaluators.sql.picked import rows_query
from siyu.functions import FUNCTIONS
from siyu.functions.numbers import half_up
from siyu.population.calibration.model import Pair, PairsFound
from siyu.population.calibration.ranks import forget
from siyu.population.engines import Engine
from siyu.population.run.allocation_file import rank_text
from siyu.types import DIVISION_SCALE, BoolType, EnumType, TextType, Type

MOST_VALUES = 1_000  # of a column: the most frequent ones; each may meet each of the others
MOST_PAIRS = 3_000  # of one recommendation in a file, which people read
ROOM = 600_000  # characters of a file for all pairs: more than a million cannot be read back
LINE = 130  # characters of a pair's line without its values
ONE = 10**DIVISION_SCALE


def find_pairs(
    engine: Engine, pairs: Pairs, need: TableNeed, relations: Relations, facts: str, name: str,
    room: int = ROOM,
) -> PairsFound:  # fmt: skip
    """The pairs of one `recommend`, whose conditions know the moment. `facts` is a relation of the
    customers to be counted, `room` how many characters they may take. Raises EngineFailed."""
    source = relations.tables.get(pairs.table)
    if source is None:
        return PairsFound(pairs.name, 0, 0, 0, ())
    query = rows_query(source, need, (pairs.column,), pairs.row_where, engine.name)
    column = DIALECTS[engine.name].name_of(query.columns[pairs.column])
    engine.table(
        name,
        f"SELECT DISTINCT f.key AS key, r.{column} AS v FROM ({query.text}) AS r "
        f"JOIN {facts} AS f ON f.key = r.key WHERE r.{column} IS NOT NULL",
    )
    ((population, values),) = engine.rows(
        f"SELECT count(DISTINCT key), count(DISTINCT v) FROM {name}"
    )
    engine.table(
        f"{name}_often",
        f"SELECT v, count(*) AS c FROM {name} GROUP BY v ORDER BY c DESC, v LIMIT {MOST_VALUES}",
    )
    counts = {v: int(c) for v, c in engine.rows(f"SELECT v, c FROM {name}_often")}
    together = engine.rows(
        f"WITH often AS (SELECT p.key, p.v FROM {name} AS p JOIN {name}_often AS o ON o.v = p.v) "
        f"SELECT a.v, b.v, count(*) FROM often AS a JOIN often AS b ON a.key = b.key AND a.v < b.v "
        f"GROUP BY a.v, b.v"
    )
    forget(engine, name, f"{name}_often")
    kind = next(each.type for each in need.columns if each.name == pairs.column)
    found = _measured(pairs, counts, together, int(population), kind)
    kept = _fitting(found, room)
    return PairsFound(
        pairs.name, int(population), int(values), len(counts), tuple(kept), len(found) - len(kept)
    )


def _fitting(found: list[Pair], room: int) -> list[Pair]:
    """The first pairs for which there is room."""
    kept: list[Pair] = []
    for pair in found[:MOST_PAIRS]:
        # A character may take ten where it has to be written by its number.
        room -= LINE + 10 * (len(pair.first) + len(pair.second))
        if room < 0:
            break
        kept.append(pair)
    return kept


def _measured(
    pairs: Pairs,
    counts: Mapping[Any, int],
    together: list[tuple[Any, ...]],
    population: int,
    kind: Type,
) -> list[Pair]:
    """Those that meet the condition, by first value, then by the measure."""
    firsts: dict[str, list[Pair]] = {}
    for one, other, customers in together:
        for a, b in ((one, other), (other, one)):
            pair = pair_of(
                value_text(a, kind), value_text(b, kind), int(customers), counts[a], counts[b],
                population,
            )  # fmt: skip
            if pairs.where is None or holds(pairs.where, pair):
                firsts.setdefault(pair.first, []).append(pair)
    found: list[Pair] = []
    for first in sorted(firsts):
        ordered = sorted(firsts[first], key=lambda p: (-getattr(p, pairs.by), p.second))
        found += ordered if pairs.most is None else ordered[: pairs.most]
    return found


def pair_of(
    first: str, second: str, both: int, with_first: int, with_second: int, population: int
) -> Pair:
    """The measures of a pair, out of how many customers have what.

    >>> pair_of("a", "b", 2, 3, 4, 6)
    Pair(first='a', second='b', customers=2, support=333333, confidence=666667, lift=1000000)
    """
    return Pair(
        first,
        second,
        both,
        half_up(both * ONE, population) or 0,
        half_up(both * ONE, with_first) or 0,
        half_up(both * population * ONE, with_first * with_second) or 0,
    )


def value_text(value: Any, kind: Type) -> str:
    """A held value as a file writes it."""
    match kind:
        case TextType() | EnumType():
            return str(value)
        case BoolType():
            return "true" if value else "false"
        case _:
            return rank_text(int(value), kind)


def holds(where: Expr, pair: Pair) -> bool:
    """Whether a condition over measures is true of a pair."""
    return _value(where, pair) is True


def _value(expr: Expr, pair: Pair) -> Held:
    match expr:
        case Const():
            return expr.value
        case Ref():
            found: int = getattr(pair, expr.name)
            return found
        case And() | Or():
            return _junction(expr, [_value(item, pair) for item in expr.items])
        case Call():
            args = [_value(arg, pair) for arg in expr.args]
            if None in args:
                return None
            return FUNCTIONS[expr.function].python(*args)  # type: ignore[return-value]
        case _:
            raise AssertionError("a condition over measures compares them with numbers")


def _junction(node: And | Or, items: list[Held]) -> bool | None:
    decisive = isinstance(node, Or)
    if any(item is decisive for item in items):
        return decisive
    return None if None in items else not decisive
