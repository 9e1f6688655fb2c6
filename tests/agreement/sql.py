"""Asking SQL engines about many requests at once, and writing their answers as documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from siyu.api.policy import Policy
from siyu.core.passes.at_moment import at_moment
from siyu.core.program import Everyone, Program
from siyu.decision import document_writer
from siyu.decision.plain import Head
from siyu.evaluators.sql import Query, generate
from siyu.population.engines.duck import DuckEngine, open_engine
from siyu.records import Read
from tests.agreement.relations import SqlEngine, held, key_of, relations

# The event, the metrics that were brought, and the moment where the program is to know it.
Group = tuple[str | None, tuple[str, ...], int | None]


@cache
def duckdb() -> DuckEngine:
    """One engine for all tests of a process."""
    return open_engine("2GB", threads=2)


def documents(
    engine: SqlEngine, policy: Policy, reads: Sequence[Read], *, fixed: bool = True
) -> list[bytes]:
    """The canonical bytes of the decision about each request, in order; a query for each kind.

    `fixed`: requests of one moment share a query whose program knows it, as in a run; aggregates
    are found while scanning then. Otherwise moments stand in a column, and rows are collected."""
    groups: dict[Group, list[int]] = defaultdict(list)
    for number, read in enumerate(reads):
        groups[*group_of(read), read.as_of if fixed else None].append(number)
    found: dict[int, bytes] = {}
    for group, numbers in groups.items():
        made = _group(engine, policy, group, [reads[number] for number in numbers])
        found.update(zip(numbers, made, strict=True))
    return [found[number] for number in range(len(reads))]


def group_of(read: Read) -> tuple[str | None, tuple[str, ...]]:
    """What one query answers together."""
    return read.event, tuple(sorted(name for name, _ in read.facts.given))


def brought_unknown(read: Read) -> bool:
    """Whether a metric was brought as unknown: a column cannot tell that from a missing one."""
    return any(value is None for _, value in read.facts.given)


def query(engine: SqlEngine, program: Program, group: Group, reads: Sequence[Read]) -> Query:
    """The query about requests of one kind, over relations that hold them."""
    event, given, as_of = group
    kinds = {binding.name: binding.type for binding in program.bindings}
    brought = [(name, kinds[name]) for name in given]
    loaded = relations(engine, program.needs, brought, [read.facts for read in reads])
    known = program if as_of is None else at_moment(program, as_of, event)
    assert known.needs == program.needs
    narrow = engine.name == "duckdb"
    return generate(known, loaded, engine.name, event, given, narrow=narrow)


def _group(engine: SqlEngine, policy: Policy, group: Group, reads: Sequence[Read]) -> list[bytes]:
    # What everyone would be asked is left out: the facts hold what the program itself reads.
    program = replace(policy.ready, everyone=Everyone())
    asked = query(engine, program, group, reads)
    kinds = {binding.name: binding.type for binding in program.bindings}
    writer = document_writer(policy.ready, group[0])
    quote = "`" if engine.name == "spark" else '"'
    wanted = ", ".join(
        [f"d.{quote}key{quote}"]
        + [f"d.{quote}{asked.columns[name]}{quote}" for name in writer.exports]
    )
    rows = engine.rows(f"SELECT {wanted} FROM ({asked.text}) AS d")
    by_key = {row[0]: row[1:] for row in rows}
    assert len(rows) == len(by_key) == len(reads), "one row for each record"
    digest = policy._calibration.digest if policy._calibration else None
    return [
        writer.to_json(
            [
                held(kinds[name], value)
                for name, value in zip(writer.exports, by_key[key_of(number)], strict=True)
            ],
            Head(read.key, read.as_of, read.event_key, digest),
        )
        for number, read in enumerate(reads)
    ]
