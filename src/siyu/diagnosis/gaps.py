"""What is missing, with what to write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from siyu.compiler import Pack, of_library
from siyu.diagnosis.cases import place
from siyu.diagnosis.model import Family, Gap, Quadrant, Served
from siyu.kinds.kind import clauses
from siyu.semantics.build import Build
from siyu.semantics.order import meant, named, tree
from siyu.semantics.phrases import KINDS
from siyu.semantics.scheme import DIRECTIONS, PRINCIPLES, PURPOSES, TIMINGS
from siyu.syntax import ast
from siyu.text import Span
from siyu.words import say

RULES = (
    ast.Segment, ast.Classify, ast.Score, ast.Tier, ast.Table, ast.Points, ast.Incentive,
    ast.Contact,
)  # fmt: skip


def gaps(
    pack: Pack,
    build: Build,
    families: Sequence[Family],
    purposes: Sequence[Served],
    channels: Sequence[Served],
    principles: Sequence[Served],
    quadrants: Sequence[Quadrant],
) -> tuple[Gap, ...]:
    """Everything that is missing, by code, then as written."""
    head = _head(pack)
    found = [
        *_cases(families, build, head),
        *_purposes(purposes, head),
        *_channels(channels, head),
        *_incentives(build),
        *_principles(principles, head),
        *_quadrants(quadrants, head),
        *_untested(pack, build),
        *_unmeasured(build, families),
    ]
    return tuple(sorted(found, key=lambda gap: gap.code))


def _head(pack: Pack) -> Span:
    first = pack.files[0]
    header = first.parsed.file.header
    return Span(first.path, 0, 1) if header is None else header.name.span


def _cases(families: Sequence[Family], build: Build, head: Span) -> Iterator[Gap]:
    for family in families:
        owner = build.declared.get(family.name)
        parts: tuple[ast.Case | ast.Level, ...] = ()
        if owner is not None and isinstance(owner.node, ast.Classify):
            parts = owner.node.cases
        elif owner is not None and isinstance(owner.node, ast.Tier):
            parts = owner.node.levels
        spans = {part.name.text: part.name.span for part in parts}
        for case in family.cases:
            own = build.declared.get(case.name)
            span = spans.get(case.name) or (place(own) if own is not None else head)
            about = f"{family.name}.{case.name}" if spans else case.name
            asked = f"{family.name} is {case.name}" if spans else case.name
            if case.verdict == "nothing":
                said = say("nothing is meant for {label} (`{about}`): no incentive, no contact and "
                           "no points rule names it", label=case.label, about=about)  # fmt: skip
                todo = say("write one with `for {asked}`, or say in a comment why not", asked=asked)
                yield Gap("D01", said, todo, about, span)
            elif case.verdict == "cannot tell":
                said = say("it cannot be told whether {rules} are meant for {label} (`{about}`)",
                           rules=case.unsure, label=case.label, about=about)  # fmt: skip
                todo = say("look, or name it: `for {asked}`", asked=asked)
                yield Gap("D02", said, todo, about, span)


def _purposes(purposes: Sequence[Served], head: Span) -> Iterator[Gap]:
    for each in purposes:
        if not each.rules:
            said = say("no contact has the purpose {purpose} (`{word}`)",
                       purpose=PURPOSES[each.name], word=each.name)  # fmt: skip
            todo = say("write `contact NAME {word}` with `for`, `via` and `send`", word=each.name)
            yield Gap("D03", said, todo, each.name, head)


def _channels(channels: Sequence[Served], head: Span) -> Iterator[Gap]:
    for each in channels:
        if not each.rules:
            said = say("no contact goes through `{channel}`, which the schema knows",
                       channel=each.name)  # fmt: skip
            todo = say("add it to a `via`, or take it out of the schema")
            yield Gap("D04", said, todo, each.name, head)


def _incentives(build: Build) -> Iterator[Gap]:
    asked = (
        ("D05", ast.Costs, say("it has no `costs`: nobody sees what is spent"),
         say("add `costs 5 yuan`; `costs 0 yuan` where it is free")),
        ("D06", ast.Limit, say("it has no `limit`: it is given again and again"),
         say("add `limit 1 per 90 days`")),
        ("D07", ast.Budget, say("it has no `budget`: it is given to whoever qualifies"),
         say("add `budget 10000 yuan per month by METRIC`")),
        ("D08", ast.Holdout, say("it has no `holdout`: nobody can tell what it brings"),
         say("add `holdout 10%`")),
        ("D10", ast.Serves, say("it does not say what it `serves`"),
         say("add `serves join`, or what else it is good for")),
        ("D11", ast.Nature, say("it does not say whether it is hard or soft, internal or external"),
         say("add `hard internal`, or what else it is")),
    )  # fmt: skip
    for code, clause, why, todo in asked:
        for each in build.declared.values():
            if isinstance(each.node, ast.Incentive) and not clauses(each.node, clause):
                said = say("incentive `{name}`: {why}", name=each.name, why=why)
                yield Gap(code, said, todo, each.name, place(each))


def _principles(principles: Sequence[Served], head: Span) -> Iterator[Gap]:
    for each in principles:
        if not each.rules:
            said = say("no incentive serves {principle} (`{word}`)",
                       principle=PRINCIPLES[each.name], word=each.name)  # fmt: skip
            todo = say("write `serves {word}` at the incentive that does, or add one",
                       word=each.name)  # fmt: skip
            yield Gap("D09", said, todo, each.name, head)


def _quadrants(quadrants: Sequence[Quadrant], head: Span) -> Iterator[Gap]:
    for each in quadrants:
        if not each.contacts:
            timing, direction = TIMINGS[each.timing], DIRECTIONS[each.direction]
            said = say("there is no contact that is {timing} and {direction}",
                       timing=timing, direction=direction)  # fmt: skip
            todo = say("a contact `on` an event or resting on `context` is triggered; one on a "
                       "channel where members come to you is inbound")  # fmt: skip
            yield Gap("D12", said, todo, f"{each.timing}.{each.direction}", head)


# ---------------------------------------------------------------- tests and indicators


def _untested(pack: Pack, build: Build) -> Iterator[Gap]:
    expected: set[str] = set()
    for used in pack.files:
        for node in used.parsed.file.declarations:
            for clause in node.clauses if isinstance(node, ast.Test) else ():
                if isinstance(clause, ast.ExpectDecision):
                    return
                if isinstance(clause, ast.Expect | ast.ExpectNo):
                    expected |= set(_meant(clause, used.prefix, build))
    for each in build.declared.values():
        if of_library(place(each).file):  # tested in the library's own folder
            continue
        if isinstance(each.node, RULES) and each.name not in expected:
            said = say("no test expects anything of {kind} `{name}`",
                       kind=KINDS[each.kind], name=each.name)  # fmt: skip
            todo = say("name it behind `expect` in a test; `siyu test --suggest` proposes some")
            yield Gap("D13", said, todo, each.name, place(each))


def _meant(clause: ast.Node, prefix: str, build: Build) -> Iterator[str]:
    for node in tree(clause):
        if isinstance(node, ast.Name):
            found = meant(node.parts, prefix, build.declared)
            if found is not None:
                yield found.name


def _unmeasured(build: Build, families: Sequence[Family]) -> Iterator[Gap]:
    """Classifications, tiers and scores that no indicator names, directly or through others."""
    asked_for = {family.name for family in families}
    measured: set[str] = set()
    waiting = [each for each in build.declared.values() if isinstance(each.node, ast.Indicator)]
    while waiting:
        here = waiting.pop()
        for each in named(here, build.declared):
            if each.name not in measured:
                measured.add(each.name)
                waiting.append(each)
    for each in build.declared.values():
        if of_library(place(each).file) and each.name not in asked_for:
            continue
        if isinstance(each.node, ast.Classify | ast.Tier | ast.Score) and (
            each.name not in measured
        ):
            said = say("no indicator tells how members are spread over {kind} `{name}`",
                       kind=KINDS[each.kind], name=each.name)  # fmt: skip
            todo = say("add `indicator NAME = share({name} is …)`, or one `by {name}`",
                       name=each.name)  # fmt: skip
            if isinstance(each.node, ast.Score):
                todo = say("add `indicator NAME = avg({name})`", name=each.name)
            yield Gap("D14", said, todo, each.name, place(each))
