"""What can be wrong with values that may be unknown: E05xx."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from siyu.diagnostics import Diagnostic
from siyu.semantics.errors import HEAD


@dataclass(frozen=True, slots=True)
class OptionalNegated(Diagnostic):
    code: ClassVar[str] = "E0501"
    message: ClassVar[str] = "`{name}` may be unknown, and the negation of unknown is unknown too"
    label: ClassVar[str] = "this may be unknown"
    help: ClassVar[str] = (
        "write `{name} is known and …` to leave those out, `{name} is unknown or …` to take them "
        "in, or give a default: `({name} otherwise …)`"
    )
    page: ClassVar[str] = (
        "`not (age < 18)` reads as if it took everybody who is not a minor. Of a member whose age "
        "is unknown it is neither true nor false, so the rule leaves that member out in silence. "
        "It is the commonest costly mistake in rules, so every negation of a value that may be "
        "unknown must say what happens then: a guard in the same conjunction or disjunction, or a "
        "default."
    )
    wrong: ClassVar[str] = HEAD + "segment adults\n  when not age < 18\n"
    right: ClassVar[str] = HEAD + "segment adults\n  when age is known and not age < 18\n"

    name: str


@dataclass(frozen=True, slots=True)
class OptionalForbids(Diagnostic):
    code: ClassVar[str] = "E0502"
    message: ClassVar[str] = "`{name}` may be unknown, and what is unknown forbids nothing"
    label: ClassVar[str] = "this may be unknown"
    help: ClassVar[str] = (
        "write `{name} is unknown or …` so that it forbids when in doubt, `{name} is known and …` "
        "so that it does not, or give a default: `({name} otherwise …)`"
    )
    page: ClassVar[str] = (
        "What `unless` and `never when` forbid should stay forbidden when a fact is missing: "
        "nobody should get a message because the field that says no was empty. Say so with "
        "`x is unknown or …`. Where the rule's own condition already asks that the value is "
        "known, nothing needs to be said."
    )
    wrong: ClassVar[str] = HEAD + "segment a\n  when total_spend >= 5 yuan\n  unless age < 18\n"
    right: ClassVar[str] = (
        HEAD + "segment a\n  when total_spend >= 5 yuan\n  unless age is unknown or age < 18\n"
    )

    name: str
