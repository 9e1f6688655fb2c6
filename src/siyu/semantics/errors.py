"""What can be wrong with what a policy means: E03xx names and strata, E04xx types and units,
E05xx what may be unknown. Mistakes of one rule kind stand in that kind's file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Cycle(Diagnostic):
    code: ClassVar[str] = "E0301"
    message: ClassVar[str] = "`{name}` is defined by itself"
    label: ClassVar[str] = "this closes the circle: {path}"
    help: ClassVar[str] = "define one of them without the others"
    page: ClassVar[str] = (
        "Declarations may stand in any order, but their values must be found one after the other. "
        "Two declarations that name each other have no first."
    )
    wrong: ClassVar[str] = (
        "policy p\n  language 1\n\nmetric a = b + 1\nmetric b = a + 1\n"
    )
    right: ClassVar[str] = "policy p\n  language 1\n\nmetric a = b + 1\nmetric b = 1\n"

    name: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrongStratum(Diagnostic):
    code: ClassVar[str] = "E0302"
    message: ClassVar[str] = "{kind} `{name}` is decided later than what names it here"
    label: ClassVar[str] = "{theirs} come after {ours}"
    help: ClassVar[str] = "name a metric, a segment or a level here instead"
    page: ClassVar[str] = (
        "Decisions are made floor by floor: facts and metrics, then segments, classes, scores, "
        "tiers and tables, then points, then incentives, then contacts, then claims. A rule may "
        "name what is decided on its own floor or below. So a segment cannot depend on whether an "
        "incentive was given; the incentive may depend on the segment."
    )
    wrong: ClassVar[str] = ""
    right: ClassVar[str] = ""

    name: str
    kind: str
    theirs: str
    ours: str
