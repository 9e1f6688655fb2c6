"""What a diagnosis says. Names are as policies write them; labels as people see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from siyu.text import Span
from siyu.words import Said, Words, say

Verdict = Literal["served", "cannot tell", "nothing"]

# Every code, what it finds, and whether it is a gap: the others are worth knowing only.
CODES: Mapping[str, tuple[Said, bool]] = {
    "D01": (say("a stage, level or grade for which nothing is meant"), True),
    "D02": (say("a stage, level or grade of which it cannot be told"), False),
    "D03": (say("a purpose that no contact has"), True),
    "D04": (say("a channel that no contact uses"), True),
    "D05": (say("an incentive without cost"), True),
    "D06": (say("an incentive without limit"), True),
    "D07": (say("an incentive without budget"), True),
    "D08": (say("an incentive without hold-out"), True),
    "D09": (say("a principle that no incentive serves"), True),
    "D10": (say("an incentive that does not say what it serves"), True),
    "D11": (say("an incentive that does not say what kind it is"), True),
    "D12": (say("a kind of contact that there is none of"), False),
    "D13": (say("a rule without test"), True),
    "D14": (say("a capability without indicator"), True),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One finding: its code, what is missing, about which declaration (and case), where that
    stands, and what to write."""

    code: str
    said: Words
    todo: Words
    about: str
    span: Span

    @property
    def counts(self) -> bool:
        """Whether it is a gap, rather than something worth knowing."""
        return CODES[self.code][1]


@dataclass(frozen=True, slots=True)
class Case:
    """A case, level or segment with the rules whose audience names it, those for everybody, and
    those of which it cannot be told."""

    name: str
    label: str
    verdict: Verdict
    named_by: tuple[str, ...]
    for_all: tuple[str, ...]
    unsure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """What members are told apart by: a classification, a tier, or segments of one family."""

    kind: Literal["classify", "tier", "segments"]
    name: str
    label: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """A principle, or a purpose, with the rules that serve it."""

    name: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Incentives of one cost ("hard", "soft", "" where it was not said), source ("internal",
    "external", "") and benefit, as written."""

    cost: str
    source: str
    benefit: str
    incentives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quadrant:
    """Contacts that are planned or triggered, and go out or wait for the member to come."""

    timing: Literal["planned", "triggered"]
    direction: Literal["outbound", "inbound"]
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was found about one policy; `gaps` by code, then as written. `channels` are
    those of the schema (or used), each with the contacts that use it."""

    policy: str
    label: str
    families: tuple[Family, ...]
    purposes: tuple[Served, ...]
    channels: tuple[Served, ...]
    principles: tuple[Served, ...]
    matrix: tuple[Cell, ...]
    quadrants: tuple[Quadrant, ...]
    gaps: tuple[Gap, ...]
    labels: Mapping[str, str]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not any(gap.counts for gap in self.gaps)
