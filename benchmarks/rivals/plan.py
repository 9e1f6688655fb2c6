"""How rules become named terms: segments, classes and scores; unknown is kept from false."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.rivals.terms import (
    Condition,
    Term,
    first,
    get,
    holds,
    may_be_unknown,
    names,
    verdict,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A policy as it is written down.

    `lets` names every value, each reading only earlier ones; `optional` are the names that may be
    null, of fields and of lets; `outputs` are the lets that are outcomes.
    """

    lets: dict[str, Term] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)
    outputs: list[str] = field(default_factory=list)

    def let(self, name: str, term: Term, *, optional: bool = False, output: bool = True) -> None:
        self.lets[name] = term
        if optional:
            self.optional.add(name)
        if output:
            self.outputs.append(name)

    def sure(self, condition: Condition) -> Condition:
        return holds(condition, self.optional)

    def since(self, name: str, day: str) -> None:
        days = ("-", get("today"), get(day))
        if day in self.optional:
            self.let(name, ("if", ("known", day), days, None), optional=True)
        else:
            self.let(name, days)

    def segment(self, name: str, condition: Condition, unless: Condition | None = None) -> None:
        term = verdict(condition, self.optional)
        if unless is not None:
            term = ("if", unless, False, term)
        self.let(name, term, optional=may_be_unknown(condition, self.optional))

    def classify(self, name: str, cases: list[tuple[str, Condition]], otherwise: str) -> None:
        pairs = [(condition, case) for case, condition in cases]
        optional = any(may_be_unknown(c, self.optional) for c, _ in pairs)
        self.let(name, first(pairs, otherwise, None, self.optional), optional=optional)

    def score(self, name: str, start: int, lines: list[tuple[int, Condition]]) -> None:
        total: Term = start
        for size, condition in lines:
            total = ("+", total, ("if", self.sure(condition), size, 0))
        self.let(f"{name}_sum", total, output=False)
        low = ("if", ("<", get(f"{name}_sum"), 0), 0, get(f"{name}_sum"))
        self.let(name, ("if", (">", get(f"{name}_sum"), 100), 100, low))
        coded = [(f"{name}.{n}", size, c) for n, (size, c) in enumerate(lines, start=1)]
        coded.sort(key=lambda line: -abs(line[1]))
        self.let(f"{name}_reasons", ("chosen", tuple((self.sure(c), code) for code, _, c in coded)))
        unsure = tuple(
            (("unknown", _optional_name(c, self.optional)), code)
            for code, _, c in coded
            if may_be_unknown(c, self.optional)
        )
        self.let(f"{name}_unknown", ("chosen", unsure))


def _optional_name(condition: Condition, optional: set[str]) -> str:
    """The one optional name that a score line of this policy reads."""
    (name,) = {name for name in names(condition) if name in optional}
    return name
