"""The facts of everybody, brought together once for all that asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from siyu.core.program import Program
from siyu.evaluators.sql import FactsPlan, Relations, facts_query, plan_facts
from siyu.evaluators.sql.names import BAD, KEY, count_column
from siyu.population.engines import Engine
from siyu.population.run.dialect import Dialect, dialect_of

MOST_PARTS = 256
USUAL = 4 * 10**9
BYTES_PER_ROW = 96  # of a collected row, in memory; measured on order lines


@dataclass(frozen=True, slots=True)
class Facts:
    """A relation of facts: `good` and `bad` are relations of those to be decided about and those to
    be set aside; `read` how many there are. `kept`: it stands in the engine, and is not read anew
    for each query. `rows` says of each checked table how many of its rows are anybody's."""

    plan: FactsPlan
    name: str
    read: int
    rejected: int
    kept: bool
    rows: Mapping[str, int] = field(default_factory=dict)

    def forget(self, engine: Engine) -> None:
        """Gives back the memory, when nobody will ask again."""
        if self.kept:
            engine.table(self.name, "SELECT 0 AS nothing")

    @property
    def good(self) -> str:
        return f"(SELECT * FROM {self.name} WHERE NOT {BAD})"

    @property
    def bad(self) -> str:
        return f"(SELECT * FROM {self.name} WHERE {BAD})"


def wants_order(plan: FactsPlan, relations: Relations) -> bool:
    """Whether rows have lost the order they came in: joins and groups do that."""
    return bool(plan.scans) or len(relations.checked) > 1


def bring_together(
    engine: Engine,
    program: Program,
    relations: Relations,
    event: str | None,
    wanted: tuple[str, ...],
    *,
    given: tuple[str, ...] = (),
    keep: tuple[str, ...] = (),
    name: str = "facts",
    again: bool = False,
    memory: int | None = None,
) -> Facts:
    """Makes the relation. It is kept in the engine where tables are scanned for it, or it will be
    asked `again`; otherwise it is a view, and what is read streams through."""
    plan = plan_facts(program, event, given, wanted)
    kept = again or wants_order(plan, relations)
    dialect = dialect_of(engine.name)
    # Spark's parts lie by a hash of the key and are sorted each, as its joins leave them: one order
    # for all would read everything twice, and go through another shuffle.
    by = "SORT BY" if engine.name == "spark" else "ORDER BY"
    order = f" {by} {', '.join(map(dialect.identifier, (KEY, *keep)))}"
    if not kept:
        engine.view(name, facts_query(plan, relations, engine.name, keep).text)
    else:
        parts = parts_for(engine, plan, relations, memory)
        names = []
        for number in range(parts):
            part = name if parts == 1 else f"{name}_{number}"
            seen = relations if parts == 1 else _share(relations, number, parts, dialect)
            text = facts_query(plan, seen, engine.name, keep).text
            ordered = (
                f"SELECT * FROM ({text}) AS f{order}" if wants_order(plan, relations) else text
            )
            engine.table(part, ordered)
            names.append(part)
        if parts > 1:
            kept = False  # the shares are
            engine.view(name, " UNION ALL ".join(f"SELECT * FROM {each}" for each in names))
    tables = {
        need.path: count_column(place)
        for place, need in enumerate(plan.needs.tables)
        if need.path in relations.checked and relations.tables.get(need.path) is not None
    }
    sums = "".join(f", sum({column})" for column in tables.values())
    ((read, bad, *counts),) = engine.rows(f"SELECT count(*), count_if({BAD}){sums} FROM {name}")
    rows = {path: int(n or 0) for path, n in zip(tables, counts, strict=True)}
    return Facts(plan, name, int(read), int(bad or 0), kept, rows)


def parts_for(
    engine: Engine, plan: FactsPlan, relations: Relations, memory: int | None
) -> int:  # fmt: skip
    """In how many shares customers are looked at: lists of rows cannot be put aside while they
    grow, so that all rows of one share must fit. It follows from numbers of rows and the memory
    asked for (4 GB, if none was), and from nothing else: the same run has the same shares."""
    collected = [scan for scan in plan.scans if scan.rows is not None]
    if not collected or engine.name == "spark":
        return 1
    rows = 0
    for scan in collected:
        ((count,),) = engine.rows(f"SELECT count(*) FROM {relations.tables[scan.need.path]}")
        rows += int(count) * max(1, len(scan.rows.columns if scan.rows else ()) // 4)
    most = max((USUAL if memory is None else memory) // 3, 1)
    return min(MOST_PARTS, max(1, -(-rows * BYTES_PER_ROW // most)))


def _share(relations: Relations, number: int, parts: int, dialect: Dialect) -> Relations:
    """The rows of one share of the customers, by a hash of the key that no version changes."""
    key = dialect.identifier(KEY)
    digits = f"substr(md5({key}), 1, 8)"
    value = f"CAST('0x' || {digits} AS BIGINT)" if dialect.name == "duckdb" else (
        f"CAST(conv({digits}, 16, 10) AS BIGINT)"
    )  # fmt: skip
    where = f"{value} % {parts} = {number}"

    def share(relation: str) -> str:
        return f"(SELECT * FROM {relation} AS shared WHERE {where})"

    tables = {
        path: None if relation is None else share(relation)
        for path, relation in relations.tables.items()
    }
    return Relations(share(relations.records), tables, relations.checked)
