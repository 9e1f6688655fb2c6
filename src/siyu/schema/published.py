"""The JSON Schema of schema files, for editors: what may stand where, with a word on each.

Only the shape; whether enums exist, ranges hold and roles fit is for `siyu schema check`. The
loader does not use these models; a test compares their names with `shape.py`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from siyu.types import MAX_SCALE

TYPE = (
    r"^(bool|int|decimal|money|duration|date|time|datetime|text|geo"
    r"|(set of )?enum \S+|set of text|level of \S+)$"
)
ROLE = r"^(opt-out|(held level|kept until) of \S+)$"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LabelsPart(Part):
    """A label for each language."""

    zh: str | None = Field(None, description="in Chinese")
    en: str | None = Field(None, description="in English")


Label = str | LabelsPart
Bound = int | float | str


class FieldPart(Part):
    """One value."""

    type: str = Field(pattern=TYPE, description="bool, money, enum NAME, set of text, …")
    label: Label | None = Field(None, description="what people see")
    optional: bool = Field(False, description="a record may leave it out; it is then unknown")
    default: Any = Field(None, description="what a missing value is")
    min: Bound | None = Field(None, description="the least value, inclusive")
    max: Bound | None = Field(None, description="the greatest value, inclusive")
    scale: int | None = Field(None, ge=0, le=MAX_SCALE, description="digits after the point")
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", description="else the policy's")
    unit: Literal["day", "days", "hour", "hours", "minute", "minutes", "second", "seconds",
                  "month", "months"] | None = Field(None, description="of a duration")  # fmt: skip
    pii: bool = Field(False, description="personal: never in logs and messages")
    immutable: bool = Field(False, description="never changes once it is known")
    role: str | None = Field(None, pattern=ROLE, description="what the engine reads it as")


class EnumPart(Part):
    """The long form of an enum."""

    values: dict[str, Label | None] | list[str] = Field(
        description="its members, with their labels or without"
    )
    ordered: bool = Field(False, description="members can be compared, lowest first")
    label: Label | None = Field(None, description="what people see")


class CollectionPart(Part):
    """Rows that belong to a customer, or to a row."""

    key: str | None = Field(None, description="the field that tells one row from another")
    time: str | None = Field(None, description="the field that says when it happened")
    role: Literal["contact log", "incentive log", "points log", "consents"] | None = Field(
        None, description="what the engine reads it as"
    )
    default: list[Any] | None = Field(None, max_length=0, description="[]: absent means none")
    optional: bool = Field(False, description="absent means not known")
    extra: Literal["ignore"] | None = Field(None, description="unknown keys are passed over")
    label: Label | None = Field(None, description="what people see")
    fields: dict[str, FieldPart] = Field(description="each field by its name")
    collections: dict[str, CollectionPart] | None = Field(
        None, description="rows inside each row, such as the lines of an order"
    )


class EventPart(Part):
    """Something that happens and is decided about."""

    key: str | None = Field(None, description="the field that identifies it")
    time: str | None = Field(None, description="the field that is the instant of the decision")
    extra: Literal["ignore"] | None = Field(None, description="unknown keys are passed over")
    label: Label | None = Field(None, description="what people see")
    fields: dict[str, FieldPart] = Field(description="each field by its name")


class CustomerPart(Part):
    """Who is decided about."""

    key: str = Field(description="the field that identifies a customer")
    fields: dict[str, FieldPart] = Field(description="each field by its name")


class ProfilesPart(Part):
    """What each channel knows of a person, for `identity`."""

    key: str = Field(description="the field that tells the profiles of a channel apart")
    channel: str = Field(description="the field that says which channel knows the person")
    label: Label | None = Field(None, description="what people see")
    fields: dict[str, FieldPart] = Field(description="each field by its name")


class ContextPart(Part):
    """The moment: place, weather, scene."""

    fields: dict[str, FieldPart] = Field(description="each field by its name")


class SchemaFile(Part):
    """The facts that policies read: the contract with the data."""

    schema_: str = Field(alias="schema", description="its name")
    version: int = Field(1, ge=1, description="your own count of versions")
    labels: Label | None = Field(None, description="what people see")
    extra: Literal["ignore"] | None = Field(
        None, description="unknown keys in a record are passed over, and counted"
    )
    enums: dict[str, EnumPart | dict[str, Label | None] | list[str]] | None = Field(
        None, description="lists of words: members, each with its label"
    )
    customer: CustomerPart = Field(description="who is decided about")
    collections: dict[str, CollectionPart] | None = Field(
        None, description="the tables of what belongs to a customer"
    )
    events: dict[str, EventPart] | None = Field(None, description="what is decided about")
    context: ContextPart | None = Field(None, description="the moment of the decision")
    profiles: ProfilesPart | None = Field(
        None, description="profiles of channels, which an identity joins into customers"
    )


def file_schema() -> dict[str, Any]:
    """The JSON Schema of schema files."""
    made = SchemaFile.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
