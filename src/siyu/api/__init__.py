"""The Python API: load a policy, decide, explain.

>>> import siyu
>>> policy = siyu.load("policies/starter/policy.siyu")  # doctest: +SKIP
>>> policy.decide({"customer": {…}}, as_of="2026-11-21T10:00:00+08:00")  # doctest: +SKIP

Here files are read; everything before this floor is pure.
"""

from siyu.api.errors import CalibrationNeeded, InputFileError, PolicyError, Rejected, SiyuError
from siyu.api.loading import Checked, check, load
from siyu.api.policy import Policy, Request
from siyu.decision import Decision
from siyu.records import Reason, Rejection

__all__ = [
    "CalibrationNeeded",
    "Checked",
    "Decision",
    "InputFileError",
    "Policy",
    "PolicyError",
    "Reason",
    "Rejected",
    "Rejection",
    "Request",
    "SiyuError",
    "check",
    "load",
]
