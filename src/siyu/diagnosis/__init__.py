"""A policy set looked at as a whole: what it leaves out, and what its incentives are good for.

Nothing that decides depends on it. What is said follows from what is written; where that cannot be
told, it says so.
"""

from siyu.diagnosis.model import (
    CODES,
    Case,
    Cell,
    Diagnosis,
    Family,
    Gap,
    Quadrant,
    Served,
)
from siyu.diagnosis.whole import diagnose

__all__ = [
    "CODES",
    "Case",
    "Cell",
    "Diagnosis",
    "Family",
    "Gap",
    "Quadrant",
    "Served",
    "diagnose",
]
