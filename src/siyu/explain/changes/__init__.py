"""What would change an outcome: one figure moved as little as possible, and found true by deciding.

A *lever* is a figure that may change: a field, a metric, a consent, or time. A *probe* is the part
of a program that some outcome hangs on, made so that levers can be moved and decided anew in a few
microseconds; with its levers it is a *board*. Where an outcome turns is read off the comparisons
on the way (`edges`), so that few values need to be tried; every one that is proposed has been
tried. How a figure can move at all, `motion` says.
"""

from siyu.explain.changes.board import Board, Situation, board_of
from siyu.explain.changes.find import find_changes
from siyu.explain.changes.levers import Lever, every_lever, levers_of
from siyu.explain.changes.probe import Probe, coded
from siyu.explain.changes.search import Flip, flips

__all__ = [
    "Board",
    "Flip",
    "Lever",
    "Probe",
    "Situation",
    "board_of",
    "coded",
    "every_lever",
    "find_changes",
    "flips",
    "levers_of",
]
