"""Calibration: what a policy has to know of everyone beforehand, found at one moment and kept in a
file that people can read."""

from siyu.population.calibration.cuts import bindings_of, find_cuts
from siyu.population.calibration.find import calibrate, calibrating
from siyu.population.calibration.model import Calibration

__all__ = ["Calibration", "bindings_of", "calibrate", "calibrating", "find_cuts"]
