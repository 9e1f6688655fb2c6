"""Coverage as one page that needs nothing else, beside the text of the policy.

Every character of the text belongs to the smallest condition around it and has its colour; what
was shown of the condition, and by which tests, is told where one points at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from siyu.explain.html import POLICY, STYLE, TONGUES
from siyu.explain.html_parts import Html, classes, element
from siyu.testing.coverage.model import ConditionCoverage, Coverage, RuleCoverage, Shown, share
from siyu.testing.coverage.words import of_goal, plain_percent, progress
from siyu.text import Source
from siyu.words import Said, Speech, say, say_n

OWN_STYLE = Path(__file__).resolve().parent / "report.css"
Sources = Mapping[str, Source]

MOST_TITLES = 3
HEADING = say("Test coverage")
STATES: dict[str, Said] = {
    "all": say("all shown"),
    "some": say("partly shown"),
    "none": say("not shown"),
    "never": say("cannot be shown"),
}
NOT_SHOWN = say("no test shows this")


def report(coverages: Sequence[tuple[Coverage, Sources]], speech: Speech) -> str:
    """A page about one policy or several; sources are theirs, by the names in spans."""
    names = "、" if speech.tongue == "zh" else ", "
    title = f"{speech.of(HEADING)} · {names.join(each.policy for each, _ in coverages)}"
    head = element(
        "head",
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", title),
        element("style", _style()),
    )
    parts = (
        part
        for n, (coverage, sources) in enumerate(coverages, 1)
        for part in _policy(n, coverage, sources, speech)
    )
    page = element("html", head, element("body", element("main", *parts)),
                   lang=TONGUES[speech.tongue])  # fmt: skip
    return f"<!doctype html>\n{page}\n"


@cache
def _style() -> Html:
    return Html(STYLE.read_text(encoding="utf-8") + OWN_STYLE.read_text(encoding="utf-8"))


def _policy(number: int, coverage: Coverage, sources: Sources, speech: Speech) -> Iterator[Html]:
    shown = progress(coverage.met, len(coverage.counted), coverage.percent)
    tests = {title for rule in coverage.rules for title in rule.tests}
    told = say_n("1 test", "{count} tests", len(tests))
    yield element(
        "header",
        element("p", speech.of(HEADING), class_="question"),
        element("h1", coverage.policy),
        element("div", element("p", speech.of(say("{shown}, by {tests}", shown=shown, tests=told))),
                _meter(coverage.percent), class_="overall"),
        _left_out(coverage, speech),
        class_="page",
    )  # fmt: skip
    if number == 1:
        yield _keys(speech)
    files = dict.fromkeys(
        condition.span.file for rule in coverage.rules for condition in rule.conditions
    )
    texts = [
        _text(number, file, sources[file], coverage, speech) for file in files if file in sources
    ]
    rules = [_rule(number, rule, sources, speech) for rule in coverage.rules]
    yield element("div", element("div", *texts), element("div", *rules), class_="beside")


def _left_out(coverage: Coverage, speech: Speech) -> Html | None:
    if not coverage.left_out:
        return None
    said = say_n("one test fails, and shows nothing: {titles}",
                 "{count} tests fail, and show nothing: {titles}",
                 len(coverage.left_out), titles=coverage.left_out)  # fmt: skip
    return element("p", speech.of(said), class_="note")


def _meter(percent: float) -> Html:
    return element("div", Html(f'<span style="width:{percent}%"></span>'), class_="meter")


def _keys(speech: Speech) -> Html:
    shown = (
        element("span", element("mark", speech.of(said), class_=state))
        for state, said in STATES.items()
    )
    return element("p", *shown, class_="keys")


# ---------------------------------------------------------------- the text


def state_of(shown: Sequence[Shown]) -> str:
    """Whether all of what can be shown is, some, or nothing; or whether nothing can."""
    counted = [each for each in shown if each.counts]
    met = sum(each.met for each in counted)
    if not counted:
        return "never"
    return "all" if met == len(counted) else "some" if met else "none"


def _text(number: int, file: str, source: Source, coverage: Coverage, speech: Speech) -> Html:
    placed = [
        condition
        for rule in coverage.rules
        for condition in rule.conditions
        if condition.span.file == file and condition.span.end > condition.span.start
    ]
    count = len(source.line_starts)
    lines = [_line(number, source, line, placed, speech) for line in range(1, count + 1)]
    return element("div", element("h3", element("code", source.name)),
                   element("pre", *lines, class_="source"), class_="card text")  # fmt: skip


def _line(
    number: int, source: Source, line: int, placed: list[ConditionCoverage], speech: Speech
) -> Html:
    text = source.line(line)
    begin = source.line_starts[line - 1]
    near = [c for c in placed if c.span.start < begin + len(text) and c.span.end > begin]
    owners = [_owner(begin + index, near) for index in range(len(text))]
    pieces: list[Html | str] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or owners[index] is not owners[start]:
            pieces.append(_marked(text[start:index], owners[start], speech))
            start = index
    gutter = element("span", str(line), class_="number")
    return element("span", gutter, *pieces, Html("&#8203;") if not text else None, class_="line",
                   id=f"p{number}-{source.name}-{line}")  # fmt: skip


def _owner(offset: int, placed: list[ConditionCoverage]) -> ConditionCoverage | None:
    around = [c for c in placed if c.span.start <= offset < c.span.end]
    return min(around, key=lambda each: each.span.end - each.span.start, default=None)


def _marked(text: str, condition: ConditionCoverage | None, speech: Speech) -> Html | str:
    if condition is None or not text.strip():
        return text
    tip = element("span", element("code", condition.code), _goals(condition.shown, speech),
                  class_="tip")  # fmt: skip
    return element("mark", text, tip, class_=state_of(condition.shown), tabindex="0")


# ---------------------------------------------------------------- the rules


def _rule(number: int, rule: RuleCoverage, sources: Sources, speech: Speech) -> Html:
    everything = tuple(rule.everything)
    counted = [each for each in everything if each.counts]
    met = sum(each.met for each in counted)
    percent = share(met, len(counted))
    state = state_of(everything)
    head = element(
        "summary",
        element("div", _heading(rule),
                element("span", f"{plain_percent(percent)} %", class_=classes("badge", state)),
                class_="top"),
    )  # fmt: skip
    conditions = (_condition(number, each, sources, speech) for each in rule.conditions)
    return element("details", head, _goals(rule.shown, speech), *conditions,
                   class_="card fold rule", open=state in ("some", "none"))  # fmt: skip


def _heading(rule: RuleCoverage) -> Html:
    if rule.label in ("", rule.name):
        return element("h2", element("code", rule.name))
    return element("h2", f"{rule.label} ", element("code", rule.name))


def _coded(text: str) -> Iterator[Html | str]:
    """A text with what stands in backticks as code."""
    for n, piece in enumerate(text.split("`")):
        yield element("code", piece) if n % 2 else piece


def _condition(number: int, condition: ConditionCoverage, sources: Sources, speech: Speech) -> Html:
    source = sources.get(condition.span.file)
    text = condition.code
    place: Html | None = None
    if source is not None and condition.span.end > condition.span.start:
        line = source.place(condition.span.start).line
        text = " ".join(source.text[condition.span.start : condition.span.end].split())
        at = f"{source.name}:{line}"
        place = element("a", element("code", at), href=f"#p{number}-{source.name}-{line}")
    return element("div", element("code", text), " ", place, _goals(condition.shown, speech),
                   class_="condition")  # fmt: skip


def _goals(shown: Sequence[Shown], speech: Speech) -> Html | None:
    cells = [cell for each in shown for cell in _goal(each, speech)]
    return element("span", *cells, class_="goals") if cells else None


def _titles(titles: Sequence[str], speech: Speech) -> str:
    """The first tests that show something, and how many more."""
    between = "；" if speech.tongue == "zh" else "; "
    listed = between.join(titles[:MOST_TITLES])
    more = len(titles) - MOST_TITLES
    return (
        listed
        if more <= 0
        else speech.of(say("{titles}; and {more} more", titles=listed, more=more))
    )


def _goal(shown: Shown, speech: Speech) -> Iterator[Html]:
    if shown.met:
        mark, name, by = "✓", "yes", _titles(shown.tests, speech)
    elif shown.unreachable is not None:
        mark, name, by = "–", "never", speech.of(shown.unreachable)
    else:
        mark, name, by = "✗", "not", speech.of(NOT_SHOWN)
    yield element("span", mark, class_=name)
    yield element("span", *_coded(speech.of(of_goal(shown.goal))))
    yield element("span", by, class_="by")
