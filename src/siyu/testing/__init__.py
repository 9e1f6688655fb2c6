"""The tests that policies hold: running them on every evaluator, and saying how they came out."""

from siyu.testing.persona import request_of
from siyu.testing.result import (
    EVALUATORS,
    Difference,
    Evaluated,
    Failure,
    Kept,
    TestResult,
    Value,
)
from siyu.testing.run import matches, near_titles, program_of, run_tests

__all__ = [
    "EVALUATORS", "Difference", "Evaluated", "Failure", "Kept", "TestResult", "Value", "matches",
    "near_titles", "program_of", "request_of", "run_tests",
]  # fmt: skip
