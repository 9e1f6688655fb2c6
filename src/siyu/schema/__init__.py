"""The schema: the contract with the data.

After this stage the facts of a policy have names, types, ranges and roles, or the author of the
schema file has been told, all at once, what is wrong with it.
"""

from typing import TYPE_CHECKING

from siyu.schema.model import (
    MISSING,
    Collection,
    CollectionRole,
    Enum,
    Event,
    Field,
    Labels,
    Missing,
    Schema,
)

if TYPE_CHECKING:
    from siyu.schema.load import Loaded, load_schema

__all__ = [
    "MISSING",
    "Collection",
    "CollectionRole",
    "Enum",
    "Event",
    "Field",
    "Labels",
    "Loaded",
    "Missing",
    "Schema",
    "load_schema",
]


def __getattr__(name: str) -> object:
    """Loading is imported by those who load: a policy from the cache brings its schema along."""
    if name not in ("Loaded", "load_schema"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from siyu.schema import load

    found: object = getattr(load, name)
    globals()[name] = found
    return found
