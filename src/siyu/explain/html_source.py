"""The lines of a policy that an outcome comes from, with its conditions coloured by verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from siyu.explain import captions
from siyu.explain.html_parts import Html, classes, element
from siyu.explain.html_steps import MEANING
from siyu.explain.model import Outcome, Step
from siyu.text import Source
from siyu.words import Speech

Sources = Mapping[str, Source]
NO_SOURCES: Sources = MappingProxyType({})
LONGEST = 60
"""Lines of a declaration that are shown; a table may have hundreds."""


def excerpt(outcome: Outcome, sources: Sources, speech: Speech) -> Html | None:
    """The declaration of an outcome, or None where it is not known where that stands."""
    parts = (*outcome.steps, *outcome.chain)
    steps = [s for s in _placed(parts, f"{outcome.name}.") if s.span.file in sources]
    if not steps:
        return None
    source = sources[steps[0].span.file]
    first, last = _declaration(source, steps[0])
    inside = [step for step in steps if _within(step, source, first, last)]
    lines = [_line(source, number, inside) for number in range(first, last + 1)]
    return element(
        "figure",
        element(
            "figcaption",
            speech.of(captions.SOURCE),
            element("code", f"{source.name}:{first}"),
        ),
        element("pre", *lines, class_="source"),
    )


def _placed(steps: tuple[Step, ...], own: str, inside: bool = False) -> Iterator[Step]:
    """Conditions and stages that stand in the text, each behind what it is part of; `inside` of
    facts only those whose codes are the outcome's own."""
    for step in steps:
        theirs = inside or step.role == "fact"
        if step.span.end > step.span.start and (not theirs or step.code.startswith(own)):
            yield step
        yield from _placed(step.below, own, theirs)


def _declaration(source: Source, step: Step) -> tuple[int, int]:
    """The first and the last line of the declaration around a place: declarations begin at the
    left, their clauses are indented, and no line in them is empty."""
    first = last = source.place(step.span.start).line
    while first > 1 and source.line(first)[:1].isspace() and source.line(first - 1).strip():
        first -= 1
    while last - first < LONGEST and source.line(last + 1)[:1].isspace():
        if not source.line(last + 1).strip():
            break
        last += 1
    return first, max(first, min(last, first + LONGEST))


def _within(step: Step, source: Source, first: int, last: int) -> bool:
    return step.span.file == source.name and (
        first <= source.place(step.span.start).line <= source.place(step.span.end).line <= last
    )


def _line(source: Source, number: int, steps: list[Step]) -> Html:
    text = source.line(number)
    begin = source.line_starts[number - 1]
    owners = [_owner(begin + index, steps) for index in range(len(text))]
    pieces: list[Html | str] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or owners[index] is not owners[start]:
            pieces.append(_marked(text[start:index], owners[start]))
            start = index
    return element("span", *pieces, "\u200b" if not text else None, class_="line")


def _owner(offset: int, steps: list[Step]) -> Step | None:
    """The smallest step around a character; of two alike the one that is nearer to the facts."""
    around = [step for step in steps if step.span.start <= offset < step.span.end]
    return min(reversed(around), key=lambda each: each.span.end - each.span.start, default=None)


def _marked(text: str, step: Step | None) -> Html | str:
    if step is None:
        return text
    meaning = MEANING[captions.mark_of(step)]
    return element("mark", text, class_=classes(meaning, step.decisive and "decisive"))
