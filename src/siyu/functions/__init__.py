"""Built-in functions: one declaration each, from which every evaluator takes its own part.

After this stage every name a core `Call` may hold has a meaning: a Python definition that is the
truth, examples that are run on every evaluator, and a way to write it as Python source.
"""

from siyu.functions.declaration import Example, Function
from siyu.functions.registry import FUNCTIONS

__all__ = ["FUNCTIONS", "Example", "Function"]
