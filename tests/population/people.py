"""Small populations for tests of what needs everyone: requests of customers as relations of a
DuckDB, without any files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from siyu.api.deciding import make_reader
from siyu.api.deciding import moment as moment_of
from siyu.compiler import Pack, Used, compile_pack
from siyu.core.compiled import Compiled
from siyu.core.passes import at_moment, specialise
from siyu.core.program import Facts, Program
from siyu.core.verify import verify
from siyu.evaluators.reference import evaluate
from siyu.evaluators.sql import FactsPlan, Relations, decide_query, facts_query, plan_facts
from siyu.population.calibration import calibrating
from siyu.population.engines.duck import DuckEngine, open_engine
from siyu.records import Read
from siyu.schema.load import load_schema
from siyu.syntax.parse import parse
from siyu.text import Source
from tests.evaluators.sql.held import relations

AS_OF = "2026-11-21T10:00:00+08:00"
# Of the retail schema; a population of nobody is made of one, and left out.
SOMEBODY = {"member_id": "M0", "joined_on": "2024-01-01", "unsubscribed": False, "orders": [],
            "consents": []}  # fmt: skip
HEAD = (
    'policy people\n  language 1\n  timezone "Asia/Shanghai"\n  currency CNY\n  schema "s.yaml"\n\n'
)


def compiled(text: str, schema: str, head: str = HEAD) -> Compiled:
    """A policy that has no mistakes, and is well formed."""
    source = Source.of("p.siyu", head + text)
    loaded = load_schema(Source.of("s.yaml", schema), "CNY")
    pack = Pack((Used("p.siyu", parse(source)),), loaded, {"p.siyu": source})
    found = compile_pack(pack)
    assert found.program is not None, [(d.code, d.text()) for d in found.diagnostics]
    assert [p for p in verify(found.program) if "has no type" not in p] == []
    return found


def facts_of(found: Compiled, customers: Iterable[Mapping[str, Any]], as_of: str) -> list[Facts]:
    """Requests read with everything that a calibration reads."""
    assert found.program is not None
    program = calibrating(found.program)
    reader = make_reader(found.schema, replace(program, needs=program.everyone.needs))
    facts = []
    for each in customers:
        read = reader({"customer": dict(each)}, moment_of(as_of))
        assert isinstance(read, Read), read
        facts.append(read.facts)
    return facts


@dataclass
class People:
    """A population in an engine: its facts, ready to be decided about."""

    engine: DuckEngine
    compiled: Compiled
    program: Program
    as_of: int
    plan: FactsPlan
    relations: Relations
    facts: str

    def decided(self, program: Program, names: Iterable[str]) -> tuple[str, Mapping[str, str]]:
        """A relation of these bindings, and their columns."""
        query = decide_query(self.plan, program, self.facts, "duckdb", tuple(names))
        self.engine.table("decided", query.text)
        return "decided", query.columns


@contextmanager
def people(
    text: str,
    schema: str,
    customers: Iterable[Mapping[str, Any]],
    names: Any = None,
    as_of: str = AS_OF,
) -> Iterator[People]:
    """`names` gives the bindings that facts must serve; without it all that everyone has."""
    with people_of(compiled(text, schema), customers, names, as_of) as base:
        yield base


@contextmanager
def people_of(
    found: Compiled, customers: Iterable[Mapping[str, Any]], names: Any = None, as_of: str = AS_OF
) -> Iterator[People]:
    """The same for a policy that is compiled already; nobody is only made of the retail schema."""
    assert found.program is not None
    instant = moment_of(as_of)
    assert isinstance(instant, int)
    program = at_moment(calibrating(found.program), instant, None)
    wanted = [b.name for b in (*program.bindings, *program.everyone.bindings)]
    wanted = [name for name in wanted if "~contacts" not in name and ".contest" not in name]
    plan = plan_facts(program, None, wanted=names(program) if names else wanted)
    listed = list(customers)
    held = relations(program, facts_of(found, listed or [SOMEBODY], as_of), "duckdb")
    if not listed:
        held = replace(held, records=f"(SELECT * FROM {held.records} AS r WHERE FALSE)")
    engine = open_engine(memory="500MB", threads=1)
    try:
        query = facts_query(plan, held, "duckdb")
        engine.table("facts", query.text)
        yield People(engine, found, program, instant, plan, held, "facts")
    finally:
        engine.close()


def answers(
    found: Compiled,
    customers: Iterable[Mapping[str, Any]],
    cuts: Mapping[str, Any] | None = None,
    allotted: Mapping[str, Any] | None = None,
    as_of: str = AS_OF,
) -> list[dict[str, Any]]:
    """What every binding, of decisions and of everyone, is worth for each customer, as the
    reference evaluator finds it."""
    assert found.program is not None
    program = specialise(calibrating(found.program), cuts or {}, allotted or {})
    everything = replace(
        program,
        bindings=(*program.bindings, *program.everyone.bindings),
        needs=program.everyone.needs,
    )
    return [evaluate(everything, facts, None) for facts in facts_of(found, customers, as_of)]
