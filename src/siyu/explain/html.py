"""An explanation as one page that needs nothing else: no network, no script, its style inside.

What is deep is folded, what is printed fits a sheet of A4 where one outcome is explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from siyu.explain import captions
from siyu.explain.captions import called
from siyu.explain.html_parts import Html, classes, element, joined, quoted
from siyu.explain.html_source import NO_SOURCES, Sources, excerpt
from siyu.explain.html_steps import bars, strip, tree
from siyu.explain.model import Change, Changes, Explanation, Outcome, Step
from siyu.words import Said, Speech, Words, say

STYLE = Path(__file__).resolve().parent / "page.css"
TONGUES = {"en": "en", "zh": "zh-Hans"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser may do with the page, whatever stands in it: nothing but draw it."""

CUSTOMER, MOMENT, EVENT = say("Customer"), say("Moment"), say("Event")
FIGURE, NOW, NEEDED, DIFFERENCE, THEN = (
    say("Figure"), say("Now"), say("Needed"), say("Difference"), say("Then"),
)  # fmt: skip
STAGES = say("Stage by stage")
TRUE, FALSE, UNKNOWN = say("true"), say("false"), say("unknown")
STOPS, FREE, CUTS = say("stopped it"), say("did not stop it"), say("cut it")


def html_of(explanation: Explanation, speech: Speech, sources: Sources = NO_SOURCES) -> str:
    """The explanation as a page in a language; `sources` are the policy's files by name."""
    policy = called(explanation.policy_label, explanation.policy)
    alone = len(explanation.outcomes) == 1
    title = f"{policy} · {speech.of(captions.about(explanation))}"
    head = element(
        "head",
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", title),
        element("style", _style()),
    )
    cards = (_card(each, explanation, speech, sources, alone) for each in explanation.outcomes)
    main = element(
        "main",
        _header(explanation, speech),
        joined(*cards) if alone else element("div", *cards, class_="list"),
        _legend(speech),
    )
    page = element("html", head, element("body", main), lang=TONGUES[speech.tongue])
    return f"<!doctype html>\n{page}\n"


@cache
def _style() -> Html:
    return Html(STYLE.read_text(encoding="utf-8"))


def _header(explanation: Explanation, speech: Speech) -> Html:
    question = captions.WHY_NOT if explanation.question == "why_not" else captions.WHY
    facts: list[tuple[Words, str]] = [(CUSTOMER, explanation.customer)]
    if explanation.event:
        facts.append((EVENT, explanation.event))
    facts.append((MOMENT, captions.moment(explanation).spoken(speech)))
    about = (
        element("div", element("dt", speech.of(name)), element("dd", value))
        for name, value in facts
    )
    return element(
        "header",
        element("p", speech.of(question), class_="question"),
        element("h1", *_named(explanation.policy_label, explanation.policy)),
        element("dl", *about),
        class_="page",
    )


def _named(label: str, name: str) -> tuple[Html | str, ...]:
    if not name or label in ("", name):
        return (label or name,)
    return label, " ", element("code", name)


# ---------------------------------------------------------------- an outcome


def _card(
    outcome: Outcome, explanation: Explanation, speech: Speech, sources: Sources, alone: bool
) -> Html:
    """All of one outcome; where there are others it is a line that opens."""
    quotes = joined(*(element("blockquote", captions.quote(each)) for each in outcome.because))
    depth = _depth(outcome, explanation.question == "why_not", speech, sources)
    if alone:
        inside = joined(_opening(outcome, speech), quotes, depth)
    elif quotes or depth:
        inside = element("details", element("summary", *_line(outcome, speech)), quotes, depth)
    else:
        inside = element("div", *_line(outcome, speech), class_="line")
    return element("article", inside, id=_anchor(outcome), class_="card")


def _depth(outcome: Outcome, why_not: bool, speech: Speech, sources: Sources) -> Html:
    """Everything below the name of an outcome and what was decided."""
    progress = bars(outcome.progress, speech) if outcome.progress else None
    return joined(
        *(_reasons(heading, steps, outcome, speech)
          for heading, steps in captions.reasons(outcome, why_not)),
        _section(captions.PROGRESS, progress, speech),
        _section(captions.CHANGES, _changes(outcome.changes, speech), speech),
        excerpt(outcome, sources, speech),
    )  # fmt: skip


