"""Why a decision is what it is, and why it is not something else, from the trace of the reference
evaluator.

After this stage every outcome has a tree: the rule in its author's words, each of its conditions
with its text and verdict, the values behind them, and what could have stopped it. The tree is in
no language yet; `text`, `html` and `document` write it.
"""

from siyu.explain.anatomy import Anatomy
from siyu.explain.model import Explanation, Outcome, Shown, Step
from siyu.explain.names import NoSuchOutcome
from siyu.explain.reasons import explain

__all__ = ["Anatomy", "Explanation", "NoSuchOutcome", "Outcome", "Shown", "Step", "explain"]
