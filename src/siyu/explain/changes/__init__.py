"""What would change an outcome: one figure moved as little as possible, and found true by deciding.

A *lever* is a figure that may change: a field, a metric, a consent, or time. A *probe* is the part
of a program that some outcome hangs on, made so that levers can be moved and decided anew in a few
microseconds. Where an outcome turns is read off the comparisons on the way (`edges`), so that few
values need to be tried; every one that is proposed has been tried.
"""

from siyu.explain.changes.find import find_changes

__all__ = ["find_changes"]
