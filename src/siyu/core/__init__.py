"""The core: a small closed language that every evaluator understands.

After this stage there are no rule kinds any more, only named bindings of typed expressions, a list
of the facts they read, and a layout that says which bindings make which part of the decision.
"""
