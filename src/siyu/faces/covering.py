"""Telling what tests cover: for people, for machines, as a page; and the tests they lack."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siyu.faces.options import fail
from siyu.faces.speaking import current, told
from siyu.text import harmless, width
from siyu.words import Words, of_system, say, say_n

if TYPE_CHECKING:
    from siyu.faces.render import Paint
    from siyu.faces.tested import Tested
    from siyu.testing.coverage.model import (
        ConditionCoverage,
        Coverage,
        RuleCoverage,
        Shown,
    )
    from siyu.text import Source, Span

COVERAGE = click.option(
    "--coverage",
    is_flag=True,
    help="Tell which rules and conditions the tests show, and which not.",
)
COVERAGE_HTML = click.option(
    "--coverage-html",
    metavar="FILE",
    help="Write the coverage as a page, beside the text of the policies.",
)
FAIL_UNDER = click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit 1 where less than this is covered: of all that can be shown of rules and "
    "conditions (true, false, unknown, deciding alone), what some test shows.",
)

SUGGEST = click.option(
    "--suggest",
    is_flag=True,
    help="Write the tests that are missing, ready to paste, with what comes of them for a person "
    "to confirm, instead of running the tests that are there.",
)
RULES = click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="NAME",
    help="With --suggest: only tests for this declaration; may be given several times.",
)
OUTPUT = click.option(
    "-o", "--output", metavar="FILE", help="With --suggest: write the tests to a new file."
)


def covering(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that tells what tests cover."""
    for option in (OUTPUT, RULES, SUGGEST, FAIL_UNDER, COVERAGE_HTML, COVERAGE):
        command = option(command)
    return command


SHOWN, MISSING, NEVER, NONE = "✓", "✗", "–", " "
WIDEST = 56


@dataclass(frozen=True, slots=True)
class Covered:
    """One policy's coverage, its path and its sources by the names in spans."""

    path: str
    coverage: Coverage
    sources: Mapping[str, Source]


def measured(tested: Sequence[Tested]) -> list[Covered]:
    """The coverage of every policy that could be loaded, by those of its tests that were run."""
    from siyu.testing.coverage.measure import measure

    found = []
    for each in tested:
        if each.policy is None:
            continue
        run = {result.name for result in each.results}
        failed = {result.name for result in each.results if not result.passed}
        tests = [case for case in each.policy.tests if case.title in run]
        found.append(Covered(each.path, measure(each.policy, tests, failed), each.sources))
    return found


def write_page(covered: Sequence[Covered], name: str, form: str) -> None:
    """Writes the page, or fails."""
    write_text(page(covered), name, form)


def write_text(text: str, name: str, form: str) -> None:
    """Writes a file as a whole, or fails."""
    from siyu.faces.outputs import Outputs

    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with Outputs() as outputs:
            outputs.open(path).write(text.encode())
            outputs.keep()
    except OSError as error:
        why = of_system(error)
        fail(say("`{path}` cannot be written: {why}", path=name, why=why), "", form)


def tell_coverage(covered: Sequence[Covered]) -> None:
    """All tables, for people."""
    from siyu.faces.render import paint_for
    from siyu.testing.coverage.words import plain_percent

    paint = paint_for(sys.stdout)
    for each in covered:
        click.echo()
        for line in coverage_lines(each, paint):
            click.echo(line, color=True)
    if len(covered) > 1:
        click.echo()
        said = say("all policies together: {percent} %", percent=plain_percent(overall(covered)))
        click.echo(paint("head", told(said)), color=True)


def coverage_document(covered: Sequence[Covered]) -> dict[str, object]:
    """All coverage as JSON."""
    return {"percent": overall(covered), "policies": [coverage_entry(each) for each in covered]}


def overall(covered: Sequence[Covered]) -> float:
    """The percentage over several policies: each goal counts alike."""
    from siyu.testing.coverage.model import share

    met = sum(each.coverage.met for each in covered)
    return share(met, sum(len(each.coverage.counted) for each in covered))


def too_little(covered: Sequence[Covered], least: float | None) -> Words | None:
    """Why the coverage is not enough, or None where it is."""
    from siyu.testing.coverage.words import plain_percent

    percent = overall(covered)
    if least is None or percent >= least:
        return None
    return say(
        "the tests cover {percent} %, less than the {least} % that are asked for",
        percent=plain_percent(percent), least=plain_percent(least),
    )  # fmt: skip


def page(covered: Sequence[Covered]) -> str:
    """The coverage as a page of its own."""
    from siyu.testing.coverage.report import report

    return report([(each.coverage, each.sources) for each in covered], current())


# ---------------------------------------------------------------- for people


def coverage_lines(covered: Covered, paint: Paint) -> Iterator[str]:
    """Rule by rule what is shown, and of each condition that lacks something what it lacks."""
    from siyu.testing.coverage.words import progress

    coverage = covered.coverage
    shown = progress(coverage.met, len(coverage.counted), coverage.percent)
    said = say("coverage of `{policy}`: {shown}", policy=coverage.policy, shown=told(shown))
    yield paint("head", told(said))
    yield ""
    names = [harmless(_name(rule)) for rule in coverage.rules]
    room = max((width(name) for name in names), default=0)
    for rule, name in zip(coverage.rules, names, strict=True):
        yield _rule_line(rule, name, room, paint)
    lacking = [rule for rule in coverage.rules if any(_lacks(s) for s in rule.everything)]
    if lacking:
        yield from _lacking_lines(lacking, covered, paint)
    for title in coverage.left_out:
        yield told(say("test `{title}` fails, and shows nothing", title=harmless(title)))


def _name(rule: RuleCoverage) -> str:
    return rule.name if rule.label in ("", rule.name) else f"{rule.name} {rule.label}"


