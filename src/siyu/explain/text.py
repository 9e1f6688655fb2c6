"""An explanation as text for a terminal: in one line each, short, or as full trees.

What decided comes first. Lines carry styles; `text_of` leaves them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from siyu.explain import captions
from siyu.explain.captions import called
from siyu.explain.model import Change, Changes, Explanation, Level, Outcome, Status, Step
from siyu.explain.text_lines import Line, Row, Segment, Style, drawn, hung, padded, plain, wrapped
from siyu.text import harmless, width
from siyu.words import Said, Speech

WIDTH = 100
STATUS_STYLES: dict[Status, Style] = {
    "yes": "yes", "no": "no", "stopped": "stopped", "unknown": "unknown", "elsewhere": "quiet",
}  # fmt: skip
MARK_STYLES: dict[str, Style] = {
    "✓": "yes", "✗": "no", "?": "unknown", "■": "stopped", "▼": "cut", "○": "quiet", "·": "quiet",
}  # fmt: skip
AHEAD: Segment = ("change", "↗ ")
CHANGED: Segment = ("change", "→ ")
ALIGNED = 36  # columns up to which the values of facts stand below each other


def text_of(
    explanation: Explanation, speech: Speech, level: Level = "full", columns: int = WIDTH
) -> str:
    """The explanation as plain text in a language, in lines of so many columns."""
    lines = lines_of(explanation, speech, level, columns)
    return "".join(f"{plain(line)}\n" for line in lines)


def lines_of(
    explanation: Explanation, speech: Speech, level: Level = "full", columns: int = WIDTH
) -> Iterator[Line]:
    """The same in lines with styles; whatever a terminal would obey is gone."""
    for line in _lines(explanation, speech, level, columns):
        yield tuple((style, harmless(text)) for style, text in line)


def _lines(explanation: Explanation, speech: Speech, level: Level, columns: int) -> Iterator[Line]:
    yield from _head(explanation, speech, columns)
    yield ()
    match level:
        case "line":
            yield from _summary(explanation.outcomes, speech, columns)
        case "short":
            yield from _between(_short(each, speech, columns) for each in explanation.outcomes)
        case "full":
            writer = _Full(speech, columns, explanation.question == "why_not")
            yield from _between(writer.outcome(each) for each in explanation.outcomes)


def _head(explanation: Explanation, speech: Speech, columns: int) -> Iterator[Line]:
    policy = called(explanation.policy_label, explanation.policy)
    about = speech.of(captions.about(explanation))
    yield from wrapped((("title", f"{policy} "), ("quiet", f"· {about}")), columns)


def _between(blocks: Iterable[Iterator[Line]]) -> Iterator[Line]:
    for index, block in enumerate(blocks):
        if index:
            yield ()
        yield from block


# ---------------------------------------------------------------- one line each


def _summary(outcomes: tuple[Outcome, ...], speech: Speech, columns: int) -> Iterator[Line]:
    names = [called(each.label, each.name) for each in outcomes]
    column = _column(map(width, names), columns // 2)
    for outcome, name in zip(outcomes, names, strict=True):
        first: Line = (_status(outcome), ("title", f"{padded(name, column)}  "))
        lead = " " * (column + 4)
        said: Line = (("", speech.of(outcome.headline)),)
        if width(name) > column:
            yield first
            yield from hung(said, columns, (("", lead),), lead)
        else:
            yield from hung(said, columns, first, lead)


def _status(outcome: Outcome) -> Segment:
    return STATUS_STYLES[outcome.status], f"{captions.MARKS[outcome.status]} "


def _opening(outcome: Outcome, speech: Speech, columns: int) -> Iterator[Line]:
    """The name of an outcome, what came out, and what its author says."""
    kind = speech.of(captions.kind_words(outcome.kind))
    name = called(outcome.label, outcome.name)
    yield from hung((("title", name), ("kind", f"  {kind}")), columns, (_status(outcome),), "  ")
    said: Line = ((STATUS_STYLES[outcome.status], speech.of(outcome.headline)),)
    yield from hung(said, columns, (("", "  "),), "  ")
    for because in outcome.because:
        words: Line = (("quote", f"“{captions.quote(because)}”"),)
        yield from hung(words, columns, (("", "  "),), "   ")


# ---------------------------------------------------------------- short


def _short(outcome: Outcome, speech: Speech, columns: int) -> Iterator[Line]:
    yield from _opening(outcome, speech, columns)
    reasons = [outcome.steps, tuple(step for step in outcome.chain if step.reached)]
    if outcome.status == "stopped":
        reasons.reverse()
    for step in (step for steps in reasons for step in _deciding(steps)):
        yield from hung(_with_facts(step, speech), columns, (("", "  "), _mark(step)), "    ")
    for step in outcome.progress[:1]:
        yield from hung(_step(step, speech, 0), columns, (("", "  "), AHEAD), "    ")
    if outcome.changes is not None and outcome.changes.found:
        nearest = _changes(replace(outcome.changes, found=outcome.changes.found[:1]), speech)[0]
        yield from hung(nearest.text, columns, (("", "  "), nearest.mark), "    ")
    elif outcome.changes is not None and outcome.changes.together:
        both = _both(outcome.changes.together[0], speech)
        yield from hung(both.text, columns, (("", "  "), both.mark), "    ")
        for row in both.below:
            yield from hung(row.text, columns, (("", "    "), row.mark), "      ")


def _deciding(steps: tuple[Step, ...]) -> Iterator[Step]:
    """The smallest conditions that decided."""
    for step in steps:
        if step.decisive and step.role != "fact":
            yield from tuple(_deciding(step.below)) or (step,)


def _with_facts(step: Step, speech: Speech) -> Line:
    """A condition, and the values right below it."""
    facts = [each for each in step.below if each.role == "fact" and each.value is not None][:2]
    made = list(_step(step, speech, 0))
    comma = "、" if speech.tongue == "zh" else ", "
    for index, fact in enumerate(facts):
        made.append(("quiet", comma if index else " · "))
        made += [("fact", f"{speech.of(fact.text)} = "), ("value", _value(fact, speech))]
    return tuple(made)


# ---------------------------------------------------------------- full


class _Full:
    """Writes everything about outcomes, in sections with a tree each."""

    def __init__(self, speech: Speech, columns: int, why_not: bool) -> None:
        self.speech, self.columns, self.why_not = speech, columns, why_not

    def outcome(self, outcome: Outcome) -> Iterator[Line]:
        """The lines of one outcome."""
        yield from _opening(outcome, self.speech, self.columns)
        for heading, steps in captions.reasons(outcome, self.why_not):
            yield from self._section(heading, rows_of(steps, self.speech))
        yield from self._section(captions.PROGRESS, _progress(outcome.progress, self.speech))
        if outcome.changes is not None and captions.were_sought(outcome.changes):
            rows = _changes(outcome.changes, self.speech)
            yield from self._section(captions.CHANGES, rows)

    def _section(self, heading: Said, rows: tuple[Row, ...]) -> Iterator[Line]:
        if rows:
            yield ()
            yield (("", "  "), ("name", self.speech.of(heading)))
            yield from drawn(rows, self.columns, "  ")


def rows_of(steps: tuple[Step, ...], speech: Speech) -> tuple[Row, ...]:
    """Steps as rows of a tree; the values of neighbouring facts stand below each other."""
    sizes = [width(speech.of(s.text)) for s in steps if s.role == "fact" and s.value is not None]
    column = _column(sizes)
    return tuple(
        Row(_mark(step), _full_step(step, speech, column), rows_of(step.below, speech))
        for step in steps
    )


def _progress(steps: tuple[Step, ...], speech: Speech) -> tuple[Row, ...]:
    """What there is to reach or to keep, as rows."""
    rows = rows_of(steps, speech)
    return tuple(
        replace(row, mark=AHEAD) if step.role == "condition" and step.verdict != "true" else row
        for row, step in zip(rows, steps, strict=True)
    )


def _full_step(step: Step, speech: Speech, column: int) -> Line:
    code: Line = (("code", f"  [{step.code}]"),) if step.code else ()
    return (*_step(step, speech, column), *code)


def _column(sizes: Iterable[int], most: int = ALIGNED) -> int:
    """Where values begin behind names of these widths; the longest names stand on their own."""
    return max((size for size in sizes if size <= most), default=0)


def _mark(step: Step) -> Segment:
    mark = captions.mark_of(step)
    return MARK_STYLES[mark], f"{mark} "


def _step(step: Step, speech: Speech, column: int) -> Line:
    """What a step says: its text, its value, and what is worth saying beside it."""
    made: list[Segment] = []
    text = speech.of(step.text)
    if step.role == "fact" and step.value is not None:
        made += [("fact", f"{padded(text, column)}  "), ("value", _value(step, speech))]
    else:
        made.append(("decisive" if step.decisive else "", text))
        if step.value is not None:
            made += [("quiet", " = "), ("value", _value(step, speech))]
    for remark in captions.remarks_of(step):
        made.append(("quiet", f" · {speech.of(remark)}"))
    return tuple(made)


def _value(step: Step, speech: Speech) -> str:
    return "" if step.value is None else step.value.spoken(speech)


def _changes(changes: Changes, speech: Speech) -> tuple[Row, ...]:
    """Changes as rows: what, from what to what, how much that is, and what comes of it."""
    if not changes.found:
        said = speech.of(captions.none_found(changes))
        none = Row(("quiet", "· "), (("", said),))
        return (none, *(_both(both, speech) for both in changes.together))
    return tuple(
        Row(mark, (*text, ("change", f"  ⇒ {speech.of(change.result)}")))
        for change, (mark, text) in zip(changes.found, _moves(changes.found, speech), strict=True)
    )


def _both(both: tuple[Change, Change], speech: Speech) -> Row:
    """Two changes below what comes of them together."""
    result: Line = (
        ("", speech.of(captions.BOTH)),
        ("change", f"  ⇒ {speech.of(both[0].result)}"),
    )
    return Row(CHANGED, result, tuple(Row(*each) for each in _moves(both, speech)))


def _moves(changes: tuple[Change, ...], speech: Speech) -> Iterator[tuple[Segment, Line]]:
    """What changes, from what to what, and how much that is."""
    names = [called(*captions.figure_of(each, speech)) for each in changes]
    column = _column(map(width, names))
    for name, change in zip(names, changes, strict=True):
        more = [captions.difference(change, speech), captions.ending(change, speech)]
        yield (
            CHANGED,
            (
                ("fact", f"{padded(name, column)}  "),
                ("quiet", f"{change.before.spoken(speech)} → "),
                ("value", speech.of(captions.needed(change))),
                *(("quiet", f" · {said}") for said in more if said),
            ),
        )
