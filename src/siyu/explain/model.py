"""An explanation as data, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["true", "false", "unknown", "fact", "stopped", "free", "cut", "uncut"]
MARKS: dict[Verdict, str] = {
    "true": "✓",
    "false": "✗",
    "unknown": "?",
    "fact": "·",
    "stopped": "■ stopped by",
    "free": "○ not stopped by",
    "cut": "▼ cut by",
    "uncut": "○ not cut by",
}


class NoSuchOutcome(KeyError):
    """A name that the policy does not decide about; `near` are names that may be meant."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.near = near

    def __str__(self) -> str:
        hint = f"; perhaps `{self.near[0]}` is meant" if self.near else ""
        return f"the policy decides about nothing called `{self.name}`{hint}"


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a reason. `text` is the author's or a fact, `value` what it is for this customer,
    `code` the reason code where it has one, `below` what it rests on. The verdicts "stopped" and
    "free" are those of conditions that keep an outcome from happening, "cut" and "uncut" those of
    caps on points."""

    verdict: Verdict
    text: str
    value: str | None = None
    code: str = ""
    below: tuple[Line, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The line as JSON."""
        return {
            "verdict": self.verdict,
            "text": self.text,
            "value": self.value,
            "code": self.code,
            "below": [line.to_dict() for line in self.below],
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about one declaration: a headline, the author's words, and the reasons."""

    name: str
    kind: str
    label: str
    headline: str
    because: tuple[str, ...]
    lines: tuple[Line, ...]

    def to_dict(self) -> dict[str, Any]:
        """The outcome as JSON."""
        return {
            "name": self.name,
            "kind": self.kind,
            "label": self.label,
            "outcome": self.headline,
            "because": list(self.because),
            "reasons": [line.to_dict() for line in self.lines],
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why, for one customer at one moment: outcomes, what matters most first."""

    policy: str
    customer: str
    as_of: str
    event: str | None
    outcomes: tuple[Outcome, ...]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as JSON."""
        return {
            "policy": self.policy,
            "customer": self.customer,
            "as_of": self.as_of,
            "event": self.event,
            "outcomes": [outcome.to_dict() for outcome in self.outcomes],
        }

    def text(self) -> str:
        """The explanation as indented text."""
        about = f" on {self.event}" if self.event else ""
        head = f"{self.policy}: customer {self.customer}{about}, as of {self.as_of}"
        return "\n".join([head, *(line for o in self.outcomes for line in _outcome(o))]) + "\n"


def _outcome(outcome: Outcome) -> Iterator[str]:
    yield ""
    name = outcome.name if outcome.label == outcome.name else f"{outcome.label} ({outcome.name})"
    yield f"{outcome.kind} {name}: {outcome.headline}"
    for words in outcome.because:
        yield f"  “{words}”"
    for line in outcome.lines:
        yield from _line(line, 1)


def _line(line: Line, depth: int) -> Iterator[str]:
    value = "" if line.value is None else f" = {line.value}"
    code = f"   [{line.code}]" if line.code else ""
    yield f"{'  ' * depth}{MARKS[line.verdict]} {line.text}{value}{code}"
    for below in line.below:
        yield from _line(below, depth + 1)
