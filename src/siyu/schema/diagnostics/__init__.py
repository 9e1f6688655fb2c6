"""What is said about a mistake in a schema file.

Each message has a page with a wrong and a right example; both are whole schema files, and the
tests load them. `DIAGNOSTICS` is the table of contents, in the order of the codes.
"""

from siyu.diagnostics import Diagnostic
from siyu.schema.diagnostics.roles import (
    ColumnMissing,
    ColumnOfWrongType,
    RoleOfWrongType,
    RoleTwice,
    TimeMissing,
    UnknownRole,
)
from siyu.schema.diagnostics.shape import (
    BadName,
    EmptyEnum,
    KeyMissing,
    MemberNeedsBackticks,
    NameTwice,
    UnknownKey,
    WrongShape,
)
from siyu.schema.diagnostics.types import (
    BadRange,
    BadValue,
    DefaultForbidden,
    DefaultNotNeeded,
    DefaultOrOptional,
    DefaultOutsideRange,
    NotForThisType,
    PointsNowhere,
    RangeTooWide,
    ScaleMissing,
    UnknownEnum,
    UnknownType,
    WrongFieldFor,
    WrongFieldMissing,
)
from siyu.schema.diagnostics.yaml import (
    AliasUsed,
    DuplicateKey,
    NotYaml,
    TabInsteadOfSpaces,
    TagUsed,
    TooDeep,
    TooLarge,
)

__all__ = [
    "DIAGNOSTICS",
    "AliasUsed",
    "BadName",
    "BadRange",
    "BadValue",
    "ColumnMissing",
    "ColumnOfWrongType",
    "DefaultForbidden",
    "DefaultNotNeeded",
    "DefaultOrOptional",
    "DefaultOutsideRange",
    "DuplicateKey",
    "EmptyEnum",
    "KeyMissing",
    "MemberNeedsBackticks",
    "NameTwice",
    "NotForThisType",
    "NotYaml",
    "PointsNowhere",
    "RangeTooWide",
    "RoleOfWrongType",
    "RoleTwice",
    "ScaleMissing",
    "TabInsteadOfSpaces",
    "TagUsed",
    "TimeMissing",
    "TooDeep",
    "TooLarge",
    "UnknownEnum",
    "UnknownKey",
    "UnknownRole",
    "UnknownType",
    "WrongFieldFor",
    "WrongFieldMissing",
    "WrongShape",
]

DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    NotYaml, TabInsteadOfSpaces, DuplicateKey, AliasUsed, TagUsed, TooDeep, TooLarge,
    UnknownKey, KeyMissing, WrongShape, BadName, NameTwice, EmptyEnum, MemberNeedsBackticks,
    UnknownType, UnknownEnum, ScaleMissing, NotForThisType, BadValue, BadRange, RangeTooWide,
    DefaultOutsideRange, DefaultForbidden, DefaultNotNeeded, DefaultOrOptional, PointsNowhere,
    WrongFieldFor, WrongFieldMissing,
    UnknownRole, RoleOfWrongType, RoleTwice, ColumnMissing, ColumnOfWrongType, TimeMissing,
)  # fmt: skip
