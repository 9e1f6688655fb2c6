"""Running a policy's own tests, on every evaluator."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from siyu.api.policy import Policy
from siyu.core.compiled import TestCase
from siyu.core.program import Program
from siyu.diagnostics import nearest
from siyu.evaluators import reference
from siyu.records import Read, Rejection
from siyu.testing.generated import Asked, answers, facts_for
from siyu.testing.persona import request_of
from siyu.testing.programs import Programs
from siyu.testing.result import Evaluated, Failure, Kept, TestResult
from siyu.testing.snapshots import compared
from siyu.testing.values import values_under
from siyu.words import Said, Words, say

NEAR = 3  # titles that are offered for one that matches none
FALSE, UNKNOWN = say("it is false"), say("it is unknown")


def run_tests(
    policy: Policy, names: Sequence[str] = (), step: Callable[[], None] | None = None
) -> tuple[TestResult, ...]:
    """Every test of a policy on every evaluator, or those whose title holds one of `names`.

    The results of a test stand together, in the order of the evaluators; `step` is called once for
    every test. Writes nothing: what files should hold is in `TestResult.kept`.
    """
    programs = Programs(policy)
    runs = []
    for case in policy.tests:
        if not names or any(matches(case.title, name) for name in names):
            runs.append(_Run(case, programs))
            if step is not None:
                step()
    generated = iter(_generated(runs, programs))
    return tuple(result for run in runs for result in run.results(generated))


def matches(title: str, name: str) -> bool:
    """Whether a title holds a text, in whatever case it is written."""
    return _folded(name) in _folded(title)


def near_titles(name: str, titles: Sequence[str]) -> tuple[str, ...]:
    """Titles that may be meant by a text that none of them holds: near as a whole, or in a word."""
    whole = nearest(name, titles, NEAR)
    if whole:
        return whole
    words = {word: title for title in reversed(titles) for word in _words(title)}
    return tuple(dict.fromkeys(words[word] for word in nearest(name, words, NEAR)))


def _words(title: str) -> Iterator[str]:
    """The words of a title; of Chinese, which has no blanks, all runs of a few characters."""
    for word in title.split():
        yield word
        if not word.isascii():
            yield from (word[at : at + size] for size in (2, 3, 4) for at in range(len(word)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def program_of(case: TestCase, policy: Policy) -> Program:
    """What a test's expectations need of its policy, with the population values that it gives."""
    return Programs(policy).of((case,))


# ---------------------------------------------------------------- one test


@dataclass(slots=True)
class _Run:
    """One test: what the reference evaluator says of it, or why nobody can be asked."""

    case: TestCase
    programs: Programs
    unfit: tuple[Failure, ...] = ()
    seen: Evaluated | None = None
    seconds: float = 0.0
    document: Mapping[str, Any] | None = field(default=None)

    def __post_init__(self) -> None:
        start = time.perf_counter()
        found = self._read()
        if isinstance(found, Failure):
            self.unfit = (found,)
        else:
            program, read = found
            trace = reference.Trace()
            values = reference.evaluate(program, read.facts, read.event, trace)
            self.seen = Evaluated(self.case, program, read, values, trace)
            if self.case.decisions:
                deciding = self.programs.deciding(self.case.cuts)
                self.document = deciding.document(read, values)
        self.seconds = time.perf_counter() - start

    def _read(self) -> tuple[Program, Read] | Failure:
        case = self.case
        request = request_of(case, self.programs.policy)
        if isinstance(request, Said):
            return Failure(case.like.span if case.like else case.span, request)
        program = self.programs.of((case,), whole=bool(case.decisions))
        read = self.programs.reader(program)(request)
        if isinstance(read, Rejection):
            said = say("what it gives is no record: {reasons}", reasons=read.reasons)
            return Failure(case.span, said)
        missing = tuple(cut.name for cut in program.cuts if cut.name not in case.cuts)
        if missing:
            said = say(
                "it compares with the whole population: give the calibration {names}", names=missing
            )
            return Failure(case.span, said)
        return program, read

    def results(self, generated: Iterator[tuple[Mapping[str, Any], float]]) -> Iterator[TestResult]:
        """The results on all evaluators; `generated` are the answers of generated code to those
        tests that can be asked."""
        title, span, seen = self.case.title, self.case.span, self.seen
        if seen is None:
            yield TestResult(title, span, "reference", self.unfit, self.seconds)
            yield TestResult(title, span, "python", self.unfit, 0.0)
            return
        kept, failures = self._outcome(seen.values, self.document, seen)
        yield TestResult(title, span, "reference", failures, self.seconds, seen, kept)
        values, seconds = next(generated)
        start = time.perf_counter()
        document = None
        if self.case.decisions:
            document = self._decided(seen)
        kept, failures = self._outcome(values, document, seen)
        seconds += time.perf_counter() - start
        yield TestResult(title, span, "python", failures, seconds, None, kept)

    def _decided(self, seen: Evaluated) -> Mapping[str, Any]:
        """The document that generated code decides on."""
        deciding, read = self.programs.deciding(self.case.cuts), seen.read
        facts = facts_for(deciding.program.needs, seen.program.needs, read.facts)
        told = (read.key, read.as_of, read.event, read.event_key, read.ignored)
        return deciding.decide_about(Read(facts, *told)).to_dict()

    def _outcome(
        self, values: Mapping[str, Any], document: Mapping[str, Any] | None, seen: Evaluated
    ) -> tuple[tuple[Kept, ...], tuple[Failure, ...]]:
        """What one evaluator found: expectations and decisions that are not as they should be."""
        failures = list(self._failed(values, seen))
        files = self.case.decisions if document is not None else ()
        pairs = [compared(file, document or {}, self.programs.policy) for file in files]
        failures += [failure for _, failure in pairs if failure is not None]
        ordered = sorted(failures, key=lambda failure: failure.span.start)
        return tuple(kept for kept, _ in pairs), tuple(ordered)

    def _failed(self, values: Mapping[str, Any], seen: Evaluated) -> Iterator[Failure]:
        """Expectations that do not hold, with what the reference saw under them."""
        failed = [e for e in self.case.expectations if values[e.binding] is not True]
        exprs = {binding.name: binding.expr for binding in seen.program.bindings if failed}
        sources = self.programs.policy.compiled.sources
        for expectation in failed:
            text: Words = UNKNOWN if values[expectation.binding] is None else FALSE
            root, timezone = exprs[expectation.binding], seen.program.timezone
            source = sources[expectation.span.file].text
            yield Failure(expectation.span, text, values_under(root, seen.trace, timezone, source))


def _generated(
    runs: Sequence[_Run], programs: Programs
) -> Iterator[tuple[Mapping[str, Any], float]]:
    """The answers of generated code, each with its share of the time."""
    asked = [
        Asked(run.case, run.seen.program, run.seen.read) for run in runs if run.seen is not None
    ]
    start = time.perf_counter()
    found = list(answers(asked, programs))
    share = (time.perf_counter() - start) / max(len(found), 1)
    return ((values, share) for values in found)
