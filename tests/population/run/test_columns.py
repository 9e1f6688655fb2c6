"""The columns of a run's files: of what the reference decides nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import duckdb

from siyu.api.policy import Policy
from siyu.core.program import Program
from siyu.decision.plain import Head, exports_of, plain_document
from siyu.evaluators import reference
from siyu.population.run.columns import Decided, decisions
from siyu.population.run.layout import decision_columns, outcome_parts
from siyu.population.run.outcomes import column_types, outcomes
from siyu.population.run.sql_duckdb import Duck
from siyu.records import Read, Rejection
from siyu.types import Type
from tests.agreement.test_policies import made_policy
from tests.population.run.rebuild import document_of_rows
from tests.population.run.relation import make_table, rows_of
from tests.strategies.customers import People


def types_of(program: Program, names: Sequence[str]) -> dict[str, Type]:
    found = {binding.name: binding.type for binding in program.bindings}
    return {name: found[name] for name in names}


def check(policy: Policy, requests: Sequence[Mapping[str, Any]]) -> int:
    """Writes what the reference decides into columns, and rebuilds the documents from them."""
    program = policy.ready
    by_event: dict[str | None, list[Read]] = {}
    for request in requests:
        read = policy.read(request)
        assert not isinstance(read, Rejection)
        by_event.setdefault(read.event, []).append(read)
    for event, reads in by_event.items():
        exports = exports_of(program, event)
        held, expected = [], []
        for number, read in enumerate(reads):
            values = reference.evaluate(program, read.facts, event)
            key = f"{number}"
            held.append({**values, "key": key, "event_key": read.event_key})
            head = Head(key, read.as_of, read.event_key, None)
            expected.append((head, plain_document(program, event, values, head)))
        connection = duckdb.connect(config={"threads": 1})
        names = make_table(connection, "decided", types_of(program, exports), held)
        keyed = None if event is None else "event_key"
        decided = Decided("decided", names, "key", keyed, Duck(), event_type=event)
        parts = outcome_parts(program, event)
        kinds = column_types(parts, program.currency)
        rows = rows_of(connection, decisions(decision_columns(program, event), decided))
        found = rows_of(connection, outcomes(parts, decided, kinds))
        for row, (head, document) in zip(rows, expected, strict=True):
            own = [each for each in found if each["customer"] == head.customer]
            assert document_of_rows(program, event, row, own, head) == document
    return len(requests)


def test_generated_policies_lose_nothing_in_columns() -> None:
    done = 0
    for seed in range(25):
        rng = Random(seed)
        _, policy = made_policy(rng)
        if policy is None:
            continue
        requests = [People(rng, policy.program.timezone).request() for _ in range(12)]
        done += check(policy, [{k: v for k, v in r.items() if k != "metrics"} for r in requests])
    assert done > 200
