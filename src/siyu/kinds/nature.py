"""What kind of incentive one is: `hard internal`, `serves next_purchase, affection`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.core.program import Nature
from siyu.diagnostics import Diagnostic
from siyu.kinds.kind import only
from siyu.semantics.build import Build
from siyu.syntax import ast


@dataclass(frozen=True, slots=True)
class ServedTwice(Diagnostic):
    code: ClassVar[str] = "E0688"
    message: ClassVar[str] = "`{word}` stands twice behind `serves`"
    label: ClassVar[str] = "an incentive serves it, or does not"
    help: ClassVar[str] = "take one of the two away"
    page: ClassVar[str] = (
        "`serves` lists what an incentive does for the membership scheme, each once: `join`, "
        "`stickiness`, `next_purchase`, `larger_baskets`, `social_face`, `affection`."
    )
    wrong: ClassVar[str] = (
        'policy p\n  language 1\n\nincentive gift\n  for true\n  give coupon "A"\n'
        "  soft internal\n  serves join, join\n"
    )
    right: ClassVar[str] = (
        'policy p\n  language 1\n\nincentive gift\n  for true\n  give coupon "A"\n'
        "  soft internal\n  serves join, affection\n"
    )

    word: str


def keep_nature(node: ast.Incentive, name: str, build: Build) -> None:
    """Keeps what kind of incentive one is for explanations and tools."""
    nature = only(node, ast.Nature, build, "hard or soft")
    serves = only(node, ast.Serves, build, "serves")
    principles = serves.principles if serves else ()
    for place, word in enumerate(principles):
        if serves is not None and word in principles[:place]:
            build.report(ServedTwice(serves.span, word))
    build.natures[name] = Nature(
        name, nature.cost if nature else "", nature.source if nature else "", principles
    )