def _opening(outcome: Outcome, speech: Speech) -> Html:
    badge = None if captions.is_figure(outcome) else _badge(outcome, speech)
    return joined(
        element("div", _name(outcome, speech), badge, class_="top"),
        element("p", *quoted(speech.of(outcome.headline)), class_="headline"),
    )


def _line(outcome: Outcome, speech: Speech) -> tuple[Html, ...]:
    mark = captions.MARKS[outcome.status]
    return (
        element("span", mark, class_=classes("mark", outcome.status)),
        _name(outcome, speech),
        element("p", *quoted(speech.of(outcome.headline)), class_="headline"),
    )


def _name(outcome: Outcome, speech: Speech) -> Html:
    kind = element("small", speech.of(captions.kind_words(outcome.kind)))
    return element("h2", *_named(outcome.label, outcome.name), " ", kind)


def _anchor(outcome: Outcome) -> str:
    """What links call an outcome; a name in backticks may hold blanks."""
    return "-".join(outcome.name.split())


def _badge(outcome: Outcome, speech: Speech) -> Html:
    words = f"{captions.MARKS[outcome.status]} {speech.of(captions.status_words(outcome))}"
    return element("span", words, class_=classes("badge", outcome.status))


def _section(heading: Said, body: Html | None, speech: Speech) -> Html | None:
    if body is None:
        return None
    return element("section", element("h3", speech.of(heading)), body)


def _reasons(
    heading: Said, steps: tuple[Step, ...], outcome: Outcome, speech: Speech
) -> Html | None:
    if not steps:
        return None
    if steps is not outcome.chain:
        return _section(heading, tree(steps, speech), speech)
    return _section(heading, joined(strip(steps, speech), _in_depth(outcome, speech)), speech)


def _in_depth(outcome: Outcome, speech: Speech) -> Html | None:
    """What the stages rest on, folded where none of them stopped anything."""
    deep = tuple(step for step in outcome.chain if step.below)
    if not deep:
        return None
    heading = element("summary", speech.of(STAGES))
    return element(
        "details", heading, tree(deep, speech), class_="stages", open=outcome.status == "stopped"
    )


# ---------------------------------------------------------------- changes


def _changes(changes: Changes | None, speech: Speech) -> Html | None:
    if changes is None or not captions.were_sought(changes):
        return None
    if changes.found:
        return _table((_change(each, speech) for each in changes.found), speech)
    said = speech.of(captions.none_found(changes))
    none = element("p", said, class_="none")
    if not changes.together:
        return none
    rows = (row for both in changes.together for row in _both(both, speech))
    return element("div", none, _table(rows, speech))


def _table(rows: Iterable[Html], speech: Speech) -> Html:
    heads = (element("th", speech.of(each), scope="col")
             for each in (FIGURE, NOW, NEEDED, DIFFERENCE, THEN))  # fmt: skip
    return element(
        "table", element("thead", element("tr", *heads)), element("tbody", *rows), class_="changes"
    )


def _both(both: tuple[Change, Change], speech: Speech) -> Iterator[Html]:
    """Two rows with what comes of both beside them."""
    one, other = both
    yield _change(one, speech, speech.of(captions.BOTH))
    yield element("tr", *_move(other, speech))


def _change(change: Change, speech: Speech, both: str = "") -> Html:
    """A row of the table; what comes of it stands beside two rows where it takes both."""
    by = captions.ending(change, speech)
    then = element(
        "td",
        speech.of(change.result),
        *(element("small", said) for said in (both, by) if said),
        rowspan="2" if both else False,
    )
    return element("tr", *_move(change, speech), then)


def _move(change: Change, speech: Speech) -> tuple[Html, ...]:
    return (
        element("th", *_named(*captions.figure_of(change, speech)), scope="row"),
        element("td", change.before.spoken(speech), class_="number"),
        element("td", speech.of(captions.needed(change)), class_="number needed"),
        element("td", captions.difference(change, speech), class_="number"),
    )


# ---------------------------------------------------------------- what the marks mean


def _legend(speech: Speech) -> Html:
    meanings = (
        ("✓", "true", TRUE), ("✗", "false", FALSE), ("?", "unknown", UNKNOWN),
        ("■", "stopped", STOPS), ("○", "free", FREE), ("▼", "cut", CUTS),
    )  # fmt: skip
    shown = (
        element("span", element("span", mark, class_=f"mark {style}"), " ", speech.of(words))
        for mark, style, words in meanings
    )
    return element("footer", *shown)
