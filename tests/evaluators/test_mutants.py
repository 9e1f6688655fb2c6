"""Seeded faults: each makes an evaluator subtly wrong, and comparing must notice it.

If one of these goes unnoticed, agreement of the evaluators says less than it seems to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from siyu.core import contest
from siyu.core.contest import Entrant
from siyu.core.ir import Cases, Expr
from siyu.evaluators import reference
from siyu.evaluators.record import accumulate, compile_record, emit, known, plan, runtime, texts
from siyu.functions import FUNCTIONS
from strategies.cores import Case, cases

from .agreement import exact

Patch = Callable[[pytest.MonkeyPatch], None]


@cache
def corpus() -> tuple[tuple[Case, tuple[dict[str, Any], ...]], ...]:
    """Generated cases with the true values of all their bindings."""
    drawn: list[tuple[Case, tuple[dict[str, Any], ...]]] = []

    @settings(
        max_examples=500, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(cases())
    def draw(case: Case) -> None:
        values = [reference.evaluate(case.program, facts, case.event) for facts in case.requests]
        drawn.append((case, tuple(values)))

    draw()
    return tuple(drawn)


def record_differs() -> bool:
    """Whether the generated Python gives another value for any case, or none at all."""
    for case, expected in corpus():
        exports = [binding.name for binding in case.program.bindings]
        try:
            record = compile_record(case.program, case.event, case.given, exports)
            found = [record.values(facts) for facts in case.requests]
        except (TypeError, NameError):  # None reached an operator, or was never assigned
            return True
        if any(_differ(a, b) for a, b in zip(found, expected, strict=True)):
            return True
    return False


def reference_differs() -> bool:
    for case, expected in corpus():
        for facts, true in zip(case.requests, expected, strict=True):
            try:
                found = reference.evaluate(case.program, facts, case.event)
            except TypeError:
                return True
            if _differ(found, true):
                return True
    return False


def _differ(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    return any(exact(found[name]) != exact(value) for name, value in expected.items())


def test_without_a_fault_they_agree() -> None:
    corpus()
    assert not record_differs()
    assert not reference_differs()


# ------------------------------------------------------------------ faults of the generated Python


def and_as_two_valued(patch: pytest.MonkeyPatch) -> None:
    def verdict(self: emit.Emitter, node: Any, env: Any) -> str:
        return texts.if_else(self.truth(node, env), "True", "False")

    patch.setattr(emit.Emitter, "verdict", verdict)


def not_unknown_is_true(patch: pytest.MonkeyPatch) -> None:
    old = emit.Emitter.falsity

    def falsity(self: emit.Emitter, node: Expr, env: Any) -> str:
        atom = self.names.atom(node)
        return texts.negation(atom.text) if atom else old(self, node, env)

    patch.setattr(emit.Emitter, "falsity", falsity)


def knowledge_leaks_out_of_or(patch: pytest.MonkeyPatch) -> None:
    def told(self: known.Knowledge, items: Any, verdict: bool, *, every: bool) -> Any:
        return frozenset().union(*(self.told(item, verdict) for item in items))

    patch.setattr(known.Knowledge, "_told_by_items", told)


def default_even_where_known(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(emit.Emitter, "coalesce", lambda self, node, env: self.value(node.default, env))


def unknown_columns_are_trusted(patch: pytest.MonkeyPatch) -> None:
    old = known.Knowledge._leaf

    def leaf(self: known.Knowledge, node: Expr, env: Any) -> Any:
        status = old(self, node, env)
        row = type(node).__name__ == "Column" and status is known.Is.MAYBE
        return known.Is.KNOWN if row else status

    patch.setattr(known.Knowledge, "_leaf", leaf)


def unknown_event_fields_are_read(patch: pytest.MonkeyPatch) -> None:
    """And taken for known, as those of the event at hand are."""
    patch.setattr(plan, "_of_event", lambda program, event: program)


def _cases_with(patch: pytest.MonkeyPatch, was: str, becomes: str) -> None:
    for owner in (known.Knowledge, emit.Emitter):
        name = "_cases" if owner is known.Knowledge else "cases"
        old = getattr(owner, name)

        def changed(self: Any, node: Cases, *rest: Any, old: Any = old) -> Any:
            other = becomes if node.on_unknown == was else node.on_unknown
            return old(self, replace(node, on_unknown=other), *rest)

        patch.setattr(owner, name, changed)


def skip_as_stop(patch: pytest.MonkeyPatch) -> None:
    _cases_with(patch, "skip", "stop")
    patch.setattr(emit.Emitter, "skips", lambda self, node, env: False)


def stop_as_skip(patch: pytest.MonkeyPatch) -> None:
    _cases_with(patch, "stop", "skip")


def otherwise_as_stop(patch: pytest.MonkeyPatch) -> None:
    _cases_with(patch, "otherwise", "stop")


def distinct_counts_unknown(patch: pytest.MonkeyPatch) -> None:
    old = accumulate.Accumulator.write

    def write(self: accumulate.Accumulator, writer: Any, env: Any) -> None:
        if self.node.op == "distinct" and self.values[0] is not None:
            text = writer.emitter.value(self.values[0], env)
            writer.lines.add(f"{self.results[0]}.add({text})")
        else:
            old(self, writer, env)

    patch.setattr(accumulate.Accumulator, "write", write)


def count_counts_unknown(patch: pytest.MonkeyPatch) -> None:
    old = accumulate.Accumulator.join

    def join(self: accumulate.Accumulator, names: Any, value: Any) -> int:
        return old(self, names, None if self.node.op in ("count", "exists") else value)

    patch.setattr(accumulate.Accumulator, "join", join)


def latest_takes_the_last_of_equals(patch: pytest.MonkeyPatch) -> None:
    _source_of_test(patch, lambda test: test.replace(" > a", " >= a"))


def ties_go_to_the_least(patch: pytest.MonkeyPatch) -> None:
    def other(test: str) -> str:
        head, joint, tail = test.partition(" == ")
        return head + joint + tail.replace(" > ", " < ")

    _source_of_test(patch, other)


def _source_of_test(patch: pytest.MonkeyPatch, change: Callable[[str], str]) -> None:
    old = accumulate.Accumulator._test
    patch.setattr(accumulate.Accumulator, "_test", lambda self, *args: change(old(self, *args)))


def sums_start_unknown(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(accumulate.STARTS, "sum", "None")


def min_and_max_of_nothing_are_zero(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(accumulate.STARTS, "max", "0")


def an_absent_collection_is_empty(patch: pytest.MonkeyPatch) -> None:
    from siyu.evaluators.record.loops import LoopWriter

    def over(self: LoopWriter, need: Any, source: str, aggregates: Any, env: Any) -> None:
        self.over(need, f"({source} or ())", aggregates, env)

    patch.setattr(LoopWriter, "over_optional", over)


def unknown_keys_come_first(patch: pytest.MonkeyPatch) -> None:
    def ranked(entrants: Any, descending: Any) -> list[Entrant]:
        order = sorted(entrants, key=lambda e: (e.name, e.place))
        for number in reversed(range(len(descending))):
            some = [e for e in order if e.keys[number] is not None]
            some.sort(key=lambda e: e.keys[number], reverse=descending[number])
            order = [e for e in order if e.keys[number] is None] + some
        return order

    from siyu.evaluators.record import contests

    patch.setattr(contests, "ranked", ranked)
    patch.setattr(contest, "ranked", ranked)


def names_break_ties_descending(patch: pytest.MonkeyPatch) -> None:
    from siyu.evaluators.record import contests

    old = contests.ranked
    patch.setattr(
        contests,
        "ranked",
        lambda entrants, down: list(reversed(old(entrants, [not d for d in down]))),
    )


def rooms_never_fill(patch: pytest.MonkeyPatch) -> None:
    old = runtime.chosen
    monk = lambda size, who, down, rooms, take: old(size, who, down, [None] * len(rooms), take)  # noqa: E731
    patch.setattr(runtime, "chosen", monk)


def one_more_is_taken(patch: pytest.MonkeyPatch) -> None:
    from siyu.evaluators.record import contests

    old = contests._room
    patch.setattr(contests, "_room", lambda before, take: old(before, take + 1))


# ----------------------------------------------------- faults of functions, seen by one evaluator


def _function(patch: pytest.MonkeyPatch, name: str, python: Callable[..., Any]) -> None:
    """Another definition of a function; the true values were computed before."""
    fault = replace(FUNCTIONS[name], python=python, source=None, tailored=None)
    patch.setitem(FUNCTIONS, name, fault)


def _half_even(n: int, d: int) -> int | None:
    return None if d == 0 else round(n * (1 if d > 0 else -1) / abs(d))


def division_rounds_to_even(patch: pytest.MonkeyPatch) -> None:
    _function(patch, "div", lambda a, b, k: _half_even(a * 10**k, b) if k >= 0 else None)


def half_up_is_upwards(patch: pytest.MonkeyPatch) -> None:
    _function(patch, "rescale", lambda a, k: a * 10**k if k >= 0 else (a + 10**-k // 2) // 10**-k)


def quotient_is_floored(patch: pytest.MonkeyPatch) -> None:
    _function(patch, "quotient", lambda n, d, mode: None if d == 0 else n // d)


def at_least_is_more_than(patch: pytest.MonkeyPatch) -> None:
    _function(patch, "ge", lambda a, b: a > b)


def the_opposite_of_less_is_more(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(emit.OPPOSITE, "lt", "gt")


def months_overflow(patch: pytest.MonkeyPatch) -> None:
    _function(patch, "add_months", lambda day, n: day + 30 * n)


def dates_in_utc(patch: pytest.MonkeyPatch) -> None:
    old = FUNCTIONS["local_date"].python
    _function(patch, "local_date", lambda instant, zone: old(instant, "UTC"))


def anniversaries_of_the_first_year(patch: pytest.MonkeyPatch) -> None:
    _function(patch, "anniversary_near", lambda day, low, high: low <= day <= high)


RECORD: tuple[Patch, ...] = (
    and_as_two_valued, not_unknown_is_true, knowledge_leaks_out_of_or, default_even_where_known,
    unknown_columns_are_trusted, unknown_event_fields_are_read, skip_as_stop, stop_as_skip,
    otherwise_as_stop, distinct_counts_unknown, count_counts_unknown,
    latest_takes_the_last_of_equals, ties_go_to_the_least, sums_start_unknown,
    min_and_max_of_nothing_are_zero, an_absent_collection_is_empty, unknown_keys_come_first,
    names_break_ties_descending, rooms_never_fill, one_more_is_taken,
    division_rounds_to_even, half_up_is_upwards, quotient_is_floored, at_least_is_more_than,
    the_opposite_of_less_is_more, months_overflow, dates_in_utc, anniversaries_of_the_first_year,
)  # fmt: skip


@pytest.mark.parametrize("fault", RECORD, ids=lambda fault: fault.__name__)
def test_a_fault_in_the_generated_python_is_caught(
    fault: Patch, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus()
    fault(monkeypatch)
    assert record_differs()


# ------------------------------------------------------------------------ faults of the reference


def or_is_unknown_too_early(patch: pytest.MonkeyPatch) -> None:
    def disjunction(items: tuple[Any, ...]) -> bool | None:
        return None if None in items else any(items)

    patch.setattr(reference, "disjunction", disjunction)


def and_of_unknown_is_false(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reference, "conjunction", lambda items: all(item is True for item in items))


def an_unknown_case_is_skipped(patch: pytest.MonkeyPatch) -> None:
    old = reference.first_case
    patch.setattr(
        reference, "first_case", lambda whens, values, other, _: old(whens, values, other, "skip")
    )


def unknown_values_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        reference, "counts", lambda node, value, by: node.op != "sum" or value is not None
    )


def the_earliest_is_the_latest(patch: pytest.MonkeyPatch) -> None:
    old = reference.found
    patch.setattr(reference, "found", lambda op, entries: old("latest", entries))


REFERENCE: tuple[Patch, ...] = (
    or_is_unknown_too_early, and_of_unknown_is_false, an_unknown_case_is_skipped,
    unknown_values_count, the_earliest_is_the_latest,
)  # fmt: skip


@pytest.mark.parametrize("fault", REFERENCE, ids=lambda fault: fault.__name__)
def test_a_fault_in_the_reference_is_caught(fault: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus()
    fault(monkeypatch)
    assert reference_differs()
