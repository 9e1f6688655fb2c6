"""Programs into programs that mean the same, or the same for certain requests.

PASSES are for evaluators that want less to do; a program keeps its authors' shape (every condition
with its code and its place) wherever a decision is explained. The others make a program ready:
`needs_of` lists the facts it reads, `specialise` puts a calibration's values into it, `at_moment`
the instant and the event, `prune` keeps what one kind of event asks for, `given_metrics` takes
metrics from the request, `alone` leaves out what only a run over everyone reads.
"""

from collections.abc import Callable

from siyu.core.passes.at_moment import at_moment
from siyu.core.passes.everywhere import alone, everywhere
from siyu.core.passes.fold import fold_constants
from siyu.core.passes.given import given_metrics
from siyu.core.passes.needs import needs_of
from siyu.core.passes.prune import prune, written
from siyu.core.passes.share import share
from siyu.core.passes.specialise import specialise
from siyu.core.program import Program

PASSES: tuple[Callable[[Program], Program], ...] = (fold_constants, share)

__all__ = [
    "PASSES",
    "alone",
    "at_moment",
    "everywhere",
    "fold_constants",
    "given_metrics",
    "needs_of",
    "prune",
    "share",
    "specialise",
    "written",
]
