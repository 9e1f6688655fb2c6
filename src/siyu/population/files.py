"""Reading calibration and allocation files: held values by name, or what is wrong, line by line.

Pure: whoever calls has read the text. Numbers are read digit by digit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from siyu.core.ir import Held
from siyu.core.program import Cut, Program
from siyu.diagnostics import nearest
from siyu.population.calibration_file import Count, counts_of, flaws, whole
from siyu.schema.tree import Map, Scalar, Tree, read_tree
from siyu.schema.values import Mistake, held
from siyu.text import Source, Span
from siyu.types import DATETIME, DateTimeType, DateType, EnumType, IntType, Type
from siyu.words import Said, Speech, Words, either, say

SHOWN = 20  # problems of a file that are listed
WHOLE = re.compile(r"-?[0-9]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with such a file, and where."""

    said: Words
    span: Span

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return str(self.said)


@dataclass(frozen=True, slots=True)
class PopulationValues:
    """The values of one file, by name, with the digest of its text; `as_of` is the moment they
    were found at (microseconds since 1970 in UTC), None where the file does not say; so are the
    others that a hand-written file may leave out."""

    values: Mapping[str, Held]
    digest: str
    problems: tuple[Problem, ...] = ()
    as_of: int | None = None
    population: int | None = None
    counts: Mapping[str, Count] = field(default_factory=dict)
    made_for: str | None = None  # the digest of the policy it was made for


def read_calibration(source: Source, program: Program) -> PopulationValues:
    """The cut-points of a calibration, held in the types that the program reads them in.

    A value that the population does not have is written `null`. Every cut that decisions read must
    be there; those that only figures about everyone read may be. What a calibration keeps besides
    (counts, pairs, distributions) may be missing, but not wrong.
    """
    top, problems = _top(source, "calibration", program)
    found: dict[str, Held] = {}
    cuts = top.get("cuts") if top is not None else None
    if top is not None and not isinstance(cuts, Map):
        problems.append(
            Problem(say("`cuts` must list the population values"), top.key_span("cuts"))
        )
    if isinstance(cuts, Map):
        needed = {cut.name: cut.type for cut in program.cuts}
        known = needed | {rule.name: rule.type for rule in program.everyone.cuts}
        for pair in cuts.pairs:
            cut = known.get(pair.key)
            if cut is None:
                problems.append(Problem(_unknown(pair.key, known), pair.key_span))
                continue
            value = _value(pair.value, cut)
            if isinstance(value, Mistake):
                problems.append(Problem(_wrong(pair.key, value), pair.value.span))
            else:
                found[pair.key] = value
        for name in needed:
            if all(pair.key != name for pair in cuts.pairs):
                problems.append(Problem(_missing(name), top_span(top, "cuts")))
    as_of = _moment(top, problems)
    if top is None:
        return PopulationValues(found, _digest(source), tuple(problems), as_of)
    problems += [Problem(flaw.said, flaw.span) for flaw in flaws(top, program)]
    digests = top.get("digests")
    made_for = digests.get("policy") if isinstance(digests, Map) else None
    return PopulationValues(
        found, _digest(source), tuple(problems), as_of, whole(top.get("population")),
        counts_of(top), made_for.text if isinstance(made_for, Scalar) else None,
    )  # fmt: skip


def _moment(top: Map | None, problems: list[Problem]) -> int | None:
    """When the values were found."""
    written = top.get("as_of") if top is not None else None
    found = None if written is None else _value(written, DATETIME)
    if isinstance(found, Mistake):
        assert written is not None
        problems.append(Problem(_wrong("as_of", found), written.span))
        return None
    return found if isinstance(found, int) else None


def top_span(top: Map | None, key: str) -> Span:
    """Where a key stands, or the start of the file."""
    return top.key_span(key) if top is not None else Span("", 0, 0)


def read_allocation(source: Source, program: Program) -> PopulationValues:
    """The cuts of an allocation, as `siyu.functions.allocation.admitted` takes them.

    Under `cuts`, by the code of a budget or quota: `period` (of one per day, week, month or
    year), and either one verdict or, under `senders`, one for each. A verdict is `all: true`,
    `none: true`, or `last: {value: …, tie: …}`, the last customer who was admitted (value null:
    it was unknown).
    """
    top, problems = _top(source, "allocation", program)
    found: dict[str, Held] = {}
    cuts = top.get("cuts") if top is not None else None
    if top is not None and not isinstance(cuts, Map):
        problems.append(Problem(say("`cuts` must list budgets and quotas"), top.key_span("cuts")))
    known = {ranked.name: ranked for ranked in program.ranked}
    for pair in cuts.pairs if isinstance(cuts, Map) else ():
        ranked = known.get(pair.key)
        if ranked is None:
            problems.append(Problem(_unknown(pair.key, known), pair.key_span))
        elif not isinstance(pair.value, Map):
            told = say("must say `all`, `none`, `last` or `senders`")
            problems.append(Problem(told, pair.value.span))
        else:
            found[pair.key] = tuple(_senders(pair.value, ranked, problems))
            period = pair.value.get("period")
            if isinstance(period, Scalar):
                found[f"{pair.key}.period"] = period.text
            elif f"{pair.key}.period" in program.allocations:
                problems.append(Problem(_no_period(pair.key), pair.key_span))
    return PopulationValues(found, _digest(source), tuple(problems))


