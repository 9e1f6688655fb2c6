"""Why a decision is what it is, from the trace of the reference evaluator.

After this stage every outcome has a tree: the rule in its author's words, each of its conditions
with its text and verdict, and the values behind them.
"""

from siyu.explain.model import Explanation, Line, NoSuchOutcome
from siyu.explain.reasons import explain

__all__ = ["Explanation", "Line", "NoSuchOutcome", "explain"]
