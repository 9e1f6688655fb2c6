"""An explanation as a JSON document: machine values beside words, codes, and places.

Values are written as in decision documents, with what a person reads in the language asked for
beside them. `siyu schema explanation` prints the JSON Schema; the writer does not use the pydantic
model: it is tested against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from siyu.decision.model import DATE, DATETIME, Plain
from siyu.decision.values import date_text, on_calendar, plain_value
from siyu.explain import captions
from siyu.explain.model import Change, Changes, Explanation, Outcome, Shown, Step
from siyu.text import Source, Span
from siyu.words import Speech, Tongue

Sources = Mapping[str, Source]
NO_SOURCES: Sources = MappingProxyType({})

# ---------------------------------------------------------------- the model


class Part(BaseModel):
    """Every key is always there; no others are."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NamePart(Part):
    """A name that rules use, and what people see."""

    name: str
    label: str


class ValuePart(Part):
    """A value: as decision documents write it, and in words. Null and hidden is a personal value;
    null and not hidden is unknown."""

    value: Plain
    text: str
    hidden: bool


class PlacePart(Part):
    """Where something is written; lines and columns count from 1, columns in characters, the end is
    the first character after it."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class StepPart(Part):
    """One step of a reason, and what it rests on."""

    role: Literal["condition", "stopper", "cap", "fact"] = Field(
        description="a condition must be true; a stopper keeps an outcome from happening and a cap "
        "cuts an amount where it is true; a fact is a value that something rests on"
    )
    text: str
    verdict: Literal["true", "false", "unknown"] | None = Field(
        description="null for facts, and for what was not asked"
    )
    value: ValuePart | None
    remark: str
    code: str | None = Field(description="the reason code")
    place: PlacePart | None
    decisive: bool = Field(description="this is what decided")
    reached: bool = Field(description="false of what was not asked any more")
    below: list[StepPart]


class ChangePart(Part):
    """One figure changed as little as possible, so that the outcome becomes another."""

    fact: str
    label: str
    origin: Literal["customer", "event", "context", "metric", "rows", "time"] = Field(
        description="whose it is; `rows`: an aggregate that is no metric, as it is written"
    )
    before: ValuePart
    after: ValuePart
    bound: Literal["at least", "at most", "exactly"] = Field(
        description="whether anything beyond `after` does it too"
    )
    gap: ValuePart | None
    share: float | None = Field(description="the difference over the present value")
    result: str = Field(description="what the outcome becomes")
    by: str | None = Field(pattern=DATE, description="the last day on which it has this effect")


class ChangesPart(Part):
    """What would change the outcome, the smallest share first."""

    found: list[ChangePart]
    together: list[Annotated[list[ChangePart], Field(min_length=2, max_length=2)]] = Field(
        description="where no single figure was found: two that bring it at once"
    )
    tried: int = Field(description="how many figures were looked at")
    within: str = Field(description="how far")


class OutcomePart(Part):
    """What was decided about one declaration, and why."""

    name: str
    kind: str
    label: str
    status: Literal["yes", "no", "stopped", "unknown", "elsewhere"]
    headline: str
    because: list[str] = Field(description="the author's words, values filled in")
    steps: list[StepPart] = Field(description="the reasons, what decided first")
    chain: list[StepPart] = Field(description="what could have stopped it, in the order asked")
    progress: list[StepPart]
    changes: ChangesPart | None = Field(description="null where they were not asked for")


class ExplanationModel(Part):
    """Why, or why not, for one customer at one moment; texts are in `language`."""

    question: Literal["why", "why_not"]
    language: Literal["en", "zh"]
    policy: NamePart
    customer: str = Field(description="masked where the key is personal")
    as_of: str = Field(pattern=DATETIME)
    timezone: str
    event: str | None
    outcomes: list[OutcomePart]


def explanation_schema() -> dict[str, Any]:
    """The JSON Schema of an explanation."""
    made = ExplanationModel.model_json_schema()
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, **made, "title": "Explanation"}


# ---------------------------------------------------------------- the writer


def document_of(
    explanation: Explanation, speech: Speech, sources: Sources = NO_SOURCES
) -> dict[str, Any]:
    """The explanation as JSON's objects; `sources` are the policy's files by name."""
    return _Writer(speech, sources).document(explanation)


class _Writer:
    def __init__(self, speech: Speech, sources: Sources) -> None:
        self.speech, self.sources = speech, sources

    def document(self, explanation: Explanation) -> dict[str, Any]:
        language: Tongue = self.speech.tongue
        return {
            "question": explanation.question,
            "language": language,
            "policy": {"name": explanation.policy, "label": explanation.policy_label},
            "customer": explanation.customer,
            "as_of": explanation.as_of,
            "timezone": explanation.timezone,
            "event": explanation.event,
            "outcomes": [self.outcome(each) for each in explanation.outcomes],
        }

    def outcome(self, outcome: Outcome) -> dict[str, Any]:
        return {
            "name": outcome.name,
            "kind": outcome.kind,
            "label": outcome.label,
            "status": outcome.status,
            "headline": self.speech.of(outcome.headline),
            "because": [captions.quote(each) for each in outcome.because],
            "steps": self.steps(outcome.steps),
            "chain": self.steps(outcome.chain),
            "progress": self.steps(outcome.progress),
            "changes": None if outcome.changes is None else self.changes(outcome.changes),
        }

    def steps(self, steps: tuple[Step, ...]) -> list[dict[str, Any]]:
        return [self.step(each) for each in steps]

    def step(self, step: Step) -> dict[str, Any]:
        return {
            "role": step.role,
            "text": self.speech.of(step.text),
            "verdict": step.verdict,
            "value": None if step.value is None else self.value(step.value),
            "remark": self.speech.of(step.remark),
            "code": step.code or None,
            "place": self.place(step.span),
            "decisive": step.decisive,
            "reached": step.reached,
            "below": self.steps(step.below),
        }

    def value(self, shown: Shown) -> dict[str, Any]:
        hidden = shown.hidden and shown.held is not None
        return {
            "value": None if hidden else _plain(shown),
            "text": shown.spoken(self.speech),
            "hidden": hidden,
        }

    def place(self, span: Span) -> dict[str, Any] | None:
        source = self.sources.get(span.file)
        if source is None:
            return None
        start, end = source.place(span.start), source.place(span.end)
        return {
            "file": source.name,
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
        }

    def changes(self, changes: Changes) -> dict[str, Any]:
        return {
            "found": [self.change(each) for each in changes.found],
            "together": [[self.change(each) for each in both] for both in changes.together],
            "tried": changes.tried,
            "within": self.speech.of(changes.within),
        }

    def change(self, change: Change) -> dict[str, Any]:
        day = change.by
        return {
            "fact": change.fact,
            "label": self.speech.of(change.label),
            "origin": change.origin,
            "before": self.value(change.before),
            "after": self.value(change.after),
            "bound": change.bound,
            "gap": None if change.gap is None else self.value(change.gap),
            "share": None if change.share is None else round(change.share, 6),
            "result": self.speech.of(change.result),
            "by": date_text(day) if day is not None and on_calendar(day) else None,
        }


def _plain(shown: Shown) -> Any:
    """As a decision document writes it; several values at once are a list of texts."""
    if isinstance(shown.held, tuple):
        return list(map(str, shown.held))
    return plain_value(shown.type, shown.held, ZoneInfo(shown.zone))
