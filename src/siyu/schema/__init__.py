"""The schema: the contract with the data.

After this stage the facts of a policy have names, types, ranges and roles, or the author of the
schema file has been told, all at once, what is wrong with it.
"""

from siyu.schema.load import Loaded, load_schema
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
