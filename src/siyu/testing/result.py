"""How tests come out: failures with their places, and what an evaluation leaves to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from siyu.core.compiled import TestCase
from siyu.core.program import Program
from siyu.evaluators.reference import Trace
from siyu.records import Read
from siyu.text import Span

EVALUATORS = ("reference", "python")


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not hold: its place, what went wrong, and the values under it, each
    with the place of its expression."""

    span: Span
    text: str
    values: tuple[tuple[Span, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the reference evaluator saw of a test: the program of its expectations, the facts they
    were asked about, and the value of every binding and node."""

    case: TestCase
    program: Program
    read: Read
    values: Mapping[str, Any]
    trace: Trace


@dataclass(frozen=True, slots=True)
class TestResult:
    """How one test came out on one evaluator; `seconds` are wall time.

    `evaluated` is what the reference evaluator saw, on its own results only; None where what the
    test gives is no record.
    """

    __test__ = False

    name: str
    span: Span
    evaluator: str
    failures: tuple[Failure, ...]
    seconds: float
    evaluated: Evaluated | None = field(default=None, compare=False, repr=False)

    @property
    def passed(self) -> bool:
        """Whether every expectation held."""
        return not self.failures
