"""What the API raises. Everything else that comes out of it is a bug of ours.

Words are imported where something is wrong: what goes well needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from siyu.diagnostics import Diagnostic
    from siyu.records import Reason
    from siyu.text import Source
    from siyu.words import Speech, Words


class SiyuError(Exception):
    """The root of all that the API raises. `said` is what is wrong and `advice` what to do, in no
    language yet: a `Speech` says them. The error's own text is `said` in English."""

    def __init__(self, said: Words = "", advice: Words = "") -> None:
        super().__init__(str(said))
        self.said = said
        self.advice = advice

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return str(self.said)

    @property
    def hint(self) -> str:
        """What to do, in English; may be empty."""
        return str(self.advice)


class InputFileError(SiyuError):
    """A file that cannot be read, or does not hold what it should.

    `problem` is what is wrong with it, to be read behind its name; empty where that is not all.
    """

    def __init__(self, said: Words, advice: Words = "", problem: Words = "") -> None:
        super().__init__(said, advice)
        self.problem = problem


class PolicyError(SiyuError):
    """A policy with errors: `diagnostics` in source order, `sources` by the names in spans."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, Source]) -> None:
        self.diagnostics = diagnostics
        self.sources = sources
        from siyu.words import Said

        errors = tuple(d for d in diagnostics if d.severity == "error")
        super().__init__(Said("{lines}", (("lines", _Errors(errors, sources)),)))


class _Errors:
    """Diagnostics, one a line."""

    __slots__ = ("diagnostics", "sources")

    def __init__(self, diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, Source]) -> None:
        self.diagnostics = diagnostics
        self.sources = sources

    def spoken(self, speech: Speech) -> str:
        return "\n".join(self._line(each, speech) for each in self.diagnostics)

    def _line(self, diagnostic: Diagnostic, speech: Speech) -> str:
        source = self.sources.get(diagnostic.span.file)
        if source is None:
            return f"{diagnostic.code} {diagnostic.text(speech)}"
        place = source.place(diagnostic.span.start)
        where = f"{source.name}:{place.line}:{place.column}"
        return f"{where}: {diagnostic.code} {diagnostic.text(speech)}"


class CalibrationNeeded(SiyuError):
    """A policy that needs population values was asked to decide without them."""

    def __init__(self, policy: str, names: tuple[str, ...]) -> None:
        from siyu.words import say

        self.names = names
        said = say(
            "policy `{policy}` needs a calibration: it compares members with the whole population "
            "({names})",
            policy=policy,
            names=names,
        )
        super().__init__(said)


class Rejected(SiyuError):
    """A request that cannot be decided about, with all reasons found."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        from siyu.words import Said

        self.reasons = reasons
        super().__init__(Said("{reasons}", (("reasons", _Reasons(reasons)),)))


class _Reasons:
    """Reasons of a rejection, one behind the other."""

    __slots__ = ("reasons",)

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        self.reasons = reasons

    def spoken(self, speech: Speech) -> str:
        between = "；" if speech.tongue == "zh" else "; "
        return between.join(each.spoken(speech) for each in self.reasons)
