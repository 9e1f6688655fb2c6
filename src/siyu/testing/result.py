"""How tests come out: failures with their places, and what an evaluation leaves to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from siyu.core.compiled import TestCase, TestFile
from siyu.core.program import Program
from siyu.evaluators.reference import Trace
from siyu.records import Read
from siyu.text import Span
from siyu.words import Words

EVALUATORS = ("reference", "python")


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression was worth: its place, the place that speaks for it (an operator, where it
    has one), and the value as people write it."""

    span: Span
    anchor: int
    text: Words


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in a decision (`incentives[wakeup].cost`), and what JSON was expected and found
    there; None: nothing."""

    path: str
    expected: str | None
    found: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that did not hold: its place, what went wrong, and the values under it in the
    order written; of a whole decision, where it is another than expected."""

    span: Span
    text: Words
    values: tuple[Value, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What the reference evaluator saw of a test: the program of its expectations (the whole policy
    where the whole decision is expected), the facts, and the value of every binding and node."""

    case: TestCase
    program: Program
    read: Read
    values: Mapping[str, Any]
    trace: Trace


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file should hold by the decision made now, and whether it may stay as it is."""

    file: TestFile
    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class TestResult:
    """How one test came out on one evaluator; `seconds` are wall time.

    `evaluated` is what the reference evaluator saw, on its own results only; None where what the
    test gives is no record. `kept` are the whole decisions that files should hold.
    """

    __test__ = False

    name: str
    span: Span
    evaluator: str
    failures: tuple[Failure, ...]
    seconds: float
    evaluated: Evaluated | None = field(default=None, compare=False, repr=False)
    kept: tuple[Kept, ...] = field(default=(), compare=False, repr=False)

    @property
    def passed(self) -> bool:
        """Whether every expectation held."""
        return not self.failures
