"""Reading calibration and allocation files: held values by name, or what is wrong, line by line.

Pure: whoever calls has read the text. Numbers are read digit by digit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from siyu.core.ir import Held
from siyu.core.program import Cut, Program
from siyu.diagnostics import nearest
from siyu.schema.tree import Map, Scalar, Tree, read_tree
from siyu.schema.values import Mistake, held
from siyu.text import Source, Span
from siyu.types import DateTimeType, DateType, EnumType, IntType, Type

WHOLE = re.compile(r"-?[0-9]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with such a file, and where."""

    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class PopulationValues:
    """The values of one file, by name, with the digest of its text."""

    values: Mapping[str, Held]
    digest: str
    problems: tuple[Problem, ...] = ()


def read_calibration(source: Source, program: Program) -> PopulationValues:
    """The cut-points of a calibration, held in the types that the program reads them in.

    A value that the population does not have is written `null`. Every cut of the program must be
    there, and nothing else.
    """
    top, problems = _top(source, "calibration", program)
    found: dict[str, Held] = {}
    cuts = top.get("cuts") if top is not None else None
    if top is not None and not isinstance(cuts, Map):
        problems.append(Problem("`cuts` must list the population values", top.key_span("cuts")))
    if isinstance(cuts, Map):
        known = {cut.name: cut for cut in program.cuts}
        for pair in cuts.pairs:
            cut = known.get(pair.key)
            if cut is None:
                problems.append(Problem(_unknown(pair.key, known), pair.key_span))
                continue
            value = _value(pair.value, cut.type)
            if isinstance(value, Mistake):
                problems.append(Problem(f"`{pair.key}` {value.text()}", pair.value.span))
            else:
                found[pair.key] = value
        for name in known:
            if all(pair.key != name for pair in cuts.pairs):
                problems.append(Problem(f"`{name}` is missing", top_span(top, "cuts")))
    return PopulationValues(found, _digest(source), tuple(problems))


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
        problems.append(Problem("`cuts` must list budgets and quotas", top.key_span("cuts")))
    known = {ranked.name: ranked for ranked in program.ranked}
    for pair in cuts.pairs if isinstance(cuts, Map) else ():
        ranked = known.get(pair.key)
        if ranked is None:
            problems.append(Problem(_unknown(pair.key, known), pair.key_span))
        elif not isinstance(pair.value, Map):
            problems.append(Problem("must say `all`, `none`, `last` or `senders`", pair.value.span))
        else:
            found[pair.key] = tuple(_senders(pair.value, ranked, problems))
            period = pair.value.get("period")
            if isinstance(period, Scalar):
                found[f"{pair.key}.period"] = period.text
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
            problems.append(Problem("must say `all`, `none` or `last`", pair.value.span))


def _verdict(tree: Map, ranked: Cut, problems: list[Problem]) -> tuple[Held, ...]:
    last = tree.get("last")
    if isinstance(last, Map):
        value, tie = last.get("value"), last.get("tie")
        read = _value(value, ranked.type) if value is not None else Mistake("is missing")
        if isinstance(read, Mistake):
            problems.append(Problem(f"`value` {read.text()}", last.span))
            read = None
        if not isinstance(tie, Scalar):
            problems.append(Problem("`tie` is missing", last.span))
        text = tie.text if isinstance(tie, Scalar) else ""
        rule = last.get("rule")
        if isinstance(rule, Scalar):
            text = f"{rule.text} {text}"
        rank = read if isinstance(read, int) else 0
        return ("cut", read is not None, -rank if ranked.ascending else rank, text)
    for word in ("all", "none"):
        said = tree.get(word)
        if isinstance(said, Scalar) and said.value is True:
            return (word, True, 0, "")
    problems.append(Problem("must say `all: true`, `none: true` or `last: …`", tree.span))
    return ("all", True, 0, "")


def _top(source: Source, kind: str, program: Program) -> tuple[Map | None, list[Problem]]:
    tree, found = read_tree(source)
    problems = [Problem(d.text(), d.span) for d in found]
    if not isinstance(tree, Map):
        if not problems:
            problems.append(Problem(f"a file of this kind begins with `{kind}: 1`", _start(source)))
        return None, problems
    number = tree.get(kind)
    if not isinstance(number, Scalar) or number.value != 1:
        problems.append(Problem(f"this is no {kind} file: `{kind}: 1` is missing", _start(source)))
    policy = tree.get("policy")
    if isinstance(policy, Scalar) and policy.text != program.name:
        problems.append(
            Problem(f"it was made for policy `{policy.text}`, not `{program.name}`", policy.span)
        )
    return tree, problems


def _start(source: Source) -> Span:
    return Span(source.name, 0, min(1, len(source.text)))


def _unknown(name: str, known: Mapping[str, Cut]) -> str:
    near = nearest(name, known)
    hint = f"; perhaps `{near[0]}` is meant" if near else ""
    return f"the policy reads no value `{name}`{hint}"


def _value(tree: Tree, kind: Type) -> Held | Mistake:
    """A value in its type; null is a value that the population does not have."""
    if not isinstance(tree, Scalar):
        return Mistake("must be one value")
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
