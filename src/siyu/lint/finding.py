"""What a lint says: a diagnostic whose severity is set per policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

from siyu.diagnostics import Diagnostic, Severity
from siyu.words import Said

if TYPE_CHECKING:
    from siyu.lint.look import Look

Level = Literal["off", "warning", "error"]
LEVELS: tuple[Level, ...] = ("off", "warning", "error")


class _AsSet:
    """Asked of a class, what lints say by themselves; asked of a finding, what was set for it."""

    def __get__(self, finding: Any, kind: type) -> Severity:
        graded: Severity = "warning" if finding is None else finding.graded
        return graded


@dataclass(frozen=True, slots=True)
class Finding(Diagnostic):
    """Nothing is wrong with a policy that earns one: it decides, but hardly as was meant."""

    severity: ClassVar[Severity] = cast(Severity, _AsSet())

    graded: Severity = field(default="warning", kw_only=True, compare=False)

    def facts(self) -> dict[str, object]:
        """What fills the templates; how severe it is taken does not."""
        # Named in full: a class with slots is made anew, and is not the one that `super` knows.
        found = Diagnostic.facts(self)
        del found["graded"]
        return found


@dataclass(frozen=True, slots=True)
class Lint:
    """One thing to look for. `name` may stand for its code in settings; `meaning` says in half a
    sentence what it finds."""

    name: str
    meaning: Said
    finding: type[Finding]
    find: Callable[[Look], Iterable[Finding]]

    @property
    def code(self) -> str:
        """The code of its findings: `W0701`."""
        return self.finding.code
