"""What an `identity` declaration says: which keys make profiles of several channels one customer.

`program` reads a profile as if it were a customer; its bindings are the values of the fields and
the conditions of the lines, by which everything here names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from siyu.core.program import Program
from siyu.functions.evidence import KeyKind
from siyu.schema.model import NO_LABELS, Labels, Schema
from siyu.types import Type

PROFILE = "profile.key"  # the field that tells profiles of all channels apart: "channel:key"


@dataclass(frozen=True, slots=True)
class Value:
    """A field that is compared, in one way of writing. `binding` has it as it was read."""

    field: str
    kind: KeyKind
    binding: str
    type: Type
    pii: bool = False
    label: Labels = NO_LABELS


@dataclass(frozen=True, slots=True)
class Join:
    """One `join by`. `code` is "one_id.join.1" and so on; `when` the binding of its condition.
    A weak line only brings profiles without any strong key to the one customer it points to."""

    code: str
    value: Value
    weak: bool = False
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """One declaration. `joins` come strongest first, weak ones last. Nobody has two values of a
    field in `conflicts`. `ignored` are values that say nothing, by field, in their one way of
    writing; `most` is how many profiles one value may have before it says nothing (None: any
    number). `schema` describes a profile, with the field PROFILE as its key; `channel` and `key`
    name the fields of these."""

    name: str
    label: str
    joins: tuple[Join, ...]
    conflicts: tuple[Value, ...]
    program: Program
    schema: Schema
    channel: str
    key: str
    country: str = ""
    most: int | None = None
    ignored: Mapping[str, frozenset[str]] = field(default_factory=dict)
