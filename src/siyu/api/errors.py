"""What the API raises. Everything else that comes out of it is a bug of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from siyu.diagnostics import Diagnostic
    from siyu.records import Reason
    from siyu.text import Source


class SiyuError(Exception):
    """The root of all that the API raises; its text is written for people."""


class InputFileError(SiyuError):
    """A file that cannot be read, or does not hold what it should. `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class PolicyError(SiyuError):
    """A policy with errors: `diagnostics` in source order, `sources` by the names in spans."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, Source]) -> None:
        self.diagnostics = diagnostics
        self.sources = sources
        super().__init__("\n".join(self._line(d) for d in diagnostics if d.severity == "error"))

    def _line(self, diagnostic: Diagnostic) -> str:
        source = self.sources.get(diagnostic.span.file)
        if source is None:
            return f"{diagnostic.code} {diagnostic.text()}"
        place = source.place(diagnostic.span.start)
        where = f"{source.name}:{place.line}:{place.column}"
        return f"{where}: {diagnostic.code} {diagnostic.text()}"


class CalibrationNeeded(SiyuError):
    """A policy that needs population values was asked to decide without them."""

    def __init__(self, policy: str, names: tuple[str, ...]) -> None:
        self.names = names
        listed = ", ".join(f"`{name}`" for name in names)
        super().__init__(
            f"policy `{policy}` needs a calibration: it compares members with the whole population "
            f"({listed})"
        )


class Rejected(SiyuError):
    """A request that cannot be decided about, with all reasons found."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(map(str, reasons)))
