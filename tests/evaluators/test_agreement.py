"""The generated Python gives what the reference gives, on generated programs and requests."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from hypothesis import given, settings

from siyu.core.ir import Aggregate, AggregateOp, Cases, Expr
from siyu.core.walk import walk
from siyu.evaluators.record import compile_record
from siyu.evaluators.reference import evaluate
from strategies.cores import EVENTS, Case, cases

from .agreement import document, exact


def test_every_binding_has_the_value_of_the_reference() -> None:
    """And the generated programs are of every kind, so that this says something."""
    reached: Counter[object] = Counter()

    @settings(max_examples=5 * settings.default.max_examples)
    @given(cases())
    def agree(case: Case) -> None:
        names = [binding.name for binding in case.program.bindings]
        record = compile_record(case.program, case.event, case.given, names)
        assert list(record.exports) == names
        for facts in case.requests:
            expected = evaluate(case.program, facts, case.event)
            found = record.values(facts)
            for name in names:
                assert exact(found[name]) == exact(expected[name]), name
                reached[expected[name] is None] += 1
        _reach(case, reached)

    agree()
    classes = {f"class {cls.__name__}" for cls in get_args(Expr)}
    aggregates = {
        f"{op} {where}" for op in get_args(AggregateOp) for where in ("table", "nested", "in rows")
    }
    wanted = classes | aggregates | {"skip", "stop", "otherwise", True, False, *EVENTS, "given"}
    assert not {item for item in wanted if not reached[item]}


def _reach(case: Case, reached: Counter[object]) -> None:
    reached[case.event] += 1
    reached["given"] += bool(case.given)
    nodes = list(walk(*(binding.expr for binding in case.program.bindings)))
    inside = {id(n) for agg in nodes if isinstance(agg, Aggregate) for n in walk(agg)} - {
        id(n) for b in case.program.bindings for n in [b.expr]
    }
    for node in nodes:
        reached[f"class {type(node).__name__}"] += 1
        if isinstance(node, Cases):
            reached[node.on_unknown] += 1
        if isinstance(node, Aggregate):
            reached[f"{node.op} {'nested' if node.rows.nested else 'table'}"] += 1
            reached[f"{node.op} in rows"] += id(node) in inside


@settings(max_examples=2 * settings.default.max_examples)
@given(cases())
def test_a_document_reads_the_same_from_both(case: Case) -> None:
    """Here values that are asked for only under a guard may be left out where it is not true."""
    record = compile_record(case.program, case.event, case.given)
    for facts in case.requests:
        expected = document(case.program, case.event, evaluate(case.program, facts, case.event))
        assert document(case.program, case.event, record.values(facts)) == expected
