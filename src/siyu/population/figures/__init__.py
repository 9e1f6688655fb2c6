"""Figures about everyone: what indicators and claims come to, over a relation of decided customers.

The stats of all figures that are grouped alike are taken in one scan; what they come to is found by
the reference evaluator.
"""

from siyu.population.figures.document import figures_document
from siyu.population.figures.found import FigureFound, bindings_of, find_figures

__all__ = ["FigureFound", "bindings_of", "figures_document", "find_figures"]
