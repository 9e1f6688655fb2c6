"""Running a policy's own tests, on every evaluator."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from siyu.api.deciding import make_reader
from siyu.api.policy import Policy
from siyu.core.compiled import TestCase
from siyu.core.ir import Aggregate, And, Const, Contest, Expr, Input, Not, Or
from siyu.core.passes import needs_of, specialise
from siyu.core.passes.prune import needed
from siyu.core.program import Leaf, Part, Program
from siyu.core.walk import parts, walk
from siyu.decision.values import plain_value
from siyu.evaluators import record, reference
from siyu.records import Read, Rejection
from siyu.text import Span
from siyu.types import BOOL

EVALUATORS = ("reference", "python")
PLAIN = (Const, And, Or, Not)  # their values say nothing that their parts do not say
INSIDE_ROWS = (Aggregate, Contest)


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not hold: its place, what went wrong, and the values under it, each
    with the place of its expression."""

    span: Span
    text: str
    values: tuple[tuple[Span, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TestResult:
    """How one test came out on one evaluator; `seconds` are wall time."""

    __test__ = False

    name: str
    span: Span
    evaluator: str
    failures: tuple[Failure, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every expectation held."""
        return not self.failures


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
    for name in EVALUATORS:
        start = time.perf_counter()
        failures = tuple(_failures(name, case, program, read))
        yield TestResult(case.title, case.span, name, failures, time.perf_counter() - start)


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


def _failures(evaluator: str, case: TestCase, program: Program, read: Read) -> Iterator[Failure]:
    trace = reference.Trace()
    if evaluator == "reference":
        values: Mapping[str, Any] = reference.evaluate(program, read.facts, read.event, trace)
    else:
        given = tuple(name for name, _ in read.facts.given)
        values = record.compile_record(program, read.event, given).values(read.facts)
    failed = [e for e in case.expectations if values[e.binding] is not True]
    if failed and evaluator != "reference":
        reference.evaluate(program, read.facts, read.event, trace)
    exprs = {binding.name: binding.expr for binding in program.bindings}
    for expectation in failed:
        held = values[expectation.binding]
        text = "it is unknown" if held is None else "it is false"
        under = tuple(_values(exprs[expectation.binding], trace, program.timezone))
        yield Failure(expectation.span, text, under)


def _values(root: Expr, trace: reference.Trace, timezone: str) -> Iterator[tuple[Span, str]]:
    """The values of what stands under an expectation, each at its place, in the order written."""
    zone = ZoneInfo(timezone)
    found: dict[Span, str] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, INSIDE_ROWS):
            waiting.extend(reversed(parts(node)))
        if isinstance(node, PLAIN) or id(node) not in trace.values:
            continue
        if node.span.start < node.span.end and _inside(node.span, root.span):
            found.setdefault(node.span, _text(node, trace.value(node), zone))
    yield from sorted(found.items(), key=lambda item: (item[0].start, -item[0].end))


def _inside(span: Span, outer: Span) -> bool:
    return span.file == outer.file and outer.start <= span.start and span.end <= outer.end


def _text(node: Expr, value: Any, zone: ZoneInfo) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(plain_value(node.type, value, zone))
