"""The Python API: load a policy, decide, explain.

>>> import json
>>> import siyu
>>> policy = siyu.load("policies/starter")
>>> with open("policies/starter/customers.jsonl", encoding="utf-8") as lines:
...     request = json.loads(next(lines))
>>> decision = policy.decide(request, as_of="2026-11-21T10:00:00+08:00")
>>> decision.as_of
'2026-11-21T10:00:00+08:00'

Here files are read; everything before this floor is pure. Each name is fetched when it is first
used, so that loading a policy out of the cache costs little.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from siyu.api.checking import Checked, check
    from siyu.api.diagnosing import diagnose
    from siyu.api.errors import (
        CalibrationNeeded,
        InputFileError,
        PolicyError,
        Rejected,
        SiyuError,
    )
    from siyu.api.identifying import IdentityOptions, explain_identity, identify
    from siyu.api.loading import load
    from siyu.api.policy import Policy, Request, read_request
    from siyu.api.publishing import publish
    from siyu.api.running import RunFailed, RunOptions, run
    from siyu.decision import Decision
    from siyu.explain import NoSuchOutcome
    from siyu.records import Reason, Rejection

__all__ = [
    "CalibrationNeeded",
    "Checked",
    "Decision",
    "IdentityOptions",
    "InputFileError",
    "NoSuchOutcome",
    "Policy",
    "PolicyError",
    "Reason",
    "Rejected",
    "Rejection",
    "Request",
    "RunFailed",
    "RunOptions",
    "SiyuError",
    "check",
    "diagnose",
    "explain_identity",
    "identify",
    "load",
    "publish",
    "read_request",
    "run",
]

HOMES = {
    "siyu.api.checking": ("Checked", "check"),
    "siyu.api.diagnosing": ("diagnose",),
    "siyu.api.publishing": ("publish",),
    "siyu.api.errors": (
        "CalibrationNeeded",
        "InputFileError",
        "PolicyError",
        "Rejected",
        "SiyuError",
    ),
    "siyu.api.identifying": ("IdentityOptions", "explain_identity", "identify"),
    "siyu.api.loading": ("load",),
    "siyu.api.policy": ("Policy", "Request", "read_request"),
    "siyu.api.running": ("RunFailed", "RunOptions", "run"),
    "siyu.decision": ("Decision",),
    "siyu.explain": ("NoSuchOutcome",),
    "siyu.records": ("Reason", "Rejection"),
}


def __getattr__(name: str) -> object:
    for home, names in HOMES.items():
        if name in names:
            found: object = getattr(import_module(home), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
