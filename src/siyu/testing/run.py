"""Running a policy's own tests, on every evaluator."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from siyu.api.deciding import make_reader
from siyu.api.policy import Policy
from siyu.core.compiled import TestCase
from siyu.core.ir import Input
from siyu.core.passes import needs_of, specialise
from siyu.core.passes.prune import needed
from siyu.core.program import Leaf, Part, Program
from siyu.core.walk import walk
from siyu.evaluators import record, reference
from siyu.records import Read, Rejection
from siyu.testing.result import EVALUATORS, Evaluated, Failure, TestResult
from siyu.testing.values import values_under
from siyu.types import BOOL


def run_tests(policy: Policy, names: Sequence[str] = ()) -> tuple[TestResult, ...]:
    """Every test of a policy on every evaluator, or those whose title holds one of `names`."""
    found: list[TestResult] = []
    for case in policy.tests:
        if not names or any(name in case.title for name in names):
            found.extend(_run(case, policy))
    return tuple(found)


def _run(case: TestCase, policy: Policy) -> Iterator[TestResult]:
    start = time.perf_counter()
    program = program_of(case, policy)
    read = make_reader(policy.compiled.schema, program)(case.request)
    missing = [cut.name for cut in program.cuts if cut.name not in case.cuts]
    if isinstance(read, Rejection) or missing:
        failure = Failure(case.span, _unfit(read, missing))
        took = time.perf_counter() - start
        yield from (
            TestResult(case.title, case.span, name, (failure,), took) for name in EVALUATORS
        )
        return
    seen = _evaluated(case, program, read)
    failures = tuple(_failures(case, seen.values, seen))
    took = time.perf_counter() - start
    yield TestResult(case.title, case.span, "reference", failures, took, seen)
    start = time.perf_counter()
    failures = tuple(_failures(case, _generated(program, read), seen))
    yield TestResult(case.title, case.span, "python", failures, time.perf_counter() - start)


def _unfit(read: Read | Rejection, missing: Sequence[str]) -> str:
    """Why a test cannot be run."""
    if isinstance(read, Rejection):
        return f"what it gives is no record: {read}"
    listed = ", ".join(f"`{name}`" for name in missing)
    return f"it compares with the whole population: give the calibration {listed}"


def program_of(case: TestCase, policy: Policy) -> Program:
    """What a test's expectations need of its policy, with the population values that it gives."""
    names = [expectation.binding for expectation in case.expectations]
    bindings = needed((*policy.program.bindings, *case.bindings), names)
    read = {
        node.name
        for binding in bindings
        for node in walk(binding.expr)
        if isinstance(node, Input) and node.origin == "cut"
    }
    program = replace(
        policy.program,
        bindings=bindings,
        cuts=tuple(cut for cut in policy.program.cuts if cut.name in read),
        needs=needs_of(bindings, policy.compiled.tables),
        parts=tuple(Part("claims", name, Leaf(name, BOOL)) for name in names),
    )
    return specialise(program, case.cuts, {})


def _evaluated(case: TestCase, program: Program, read: Read) -> Evaluated:
    trace = reference.Trace()
    values = reference.evaluate(program, read.facts, read.event, trace)
    return Evaluated(case, program, read, values, trace)


def _generated(program: Program, read: Read) -> Mapping[str, Any]:
    given = tuple(name for name, _ in read.facts.given)
    return record.compile_record(program, read.event, given).values(read.facts)


def _failures(case: TestCase, values: Mapping[str, Any], seen: Evaluated) -> Iterator[Failure]:
    """Expectations that do not hold by these values, with what the reference saw under them."""
    program = seen.program
    failed = [e for e in case.expectations if values[e.binding] is not True]
    exprs = {binding.name: binding.expr for binding in program.bindings if failed}
    for expectation in failed:
        held = values[expectation.binding]
        text = "it is unknown" if held is None else "it is false"
        under = tuple(values_under(exprs[expectation.binding], seen.trace, program.timezone))
        yield Failure(expectation.span, text, under)
