"""The tests that policies hold: running them on every evaluator, and saying how they came out."""

from siyu.testing.result import EVALUATORS, Evaluated, Failure, TestResult
from siyu.testing.run import program_of, run_tests

__all__ = ["EVALUATORS", "Evaluated", "Failure", "TestResult", "program_of", "run_tests"]
