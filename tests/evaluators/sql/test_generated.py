"""DuckDB gives what the reference gives, on generated programs and requests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from siyu.core.ir import Aggregate
from siyu.core.walk import walk
from strategies.cores import Case, cases

from .engine import agreed


def orderless(case: Case) -> bool:
    """Whether a row is found by more than its order: a table of SQL has none."""
    nodes = walk(*(binding.expr for binding in case.program.bindings))
    return any(isinstance(node, Aggregate) and node.op in ("latest", "earliest") for node in nodes)


@settings(max_examples=2 * settings.default.max_examples)
@given(cases())
def test_every_binding_has_the_value_of_the_reference(case: Case) -> None:
    """A column cannot say that a metric was brought as unknown, so none is."""
    if orderless(case):
        return
    requests = [
        replace(each, given=tuple((n, v) for n, v in each.given if v is not None))
        for each in case.requests
    ]
    agreed(case.program, requests, case.event, case.given)


@pytest.mark.parametrize("event", ["paid", None])
@settings(max_examples=settings.default.max_examples // 2)
@given(cases())
def test_at_one_moment_everything_that_follows_is_constant(event: str | None, case: Case) -> None:
    if orderless(case) or case.event != event:
        return
    as_of = case.requests[0].values[0]
    assert isinstance(as_of, int)
    requests = [replace(r, values=(as_of, *r.values[1:]), given=()) for r in case.requests]
    agreed(case.program, requests, event, as_of=as_of)
