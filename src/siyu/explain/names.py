"""What is asked for: a declaration by its name or label, or one of its parts by code or label."""

from __future__ import annotations

from dataclasses import dataclass

from siyu.core.compiled import Compiled
from siyu.diagnostics import nearest
from siyu.words import Said, say


class NoSuchOutcome(KeyError):
    """A name that the policy does not decide about; `near` are names that may be meant. Or, where
    it is `shared`, what several are called, which are then `near`."""

    def __init__(self, name: str, near: tuple[str, ...], shared: bool = False) -> None:
        super().__init__(name)
        self.name = name
        self.near = near
        self.shared = shared

    @property
    def said(self) -> Said:
        """What is wrong, and the nearest name."""
        if self.shared:
            return say("several are called `{name}`: {near}", name=self.name, near=self.near)
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

    Raises NoSuchOutcome, also where several are called so.
    """
    words = what.split(".")
    for end in range(len(words), 0, -1):
        name = ".".join(words[:end])
        if name in compiled.kinds:
            return Asked(name, ".".join(words[end:]))
    labelled = [name for name, label in compiled.labels.items() if label == what]
    if whole := [name for name in labelled if name in compiled.kinds]:
        return Asked(_only(what, whole))
    named = [name for name in compiled.labels if name.rpartition(".")[2] == what]
    if found := [n for n in labelled or named if n.rpartition(".")[0] in compiled.kinds]:
        owner, _, part = _only(what, found).rpartition(".")
        return Asked(owner, part)
    said = [*compiled.kinds, *compiled.labels, *compiled.labels.values()]
    raise NoSuchOutcome(what, nearest(what, said))


def _only(what: str, names: list[str]) -> str:
    if len(names) > 1:
        raise NoSuchOutcome(what, tuple(names), shared=True)
    return names[0]