def _senders(tree: Map, ranked: Cut, problems: list[Problem]) -> Iterator[Held]:
    senders = tree.get("senders")
    if not isinstance(senders, Map):
        yield ("", *_verdict(tree, ranked, problems))
        return
    for pair in senders.pairs:
        if isinstance(pair.value, Map):
            yield (pair.key, *_verdict(pair.value, ranked, problems))
        else:
            problems.append(Problem(say("must say `all`, `none` or `last`"), pair.value.span))


def _verdict(tree: Map, ranked: Cut, problems: list[Problem]) -> tuple[Held, ...]:
    last = tree.get("last")
    if isinstance(last, Map):
        value, tie = last.get("value"), last.get("tie")
        read = _value(value, ranked.type) if value is not None else None
        if value is None:
            problems.append(Problem(_missing("value"), last.span))
        if isinstance(read, Mistake):
            problems.append(Problem(_wrong("value", read), last.span))
            read = None
        if not isinstance(tie, Scalar):
            problems.append(Problem(_missing("tie"), last.span))
        text = tie.text if isinstance(tie, Scalar) else ""
        rule = last.get("rule")
        if isinstance(rule, Scalar):
            text = f"{rule.text} {text}"
        if isinstance(ranked.type, EnumType) and isinstance(read, str):
            read = ranked.type.members.index(read)  # levels are ranked by their place
        rank = read if isinstance(read, int) else 0
        if isinstance(ranked.type, EnumType) and isinstance(read, str):
            rank = ranked.type.members.index(read)  # levels are ranked by their place
        return ("cut", read is not None, -rank if ranked.ascending else rank, text)
    for word in ("all", "none"):
        said = tree.get(word)
        if isinstance(said, Scalar) and said.value is True:
            return (word, True, 0, "")
    problems.append(Problem(say("must say `all: true`, `none: true` or `last: …`"), tree.span))
    return ("all", True, 0, "")


def _top(source: Source, kind: str, program: Program) -> tuple[Map | None, list[Problem]]:
    tree, found = read_tree(source)
    problems = [Problem(Said(d.message, tuple(d.facts().items())), d.span) for d in found]
    if not isinstance(tree, Map):
        if not problems:
            told = say("a file of this kind begins with `{kind}: 1`", kind=kind)
            problems.append(Problem(told, _start(source)))
        return None, problems
    number = tree.get(kind)
    if not isinstance(number, Scalar) or number.value != 1:
        what = say("calibration") if kind == "calibration" else say("allocation")
        told = say("this is no {what} file: `{kind}: 1` is missing", what=what, kind=kind)
        problems.append(Problem(told, _start(source)))
    policy = tree.get("policy")
    if isinstance(policy, Scalar) and policy.text != program.name:
        told = say("it was made for policy `{other}`, not `{name}`", other=policy.text,
                   name=program.name)  # fmt: skip
        problems.append(Problem(told, policy.span))
    return tree, problems


def _start(source: Source) -> Span:
    return Span(source.name, 0, min(1, len(source.text)))


def _unknown(name: str, known: Iterable[str]) -> Words:
    near = nearest(name, known)
    if near:
        return say("the policy reads no value `{name}`; did you mean {near}", name=name,
                   near=either(near))  # fmt: skip
    return say("the policy reads no value `{name}`", name=name)


def _no_period(name: str) -> Words:
    return say("`{name}` does not say the `period` that it was made for, such as `2026-11`",
               name=name)  # fmt: skip


def _missing(name: str) -> Words:
    return say("`{name}` is missing", name=name)


def _wrong(name: str, mistake: Mistake) -> Words:
    return say("`{name}` {problem}", name=name, problem=mistake.text())


def _value(tree: Tree, kind: Type) -> Held | Mistake:
    """A value in its type; null is a value that the population does not have."""
    if not isinstance(tree, Scalar):
        return Mistake(say("must be one value"))
    if tree.value is None:
        return None
    raw = tree.text if isinstance(kind, DateType | DateTimeType | EnumType) else tree.value
    if isinstance(kind, IntType) and isinstance(raw, str) and WHOLE.fullmatch(raw):
        raw = int(raw)  # all figures may stand in quotes here, as amounts do
    found = held(kind, raw)
    assert not isinstance(found, list)
    return found  # type: ignore[return-value]


def _digest(source: Source) -> str:
    return f"sha256:{hashlib.sha256(source.text.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Problems:
    """What is wrong with a file, line by line."""

    found: tuple[Problem, ...]
    source: Source

    def spoken(self, speech: Speech) -> str:
        found = sorted(self.found, key=lambda each: each.span.start)
        lines = [self._line(each, speech) for each in found[:SHOWN]]
        left = len(self.found) - SHOWN
        if left > 0:
            lines.append("  " + speech.of(say("and {left} more", left=left)))
        return "\n".join(lines)

    def _line(self, problem: Problem, speech: Speech) -> str:
        line = self.source.place(problem.span.start).line
        return "  " + speech.of(say("line {line}: {problem}", line=line, problem=problem.said))
