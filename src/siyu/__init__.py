"""siyu (私域): policies for member marketing, and the engine that decides by them.

>>> import siyu
>>> siyu.__version__
'0.1.0'

Importing this package loads nothing else. The names of the Python API are fetched from
`siyu.api` when they are first used, so that the command starts quickly.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from siyu.api import Decision, Policy, Request, diagnose, identify, load, run

__version__ = "0.1.0"

__all__ = ["Decision", "Policy", "Request", "__version__", "diagnose", "identify", "load", "run"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from siyu import api

    found: object = getattr(api, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
