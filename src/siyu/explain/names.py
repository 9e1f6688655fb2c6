"""What is asked for: a declaration by its name or label, or one of its parts by code or label."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.core.compiled import Compiled
from siyu.diagnostics import nearest
from siyu.words import Said, say


class NoSuchOutcome(KeyError):
    """A name that the policy does not decide about; `near` are names that may be meant."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.near = near

    @property
    def said(self) -> Said:
        """What is wrong, and the nearest name."""
        if not self.near:
            return say("the policy decides about nothing called `{name}`", name=self.name)
        return say(
            "the policy decides about nothing called `{name}`; perhaps `{near}` is meant",
            name=self.name,
            near=self.near[0],
        )

    def __str__(self) -> str:
        return str(self.said)


@dataclass(frozen=True, slots=True)
class Asked:
    """A declaration, and behind it what was named of it: `growth`, `row.2`, `limit.1`, or nothing.

    >>> Asked("lifecycle", "growth").code
    'lifecycle.growth'
    """

    name: str
    part: str = ""

    @property
    def code(self) -> str:
        """The whole as a reason code."""
        return f"{self.name}.{self.part}" if self.part else self.name


def asked_for(what: str, compiled: Compiled) -> Asked:
    """What a name, a label or a code means; names before labels, declarations before their parts.
    A case or a level may be called by its own name alone (`gold`).

    Raises NoSuchOutcome.
    """
    words = what.split(".")
    for end in range(len(words), 0, -1):
        name = ".".join(words[:end])
        if name in compiled.kinds:
            return Asked(name, ".".join(words[end:]))
    labelled = [name for name, label in compiled.labels.items() if label == what]
    for name in labelled:
        if name in compiled.kinds:
            return Asked(name)
    named = (name for name in compiled.labels if name.rpartition(".")[2] == what)
    for name in (*labelled, *named):
        owner, _, part = name.rpartition(".")
        if owner in compiled.kinds:
            return Asked(owner, part)
    said = [*compiled.kinds, *compiled.labels, *compiled.labels.values()]
    raise NoSuchOutcome(what, nearest(what, said))
