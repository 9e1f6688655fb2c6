"""What a lint says is so: held against what policies decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from siyu.api.policy import Policy
from siyu.core.ir import Aggregate, Column, Expr, Input
from siyu.core.program import Program
from siyu.core.walk import parts, walk
from siyu.diagnostics import Diagnostic
from siyu.evaluators import reference
from siyu.lint.finding import Finding
from siyu.lint.look import conditions_by_place
from siyu.records import Read, Rejection
from siyu.text import Span
from siyu.words import Said
from tests.agreement.engine import with_cuts
from tests.corpus.read import facts
from tests.kinds.proofs import DAYS, conditions
from tests.lint.looking import Looked, looked
from tests.strategies.customers import People
from tests.strategies.policies import FACTS, Maker

HEAP = 50
NEVER, ALWAYS, SHADOWED, UNREACHABLE = "W0701", "W0702", "W0703", "W0704"


def worths(
    node: Expr, program: Program, read: Read, bound: dict[str, Any], trace: reference.Trace
) -> Iterator[Any]:
    """What a condition was worth: once, or once for each row that it is asked of."""
    if id(node) in trace.values:
        yield trace.values[id(node)]
        return
    held = zip(program.needs.tables, read.facts.tables, strict=True)
    tables = {need.path: (need, rows) for need, rows in held}
    for each in _over_rows_of(node, program):
        need, rows = tables[each.rows.table]
        for row in rows or ():
            yield reference.evaluate_in_row(program, read.facts, read.event, bound, node, need, row)


def _over_rows_of(node: Expr, program: Program) -> Iterator[Aggregate]:
    """The aggregates in whose rows a condition stands, if these are rows of one table."""
    if any(isinstance(each, Column) and each.level > 0 for each in walk(node)):
        return
    for binding in program.bindings:
        for each in walk(binding.expr):
            plain = isinstance(each, Aggregate) and not each.rows.nested
            if plain and each.where is not None and _holds(each.where, node):
                yield each


def _holds(where: Expr, node: Expr) -> bool:
    """Whether a condition stands in a row's own condition, and in no aggregate inside it."""
    waiting = [where]
    while waiting:
        here = waiting.pop()
        if here is node:
            return True
        if not isinstance(here, Aggregate):
            waiting.extend(parts(here))
    return False


def of_other_events(node: Expr, read: Read) -> bool:
    """Whether a condition is about an event that this request does not bring."""
    events = {each.name.partition(".")[0] for each in walk(node)
              if isinstance(each, Input) and each.origin == "event"}  # fmt: skip
    return bool(events - {read.event})


def hold_against(
    found: tuple[Diagnostic, ...], made: Looked, policy: Policy, request: Mapping[str, Any]
) -> Counter[str]:
    """Fails where a finding is not true of a decision; counts how often each was tried."""
    read = policy.read(request)
    if isinstance(read, Rejection):
        return Counter()
    trace, program = reference.Trace(), policy.ready
    bound = reference.evaluate(program, read.facts, read.event, trace)
    places = conditions_by_place(program.bindings)
    seen: Counter[str] = Counter()
    for each in found:
        if each.code in (NEVER, ALWAYS):
            for node in places.get(each.span, ()):
                for worth in worths(node, program, read, bound, trace):
                    seen[each.code] += 1
                    assert worth is not (each.code == NEVER), (made.text(each), request)
                    if each.code == ALWAYS and worth is None and not of_other_events(node, read):
                        assert made.look.may_be_unknown(made.look.cores[each.span][0])
        elif each.code in (SHADOWED, UNREACHABLE):
            name, way = way_of(each)
            seen[each.code] += 1
            assert bound[name] != way, (each.text(), request)
    return seen


def way_of(finding: Diagnostic) -> tuple[str, object]:
    """The binding that chooses, and what it is said never to choose."""
    said = finding.facts()
    if finding.code == UNREACHABLE:
        return f"{said['tier']}.earned", said["level"]
    what = said["what"]
    assert isinstance(what, Said)
    parts = dict(what.facts)
    if "case" in parts:
        return str(parts["name"]), parts["case"]
    return f"{parts['name']}.row", parts["number"]


def test_findings_hold_for_a_heap_of_policies() -> None:
    seen: Counter[str] = Counter()
    for seed in range(HEAP):
        rng = Random(seed)
        made = looked(Maker(rng).policy(), FACTS)
        if made.compiled.program is None:
            continue
        found = made.found()
        policy = with_cuts(made.compiled, rng)
        for _ in range(4):
            request = People(rng, made.compiled.program.timezone).request()
            seen += hold_against(found, made, policy, request)
    assert seen[NEVER] > 25 and seen[ALWAYS] > 25, seen


# ---------------------------------------------------------------- conditions full of edges

POINTS = st.fixed_dictionaries(
    {"n": st.integers(-1, 5), "vip": st.booleans()},
    optional={
        "rate": st.integers(-1, 41).map(lambda tenths: f"{tenths / 10}"),
        "day": st.sampled_from(DAYS),
        "n_opt": st.integers(-1, 5),
    },
)
MAYBE = st.sampled_from(
    ("n_opt > 2", "(n_opt > 2) otherwise true", "(n_opt < 9) otherwise false", "rate is known",
     "day is unknown", "(n_opt otherwise 7) >= 7", "n_opt between 3 and 1", "n > 2 and n < 3")
)  # fmt: skip
MIXED = st.lists(conditions | MAYBE, min_size=1, max_size=4)


@given(MIXED, st.sampled_from(("", " or unknown")), st.lists(POINTS, min_size=6, max_size=10))
def test_findings_hold_at_the_edges(
    cases: list[str], last: str, several: list[dict[str, Any]]
) -> None:
    lines = "".join(f"  c{n} when {case}\n" for n, case in enumerate(cases))
    apart = "".join(f"\nsegment s{n}\n  when {case}\n" for n, case in enumerate(cases))
    levels = "".join(f"  l{n} when {case}\n" for n, case in enumerate(cases))
    text = (
        f"classify c\n{lines}  rest otherwise{last}\n{apart}\n"
        f"tier t by n\n{levels}  low otherwise{last}\n"
    )
    made = looked(text, facts())
    if made.compiled.program is None:  # a value that may be unknown was negated
        return
    found = made.found()
    policy = Policy(made.compiled, Path("policy.siyu"))
    for point in several:
        customer = {"id": "M1", "unsubscribed": False, "consents": [], **point}
        request = {"customer": customer, "as_of": "2026-11-21T10:00:00+08:00"}
        hold_against(found, made, policy, request)


def test_what_is_simple_is_found() -> None:
    """So that the tests above do not hold for want of findings."""
    made = looked(
        "classify c\n  a when n >= 2\n  b when n between 3 and 4\n  rest otherwise\n"
        "segment s\n  when n > 2 and n < 2\n",
        facts(),
    )
    assert {each.code for each in made.found()} == {SHADOWED, NEVER}
    assert all(isinstance(each, Finding) for each in made.found())
    assert all(isinstance(each.span, Span) for each in made.found())
