"""The decision document as a pydantic model, for those who read it; its JSON Schema is published.

`siyu schema decision` prints it. The writers do not use the model: they are tested against it.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Plain = bool | int | str | list[str] | list[float] | None
By = Literal[
    "unless", "never", "consent", "limit", "cap", "posted", "group", "holdout", "budget", "quota",
    "arbitration", "discard",
]  # fmt: skip
Change = Literal["entered", "upgraded", "kept", "in_grace", "downgraded"]
DATE = r"^\d{4}-\d{2}-\d{2}$"
DATETIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?[+-]\d{2}:\d{2}(:\d{2})?$"
NUMBER = r"^-?\d+(\.\d+)?$"


class Part(BaseModel):
    """Every key is always there; no others are."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PolicyPart(Part):
    """The policy that decided."""

    name: str
    version: int
    digest: str = Field(description="of the policy, the files it uses, and its schema")


class EventPart(Part):
    """The event that was decided about."""

    type: str
    key: str | None


class ScorePart(Part):
    """A score, and why."""

    value: int | str | None
    reasons: list[str] = Field(description="codes of what counted, by size, then position")
    unknown: list[str] = Field(description="codes of conditions that could not be told")


class NextPart(Part):
    """The next higher level, and what is missing to reach it."""

    level: str | None
    missing: dict[str, Plain]


class KeepPart(Part):
    """What is missing to keep this level; empty where nothing is."""

    missing: dict[str, Plain]


class TierPart(Part):
    """A level, and the change."""

    level: str | None
    held: str | None
    change: Change | None
    keep_until: str | None = Field(pattern=DATE)
    grace_until: str | None = Field(pattern=DATE)
    next: NextPart | None
    keep: KeepPart


class RowPart(Part):
    """A row of a decision table that holds: its number from 1, and its outputs."""

    row: int | None
    out: dict[str, Plain]


class PostingPart(Part):
    """Points or money to be posted to an account."""

    id: str = Field(description="names the posting once and for all")
    rule: str
    account: str
    to: str | None = Field(description="the customer who receives")
    points: int | None
    worth: str | None = Field(pattern=NUMBER)
    event: str | None = Field(description="the event's key")
    amount: str | None = Field(pattern=NUMBER)
    usable_on: str | None = Field(pattern=DATE)
    expires_on: str | None = Field(pattern=DATE)
    reasons: list[str]


class IncentivePart(Part):
    """What is given."""

    id: str = Field(description="names the award once and for all")
    rule: str
    benefit: str | None
    detail: str | None
    worth: str | None = Field(pattern=NUMBER)
    cost: str | None = Field(pattern=NUMBER)
    valid_until: str | None = Field(pattern=DATE)
    budget: str | None = Field(description="whether a budget was applied; null without one")


class ContactPart(Part):
    """Whom to reach, how and when."""

    id: str = Field(description="names the contact once and for all")
    rule: str
    purpose: str | None
    channel: str | None
    send: str | None = Field(description="the message's template")
    params: dict[str, Plain]
    not_before: str | None = Field(pattern=DATETIME)
    quota: str | None = Field(description="whether a quota was applied; null without one")


class StoppedPart(Part):
    """What would have been given, sent or posted, and the first that stopped it."""

    rule: str
    by: By
    code: str


class DecisionModel(Part):
    """One decision about one customer. Amounts are texts with their digits, dates ISO 8601,
    durations text like "265 days"; null is unknown."""

    policy: PolicyPart
    as_of: str = Field(pattern=DATETIME)
    customer: str
    event: EventPart | None
    metrics: dict[str, Plain]
    segments: dict[str, bool | None]
    classes: dict[str, str | None]
    scores: dict[str, ScorePart]
    tiers: dict[str, TierPart]
    tables: dict[str, RowPart | list[RowPart] | None]
    points: list[PostingPart]
    incentives: list[IncentivePart]
    contacts: list[ContactPart]
    stopped: list[StoppedPart]
    claims: dict[str, bool | None]
    calibration: str | None


def decision_schema() -> dict[str, Any]:
    """The JSON Schema of a decision."""
    made = DecisionModel.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "Decision"}