def _rule_line(rule: RuleCoverage, name: str, room: int, paint: Paint) -> str:
    from siyu.testing.coverage.model import share
    from siyu.testing.coverage.words import plain_percent

    counted = [shown for shown in rule.everything if shown.counts]
    met = sum(shown.met for shown in counted)
    percent = share(met, len(counted))
    role = "note" if met == len(counted) else "warning" if met else "error"
    bar = paint(role, "█" * round(percent / 10)) + "░" * (10 - round(percent / 10))
    tests = told(say_n("1 test", "{count} tests", len(rule.tests)))
    figures = f"{met:>4}/{len(counted):<4}{plain_percent(percent):>5} %"
    return f"  {_padded(name, room)}  {bar} {figures}  {tests}"


def _lacks(shown: Shown) -> bool:
    return shown.counts and not shown.met


def _lacking_lines(rules: Sequence[RuleCoverage], covered: Covered, paint: Paint) -> Iterator[str]:
    from siyu.testing.coverage.model import CONDITION_AIMS
    from siyu.testing.coverage.words import HEADS

    heads = [told(HEADS[aim]) for aim in CONDITION_AIMS]
    yield ""
    key = say("{yes} shown, {no} not shown, {never} cannot be shown", yes=SHOWN, no=MISSING,
              never=NEVER)  # fmt: skip
    yield f"{paint('head', told(say('What no test shows')))}  {told(key)}"
    for rule in rules:
        yield ""
        at = _at(rule.span, covered)
        yield f"{paint('head', harmless(_name(rule)))}  {at}".rstrip()
        if missing := [shown for shown in rule.shown if _lacks(shown)]:
            yield f"  {_listed(missing)}"
        rows = [c for c in rule.conditions if any(_lacks(shown) for shown in c.shown)]
        yield from _matrix(rows, rule.span.file, heads, covered)


def _listed(missing: Sequence[Shown]) -> str:
    from siyu.testing.coverage.words import of_goal

    between = "，" if current().tongue == "zh" else ", "
    listed = between.join(told(of_goal(shown.goal)) for shown in missing)
    return told(say("not shown: {listed}", listed=listed))


def _matrix(
    rows: Sequence[ConditionCoverage], file: str, heads: Sequence[str], covered: Covered
) -> Iterator[str]:
    from siyu.testing.coverage.model import CONDITION_AIMS
    from siyu.testing.coverage.words import by_aim

    if not rows:
        return
    places = [_line(row.span, file, covered) for row in rows]
    left = max(map(width, places))
    labels = [
        f"{' ' * (left - width(place))}{place}  {_text(row, covered)}"
        for row, place in zip(rows, places, strict=True)
    ]
    room = max(width(label) for label in labels)
    yield f"  {' ' * room}  {'  '.join(heads)}"
    for row, label in zip(rows, labels, strict=True):
        found = by_aim(row.shown)
        cells = [
            _padded(_mark(found.get(aim)), width(head))
            for aim, head in zip(CONDITION_AIMS, heads, strict=True)
        ]
        yield f"  {_padded(label, room)}  {'  '.join(cells)}".rstrip()
        reasons = dict.fromkeys(s.unreachable for s in row.shown if s.unreachable and not s.met)
        yield from (f"  {' ' * room}  {NEVER} {told(reason)}" for reason in reasons)


def _mark(shown: Shown | None) -> str:
    if shown is None:
        return NONE
    return SHOWN if shown.met else MISSING if shown.counts else NEVER


def _at(span: Span, covered: Covered) -> str:
    source = covered.sources.get(span.file)
    return f"{harmless(source.name)}:{source.place(span.start).line}" if source else ""


def _line(span: Span, file: str, covered: Covered) -> str:
    """The line of a place; the file too where it is another one."""
    at = _at(span, covered)
    return at.rpartition(":")[2] if span.file == file else at


def _text(condition: ConditionCoverage, covered: Covered) -> str:
    """The condition as written, cut where it is long; else its code."""
    span = condition.span
    source = covered.sources.get(span.file)
    text = " ".join(source.text[span.start : span.end].split()) if source else ""
    text = harmless(text or condition.code)
    while width(text) > WIDEST:
        text = text[:-2].rstrip() + "…" if text.endswith("…") else text[:-1] + "…"
    return text


def _padded(text: str, room: int) -> str:
    return text + " " * (room - width(text))


# ---------------------------------------------------------------- for machines


def coverage_entry(covered: Covered) -> dict[str, object]:
    """The coverage of one policy as a JSON object: `percent`, `shown` of `goals`, and `rules` with
    what is shown of each and of its conditions, by which tests."""
    coverage = covered.coverage
    return {
        "path": covered.path,
        "policy": coverage.policy,
        "percent": coverage.percent,
        "shown": coverage.met,
        "goals": len(coverage.counted),
        "tests_left_out": list(coverage.left_out),
        "rules": [_rule_entry(rule, covered) for rule in coverage.rules],
    }


def _rule_entry(rule: RuleCoverage, covered: Covered) -> dict[str, object]:
    from siyu.faces.render import where

    return {
        "name": rule.name,
        "kind": rule.kind,
        "label": rule.label,
        **where(rule.span, covered.sources),
        "goals": [_goal_entry(shown) for shown in rule.shown],
        "conditions": [
            {
                "code": condition.code,
                "text": _text(condition, covered),
                **where(condition.span, covered.sources),
                "goals": [_goal_entry(shown) for shown in condition.shown],
            }
            for condition in rule.conditions
        ],
    }


def _goal_entry(shown: Shown) -> dict[str, object]:
    reason = shown.unreachable
    return {
        "aim": shown.goal.aim,
        "code": shown.goal.code,
        "tests": list(shown.tests),
        "unreachable": None if reason is None or shown.met else told(reason),
    }
