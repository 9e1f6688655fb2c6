"""Test results as JUnit XML, in the form that CI servers read.

A test is one test case, whatever evaluators it ran on; a policy that cannot be run is a test case
with an error. The same results give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from siyu.testing.result import Difference, Failure, TestResult
from siyu.text import Source, Span
from siyu.words import Said, Speech, Words, say

# What XML 1.0 has no way to say.
_UNSAID = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NOTHING = say("nothing")


@dataclass(frozen=True, slots=True)
class Suite:
    """One policy: its results, its sources by the names in spans, and why it could not be run."""

    name: str
    results: tuple[TestResult, ...]
    sources: Mapping[str, Source]
    problems: tuple[str, ...] = ()


def junit(suites: Sequence[Suite], speech: Speech) -> bytes:
    """The whole report, in a language."""
    root = Xml.Element("testsuites", {"name": "siyu test"})
    for suite in suites:
        root.append(_suite(suite, speech))
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(each.get(count, "0")) for each in root)))
    root.set("time", _seconds(sum(float(each.get("time", "0")) for each in root)))
    Xml.indent(root)
    text: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _suite(suite: Suite, speech: Speech) -> Xml.Element:
    tests = list(_by_test(suite.results))
    made = Xml.Element("testsuite", {"name": _said(suite.name)})
    made.set("tests", str(len(tests) + bool(suite.problems)))
    made.set("failures", str(sum(any(not r.passed for r in test) for test in tests)))
    made.set("errors", str(int(bool(suite.problems))))
    made.set("skipped", "0")
    made.set("time", _seconds(sum(result.seconds for result in suite.results)))
    for test in tests:
        made.append(_case(suite, test, speech))
    if suite.problems:
        name = speech.of(say("the policy can be run"))
        case = Xml.SubElement(
            made, "testcase", {"classname": _said(suite.name), "name": name, "time": "0.000000"}
        )
        first = _said(suite.problems[0])
        error = Xml.SubElement(case, "error", {"message": first, "type": "policy"})
        error.text = _said("\n".join(suite.problems))
    return made


def _by_test(results: Sequence[TestResult]) -> Iterator[list[TestResult]]:
    """The results of each test on all evaluators."""
    found: dict[tuple[str, Span], list[TestResult]] = {}
    for number, result in enumerate(results):
        # A file that is used twice has its tests twice: the reference's result begins each.
        if result.evaluator == "reference":
            found[str(number), result.span] = [result]
        else:
            found[next(reversed(found))].append(result)
    yield from found.values()


def _case(suite: Suite, test: list[TestResult], speech: Speech) -> Xml.Element:
    first = test[0]
    case = Xml.Element("testcase", {"classname": _said(suite.name), "name": _said(first.name)})
    source = suite.sources.get(first.span.file)
    if source is not None:
        case.set("file", _said(source.name))
        case.set("line", str(source.place(first.span.start).line))
    case.set("time", _seconds(sum(result.seconds for result in test)))
    told: dict[tuple[Failure, ...], list[str]] = {}
    for result in test:
        if not result.passed:
            told.setdefault(result.failures, []).append(result.evaluator)
    if told:
        lines = [line for failures in told for line in _lines(failures, suite, speech)]
        if len(told) > 1 or len(next(iter(told.values()))) < len(test):
            lines.insert(0, speech.of(say("the evaluators do not agree: {ways}", ways=_ways(told))))
        failure = Xml.SubElement(case, "failure", {"message": _said(lines[0]), "type": "expect"})
        failure.text = _said("\n".join(lines))
    return case


def _ways(told: Mapping[tuple[Failure, ...], Sequence[str]]) -> str:
    return ", ".join(name for names in told.values() for name in names)


def _lines(failures: Sequence[Failure], suite: Suite, speech: Speech) -> Iterator[str]:
    for failure in failures:
        source = suite.sources.get(failure.span.file)
        yield speech.of(_headline(failure, source))
        for value in failure.values:
            text = "" if source is None else _written(value.span, source)
            yield f"    {text} = {speech.of(value.text)}"
        for difference in failure.differences:
            yield f"    {speech.of(told_difference(difference))}"


def _headline(failure: Failure, source: Source | None) -> Words:
    if source is None:
        return failure.text
    place = source.place(failure.span.start)
    return say(
        "{place}: `{written}`: {problem}",
        place=f"{source.name}:{place.line}",
        written=_written(failure.span, source),
        problem=failure.text,
    )


def told_difference(difference: Difference) -> Said:
    """Where a decision is another than expected, in one line."""
    return say(
        "{path}: expected {expected}, found {found}",
        path=difference.path,
        expected=NOTHING if difference.expected is None else difference.expected,
        found=NOTHING if difference.found is None else difference.found,
    )


def _written(span: Span, source: Source) -> str:
    return " ".join(source.text[span.start : span.end].split())


def _seconds(value: float) -> str:
    return f"{value:.6f}"


def _said(text: str) -> str:
    return _UNSAID.sub("\N{REPLACEMENT CHARACTER}", text)
